//! A village hall with phones in it: each knows what it recorded and what it heard from phones it met.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use shared::domain::ballot::{BallotContent, BallotMode, Mark, Serial};
use shared::domain::command::{Command, MeetingCommand};
use shared::domain::decide::{Edit, Fact, Refusal, decide};
use shared::domain::divergence::{Said, Settled, Voice};
use shared::domain::meeting::{
    Author, BallotCount, Meeting, MeetingFact, MeetingSettings, PaperState, Reconciliation, Recorded, RollStatus,
    Stage, Urn, attendees,
};
use shared::domain::person::{Household, MemberClass, Person, Residency, Roster, Standing};
use shared::domain::rulebook::Rulebook;
use shared::domain::{Acting, Adoption, Village, Workspace};
use shared::id::{DeviceCode, DeviceNumber, FactId, GroupId, HouseholdId, MeetingId, PersonId, UnitCode};
use shared::role::Role;
use shared::time::{Date, Instant};

pub const MEMBERS: &str = "members";
pub const REPS: &str = "representatives";

/// One phone.
pub struct Phone {
    acting: Acting,
    facts: BTreeMap<FactId, Recorded<MeetingFact>>,
    counter: u32,
    urns: BTreeMap<MeetingId, Urn>,
}

/// The hall, its village and the phones in it.
pub struct Hall {
    pub id: MeetingId,
    pub roster: Roster,
    pub rulebook: Rulebook,
    phones: BTreeMap<&'static str, Phone>,
}

pub fn person(id: &str) -> PersonId {
    PersonId::new(id).unwrap()
}

pub fn group(id: &str) -> GroupId {
    GroupId::new(id).unwrap()
}

/// A mark that gives one score on all five aspects.
pub fn level(score: u32) -> Mark {
    Mark::Scores(vec![score; 5])
}

/// A ballot that gives each subject one score on all five aspects.
pub fn valid(levels: &[u32]) -> BallotContent {
    BallotContent::Valid(levels.iter().map(|score| level(*score)).collect())
}

impl Hall {
    /// A village with three members `m1` to `m3`, a probationary one `m4`, and representatives `r1` to `r5`; `m3` is a
    /// representative as well (E10). Phones: SH1 of the scribe, SH2 of the teller, SH3 of the secretary, SH4 of the
    /// supervision committee.
    pub fn new() -> Self {
        let mut hall = Self {
            id: MeetingId {
                village: UnitCode::new("420529202209").unwrap(),
                date: Date::new(2026, 11, 23).unwrap(),
                round: 1,
            },
            roster: Roster::default(),
            rulebook: Rulebook::standard_review(),
            phones: BTreeMap::new(),
        };
        for name in ["m1", "m2", "m3", "m4", "r1", "r2", "r3", "r4", "r5"] {
            hall.villager(name);
        }
        hall.edit("m3", |person| person.representative = true);
        hall.edit("m4", |person| person.standing = Some(Standing::Probationary));
        hall.phone("SH1", "scribe", &[Role::Scribe]);
        hall.phone("SH2", "r1", &[Role::Teller]);
        hall.phone("SH3", "m1", &[Role::VillageSecretary]);
        hall.phone("SH4", "watch", &[Role::SupervisionCommittee]);
        hall
    }

    /// Adds somebody with a household of their own: a member if the name begins with `m`, else a representative.
    pub fn villager(&mut self, name: &str) {
        let home = HouseholdId::new(&format!("h-{name}")).unwrap();
        let household = Household { id: home.clone(), number: name.to_owned(), group: "1".to_owned(), head: None };
        self.roster.households.insert(home.clone(), household);
        let member = name.starts_with('m');
        let somebody = Person {
            id: person(name),
            name: name.to_owned(),
            pinyin: String::new(),
            household: home,
            birth_year: None,
            residency: Residency::Registered,
            standing: member.then_some(Standing::Full),
            class: MemberClass::Ordinary,
            representative: !member,
            hidden: false,
        };
        self.roster.people.insert(person(name), somebody);
    }

