//! What a person can ask of points accounts, and why it is refused.

use crate::domain::points::fact::{AccountLink, HonourShare, PointClaim, Redemption};
use crate::domain::points::flow::{PointStep, State};
use crate::domain::rulebook::lint::Finding;
use crate::id::{DeviceNumber, FactId, HouseholdId, ItemId, PersonId};
use crate::time::{Date, Month};

/// A wish about a village's points accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointsCommand {
    /// The day on which it is asked; says into which quarter's document it goes.
    pub today: Date,
    /// What is asked.
    pub wish: PointsWish,
}

/// What is asked of points accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PointsWish {
    /// Claim points: one claim, or one for each person or household at an event.
    Claim(Vec<PointClaim>),
    /// Take a step with entries.
    Step {
        /// The step.
        step: PointStep,
        /// The entries.
        entries: Vec<FactId>,
        /// The meeting, the notice or the reason, as the step asks.
        words: String,
    },
    /// Write down that a person was told of a deduction.
    Tell {
        /// The entry.
        entry: FactId,
        /// The day.
        date: Date,
        /// What they answered.
        answer: String,
    },
    /// Cancel a booked entry.
    Reverse {
        /// The entry.
        entry: FactId,
        /// Why.
        reason: String,
    },
    /// Close a month, and every earlier one that is open.
    Close(Month),
    /// Share honour points with a household that split off.
    Share(HonourShare),
    /// Link the account of a household that joined another.
    Link(AccountLink),
    /// Name the device that hands over goods.
    NameKeeper(DeviceNumber),
    /// Ask for goods.
    Redeem(Redemption),
    /// Hand goods over.
    HandOver(FactId),
    /// Cancel a redemption.
    CancelRedemption {
        /// Which.
        redemption: FactId,
        /// Why.
        reason: String,
    },
}

/// Why a wish about points accounts was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PointsRefusal {
    /// No rule of points held on the first day of the month: adopt one that does.
    NoRule(Month),
    /// The month's rule has no such item.
    NoItem(ItemId),
    /// Points have the sign of their item and stay within the limit of one item.
    Points {
        /// What the item gives.
        item: i32,
    },
    /// The roster has no such household.
    NoAccount(HouseholdId),
    /// The person does not belong to the household.
    OtherHousehold(PersonId),
    /// The person is a minor, about whom nothing is deducted (E46).
    Minor(PersonId),
    /// A deduction needs a note of what happened.
    NoteNeeded,
    /// The day has not come.
    NotYet(Date),
    /// A group's leader claims for their own group.
    OtherGroup,
    /// An entry says the same: release or reject that one, or say what was another occasion.
    Duplicate {
        /// That entry; where two claims of one list say the same, nothing.
        of: Option<FactId>,
    },
    /// Nothing was chosen.
    NothingChosen,
    /// There is no such entry here, or it has not arrived.
    NoEntry(FactId),
    /// The step does not lead on from where the entry stands.
    NoSuchStep {
        /// The entry.
        entry: FactId,
        /// Where it stands.
        is: State,
    },
    /// The entry is held: release or reject it first.
    Held(FactId),
    /// The same person took part in what this has to be kept apart from.
    SamePerson(FactId),
    /// Somebody of the same household did.
    SameHousehold(FactId),
    /// It is about the own household.
    OwnHousehold(FactId),
    /// The supervision committee holds it and alone releases it.
    Vetoed(FactId),
    /// The person has to be told of the deduction first.
    NotTold(FactId),
    /// It is no deduction.
    NoDeduction(FactId),
    /// Its month is closed, so that only a reversal changes it.
    MonthClosed(Month),
    /// The month is not over.
    MonthNotOver(Month),
    /// Somebody moved these entries of the month apart: settle them first.
    Divided(Vec<FactId>),
    /// Both accounts are the same one.
    SameAccount,
    /// The household has fewer points.
    NotEnough {
        /// How many it has.
        has: i64,
    },
    /// The village does not exchange points for goods.
    RedemptionOff,
    /// A cadre lives in the household; cadres do not redeem.
    Cadre,
    /// No device hands over goods, or people named two: name one.
    NoKeeper,
    /// Another device hands over goods.
    KeeperElsewhere(DeviceNumber),
    /// The line of the notice is objected to, and nobody has decided or the objection was upheld (W7).
    Objected {
        /// The entry.
        entry: FactId,
        /// The notice.
        notice: FactId,
    },
    /// The rule scores what no rule may (DOMAIN section 8).
    Linted(Vec<Finding>),
    /// There is no such redemption here, or it has not arrived.
    NoRedemption(FactId),
    /// The redemption is handed over or cancelled.
    RedemptionDone(FactId),
}
