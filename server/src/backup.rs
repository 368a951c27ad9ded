//! A backup: every log entry by entry as its writers signed it, so that whoever restores it need trust nobody.
//!
//! The entries and not snapshots of the documents: every signature that was given stays with what it was given for, and
//! receipts can still be compared with the log. No key and no token is in it.
//!
//! The file begins with a mark, then frames of a length in four bytes and as many bytes of CBOR: a heading, for each
//! scope its name, its entries in order and a receipt over them, and an end.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Read, Write};

use shared::access;
use shared::cbor::{DecodeError, Reader as CborReader, Writer as CborWriter};
use shared::id::{DeviceNumber, ScopeId, UnitCode};
use shared::identity::batch::ENTRY_BYTES;
use shared::identity::{Digest, Entry, Holder, PublicKey, Receipt, Signature};
use shared::time::Instant;
use shared::wire::Refusal;

use crate::admit;
use crate::log::{Certified, Head, PreparedAct, Push};
use crate::quarantine;

/// What a backup begins with.
const MARK: &[u8; 16] = b"pingyi backup 1\n";
/// The largest frame, in bytes: an entry of the largest kind.
const FRAME_BYTES: usize = ENTRY_BYTES + 64;
/// The longest name of a township in a heading, in bytes.
const NAME_BYTES: usize = 300;

const HEADING: u64 = 0;
const SCOPE: u64 = 1;
const ENTRY: u64 = 2;
const RECEIPT: u64 = 3;
const END: u64 = 4;

/// What a backup says before the logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The township's authority.
    pub authority: PublicKey,
    /// The township's division code.
    pub code: UnitCode,
    /// The township's name.
    pub name: String,
    /// The key by which the relay signs receipts.
    pub relay: PublicKey,
    /// The epoch of the logs.
    pub epoch: u32,
}

/// The reasons why a file is not a backup that can be restored, with the count of the frame.
#[derive(Debug)]
pub enum BackupError {
    /// It could not be read or written.
    Io(io::Error),
    /// It does not begin as a backup does.
    Mark,
    /// It ends before its end.
    CutShort(u64),
    /// A frame cannot be read.
    Frame(u64),
    /// A frame stands where it does not belong.
    Order(u64),
    /// An entry does not pass the checks that a phone's pushes pass.
    Entry(u64, Refusal),
    /// The receipt is not one of the relay over exactly the entries before it.
    Receipt(u64),
}

impl fmt::Display for BackupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Mark => f.write_str("not a backup of pingyi"),
            Self::CutShort(frame) => write!(f, "the file ends in frame {frame}, before the backup does"),
            Self::Frame(frame) => write!(f, "frame {frame} cannot be read"),
            Self::Order(frame) => write!(f, "frame {frame} stands where it does not belong"),
            Self::Entry(frame, reason) => write!(f, "the entry in frame {frame} does not hold: {reason}"),
            Self::Receipt(frame) => write!(f, "frame {frame} is no receipt over the entries before it"),
        }
    }
}

impl std::error::Error for BackupError {}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Writes a backup.
#[derive(Debug)]
pub struct Backup<W>(W);

impl<W: Write> Backup<W> {
    /// Begins a backup.
    pub fn begin(mut out: W, heading: &Heading) -> io::Result<Self> {
        out.write_all(MARK)?;
        let Heading { authority, code, name, relay, epoch } = heading;
        let mut backup = Self(out);
        backup.frame(|writer| {
            writer.array(6).uint(HEADING).bytes(&authority.0).text(code.as_str()).text(name).bytes(&relay.0);
            writer.uint((*epoch).into());
        })?;
        Ok(backup)
    }

    /// Begins a scope's log.
    pub fn scope(&mut self, scope: &ScopeId) -> io::Result<()> {
        self.frame(|writer| _ = writer.array(2).uint(SCOPE).scope(scope))
    }

    /// Writes an entry as it is kept.
    pub fn entry(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.frame(|writer| _ = writer.array(2).uint(ENTRY).bytes(bytes))
    }

    /// Ends a scope's log.
    pub fn receipt(&mut self, head: &Head, signature: &Signature) -> io::Result<()> {
        self.frame(|writer| {
            writer.array(4).uint(RECEIPT).uint(head.position).bytes(&head.digest.0).bytes(&signature.0);
        })
    }

    /// Ends the backup and returns what it was written to.
    pub fn end(mut self) -> io::Result<W> {
        self.frame(|writer| _ = writer.array(1).uint(END))?;
        self.0.flush()?;
        Ok(self.0)
    }

