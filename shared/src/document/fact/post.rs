//! The facts of posts and of people's months in them.

use super::KIND;
use super::meeting::read_replaces;
use super::pack::{Fields, Pack, list, rest};
use super::post_rule;
use crate::cbor::{DecodeError, Reader};
use crate::domain::post::{
    ENTRY_BYTES, EntryStrike, Excuse, FACTS_LIMIT, MonthConfirmed, PostFact, PostHeld, PostOpening, PostReview,
    PostScore, SCORES_LIMIT, ScoresShown, SelfStatement, WORDS_BYTES, WorkLogEntry,
};
use crate::domain::rulebook::post::PostRule;
use crate::id::{CategoryId, FactId, ID_BYTES, PersonId};
use crate::number::{DECIMAL_TEXT_BYTES, Decimal};
use crate::time::{Date, Month};

const OPENED: u64 = 176;
const HELD: u64 = 177;
const LOGGED: u64 = 178;
const STRUCK: u64 = 179;
const EXCUSED: u64 = 180;
const STATED: u64 = 181;
const REVIEWED: u64 = 182;
const SCORED: u64 = 183;
const SHOWN: u64 = 184;
const CONFIRMED: u64 = 185;

// One key means one thing in every kind.
const PERSON: u64 = 1;
const MONTH: u64 = 2;
const POST: u64 = 3;
const DATE: u64 = 4;
const WORDS: u64 = 5;
const NAMED: u64 = 6;
const FOLLOWS: u64 = 7;
const RULE: u64 = 8;
const UNTIL: u64 = 9;
const FACT: u64 = 10;
const LIFTED: u64 = 11;
const POINTS: u64 = 12;
const DIGEST: u64 = 13;
const REPLACES: u64 = 15;

/// The most statements, reviews or corrections that one fact follows or replaces: every phone of a village.
const BEFORE_LIMIT: usize = 100;

pub(super) fn pack(fact: &PostFact) -> Pack {
    let mut pack = Pack::new();
    match fact {
        PostFact::Opened(opening) => {
            pack.uint(KIND, OPENED).put(RULE, |writer| post_rule::pack(&opening.rule).write(writer));
            pack_ids(&mut pack, REPLACES, &opening.replaces);
        }
        PostFact::Held(PostHeld { person, post, from, until, replaces }) => {
            pack.uint(KIND, HELD).text(PERSON, person.as_str()).text(POST, post.as_str());
            pack_date(&mut pack, DATE, *from);
            until.iter().for_each(|until| pack_date(&mut pack, UNTIL, *until));
            pack_ids(&mut pack, REPLACES, replaces);
        }
        PostFact::Logged(WorkLogEntry { person, post, date, words }) => {
            pack.uint(KIND, LOGGED).text(PERSON, person.as_str()).text(POST, post.as_str());
            pack_date(&mut pack, DATE, *date);
            pack.text(WORDS, words);
        }
        PostFact::Struck(EntryStrike { entry, reason }) => {
            pack.uint(KIND, STRUCK).text(FACT, &entry.to_string()).text(WORDS, reason);
        }
        PostFact::Excused(Excuse { person, month, decision, lifted, replaces }) => {
            pack.uint(KIND, EXCUSED).text(PERSON, person.as_str());
            pack_month(&mut pack, *month);
            pack.text(WORDS, decision).flag(LIFTED, *lifted);
            pack_ids(&mut pack, REPLACES, replaces);
        }
        PostFact::Stated(SelfStatement { person, month, words, replaces }) => {
            pack.uint(KIND, STATED).text(PERSON, person.as_str());
            pack_month(&mut pack, *month);
            pack.text(WORDS, words);
            pack_ids(&mut pack, REPLACES, replaces);
        }
        PostFact::Reviewed(PostReview { person, month, words, facts, follows, replaces }) => {
            pack.uint(KIND, REVIEWED).text(PERSON, person.as_str());
            pack_month(&mut pack, *month);
            pack.text(WORDS, words);
            pack_ids(&mut pack, NAMED, facts);
            pack_ids(&mut pack, FOLLOWS, follows);
            pack_ids(&mut pack, REPLACES, replaces);
        }
        PostFact::Scored(PostScore { person, month, post, points, follows, replaces }) => {
            pack.uint(KIND, SCORED).text(PERSON, person.as_str());
            pack_month(&mut pack, *month);
            pack.text(POST, post.as_str()).text(POINTS, &points.to_string());
            pack_ids(&mut pack, FOLLOWS, follows);
            pack_ids(&mut pack, REPLACES, replaces);
        }
        PostFact::Shown(ScoresShown { month, date, scores }) => {
            pack.uint(KIND, SHOWN);
            pack_month(&mut pack, *month);
            pack_date(&mut pack, DATE, *date);
            pack_ids(&mut pack, NAMED, scores);
        }
        PostFact::Confirmed(MonthConfirmed { month, rule, scores, digest, replaces }) => {
            pack.uint(KIND, CONFIRMED);
            pack_month(&mut pack, *month);
            pack_ids(&mut pack, NAMED, scores);
            pack.text(FACT, &rule.to_string()).bytes(DIGEST, digest);
            pack_ids(&mut pack, REPLACES, replaces);
        }
    }
    pack
}