    pub fn edit(&mut self, name: &str, edit: impl FnOnce(&mut Person)) {
        edit(self.roster.people.get_mut(&person(name)).unwrap());
    }

    pub fn phone(&mut self, code: &'static str, holder: &str, roles: &[Role]) {
        let acting = Acting {
            device: DeviceNumber(code.bytes().fold(0, |n, byte| n * 64 + u32::from(byte))),
            code: DeviceCode::new(code).unwrap(),
            holder: person(holder),
            name: holder.to_owned(),
            roles: roles.iter().copied().collect(),
            villages: BTreeSet::from([self.id.village.clone()]),
        };
        let phone = Phone { acting, facts: BTreeMap::new(), counter: 0, urns: BTreeMap::new() };
        self.phones.insert(code, phone);
    }

    pub fn settings(&self, mode: BallotMode) -> MeetingSettings {
        MeetingSettings {
            title: "第四季度评议会".to_owned(),
            place: "村委会".to_owned(),
            mode,
            rulebook: self.rulebook.clone(),
            people: attendees(&self.roster, &self.rulebook),
            teller: person("r1"),
            scrutineer: person("r2"),
            chair: person("m1"),
        }
    }

    pub fn workspace(&self, code: &str) -> Workspace {
        let phone = &self.phones[code];
        let voice = Voice {
            fact: "OF1-1".parse().unwrap(),
            author: Author { device: DeviceNumber(1), holder: Some(person("office")) },
            at: Instant(0),
        };
        let adoption = Adoption { rulebook: self.rulebook.clone(), adopted_at: "村民代表会议".to_owned() };
        let key = (self.rulebook.id.clone(), self.rulebook.version);
        let meetings = if phone.facts.is_empty() {
            BTreeMap::new()
        } else {
            BTreeMap::from([(self.id.clone(), self.meeting(code).into())])
        };
        let village = Village { roster: self.roster.clone().into(), meetings, ..Village::default() };
        Workspace {
            rulebooks: BTreeMap::from([(key, Settled::Agreed(Said { value: adoption, by: vec![voice] }))]),
            villages: BTreeMap::from([(self.id.village.clone(), village)]),
            urns: phone.urns.clone(),
            ..Workspace::default()
        }
    }

    pub fn meeting(&self, code: &str) -> Meeting {
        let roles = |phone: &Phone| (phone.acting.device, phone.acting.roles);
        let roles: BTreeMap<_, _> = self.phones.values().map(roles).collect();
        Meeting::fold_of(self.id.clone(), self.facts(code), |fact| roles.get(&fact.author.device).copied())
    }

    pub fn facts(&self, code: &str) -> Vec<Recorded<MeetingFact>> {
        self.phones[code].facts.values().cloned().collect()
    }

    pub fn urn(&self, code: &str) -> Option<&Urn> {
        self.phones[code].urns.get(&self.id)
    }

    /// The phone asks; what is decided is recorded, a refusal changes nothing.
    pub fn ask(&mut self, code: &str, command: MeetingCommand) -> Result<(), Refusal> {
        let workspace = self.workspace(code);
        let acting = self.phones[code].acting.clone();
        let edits = decide(&workspace, &acting, &Command::Meeting(self.id.clone(), command))?;
        assert!(!edits.is_empty(), "a command that changes nothing is refused");
        for edit in edits {
            match edit {
                Edit::Fact { fact: Fact::Meeting(fact), .. } => self.record(code, fact),
                Edit::Urn { meeting, urn: Some(urn) } => {
                    self.phones.get_mut(code).unwrap().urns.insert(meeting, urn);
                }
                Edit::Urn { meeting, urn: None } => {
                    self.phones.get_mut(code).unwrap().urns.remove(&meeting);
                }
                other => panic!("a meeting does not write {other:?}"),
            }
        }
        Ok(())
    }

