//! What the engine is told and what it wishes: every input and every effect, as values.

use std::collections::BTreeSet;

use crate::domain::command::Command;
use crate::domain::decide::Refusal;
use crate::id::{DeviceCode, DeviceNumber, FactId, PersonId, UnitCode};
use crate::identity::{Digest, Reason};
use crate::role::Roles;
use crate::store::{Row, StorageTrouble, Write, WriteId};
use crate::time::Instant;

/// The name a page gives to its wish, so that it finds the answer again; the engine only returns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// The name of one question to the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// Something that happened to the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Storage was read at start: every row, in any order.
    Loaded(Vec<Row>),
    /// Storage could not be read at start; nothing is known and nothing may be written over it.
    LoadFailed(StorageTrouble),
    /// Storage confirmed a write; only this makes anything "saved".
    Written(WriteId),
    /// Storage refused a write; it is tried again with growing pauses.
    WriteFailed(WriteId, StorageTrouble),
    /// The answer to [`Effect::Read`].
    RowRead {
        /// The key that was asked for.
        key: String,
        /// The row's bytes as they lie on disk, or nothing.
        value: Option<Vec<u8>>,
    },
    /// The holder scanned or pasted an enrolment link, or one that renews the certificate of this device.
    Enrol {
        /// Whom to answer.
        ticket: Ticket,
        /// The whole link, or what stands behind its `#/enrol/`.
        link: String,
    },
    /// The office founds its township on this device: the authority's key is made here and never leaves.
    Found {
        /// Whom to answer.
        ticket: Ticket,
        /// The wish.
        founding: Founding,
    },
    /// The office takes a new relay into service for its township, with the authority's key that this device holds.
    Refound {
        /// Whom to answer.
        ticket: Ticket,
        /// The founding token that the relay printed.
        token: String,
    },
    /// The holder invites another device.
    Invite {
        /// Whom to answer; the outcome is the link.
        ticket: Ticket,
        /// What the new device shall be.
        wish: InvitationWish,
    },
    /// The holder invites a device that is enrolled to take up another certificate.
    Renew {
        /// Whom to answer; the outcome is the link.
        ticket: Ticket,
        /// What the device shall be.
        wish: Renewal,
    },
    /// The holder revokes a device.
    Revoke {
        /// Whom to answer.
        ticket: Ticket,
        /// The device.
        device: DeviceNumber,
        /// Why.
        reason: Reason,
    },
    /// The holder revokes a device and invites another for the same person, in one act.
    Replace {
        /// Whom to answer; the outcome is the link.
        ticket: Ticket,
        /// The device that is gone.
        device: DeviceNumber,
        /// Why.
        reason: Reason,
        /// The short name of the new device; unique in the township.
        code: DeviceCode,
        /// When the invitation ends.
        take_by: Instant,
        /// When the new device is let in no more.
        expires: Instant,
    },
    /// The office decides whether a held batch counts.
    Judge {
        /// Whom to answer.
        ticket: Ticket,
        /// The hash by which a log knows the batch.
        batch: Digest,
        /// Whether it counts.
        accepts: bool,
    },
    /// The holder asks for something; the answer comes once it is durable.
    Command {
        /// Whom to answer.
        ticket: Ticket,
        /// The wish.
        command: Command,
    },
    /// A reason to talk to the relay at once.
    Wake(Wake),
    /// The clock reached an instant named by [`Effect::TimerAt`], or passed it.
    Tick,
    /// The relay answered.
    Answered {
        /// Which question.
        request: RequestId,
        /// The HTTP status.
        status: u16,
        /// The body.
        body: Vec<u8>,
    },
    /// No answer came: no network, a cut connection, a malformed reply.
    Unanswered {
        /// Which question.
        request: RequestId,
    },
    /// The live connection stands.
    LiveOpened,
    /// A message came over the live connection.
    LiveMessage(Vec<u8>),
    /// The live connection ended.
    LiveClosed,
}

/// Why the relay should be tried at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// The browser believes that a network came up.
    Online,
    /// The page came to the front.
    Visible,
    /// The holder pressed the button; it is answered honestly through the status.
    Button,
}

