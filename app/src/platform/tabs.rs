//! One writer among the tabs: whoever holds the seat has the database open, all others wait or ask for it.
//!
//! The browser's locks guard the seat. Where it has none (an old browser, or plain HTTP beyond this machine) the
//! tabs ask each other: whoever gets no answer within `ANSWER` takes the seat and answers from then on.
//!
//! A tab that was asked and shows no sign of life loses the seat: it is frozen or hangs, and may do so for hours. What
//! it writes when it wakes up the database refuses; see `indexed_db`.

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
/// Says that somebody does, and is at work.
const HERE: &str = "here";
/// How long a tab waits for [`HERE`], in milliseconds: a busy phone's main thread rests far sooner.
const ANSWER: u32 = 400;

/// A page that is loaded anew meets the lock of the page it replaces, which the browser lets go a moment later.
const TRIES: u32 = 10;
/// The pause between two tries, in milliseconds; together a second, after which another window really has the seat.
const PAUSE: u32 = 100;

/// How often in a row a writer that is asked to let go may give no sign before its seat is taken: five seconds of
/// pauses, since a phone that reads a large document for a second or two is at work and not frozen.
const SILENCES: u32 = 50;

#[wasm_bindgen]
extern "C" {
    /// The browser's locks; the bindings have them only as an unstable interface.
    type Locks;

    #[wasm_bindgen(method)]
    fn request(this: &Locks, name: &str, options: &JsValue, granted: &Function) -> Promise;
}

/// How the browser is asked for its lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asking {
    /// Only if nobody has it.
    IfFree,
    /// Whoever has it.
    ByForce,
}

type Call = Rc<RefCell<Option<Box<dyn FnMut()>>>>;

/// The seat of the one writer; the browser takes it back when the tab ends, however it ends.
pub struct Seat {
    /// Resolves the promise that holds the lock; nothing where the browser has no locks.
    release: Option<Function>,
    channel: Option<BroadcastChannel>,
    asked: Call,
    lost: Call,
    _hearing: Option<Closure<dyn FnMut(MessageEvent)>>,
}

impl Seat {
    /// Takes the seat if it is free.
    pub async fn take() -> Option<Self> {
        match locks() {
            Some(locks) => {
                for _ in 0..TRIES {
                    if let Some(seat) = Self::lock(&locks, Asking::IfFree).await {
                        return Some(seat);
                    }
                    TimeoutFuture::new(PAUSE).await;
                }
                None
            }
            None => Self::claim().await,
        }
    }

    /// Asks the writer to let go, and waits for as long as it says that it is at work.
    ///
    /// Returns nothing where the browser refuses.
    pub async fn ask() -> Option<Self> {
        let channel = BroadcastChannel::new(SEAT).ok()?;
        let heard = Rc::new(Cell::new(false));
        let hearing = Closure::<dyn FnMut(MessageEvent)>::new({
            let heard = Rc::clone(&heard);
            move |event: MessageEvent| heard.set(heard.get() || event.data().as_string().as_deref() == Some(HERE))
        });
        channel.set_onmessage(Some(hearing.as_ref().unchecked_ref()));
        let mut silences = 0;
        let seat = loop {
            // Nobody listening is as good as an answer: the seat is free then.
            drop(channel.post_message(&LET_GO.into()));
            TimeoutFuture::new(PAUSE).await;
            let free = match locks() {
                Some(locks) => Self::lock(&locks, Asking::IfFree).await,
                None => Self::claim().await,
            };
            if free.is_some() {
                break free;
            }
            silences = if heard.replace(false) { 0 } else { silences + 1 };
            if silences == SILENCES {
                break match locks() {
                    Some(locks) => Self::lock(&locks, Asking::ByForce).await,
                    None => None,
                };
            }
        };
        channel.set_onmessage(None);
        channel.close();
        seat
    }

    /// Calls when another tab asks for the seat.
    pub fn on_asked(&mut self, call: impl FnMut() + 'static) {
        *self.asked.borrow_mut() = Some(Box::new(call));
    }

    /// Calls when another tab took the seat because this one gave no sign.
    pub fn on_lost(&mut self, call: impl FnMut() + 'static) {
        *self.lost.borrow_mut() = Some(Box::new(call));
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
    fn sit(release: Option<Function>, channel: Option<BroadcastChannel>, lost: Call) -> Self {
        let asked = Call::default();
        let hearing = channel.as_ref().map(|channel| {
            let (answering, asked) = (channel.clone(), Rc::clone(&asked));
            let hearing = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                match event.data().as_string().as_deref() {
                    Some(LET_GO) => {
                        let (answering, asked) = (answering.clone(), Rc::clone(&asked));
                        // A frozen tab may still hear messages, while neither its timers nor its database go on. It
                        // must begin nothing that it cannot end, and an answer by a timer says that it does its work.
                        spawn_local(async move {
                            TimeoutFuture::new(0).await;
                            drop(answering.post_message(&HERE.into()));
                            tell(&asked);
                        });
                    }
                    Some(text) if text.starts_with(WHO) => drop(answering.post_message(&HERE.into())),
                    _ => {}
                }
            });
            channel.set_onmessage(Some(hearing.as_ref().unchecked_ref()));
            hearing
        });
        Self { release, channel, asked, lost, _hearing: hearing }
    }

    async fn lock(locks: &Locks, asking: Asking) -> Option<Self> {
        let options = Object::new();
        let option = match asking {
            Asking::IfFree => "ifAvailable",
            Asking::ByForce => "steal",
        };
        Reflect::set(&options, &option.into(), &true.into()).ok()?;
        let lost = Call::default();
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
            let robbed = Rc::clone(&lost);
            spawn_local(async move {
                if let Err(reason) = JsFuture::from(held).await {
                    // Of the two only one means anything: before the lock was granted, or after.
                    drop(refused.call1(&JsValue::UNDEFINED, &reason));
                    tell(&robbed);
                }
            });
        });
        let release: Function = JsFuture::from(granted).await.ok()?.dyn_into().ok()?;
        Some(Self::sit(Some(release), BroadcastChannel::new(SEAT).ok(), lost))
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
        Some(Self::sit(None, Some(channel), Call::default()))
    }
}

/// Calls whoever wants to know; taken out while it runs, since it may give the seat up.
fn tell(call: &Call) {
    let taken = call.borrow_mut().take();
    if let Some(mut taken) = taken {
        taken();
        call.borrow_mut().get_or_insert(taken);
    }
}

fn locks() -> Option<Locks> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    (!locks.is_undefined()).then(|| locks.unchecked_into())
}
