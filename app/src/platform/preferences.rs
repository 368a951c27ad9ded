//! Small preferences, and the canary that tells when the browser has emptied the records' storage.

use gloo_storage::{LocalStorage, Storage};

const LANGUAGE: &str = "pingyi.language";
const CANARY: &str = "pingyi.kept";

/// Returns the language the person chose on this device.
pub fn language() -> Option<String> {
    read(LANGUAGE)
}

/// Keeps the language; where the browser refuses, the choice lasts as long as the page.
pub fn keep_language(language: &str) {
    keep(LANGUAGE, language);
}

/// Tells whether this device has ever kept a record.
///
/// The canary lives beside the database, so that an empty database with a living canary means: the browser
/// threw the records away (E39).
pub fn has_kept_records() -> bool {
    read(CANARY).is_some()
}

/// Sets the canary, once the first record is on disk.
pub fn mark_records_kept() {
    keep(CANARY, "1");
}

// Text as it is: the typed calls of gloo-storage would bring a JSON parser into the first load.
fn read(key: &str) -> Option<String> {
    LocalStorage::raw().get_item(key).ok().flatten()
}

fn keep(key: &str, value: &str) {
    // A browser that keeps no preferences works all the same.
    drop(LocalStorage::raw().set_item(key, value));
}
