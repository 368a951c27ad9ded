//! What a meeting is created with: who votes, who is rated, and what two creations of one meeting differ in.

use std::collections::BTreeSet;

use super::{Attendee, MeetingSettings};
use crate::domain::ballot::BallotMode;
use crate::domain::person::{Person, Roster, Standing};
use crate::domain::rulebook::{EmptyGroup, Rulebook, RulebookFault};
use crate::id::{GroupId, PersonId};

/// The most people of one meeting: a large community's members and representatives, three times over.
pub const ATTENDEES_LIMIT: usize = 400;
/// The longest title, place or name, in bytes: a line on the minutes.
pub const LINE_BYTES: usize = 240;
/// The rater group that Party members vote in, where the rulebook has one of this name.
pub const MEMBERS: &str = "members";
/// The rater group that villager representatives vote in, where the rulebook has one of this name.
pub const REPRESENTATIVES: &str = "representatives";

/// Why settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsFault {
    /// The title is empty, or title or place are longer than a line.
    Title,
    /// The rulebook cannot be used.
    Rulebook(Vec<RulebookFault>),
    /// Rounds of a day count from 1.
    Round,
    /// More people than a meeting takes.
    TooManyPeople,
    /// A person is listed twice, so that they would vote twice (E10).
    PersonTwice(PersonId),
    /// A person votes in a group that the rulebook does not have.
    UnknownBody(PersonId),
    /// Nobody is rated.
    NoSubjects,
    /// Nobody votes in a group whose ballots the rulebook asks for (E12).
    NobodyIn(GroupId),
    /// Hands are counted per level, and the rulebook has no levels.
    NoLevels,
    /// Teller and scrutineer are the same person.
    TellerIsScrutineer,
    /// Teller or scrutineer are rated by this meeting.
    OfficerIsSubject(PersonId),
    /// Teller or scrutineer share a household with somebody who is rated.
    OfficerIsKin {
        /// The teller or the scrutineer.
        officer: PersonId,
        /// The person rated.
        subject: PersonId,
    },
}

/// A part of the settings in which two creations of one meeting differ (E1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SettingsPart {
    /// What the meeting calls itself.
    Title,
    /// Where it meets.
    Place,
    /// How ballots are collected.
    Mode,
    /// The rulebook or its version.
    Rulebook,
    /// Who keeps the tally.
    Teller,
    /// Who witnesses it.
    Scrutineer,
    /// Who chairs.
    Chair,
    /// This person is in one of them only, or differently.
    Person(PersonId),
    /// The same people in another printed order.
    Order,
}

impl MeetingSettings {
    /// Returns those who are rated, in printed order; marks of a ballot stand in this order.
    pub fn subjects(&self) -> impl Iterator<Item = &Attendee> {
        self.people.iter().filter(|attendee| attendee.subject)
    }

    /// Returns how many are rated.
    pub fn subject_count(&self) -> usize {
        self.subjects().count()
    }

    /// Returns a person of the meeting.
    pub fn attendee(&self, person: &PersonId) -> Option<&Attendee> {
        self.people.iter().find(|attendee| attendee.person == *person)
    }

    /// Returns those who vote in a group, in printed order.
    pub fn raters<'a>(&'a self, group: &'a GroupId) -> impl Iterator<Item = &'a Attendee> {
        self.people.iter().filter(move |attendee| attendee.body.as_ref() == Some(group))
    }

    /// Returns whether two meetings' ballots list the same people in the same order for the same criteria.
    pub fn same_ballot(&self, other: &Self) -> bool {
        let criteria = |settings: &Self| -> Vec<_> {
            settings.rulebook.criteria.iter().map(|criterion| (criterion.id.clone(), criterion.max)).collect()
        };
        self.mode == other.mode
            && criteria(self) == criteria(other)
            && self.subjects().map(|a| &a.person).eq(other.subjects().map(|a| &a.person))
    }

