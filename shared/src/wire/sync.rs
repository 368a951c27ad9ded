//! The one round trip that keeps a phone in step: where it stands and what it has, answered by what it lacks.

use super::holdings::Holdings;
use super::session::read_refusal;
use super::{
    COMPARED, HOLDINGS_BYTES, PAGE_BYTES, PAGE_ENTRIES, PUSH_ENTRIES, REFUSALS, REQUEST_BYTES, Refusal, SYNC_SCOPES,
    WireError, begin, open,
};
use crate::cbor::{DecodeError, Reader, Writer};
use crate::id::{DocumentId, ScopeId};
use crate::identity::batch::ENTRY_BYTES;
use crate::identity::{Digest, Signature};

/// How many bytes of a digest an answer without news repeats.
pub const CHECK_BYTES: usize = 4;

/// The largest answer, in bytes: a page over all its scopes that ends with an entry of the largest kind, what is held
/// of the documents asked about, and heads.
const RESPONSE_BYTES: usize = PAGE_BYTES + ENTRY_BYTES + HOLDINGS_BYTES + SYNC_SCOPES * 256;

/// Where a device stands in each scope, and what it pushes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncRequest {
    /// The scopes.
    pub scopes: Vec<ScopeRequest>,
}

/// Where a device stands in one scope, and what it pushes there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeRequest {
    /// The scope.
    pub scope: ScopeId,
    /// The epoch the cursor belongs to; 0 before the first answer.
    pub epoch: u32,
    /// The position up to which the device has the log.
    pub cursor: u64,
    /// Entries the relay has not acknowledged, each as [`crate::identity::Entry::encode`] writes it.
    pub push: Vec<Vec<u8>>,
    /// The documents of which the device asks how much of each writer the relay holds.
    pub compare: Vec<DocumentId>,
    /// A receipt of this epoch for the cursor, where the relay's log ends before it: the proof that it was cut short.
    pub proof: Option<(Digest, Signature)>,
    /// Whether the device reads this log for the first time and may be given stretches of it instead of its entries.
    pub stretches: bool,
}

impl ScopeRequest {
    /// Returns a request that pushes nothing and asks only for what is new.
    pub fn reading(scope: ScopeId, epoch: u32, cursor: u64) -> Self {
        Self { scope, epoch, cursor, push: Vec::new(), compare: Vec::new(), proof: None, stretches: false }
    }

    /// Returns how many values are written: what stands at the end and is empty is left out.
    fn values(&self) -> usize {
        match (&self.proof, self.compare.is_empty(), self.push.is_empty()) {
            _ if self.stretches => 8,
            (Some(_), ..) => 7,
            (None, false, _) => 5,
            (None, true, false) => 4,
            (None, true, true) => 3,
        }
    }
}

impl SyncRequest {
    /// Writes the request; where nothing is pushed the list is left out.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = begin(1);
        self.write(&mut writer);
        writer.finish()
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.array(self.scopes.len());
        for asked in &self.scopes {
            let ScopeRequest { scope, epoch, cursor, push, compare, proof, stretches } = asked;
            let values = asked.values();
            writer.array(values).scope(scope).uint((*epoch).into()).uint(*cursor);
            if values > 3 {
                write_list(writer, push);
            }
            if values > 4 {
                writer.array(compare.len());
                for document in compare {
                    writer.document(document);
                }
            }
            match proof {
                Some((digest, signature)) => _ = writer.bytes(&digest.0).bytes(&signature.0),
                None if values > 5 => _ = writer.null().null(),
                None => {}
            }
            if values > 7 {
                writer.bool(*stretches);
            }
        }
    }

    /// Reads a request.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = open(bytes, 1, REQUEST_BYTES)?;
        let request = Self::read(&mut reader)?;
        reader.end()?;
        Ok(request)
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut scopes = Vec::new();
        for _ in 0..reader.list(SYNC_SCOPES)? {
            let values = reader.list(8)?;
            if !matches!(values, 3..=5 | 7..=8) {
                return Err(DecodeError::Shape);
            }
            let mut asked = ScopeRequest::reading(reader.scope()?, reader.uint()?, reader.uint()?);
            for _ in 0..if values > 3 { reader.list(PUSH_ENTRIES)? } else { 0 } {
                asked.push.push(reader.bytes(ENTRY_BYTES)?.to_vec());
            }
            for _ in 0..if values > 4 { reader.list(COMPARED)? } else { 0 } {
                asked.compare.push(reader.document()?);
            }
            if values > 5 {
                let digest = if reader.nothing()? { None } else { Some(Digest(reader.fixed()?)) };
                let signature = if reader.nothing()? { None } else { Some(Signature(reader.fixed()?)) };
                asked.proof = digest.zip(signature);
            }
            if values > 7 {
                asked.stretches = reader.bool()?;
            }
            scopes.push(asked);
        }
        Ok(Self { scopes })
    }
}

