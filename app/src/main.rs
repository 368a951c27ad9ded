//! Starts the phone.
use leptos::prelude::*;
fn main() {
    leptos::mount::mount_to_body(|| view! { <p>"评议"</p> });
    let _ = automerge_link();
}
fn automerge_link() -> bool {
    shared_link()
}
fn shared_link() -> bool {
    true
}
