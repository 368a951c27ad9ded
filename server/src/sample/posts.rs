//! Who holds which post in a village of the sample: the same people at every start.

use shared::domain::person::{Person, Roster, Standing};

use super::township::SampleError;

/// The people of a village who record and check.
///
/// All but the secretary are representatives who are no members, whom a member review does not rate.
pub(super) struct Posts<'a> {
    pub secretary: &'a Person,
    pub scribe: &'a Person,
    pub teller: &'a Person,
    pub scrutineer: &'a Person,
    pub supervision: &'a Person,
    pub leader: &'a Person,
}

impl<'a> Posts<'a> {
    /// Chooses them from a roster.
    pub fn of(roster: &'a Roster) -> Result<Self, SampleError> {
        let mut neutral = roster.representatives().filter(|person| person.standing.is_none());
        let mut next = || neutral.next().ok_or(SampleError::Data("rosters"));
        let secretary = roster.members().find(|person| person.standing == Some(Standing::Full));
        Ok(Self {
            secretary: secretary.ok_or(SampleError::Data("rosters"))?,
            scribe: next()?,
            teller: next()?,
            scrutineer: next()?,
            supervision: next()?,
            leader: next()?,
        })
    }
}