/// What the device lacks in each scope, and what the relay did not take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncResponse {
    /// One answer for each scope that the device may read.
    pub scopes: Vec<ScopeAnswer>,
    /// What was refused; everything else that was pushed is durable when the answer is sent.
    pub refusals: Vec<ScopeRefusal>,
}

/// What the device lacks in one scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeAnswer {
    /// The scope.
    pub scope: ScopeId,
    /// The relay's epoch; if it is not the device's, the device begins this scope again from `from`.
    pub epoch: u32,
    /// The position before the first entry given: the device's cursor, or 0 to begin again.
    pub from: u64,
    /// The entries at `from + 1` and after, without a gap.
    pub entries: Vec<Answered>,
    /// Whether more entries wait after these.
    pub more: bool,
    /// The receipt's signature for the position after the last entry; left out when there is no entry.
    pub signature: Option<Signature>,
    /// Where nothing is new, the beginning of the digest at `from`: enough to notice a log that was cut short and grew
    /// to the same length again.
    pub check: Option<[u8; CHECK_BYTES]>,
    /// What the relay holds of the documents asked about; those missing have to be asked about again.
    pub holdings: Vec<Holdings>,
    /// Where the entries stand for a stretch of the log: the position after it and the digest there.
    ///
    /// They are certificates and one snapshot per document, and say what the log's own entries say.
    pub until: Option<(u64, Digest)>,
}

/// One entry of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// A batch that the device pushed in this very request, by its number: a receipt without the content.
    Own(u32),
    /// An entry, as [`crate::identity::Entry::encode`] writes it.
    Theirs(Vec<u8>),
}

/// Something pushed, or a whole scope, that the relay refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeRefusal {
    /// The scope.
    pub scope: ScopeId,
    /// The place of the entry among those pushed for the scope; nothing if the whole scope was refused.
    pub entry: Option<u32>,
    /// Why.
    pub reason: Refusal,
}

impl ScopeAnswer {
    /// Returns an answer that brings nothing.
    pub fn nothing(scope: ScopeId, epoch: u32, from: u64) -> Self {
        let (entries, holdings) = (Vec::new(), Vec::new());
        Self { scope, epoch, from, entries, more: false, signature: None, check: None, holdings, until: None }
    }

    /// Returns the position after the last entry given.
    pub fn to(&self) -> u64 {
        self.until.map_or(self.from.saturating_add(self.entries.len() as u64), |(position, _)| position)
    }
}

