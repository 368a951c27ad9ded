//! Icons, drawn once: one outline per sign on a grid of 24.

use leptos::prelude::*;

/// A sign; always beside a word or inside a control that has a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// An arrow to where one came from.
    Back,
    /// A chevron to what lies behind a row.
    Forward,
    /// A tick.
    Check,
    /// A cross: close, remove.
    Cross,
    /// A triangle with a stroke: look before going on.
    Warning,
    /// A circle with a stroke: worth knowing.
    Info,
    /// A stop: this was refused.
    Refused,
    /// Three dots: more.
    More,
    /// A phone: the record is here.
    Phone,
    /// A hand-carried parcel: the record is on its way.
    Parcel,
    /// A house with columns: the record is at the township.
    Office,
    /// Two people.
    People,
    /// A sheet with lines.
    Paper,
    /// A printer.
    Printer,
    /// An arrow turning back.
    Undo,
    /// A plus.
    Plus,
    /// A pencil.
    Pencil,
    /// A closed lock.
    Lock,
    /// Two arrows in a circle.
    Exchange,
    /// A flag.
    Flag,
    /// A box with a slot.
    Urn,
    /// A key that takes the last figure back.
    Erase,
    /// Nine squares: everything at a glance.
    Grid,
    /// A square code.
    Code,
}

impl Sign {
    fn outline(self) -> &'static str {
        match self {
            Self::Back => "M19 12H5m6-7-7 7 7 7",
            Self::Forward => "m9 5 7 7-7 7",
            Self::Check => "m4.5 12.5 5 5 10-11",
            Self::Cross => "m6 6 12 12M18 6 6 18",
            Self::Warning => "M12 3.5 2.5 20h19L12 3.5ZM12 10v4.5m0 2.8v.2",
            Self::Info => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 8v5.5m0-9v.2",
            Self::Refused => "M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3L8.3 3ZM8 12h8",
            Self::More => {
                "M4 12a1 1 0 1 0 2 0 1 1 0 0 0-2 0Zm7 0a1 1 0 1 0 2 0 1 1 0 0 0-2 0Zm7 0a1 1 0 1 0 2 0 1 1 0 0 0-2 0Z"
            }
            Self::Phone => {
                "M8 2.5h8a1.5 1.5 0 0 1 1.5 1.5v16a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 20V4A1.5 1.5 0 0 1 8 2.5ZM11 18.5h2"
            }
            Self::Parcel => "m12 3 8.5 4.5v9L12 21l-8.5-4.5v-9L12 3Zm0 9 8.5-4.5M12 12v9m0-9L3.5 7.5",
            Self::Office => "M3 9.5 12 4l9 5.5H3ZM5.5 9.5V18m4.3-8.5V18m4.4-8.5V18m4.3-8.5V18M3 20.5h18",
            Self::People => {
                "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M16 4.8a3.5 3.5 0 0 1 0 6.4m2 3.3c2.1.9 3.5 2.9 3.5 5.5"
            }
            Self::Paper => "M6 2.5h8.5L19 7v14.5H6a.5.5 0 0 1-.5-.5V3a.5.5 0 0 1 .5-.5ZM14 2.5V7.5h5M8.5 12h7m-7 4h7",
            Self::Printer => "M7 8.5V3h10v5.5M7 17.5H3.5v-9h17v9H17M7 14h10v7H7v-7Z",
            Self::Undo => "M8.5 4 4 8.5 8.5 13M4.5 8.5h10a5.5 5.5 0 0 1 0 11H8",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Pencil => "m4 20 1-4.5L16.5 4 20 7.5 8.5 19 4 20Zm10-13.5L17.5 10",
            Self::Lock => "M5.5 10.5h13v10h-13v-10ZM8 10.5V7.5a4 4 0 0 1 8 0v3M12 14.5v2.5",
            Self::Exchange => "M4 12a8 8 0 0 1 14-5.3L20 9m0-5v5h-5M20 12a8 8 0 0 1-14 5.3L4 15m0 5v-5h5",
            Self::Flag => "M5 21.5V3M5 4c4-2 8 2 13.5 0v9.5C13 15.5 9 11.5 5 13.5",
            Self::Urn => "M4 9h16v11.5H4V9Zm0 0 2.5-4h11L20 9M9 9h6M10 6.5V3h4v3.5",
            Self::Erase => "M8 5h12.5v14H8l-5.5-7L8 5Zm3.5 4.5 5 5m0-5-5 5",
            Self::Grid => {
                "M4 4h4v4H4V4Zm6 0h4v4h-4V4Zm6 0h4v4h-4V4ZM4 10h4v4H4v-4Zm6 0h4v4h-4v-4Zm6 0h4v4h-4v-4ZM4 16h4v4H4v-4Zm6 0h4v4h-4v-4Zm6 0h4v4h-4v-4Z"
            }
            Self::Code => "M4 4h6v6H4V4Zm10 0h6v6h-6V4ZM4 14h6v6H4v-6Zm10 0h2.5v2.5H14V14Zm6 0v3m-6 3h2.5m3.5 0v-.1",
        }
    }

    /// Every sign, for the gallery.
    pub const ALL: [Sign; 24] = [
        Self::Back,
        Self::Forward,
        Self::Check,
        Self::Cross,
        Self::Warning,
        Self::Info,
        Self::Refused,
        Self::More,
        Self::Phone,
        Self::Parcel,
        Self::Office,
        Self::People,
        Self::Paper,
        Self::Printer,
        Self::Undo,
        Self::Plus,
        Self::Pencil,
        Self::Lock,
        Self::Exchange,
        Self::Flag,
        Self::Urn,
        Self::Erase,
        Self::Grid,
        Self::Code,
    ];
}

/// Draws a sign in the size and colour of the text beside it; hidden from screen readers, which hear the word.
#[component]
pub fn Icon(
    /// Which sign.
    sign: Sign,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=sign.outline() />
        </svg>
    }
}
