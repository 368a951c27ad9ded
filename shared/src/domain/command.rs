//! Everything a person can ask for, and every reason to refuse.

mod assessment;
mod flag;
mod person;
mod points;
mod post;

pub use points::{PointsCommand, PointsRefusal, PointsWish};

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::ballot::{BallotContent, BallotMode, Mark, Serial};
use crate::domain::meeting::{Blocker, Grading, MeetingSettings, Reconciliation, RollStatus, SettingsFault, Stage};
use crate::domain::person::{Household, Person};
use crate::domain::register::{Kind, LineSubject, Step, Value, ValueFault};
use crate::domain::rulebook::points::{PointsFault, PointsRule};
use crate::domain::rulebook::{Rulebook, RulebookFault};
use crate::domain::township::Unit;
use crate::id::{Address, CriterionId, DeviceNumber, FactId, GroupId, MeetingId, PersonId, UnitCode};
use crate::role::Role;
use crate::time::{Date, Quarter};
pub use assessment::{AssessmentCommand, AssessmentRefusal};
pub use flag::{FlagCommand, FlagRefusal};
pub use person::{PeopleCommand, PeopleRefusal};
pub use post::{PostCommand, PostRefusal};

/// A wish of the person who holds the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Name the township and its units.
    SetTownship {
        /// The township's name.
        name: String,
        /// All its units.
        units: Vec<Unit>,
    },
    /// Put a rulebook version in force.
    AdoptRulebook {
        /// The version.
        rulebook: Box<Rulebook>,
        /// The meeting that adopted it, in words.
        adopted_at: String,
    },
    /// Take people and households into a village's roster; equal ones change nothing.
    ImportRoster {
        /// The village.
        village: UnitCode,
        /// Its households.
        households: Vec<Household>,
        /// Its people.
        people: Vec<Person>,
    },
    /// Something about one meeting.
    Meeting(MeetingId, MeetingCommand),
    /// Something about a life-cycle record.
    Register(RegisterCommand),
    /// Something about a quarter's village assessment.
    Assessment(Quarter, AssessmentCommand),
    /// Something about the mobile red flag.
    Flag(FlagCommand),
    /// Put a version of the rules of points in force.
    AdoptPointsRule {
        /// The village whose rule it is; nothing for the township's.
        village: Option<UnitCode>,
        /// The version.
        rule: Box<PointsRule>,
        /// The first day on which it holds.
        from: Date,
        /// The meeting that adopted it, in words.
        adopted_at: String,
    },
    /// Something about a village's points accounts.
    Points(UnitCode, PointsCommand),
    /// Something about a village's posts.
    Posts(UnitCode, PostCommand),
    /// Something about a village's people.
    People(UnitCode, PeopleCommand),
}

/// A wish about a life-cycle record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegisterCommand {
    /// Open one; it gets the number of its first fact.
    Open {
        /// What it is.
        kind: &'static Kind,
        /// The villages whose record it is.
        hosts: BTreeSet<UnitCode>,
        /// The day on which it happened or began.
        date: Date,
        /// What it says, by field.
        values: BTreeMap<String, Value>,
    },
    /// Write fields; a field whose values diverge is settled by it.
    Write {
        /// Where it lies.
        address: Address,
        /// The record.
        record: FactId,
        /// What it should say, by field.
        values: BTreeMap<String, Value>,
    },
    /// Take a step; where people stepped apart this one settles it.
    Step {
        /// Where it lies.
        address: Address,
        /// The record.
        record: FactId,
        /// The step.
        step: &'static Step,
        /// The day on which it was taken.
        date: Date,
        /// Why, where the step asks.
        reason: String,
    },
    /// Put somebody on its list.
    List {
        /// Where it lies.
        address: Address,
        /// The record.
        record: FactId,
        /// The village whose roster it is, where the record has several.
        village: Option<UnitCode>,
        /// Who.
        subject: LineSubject,
        /// What is noted beside the name.
        note: String,
    },
    /// Put several on its list, all of them or nobody: a whole hall in one entry.
    ListAll {
        /// Where it lies.
        address: Address,
        /// The record.
        record: FactId,
        /// The village whose roster it is, where the record has several.
        village: Option<UnitCode>,
        /// Who, each with what is noted beside the name.
        lines: Vec<(LineSubject, String)>,
    },
    /// Strike a line from its list.
    Strike {
        /// Where it lies.
        address: Address,
        /// The record.
        record: FactId,
        /// The number of the line.
        line: FactId,
        /// Why.
        reason: String,
    },
}

