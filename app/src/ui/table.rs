//! Tables: ruled like a ledger, scrolling inside their own frame.

use leptos::prelude::*;

/// A column of a [`Table`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub label: String,
    /// Its cells are figures, set to the end of the column.
    pub numeric: bool,
}

impl Column {
    /// A column of words.
    pub fn words(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: false }
    }

    /// A column of figures.
    pub fn figures(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: true }
    }
}

/// A table of plain text; the first cell of a row is its heading.
#[component]
pub fn Table(
    /// What it shows; also the name of the region that scrolls.
    #[prop(into)]
    caption: Signal<String>,
    /// Its columns.
    #[prop(into)]
    columns: Signal<Vec<Column>>,
    /// Its rows, each with a cell per column.
    #[prop(into)]
    rows: Signal<Vec<Vec<String>>>,
) -> impl IntoView {
    let head = move || {
        columns
            .get()
            .into_iter()
            .map(|column| view! { <th scope="col" data-numeric=column.numeric.then_some("")>{column.label}</th> })
            .collect_view()
    };
    let cell = move |(place, words): (usize, String)| {
        let numeric = columns.with(|columns| columns.get(place).is_some_and(|column| column.numeric)).then_some("");
        match place {
            0 => view! { <th scope="row" data-numeric=numeric>{words}</th> }.into_any(),
            _ => view! { <td data-numeric=numeric>{words}</td> }.into_any(),
        }
    };
    let body = move || {
        rows.get()
            .into_iter()
            .map(|cells| view! { <tr>{cells.into_iter().enumerate().map(cell).collect_view()}</tr> })
            .collect_view()
    };
    view! {
        <TableFrame caption>
            <thead>
                <tr>{head}</tr>
            </thead>
            <tbody>{body}</tbody>
        </TableFrame>
    }
}

/// The frame of a table whose head and body the caller writes.
#[component]
pub fn TableFrame(
    /// What it shows; also the name of the region that scrolls.
    #[prop(into)]
    caption: Signal<String>,
    /// `thead` and `tbody`.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="table-frame" role="region" tabindex="0" aria-label=caption>
            <table class="table">
                <caption>{caption}</caption>
                {children()}
            </table>
        </div>
    }
}
