//! The columns of operations, as changes and bundles have them.

use super::OPERATIONS;
use super::columns::{Columns, places};

const OBJECT_ACTOR: u64 = 1;
const OBJECT_COUNTER: u64 = 2;
const OBJECT_DELTA: u64 = 3;
const KEY_TEXT: u64 = 1 << 4 | 5;
pub(super) const ACTOR: u64 = 2 << 4 | 1;
const INSERT: u64 = 3 << 4 | 4;
const ACTION: u64 = 4 << 4 | 2;
/// To make a map, to put a value under a key, and to take one of several equal ones away; no version writes lists, texts
/// to be edited together, or counters.
const ACTIONS: [u64; 3] = [0, 1, 3];
const VALUE_LENGTH: u64 = 5 << 4 | 6;
const VALUE: u64 = 5 << 4 | 7;
const BEFORE_COUNT: u64 = 7 << 4;
const BEFORE_ACTOR: u64 = 7 << 4 | 1;
const BEFORE_DELTA: u64 = 7 << 4 | 3;
const EXPAND: u64 = 9 << 4 | 4;
/// Where each operation, in the order of writers and their changes, stands in the columns.
pub(super) const PLACE: u64 = 11 << 4 | 3;

/// Checks that operations name actors that there are, texts that are texts, and values within the bytes of values.
pub(super) fn check(columns: &Columns<'_>, actors: u64) -> Option<()> {
    columns.are_among(&[
        OBJECT_ACTOR,
        OBJECT_COUNTER,
        OBJECT_DELTA,
        KEY_TEXT,
        ACTOR,
        INSERT,
        ACTION,
        VALUE_LENGTH,
        VALUE,
        BEFORE_COUNT,
        BEFORE_ACTOR,
        BEFORE_DELTA,
        EXPAND,
        PLACE,
    ])?;
    for column in [OBJECT_ACTOR, BEFORE_ACTOR] {
        let named = columns.numbers(column)?.into_iter().flatten();
        places(named.map(Some).collect(), actors)?;
    }
    columns.numbers(OBJECT_COUNTER)?;
    let mut actions = columns.numbers(ACTION)?.into_iter();
    actions.all(|action| action.is_some_and(|action| ACTIONS.contains(&action))).then_some(())?;
    for column in [OBJECT_DELTA, BEFORE_DELTA] {
        columns.sums(column)?;
    }
    columns.texts(KEY_TEXT)?;
    for column in [INSERT, EXPAND] {
        columns.is_down(column)?;
    }
    columns.total(BEFORE_COUNT).filter(|total| *total <= OPERATIONS)?;
    let mut values = columns.numbers(VALUE_LENGTH)?.into_iter().flatten();
    let length = values.try_fold(0_u64, |sum, meta| sum.checked_add(meta >> 4))?;
    (length <= columns.length(VALUE)).then_some(())
}