/// What the office states when it founds its township.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founding {
    /// The founding token that `pingyi init` printed, as it stands in the link.
    pub token: String,
    /// The township's division code.
    pub township: UnitCode,
    /// The township's name.
    pub name: String,
    /// The person who holds this device.
    pub holder: PersonId,
    /// That person's name.
    pub holder_name: String,
    /// The short name of this device.
    pub code: DeviceCode,
}

/// What an enrolled device shall be from its next certificate on; its number, name and holder stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewal {
    /// The device.
    pub device: DeviceNumber,
    /// What its holder may do.
    pub roles: Roles,
    /// The villages that the roles extend to.
    pub villages: BTreeSet<UnitCode>,
    /// Whether the holder may invite others.
    pub may_enrol: bool,
    /// When the invitation ends.
    pub take_by: Instant,
    /// When the certificate ends.
    pub expires: Instant,
}

/// What a new device shall be; number and keys are drawn by the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationWish {
    /// The short name of the new device; unique in the township.
    pub code: DeviceCode,
    /// Who will hold it.
    pub holder: PersonId,
    /// That person's name.
    pub holder_name: String,
    /// What the holder may do.
    pub roles: Roles,
    /// The villages in which the roles hold; empty for the whole township.
    pub villages: BTreeSet<UnitCode>,
    /// Whether the device may invite others for its villages.
    pub may_enrol: bool,
    /// When the invitation ends.
    pub take_by: Instant,
    /// When the device is let in no more.
    pub expires: Instant,
}

/// Something the platform must carry out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write in one strict transaction, then report [`Input::Written`] or [`Input::WriteFailed`].
    Write(Write),
    /// Read one row, then report [`Input::RowRead`].
    Read {
        /// The key.
        key: String,
    },
    /// Post a body to the relay, then report [`Input::Answered`] or [`Input::Unanswered`].
    Send {
        /// The question's name.
        request: RequestId,
        /// The path, such as `/sync`.
        path: &'static str,
        /// The session token for the `Authorization: Bearer` header, already in base64url.
        token: Option<String>,
        /// The body.
        body: Vec<u8>,
    },
    /// Open the live connection, then report [`Input::LiveOpened`] or [`Input::LiveClosed`].
    OpenLive,
    /// Send one message over the live connection.
    LiveSend(Vec<u8>),
    /// Close the live connection.
    CloseLive,
    /// Report [`Input::Tick`] at this instant; replaces every earlier timer.
    TimerAt(Instant),
    /// The answer to a wish.
    Done {
        /// Which wish.
        ticket: Ticket,
        /// What came of it.
        result: Result<Outcome, Refused>,
    },
    /// The workspace or the status changed.
    Changed,
}

/// What came of a wish; all of it is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// These facts were recorded; empty where the command changed only fields or the urn.
    Recorded(Vec<FactId>),
    /// The device is enrolled.
    Enrolled,
    /// What stands behind `#/enrol/` in the link for the new device.
    Invited(String),
    /// The device is revoked here; the relay learns of it when it is reached.
    Revoked,
    /// The decision is kept here; it counts once the log has it.
    Judged,
    /// The township is founded on this device; the relay learns of it when it is reached.
    Founded,
}

/// Why a wish was refused; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The rules refuse it.
    Rule(Refusal),
    /// The device has no certificate yet.
    NotEnrolled,
    /// The device already has a certificate.
    AlreadyEnrolled,
    /// Storage has not been read, so that nothing can be recorded.
    NotLoaded,
    /// The link is not an invitation of a township.
    NotALink,
    /// The link's signatures do not hold.
    ForgedLink,
    /// The invitation has ended.
    ExpiredLink,
    /// Another device has this short name.
    CodeTaken,
    /// This device may not invite others, or not for these roles or villages.
    MayNotInvite,
    /// This device may not revoke that one, or decide about batches.
    MayNotRevoke,
    /// A device does not revoke itself: who holds another one has to.
    OwnDevice,
    /// The device was revoked before.
    AlreadyRevoked,
    /// No device of this number is known.
    NoSuchDevice,
    /// No batch of this name is held.
    NotHeld,
    /// The batch was decided about before.
    AlreadyJudged,
    /// The document holds as many changes as it may.
    DocumentFull,
    /// The document would not take the change; a fault of the program, nothing was recorded.
    Document,
}
