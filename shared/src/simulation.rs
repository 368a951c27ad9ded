//! Many phones, one relay, one seed, one clock: everything that can go wrong between them, and what must hold after.
//!
//! A run is a function of its seed alone, so that a failure is repeated by its number.

mod faults;
mod hostile;
mod judge;
mod model;
mod phone;
mod platform;
mod story;
mod world;

use std::fmt;
use std::ops::AddAssign;

pub use faults::Faults;
pub use model::{Loss, Relay};

use crate::id::{Address, FactId, IdError};
use crate::replica::Note;
use world::World;

/// What a run did, to show that it did something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Phones, the office's included.
    pub phones: usize,
    /// Wishes that were ticked.
    pub ticked: usize,
    /// Wishes that the rules refused.
    pub refused: usize,
    /// Messages that vanished.
    pub lost: usize,
    /// Requests that reached the relay twice.
    pub duplicated: usize,
    /// Live connections that broke.
    pub broken: usize,
    /// Phones that died and started again.
    pub crashes: usize,
    /// Writes that storage refused.
    pub write_failures: usize,
    /// Phones whose storage went back to an earlier copy of itself.
    pub rollbacks: usize,
    /// Numbers that a phone gave twice because of that, and told apart.
    pub numbers_twice: usize,
    /// Starts of the relay after the first, whatever it had lost.
    pub relay_restarts: usize,
    /// Times that the relay had lost records.
    pub relay_losses: usize,
    /// Starts of a process in a version that the phones do not speak.
    pub later_versions: usize,
    /// Phones that had an earlier version and were updated.
    pub updates: usize,
    /// Entries of a later version that came into a log.
    pub later_entries: usize,
    /// Pushes of somebody hostile.
    pub attacks: usize,
    /// Phones that never came back.
    pub gone: usize,
    /// Documents in which phones brought the relay what others had written.
    pub brought: usize,
    /// Events in all.
    pub events: usize,
}

impl AddAssign for Report {
    /// Adds what another run did; of the phones it keeps the most.
    fn add_assign(&mut self, other: Self) {
        self.phones = self.phones.max(other.phones);
        self.ticked += other.ticked;
        self.refused += other.refused;
        self.lost += other.lost;
        self.duplicated += other.duplicated;
        self.broken += other.broken;
        self.crashes += other.crashes;
        self.write_failures += other.write_failures;
        self.rollbacks += other.rollbacks;
        self.numbers_twice += other.numbers_twice;
        self.relay_restarts += other.relay_restarts;
        self.relay_losses += other.relay_losses;
        self.later_versions += other.later_versions;
        self.updates += other.updates;
        self.later_entries += other.later_entries;
        self.attacks += other.attacks;
        self.gone += other.gone;
        self.brought += other.brought;
        self.events += other.events;
    }
}

/// What must never happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A phone lost a record after its tick was shown.
    Lost(usize, Address, FactId),
    /// A record that was ticked on one phone is missing on another at the end.
    Missing(usize, Address, FactId),
    /// What was ticked under this number stands under no number of that phone.
    Changed(usize, Address, FactId),
    /// At the end a number stands over two records.
    NumberTwice(usize, FactId),
    /// At the end a phone cannot prove that its record is at the township.
    Unproved(usize, Address, FactId),
    /// Two phones hold different histories of a document.
    Heads(usize, usize),
    /// Two phones with equal histories show different workspaces.
    Workspaces(usize, usize),
    /// What is known of a ballot was found at the relay before the urn was emptied.
    Leaked,
    /// Fewer ballots lie in the urn, or came out of it, than drops were ticked.
    UrnShort,
    /// The relay took what it must not take.
    Admitted(&'static str),
    /// A phone does not hold what a later version put into the log.
    LaterLost(usize),
    /// The relay lacks records that a phone holds.
    RelayLacks(usize, Address),
    /// With nothing going wrong any more, the phones did not come to rest.
    Restless(String),
    /// The run itself could not be set up.
    SetUp,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost(phone, address, fact) => write!(f, "phone {phone} lost {fact} of {address} after its tick"),
            Self::Missing(phone, address, fact) => write!(f, "phone {phone} never got {fact} of {address}"),
            Self::Changed(phone, address, fact) => write!(f, "phone {phone} lost what {fact} of {address} said"),
            Self::NumberTwice(phone, fact) => write!(f, "phone {phone} shows {fact} over two records"),
            Self::Unproved(phone, address, fact) => write!(f, "phone {phone} cannot prove {fact} of {address}"),
            Self::Heads(a, b) => write!(f, "phones {a} and {b} hold different histories"),
            Self::Workspaces(a, b) => write!(f, "phones {a} and {b} read equal histories differently"),
            Self::Leaked => f.write_str("a ballot left the urn before closing"),
            Self::UrnShort => f.write_str("a ballot whose drop was ticked is gone"),
            Self::Admitted(what) => write!(f, "the relay took {what}"),
            Self::LaterLost(phone) => write!(f, "phone {phone} does not hold what a later version wrote"),
            Self::RelayLacks(phone, address) => {
                write!(f, "the relay lacks something of {address} that phone {phone} holds")
            }
            Self::Restless(what) => write!(f, "the phones did not come to rest: {what}"),
            Self::SetUp => f.write_str("the run could not be set up"),
        }
    }
}

impl std::error::Error for Violation {}

impl From<IdError> for Violation {
    fn from(_: IdError) -> Self {
        Self::SetUp
    }
}

/// Runs one seed to its end and checks everything that must hold.
pub fn run(seed: u64) -> Result<Report, Violation> {
    let mut world = World::new(seed)?;
    world.begin()?;
    world.tell()?;
    world.settle()?;
    world.judge()?;
    world.report.phones = world.phones.len();
    let notes = || world.phones.iter().flat_map(|phone| &phone.replica.status().notes);
    let brought = notes().filter(|note| matches!(note, Note::Brought(..))).count();
    world.report.numbers_twice = notes().filter(|note| matches!(note, Note::NumberTwice(..))).count();
    world.report.brought = brought;
    Ok(world.report)
}
