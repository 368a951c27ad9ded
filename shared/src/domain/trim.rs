//! The mean without one highest and one lowest (去高去低平均), and what was left out of it.

use crate::number::{NumberError, Ratio};

/// The fewest totals of which something is left when the highest and the lowest are dropped.
///
/// A rulebook that trims from fewer keeps one or two whole: a group that rated somebody has a mean.
const TRIM_LEAVES_ONE: usize = 3;

/// A mean over totals, with everything that "show the sum" needs (DOMAIN section 6, rule 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrimmedMean {
    /// The totals that count, lowest first.
    pub kept: Vec<Ratio>,
    /// The totals that were dropped, if there were enough.
    pub dropped: Option<Dropped>,
    /// The sum of the totals that count.
    pub sum: Ratio,
    /// The sum over how many there are; `None` without any.
    pub mean: Option<Ratio>,
}

/// The one highest and one lowest total that do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The highest; if several share it, one of them.
    pub high: Ratio,
    /// The lowest; if several share it, one of them.
    pub low: Ratio,
}

impl TrimmedMean {
    /// Drops one highest and one lowest of at least `trim_min` totals (0 is never) and takes the mean of the rest.
    pub fn of(mut totals: Vec<Ratio>, trim_min: u32) -> Result<Self, NumberError> {
        totals.sort_unstable();
        let trims = trim_min > 0 && totals.len() >= (trim_min as usize).max(TRIM_LEAVES_ONE);
        let (kept, dropped) = match totals.as_slice() {
            [low, kept @ .., high] if trims => (kept.to_vec(), Some(Dropped { high: *high, low: *low })),
            _ => (totals, None),
        };
        let sum = Ratio::sum(kept.iter().copied())?;
        let mean = match kept.len() {
            0 => None,
            count => Some(sum.over(Ratio::integer(count as i128))?),
        };
        Ok(Self { kept, dropped, sum, mean })
    }

    /// Returns how many totals there are, those dropped included.
    pub fn count(&self) -> usize {
        self.kept.len() + self.dropped_count()
    }

    /// Returns how many totals do not count: none or two.
    pub fn dropped_count(&self) -> usize {
        if self.dropped.is_some() { 2 } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_exactly_one_of_several_extremes() {
        let totals = |values: &[i128]| values.iter().copied().map(Ratio::integer).collect::<Vec<_>>();
        let of = |values: &[i128], trim_min| TrimmedMean::of(totals(values), trim_min).unwrap();
        let mean = of(&[90, 70, 90, 70, 85], 5);
        assert_eq!((mean.kept.clone(), mean.dropped_count()), (totals(&[70, 85, 90]), 2));
        assert_eq!(mean.mean, Some(Ratio::new(245, 3).unwrap()));
        assert_eq!(of(&[80; 6], 5).mean, Some(Ratio::integer(80)), "E13");
        assert_eq!((of(&[1, 2, 3, 4], 5).dropped_count(), of(&[1, 2], 1).dropped_count()), (0, 0));
        assert_eq!((of(&[], 5).mean, of(&[9], 0).count()), (None, 1));
    }
}
