//! What goes on paper: which serials a group's blank ballots bear, and how they share pages.

use shared::domain::ballot::Serial;
use shared::domain::meeting::{Meeting, MeetingSettings, SERIAL_LIMIT};
use shared::id::GroupId;

/// The most lines of 6 mm that one side of a sheet of A4 takes under a ballot's head.
const LINES_OF_A_SHEET: usize = 32;

/// The most lines with which two ballots share a sheet of A4: half of its height less the head, at 7 mm a line.
const LINES_OF_HALF_A_SHEET: usize = 12;

/// A run of blank ballots for one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BallotRun {
    /// For whom.
    pub group: GroupId,
    /// The first serial.
    pub first: u32,
    /// How many.
    pub count: u32,
}

/// Returns the runs that the printed ballots of a meeting have by default, in rulebook order.
///
/// Serials that were handed out are printed again as they are; otherwise every voter gets one, each group after
/// the one before it.
pub fn runs(meeting: &Meeting, settings: &MeetingSettings) -> Vec<BallotRun> {
    let mut next = 1;
    let mut runs = Vec::new();
    for group in &settings.rulebook.groups {
        let issued = meeting.issued.get(&group.id).map(|issued| &issued.serials);
        let (first, count) = match issued.and_then(|serials| Some((serials.first()?, serials.last()?))) {
            Some((first, last)) => (first.0, last.0 - first.0 + 1),
            None => (next, settings.raters(&group.id).count() as u32),
        };
        next = next.max(first + count);
        runs.push(BallotRun { group: group.id.clone(), first, count });
    }
    runs
}

/// Returns the serials of a run; none beyond what a ballot can bear.
pub fn serials(run: &BallotRun) -> Vec<Serial> {
    let end = run.first.saturating_add(run.count).min(SERIAL_LIMIT + 1);
    (run.first.max(1)..end).map(Serial).collect()
}

/// Returns how many ballots share a sheet: two while each fits on half of it, else one.
pub fn ballots_per_sheet(subjects: usize) -> usize {
    if subjects <= LINES_OF_HALF_A_SHEET { 2 } else { 1 }
}

/// Returns whether a ballot's lines must stand closer, so that forty subjects fit one side of a sheet.
pub fn is_dense(subjects: usize) -> bool {
    subjects > LINES_OF_A_SHEET
}

/// Returns groups of ballots, one per sheet.
pub fn on_sheets(serials: &[Serial], subjects: usize) -> Vec<Vec<Serial>> {
    serials.chunks(ballots_per_sheet(subjects)).map(<[Serial]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ballots_share_a_sheet_while_they_fit() {
        assert_eq!((ballots_per_sheet(12), ballots_per_sheet(13)), (2, 1));
        assert_eq!([12, 32, 40].map(is_dense), [false, false, true]);
        let serials = serials(&BallotRun { group: GroupId::new("members").unwrap(), first: 41, count: 3 });
        let printed: Vec<Vec<String>> =
            on_sheets(&serials, 8).iter().map(|sheet| sheet.iter().map(Serial::to_string).collect()).collect();
        assert_eq!(printed, [vec!["041", "042"], vec!["043"]]);
    }

    #[test]
    fn no_ballot_bears_a_serial_that_cannot_be_entered() {
        let run = |first, count| serials(&BallotRun { group: GroupId::new("members").unwrap(), first, count });
        assert_eq!(run(SERIAL_LIMIT, 5), [Serial(SERIAL_LIMIT)]);
        assert_eq!(run(0, 2), [Serial(1)]);
        assert!(run(u32::MAX, u32::MAX).is_empty());
    }
}
