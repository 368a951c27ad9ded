//! The page itself: its language for whoever reads it aloud, its beginning, and opening it anew.

use leptos::prelude::{document, window};

/// Says in which language the page is, for screen readers and for the choice of characters' shapes.
pub fn set_language(language: &str) {
    if let Some(root) = document().document_element() {
        // Only a name that is no attribute's name is refused.
        drop(root.set_attribute("lang", language));
    }
}

/// Shows the page from its beginning, after most of it was replaced.
pub fn to_the_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Opens the page anew.
pub fn reload() {
    // The browser refuses only while the page is being left anyway.
    drop(window().location().reload());
}