    /// Checks everything that roll, ballots and arithmetic rely on.
    pub fn check(&self) -> Result<(), SettingsFault> {
        let line = |text: &str| text.len() <= LINE_BYTES;
        if self.title.trim().is_empty() || !line(&self.title) || !line(&self.place) {
            return Err(SettingsFault::Title);
        }
        self.rulebook.check().map_err(SettingsFault::Rulebook)?;
        if self.people.len() > ATTENDEES_LIMIT || self.people.iter().any(|attendee| !line(&attendee.name)) {
            return Err(SettingsFault::TooManyPeople);
        }
        let mut seen = BTreeSet::new();
        for attendee in &self.people {
            if !seen.insert(&attendee.person) {
                return Err(SettingsFault::PersonTwice(attendee.person.clone()));
            }
            if attendee.body.as_ref().is_some_and(|body| self.rulebook.group(body).is_none()) {
                return Err(SettingsFault::UnknownBody(attendee.person.clone()));
            }
        }
        if self.subject_count() == 0 {
            return Err(SettingsFault::NoSubjects);
        }
        let silent = self.rulebook.groups.iter().find(|group| self.raters(&group.id).next().is_none());
        if let (EmptyGroup::InvalidSession, Some(group)) = (self.rulebook.empty_group, silent) {
            return Err(SettingsFault::NobodyIn(group.id.clone()));
        }
        if self.mode == BallotMode::ShowOfHands && self.rulebook.levels.is_empty() {
            return Err(SettingsFault::NoLevels);
        }
        if self.teller == self.scrutineer {
            return Err(SettingsFault::TellerIsScrutineer);
        }
        let rated = |officer: &PersonId| self.attendee(officer).is_some_and(|attendee| attendee.subject);
        match [&self.teller, &self.scrutineer].into_iter().find(|officer| rated(officer)) {
            Some(officer) => Err(SettingsFault::OfficerIsSubject(officer.clone())),
            None => Ok(()),
        }
    }

    /// Checks that neither teller nor scrutineer keeps house with somebody who is rated (DOMAIN section 4).
    pub fn check_kin(&self, roster: &Roster) -> Result<(), SettingsFault> {
        let household = |person: &PersonId| roster.people.get(person).map(|person| &person.household);
        for officer in [&self.teller, &self.scrutineer] {
            let Some(home) = household(officer) else { continue };
            if let Some(subject) = self.subjects().find(|subject| household(&subject.person) == Some(home)) {
                let (officer, subject) = (officer.clone(), subject.person.clone());
                return Err(SettingsFault::OfficerIsKin { officer, subject });
            }
        }
        Ok(())
    }

    /// Lists the parts in which another creation of the same meeting differs.
    pub fn differences(&self, other: &Self) -> BTreeSet<SettingsPart> {
        let parts = [
            (self.title != other.title, SettingsPart::Title),
            (self.place != other.place, SettingsPart::Place),
            (self.mode != other.mode, SettingsPart::Mode),
            (self.rulebook != other.rulebook, SettingsPart::Rulebook),
            (self.teller != other.teller, SettingsPart::Teller),
            (self.scrutineer != other.scrutineer, SettingsPart::Scrutineer),
            (self.chair != other.chair, SettingsPart::Chair),
        ];
        let mut parts: BTreeSet<SettingsPart> =
            parts.into_iter().filter(|(differs, _)| *differs).map(|(_, part)| part).collect();
        let both = || self.people.iter().chain(&other.people).map(|attendee| &attendee.person);
        let people: BTreeSet<SettingsPart> = both()
            .filter(|person| self.attendee(person) != other.attendee(person))
            .map(|person| SettingsPart::Person(person.clone()))
            .collect();
        if people.is_empty() && self.people != other.people {
            parts.insert(SettingsPart::Order);
        }
        parts.extend(people);
        parts
    }
}

/// Lists everybody whom a meeting under this rulebook concerns, by villager group, household and name.
///
/// Members are rated, probationary ones if the rulebook says so (E18); a person in both bodies votes once, in the
/// rulebook's body of both (E10).
pub fn attendees(roster: &Roster, rulebook: &Rulebook) -> Vec<Attendee> {
    let group = |name: &str| rulebook.groups.iter().map(|group| &group.id).find(|id| id.as_str() == name);
    let (members, representatives) = (group(MEMBERS), group(REPRESENTATIVES));
    let body = |person: &Person| match (person.standing.is_some(), person.representative) {
        (true, true) => Some(&rulebook.body_of_both),
        (true, false) => members,
        (false, true) => representatives,
        (false, false) => None,
    };
    let mut listed: Vec<_> = roster
        .people
        .values()
        .filter(|person| !person.hidden && (person.standing.is_some() || person.representative))
        .map(|person| {
            let home = roster.households.get(&person.household);
            let (group, number) = home.map_or(("", ""), |home| (home.group.as_str(), home.number.as_str()));
            let household = if group.is_empty() { number.to_owned() } else { format!("{group}·{number}") };
            let rated = match person.standing {
                Some(Standing::Full) => true,
                Some(Standing::Probationary) => rulebook.probationary_rated,
                None => false,
            };
            let attendee = Attendee {
                person: person.id.clone(),
                name: person.name.clone(),
                household,
                standing: person.standing,
                class: person.class,
                body: body(person).cloned(),
                subject: rated,
            };
            // Numbers order as numbers: household 9 stands before household 10.
            let key = (group.len(), group, number.len(), number, person.name.as_str(), person.id.clone());
            (key, attendee)
        })
        .collect();
    listed.sort_by(|(a, _), (b, _)| a.cmp(b));
    listed.into_iter().map(|(_, attendee)| attendee).collect()
}