/// A wish about one meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MeetingCommand {
    /// Create it; where two phones created it differently, choose one of their settings (E1).
    Open(Box<MeetingSettings>),
    /// Mark somebody on the roll.
    MarkRoll {
        /// Whose presence.
        person: PersonId,
        /// How they stand.
        status: RollStatus,
    },
    /// Move the meeting on, or end it.
    Move {
        /// The stage that should begin.
        to: Stage,
        /// Why; required for `Adjourned` and `Void`.
        reason: String,
    },
    /// Hand out a run of serials; one that overlaps earlier runs of the same group corrects them.
    Issue {
        /// To whom.
        group: GroupId,
        /// The first serial.
        first: Serial,
        /// The last serial, included.
        last: Serial,
    },
    /// Enter one paper ballot.
    EnterPaper {
        /// The printed number.
        serial: Serial,
        /// The group it was issued to.
        group: GroupId,
        /// What stands on it.
        content: BallotContent,
    },
    /// Count hands for one subject.
    CountHands {
        /// Who is rated.
        subject: PersonId,
        /// Who rates.
        group: GroupId,
        /// Hands per level.
        hands: Vec<u32>,
    },
    /// Let this device serve as the urn.
    PlaceUrn,
    /// Drop a ballot into the urn on this device.
    DropBallot {
        /// Who takes the turn; recorded apart from what they say.
        voter: PersonId,
        /// A mark per subject; goes into the urn's local store only.
        marks: Vec<Mark>,
    },
    /// Empty the urn into the record; only after closing and only on the urn's own device.
    ///
    /// For a round that was adjourned or is void it discards what the urn holds.
    EmptyUrn,
    /// Write down the hand count of sheets.
    Reconcile(Reconciliation),
    /// Confirm the count as a second person.
    Check,
    /// Decide on one subject.
    Decide {
        /// Who.
        subject: PersonId,
        /// The stars given.
        stars: Option<u8>,
        /// Why it differs from the arithmetic.
        reason: String,
    },
    /// Seal the result.
    Seal,
}

