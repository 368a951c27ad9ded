//! Whom this device may invite as what, and the draft of an invitation.

use std::collections::BTreeSet;

use shared::domain::Workspace;
use shared::domain::person::{Person, Roster};
use shared::id::{DeviceCode, PersonId, UnitCode};
use shared::identity::Holder;
use shared::replica::InvitationWish;
use shared::role::Role;
use shared::time::Instant;

/// How long an invitation holds, in milliseconds: a week covers a village without signal and a market day.
pub const HOLDS: u64 = 7 * 24 * 60 * 60 * 1000;
/// How long a device is let in, in milliseconds: a term of a village's offices is five years.
pub const SERVES: u64 = 5 * 366 * 24 * 60 * 60 * 1000;
/// The most people offered for one name.
const NAMESAKES: usize = 8;
/// The bounds of a device code: short enough for paper, long enough for a township.
const CODE_CHARS: std::ops::RangeInclusive<usize> = 2..=6;

/// A place for which a device can be invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The whole township.
    Township,
    /// One village or community.
    Village(UnitCode),
}

/// Returns the places for which the holder may invite, the township first.
pub fn reaches(workspace: &Workspace, me: &Holder) -> Vec<Reach> {
    if !me.may_enrol {
        return Vec::new();
    }
    if me.roles.contains(Role::TownshipOffice) {
        let villages = workspace.township.units.keys().cloned().map(Reach::Village);
        return std::iter::once(Reach::Township).chain(villages).collect();
    }
    me.villages.iter().cloned().map(Reach::Village).collect()
}

/// Returns the roles that make sense in a place, in the order of the table.
pub fn roles(reach: &Reach) -> Vec<Role> {
    let of_village = |role: &Role| match reach {
        Reach::Village(_) => role.is_of_village() || *role == Role::Advisor,
        Reach::Township => !role.is_of_village() && *role != Role::Advisor,
    };
    Role::ALL.into_iter().filter(of_village).collect()
}

/// Returns the roles that the holder may give in a place (DOMAIN section 4).
pub fn roles_to_give(me: &Holder, reach: &Reach) -> Vec<Role> {
    let office = me.roles.contains(Role::TownshipOffice);
    roles(reach).into_iter().filter(|role| office || role.is_of_village()).collect()
}

/// Returns people of the roster whose name or pinyin begins with the text, at most `NAMESAKES`.
pub fn namesakes<'a>(roster: &'a Roster, text: &str) -> Vec<&'a Person> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    let matches =
        |person: &&Person| !person.hidden && (person.name.starts_with(text) || person.pinyin.starts_with(text));
    roster.people.values().filter(matches).take(NAMESAKES).collect()
}

/// What a person has filled in so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Where; none chosen yet.
    pub reach: Option<Reach>,
    /// The role; none chosen yet.
    pub role: Option<Role>,
    /// The name as typed.
    pub name: String,
    /// The person of the roster; none for somebody who is not on it.
    pub person: Option<PersonId>,
    /// The device code as typed.
    pub code: String,
    /// Whether the new device may invite others.
    pub may_enrol: bool,
}

/// What is still missing from a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No place was chosen.
    NoReach,
    /// No role was chosen.
    NoRole,
    /// No name was typed.
    NoName,
    /// The device code has another shape.
    Code,
}

impl Draft {
    /// Returns the wish, or the first thing that is missing.
    pub fn wish(&self, now: Instant) -> Result<InvitationWish, Fault> {
        let reach = self.reach.as_ref().ok_or(Fault::NoReach)?;
        let role = self.role.ok_or(Fault::NoRole)?;
        let name = self.name.trim();
        if name.is_empty() {
            return Err(Fault::NoName);
        }
        let code = device_code(&self.code).ok_or(Fault::Code)?;
        let holder = match &self.person {
            Some(person) => person.clone(),
            None => holder_of(&code).ok_or(Fault::Code)?,
        };
        let villages = match reach {
            Reach::Township => BTreeSet::new(),
            Reach::Village(village) => BTreeSet::from([village.clone()]),
        };
        Ok(InvitationWish {
            code,
            holder,
            holder_name: name.to_owned(),
            roles: role.into(),
            villages,
            may_enrol: self.may_enrol,
            take_by: now.plus_millis(HOLDS),
            expires: now.plus_millis(SERVES),
        })
    }
}

/// Reads a device code as people type it.
pub fn device_code(text: &str) -> Option<DeviceCode> {
    let text = text.trim().to_ascii_uppercase();
    DeviceCode::new(&text).ok().filter(|_| CODE_CHARS.contains(&text.len()))
}

/// Returns the person id of a holder who is on no roster: the device's own code, unique in the township.
pub fn holder_of(code: &DeviceCode) -> Option<PersonId> {
    PersonId::new(&format!("device-{}", code.as_str().to_ascii_lowercase())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            reach: Some(Reach::Village(UnitCode::new("420529202209").unwrap())),
            role: Some(Role::Scribe),
            name: " 李娜 ".to_owned(),
            person: None,
            code: "sw2".to_owned(),
            may_enrol: false,
        }
    }

    #[test]
    fn a_whole_draft_is_a_wish() {
        let wish = draft().wish(Instant(1000)).unwrap();
        assert_eq!(wish.code.as_str(), "SW2");
        assert_eq!(wish.holder.as_str(), "device-sw2");
        assert_eq!(wish.holder_name, "李娜");
        assert_eq!((wish.take_by, wish.expires), (Instant(1000 + HOLDS), Instant(1000 + SERVES)));
    }

    #[test]
    fn what_is_missing_is_named() {
        let faults = [
            Draft { reach: None, ..draft() },
            Draft { role: None, ..draft() },
            Draft { name: " ".to_owned(), ..draft() },
            Draft { code: "S".to_owned(), ..draft() },
            Draft { code: "沙1".to_owned(), ..draft() },
        ]
        .map(|draft| draft.wish(Instant(0)).unwrap_err());
        assert_eq!(faults, [Fault::NoReach, Fault::NoRole, Fault::NoName, Fault::Code, Fault::Code]);
    }

    #[test]
    fn village_roles_stay_in_villages() {
        assert!(!roles(&Reach::Township).contains(&Role::Scribe));
        let village = Reach::Village(UnitCode::new("420529202209").unwrap());
        assert!(roles(&village).contains(&Role::VillageSecretary));
        assert!(!roles(&village).contains(&Role::TownshipOffice));
    }
}
