//! What passes between the phone and its browser: a file saved, a file picked, a text copied.

use js_sys::{Array, Uint8Array};
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, HtmlInputElement, Url};

/// The largest file that is read: a roster of a township is a tenth of this.
pub const FILE_BYTES: u32 = 8 << 20;

/// Why a file cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileTrouble {
    /// It is larger than [`FILE_BYTES`].
    TooLarge,
    /// The browser could not read it.
    Unreadable,
    /// The browser would not save it.
    NotSaved,
}

/// A file that a person picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    /// Its name.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Hands a file to the browser's downloads; where it ends up is between the person and the browser.
pub fn save(name: &str, media_type: &str, bytes: &[u8]) -> Result<(), FileTrouble> {
    offer(name, media_type, bytes).map_err(|_| FileTrouble::NotSaved)
}

/// Reads the file that was picked in an `<input type="file">`; nothing was picked, nothing comes.
pub async fn picked(input: &HtmlInputElement) -> Option<Result<Picked, FileTrouble>> {
    let file = input.files()?.get(0)?;
    let read = read(&file).await;
    // The same file picked again is a new pick.
    input.set_value("");
    Some(read)
}

/// Copies a text for pasting elsewhere; tells whether the browser did.
pub async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Outside a secure context the property is missing, whatever its type says.
    if js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_undefined()) {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

async fn read(file: &File) -> Result<Picked, FileTrouble> {
    if file.size() > f64::from(FILE_BYTES) {
        return Err(FileTrouble::TooLarge);
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| FileTrouble::Unreadable)?;
    Ok(Picked { name: file.name(), bytes: Uint8Array::new(&buffer).to_vec() })
}

fn offer(name: &str, media_type: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes)), &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&url)
}