/// Why a wish was refused: nothing was changed, and the reason says what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The holder has none of the roles that may do this.
    Role {
        /// The roles that may.
        needs: &'static [Role],
    },
    /// The holder's roles are for other villages.
    OtherVillage,
    /// It is so already.
    NothingToChange,
    /// Something that must have a name has none.
    EmptyName,
    /// A text is longer than it may be.
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// A list is longer than it may be.
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// A unit is listed twice.
    UnitTwice(UnitCode),
    /// The rulebook cannot be used as it is.
    RulebookFaults(Vec<RulebookFault>),
    /// The rule of points cannot be used as it is.
    PointsFaults(Vec<PointsFault>),
    /// This version is adopted with other words; a change needs the next version.
    VersionTaken,
    /// The township has not adopted this rulebook, or its adoption has not arrived.
    RulebookNotAdopted,
    /// A person belongs to a household that is neither in the roster nor in the import.
    NoHousehold(PersonId),

    /// The meeting was not created, or its creation has not arrived.
    NoMeeting,
    /// The meeting is created; settings are frozen once the roll is open.
    AlreadyOpen,
    /// Where two settings stand, one of them must be chosen as it is.
    NotOneOfTheSettings,
    /// The two settings rate different people and ballots were entered: the round can only be voided.
    BallotsUnderOtherSettings,
    /// The settings cannot be used.
    Settings(SettingsFault),
    /// This can be done at other stages only.
    Stage {
        /// Where the meeting stands.
        is: Stage,
        /// Where it would have to stand.
        needs: &'static [Stage],
    },
    /// The meeting cannot go there from here.
    NoSuchMove {
        /// Where the meeting stands.
        from: Stage,
        /// Where it should have gone.
        to: Stage,
    },
    /// Nobody moves a meeting there: it follows from the check, or from the decisions.
    FollowsByItself(Stage),
    /// Something stands in the way; each blocker says what settles it.
    Blocked(Vec<Blocker>),
    /// A reason must be given.
    ReasonNeeded,
    /// The result is sealed; what comes later is an adjustment.
    Sealed,

    /// This person is not among the meeting's people.
    NotAttending(PersonId),
    /// The rulebook has no such group.
    UnknownGroup(GroupId),
    /// The meeting does not rate this person.
    NotASubject(PersonId),
    /// The meeting collects its ballots in another way.
    Mode {
        /// The way in which it does.
        is: BallotMode,
    },

    /// A run of serials begins at 1 or later, ends no earlier than it begins, and stays inside the limit.
    SerialRun {
        /// The largest serial.
        limit: u32,
    },
    /// These serials were handed out to another group.
    SerialsTaken {
        /// That group.
        by: GroupId,
    },
    /// This serial was handed out to nobody: the number was misread, or its run was not written down.
    SerialNotIssued(Serial),
    /// This serial was handed out to another group.
    SerialOfGroup {
        /// That group.
        group: GroupId,
    },
    /// A ballot has one mark per subject.
    MarkCount {
        /// How many subjects there are.
        expected: usize,
    },
    /// A mark has one score per criterion.
    ScoreCount {
        /// Who is rated.
        subject: PersonId,
        /// How many criteria there are.
        expected: usize,
    },
    /// A score is above the criterion's maximum (E15).
    OutOfRange {
        /// Who is rated.
        subject: PersonId,
        /// The criterion.
        criterion: CriterionId,
        /// The highest score it takes.
        max: u32,
    },

    /// Hands are counted once per level.
    HandLevels {
        /// How many levels there are.
        expected: usize,
    },
    /// More hands than raters in the room who may rate this subject.
    TooManyHands {
        /// How many there are.
        raters: u32,
    },

    /// Another device is the urn.
    UrnElsewhere {
        /// That device.
        device: DeviceNumber,
    },
    /// Two devices serve as urns: the round can only be voided.
    TwoUrns,
    /// No device serves as the urn yet.
    NoUrn,
    /// The urn was emptied already.
    UrnEmptied,
    /// People voted, and this device does not hold what they said: the round is void and repeated on paper.
    UrnLost,
    /// This person is only rated.
    NotARater(PersonId),
    /// This person is not in the room by the roll: mark them present first.
    NotPresent(PersonId),
    /// This person has voted.
    AlreadyVoted(PersonId),
    /// Nobody rates themselves: the own row stays an abstention.
    OwnRow(PersonId),

    /// More spoiled and blank sheets than came back.
    CountsDoNotAdd(GroupId),
    /// A certificate has not arrived: nobody can tell yet whether the holder took part in the count.
    Unproved,
    /// Whoever entered ballots, counted hands or emptied the urn cannot confirm the count.
    TookPart,
    /// The session is invalid, so that there is nothing to decide on: void the round and repeat it.
    SessionInvalid,
    /// This subject gets no grade.
    NotGraded {
        /// Who.
        subject: PersonId,
        /// Why not.
        grading: Grading,
    },
    /// The rulebook has no such number of stars.
    NoSuchStars,
    /// The decision differs from the arithmetic and needs a reason.
    DiffersWithoutReason {
        /// The stars of the arithmetic, where there are any.
        computed: Option<u8>,
    },
    /// More than a third would get the highest stars: allowed with a written reason (E50).
    OverOneThird {
        /// How many may without a reason.
        cap: u32,
    },

    /// There is no such record here, or its opening has not arrived.
    NoRecord(FactId),
    /// A record of this kind belongs to exactly one village.
    OneVillage,
    /// Records of this kind have no such field.
    NoSuchField(String),
    /// A value cannot stand in a field.
    Value {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        fault: ValueFault,
    },
    /// These fields must say something first.
    FieldsNeeded(Vec<&'static str>),
    /// The person, household or unit is on no roster that belongs to the record.
    NotOnRoster {
        /// The field; nothing for a line of the list.
        field: Option<&'static str>,
    },
    /// The step does not lead on from where the record stands.
    NoSuchStep {
        /// Where it stands; several states where people stepped apart.
        from: Vec<&'static str>,
    },
    /// The period that the step waits for has not passed.
    TooEarly {
        /// Its last day.
        last: Date,
    },
    /// These objections are open, and the notice waits for all of them.
    OpenObjections(Vec<FactId>),
    /// Whoever recorded what is objected to does not handle the objection: it goes to the supervision committee or to
    /// the township (E24).
    RecordedIt,
    /// The list of items that holds on the record's day has no such item, or has it for the other board.
    NotOnList {
        /// The item as it was written.
        item: String,
    },
    /// It is about a minor, of whom no board says anything (E46) and who is not named.
    AboutMinor,
    /// Somebody else has to take this step: the same person did what it must be kept apart from.
    SamePerson,
    /// Records of this kind list nobody.
    NoList,

    /// A wish about a quarter's assessment cannot be met.
    Assessment(AssessmentRefusal),
    /// A wish about the flag cannot be met.
    Flag(FlagRefusal),
    /// Something about points accounts.
    Points(PointsRefusal),
    /// Something about posts stands in the way.
    Posts(PostRefusal),
    /// A wish about people cannot be met.
    People(PeopleRefusal),
}

impl From<PointsRefusal> for Refusal {
    fn from(refusal: PointsRefusal) -> Self {
        Self::Points(refusal)
    }
}
