//! Where the records are, proved: the status line of every page, and the page behind it.

use leptos::prelude::*;
use shared::identity::Digest;
use shared::replica::{Contradiction, Note, Refusal, RelayStatus, RelayTrouble, Standing, StorageStatus};
use shared::store::StorageTrouble;

use super::enrol::SwitchLanguage;
use super::trouble;
use super::words::{self, Words};
use crate::i18n::*;
use crate::platform::persistence::Persistence;
use crate::say;
use crate::shell::Phone;
use crate::state::status::{Claim, Clock, asking, claim, clock, refused};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::facts::Facts;
use crate::ui::list_row::{List, ListRow};
use crate::ui::page_header::PageHeader;

/// The bytes of a digest that are shown.
const SHORT_DIGEST: usize = 6;

/// One line that leads to the status page; a new version and storage trouble stand under it.
#[component]
pub fn StatusLine() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let said = Memo::new(move |_| phone.status.with(claim));
    let kind = Signal::derive(move || match said.get() {
        Claim::NotSaved => BadgeKind::Bad,
        Claim::OnThisPhone(_) | Claim::Held(_) => BadgeKind::Here,
        Claim::AtTownship => BadgeKind::Arrived,
        Claim::Nothing => BadgeKind::Plain,
    });
    let label = Signal::derive(move || {
        let said = match said.get() {
            Claim::NotSaved => t_string!(i18n, status.failing_title).to_owned(),
            Claim::OnThisPhone(count) => t_string!(i18n, status.line_unsent, count = count),
            Claim::Held(count) => t_string!(i18n, status.line_held, count = count),
            Claim::AtTownship => t_string!(i18n, status.line_all_there).to_owned(),
            Claim::Nothing => t_string!(i18n, status.line_nothing).to_owned(),
        };
        match phone.status.with(|status| (asking(status), refused(status))) {
            (true, _) => said + t_string!(i18n, status.line_asking),
            (false, true) => said + t_string!(i18n, status.line_refused),
            (false, false) => said,
        }
    });
    view! {
        <div class="status-line" role="status">
            <a href="/status">
                <Badge kind label />
            </a>
        </div>
        <Barred />
        <Failing />
        <NewVersion />
    }
}

/// The page behind the status line.
#[component]
pub fn StatusPage() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let asked = Signal::derive(move || phone.status.with(asking));
    view! {
        <div class="page">
            <PageHeader
                title=say!(i18n, status.title)
                back_href="/"
                back_label=say!(i18n, common.back)
                status=|| view! { <StatusLine /> }
            >
                <SwitchLanguage />
            </PageHeader>
            <main class="page-body stack" data-width="narrow">
                <Records />
                <ThisDevice />
                <Later />
                <Contradicted />
                <Notes />
            </main>
            <BottomBar>
                <Button
                    label=say!(i18n, status.sync_now)
                    kind=ButtonKind::Primary
                    busy=asked
                    on_press=move |()| phone.sync_now()
                />
            </BottomBar>
        </div>
    }
}

#[component]
fn Failing() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let failing = Memo::new(move |_| match phone.status.with(|status| status.storage) {
        StorageStatus::Failing { trouble, .. } => Some(trouble),
        _ => None,
    });
    let next = move |trouble| match trouble {
        StorageTrouble::Full => t_string!(i18n, status.failing_full),
        StorageTrouble::Denied | StorageTrouble::Busy | StorageTrouble::Aborted => {
            t_string!(i18n, status.failing_other)
        }
    };
    move || {
        failing.get().map(|trouble| {
            view! {
                <Banner
                    kind=BannerKind::Refusal
                    title=Signal::derive(move || trouble::storage(i18n, trouble).to_owned())
                    next=Signal::derive(move || next(trouble).to_owned())
                    action=say!(i18n, status.failing_save)
                    on_action=move |()| phone.sync_now()
                />
            }
        })
    }
}

/// A phone that the township gives nothing more says so on every page, and that nothing is lost.
#[component]
fn Barred() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let standing = Memo::new(move |_| phone.status.with(|status| status.standing));
    let named = move |sentence: fn(Words, String) -> String| {
        Signal::derive(move || {
            let me = phone.me.with(|me| me.as_ref().map(|me| format!("{} · {}", me.code, me.name)).unwrap_or_default());
            sentence(i18n, me)
        })
    };
    move || match standing.get() {
        Standing::Enrolled => None,
        Standing::Revoked => Some(view! {
            <Banner
                kind=BannerKind::Warning
                title=named(|i18n, me| t_string!(i18n, status.revoked_title, me = me))
                next=say!(i18n, status.barred_next)
            />
        }),
        Standing::SecondUse => Some(view! {
            <Banner
                kind=BannerKind::Warning
                title=named(|i18n, me| t_string!(i18n, status.second_title, me = me))
                next=say!(i18n, status.barred_next)
            />
        }),
    }
}