impl SyncResponse {
    /// Writes the answer; refusals are left out when there are none, entries and signature when there is no news.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = begin(if self.refusals.is_empty() { 1 } else { 2 });
        writer.array(self.scopes.len());
        for ScopeAnswer { scope, epoch, from, entries, more, signature, check, holdings, until } in &self.scopes {
            let repairs = !holdings.is_empty() || until.is_some();
            let news = repairs || !entries.is_empty() || *more || signature.is_some();
            writer.array(match (until.is_some(), repairs, news) {
                (true, ..) => 9,
                (false, true, _) => 7,
                (false, false, true) => 6,
                (false, false, false) => 3 + usize::from(check.is_some()),
            });
            writer.scope(scope).uint((*epoch).into()).uint(*from);
            if !news {
                check.iter().for_each(|check| _ = writer.bytes(check));
                continue;
            }
            writer.array(entries.len());
            for entry in entries {
                match entry {
                    Answered::Own(number) => writer.uint((*number).into()),
                    Answered::Theirs(bytes) => writer.bytes(bytes),
                };
            }
            writer.bool(*more);
            match signature {
                Some(signature) => writer.bytes(&signature.0),
                None => writer.null(),
            };
            if repairs {
                writer.array(holdings.len());
                holdings.iter().for_each(|holdings| holdings.write(&mut writer));
            }
            if let Some((position, digest)) = until {
                writer.uint(*position).bytes(&digest.0);
            }
        }
        if !self.refusals.is_empty() {
            writer.array(self.refusals.len());
            for ScopeRefusal { scope, entry, reason } in &self.refusals {
                writer.array(3).scope(scope);
                match entry {
                    Some(entry) => writer.uint((*entry).into()),
                    None => writer.null(),
                };
                writer.uint(reason.number().into());
            }
        }
        writer.finish()
    }

    /// Reads an answer.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let (mut reader, refused) = match open(bytes, 1, RESPONSE_BYTES) {
            Ok(reader) => (reader, false),
            Err(_) => (open(bytes, 2, RESPONSE_BYTES)?, true),
        };
        let mut answer = Self::default();
        for _ in 0..reader.list(SYNC_SCOPES)? {
            answer.scopes.push(read_scope(&mut reader)?);
        }
        for _ in 0..if refused { reader.list(REFUSALS)? } else { 0 } {
            reader.array(3)?;
            let scope = reader.scope()?;
            let entry = if reader.nothing()? { None } else { Some(reader.uint()?) };
            answer.refusals.push(ScopeRefusal { scope, entry, reason: read_refusal(&mut reader)? });
        }
        reader.end()?;
        Ok(answer)
    }
}

fn read_scope(reader: &mut Reader<'_>) -> Result<ScopeAnswer, DecodeError> {
    let values = reader.list(9)?;
    let (news, repairs) = match values {
        3 | 4 => (false, false),
        6 => (true, false),
        7 | 9 => (true, true),
        _ => return Err(DecodeError::Shape),
    };
    let mut answer = ScopeAnswer::nothing(reader.scope()?, reader.uint()?, reader.uint()?);
    if values == 4 {
        answer.check = Some(reader.fixed()?);
    }
    if news {
        for _ in 0..reader.list(PAGE_ENTRIES)? {
            answer.entries.push(if reader.at_bytes()? {
                Answered::Theirs(reader.bytes(ENTRY_BYTES)?.to_vec())
            } else {
                Answered::Own(reader.uint()?)
            });
        }
        answer.more = reader.bool()?;
        answer.signature = if reader.nothing()? { None } else { Some(Signature(reader.fixed()?)) };
    }
    if repairs {
        for _ in 0..reader.list(COMPARED)? {
            answer.holdings.push(Holdings::read(reader)?);
        }
    }
    if values > 7 {
        answer.until = Some((reader.uint()?, Digest(reader.fixed()?)));
    }
    Ok(answer)
}

