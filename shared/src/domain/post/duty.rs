//! Who may do what in the appraisal by post, and for whom: one answer for decisions and for the fold.

use std::collections::BTreeSet;

use crate::domain::meeting::Author;
use crate::domain::register::{Denied, Home, Powers};
use crate::id::{PersonId, UnitCode};
use crate::role::Role;

/// What can be done in the appraisal by post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PostDuty {
    /// Open a quarter's log.
    Open,
    /// Say who holds a post.
    Hold,
    /// Write or strike an entry of the log.
    Log,
    /// Write down a decision to excuse somebody.
    Excuse,
    /// Write down what somebody says of their month.
    State,
    /// Review a month.
    Review,
    /// Score a month.
    Score,
    /// Show scores.
    Show,
    /// Confirm scores.
    Confirm,
}

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostDenied {
    /// They hold none of the roles.
    Role(&'static [Role]),
    /// They hold them for other villages.
    OtherVillage,
    /// The scribe alone writes for others; everybody else for themselves.
    ForOthers,
    /// Nobody excuses, reviews, scores or confirms their own month.
    OwnMonth,
    /// The same person did what this must be kept apart from.
    SamePerson,
}

impl PostDuty {
    /// Returns the roles of the village that may do it (DOMAIN section 4).
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Open | Self::Hold | Self::Excuse | Self::Show => &[Role::VillageSecretary, Role::Scribe],
            Self::Log | Self::State => {
                &[Role::PartyMember, Role::Scribe, Role::VillageSecretary, Role::SupervisionCommittee]
            }
            Self::Review | Self::Score | Self::Confirm => &[Role::VillageSecretary, Role::SupervisionCommittee],
        }
    }
}

/// Tells whether an author may do something about the month of `of`, apart from the authors of what it rests on.
///
/// Where the powers of a device are not known its certificate has not arrived: it is believed until it has, and so is
/// whoever holds it, but two facts of one device are of one person.
pub(crate) fn may(
    duty: PostDuty,
    powers: Option<&Powers>,
    village: &UnitCode,
    author: &Author,
    of: Option<&PersonId>,
    apart: &[&Author],
) -> Result<(), PostDenied> {
    if let Some(powers) = powers {
        let hosts = BTreeSet::from([village.clone()]);
        powers.allow(duty.roles(), Home::Village, &hosts).map_err(|denied| match denied {
            Denied::Role => PostDenied::Role(duty.roles()),
            Denied::OtherVillage => PostDenied::OtherVillage,
        })?;
    }
    let own = author.holder.as_ref().zip(of).map(|(holder, of)| holder == of);
    match duty {
        PostDuty::Log | PostDuty::State => {
            let writes = powers.is_none_or(|powers| powers.roles_in(village).contains(Role::Scribe));
            if own == Some(false) && !writes {
                return Err(PostDenied::ForOthers);
            }
        }
        PostDuty::Excuse | PostDuty::Review | PostDuty::Score | PostDuty::Confirm if own == Some(true) => {
            return Err(PostDenied::OwnMonth);
        }
        _ => {}
    }
    if apart.iter().any(|other| is_one_person(author, other)) { Err(PostDenied::SamePerson) } else { Ok(()) }
}

/// Two devices of one person are one.
fn is_one_person(one: &Author, other: &Author) -> bool {
    match (&one.holder, &other.holder) {
        (Some(one), Some(other)) => one == other,
        _ => one.device == other.device,
    }
}
