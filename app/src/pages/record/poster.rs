//! The poster of a notice: large type on A4 or A3, with the digest and the code by which anyone checks the paper.

use leptos::prelude::*;
use leptos_i18n::t_string;
use leptos_router::hooks::use_location;
use shared::domain::notice::LineState;
use shared::domain::register::Kind;
use shared::id::FactId;

use super::for_record;
use crate::i18n::*;
use crate::pages::frame::Frame;
use crate::pages::words::{self, Words};
use crate::platform::network;
use crate::say;
use crate::shell::Phone;
use crate::state::links::{self, RecordPage};
use crate::state::poster::{self, Paper, PosterRow, PosterSheet};
use crate::ui::banner::{Banner, BannerKind};
use crate::ui::bottom_bar::BottomBar;
use crate::ui::button::{Button, ButtonKind};
use crate::ui::choice::{Choice, ChoiceOption};
use crate::ui::icon::Sign;
use crate::ui::qr::Qr;

/// What stands at `/record/:number/poster`.
#[component]
pub fn PosterPage() -> impl IntoView {
    for_record(|id, kind| view! { <Poster id kind /> }.into_any())
}

#[component]
fn Poster(id: FactId, kind: &'static Kind) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let location = use_location();
    let is_large = RwSignal::new(false);
    let back = links::record(&id, RecordPage::Overview);
    let stored = StoredValue::new(id);
    let sheet = Memo::new(move |_| {
        phone.workspace.with(|workspace| {
            let (_, record) = stored.with_value(|id| workspace.record(id))?;
            poster::sheet(workspace, record)
        })
    });
    let checked = Memo::new(move |_| {
        let hash = location.hash.get();
        phone.workspace.with(|workspace| {
            let (_, record) = stored.with_value(|id| workspace.record(id))?;
            poster::paper(workspace, record, &hash)
        })
    });
    let answer = move || {
        checked.get().map(|paper| match paper {
            Paper::Same => view! {
                <Banner
                    kind=BannerKind::Done
                    title=say!(i18n, registers.poster_same)
                    next=say!(i18n, registers.poster_same_next)
                />
            }
            .into_any(),
            Paper::Other => view! {
                <Banner
                    kind=BannerKind::Refusal
                    title=say!(i18n, registers.poster_other)
                    next=say!(i18n, registers.poster_other_next)
                />
            }
            .into_any(),
        })
    };
    let sizes = Signal::derive(move || {
        vec![
            ChoiceOption::new(t_string!(i18n, registers.poster_a4)),
            ChoiceOption::new(t_string!(i18n, registers.poster_a3))
                .with_note(t_string!(i18n, registers.poster_a3_note)),
        ]
    });
    let bar = move || {
        view! {
            <BottomBar note=say!(i18n, registers.poster_hint)>
                <Button
                    label=say!(i18n, print.print_now)
                    on_press=move |()| drop(window().print())
                    kind=ButtonKind::Primary
                    sign=Sign::Printer
                />
            </BottomBar>
        }
    };
    let subtitle = Signal::derive(move || words::declared(i18n, kind.name).to_owned());
    let paper = move || sheet.get().map(|sheet| paper(i18n, sheet));
    view! {
        <Frame title=say!(i18n, registers.poster) subtitle back bar>
            {answer}
            <div class="screen-only">
                <Choice
                    label=say!(i18n, registers.poster_size)
                    options=sizes
                    selected=Signal::derive(move || Some(usize::from(is_large.get())))
                    on_choose=move |place| is_large.set(place == 1)
                />
            </div>
            <div class="sheets">
                <article class="sheet poster" data-large=move || is_large.get().then_some("")>
                    {paper}
                </article>
            </div>
        </Frame>
    }
}

fn paper(i18n: Words, sheet: PosterSheet) -> AnyView {
    let of = match sheet.villages.is_empty() {
        true => t_string!(i18n, registers.whole_township).to_owned(),
        false => words::list(i18n, &sheet.villages),
    };
    let (period, objecting) = match (sheet.posted, sheet.until) {
        (Some(from), Some(to)) => {
            let (from, to) = (words::date(i18n, from), words::date(i18n, to));
            let period = t_string!(i18n, registers.poster_period, from = from, to = to.clone());
            (period, t_string!(i18n, registers.poster_object, to = to))
        }
        _ => (
            t_string!(i18n, registers.poster_draft).to_owned(),
            t_string!(i18n, registers.poster_object_draft).to_owned(),
        ),
    };
    let place = (!sheet.place.is_empty()).then(|| {
        let place = t_string!(i18n, registers.poster_place, place = sheet.place.clone());
        view! { <p>{place}</p> }
    });
    let row = |row: PosterRow| {
        let apart = (!row.apart.is_empty()).then(|| view! { <span class="poster-apart">{row.apart}</span> });
        // A paper is printed again when a line is held: it says so, and the line may still be objected to.
        let held = (row.state == LineState::Held)
            .then(|| view! { <span class="poster-apart">{t_string!(i18n, registers.poster_held)}</span> });
        view! {
            <tr>
                <th scope="row">{row.name}{apart}</th>
                <td>{row.note}{held}</td>
                <td class="poster-number">{row.id.to_string()}</td>
            </tr>
        }
    };
    let number = t_string!(i18n, registers.poster_number, number = sheet.id.to_string());
    let text = network::origin() + &sheet.check;
    view! {
        <header class="poster-head">
            <p class="poster-of">{of}</p>
            <h2 class="poster-title">{sheet.title}</h2>
            <p>{period}</p>
            {place}
        </header>
        <table class="poster-lines">
            <thead>
                <tr>
                    <th scope="col">{t_string!(i18n, registers.poster_who)}</th>
                    <th scope="col">{t_string!(i18n, registers.poster_what)}</th>
                    <th scope="col">{t_string!(i18n, registers.poster_line)}</th>
                </tr>
            </thead>
            <tbody>{sheet.rows.into_iter().map(row).collect_view()}</tbody>
        </table>
        <p class="poster-object">{objecting}</p>
        <footer class="poster-foot keep">
            <Qr text label=say!(i18n, registers.poster_qr) too_long=say!(i18n, registers.poster_qr_long) paper=true />
            <div>
                <p>{number}</p>
                <p>{t_string!(i18n, registers.poster_digest)}</p>
                <p class="poster-digest" data-digest="">{sheet.digest}</p>
                <p class="poster-check">{t_string!(i18n, registers.poster_check)}</p>
            </div>
        </footer>
    }
    .into_any()
}
