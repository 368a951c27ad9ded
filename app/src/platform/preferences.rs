//! Small preferences, drafts of forms, and the canary that tells when the browser has emptied the records' storage.

use gloo_storage::{LocalStorage, Storage};

const LANGUAGE: &str = "pingyi.language";
const CANARY: &str = "pingyi.kept";
const DRAFT: &str = "pingyi.draft.";

/// Returns the language the person chose on this device.
pub fn language() -> Option<String> {
    read(LANGUAGE)
}

/// Keeps the language; where the browser refuses, the choice lasts as long as the page.
pub fn keep_language(language: &str) {
    keep(LANGUAGE, language);
}

/// Returns what was typed into a form of this name and not yet recorded.
pub fn draft(form: &str) -> Option<String> {
    read(&draft_key(form))
}

/// Keeps what was typed into a form, or with nothing forgets it.
pub fn keep_draft(form: &str, text: Option<&str>) {
    match text {
        Some(text) => keep(&draft_key(form), text),
        None => LocalStorage::raw().remove_item(&draft_key(form)).unwrap_or_default(),
    }
}

fn draft_key(form: &str) -> String {
    format!("{DRAFT}{form}")
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
