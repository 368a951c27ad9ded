//! What one rater says, on paper, by hand or at the urn.

use std::collections::BTreeMap;

use crate::id::{FactId, GroupId, PersonId};

/// How a session collects its ballots (DOMAIN W3, ballot secrecy).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BallotMode {
    /// Hands are counted per subject and level; no ballot exists.
    ShowOfHands,
    /// Printed ballots with a serial and no name, entered by two people independently.
    SecretPaper,
    /// One phone is the urn; voters take turns; nothing leaves it before closing.
    SecretDevice,
}

/// The number printed on a paper ballot, tied to nobody; from 1, printed with three digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Serial(pub u32);

impl std::fmt::Display for Serial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:03}", self.0)
    }
}

/// What a ballot says of one subject; scores stand in the order of the rulebook's criteria.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// One whole score per criterion.
    Scores(Vec<u32>),
    /// The rater abstains on this subject alone (E14).
    Abstained,
}

/// What a whole paper ballot is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BallotContent {
    /// A mark per subject, in the order of the meeting's subjects.
    Valid(Vec<Mark>),
    /// 废票: returned, not valid.
    Spoiled,
    /// 弃权: returned blank; counts for turnout, not for the mean.
    Abstained,
}

/// One person's entry of one paper ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperBallot {
    /// The printed number.
    pub serial: Serial,
    /// The rater group the ballot was issued to.
    pub group: GroupId,
    /// What stands on the paper.
    pub content: BallotContent,
    /// The same person's earlier entries of this serial that this one corrects.
    pub replaces: Vec<FactId>,
}

/// Hands counted for one subject in one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandCount {
    /// Who is rated.
    pub subject: PersonId,
    /// Who rates.
    pub group: GroupId,
    /// Hands per level, in the order of the rulebook's levels; each hand gives that level on every criterion.
    pub hands: Vec<u32>,
    /// Raters who raised no hand.
    pub abstained: u32,
    /// Earlier counts that this one corrects.
    pub replaces: Vec<FactId>,
}

/// What the urn holds at closing: per rater group and subject the marks in sorted order.
///
/// Sorting each subject's marks by themselves leaves neither ballots nor their order to be put together again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UrnTally {
    /// Ballots dropped per group, those of abstainers included.
    pub dropped: BTreeMap<GroupId, u32>,
    /// Marks per group, one sorted list per subject in the order of the meeting's subjects.
    pub marks: BTreeMap<GroupId, Vec<Vec<Mark>>>,
}
