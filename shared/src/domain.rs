//! What the records mean: plain values and pure functions, with no notion of replication, bytes or clocks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub mod township;
pub mod person;
pub mod roster_file;
pub mod record;

pub mod rulebook;

pub mod ballot;
pub mod meeting;
pub mod trim;
pub mod appraisal;
pub mod ranking;
pub mod assessment;
pub mod flag;
pub mod points;
pub mod post;
pub mod divergence;
pub mod calendar;
pub mod register;
pub mod notice;
pub mod poster;
pub mod red_list;

pub mod command;
pub mod decide;

use crate::id::{Address, DeviceCode, DeviceNumber, FactId, MeetingId, PersonId, RulebookId, UnitCode};
use crate::number::Decimal;
use crate::role::Roles;
use crate::time::Quarter;
use assessment::{Assessment, AssessmentResult, Cards};
use divergence::{Claim, Settled, Voice, settle};
use flag::Custody;
use meeting::{Meeting, Recorded, Urn};
use person::Roster;
use points::Accounts;
use post::Posts;
use record::FieldNote;
use register::{Affairs, Kind, Record};
use rulebook::Rulebook;
use rulebook::points::PointsRules;
use township::Township;

/// Everything a device knows, as plain values: equal records give an equal workspace on every device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workspace {
    /// The registry's units and precincts.
    pub township: Township,
    /// Adopted rulebooks by version; a divergence where the office adopted one version in two wordings.
    pub rulebooks: BTreeMap<(RulebookId, u32), Settled<Adoption>>,
    /// The township's rules of points.
    pub points_rules: PointsRules,
    /// The villages whose records this device reads.
    pub villages: BTreeMap<UnitCode, Village>,
    /// Names of the holders of devices, by person.
    pub holders: BTreeMap<PersonId, String>,
    /// Urns that this device holds: its own, in no document.
    pub urns: BTreeMap<MeetingId, Urn>,
    /// Life-cycle records, by the document in which they lie.
    pub registers: BTreeMap<Address, Arc<Affairs>>,
    /// Village assessments by quarter.
    pub assessments: BTreeMap<Quarter, Arc<Assessment>>,
    /// Assessors' cards by quarter and assessor, as far as this device reads them: the assessor's own, and the lead's all.
    pub cards: BTreeMap<Quarter, BTreeMap<PersonId, Arc<Cards>>>,
    /// The mobile red flag: where it is, and to whom it is awarded.
    pub flag: Arc<Custody>,
    /// Villages to which advisors are linked, by person, as their certificates say.
    pub advisors: BTreeMap<PersonId, BTreeSet<UnitCode>>,
    /// What was malformed in the records of the registry and the rosters, and is shown repaired.
    pub notes: Vec<Note>,
}

impl Workspace {
    /// Returns the records of a kind with where they lie, by document and number.
    pub fn records_of(&self, kind: &'static Kind) -> impl Iterator<Item = (&Address, &Record)> {
        self.records().filter(move |(_, record)| record.kind.key == kind.key)
    }

    /// Returns every life-cycle record with where it lies.
    pub fn records(&self) -> impl Iterator<Item = (&Address, &Record)> {
        self.registers
            .iter()
            .flat_map(|(address, affairs)| affairs.records.values().map(move |record| (address, record)))
    }

    /// Returns the record of a number, which no two devices give.
    pub fn record(&self, id: &FactId) -> Option<(&Address, &Record)> {
        self.registers.iter().find_map(|(address, affairs)| affairs.records.get(id).map(|record| (address, record)))
    }
}

/// One village's records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Village {
    /// Its people and households.
    pub roster: Arc<Roster>,
    /// Its meetings; a workspace that differs in one of them shares the others with the one before.
    pub meetings: BTreeMap<MeetingId, Arc<Meeting>>,
    /// Its own rules of points, which go before the township's.
    pub points_rules: PointsRules,
    /// Its points accounts.
    pub points: Arc<Accounts>,
    /// Who holds which post, and the monthly appraisals by post.
    pub posts: Arc<Posts>,
}

/// A rulebook version put in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// The version.
    pub rulebook: Rulebook,
    /// The meeting that adopted it, in words.
    pub adopted_at: String,
}

/// Something malformed in a document of mutable records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The village whose roster it is; `None` for the registry.
    pub village: Option<UnitCode>,
    /// What was wrong.
    pub note: FieldNote,
}

/// Who asks: the device and its holder, as the certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    /// The device.
    pub device: DeviceNumber,
    /// Its short name.
    pub code: DeviceCode,
    /// The person who holds it.
    pub holder: PersonId,
    /// The holder's name.
    pub name: String,
    /// What the holder may be.
    pub roles: Roles,
    /// The villages for which village roles hold.
    pub villages: BTreeSet<UnitCode>,
}

/// Folds adoptions of rulebooks by version; two wordings of one version are a divergence.
pub fn adoptions(facts: Vec<Recorded<Adoption>>) -> BTreeMap<(RulebookId, u32), Settled<Adoption>> {
    let mut claims: BTreeMap<_, Vec<Claim<'static, Adoption>>> = BTreeMap::new();
    for fact in facts {
        let key = (fact.value.rulebook.id.clone(), fact.value.rulebook.version);
        let claim = Claim { voice: Voice::of(&fact), value: fact.value, replaces: &[] };
        claims.entry(key).or_default().push(claim);
    }
    claims.into_iter().map(|(key, claims)| (key, settle(claims))).collect()
}

impl Workspace {
    /// Returns a meeting, if its village's records and the meeting are there.
    pub fn meeting(&self, id: &MeetingId) -> Option<&Meeting> {
        self.villages.get(&id.village)?.meetings.get(id).map(Arc::as_ref)
    }

    /// Returns an assessor's cards of a quarter, where this device reads them.
    pub fn cards_of(&self, quarter: Quarter, assessor: &PersonId) -> Option<&Cards> {
        self.cards.get(&quarter)?.get(assessor).map(Arc::as_ref)
    }

    /// Returns the numbers that were published for a quarter, once they are confirmed; empty before.
    pub fn published(&self, quarter: Quarter) -> BTreeMap<UnitCode, Decimal> {
        let result = self.assessments.get(&quarter).and_then(|assessment| assessment.confirmed_result());
        result.map(AssessmentResult::published).unwrap_or_default()
    }

    /// Returns adopted rulebooks, the newest version of each first; divergent ones are left out.
    pub fn rulebooks_in_force(&self) -> impl Iterator<Item = &Adoption> {
        let newest = self.rulebooks.iter().rev().filter_map(|(key, adoption)| Some((key, adoption.agreed()?)));
        let mut last: Option<&RulebookId> = None;
        newest.filter_map(move |((id, _), adoption)| (last.replace(id) != Some(id)).then_some(adoption))
    }
}
