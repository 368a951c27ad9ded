//! Widgets: they take labels, signals and callbacks, and know nothing of the product.
//!
//! State comes down as a signal, wishes go up as a callback; every word is given by the caller. Looks live in
//! `style/ui`, one file per widget.

use std::sync::atomic::{AtomicU32, Ordering};

pub mod badge;
pub mod banner;
pub mod bottom_bar;
pub mod button;
pub mod card;
pub mod choice;
#[cfg(test)]
mod contrast;
pub mod dialog;
pub mod disclosure;
pub mod empty_state;
pub mod facts;
pub mod field;
pub mod file_pick;
pub mod icon;
pub mod keypad;
pub mod lamp;
pub mod list_row;
pub mod number_pad;
pub mod page_header;
pub mod pager;
pub mod picker;
pub mod print_sheet;
pub mod progress;
pub mod qr;
pub mod seal;
pub mod stage_bar;
pub mod stars;
pub mod sum_view;
pub mod table;
pub mod tabs;
pub mod toggle;

/// Makes an element id no other element of this page has, so that labels and hints can name what they describe.
pub fn fresh_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("ui-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