fn write_list(writer: &mut Writer, list: &[Vec<u8>]) {
    writer.array(list.len());
    for bytes in list {
        writer.bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::DeviceNumber;
    use crate::identity::{Batch, DeviceKey, Entry, Payload};

    const EPOCH: u32 = u32::MAX;

    fn scopes() -> [ScopeId; 2] {
        ["township".parse().unwrap(), "village.420529202209".parse().unwrap()]
    }

    fn request(push: Vec<Vec<u8>>) -> SyncRequest {
        let [township, village] = scopes();
        let quiet = ScopeRequest::reading(township, EPOCH, 999);
        SyncRequest { scopes: vec![quiet, ScopeRequest { push, ..ScopeRequest::reading(village, EPOCH, 99_999) }] }
    }

    fn answer(entries: Vec<Answered>, refusals: Vec<ScopeRefusal>) -> SyncResponse {
        let [township, village] = scopes();
        let quiet = ScopeAnswer { check: Some([9; CHECK_BYTES]), ..ScopeAnswer::nothing(township, EPOCH, 999) };
        let signature = (!entries.is_empty()).then_some(Signature([7; 64]));
        let news = ScopeAnswer { entries, signature, ..ScopeAnswer::nothing(village, EPOCH, 99_999) };
        SyncResponse { scopes: vec![quiet, news], refusals }
    }

    /// A batch with one change as large as a point entry's, of the highest numbers that are likely.
    fn one_entry() -> Vec<u8> {
        let address = "village.420529202209/meeting-2026-11-23-1".parse().unwrap();
        let payload = Payload::Raw(vec![vec![7; 146]]);
        let key = DeviceKey::from_seed([1; 32]);
        Entry::Batch(Batch::sign(&key, address, DeviceNumber(u32::MAX), 9_999, &[[1; 32]], payload)).encode()
    }

    #[test]
    fn nothing_new_costs_little() {
        let (up, down) = (request(Vec::new()).encode(), answer(Vec::new(), Vec::new()).encode());
        assert!(up.len() <= 2 * 20, "{} bytes up", up.len());
        assert!(down.len() <= 2 * 20, "{} bytes down", down.len());
    }

    #[test]
    fn one_new_entry_costs_little() {
        let up = request(vec![one_entry()]).encode();
        let down = answer(vec![Answered::Own(9_999)], Vec::new()).encode();
        assert!(up.len() <= 280, "{} bytes up", up.len());
        assert!(down.len() <= 120, "{} bytes down", down.len());
    }

    #[test]
    fn messages_read_back_and_damage_is_an_error() {
        let request = request(vec![one_entry(), vec![1]]);
        let bytes = request.encode();
        assert_eq!(SyncRequest::decode(&bytes), Ok(request));
        (0..bytes.len()).for_each(|end| assert!(SyncRequest::decode(&bytes[..end]).is_err()));
        let refused = ScopeRefusal { scope: scopes()[1].clone(), entry: Some(1), reason: Refusal::Gap };
        let whole = ScopeRefusal { scope: ScopeId::Office, entry: None, reason: Refusal::MayNotRead };
        for refusals in [vec![], vec![refused, whole]] {
            let answer = answer(vec![Answered::Own(3), Answered::Theirs(one_entry())], refusals);
            let bytes = answer.encode();
            assert_eq!(SyncResponse::decode(&bytes), Ok(answer));
            (0..bytes.len()).for_each(|end| assert!(SyncResponse::decode(&bytes[..end]).is_err()));
            assert!(SyncResponse::decode(&[bytes.as_slice(), &[0]].concat()).is_err());
        }
    }

    #[test]
    fn comparisons_and_proofs_read_back_and_damage_is_an_error() {
        let [_, village] = scopes();
        let reading = || ScopeRequest::reading(village.clone(), EPOCH, 9);
        let proof = Some((Digest([1; 32]), Signature([2; 64])));
        for asked in [
            ScopeRequest { compare: vec![DocumentId::Roster], ..reading() },
            ScopeRequest { proof, ..reading() },
            ScopeRequest { compare: vec![DocumentId::Roster], proof, push: vec![vec![1]], ..reading() },
            ScopeRequest { stretches: true, ..reading() },
            ScopeRequest { stretches: true, proof, ..reading() },
        ] {
            let request = SyncRequest { scopes: vec![asked] };
            let bytes = request.encode();
            (0..bytes.len()).for_each(|end| assert!(SyncRequest::decode(&bytes[..end]).is_err()));
            assert_eq!(SyncRequest::decode(&bytes), Ok(request));
        }
        let holdings = Holdings { document: DocumentId::Roster, writers: vec![([3; 8], 40), ([4; 8], 1)] };
        let until = Some((99, Digest([5; 32])));
        for (holdings, until) in [(vec![holdings], None), (vec![], until)] {
            let nothing = ScopeAnswer::nothing(village.clone(), EPOCH, 9);
            let scopes = vec![ScopeAnswer { holdings, until, ..nothing }];
            let answer = SyncResponse { scopes, refusals: Vec::new() };
            let bytes = answer.encode();
            (0..bytes.len()).for_each(|end| assert!(SyncResponse::decode(&bytes[..end]).is_err()));
            assert_eq!(SyncResponse::decode(&bytes), Ok(answer));
        }
    }

    #[test]
    fn more_than_the_limit_is_an_error() {
        let scope = ScopeRequest::reading(ScopeId::Township, 1, 0);
        let many = SyncRequest { scopes: vec![scope.clone(); SYNC_SCOPES + 1] };
        assert_eq!(SyncRequest::decode(&many.encode()), Err(DecodeError::TooLong.into()));
        let long = SyncRequest { scopes: vec![ScopeRequest { push: vec![vec![]; PUSH_ENTRIES + 1], ..scope }] };
        assert_eq!(SyncRequest::decode(&long.encode()), Err(DecodeError::TooLong.into()));
    }
}
