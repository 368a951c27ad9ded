//! A draft as one text, so that it can outlive the page: a line each for the day, the villages and the touched fields.

use shared::id::UnitCode;

use super::{RecordDraft, Touched};

const DATE: &str = "date";
const HOST: &str = "host";
const FIELD: &str = "field";

impl RecordDraft {
    /// Writes the draft as a text that [`RecordDraft::from_text`] reads back.
    pub fn to_text(&self) -> String {
        let mut lines = vec![line(&[DATE, &self.date])];
        lines.extend(self.hosts.iter().map(|host| line(&[HOST, host.as_str()])));
        let field = |(key, touched): (&String, &Touched)| line(&[FIELD, key, &touched.before, &touched.text]);
        lines.extend(self.touched.iter().map(field));
        lines.join("\n")
    }

    /// Reads a kept draft; a line that cannot be read, as after an update, is passed over.
    pub fn from_text(text: &str) -> Self {
        let mut draft = Self::default();
        for line in text.lines() {
            let parts: Vec<String> = line.split('\t').map(plain).collect();
            match parts.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                [DATE, date] => draft.date = (*date).to_owned(),
                [HOST, host] => draft.hosts.extend(UnitCode::new(host)),
                [FIELD, key, before, text] => {
                    let touched = Touched { before: (*before).to_owned(), text: (*text).to_owned() };
                    draft.touched.insert((*key).to_owned(), touched);
                }
                _ => {}
            }
        }
        draft
    }
}

fn line(parts: &[&str]) -> String {
    parts.iter().map(|part| escaped(part)).collect::<Vec<_>>().join("\t")
}

fn escaped(part: &str) -> String {
    part.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

fn plain(part: &str) -> String {
    let mut text = String::with_capacity(part.len());
    let mut characters = part.chars();
    while let Some(character) = characters.next() {
        let meant = match character {
            '\\' => characters.next().map(|escaped| match escaped {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                other => other,
            }),
            other => Some(other),
        };
        text.extend(meant);
    }
    text
}