fn pack_ids(pack: &mut Pack, key: u64, ids: &[FactId]) {
    pack.list(key, ids, |id, writer| _ = writer.text(&id.to_string()));
}

fn pack_date(pack: &mut Pack, key: u64, date: Date) {
    pack.put(key, |writer| _ = writer.int(date.day_number().into()));
}

/// Writes a month as its year and its number from 1.
fn pack_month(pack: &mut Pack, month: Month) {
    let (year, number) = month.parts();
    pack.put(MONTH, |writer| _ = writer.array(2).int(year.into()).uint(number.into()));
}

/// What the fields of a fact say; which of them a fact needs is for its kind to say.
#[derive(Default)]
struct Parts {
    person: Option<PersonId>,
    month: Option<Month>,
    post: Option<CategoryId>,
    date: Option<Date>,
    words: String,
    named: Vec<FactId>,
    follows: Vec<FactId>,
    rule: Option<PostRule>,
    until: Option<Date>,
    fact: Option<FactId>,
    lifted: bool,
    points: Option<Decimal>,
    digest: Option<[u8; 32]>,
    replaces: Vec<FactId>,
}

pub(super) fn read(kind: u64, fields: &mut Fields<'_>) -> Result<PostFact, DecodeError> {
    let mut parts = Parts::default();
    rest(fields, |key, reader| {
        match key {
            PERSON => parts.person = Some(reader.parsed(ID_BYTES)?),
            MONTH => parts.month = Some(read_month(reader)?),
            POST => parts.post = Some(reader.parsed(ID_BYTES)?),
            DATE => parts.date = Some(read_date(reader)?),
            WORDS => parts.words = reader.text(if kind == LOGGED { ENTRY_BYTES } else { WORDS_BYTES })?.to_owned(),
            NAMED => parts.named = read_ids(reader, if kind == REVIEWED { FACTS_LIMIT } else { SCORES_LIMIT })?,
            FOLLOWS => parts.follows = read_ids(reader, BEFORE_LIMIT)?,
            RULE => parts.rule = Some(post_rule::read(reader)?),
            UNTIL => parts.until = Some(read_date(reader)?),
            FACT => parts.fact = Some(reader.parsed(ID_BYTES)?),
            LIFTED => parts.lifted = reader.bool()?,
            POINTS => parts.points = Some(reader.parsed(DECIMAL_TEXT_BYTES)?),
            DIGEST => parts.digest = Some(reader.fixed()?),
            REPLACES => parts.replaces = read_replaces(reader)?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    parts.fact(kind).ok_or(DecodeError::Shape)
}

impl Parts {
    /// Makes a fact of the parts; nothing where its kind is not known or lacks one.
    fn fact(self, kind: u64) -> Option<PostFact> {
        let Self { person, month, post, date, words, named, follows, replaces, .. } = self;
        Some(match kind {
            OPENED => PostFact::Opened(Box::new(PostOpening { rule: self.rule?, replaces })),
            HELD => PostFact::Held(PostHeld { person: person?, post: post?, from: date?, until: self.until, replaces }),
            LOGGED => PostFact::Logged(WorkLogEntry { person: person?, post: post?, date: date?, words }),
            STRUCK => PostFact::Struck(EntryStrike { entry: self.fact?, reason: words }),
            EXCUSED => {
                let (person, month, decision, lifted) = (person?, month?, words, self.lifted);
                PostFact::Excused(Excuse { person, month, decision, lifted, replaces })
            }
            STATED => PostFact::Stated(SelfStatement { person: person?, month: month?, words, replaces }),
            REVIEWED => {
                let (person, month, facts) = (person?, month?, named);
                PostFact::Reviewed(PostReview { person, month, words, facts, follows, replaces })
            }
            SCORED => {
                let (person, month, post, points) = (person?, month?, post?, self.points?);
                PostFact::Scored(PostScore { person, month, post, points, follows, replaces })
            }
            SHOWN => PostFact::Shown(ScoresShown { month: month?, date: date?, scores: named }),
            CONFIRMED => {
                let (month, rule, scores, digest) = (month?, self.fact?, named, self.digest?);
                PostFact::Confirmed(MonthConfirmed { month, rule, scores, digest, replaces })
            }
            _ => return None,
        })
    }
}

fn read_ids(reader: &mut Reader<'_>, limit: usize) -> Result<Vec<FactId>, DecodeError> {
    list(reader, limit, |reader| reader.parsed(ID_BYTES))
}

fn read_date(reader: &mut Reader<'_>) -> Result<Date, DecodeError> {
    Date::from_day_number(reader.int()?).map_err(|_| DecodeError::Shape)
}

/// Reads a month; one that the calendar does not have is an error.
fn read_month(reader: &mut Reader<'_>) -> Result<Month, DecodeError> {
    reader.array(2)?;
    let first = Date::new(reader.int()?, reader.uint()?, 1).map_err(|_| DecodeError::Shape)?;
    Ok(first.month())
}

#[cfg(test)]
mod tests;
