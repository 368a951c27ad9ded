//! What hangs on the wall for a public notice (公示海报, W7), and the digest by which anyone checks the paper against the
//! record.
//!
//! The digest is over what the paper says and over nothing that may change while it hangs: a line that somebody objects
//! to is held, and the paper is still the one that was posted. A line that was struck, a later posting or an amended
//! period make another paper.

use std::fmt::Write;

use crate::digest;
use crate::domain::Workspace;
use crate::domain::notice::{LineState, lines};
use crate::domain::person::{Person, Roster};
use crate::domain::register::kinds::notice::{NOTICE, TOWNSHIP_NOTICE};
use crate::domain::register::{Line, LineSubject, Record};
use crate::id::FactId;
use crate::time::Date;

/// What a poster's digest is for.
const POSTER: &str = "pingyi/poster/1";
/// The characters at the end of a household number that stay readable where two people have one name.
const READABLE: usize = 2;
/// What stands for a character that does not.
const MASKED: char = '＊';

/// A poster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poster<'a> {
    /// The day of the posting, or of the amendment; nothing for a draft.
    pub posted: Option<Date>,
    /// The last day on which objections are heard.
    pub until: Option<Date>,
    /// What it publishes, by number; withdrawn lines are not on it.
    pub lines: Vec<PosterLine<'a>>,
    /// The digest of what it says.
    pub digest: [u8; 32],
}

/// A line of a poster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PosterLine<'a> {
    /// The number of the line, by which an objection names it.
    pub id: &'a FactId,
    /// Who or what it is about.
    pub who: PosterName<'a>,
    /// What is published.
    pub note: &'a str,
    /// Whether an objection holds it.
    pub state: LineState,
}

/// Who or what a line is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PosterName<'a> {
    /// A person, with the group and the masked household number where another of the village has the same name (E20).
    Person(&'a str, Option<(&'a str, String)>),
    /// A household by its number.
    Household(&'a str),
    /// Words.
    Words(&'a str),
}

/// Tells whether a record is a notice, of which there is a poster.
pub fn is_notice(record: &Record) -> bool {
    [NOTICE.key, TOWNSHIP_NOTICE.key].contains(&record.kind.key)
}

/// Returns the poster of a notice as it stands.
pub fn poster<'a>(workspace: &'a Workspace, notice: &'a Record) -> Poster<'a> {
    let states = lines(workspace, notice);
    let stands = |id: &FactId| states.get(id).copied().unwrap_or(LineState::Shown);
    let line = |(id, line): (&'a FactId, &'a Line)| {
        let state = stands(id);
        let who = name(workspace, notice, line);
        (state != LineState::Withdrawn).then_some(PosterLine { id, who, note: &line.listed.note, state })
    };
    let postings = notice.steps.values().filter(|taken| ["post", "amend"].contains(&taken.value.step.as_str()));
    let posted = postings.max_by_key(|taken| (taken.value.date, taken.value.step == "amend"));
    let confirm = posted.and_then(|taken| match taken.value.step.as_str() {
        "amend" => notice.kind.step("confirm-amended"),
        _ => notice.kind.step("confirm"),
    });
    let (posted, until) =
        (posted.map(|taken| taken.value.date), confirm.and_then(|confirm| notice.waits_until(confirm)));
    let digest = digest_of(notice, posted, until);
    Poster { posted, until, lines: notice.lines.iter().filter_map(line).collect(), digest }
}

/// Returns the digest of what a poster says, from a text that anyone can write again.
fn digest_of(notice: &Record, posted: Option<Date>, until: Option<Date>) -> [u8; 32] {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut text = format!("notice {}\ntitle {}\n", notice.id, said(notice.title()));
    let _ = writeln!(text, "posted {}\nuntil {}", day(posted), day(until));
    for (id, line) in notice.listed() {
        let _ = match &line.listed.subject {
            LineSubject::Person(person) => writeln!(text, "line {id} person {person} {}", said(&line.listed.note)),
            LineSubject::Household(household) => {
                writeln!(text, "line {id} household {household} {}", said(&line.listed.note))
            }
            LineSubject::Name(name) => writeln!(text, "line {id} words {} {}", said(name), said(&line.listed.note)),
        };
    }
    digest::of_text(POSTER, &text)
}

/// Writes words so that none can be taken for the end of a line.
fn said(words: &str) -> String {
    format!("{}:{words}", words.len())
}

fn name<'a>(workspace: &'a Workspace, notice: &'a Record, line: &'a Line) -> PosterName<'a> {
    let of = line.listed.village.iter().chain(&notice.hosts);
    let mut rosters = of.filter_map(|village| workspace.villages.get(village)).map(|village| &*village.roster);
    match &line.listed.subject {
        LineSubject::Name(name) => PosterName::Words(name),
        LineSubject::Household(id) => {
            let found = rosters.find_map(|roster| roster.households.get(id));
            PosterName::Household(found.map_or(id.as_str(), |household| &household.number))
        }
        LineSubject::Person(id) => match rosters.find_map(|roster| Some((roster, roster.people.get(id)?))) {
            Some((roster, person)) => PosterName::Person(&person.name, apart(roster, person)),
            None => PosterName::Words(id.as_str()),
        },
    }
}

/// Returns what tells a person from others of the name in the village: the group, and so much of the household's number
/// as is needed; nothing where there are no others.
pub fn apart<'a>(roster: &'a Roster, person: &Person) -> Option<(&'a str, String)> {
    let number = |person: &Person| roster.households.get(&person.household).map(|household| household.number.as_str());
    let is_other = |other: &&Person| other.id != person.id && other.name == person.name && !other.hidden;
    let others: Vec<&Person> = roster.people.values().filter(is_other).collect();
    if others.is_empty() {
        return None;
    }
    let household = roster.households.get(&person.household)?;
    let all: Vec<char> = household.number.chars().collect();
    let end = |number: &str, length: usize| number.chars().rev().take(length).collect::<Vec<char>>();
    let tells = |length: &usize| {
        let mut others = others.iter().filter_map(|other| number(other)).filter(|other| *other != household.number);
        others.all(|other| end(other, *length) != end(&household.number, *length))
    };
    let readable = (READABLE..all.len()).find(tells).unwrap_or(all.len());
    let masked = all.len().saturating_sub(readable);
    let shown = all.iter().enumerate().map(|(place, c)| if place < masked { MASKED } else { *c }).collect();
    Some((&household.group, shown))
}

/// Returns what the square code of a paper holds of its digest: 32 digits, far more than can be hit upon.
pub fn code(digest: &[u8; 32]) -> String {
    digest[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Tells whether a paper with this code says what the record says.
pub fn is_of(workspace: &Workspace, notice: &Record, paper: &str) -> bool {
    code(&poster(workspace, notice).digest) == paper.to_ascii_lowercase()
}
