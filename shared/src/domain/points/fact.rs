//! What is recorded of a village's points accounts: immutable facts, of which everything else follows.

use std::collections::{BTreeMap, BTreeSet};

use super::flow::PointStep;
use crate::id::{DeviceCode, DeviceNumber, FactId, HouseholdId, ItemId, PersonId, RulebookId};
use crate::role::Role;
use crate::time::{Date, Month};

/// The longest name of an occasion, in bytes: what people call an event, so that two phones call it the same.
pub const OCCASION_BYTES: usize = 90;
/// The longest note of a claim, in bytes: a few sentences on what happened.
pub const NOTE_BYTES: usize = 600;
/// The longest reason, reference or answer, in bytes: a paragraph.
pub const WORDS_BYTES: usize = 1500;
/// The most entries of one batch or one move: everybody of a large community at one event.
pub const BATCH_LIMIT: usize = 1000;
/// The most facts that one fact follows.
pub const FOLLOWS_LIMIT: usize = 4000;
/// The most devices that ever recorded points in a village, as a seal counts them.
pub const DEVICES_LIMIT: usize = 1000;
/// The most months that one seal closes: ten years.
pub const MONTHS_LIMIT: usize = 120;

/// One immutable fact of a village's points accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PointFact {
    /// Points were claimed; the fact's number is the entry's.
    Claimed(PointClaim),
    /// Entries were moved on.
    Moved(Moving),
    /// The person was told of a deduction.
    Told(Telling),
    /// A booked entry was cancelled.
    Reversed(Reversal),
    /// A month was closed.
    Closed(Box<MonthSeal>),
    /// Honour points were shared when a household split.
    Shared(HonourShare),
    /// Two accounts became those of one household.
    Linked(AccountLink),
    /// The device was named that hands over goods.
    Keeper(KeeperNamed),
    /// Goods were asked for.
    Asked(Redemption),
    /// Goods were handed over.
    HandedOver(HandOver),
    /// Goods are wanted no more.
    Cancelled(Cancellation),
}

/// Points that somebody claims for a household (积分申报).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PointClaim {
    /// The household whose account it is for.
    pub account: HouseholdId,
    /// Who did it, where one person did.
    pub person: Option<PersonId>,
    /// The item of the rulebook.
    pub item: ItemId,
    /// The day of the event.
    pub date: Date,
    /// The points, where they are not the item's.
    pub points: Option<i32>,
    /// What people call the event; the same words for everybody who took part.
    pub occasion: String,
    /// What happened; required of a deduction.
    pub note: String,
}

/// Entries that were moved on together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moving {
    /// How.
    pub step: PointStep,
    /// Which entries.
    pub entries: BTreeSet<FactId>,
    /// The meeting, the notice or the reason, as the step asks.
    pub words: String,
    /// The facts that the mover knew and moved on from: earlier moves, what was told, and for a release the holds and
    /// the suspected twins that it lets pass.
    pub follows: BTreeSet<FactId>,
}

/// A word with the person about whom a deduction is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The entry.
    pub entry: FactId,
    /// The day.
    pub date: Date,
    /// What they answered; empty where they said nothing.
    pub answer: String,
}

/// A booked entry that is cancelled (冲正).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reversal {
    /// The entry.
    pub entry: FactId,
    /// Why.
    pub reason: String,
}

/// A closed month: what it was computed from, and the digest of what it came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthSeal {
    /// The month; it closes every earlier month that is open as well.
    pub month: Month,
    /// The last fact of each device on which it rests.
    pub up_to: BTreeMap<DeviceCode, u32>,
    /// The rule by which each of its months was computed, since a rule may arrive late.
    pub rules: BTreeMap<Month, (RulebookId, u32)>,
    /// Booked entries and reversals that the roster of that day kept from counting; people move house later.
    pub barred: BTreeSet<FactId>,
    /// The digest of the totals.
    pub digest: [u8; 32],
}

/// Honour points that go with those who leave a household (分户), by agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HonourShare {
    /// The household that stays.
    pub from: HouseholdId,
    /// The new one.
    pub to: HouseholdId,
    /// How many.
    pub points: u32,
    /// Who agreed, and where.
    pub words: String,
}

/// Two accounts whose sum is shown as one (并户); their entries are not touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLink {
    /// The household that joined.
    pub from: HouseholdId,
    /// The household that it joined.
    pub into: HouseholdId,
    /// Why.
    pub words: String,
}

/// The device that keeps the ledger: it alone hands over goods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeeperNamed {
    /// The device.
    pub device: DeviceNumber,
    /// Earlier namings that make way.
    pub replaces: Vec<FactId>,
}

/// Goods that a household asks for in exchange for points (兑换).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redemption {
    /// The household.
    pub account: HouseholdId,
    /// What they cost.
    pub points: u32,
    /// What they are.
    pub goods: String,
    /// The day.
    pub date: Date,
}

/// Goods that changed hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// The redemption.
    pub redemption: FactId,
    /// The naming by which this device keeps the ledger.
    pub keeper: FactId,
}

/// A redemption that is wanted no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cancellation {
    /// The redemption.
    pub redemption: FactId,
    /// Why.
    pub reason: String,
}

impl PointFact {
    /// Returns the roles of the village that may record it (DOMAIN section 4).
    ///
    /// The one table of it: commands are refused by it, and the fold passes over what it does not allow.
    pub fn roles(&self) -> &'static [Role] {
        match self {
            Self::Claimed(_) => CLAIMANTS,
            Self::Moved(moving) => moving.step.roles(),
            Self::Told(_) => TELLERS,
            Self::Reversed(_) => REVERSERS,
            Self::Closed(_) | Self::Shared(_) | Self::Linked(_) | Self::Keeper(_) => SECRETARY,
            Self::Asked(_) | Self::HandedOver(_) | Self::Cancelled(_) => CLERKS,
        }
    }
}

/// Who may claim points.
pub(crate) const CLAIMANTS: &[Role] =
    &[Role::Scribe, Role::GroupLeader, Role::PartyMember, Role::VillagerRepresentative];
/// Who may tell a person of a deduction and write down the answer.
pub(crate) const TELLERS: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::GroupLeader];
/// Who may cancel what is booked.
pub(crate) const REVERSERS: &[Role] = &[Role::VillageSecretary, Role::SupervisionCommittee];
/// Who may close months and settle what becomes of accounts.
pub(crate) const SECRETARY: &[Role] = &[Role::VillageSecretary];
/// Who may write down what a household asks for; handing over asks for the keeper's device besides.
pub(crate) const CLERKS: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::GroupLeader];
/// Cadres, who take part in points and cannot redeem them.
pub const CADRES: &[Role] = &[Role::VillageSecretary, Role::Scribe, Role::SupervisionCommittee];