#[component]
fn NewVersion() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let waits = move || phone.device.with(|device| device.new_version);
    view! {
        <Show when=waits>
            <Banner
                title=say!(i18n, status.new_version)
                next=say!(i18n, status.new_version_next)
                action=say!(i18n, status.new_version_take)
                on_action=move |()| phone.take_new_version()
            />
        </Show>
    }
}

#[component]
fn Records() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let facts = Signal::derive(move || {
        let status = phone.status.get();
        let here = match status.storage {
            StorageStatus::Loading => t_string!(i18n, common.loading).to_owned(),
            StorageStatus::Good => t_string!(i18n, status.here_good).to_owned(),
            StorageStatus::Unreadable(trouble) => trouble::storage(i18n, trouble).to_owned(),
            StorageStatus::Failing { waiting, .. } => t_string!(i18n, status.here_failing, count = waiting),
        };
        let there = match (status.unsent, status.awaiting, status.rejected) {
            (0, ..) => t_string!(i18n, status.there_none).to_owned(),
            (count, 0, 0) => t_string!(i18n, status.there_unsent, count = count),
            (count, awaiting, 0) => t_string!(i18n, status.there_awaiting, count = count, awaiting = awaiting),
            (count, awaiting, rejected) => {
                t_string!(i18n, status.there_rejected, count = count, awaiting = awaiting, rejected = rejected)
            }
        };
        let receipt = match status.last_receipt {
            None => t_string!(i18n, status.receipt_never).to_owned(),
            Some(at) => words::when(i18n, at),
        };
        let live = if status.live { t_string!(i18n, status.live_on) } else { t_string!(i18n, status.live_off) };
        [
            (t_string!(i18n, status.here), here),
            (t_string!(i18n, status.there), there),
            (t_string!(i18n, status.receipt), receipt),
            (t_string!(i18n, status.relay), of_relay(i18n, status.relay)),
            (t_string!(i18n, status.live), live.to_owned()),
        ]
        .map(|(label, value)| (label.to_owned(), value))
        .to_vec()
    });
    view! {
        <Card title=say!(i18n, status.records)>
            <Facts facts />
        </Card>
    }
}

fn of_relay(i18n: Words, relay: RelayStatus) -> String {
    match relay {
        RelayStatus::Untried => t_string!(i18n, status.relay_untried).to_owned(),
        RelayStatus::Asking { .. } => t_string!(i18n, status.relay_asking).to_owned(),
        RelayStatus::UpToDate { at } => t_string!(i18n, status.relay_up_to_date, at = words::when(i18n, at)),
        RelayStatus::Unreachable { retry_at, .. } => {
            t_string!(i18n, status.relay_unreachable, at = words::when(i18n, retry_at))
        }
        RelayStatus::Refusing { trouble, .. } => {
            let why = match trouble {
                RelayTrouble::Certificate => t_string!(i18n, status.refused_certificate),
                RelayTrouble::Revoked => t_string!(i18n, status.refused_revoked),
                RelayTrouble::SecondUse => t_string!(i18n, status.refused_second_use),
                RelayTrouble::Batch => t_string!(i18n, status.refused_batch),
                RelayTrouble::Version => t_string!(i18n, status.refused_version),
                RelayTrouble::Busy => t_string!(i18n, status.refused_busy),
                RelayTrouble::Receipt => t_string!(i18n, status.refused_receipt),
                RelayTrouble::Founding => t_string!(i18n, status.refused_founding),
                RelayTrouble::Clock => t_string!(i18n, status.refused_clock),
                RelayTrouble::Answer => t_string!(i18n, status.refused_answer),
            };
            t_string!(i18n, status.relay_refusing, why = why)
        }
    }
}

#[component]
fn ThisDevice() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let facts = Signal::derive(move || {
        let me = phone.me.with(|me| me.as_ref().map(|me| format!("{} · {}", me.name, me.code)).unwrap_or_default());
        let keeping = match phone.device.with(|device| device.persistence) {
            Persistence::Promised => t_string!(i18n, status.keeping_promised),
            Persistence::Refused => t_string!(i18n, status.keeping_refused),
            Persistence::Unknown => t_string!(i18n, status.keeping_unknown),
        };
        let compared = match phone.status.with(clock) {
            Clock::Unknown => t_string!(i18n, status.clock_unknown).to_owned(),
            Clock::Fine => t_string!(i18n, status.clock_fine).to_owned(),
            Clock::Off(minutes) => t_string!(i18n, status.clock_off, minutes = minutes),
        };
        [
            (t_string!(i18n, status.me), me),
            (t_string!(i18n, status.keeping), keeping.to_owned()),
            (t_string!(i18n, status.clock), compared),
        ]
        .map(|(label, value)| (label.to_owned(), value))
        .to_vec()
    });
    view! {
        <Card title=say!(i18n, status.this_phone)>
            <Facts facts />
        </Card>
    }
}

