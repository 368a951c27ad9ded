//! A slip for every member: the own number, how it came about, and the decision; never anybody's ballot.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::meeting::Grading;

use super::Source;
use crate::pages::result::sum;
use crate::pages::words;
use crate::state::result::{Decided, ResultRow, table};
use crate::ui::print_sheet::PrintSheet;
use crate::ui::sum_view::SumView;

/// Returns a sheet per subject.
pub(super) fn sheets(source: Source<'_>) -> AnyView {
    let rows = table(source.meeting).map(|table| table.rows).unwrap_or_default();
    rows.iter().map(|row| slip(source, row)).collect_view().into_any()
}

fn slip(source: Source<'_>, row: &ResultRow) -> impl IntoView + use<> {
    let Source { i18n, meeting, .. } = source;
    let name = words::name(i18n, &row.name, &row.household, row.shared_name);
    let number = match &row.published {
        Some(published) => match row.grading {
            Grading::Graded => t_string!(
                i18n,
                print.feedback_number,
                published = published.clone(),
                stars = words::stars(i18n, row.computed)
            ),
            Grading::Probationary | Grading::Exempt => {
                t_string!(i18n, print.feedback_number_only, published = published.clone())
            }
        },
        None => t_string!(i18n, print.feedback_none).to_owned(),
    };
    let (decision, reason) = match (&row.decision, row.grading) {
        (_, Grading::Probationary) => (t_string!(i18n, result.probationary).to_owned(), String::new()),
        (Decided::As(ruling), _) => {
            let stars = words::stars(i18n, ruling.stars);
            (t_string!(i18n, print.feedback_decision, stars = stars), ruling.reason.clone())
        }
        _ => (String::new(), String::new()),
    };
    let reason =
        (!reason.is_empty()).then(|| view! { <p>{t_string!(i18n, print.feedback_reason, reason = reason)}</p> });
    let steps = sum::summary(i18n, meeting, &row.person);
    view! {
        <PrintSheet title=t_string!(i18n, print.feedback_head).to_owned() lines=source.lines()>
            <p>{t_string!(i18n, print.feedback_for, name = name)}</p>
            <p>{number}</p>
            <p>
                <strong>{decision}</strong>
            </p>
            {reason}
            <h3>{t_string!(i18n, print.feedback_how)}</h3>
            <SumView steps=Signal::stored(steps) />
            <p class="small">{t_string!(i18n, print.feedback_secret)} " " {t_string!(i18n, print.feedback_object)}</p>
        </PrintSheet>
    }
}
