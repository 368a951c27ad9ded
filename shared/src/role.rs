//! The roles of DOMAIN section 4 and sets of them, the same words for the domain and for certificates.

/// What a person may be in the township.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 乡党建办: opens assessments, posts notices, manages devices, exports all.
    TownshipOffice,
    /// 考核组组长: freezes scores, decides ties with a reason.
    AssessmentLead,
    /// 考核组成员: scores assigned villages.
    Assessor,
    /// 党建指导员: views linked villages, writes guidance.
    Advisor,
    /// 大党委: joint tasks and days of a precinct.
    PrecinctCommittee,
    /// 村党组织书记: chairs, approves, posts village notices.
    VillageSecretary,
    /// 文书: records roll, ballots, entries.
    Scribe,
    /// 计票人: tallies.
    Teller,
    /// 监票人: witnesses.
    Scrutineer,
    /// 村务监督委员会: reads all of the village, checks, accepts objections.
    SupervisionCommittee,
    /// 村民小组长: proposes entries for the own group.
    GroupLeader,
    /// 党员: reviews, votes, sees own results.
    PartyMember,
    /// 村民代表: votes, proposes, objects.
    VillagerRepresentative,
    /// 村民: objects, declares, suggests.
    Villager,
    /// 纪检/审计: reads and recomputes.
    Auditor,
}

impl Role {
    /// Every role in the order of the table; a role's place is its bit on the wire and never changes.
    pub const ALL: [Self; 15] = [
        Self::TownshipOffice,
        Self::AssessmentLead,
        Self::Assessor,
        Self::Advisor,
        Self::PrecinctCommittee,
        Self::VillageSecretary,
        Self::Scribe,
        Self::Teller,
        Self::Scrutineer,
        Self::SupervisionCommittee,
        Self::GroupLeader,
        Self::PartyMember,
        Self::VillagerRepresentative,
        Self::Villager,
        Self::Auditor,
    ];

    /// Tells whether the role is held in a village, so that the village's own secretary may grant it.
    pub fn is_of_village(self) -> bool {
        match self {
            Self::TownshipOffice
            | Self::AssessmentLead
            | Self::Assessor
            | Self::Advisor
            | Self::PrecinctCommittee
            | Self::Auditor => false,
            Self::VillageSecretary
            | Self::Scribe
            | Self::Teller
            | Self::Scrutineer
            | Self::SupervisionCommittee
            | Self::GroupLeader
            | Self::PartyMember
            | Self::VillagerRepresentative
            | Self::Villager => true,
        }
    }

    fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// What can be done in a meeting of a village, by who may do it (DOMAIN section 4).
///
/// The one table of it: commands are refused by it, the fold passes over what it does not allow, and who may write
/// meetings at all follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Duty {
    /// Its frame: opening, roll, moves, ballots handed out, seal.
    Frame,
    /// Its count: ballots entered, hands counted, the urn, reconciliation.
    Count,
    /// The word that the count is right.
    Check,
    /// The organisation's decision.
    Decide,
}

impl Duty {
    /// Every duty.
    pub const ALL: [Self; 4] = [Self::Frame, Self::Count, Self::Check, Self::Decide];

    /// Returns the roles of the meeting's village that may do it.
    ///
    /// The scribe records what the chair says, so that one phone is enough to hold a meeting. That a secretary enters
    /// no ballot alone and a scribe confirms nothing of their own follows from two-person entry and from the check.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Frame => &[Role::VillageSecretary, Role::Scribe],
            Self::Count => &[Role::Scribe, Role::Teller, Role::Scrutineer, Role::VillageSecretary],
            Self::Check => {
                &[Role::VillageSecretary, Role::Scribe, Role::Teller, Role::Scrutineer, Role::SupervisionCommittee]
            }
            Self::Decide => &[Role::VillageSecretary],
        }
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Roles(u32);

impl Roles {
    /// Tells whether the role is among them.
    pub fn contains(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// Tells whether any of these roles is among them.
    pub fn any(self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.contains(*role))
    }

    /// Tells whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Goes through them in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.contains(*role))
    }

    /// Returns the set as a certificate writes it: one bit per place in the table.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// Reads a set; roles of a later version are dropped, so that they grant nothing here.
    pub fn from_bits(bits: u32) -> Self {
        Role::ALL.into_iter().filter(|role| bits & role.bit() != 0).collect()
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | role.bit()))
    }
}

impl From<Role> for Roles {
    fn from(role: Role) -> Self {
        Self(role.bit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roles_place_is_its_bit() {
        for (place, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(role.bit(), 1 << place, "{role:?}");
        }
        let roles: Roles = [Role::Scribe, Role::VillageSecretary].into_iter().collect();
        assert_eq!(roles.iter().collect::<Vec<_>>(), [Role::VillageSecretary, Role::Scribe]);
        assert!(!roles.contains(Role::Teller));
        assert_eq!(Roles::from_bits(u32::MAX), Role::ALL.into_iter().collect(), "unknown bits grant nothing");
    }
}
