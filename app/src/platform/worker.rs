//! The new version that waits: noticed here, let in only when a person consents.

use std::rc::Rc;

use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

use super::events;
use super::page::reload;

/// The message by which the waiting version is let in.
const TAKE_OVER: &str = "take-over";

/// Calls whenever a new version has arrived whole and waits.
pub fn on_new_version(call: impl Fn() + 'static) {
    let call: Rc<dyn Fn()> = Rc::new(call);
    spawn_local(async move {
        let Some(registration) = registration().await else { return };
        if registration.waiting().is_some() {
            call();
        }
        let found = registration.clone();
        events::listen(&registration, "updatefound", move || {
            let Some(installing) = found.installing() else { return };
            let call = Rc::clone(&call);
            let worker = installing.clone();
            events::listen(&installing, "statechange", move || {
                // Without a controller this is the very first version, which waits for nobody.
                let replaces = container().is_some_and(|container| container.controller().is_some());
                if worker.state() == ServiceWorkerState::Installed && replaces {
                    call();
                }
            });
        });
    });
}

/// Asks the relay whether there is a new version; no network is no news.
pub fn look_for_new_version() {
    spawn_local(async {
        let Some(registration) = registration().await else { return };
        if let Ok(promise) = registration.update() {
            drop(JsFuture::from(promise).await);
        }
    });
}

/// Lets the waiting version in, then opens the page anew under it.
pub fn let_new_version_in() {
    spawn_local(async {
        let (Some(container), Some(registration)) = (container(), registration().await) else { return };
        events::listen(&container, "controllerchange", reload);
        match registration.waiting() {
            Some(waiting) => drop(waiting.post_message(&TAKE_OVER.into())),
            // Another tab let it in already; opening anew is all that is left to do.
            None => reload(),
        }
    });
}

/// The page's own worker, once it is registered; nothing where the browser has no workers.
async fn registration() -> Option<ServiceWorkerRegistration> {
    let ready = container()?.ready().ok()?;
    JsFuture::from(ready).await.ok()?.dyn_into().ok()
}

fn container() -> Option<ServiceWorkerContainer> {
    let navigator = window().navigator();
    // Outside a secure context the property is missing, whatever its type says.
    let container = Reflect::get(&navigator, &"serviceWorker".into()).ok()?;
    container.dyn_into().ok()
}