    fn frame(&mut self, write: impl FnOnce(&mut CborWriter)) -> io::Result<()> {
        let mut writer = CborWriter::new();
        write(&mut writer);
        let bytes = writer.finish();
        let length = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidData)?;
        self.0.write_all(&length.to_be_bytes())?;
        self.0.write_all(&bytes)
    }
}

/// Reads a backup and checks everything in it as if phones pushed it.
#[derive(Debug)]
pub struct Restore<R> {
    input: R,
    frame: u64,
    heading: Heading,
    /// The log under way.
    scope: Option<(ScopeId, Head)>,
    ends: BTreeMap<ScopeId, Head>,
    holders: BTreeMap<DeviceNumber, (Holder, Certified)>,
    /// The same before their certificates were renewed.
    former: Vec<Holder>,
    /// Devices that were revoked so far, by scope.
    revoked: BTreeSet<(ScopeId, DeviceNumber)>,
    /// A verdict whose batch stands behind it, with who made that.
    verdict: Option<(PreparedAct, Holder)>,
    /// The certificate that stands between the two.
    between: Option<Certified>,
    ended: bool,
}

impl<R: Read> Restore<R> {
    /// Reads the heading.
    pub fn begin(mut input: R) -> Result<Self, BackupError> {
        let mut mark = [0; MARK.len()];
        if input.read_exact(&mut mark).is_err() || mark != *MARK {
            return Err(BackupError::Mark);
        }
        let bytes = frame(&mut input, 1)?;
        let heading = read_heading(&bytes).map_err(|_| BackupError::Frame(1))?;
        let (ends, holders) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self {
            input,
            frame: 1,
            heading,
            scope: None,
            ends,
            holders,
            former: Vec::new(),
            revoked: BTreeSet::new(),
            verdict: None,
            between: None,
            ended: false,
        })
    }

    /// Returns the heading.
    pub fn heading(&self) -> &Heading {
        &self.heading
    }

    /// Returns where the logs end, once the backup has been read to its end.
    pub fn ends(&self) -> &BTreeMap<ScopeId, Head> {
        &self.ends
    }

    /// Returns every device with its key, as far as the backup was read.
    pub fn devices(&self) -> impl Iterator<Item = (DeviceNumber, PublicKey)> {
        self.holders.values().map(|(holder, _)| (holder.device, holder.key))
    }

    /// Returns the next batches, at most so many and none at the end.
    pub fn read(&mut self, count: usize) -> Result<Vec<Push>, BackupError> {
        let mut pushes = Vec::new();
        while pushes.len() < count && !self.ended {
            self.frame += 1;
            let bytes = frame(&mut self.input, self.frame)?;
            pushes.extend(self.take(&bytes)?);
        }
        Ok(pushes)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<Option<Push>, BackupError> {
        let (bad, misplaced) = (|_: DecodeError| BackupError::Frame(self.frame), BackupError::Order(self.frame));
        let mut reader = CborReader::new(bytes);
        reader.list(4).map_err(bad)?;
        match (reader.uint::<u64>().map_err(bad)?, &mut self.scope) {
            (SCOPE, scope @ None) => {
                let name = reader.scope().map_err(bad)?;
                if self.ends.contains_key(&name) {
                    return Err(misplaced);
                }
                *scope = Some((name, Head::default()));
                Ok(None)
            }
            (ENTRY, Some((scope, head))) => {
                let entry = reader.bytes(ENTRY_BYTES).map_err(bad)?;
                let decoded = Entry::decode(scope, entry).map_err(bad)?;
                let refused = |reason| BackupError::Entry(self.frame, reason);
                let (prepared, certificate) = match decoded {
                    Entry::Certificate(certificate) => {
                        let holder = certificate.holder(&self.heading.authority);
                        let holder = holder.map_err(|_| refused(Refusal::Certificate))?;
                        let certified = admit::certify(&holder, certificate);
                        *head = Head { position: head.position + 1, digest: head.digest.then(certified.hash) };
                        // It stood there, whoever was revoked before it.
                        let alone = PreparedAct { revocations: Vec::new(), ..certified.alone(scope.clone()) };
                        let former = self.holders.insert(holder.device, (holder, certified.clone()));
                        self.former.extend(former.map(|(holder, _)| holder));
                        if self.verdict.is_some() {
                            self.between = Some(certified);
                            return Ok(None);
                        }
                        return Ok(Some(Push::of_acts(vec![alone])));
                    }
                    Entry::Later(_) => return Err(refused(Refusal::Version)),
                    Entry::Act(act) => {
                        let hash = act.hash();
                        let revoked = |device| !self.revoked.insert((scope.clone(), device));
                        let laid = quarantine::again(&self.heading.authority, scope, act, revoked);
                        let (act, holder) = laid.map_err(refused)?;
                        *head = Head { position: head.position + 1, digest: head.digest.then(hash) };
                        if let Some(holder) = holder {
                            self.verdict = Some((act, holder));
                            return Ok(None);
                        }
                        return Ok(Some(Push::of_acts(vec![act])));
                    }
                    Entry::Batch(_) if self.verdict.is_some() => {
                        let Some((act, holder)) = self.verdict.take() else { return Err(misplaced) };
                        let prepared = admit::admit(&self.heading.authority, &holder, scope, entry, Instant(0));
                        let prepared = prepared.map_err(refused)?;
                        *head = Head { position: head.position + 1, digest: head.digest.then(prepared.hash) };
                        let act = PreparedAct { batch: Some((self.between.take(), prepared)), ..act };
                        return Ok(Some(Push::of_acts(vec![act])));
                    }
                    Entry::Batch(batch) => {
                        let (holder, certificate) =
                            self.holders.get(&batch.device).ok_or_else(|| refused(Refusal::Certificate))?;
                        // What was accepted in time stays true.
                        let prepared = admit::admit(&self.heading.authority, holder, scope, entry, Instant(0));
                        let prepared = prepared.map_err(refused)?;
                        (prepared, certificate.clone())
                    }
                    Entry::Snapshot(snapshot) => {
                        let holders = &self.holders;
                        let address = snapshot.address.clone();
                        let may = |holder: &&Holder| access::may_write(holder, &address.scope, address.document.kind());
                        let of = |device| {
                            let last = holders.get(&device).map(|(holder, _)| holder);
                            let mut former = self.former.iter().filter(|holder| holder.device == device);
                            last.filter(|holder| may(holder)).or_else(|| former.rfind(may)).or(last)
                        };
                        let prepared = admit::attest(snapshot, of);
                        let prepared = prepared.map_err(refused)?;
                        let certificate = holders.get(&prepared.device).map(|(_, certificate)| certificate.clone());
                        let certificate = certificate.ok_or_else(|| refused(Refusal::Certificate))?;
                        (prepared, certificate)
                    }
                };
                *head = Head { position: head.position + 1, digest: head.digest.then(prepared.hash) };
                Ok(Some(Push { certificate, batches: vec![prepared], acts: Vec::new() }))
            }
            (RECEIPT, scope @ Some(_)) => {
                let (position, digest) = (reader.uint().map_err(bad)?, Digest(reader.fixed().map_err(bad)?));
                let signature = Signature(reader.fixed().map_err(bad)?);
                let Some((name, head)) = scope.take() else { return Err(misplaced) };
                let epoch = self.heading.epoch;
                let receipt = Receipt { scope: name.clone(), epoch, position, digest };
                let holds = receipt.verify(&self.heading.relay, &signature).is_ok();
                if !holds || head != (Head { position, digest }) || self.verdict.is_some() {
                    return Err(BackupError::Receipt(self.frame));
                }
                self.ends.insert(name, head);
                Ok(None)
            }
            (END, None) => {
                self.ended = true;
                Ok(None)
            }
            _ => Err(misplaced),
        }
    }
}

