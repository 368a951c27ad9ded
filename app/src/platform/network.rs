//! The relay over HTTP, and the live connection over a WebSocket.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, BinaryType, Headers, MessageEvent, ReadableStreamDefaultReader, RequestInit, Response, WebSocket,
};

/// How long a question may be without any byte, in milliseconds; what still moves is never cut off.
const STALL: u32 = 60_000;
/// The largest answer read: far above a page of the relay's log, far below what would hurt a cheap phone.
const ANSWER_BYTES: usize = 4 << 20;

/// Returns the relay's address as links begin with it.
pub fn origin() -> String {
    // An address without an origin gives links that are whole but for their beginning.
    window().location().origin().unwrap_or_default()
}

/// What the relay answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The whole body.
    pub body: Vec<u8>,
}

/// Asks the relay; nothing means that no whole answer came.
pub async fn post(path: &str, token: Option<&str>, body: &[u8]) -> Option<Answer> {
    let mut patience = Patience::new()?;
    let response = patience.response(path, token, body).await.ok()?;
    let body = patience.body(&response).await.ok().flatten()?;
    Some(Answer { status: response.status(), body })
}

/// Ends a question that has come to a standstill.
struct Patience {
    controller: AbortController,
    _timer: Timeout,
}

impl Patience {
    fn new() -> Option<Self> {
        let controller = AbortController::new().ok()?;
        let timer = Self::timer(&controller);
        Some(Self { controller, _timer: timer })
    }

    fn timer(controller: &AbortController) -> Timeout {
        let controller = controller.clone();
        Timeout::new(STALL, move || controller.abort())
    }

    fn renew(&mut self) {
        self._timer = Self::timer(&self.controller);
    }

    async fn response(&mut self, path: &str, token: Option<&str>, body: &[u8]) -> Result<Response, JsValue> {
        let headers = Headers::new()?;
        headers.set("Content-Type", "application/octet-stream")?;
        if let Some(token) = token {
            headers.set("Authorization", &format!("Bearer {token}"))?;
        }
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_headers(&headers);
        init.set_body(&Uint8Array::from(body));
        init.set_signal(Some(&self.controller.signal()));
        let response = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await?;
        self.renew();
        response.dyn_into()
    }

    async fn body(&mut self, response: &Response) -> Result<Option<Vec<u8>>, JsValue> {
        let mut body = Vec::new();
        let Some(stream) = response.body() else { return Ok(Some(body)) };
        let reader = ReadableStreamDefaultReader::new(&stream)?;
        loop {
            let read = JsFuture::from(reader.read()).await?;
            self.renew();
            if Reflect::get(&read, &"done".into())?.is_truthy() {
                return Ok(Some(body));
            }
            body.extend(Uint8Array::new(&Reflect::get(&read, &"value".into())?).to_vec());
            if body.len() > ANSWER_BYTES {
                self.controller.abort();
                return Ok(None);
            }
        }
    }
}

/// What happened on the live connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiveEvent {
    /// It stands.
    Opened,
    /// A message came.
    Message(Vec<u8>),
    /// It ended.
    Closed,
}

/// The live connection; dropping it closes it without a further report.
#[derive(Debug)]
pub struct Live {
    socket: WebSocket,
    _opened: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut()>,
}

impl Live {
    /// Opens the connection; nothing means that the browser will not even try.
    pub fn open(report: Rc<dyn Fn(LiveEvent)>) -> Option<Self> {
        let location = window().location();
        let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
        let socket = WebSocket::new(&format!("{scheme}://{}/live", location.host().ok()?)).ok()?;
        socket.set_binary_type(BinaryType::Arraybuffer);

        let opened = Closure::<dyn FnMut()>::new({
            let report = Rc::clone(&report);
            move || report(LiveEvent::Opened)
        });
        let message = Closure::<dyn FnMut(MessageEvent)>::new({
            let report = Rc::clone(&report);
            move |event: MessageEvent| {
                // The relay sends bytes only; anything else is not its message.
                if let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() {
                    report(LiveEvent::Message(Uint8Array::new(&buffer).to_vec()));
                }
            }
        });
        let closed = Closure::<dyn FnMut()>::new(move || report(LiveEvent::Closed));
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Some(Self { socket, _opened: opened, _message: message, _closed: closed })
    }

    /// Sends one message; a connection that is gone reports its end by itself.
    pub fn send(&self, message: &[u8]) {
        drop(self.socket.send_with_u8_array(message));
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // Closing a closed connection is no error worth a word.
        drop(self.socket.close());
    }
}
