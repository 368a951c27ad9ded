//! The sum behind one number, step by step: totals, means, composite, rounding, band.

use leptos_i18n::t_string;
use shared::domain::appraisal::{CompositeScore, GroupScore};
use shared::domain::meeting::{Meeting, MeetingSettings};
use shared::domain::rulebook::{Rulebook, WEIGHTS_SUM};
use shared::id::PersonId;
use shared::number::{Ratio, Rounding};

use crate::pages::words::{self, Words};
use crate::state::result;
use crate::ui::sum_view::{SumPart, SumStep};

/// Returns the steps by which a subject's number comes about, or the sentence why there is none.
///
/// Where a group has fewer valid ballots than may be published, only the composite is shown (E11).
pub fn steps(i18n: Words, meeting: &Meeting, subject: &PersonId) -> Vec<SumStep> {
    write(i18n, meeting, subject, true)
}

/// Returns the same without the single totals, for a slip that is taken home: individual ballots are never shown.
pub fn summary(i18n: Words, meeting: &Meeting, subject: &PersonId) -> Vec<SumStep> {
    write(i18n, meeting, subject, false)
}

fn write(i18n: Words, meeting: &Meeting, subject: &PersonId, with_totals: bool) -> Vec<SumStep> {
    let Some((settings, card, publishes)) = result::scorecard(meeting, subject) else { return Vec::new() };
    let mut steps = Vec::new();
    if publishes {
        for group in &card.groups {
            if with_totals {
                steps.push(totals(i18n, settings, group));
            }
            steps.extend(mean(i18n, settings, group, with_totals));
        }
    } else {
        steps.push(SumStep {
            label: t_string!(i18n, result.withheld, minimum = settings.rulebook.publish_min),
            ..SumStep::default()
        });
    }
    match &card.score {
        Some(score) => {
            steps.push(composite(i18n, settings, &card.groups, score, publishes));
            steps.push(rounding(i18n, &settings.rulebook, score));
            steps.push(band(i18n, &settings.rulebook, score));
        }
        None => steps.push(SumStep { label: t_string!(i18n, result.no_number).to_owned(), ..SumStep::default() }),
    }
    steps
}

fn totals(i18n: Words, settings: &MeetingSettings, group: &GroupScore) -> SumStep {
    let mut label = format!("{} · {}", name(i18n, settings, group), t_string!(i18n, result.totals));
    if group.abstained > 0 {
        label = format!("{label} · {}", t_string!(i18n, result.abstentions, count = group.abstained));
    }
    let text = |total: &Ratio| SumPart::Text(total.to_string());
    let mut parts: Vec<SumPart> = group.kept.iter().map(text).collect();
    // Totals stand lowest first, so that those dropped are found at the two ends.
    if let Some(dropped) = group.dropped {
        parts.insert(0, SumPart::Dropped(dropped.low.to_string()));
        parts.push(SumPart::Dropped(dropped.high.to_string()));
    }
    let trim_min = settings.rulebook.trim_min;
    let note = match group.dropped {
        _ if group.ballots() == 0 => t_string!(i18n, result.no_ballots).to_owned(),
        Some(dropped) => {
            t_string!(i18n, result.dropped, high = dropped.high.to_string(), low = dropped.low.to_string())
        }
        None if trim_min == 0 => t_string!(i18n, result.never_trimmed).to_owned(),
        None => t_string!(i18n, result.not_trimmed, ballots = group.ballots(), trim_min = trim_min),
    };
    SumStep { label, parts, note }
}

fn mean(i18n: Words, settings: &MeetingSettings, group: &GroupScore, with_totals: bool) -> Option<SumStep> {
    let mean = group.mean?;
    let mut parts = vec![SumPart::Text(format!("{} ÷ {} =", group.sum, group.kept.len()))];
    parts.extend(fraction(mean));
    Some(SumStep {
        label: t_string!(i18n, result.mean_of, group = name(i18n, settings, group)),
        parts,
        note: match (with_totals, group.dropped.is_some()) {
            (true, _) => String::new(),
            (false, true) => t_string!(i18n, result.counted, ballots = group.ballots()),
            (false, false) => t_string!(i18n, result.counted_all, ballots = group.ballots()),
        },
    })
}

/// The weighted sum; without the groups' means where those may not be shown, since one gives away the other.
fn composite(
    i18n: Words,
    settings: &MeetingSettings,
    groups: &[GroupScore],
    score: &CompositeScore,
    publishes: bool,
) -> SumStep {
    let mut parts = Vec::new();
    for group in groups {
        let Some(mean) = group.mean.filter(|_| publishes) else { continue };
        if !parts.is_empty() {
            parts.push(SumPart::Text("+".to_owned()));
        }
        parts.push(SumPart::Text(format!("{} ×", group.weight)));
        parts.extend(fraction(mean));
    }
    if publishes {
        parts.insert(0, SumPart::Text("(".to_owned()));
        parts.push(SumPart::Text(format!(") ÷ {} =", score.divisor)));
    }
    parts.extend(fraction(score.composite));
    let weights: Vec<String> =
        groups.iter().map(|group| format!("{} {}%", name(i18n, settings, group), group.weight)).collect();
    let note = match score.divisor == WEIGHTS_SUM {
        true => words::list(i18n, &weights),
        false => t_string!(i18n, result.renormalised, weights = score.divisor),
    };
    SumStep { label: t_string!(i18n, result.composite_label).to_owned(), parts, note }
}

fn rounding(i18n: Words, rulebook: &Rulebook, score: &CompositeScore) -> SumStep {
    let label = match rulebook.rounding {
        Rounding::HalfUp => t_string!(i18n, result.half_up, decimals = rulebook.decimals),
        Rounding::HalfEven => t_string!(i18n, result.half_even, decimals = rulebook.decimals),
    };
    SumStep { label, parts: vec![SumPart::Result(score.published.to_string())], note: String::new() }
}

fn band(i18n: Words, rulebook: &Rulebook, score: &CompositeScore) -> SumStep {
    let published = score.published.to_string();
    let label = match (score.band, rulebook.bands.first()) {
        (Some(band), _) => t_string!(i18n, result.band, published = published, from = band.from.to_string()),
        (None, Some(first)) => t_string!(i18n, result.band_none, published = published, from = first.from.to_string()),
        (None, None) => String::new(),
    };
    SumStep { label, parts: vec![SumPart::Result(words::stars(i18n, Some(score.stars)))], note: String::new() }
}

fn name(i18n: Words, settings: &MeetingSettings, group: &GroupScore) -> String {
    let found = settings.rulebook.group(&group.group);
    found.map_or_else(|| group.group.to_string(), |found| words::group(i18n, found))
}

/// Writes an exact value as people write it: a whole number, or one figure over another.
fn fraction(value: Ratio) -> Vec<SumPart> {
    match value.denominator() {
        1 => vec![SumPart::Text(value.numerator().to_string())],
        under => {
            vec![SumPart::Fraction { over: value.numerator().to_string(), under: under.to_string() }]
        }
    }
}
