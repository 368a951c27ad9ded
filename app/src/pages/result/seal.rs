//! The digest that every phone must agree on, who checked the count, and the seal.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::meeting::CheckFlaw;
use shared::id::MeetingId;

use crate::i18n::*;
use crate::pages::blocker::Names;
use crate::pages::words;
use crate::say;
use crate::shell::Phone;
use crate::state::board::{Recomputed, recomputed};
use crate::state::result::{ResultTable, digest_text};
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::card::Card;
use crate::ui::seal::Seal;

/// What is known of a result's standing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Standing {
    checked_by: Option<String>,
    outdated: bool,
    sealed_by: Option<(String, String)>,
    sealed_digest: String,
    recomputed: Option<bool>,
}

/// Digest, check and seal of a result.
#[component]
pub fn SealCard(
    /// Which meeting.
    id: MeetingId,
    /// Its result.
    table: Memo<Option<ResultTable>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let standing = Memo::new(move |_| {
        phone.workspace.with(|workspace| {
            let Some(meeting) = workspace.meeting(&id) else { return Standing::default() };
            let names = Names::new(i18n, workspace, meeting.settings.as_ref());
            let who = |voice: &shared::domain::divergence::Voice| names.author(voice.author.holder.as_ref());
            let seal = meeting.seal.as_ref();
            Standing {
                checked_by: meeting.check().map(|check| who(&check.voice)),
                outdated: meeting.check().is_none()
                    && meeting.checks.iter().any(|check| check.flaw == Some(CheckFlaw::OtherResult)),
                sealed_by: seal.map(|seal| (who(&seal.voice), words::when(i18n, seal.voice.at))),
                sealed_digest: seal.map(|seal| digest_text(&seal.seal.digest)).unwrap_or_default(),
                recomputed: match recomputed(meeting) {
                    Recomputed::NotSealed => None,
                    Recomputed::Equal => Some(true),
                    Recomputed::Different => Some(false),
                },
            }
        })
    });
    let digest = move || {
        let sealed = standing.with(|standing| standing.sealed_digest.clone());
        let computed = || table.with(|table| table.as_ref().map(|table| table.digest.clone()).unwrap_or_default());
        if sealed.is_empty() { computed() } else { sealed }
    };
    let check = move || {
        let standing = standing.get();
        match standing.checked_by {
            Some(name) => Some((BadgeKind::Good, t_string!(i18n, result.checked_by, name = name))),
            None if standing.outdated => Some((BadgeKind::Attention, t_string!(i18n, result.check_other).to_owned())),
            None => None,
        }
        .map(|(kind, label)| view! { <p><Badge kind label /></p> })
    };
    let sealed = move || {
        let (name, when) = standing.get().sealed_by?;
        Some(view! {
            <div class="result-seal">
                <Seal text=say!(i18n, result.seal_mark) />
                <div>
                    <p><strong>{t_string!(i18n, result.sealed)}</strong></p>
                    <p class="soft small">{t_string!(i18n, result.sealed_by, name = name, when = when)}</p>
                </div>
            </div>
        })
    };
    let again = move || {
        standing.get().recomputed.map(|equal| {
            let (kind, label) = match equal {
                true => (BadgeKind::Good, t_string!(i18n, board.equal)),
                false => (BadgeKind::Bad, t_string!(i18n, board.different)),
            };
            let text =
                if equal { t_string!(i18n, result.sealed_equal) } else { t_string!(i18n, result.sealed_different) };
            view! {
                <p><Badge kind label=label.to_owned() /></p>
                <p class="soft small">{text}</p>
            }
        })
    };
    view! {
        <Card title=say!(i18n, result.seal)>
            {sealed}
            <div>
                <p class="soft small">{say!(i18n, result.digest)}</p>
                <p class="result-digest" data-digest="">{digest}</p>
                <p class="soft small">{say!(i18n, result.digest_hint)}</p>
            </div>
            {check}
            {again}
        </Card>
    }
}
