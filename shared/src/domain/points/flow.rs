//! The way of an entry (W5): claimed, verified, deliberated, noticed, booked, and what stops it.

use crate::role::Role;

/// How far the moves have brought an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// 申报
    Claimed,
    /// 核实
    Verified,
    /// 评议
    Deliberated,
    /// 公示
    Noticed,
    /// 入账
    Booked,
    /// 驳回
    Rejected,
}

/// What people do with entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PointStep {
    /// Confirm that it happened.
    Verify,
    /// Approve it in a meeting.
    Deliberate,
    /// Put it on the wall.
    Notice,
    /// Put it into the account.
    Book,
    /// Turn it down.
    Reject,
    /// Keep it from counting until somebody decides: a doubt, an objection, a veto.
    Hold,
    /// Let it go on.
    Release,
}

impl PointStep {
    /// Every step; its place is its number in facts and never changes.
    pub const ALL: [Self; 7] =
        [Self::Verify, Self::Deliberate, Self::Notice, Self::Book, Self::Reject, Self::Hold, Self::Release];

    /// Returns the roles of the village that may take it (DOMAIN section 4).
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Verify => &[Role::Scribe, Role::GroupLeader, Role::SupervisionCommittee],
            Self::Deliberate | Self::Book => &[Role::VillageSecretary],
            Self::Notice => &[Role::VillageSecretary, Role::Scribe],
            Self::Reject | Self::Release => &[Role::VillageSecretary, Role::SupervisionCommittee],
            Self::Hold => &[Role::VillageSecretary, Role::Scribe, Role::SupervisionCommittee],
        }
    }

    /// Tells whether it asks for words: the meeting, the notice, or a reason.
    pub fn asks_for_words(self) -> bool {
        !matches!(self, Self::Verify | Self::Book)
    }

    /// Tells whether it approves, which nobody does who claimed, verified or profits.
    pub fn approves(self) -> bool {
        matches!(self, Self::Deliberate | Self::Book)
    }

    /// Returns the stages from which it leads on and the one to which; nothing for holding and releasing, which leave
    /// an entry where it is.
    pub fn leads(self) -> Option<(&'static [Stage], Stage)> {
        match self {
            Self::Verify => Some((&[Stage::Claimed], Stage::Verified)),
            Self::Deliberate => Some((&[Stage::Verified], Stage::Deliberated)),
            Self::Notice => Some((&[Stage::Deliberated], Stage::Noticed)),
            Self::Book => Some((&[Stage::Noticed], Stage::Booked)),
            Self::Reject => {
                Some((&[Stage::Claimed, Stage::Verified, Stage::Deliberated, Stage::Noticed], Stage::Rejected))
            }
            Self::Hold | Self::Release => None,
        }
    }

    /// Tells whether it can be taken where these stages stand.
    ///
    /// Where people moved apart, confirming one of the two settles it.
    pub fn is_open_at(self, stages: &[Stage]) -> bool {
        let Some((from, to)) = self.leads() else { return true };
        let divided = stages.len() > 1;
        stages.iter().any(|stage| from.contains(stage)) || (divided && stages.contains(&to))
    }
}

/// Where an entry stands, as people see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// On its way, or at its end: as far as this.
    At(Stage),
    /// Kept from counting until somebody releases or rejects it.
    Held,
    /// Cancelled by a reversal.
    Reversed,
    /// Somebody rejected it while others moved it on; somebody has to settle it.
    Divided,
}
