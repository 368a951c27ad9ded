//! One page per file, by noun: view models in, wishes out; here is which path leads where.

pub mod blocker;
pub mod devices;
pub mod elsewhere;
pub mod enrol;
pub mod found;
pub mod not_found;
pub mod refusal;
pub mod status;
pub mod trouble;
pub mod words;

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::path;

use devices::Devices;
use not_found::NotFound;
use status::StatusPage;

/// Every page of an enrolled phone.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFound>
            <Route path=path!("/status") view=StatusPage />
            <Route path=path!("/devices") view=Devices />
        </FlatRoutes>
    }
}
