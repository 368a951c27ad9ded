//! The whole app: language, phone, and which of its faces it shows.

use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::hooks::use_location;
use shared::replica::StorageStatus;
use shared::store::StorageTrouble;

use crate::i18n::*;
use crate::pages::Pages;
use crate::pages::elsewhere::Elsewhere;
use crate::pages::enrol::{Enrol, Stranger};
use crate::pages::found::Found;
use crate::pages::trouble::{NoEntropy, Unreadable};
use crate::platform::{page, preferences};
use crate::say;
use crate::shell::{Phone, Place};
use crate::state::route::Errand;

/// The language that the person chose; nothing follows the browser's.
#[derive(Clone, Copy)]
pub struct Language(RwSignal<Option<Locale>>);

impl Language {
    /// Finds the choice that [`App`] keeps.
    pub fn expect() -> Self {
        expect_context()
    }

    /// Changes to the other of the two languages and keeps the choice.
    pub fn switch(self, from: Locale) {
        let to = match from {
            Locale::zh_CN => Locale::en,
            Locale::en => Locale::zh_CN,
        };
        preferences::keep_language(to.as_str());
        self.0.set(Some(to));
    }
}

/// The root of the page.
#[component]
pub fn App() -> impl IntoView {
    let kept = preferences::language().and_then(|kept| kept.parse().ok());
    let language = Language(RwSignal::new(kept));
    provide_context(language);
    Phone::provide();
    view! {
        <I18nContextProvider set_lang_attr_on_html=false>
            <Chosen language />
        </I18nContextProvider>
    }
}

/// Puts the chosen language over the browser's own.
#[component]
fn Chosen(language: Language) -> impl IntoView {
    let browsers = use_i18n();
    let initial_locale = Signal::derive(move || language.0.get().unwrap_or_else(|| browsers.get_locale()));
    view! {
        <I18nSubContextProvider initial_locale>
            <Router>
                <Face />
            </Router>
        </I18nSubContextProvider>
    }
}

/// What the app has to show before it can show a page.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    Opening,
    Elsewhere,
    NoEntropy,
    Unreadable(StorageTrouble),
    Errand(Errand),
    Stranger,
    Pages,
}

#[component]
fn Face() -> impl IntoView {
    let phone = Phone::expect();
    let location = use_location();
    let i18n = use_i18n();
    Effect::new(move |_| page::set_language(i18n.get_locale().as_str()));
    let shown = Memo::new(move |_| match phone.device.with(|device| device.place) {
        Place::Opening => Shown::Opening,
        Place::Elsewhere(_) | Place::Asking => Shown::Elsewhere,
        Place::NoEntropy => Shown::NoEntropy,
        Place::Here => match phone.status.with(|status| status.storage) {
            StorageStatus::Unreadable(trouble) => Shown::Unreadable(trouble),
            StorageStatus::Loading => Shown::Opening,
            StorageStatus::Good | StorageStatus::Failing { .. } => match Errand::of_fragment(&location.hash.get()) {
                Some(errand) => Shown::Errand(errand),
                None if phone.me.with(Option::is_none) => Shown::Stranger,
                None => Shown::Pages,
            },
        },
    });
    move || match shown.get() {
        Shown::Opening => view! { <p class="soft" role="status">{say!(i18n, common.loading)}</p> }.into_any(),
        Shown::Elsewhere => view! { <Elsewhere /> }.into_any(),
        Shown::NoEntropy => view! { <NoEntropy /> }.into_any(),
        Shown::Unreadable(trouble) => view! { <Unreadable trouble /> }.into_any(),
        Shown::Errand(Errand::Enrol(payload)) => view! { <Enrol payload /> }.into_any(),
        Shown::Errand(Errand::Found(token)) => view! { <Found token /> }.into_any(),
        Shown::Stranger => view! { <Stranger /> }.into_any(),
        Shown::Pages => view! { <Pages /> }.into_any(),
    }
}
