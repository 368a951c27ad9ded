//! Reasons to wake up: a network that seems to be back, a page that comes to the front.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget, VisibilityState};

/// Calls whenever the browser believes that a network came up, for as long as the page lives.
pub fn on_online(call: impl FnMut() + 'static) {
    listen(&window(), "online", call);
}

/// Calls whenever the page comes to the front, for as long as the page lives.
pub fn on_visible(mut call: impl FnMut() + 'static) {
    listen(&document(), "visibilitychange", move || {
        if document().visibility_state() == VisibilityState::Visible {
            call();
        }
    });
}

/// Listens to an event for as long as the page lives.
pub(super) fn listen(target: &EventTarget, name: &str, mut call: impl FnMut() + 'static) {
    let closure = Closure::<dyn FnMut(Event)>::new(move |_| call());
    // The only error is a listener that is not a function.
    if target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref()).is_ok() {
        closure.forget();
    }
}
