//! The calm page of a second tab: records are written in one tab at a time.

use leptos::prelude::*;

use crate::i18n::*;
use crate::say;
use crate::shell::{Parting, Phone, Place};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::button::{Button, ButtonKind};

/// Offers to go on here; shows nothing of the records, which another tab may be changing.
#[component]
pub fn Elsewhere() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let place = Memo::new(move |_| phone.device.with(|device| device.place));
    let asking = Signal::derive(move || place.get() == Place::Asking);
    let parting = move || if let Place::Elsewhere(parting) = place.get() { parting } else { Parting::default() };
    view! {
        <main class="page-body stack" data-width="narrow">
            <h1>{say!(i18n, status.elsewhere_title)}</h1>
            <p>{say!(i18n, status.elsewhere_how)}</p>
            <Show when=move || parting().was_silent>
                <Banner
                    kind=BannerKind::Warning
                    title=say!(i18n, status.silent_title)
                    next=say!(i18n, status.silent_next)
                />
            </Show>
            <Show when=move || parting().unanswered != 0>
                <Banner
                    kind=BannerKind::Warning
                    title=Signal::derive(move || {
                        t_string!(i18n, status.unanswered_title, count = parting().unanswered)
                    })
                    next=say!(i18n, status.unanswered_next)
                />
            </Show>
            <p role="status">{move || asking.get().then(|| t_string!(i18n, status.elsewhere_asking))}</p>
            <div class="cluster">
                <Button
                    label=say!(i18n, status.elsewhere_here)
                    kind=ButtonKind::Primary
                    busy=asking
                    on_press=move |()| phone.continue_here()
                />
            </div>
        </main>
    }
}