fn frame(input: &mut impl Read, number: u64) -> Result<Vec<u8>, BackupError> {
    let cut = |error: io::Error| match error.kind() {
        io::ErrorKind::UnexpectedEof => BackupError::CutShort(number),
        _ => BackupError::Io(error),
    };
    let mut length = [0; 4];
    input.read_exact(&mut length).map_err(cut)?;
    let length = u32::from_be_bytes(length) as usize;
    if length > FRAME_BYTES {
        return Err(BackupError::Frame(number));
    }
    // Not all at once: a length that lies would take the memory before the end of the file is seen.
    let mut bytes = Vec::new();
    input.by_ref().take(length as u64).read_to_end(&mut bytes)?;
    if bytes.len() == length { Ok(bytes) } else { Err(BackupError::CutShort(number)) }
}

fn read_heading(bytes: &[u8]) -> Result<Heading, DecodeError> {
    let mut reader = CborReader::new(bytes);
    reader.array(6)?;
    if reader.uint::<u64>()? != HEADING {
        return Err(DecodeError::Shape);
    }
    let authority = PublicKey(reader.fixed()?);
    let (code, name) = (reader.parsed(NAME_BYTES)?, reader.text(NAME_BYTES)?.to_owned());
    let relay = PublicKey(reader.fixed()?);
    let epoch = reader.uint()?;
    reader.end()?;
    Ok(Heading { authority, code, name, relay, epoch })
}
