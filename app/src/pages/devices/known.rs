//! Every device that is known, and what is done about one that is lost: revoked, or replaced by another.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::t_string;
use shared::identity::Reason;
use shared::identity::invitation::name_places;
use shared::replica::{KnownDevice, Outcome};
use shared::role::Role;

use crate::i18n::*;
use crate::pages::refusal::{self, RefusalBanner};
use crate::pages::words::{self, Words};
use crate::platform::clock;
use crate::say;
use crate::shell::Phone;
use crate::state::devices::{HOLDS, SERVES, device_code};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::dialog::Dialog;
use crate::ui::field::Field;
use crate::ui::icon::Sign;
use crate::ui::list_row::{List, ListRow};

/// The devices, and the way to what waits for a decision.
#[component]
pub fn Known(
    /// Called with the link for a device that takes another's place.
    #[prop(into)]
    on_invited: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let devices = Memo::new(move |_| phone.status.with(|status| status.devices.clone()));
    let is_office =
        Memo::new(move |_| phone.me.with(|me| me.as_ref().is_some_and(|me| me.roles.contains(Role::TownshipOffice))));
    let waiting = Memo::new(move |_| {
        phone.status.with(|status| status.held.iter().filter(|held| held.verdict.is_none()).count())
    });
    let chosen = RwSignal::new(None::<KnownDevice>);
    let held_note = Signal::derive(move || match waiting.get() {
        0 => t_string!(i18n, devices.held_none).to_owned(),
        count => t_string!(i18n, devices.held_some, count = count),
    });
    view! {
        <Show when=move || is_office.get()>
            <List label=say!(i18n, devices.held)>
                <ListRow title=say!(i18n, devices.held) subtitle=held_note sign=Sign::Lock href="/held" />
            </List>
        </Show>
        <Card title=say!(i18n, devices.known)>
            <p class="soft">{say!(i18n, devices.known_how)}</p>
            <List label=say!(i18n, devices.known)>
                {move || devices.get().iter().map(|device| row(i18n, phone, device, chosen)).collect_view()}
            </List>
        </Card>
        <Lost chosen on_invited />
    }
}

fn row(i18n: Words, phone: Phone, device: &KnownDevice, chosen: RwSignal<Option<KnownDevice>>) -> AnyView {
    let title = format!("{} · {}", device.code, device.name);
    let is_me = phone.me.with(|me| me.as_ref().is_some_and(|me| me.device == device.device));
    let (kind, label) = match (device.revoked, device.is_silent, is_me) {
        (Some(revoked), ..) if revoked.is_at_township => (BadgeKind::Bad, say!(i18n, devices.revoked)),
        (Some(_), ..) => (BadgeKind::Attention, say!(i18n, devices.revoked_here)),
        (None, true, _) => (BadgeKind::Plain, say!(i18n, devices.silent)),
        (None, false, true) => (BadgeKind::Here, say!(i18n, devices.this_one)),
        (None, false, false) => (BadgeKind::Good, say!(i18n, devices.enrolled)),
    };
    let subtitle = subtitle(i18n, phone, device);
    let badge = view! { <Badge kind label /> };
    if device.may_revoke {
        let device = device.clone();
        let press = move |()| chosen.set(Some(device.clone()));
        return view! { <ListRow title subtitle on_press=press>{badge}</ListRow> }.into_any();
    }
    view! { <ListRow title subtitle>{badge}</ListRow> }.into_any()
}

fn subtitle(i18n: Words, phone: Phone, device: &KnownDevice) -> String {
    let roles: Vec<String> = device.roles.iter().map(|role| words::role(i18n, role).to_owned()).collect();
    let place = phone.workspace.with(|workspace| {
        let name = |code| workspace.township.units.get(code).map(|unit| unit.name.clone());
        device.villages.iter().filter_map(name).collect::<Vec<_>>()
    });
    let mut parts = vec![words::list(i18n, &place), words::list(i18n, &roles)];
    if let Some(revoked) = device.revoked {
        let (why, when) = (reason(i18n, revoked.reason), words::when(i18n, revoked.at));
        parts.push(t_string!(i18n, devices.revoked_line, when = when, why = why));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}

fn reason(i18n: Words, reason: Reason) -> &'static str {
    match reason {
        Reason::Lost => t_string!(i18n, devices.lost),
        Reason::Broken => t_string!(i18n, devices.broken),
        Reason::LeftPost => t_string!(i18n, devices.left_post),
        Reason::Misused => t_string!(i18n, devices.misused),
    }
}

