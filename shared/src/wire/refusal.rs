//! Why the relay did not take something, as a number on the wire.

use std::fmt;

/// A reason of the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// The request, an entry or a payload is larger than it may be.
    TooLarge,
    /// The entry cannot be read.
    Envelope,
    /// The certificate proves nothing, or has expired.
    Certificate,
    /// The invitation was taken up by another device before.
    InvitationUsed,
    /// The holder may not read the scope.
    MayNotRead,
    /// The holder may not write this kind of document there.
    MayNotWrite,
    /// The batch is not signed by its device.
    Signature,
    /// A change was made under another device's number.
    ForeignActor,
    /// A change is missing before this one in the same writer's row.
    Gap,
    /// Another change stands at the same place of the same writer's row.
    Fork,
    /// A change rests on one that the relay does not have.
    MissingDependency,
    /// The batch number was used for another batch.
    NumberReused,
    /// The device's time is too far from the relay's to open a session.
    Clock,
    /// The token is unknown; a new session is needed.
    NoSession,
    /// The relay has no authority yet.
    NotFounded,
    /// The founding token is wrong or was used.
    FoundingToken,
    /// The other side speaks a version the relay does not.
    Version,
    /// The relay could not keep it; the same request may succeed later.
    Unavailable,
    /// The device or its address asks more than its share; the same request may succeed later.
    Busy,
    /// The request comes from a page of another site.
    Origin,
    /// The device was revoked, or one that its enrolment rests on; it is given nothing more.
    Revoked,
    /// The batch is kept at the township and waits there for a person's decision.
    Held,
    /// The office decided that the batch does not count; it is kept as evidence.
    Rejected,
    /// The office decided that the batch counts; it stands in the log, which this device is not given.
    Accepted,
    /// As much of this device is held already as there is room for; the batch is not kept.
    QuarantineFull,
    /// No batch of this name is held.
    NotHeld,
}

impl Refusal {
    /// Every reason; its place is its number on the wire and never changes.
    pub const ALL: [Self; 26] = [
        Self::TooLarge,
        Self::Envelope,
        Self::Certificate,
        Self::InvitationUsed,
        Self::MayNotRead,
        Self::MayNotWrite,
        Self::Signature,
        Self::ForeignActor,
        Self::Gap,
        Self::Fork,
        Self::MissingDependency,
        Self::NumberReused,
        Self::Clock,
        Self::NoSession,
        Self::NotFounded,
        Self::FoundingToken,
        Self::Version,
        Self::Unavailable,
        Self::Busy,
        Self::Origin,
        Self::Revoked,
        Self::Held,
        Self::Rejected,
        Self::Accepted,
        Self::QuarantineFull,
        Self::NotHeld,
    ];

    /// Returns the number on the wire.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// Returns the reason of a number, if this version knows it.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "larger than it may be",
            Self::Envelope => "cannot be read",
            Self::Certificate => "the certificate proves nothing or has expired",
            Self::InvitationUsed => "the invitation was taken up by another device",
            Self::MayNotRead => "the holder may not read the scope",
            Self::MayNotWrite => "the holder may not write this document",
            Self::Signature => "not signed by its device",
            Self::ForeignActor => "written under another device's number",
            Self::Gap => "an earlier change of the same writer is missing",
            Self::Fork => "another change stands at the same place",
            Self::MissingDependency => "rests on a change that is missing",
            Self::NumberReused => "the batch number was used for another batch",
            Self::Clock => "the device's time is too far off",
            Self::NoSession => "the session is unknown",
            Self::NotFounded => "the township is not founded yet",
            Self::FoundingToken => "the founding token is wrong or was used",
            Self::Version => "the version is unknown",
            Self::Unavailable => "could not be kept, may be tried again",
            Self::Busy => "too much is asked at once, may be tried again later",
            Self::Origin => "asked from a page of another site",
            Self::Revoked => "the device was revoked",
            Self::Held => "kept until a person decides",
            Self::Rejected => "decided not to count, kept as evidence",
            Self::Accepted => "decided to count and placed",
            Self::QuarantineFull => "too much of this device is held already",
            Self::NotHeld => "no such batch is held",
        })
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reasons_place_is_its_number() {
        for (place, refusal) in Refusal::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(refusal.number()), place);
            assert_eq!(Refusal::from_number(refusal.number()), Some(refusal));
        }
        assert_eq!(Refusal::from_number(200), None);
    }
}
