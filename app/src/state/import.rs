//! A roster file as it is looked at before it is accepted.

use shared::domain::person::Roster;
use shared::domain::roster_file::{RosterChanges, RosterPreview, RowProblem};

/// The most problems listed: whoever has more mends the sheet at its source.
pub const PROBLEMS_SHOWN: usize = 200;

/// What the preview says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// What accepting would change.
    pub changes: RosterChanges,
    /// Households of the rows that can be taken.
    pub households: usize,
    /// People of the rows that can be taken.
    pub people: usize,
    /// Rows that cannot be taken, the first [`PROBLEMS_SHOWN`] of them.
    pub problems: Vec<RowProblem>,
    /// How many cannot be taken.
    pub problem_count: usize,
}

impl Preview {
    /// Looks at a file beside the roster.
    pub fn of(file: &RosterPreview, roster: &Roster) -> Self {
        Self {
            changes: file.changes(roster),
            households: file.households.len(),
            people: file.people.len(),
            problems: file.problems.iter().take(PROBLEMS_SHOWN).cloned().collect(),
            problem_count: file.problems.len(),
        }
    }

    /// Returns whether accepting would change anything.
    pub fn changes_something(&self) -> bool {
        self.changes.new + self.changes.changed > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::domain::roster_file::read_roster;
    use shared::id::UnitCode;

    const FILE: &str = "户号,小组,姓名,党员\n12,一组,王伟,正式\n13,一组,李芳,\n14,,张三,\n";

    #[test]
    fn a_file_imported_before_changes_nothing() {
        let village = UnitCode::new("420529202209").unwrap();
        let file = read_roster(FILE.as_bytes(), &village);
        let mut roster = Roster::default();
        let before = Preview::of(&file, &roster);
        assert_eq!((before.changes.new, before.people, before.problem_count), (2, 2, 1), "{:?}", before.problems);
        assert!(before.changes_something());
        roster.people.extend(file.people.iter().map(|person| (person.id.clone(), person.clone())));
        roster.households.extend(file.households.iter().map(|home| (home.id.clone(), home.clone())));
        let after = Preview::of(&file, &roster);
        assert_eq!((after.changes.unchanged, after.changes_something()), (2, false));
    }
}
