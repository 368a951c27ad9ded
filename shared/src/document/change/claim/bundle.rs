//! What a bundle claims, checked before it is opened: Automerge reads a bundle's columns as its own writer left them,
//! and neither texts, lengths, places of actors nor ranges of operations are looked at again.

use std::collections::BTreeSet;

use super::columns::{Columns, places};
use super::{Cursor, HASH_BYTES, HEAD_BYTES, operations};
use crate::identity::batch::{BATCH_CHANGES, EXPANDED_BYTES};

/// Columns of the changes, by their specifications.
mod change {
    pub const ACTOR: u64 = 1;
    pub const SEQ: u64 = 3;
    pub const FIRST: u64 = 1 << 4 | 3;
    pub const LAST: u64 = 2 << 4 | 3;
    pub const TIME: u64 = 3 << 4 | 3;
    pub const MESSAGE: u64 = 4 << 4 | 5;
    pub const DEPENDENCY_COUNT: u64 = 5 << 4;
    pub const DEPENDENCIES: u64 = 5 << 4 | 3;
    pub const EXTRA_LENGTH: u64 = 6 << 4;
    pub const EXTRA: u64 = 6 << 4 | 7;
}

/// Tells whether a bundle can be opened.
///
/// Whatever does not have the layout of a bundle of ours cannot; nor can one of an earlier layout, which was never sent.
pub fn is_sound(bytes: &[u8]) -> bool {
    bytes.get(HEAD_BYTES..).is_some_and(|body| read(&mut Cursor(body)).is_some())
}

fn read(at: &mut Cursor<'_>) -> Option<()> {
    if at.number()? != at.0.len() as u64 {
        return None;
    }
    let outside = at.number()?;
    at.skip(outside.checked_mul(HASH_BYTES as u64)?)?;
    let actors = at.number()?;
    for _ in 0..actors {
        at.text()?;
    }
    let mut room = EXPANDED_BYTES;
    let changes = Columns::read(at, &mut room)?;
    let table = Columns::read(at, &mut room)?;
    let rows = changes_of(&changes, actors, outside)?;
    operations::check(&table, actors)?;
    let writers = places(table.numbers(operations::ACTOR)?, actors)?;
    fill_their_ranges(&table.sums(operations::PLACE)?, &writers, &rows)?;
    at.0.is_empty().then_some(())
}

/// One change: its writer, its place in the writer's row, and its first and last operation.
type Row = (u64, u64, u64, u64);

fn changes_of(columns: &Columns, actors: u64, outside: u64) -> Option<Vec<Row>> {
    use change::*;
    columns.are_among(&[
        ACTOR,
        SEQ,
        FIRST,
        LAST,
        TIME,
        MESSAGE,
        DEPENDENCY_COUNT,
        DEPENDENCIES,
        EXTRA_LENGTH,
        EXTRA,
    ])?;
    let writers = places(columns.numbers(ACTOR)?, actors)?;
    let (seq, first, last) = (columns.sums(SEQ)?, columns.sums(FIRST)?, columns.sums(LAST)?);
    columns.sums(TIME)?;
    columns.texts(MESSAGE)?;
    let count = writers.len();
    if count > BATCH_CHANGES || [&seq, &first, &last].iter().any(|column| column.len() != count) {
        return None;
    }
    let mut dependencies = columns.sums(DEPENDENCIES)?.into_iter();
    let mut counts = columns.numbers(DEPENDENCY_COUNT)?.into_iter();
    let mut rows = Vec::with_capacity(count);
    for (place, writer) in writers.into_iter().enumerate() {
        let row = (writer, positive(seq[place])?, positive(first[place])?, positive(last[place])?);
        if row.2 > row.3 {
            return None;
        }
        rows.push(row);
        for _ in 0..counts.next().flatten().unwrap_or(0) {
            // A change of the bundle that stands before this one, or one of those outside it.
            let at = u64::try_from(dependencies.next()??).ok()?;
            let known = at < place as u64 || at.checked_sub(count as u64).is_some_and(|at| at < outside);
            known.then_some(())?;
        }
    }
    let extra = columns.total(EXTRA_LENGTH)?;
    (extra <= columns.length(EXTRA)).then_some(rows)
}

/// Checks that each operation of each change stands in one place, that every place is taken, and by its writer.
fn fill_their_ranges(places: &[Option<i64>], writers: &[u64], rows: &[Row]) -> Option<()> {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    let follows = |pair: &[Row]| pair[0].0 != pair[1].0 || (pair[0].1 < pair[1].1 && pair[0].3 < pair[1].2);
    if !rows.windows(2).all(follows) || places.len() != writers.len() {
        return None;
    }
    let mut taken = BTreeSet::new();
    let mut next = places.iter();
    for (writer, _, first, last) in rows {
        for _ in first..=last {
            let place = usize::try_from((*next.next()?)?).ok()?;
            (writers.get(place) == Some(&writer) && taken.insert(place)).then_some(())?;
        }
    }
    next.next().is_none().then_some(())
}

fn positive(value: Option<i64>) -> Option<u64> {
    u64::try_from(value?).ok().filter(|value| *value > 0)
}