/// What is done about one device.
#[component]
fn Lost(chosen: RwSignal<Option<KnownDevice>>, on_invited: Callback<String>) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let why = RwSignal::new(0_usize);
    let code = RwSignal::new(String::new());
    let refused = RwSignal::new(None);
    let fault = RwSignal::new(false);
    let told = refusal::told(i18n, phone, refused.into());
    let close = move || {
        chosen.set(None);
        refused.set(None);
        fault.set(false);
        code.set(String::new());
    };
    let the_reason = move || Reason::ALL.get(why.get_untracked()).copied().unwrap_or(Reason::Lost);
    let revoke = move |()| {
        let Some(device) = chosen.get_untracked() else { return };
        spawn_local(async move {
            match phone.revoke(device.device, the_reason()).await {
                Ok(_) => close(),
                Err(reason) => refused.set(Some(reason)),
            }
        });
    };
    let replace = move |()| {
        let Some(device) = chosen.get_untracked() else { return };
        let fresh = device_code(&code.get_untracked());
        fault.set(fresh.is_none());
        let Some(fresh) = fresh else { return };
        let names: Vec<String> = phone.workspace.with_untracked(|workspace| {
            let name = |code| workspace.township.units.get(code).map(|unit| unit.name.clone()).unwrap_or_default();
            device.villages.iter().map(name).collect()
        });
        spawn_local(async move {
            let now = clock::now();
            let until = (now.plus_millis(HOLDS), now.plus_millis(SERVES));
            match phone.replace(device.device, the_reason(), fresh, until).await {
                Ok(Outcome::Invited(payload)) => {
                    close();
                    let names: Vec<&str> = names.iter().map(String::as_str).collect();
                    on_invited.run(name_places(&payload, &names));
                }
                Ok(_) => close(),
                Err(reason) => refused.set(Some(reason)),
            }
        });
    };
    let title = Signal::derive(move || {
        let name = chosen.with(|chosen| chosen.as_ref().map(|device| format!("{} · {}", device.code, device.name)));
        name.unwrap_or_default()
    });
    let may_replace = move || chosen.with(|chosen| chosen.as_ref().is_some_and(|device| !device.is_silent));
    let options = Signal::derive(move || {
        Reason::ALL.into_iter().map(|one| ChoiceOption::new(reason(i18n, one))).collect::<Vec<_>>()
    });
    let wrong = Signal::derive(move || match fault.get() {
        true => t_string!(i18n, devices.code_wrong).to_owned(),
        false => String::new(),
    });
    view! {
        <Dialog
            open=Signal::derive(move || chosen.with(Option::is_some))
            title
            close_label=say!(i18n, devices.close)
            on_close=move |()| close()
            actions=move || {
                view! {
                    <Button kind=ButtonKind::Danger label=say!(i18n, devices.revoke) on_press=revoke />
                    <Show when=may_replace>
                        <Button kind=ButtonKind::Primary label=say!(i18n, devices.replace) on_press=replace />
                    </Show>
                }
            }
        >
            <p>{say!(i18n, devices.revoke_how)}</p>
            <Choice
                label=say!(i18n, devices.why)
                options
                selected=Signal::derive(move || Some(why.get()))
                on_choose=move |at| why.set(at)
                rows=true
            />
            <Show when=may_replace>
                <Field
                    label=say!(i18n, devices.new_code)
                    hint=say!(i18n, devices.new_code_hint)
                    value=code
                    on_input=move |text| code.set(text)
                    error=wrong
                />
            </Show>
            <RefusalBanner told />
        </Dialog>
    }
}
