//! One writer among the tabs: whoever holds the seat has the database open, all others wait or ask for it.
//!
//! The browser's locks guard the seat. Where it has none (an old browser, or plain HTTP beyond this machine) the
//! tabs ask each other: whoever gets no answer within `ANSWER` takes the seat and answers from then on.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{BroadcastChannel, MessageEvent};

const SEAT: &str = "pingyi";
/// Asks the writer to let go.
const LET_GO: &str = "let-go";
/// Asks whether anybody holds the seat; a number follows by which two that ask at once are told apart.
const WHO: &str = "who:";
/// Says that somebody does.
const HERE: &str = "here";
/// How long a tab waits for [`HERE`], in milliseconds: a busy phone's main thread rests far sooner.
const ANSWER: u32 = 400;

/// A page that is loaded anew meets the lock of the page it replaces, which the browser lets go a moment later.
const TRIES: u32 = 10;
/// The pause between two tries, in milliseconds; together a second, after which another window really has the seat.
const PAUSE: u32 = 100;

#[wasm_bindgen]
extern "C" {
    /// The browser's locks; the bindings have them only as an unstable interface.
    type Locks;

    #[wasm_bindgen(method)]
    fn request(this: &Locks, name: &str, options: &JsValue, granted: &Function) -> Promise;
}

type Asked = Rc<RefCell<Option<Box<dyn FnMut()>>>>;

/// The seat of the one writer; the browser takes it back when the tab ends, however it ends.
pub struct Seat {
    /// Resolves the promise that holds the lock; nothing where the browser has no locks.
    release: Option<Function>,
    channel: Option<BroadcastChannel>,
    asked: Asked,
    _hearing: Option<Closure<dyn FnMut(MessageEvent)>>,
}

impl Seat {
    /// Takes the seat if it is free.
    pub async fn take() -> Option<Self> {
        match locks() {
            Some(locks) => {
                for _ in 0..TRIES {
                    if let Some(seat) = Self::lock(&locks, true).await {
                        return Some(seat);
                    }
                    TimeoutFuture::new(PAUSE).await;
                }
                None
            }
            None => Self::claim().await,
        }
    }

    /// Asks the writer to let go, then waits for as long as it takes.
    ///
    /// A tab that does not answer keeps the seat: two writers would be worse than a tab that waits.
    pub async fn ask() -> Option<Self> {
        if let Ok(channel) = BroadcastChannel::new(SEAT) {
            // Nobody listening is as good as an answer: the seat is free then.
            drop(channel.post_message(&LET_GO.into()));
            channel.close();
        }
        if let Some(locks) = locks() {
            return Self::lock(&locks, false).await;
        }
        loop {
            if let Some(seat) = Self::claim().await {
                return Some(seat);
            }
        }
    }

    /// Calls when another tab asks for the seat.
    pub fn on_asked(&mut self, call: impl FnMut() + 'static) {
        *self.asked.borrow_mut() = Some(Box::new(call));
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

    /// Sits down: from here on this tab answers whoever asks.
    fn sit(release: Option<Function>, channel: Option<BroadcastChannel>) -> Self {
        let asked = Asked::default();
        let hearing = channel.as_ref().map(|channel| {
            let (answering, asked) = (channel.clone(), Rc::clone(&asked));
            let hearing = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                match event.data().as_string().as_deref() {
                    Some(LET_GO) => {
                        // Taken out while it runs, since it may give the seat up.
                        let call = asked.borrow_mut().take();
                        if let Some(mut call) = call {
                            call();
                            asked.borrow_mut().get_or_insert(call);
                        }
                    }
                    Some(text) if text.starts_with(WHO) => drop(answering.post_message(&HERE.into())),
                    _ => {}
                }
            });
            channel.set_onmessage(Some(hearing.as_ref().unchecked_ref()));
            hearing
        });
        Self { release, channel, asked, _hearing: hearing }
    }

    async fn lock(locks: &Locks, only_if_free: bool) -> Option<Self> {
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
        Some(Self::sit(Some(release), BroadcastChannel::new(SEAT).ok()))
    }

    /// Asks all tabs whether one of them has the seat; of two that ask at once the smaller number takes it.
    async fn claim() -> Option<Self> {
        // A browser that cannot carry a message between tabs is older than any that runs this program.
        let channel = BroadcastChannel::new(SEAT).ok()?;
        let mine = getrandom::u32().ok()?;
        let taken = Rc::new(Cell::new(false));
        let hearing = Closure::<dyn FnMut(MessageEvent)>::new({
            let (answering, taken) = (channel.clone(), Rc::clone(&taken));
            move |event: MessageEvent| {
                let Some(text) = event.data().as_string() else { return };
                let theirs = text.strip_prefix(WHO).and_then(|number| number.parse::<u32>().ok());
                if text == HERE || theirs.is_some_and(|theirs| theirs <= mine) {
                    taken.set(true);
                } else if theirs.is_some() {
                    drop(answering.post_message(&HERE.into()));
                }
            }
        });
        channel.set_onmessage(Some(hearing.as_ref().unchecked_ref()));
        drop(channel.post_message(&format!("{WHO}{mine}").into()));
        TimeoutFuture::new(ANSWER).await;
        if taken.get() {
            channel.set_onmessage(None);
            channel.close();
            return None;
        }
        Some(Self::sit(None, Some(channel)))
    }
}

fn locks() -> Option<Locks> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}
