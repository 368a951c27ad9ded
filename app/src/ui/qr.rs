//! A square code as one path, for another phone's camera.

use fast_qr::qr::QRBuilder;
use fast_qr::{ECL, Module};
use leptos::prelude::*;

/// Modules of white around a code (ISO/IEC 18004).
const QUIET: usize = 4;

/// A square code; where the text is too long for one, `too_long` stands in its place.
#[component]
pub fn Qr(
    /// What it holds.
    #[prop(into)]
    text: Signal<String>,
    /// What it is for.
    #[prop(into)]
    label: Signal<String>,
    /// Said when no code can hold the text.
    #[prop(into)]
    too_long: Signal<String>,
    /// Whether it hangs on paper, which tears and fades.
    #[prop(optional)]
    paper: bool,
) -> impl IntoView {
    // A screen is not torn or stained, so the lowest correction gives the largest modules.
    let correction = if paper { ECL::Q } else { ECL::L };
    move || match drawn(&text.get(), correction) {
        Some((size, path)) => view! {
            <div class="qr" role="img" aria-label=label>
                <svg viewBox=format!("0 0 {size} {size}") aria-hidden="true" focusable="false">
                    <path d=path />
                </svg>
            </div>
        }
        .into_any(),
        None => view! { <p class="soft">{too_long}</p> }.into_any(),
    }
}

/// The width of the code with its white border, and its dark runs as a path; none when no code can hold the text.
fn drawn(text: &str, correction: ECL) -> Option<(usize, String)> {
    let code = QRBuilder::new(text).ecl(correction).build().ok()?;
    let mut path = String::new();
    for row in 0..code.size {
        let line: &[Module] = &code[row];
        let mut column = 0;
        for run in line.get(..code.size)?.chunk_by(|left, right| left.value() == right.value()) {
            if run.first().is_some_and(|module| module.value()) {
                path += &format!("M{} {}h{}v1h-{}z", column + QUIET, row + QUIET, run.len(), run.len());
            }
            column += run.len();
        }
    }
    Some((code.size + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::{ECL, drawn};

    #[test]
    fn a_code_has_its_white_border_and_its_first_finder() {
        let (size, path) = drawn("评议", ECL::L).unwrap();
        assert_eq!(size, 21 + 8);
        assert!(path.starts_with("M4 4h7v1h-7z"), "{path}");
    }

    #[test]
    fn a_text_no_code_can_hold_draws_nothing() {
        assert_eq!(drawn(&"评".repeat(2000), ECL::L), None);
    }
}