    /// Records a fact past every rule, as a faulty device would.
    pub fn record(&mut self, code: &str, value: MeetingFact) {
        let phone = self.phones.get_mut(code).unwrap();
        phone.counter += 1;
        let id = FactId { device: phone.acting.code.clone(), counter: phone.counter };
        let author = Author { device: phone.acting.device, holder: Some(phone.acting.holder.clone()) };
        let at = Instant(u64::from(phone.counter));
        phone.facts.insert(id.clone(), Recorded { id, author, at, value });
    }

    #[track_caller]
    pub fn does(&mut self, code: &str, command: MeetingCommand) {
        let asked = format!("{command:?}");
        if let Err(refusal) = self.ask(code, command) {
            panic!("{code} was refused: {refusal:?}\n{asked}");
        }
    }

    #[track_caller]
    pub fn is_refused(&mut self, code: &str, command: MeetingCommand) -> Refusal {
        let asked = format!("{command:?}");
        let before = self.facts(code).len();
        match self.ask(code, command) {
            Ok(()) => panic!("{code} was not refused: {asked}"),
            Err(refusal) => {
                assert_eq!(self.facts(code).len(), before, "a refused command changes nothing");
                refusal
            }
        }
    }

    /// Two phones exchange everything.
    pub fn meet(&mut self, a: &str, b: &str) {
        let mut all = self.phones[a].facts.clone();
        all.extend(self.phones[b].facts.clone());
        self.phones.get_mut(a).unwrap().facts = all.clone();
        self.phones.get_mut(b).unwrap().facts = all;
        assert_eq!(self.meeting(a), self.meeting(b), "equal facts, equal meeting");
    }

    /// Every phone hears everything.
    pub fn meet_all(&mut self) {
        let all: BTreeMap<FactId, Recorded<MeetingFact>> =
            self.phones.values().flat_map(|phone| phone.facts.clone()).collect();
        self.phones.values_mut().for_each(|phone| phone.facts = all.clone());
    }

    pub fn moves(&mut self, code: &str, to: Stage) -> Result<(), Refusal> {
        self.ask(code, MeetingCommand::Move { to, reason: String::new() })
    }

    pub fn marks(&mut self, code: &str, people: &str, status: RollStatus) {
        for name in people.split_whitespace() {
            self.does(code, MeetingCommand::MarkRoll { person: person(name), status });
        }
    }

    /// Opens on one phone with everybody present, and moves to voting.
    pub fn begins(&mut self, code: &str, mode: BallotMode) {
        let settings = self.settings(mode);
        let raters = settings.people.iter().filter(|attendee| attendee.body.is_some());
        let raters: Vec<String> = raters.map(|attendee| attendee.person.to_string()).collect();
        self.does(code, MeetingCommand::Open(Box::new(settings)));
        self.moves(code, Stage::RollOpen).unwrap();
        self.marks(code, &raters.join(" "), RollStatus::Present);
        self.moves(code, Stage::Quorate).unwrap();
        self.moves(code, Stage::Voting).unwrap();
    }

    pub fn issues(&mut self, code: &str, to: &str, first: u32, last: u32) -> Result<(), Refusal> {
        self.ask(code, MeetingCommand::Issue { group: group(to), first: Serial(first), last: Serial(last) })
    }

    pub fn enters(&mut self, code: &str, serial: u32, to: &str, content: BallotContent) -> Result<(), Refusal> {
        self.ask(code, MeetingCommand::EnterPaper { serial: Serial(serial), group: group(to), content })
    }

    /// Writes down `issued/returned/spoiled/blank` of members and representatives.
    pub fn reconciles(&mut self, code: &str, members: [u32; 4], reps: [u32; 4], note: &str) -> Result<(), Refusal> {
        let count =
            |[issued, returned, spoiled, abstained]: [u32; 4]| BallotCount { issued, returned, spoiled, abstained };
        let groups = BTreeMap::from([(group(MEMBERS), count(members)), (group(REPS), count(reps))]);
        let reconciliation = Reconciliation { groups, note: note.to_owned(), replaces: Vec::new() };
        self.ask(code, MeetingCommand::Reconcile(reconciliation))
    }

