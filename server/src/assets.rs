//! The built app from a folder: compressed beforehand, kept for ever where a name carries the content's hash.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// The page, which every address without a file of its own shows.
const PAGE: &str = "index.html";
/// The names that stay the same from release to release; every other name carries the hash of its content.
const CHANGING: [&str; 2] = [PAGE, "sw.js"];
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";
/// The ways a file may stand compressed beside itself, the smallest first.
const ENCODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// Answers with a file of the app, or with the page.
pub async fn serve(State(folder): State<Arc<Option<PathBuf>>>, uri: Uri, headers: HeaderMap) -> Response {
    let Some(folder) = folder.as_ref() else { return StatusCode::NOT_FOUND.into_response() };
    let name = uri.path().trim_start_matches('/');
    let is_file = name.rsplit('/').next().is_some_and(|last| last.contains('.'));
    let name = if is_file { name } else { PAGE };
    if !Path::new(name).components().all(|part| matches!(part, Component::Normal(_))) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (encoding, suffix) in ENCODINGS.into_iter().filter(|(encoding, _)| accepts(accepted, encoding)) {
        if let Ok(bytes) = tokio::fs::read(folder.join(format!("{name}.{suffix}"))).await {
            return file(name, bytes, Some(encoding));
        }
    }
    match tokio::fs::read(folder.join(name)).await {
        Ok(bytes) => file(name, bytes, None),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn file(name: &str, bytes: Vec<u8>, encoding: Option<&'static str>) -> Response {
    let caching = if CHANGING.contains(&name) { ASK_AGAIN } else { IMMUTABLE };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Tells whether an encoding stands in the list and is not forbidden by `q=0`.
fn accepts(list: &str, encoding: &str) -> bool {
    list.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts.next() == Some(encoding) && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// Returns the media type of a name; browsers refuse to compile wasm that is called anything else.
fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_accepted_as_the_header_says() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("brotli", "br"));
    }
}
