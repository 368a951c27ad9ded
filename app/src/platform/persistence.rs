//! Asks the browser not to throw the records away when space runs short.

use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;

/// What the browser promised about the records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Persistence {
    /// It was not asked yet, or cannot be asked.
    #[default]
    Unknown,
    /// It keeps them until a person deletes them.
    Promised,
    /// It may throw them away when space runs short.
    Refused,
}

/// Asks for persistent storage; some browsers grant it only to an installed page.
pub async fn ask() -> Persistence {
    let navigator = window().navigator();
    // Outside a secure context the property is missing, whatever its type says.
    if js_sys::Reflect::get(&navigator, &"storage".into()).is_ok_and(|storage| storage.is_undefined()) {
        return Persistence::Unknown;
    }
    let Ok(promise) = navigator.storage().persist() else { return Persistence::Unknown };
    match JsFuture::from(promise).await.map(|granted| granted.as_bool()) {
        Ok(Some(true)) => Persistence::Promised,
        Ok(Some(false)) => Persistence::Refused,
        Ok(None) | Err(_) => Persistence::Unknown,
    }
}