    pub fn decides(&mut self, code: &str, subject: &str, stars: Option<u8>, reason: &str) -> Result<(), Refusal> {
        self.ask(code, MeetingCommand::Decide { subject: person(subject), stars, reason: reason.to_owned() })
    }

    /// Draws what a phone shows of the meeting and compares.
    #[track_caller]
    pub fn check(&self, code: &str, expected: &str) {
        let drawn = draw(&self.meeting(code));
        let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(drawn.lines().collect::<Vec<_>>(), expected, "drawn:\n{drawn}");
    }
}

/// Draws a meeting: its stage, lamps that are not met, serials that are not agreed, counts, blockers, results.
pub fn draw(meeting: &Meeting) -> String {
    let mut text = format!("{:?}\n", meeting.stage);
    for part in &meeting.settings_differ {
        let _ = writeln!(text, "settings differ: {part:?}");
    }
    for lamp in meeting.lamps.iter().filter(|lamp| !lamp.met) {
        let (roll, lost) = (lamp.roll, if lamp.is_lost() { ", declared and lost" } else { "" });
        let _ = writeln!(text, "{}: {} of {} here, {} needed{lost}", lamp.group, lamp.in_room, roll.due, lamp.required);
    }
    for (serial, state) in &meeting.paper {
        let _ = match state {
            PaperState::Missing => writeln!(text, "{serial} missing"),
            PaperState::OneSided { by, .. } => writeln!(text, "{serial} only by {}", names(by)),
            PaperState::Agreed { .. } => Ok(()),
            PaperState::Differs { differences, .. } => writeln!(text, "{serial} differs: {differences:?}"),
        };
    }
    for (group, count) in &meeting.counts {
        if count.issued + count.returned > 0 {
            let _ = writeln!(text, "{group}: {} of {} returned, {} valid", count.returned, count.issued, count.valid);
        }
    }
    for blocker in &meeting.blockers {
        let _ = writeln!(text, "{:?} waits: {blocker:?}", blocker.blocks());
    }
    if let Some(result) = &meeting.result {
        for reason in &result.session.reasons {
            let _ = writeln!(text, "invalid: {reason:?}");
        }
        for card in &result.session.scorecards {
            let means: Vec<String> =
                card.groups.iter().map(|group| group.mean.map_or("-".to_owned(), |mean| mean.to_string())).collect();
            let stars = result.stars(&card.subject).map_or("no grade".to_owned(), |stars| format!("{stars} stars"));
            let published = card.score.map_or("-".to_owned(), |score| score.published.to_string());
            let decided = match meeting.decisions.get(&card.subject) {
                None | Some(Settled::Nothing) => String::new(),
                Some(Settled::Agreed(said)) => format!(", decided {:?} {}", said.value.stars, said.value.reason),
                Some(Settled::Divergence(_)) => ", decisions differ".to_owned(),
            };
            let _ =
                writeln!(text, "{}: {} = {published}, {stars}{}", card.subject, means.join(" "), decided.trim_end());
        }
    }
    if let Some(seal) = &meeting.seal {
        let _ = writeln!(text, "sealed by {}", names(std::slice::from_ref(&seal.voice)));
    }
    if !meeting.late.is_empty() {
        let late: Vec<String> = meeting.late.iter().map(ToString::to_string).collect();
        let _ = writeln!(text, "late: {}", late.join(" "));
    }
    for note in &meeting.notes {
        let _ = writeln!(text, "note: {note:?}");
    }
    text
}

fn names(voices: &[Voice]) -> String {
    let name = |voice: &Voice| voice.author.holder.as_ref().map_or("nobody", |holder| holder.as_str()).to_owned();
    voices.iter().map(name).collect::<Vec<_>>().join(" ")
}
