//! The columns of a table of changes or operations, read as strictly as their writer made them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::DeflateDecoder;

use super::{Cursor, OPERATIONS};
use crate::identity::batch::BATCH_CHANGES;

/// Whether a column is deflated: the bit of its specification above the three that say how values stand in it.
const DEFLATED: u64 = 0b1000;

/// Returns values that are all there, and each the place of an actor.
pub(super) fn places(values: Vec<Option<u64>>, actors: u64) -> Option<Vec<u64>> {
    values.into_iter().map(|value| value.filter(|place| *place < actors)).collect()
}

/// The columns of a table by their specifications, inflated.
pub(super) struct Columns<'a>(BTreeMap<u64, Cow<'a, [u8]>>);

impl<'a> Columns<'a> {
    /// Reads the layout and the columns behind it; `room` is how many bytes they may unfold to.
    pub(super) fn read(at: &mut Cursor<'a>, room: &mut usize) -> Option<Self> {
        let mut layout = Vec::new();
        for _ in 0..at.number()? {
            layout.push((at.number()?, at.number()?));
        }
        let mut columns = BTreeMap::new();
        for (specification, length) in layout {
            let stored = at.skip(length)?;
            let mut column = Cow::Borrowed(stored);
            if specification & DEFLATED != 0 {
                let mut inflated = Vec::new();
                DeflateDecoder::new(stored).take(*room as u64).read_to_end(&mut inflated).ok()?;
                column = Cow::Owned(inflated);
            }
            *room = room.checked_sub(column.len()).filter(|room| *room > 0)?;
            columns.insert(specification & !DEFLATED, column).is_none().then_some(())?;
        }
        Some(Self(columns))
    }

    pub(super) fn are_among(&self, known: &[u64]) -> Option<()> {
        self.0.keys().all(|specification| known.contains(specification)).then_some(())
    }

    fn column(&self, specification: u64) -> Cursor<'_> {
        Cursor(self.0.get(&specification).map_or(&[], |column| column.as_ref()))
    }

    pub(super) fn length(&self, specification: u64) -> u64 {
        self.column(specification).0.len() as u64
    }

    /// Reads a column of numbers; a value that is not there is nothing.
    pub(super) fn numbers(&self, specification: u64) -> Option<Vec<Option<u64>>> {
        let mut values = Vec::new();
        runs(self.column(specification), |column, times| {
            let value = column.map_or(Some(None), |column| column.short().map(|(value, _)| Some(value)))?;
            values.extend(std::iter::repeat_n(value, times));
            Some(())
        })?;
        Some(values)
    }

    /// Reads a column of differences and returns their sums.
    pub(super) fn sums(&self, specification: u64) -> Option<Vec<Option<i64>>> {
        let (mut values, mut sum) = (Vec::new(), 0_i64);
        runs(self.column(specification), |column, times| {
            let difference = column.map_or(Some(None), |column| column.short_signed().map(Some))?;
            for _ in 0..times {
                sum = sum.checked_add(difference.unwrap_or(0))?;
                values.push(difference.map(|_| sum));
            }
            Some(())
        })?;
        Some(values)
    }

    /// Returns the sum of a column of counts.
    pub(super) fn total(&self, specification: u64) -> Option<u64> {
        self.numbers(specification)?.into_iter().flatten().try_fold(0_u64, u64::checked_add)
    }

    /// Reads a column of texts.
    pub(super) fn texts(&self, specification: u64) -> Option<()> {
        runs(self.column(specification), |column, _| {
            let Some(column) = column else { return Some(()) };
            let (length, _) = column.short()?;
            std::str::from_utf8(column.skip(length)?).ok().map(drop)
        })
    }

    /// Checks that no flag of a column is up: runs take turns, and the first is of flags that are down.
    pub(super) fn is_down(&self, specification: u64) -> Option<()> {
        let mut column = self.column(specification);
        if !column.0.is_empty() {
            column.short()?;
        }
        column.0.is_empty().then_some(())
    }
}

/// Goes through the runs of a column: `take` reads one value, or is given nothing where there is none, and is told how
/// often the value stands there.
fn runs<'a>(mut column: Cursor<'a>, mut take: impl FnMut(Option<&mut Cursor<'a>>, usize) -> Option<()>) -> Option<()> {
    let mut count = 0_u64;
    let limit = OPERATIONS.max(BATCH_CHANGES as u64);
    while !column.0.is_empty() {
        let run = column.short_signed()?;
        let nothing = if run == 0 { column.short()?.0 } else { 0 };
        count = count.checked_add(run.unsigned_abs())?.checked_add(nothing).filter(|count| *count <= limit)?;
        match run {
            0 => take(None, usize::try_from(nothing).ok()?)?,
            1.. => take(Some(&mut column), usize::try_from(run).ok()?)?,
            _ => (0..run.unsigned_abs()).try_for_each(|_| take(Some(&mut column), 1))?,
        }
    }
    Some(())
}
