//! Every pair of colours that carries words keeps 4.5:1 in both schemes, every edge 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../../../style/tokens.css");

/// Ink, the ground it stands on, and the least contrast in tenths.
const PAIRS: [(&str, &str, u32); 30] = [
    ("ink", "ground", 45),
    ("ink", "surface", 45),
    ("ink", "sunken", 45),
    ("ink-soft", "ground", 45),
    ("ink-soft", "surface", 45),
    ("ink-soft", "sunken", 45),
    ("accent-ink", "accent", 45),
    ("accent-ink", "accent-pressed", 45),
    ("link", "ground", 45),
    ("link", "surface", 45),
    ("link", "sunken", 45),
    ("chosen-ink", "chosen", 45),
    ("good", "good-ground", 45),
    ("good", "surface", 45),
    ("ink", "good-ground", 45),
    ("warn", "warn-ground", 45),
    ("ink", "warn-ground", 45),
    ("bad", "bad-ground", 45),
    ("bad", "surface", 45),
    ("bad", "ground", 45),
    ("ink", "bad-ground", 45),
    ("info", "info-ground", 45),
    ("ink", "info-ground", 45),
    ("ink-soft", "bad-ground", 45),
    ("ink-soft", "good-ground", 45),
    ("edge", "ground", 30),
    ("edge", "surface", 30),
    ("star", "surface", 30),
    ("accent", "surface", 30),
    ("focus", "ground", 30),
];

#[test]
fn words_and_edges_stand_out_by_day_and_by_night() {
    let (day, night) = TOKENS.split_once("prefers-color-scheme: dark").unwrap();
    let day = colours(day);
    let mut by_night = day.clone();
    by_night.extend(colours(night));
    let mut faint = Vec::new();
    for (scheme, colours) in [("day", &day), ("night", &by_night)] {
        for (ink, ground, tenths) in PAIRS {
            let found = contrast(colours[ink], colours[ground]);
            if found * 10.0 < f64::from(tenths) {
                faint.push(format!("{scheme}: {ink} on {ground} is {found:.2}"));
            }
        }
    }
    assert!(faint.is_empty(), "{faint:#?}");
}

fn colours(css: &str) -> BTreeMap<&str, u32> {
    css.lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": #"))
        .filter_map(|(name, hex)| Some((name, u32::from_str_radix(hex, 16).ok()?)))
        .collect()
}

/// The ratio of WCAG 2.2; floats are at home here, since nothing is scored.
fn contrast(one: u32, other: u32) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: u32) -> f64 {
    let part = |shift: u32| {
        let part = f64::from(colour >> shift & 0xff) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}
