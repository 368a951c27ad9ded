//! The page's head: the way back, the one title, the status line, the menu.

use leptos::prelude::*;

use super::icon::{Icon, Sign};

/// The head of a page; its title is the page's only `h1`.
#[component]
pub fn PageHeader(
    /// The title.
    #[prop(into)]
    title: Signal<String>,
    /// A line under the title; none when empty.
    #[prop(optional, into)]
    subtitle: Signal<String>,
    /// Where back leads; without it there is no way back.
    #[prop(optional, into)]
    back_href: Option<String>,
    /// The words of the way back.
    #[prop(optional, into)]
    back_label: Signal<String>,
    /// The line that says where the records are.
    #[prop(optional, into)]
    status: Option<ViewFn>,
    /// What stands at the end: a menu, a language switch.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-header">
            <div class="page-header-bar">
                {back_href
                    .map(|href| {
                        view! {
                            <a
                                class="button page-header-back"
                                data-kind="quiet"
                                data-bare=""
                                href=href
                                aria-label=back_label
                                title=back_label
                            >
                                <Icon sign=Sign::Back />
                            </a>
                        }
                    })}
                <div class="page-header-words">
                    <h1>{title}</h1>
                    <p class="page-header-subtitle" hidden=move || subtitle.with(String::is_empty)>
                        {subtitle}
                    </p>
                </div>
                {children.map(|children| view! { <div class="page-header-menu">{children()}</div> })}
            </div>
            {status.map(|status| view! { <div class="page-header-status">{status.run()}</div> })}
        </header>
    }
}