/// Where the relay signed two histories: which log, at which place, and both digests by their first figures.
#[component]
fn Contradicted() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let proved = Memo::new(move |_| phone.status.with(|status| status.contradictions.clone()));
    view! {
        <Show when=move || !proved.with(Vec::is_empty)>
            <Banner
                kind=BannerKind::Refusal
                title=say!(i18n, status.contradicted)
                next=say!(i18n, status.contradicted_next)
            />
            <Card title=say!(i18n, status.contradicted_where)>
                <List>
                    {move || {
                        proved
                            .get()
                            .into_iter()
                            .map(|Contradiction { scope, position, ours, theirs }| {
                                let (ours, theirs) = (short(&ours), short(&theirs));
                                let which = t_string!(i18n, status.contradicted_at, place = position);
                                let digests = t_string!(i18n, status.contradicted_digests, ours = ours, theirs = theirs);
                                view! { <ListRow title=format!("{scope} · {which}") subtitle=digests /> }
                            })
                            .collect_view()
                    }}
                </List>
            </Card>
        </Show>
    }
}

/// Says that something of a later version came, which an update of this page will read.
#[component]
fn Later() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let count = Memo::new(move |_| phone.status.with(|status| status.later));
    view! {
        <Show when=move || { count.get() > 0 }>
            {move || {
                let title = t_string!(i18n, status.later, count = count.get());
                view! { <Banner kind=BannerKind::Warning title=title next=say!(i18n, status.later_next) /> }
            }}
        </Show>
    }
}

/// Writes the first figures of a digest, enough to compare by eye or over the telephone.
fn short(digest: &Digest) -> String {
    digest.0.iter().take(SHORT_DIGEST).map(|byte| format!("{byte:02x}")).collect()
}

#[component]
fn Notes() -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let notes = Memo::new(move |_| phone.status.with(|status| status.notes.clone()));
    view! {
        <Show when=move || !notes.with(Vec::is_empty)>
            <Card title=say!(i18n, status.notes)>
                <p class="soft">{say!(i18n, status.notes_how)}</p>
                <List>
                    {move || {
                        notes
                            .get()
                            .into_iter()
                            .map(|note| {
                                let (what, which) = of_note(i18n, &note);
                                view! { <ListRow title=what subtitle=which /> }
                            })
                            .collect_view()
                    }}
                </List>
            </Card>
        </Show>
    }
}

fn of_note(i18n: Words, note: &Note) -> (String, String) {
    let (what, which) = match note {
        Note::BadRow(key) => (t_string!(i18n, status.note_bad_row), key.clone()),
        Note::BadDocument(address) => (t_string!(i18n, status.note_bad_document), address.to_string()),
        Note::UnknownFact(address, key) => (t_string!(i18n, status.note_unknown_fact), format!("{address} {key}")),
        Note::ForeignNumber(address, fact) => {
            (t_string!(i18n, status.note_foreign_number), format!("{address} {fact}"))
        }
        Note::BadCertificate => (t_string!(i18n, status.note_bad_certificate), String::new()),
        Note::WrongClock(address, device) => (t_string!(i18n, status.note_wrong_clock), format!("{address} {device}")),
        Note::BadAct(scope) => (t_string!(i18n, status.note_bad_act), scope.to_string()),
        Note::ActRefused(scope, reason) => (t_string!(i18n, status.note_act_refused), format!("{scope} {reason:?}")),
        Note::BadBatch(address, Refusal::Revoked) => (t_string!(i18n, status.note_revoked), address.to_string()),
        Note::BadBatch(address, _) => (t_string!(i18n, status.note_bad_batch), address.to_string()),
        Note::RolledBack => (t_string!(i18n, status.note_rolled_back), String::new()),
        Note::NumberTwice(first, second) => (t_string!(i18n, status.note_number_twice), format!("{first} → {second}")),
        Note::RelayLost => (t_string!(i18n, status.note_relay_lost), String::new()),
        Note::Brought(address, count) => (t_string!(i18n, status.note_brought), format!("{address} · {count}")),
        Note::NotBrought(address, count) => (t_string!(i18n, status.note_not_brought), format!("{address} · {count}")),
        Note::ForkedHistory(address) => (t_string!(i18n, status.note_forked), address.to_string()),
    };
    (what.to_owned(), which)
}
