//! The script that every storage adapter must pass, as data, so that a browser and a map in memory run the same.

use crate::store::Row;

/// One step of the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Write in one transaction and wait for its confirmation.
    Write {
        /// Rows to put.
        puts: Vec<Row>,
        /// Keys to delete.
        deletes: Vec<String>,
    },
    /// Start a transaction that puts these rows and abort it before it completes.
    ///
    /// An adapter that cannot abort skips the step; nothing after it may show a trace.
    Abort {
        /// Rows that must never be seen.
        puts: Vec<Row>,
    },
    /// Close and open the store again, as a restart does.
    Reopen,
    /// Read one row: exactly this must lie there.
    Read {
        /// The key.
        key: String,
        /// The value, or nothing.
        expect: Option<Vec<u8>>,
    },
    /// Read all rows and sort them by key: exactly these must lie there.
    LoadAll {
        /// Every row by key.
        expect: Vec<Row>,
    },
}

/// Returns the script; it starts from an empty store.
pub fn script() -> Vec<Step> {
    let large: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    vec![
        Step::LoadAll { expect: vec![] },
        Step::Read { key: "journal/1".into(), expect: None },
        // A write is seen whole, and again after a restart.
        write(&[("journal/1", b"one"), ("journal/2", b"two")], &[]),
        read("journal/1", b"one"),
        Step::Reopen,
        all(&[("journal/1", b"one"), ("journal/2", b"two")]),
        // Writing twice equals writing once.
        write(&[("journal/2", b"two")], &[]),
        all(&[("journal/1", b"one"), ("journal/2", b"two")]),
        // Replacing and deleting happen in one transaction; a key that does not exist is no error.
        write(&[("journal/2", b"zwei"), ("snapshot/a/1", b"")], &["journal/1", "journal/9"]),
        all(&[("journal/2", b"zwei"), ("snapshot/a/1", b"")]),
        // A key both deleted and put ends with the new value.
        write(&[("journal/2", b"deux")], &["journal/2"]),
        read("journal/2", b"deux"),
        // What was aborted was never there.
        Step::Abort { puts: vec![row("journal/2", b"lost"), row("journal/3", b"lost")] },
        all(&[("journal/2", b"deux"), ("snapshot/a/1", b"")]),
        // Bytes come back as they went in: every value of a byte, and rows of document size.
        write(&[("snapshot/a/2", &large)], &["snapshot/a/1"]),
        Step::Reopen,
        read("snapshot/a/2", &large),
        // Keys are told apart to the last character and case.
        write(&[("urn/x-1", b"x"), ("urn/x-10", b"y"), ("urn/X-1", b"z")], &["snapshot/a/2"]),
        write(&[], &["urn/x-1"]),
        Step::Reopen,
        all(&[("journal/2", b"deux"), ("urn/X-1", b"z"), ("urn/x-10", b"y")]),
    ]
}

fn row(key: &str, value: &[u8]) -> Row {
    Row { key: key.to_owned(), value: value.to_owned() }
}

fn rows(pairs: &[(&str, &[u8])]) -> Vec<Row> {
    pairs.iter().map(|(key, value)| row(key, value)).collect()
}

fn write(puts: &[(&str, &[u8])], deletes: &[&str]) -> Step {
    Step::Write { puts: rows(puts), deletes: deletes.iter().map(|&key| key.to_owned()).collect() }
}

fn read(key: &str, value: &[u8]) -> Step {
    Step::Read { key: key.to_owned(), expect: Some(value.to_owned()) }
}

fn all(pairs: &[(&str, &[u8])]) -> Step {
    Step::LoadAll { expect: rows(pairs) }
}
