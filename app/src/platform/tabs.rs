//! One writer among the tabs: whoever holds the seat has the database open, all others wait or ask for it.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{BroadcastChannel, MessageEvent};

const SEAT: &str = "pingyi";
const LET_GO: &str = "let-go";

#[wasm_bindgen]
extern "C" {
    /// The browser's locks; the bindings have them only as an unstable interface.
    type Locks;

    #[wasm_bindgen(method)]
    fn request(this: &Locks, name: &str, options: &JsValue, granted: &Function) -> Promise;
}

/// The seat of the one writer; the browser takes it back when the tab ends, however it ends.
#[derive(Debug)]
pub struct Seat {
    /// Resolves the promise that holds the lock; nothing where the browser has no locks.
    release: Option<Function>,
    channel: Option<BroadcastChannel>,
    asked: Option<Closure<dyn FnMut(MessageEvent)>>,
}

impl Seat {
    /// Takes the seat if it is free.
    pub async fn take() -> Option<Self> {
        Self::request(true).await
    }

    /// Asks the writer to let go, then waits for as long as it takes.
    ///
    /// A tab that does not answer keeps the seat: two writers would be worse than a tab that waits.
    pub async fn ask() -> Option<Self> {
        if let Ok(channel) = BroadcastChannel::new(SEAT) {
            // Nobody listening is as good as an answer: the lock then comes by itself.
            drop(channel.post_message(&LET_GO.into()));
            channel.close();
        }
        Self::request(false).await
    }

    /// Calls when another tab asks for the seat.
    pub fn on_asked(&mut self, mut call: impl FnMut() + 'static) {
        let Some(channel) = &self.channel else { return };
        let asked = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if event.data().as_string().as_deref() == Some(LET_GO) {
                call();
            }
        });
        channel.set_onmessage(Some(asked.as_ref().unchecked_ref()));
        self.asked = Some(asked);
    }

    /// Gives the seat up; the database must be closed by then.
    pub fn release(self) {
        if let Some(channel) = &self.channel {
            channel.set_onmessage(None);
            channel.close();
        }
        if let Some(release) = &self.release {
            // Resolving a promise cannot throw.
            drop(release.call0(&JsValue::UNDEFINED));
        }
    }

    async fn request(only_if_free: bool) -> Option<Self> {
        let channel = BroadcastChannel::new(SEAT).ok();
        let Some(locks) = locks() else {
            // Without locks (an old browser, or plain HTTP beyond this machine) the database itself is the last
            // guard: its transactions still exclude each other.
            return Some(Self { release: None, channel, asked: None });
        };
        let options = Object::new();
        Reflect::set(&options, &"ifAvailable".into(), &only_if_free.into()).ok()?;
        let granted = Promise::new(&mut |granted: Function, refused: Function| {
            let on_lock = Closure::once_into_js(move |lock: JsValue| -> JsValue {
                if lock.is_null() {
                    drop(granted.call1(&JsValue::UNDEFINED, &JsValue::NULL));
                    return JsValue::UNDEFINED;
                }
                // The lock is held until this promise is resolved.
                let hold = Promise::new(&mut |release: Function, _| {
                    drop(granted.call1(&JsValue::UNDEFINED, &release));
                });
                hold.into()
            });
            let held = locks.request(SEAT, &options, on_lock.unchecked_ref());
            spawn_local(async move {
                if let Err(reason) = JsFuture::from(held).await {
                    drop(refused.call1(&JsValue::UNDEFINED, &reason));
                }
            });
        });
        let release: Function = JsFuture::from(granted).await.ok()?.dyn_into().ok()?;
        Some(Self { release: Some(release), channel, asked: None })
    }
}

fn locks() -> Option<Locks> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}
