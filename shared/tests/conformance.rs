//! The storage script on the simplest store there is: a map in memory, so that the script itself is known to hold.

use std::collections::BTreeMap;

use shared::store::Row;
use shared::store::conformance::{Step, script};

#[derive(Default)]
struct Memory {
    rows: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    fn write(&mut self, puts: &[Row], deletes: &[String]) {
        deletes.iter().for_each(|key| drop(self.rows.remove(key)));
        self.rows.extend(puts.iter().map(|row| (row.key.clone(), row.value.clone())));
    }

    fn all(&self) -> Vec<Row> {
        self.rows.iter().map(|(key, value)| Row { key: key.clone(), value: value.clone() }).collect()
    }
}

#[test]
fn a_map_in_memory_passes_the_script() {
    let mut store = Memory::default();
    for (number, step) in script().into_iter().enumerate() {
        match step {
            Step::Write { puts, deletes } => store.write(&puts, &deletes),
            // What is aborted or closed leaves a map as it is.
            Step::Abort { .. } | Step::Reopen => {}
            Step::Read { key, expect } => assert_eq!(store.rows.get(&key), expect.as_ref(), "step {number}"),
            Step::LoadAll { expect } => assert_eq!(store.all(), expect, "step {number}"),
        }
    }
}

/// The script must tell a store that forgets, mixes up or shows half of something from one that does not.
#[test]
fn the_script_sees_a_store_that_puts_before_it_deletes() {
    let mut store = Memory::default();
    let mut wrong = false;
    for step in script() {
        match step {
            Step::Write { puts, deletes } => {
                store.write(&puts, &[]);
                store.write(&[], &deletes);
            }
            Step::Abort { .. } | Step::Reopen => {}
            Step::Read { key, expect } => wrong |= store.rows.get(&key) != expect.as_ref(),
            Step::LoadAll { expect } => wrong |= store.all() != expect,
        }
    }
    assert!(wrong);
}
