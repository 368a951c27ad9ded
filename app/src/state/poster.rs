//! The poster of a notice as it is printed, and what becomes of a paper that somebody holds against the record.

use shared::domain::Workspace;
use shared::domain::notice::{self, LineState};
use shared::domain::poster::{self, PosterName};
use shared::domain::register::kinds::notice::{OBJECTION, TOWNSHIP_OBJECTION};
use shared::domain::register::{Record, Value};
use shared::id::FactId;
use shared::time::Date;

use super::home;
use super::people::dwelling;
use super::result::digest_text;

/// Begins the fragment of the address that a square code holds; a fragment never leaves the phone.
const PAPER: &str = "#paper/";

/// A poster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PosterSheet {
    /// The number of the notice.
    pub id: FactId,
    /// What it publishes.
    pub title: String,
    /// Whose it is; nothing for the township's own.
    pub villages: Vec<String>,
    /// Where it hangs; empty where nobody said.
    pub place: String,
    /// The day of its posting; nothing for a draft.
    pub posted: Option<Date>,
    /// The last day on which objections are heard.
    pub until: Option<Date>,
    /// Its lines.
    pub rows: Vec<PosterRow>,
    /// The digest as people read it out.
    pub digest: String,
    /// The path and the fragment by which a phone checks the paper.
    pub check: String,
}

/// A line of a poster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PosterRow {
    /// The number of the line.
    pub id: FactId,
    /// Who or what it is about.
    pub name: String,
    /// What tells it from another of the name; empty where nothing has to.
    pub apart: String,
    /// What is published.
    pub note: String,
    /// How it stands.
    pub state: LineState,
}

/// What a paper that somebody holds is to the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// It says the same.
    Same,
    /// It says something else: it was amended since, or somebody changed the paper.
    Other,
}

/// What stands beside an objection: the days by which to reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyDue {
    /// The usual one.
    pub by: Date,
    /// The last one.
    pub latest: Date,
    /// The days of work before the last one are over on the day asked about.
    pub is_late: bool,
}

/// Returns the poster of a notice; nothing for records of other kinds.
pub fn sheet(workspace: &Workspace, notice: &Record) -> Option<PosterSheet> {
    poster::is_notice(notice).then(|| {
        let poster = poster::poster(workspace, notice);
        let row = |line: poster::PosterLine<'_>| {
            let (name, apart) = match line.who {
                PosterName::Person(name, apart) => {
                    (name, apart.map(|(group, number)| dwelling(group, &number)).unwrap_or_default())
                }
                PosterName::Household(number) => (number, String::new()),
                PosterName::Words(words) => (words, String::new()),
            };
            PosterRow {
                id: line.id.clone(),
                name: name.to_owned(),
                apart,
                note: line.note.to_owned(),
                state: line.state,
            }
        };
        let place = match notice.value("place") {
            Some(Value::Text(place)) => place.clone(),
            _ => String::new(),
        };
        PosterSheet {
            id: notice.id.clone(),
            title: notice.title().to_owned(),
            villages: notice.hosts.iter().map(|code| home::name(workspace, code)).collect(),
            place,
            posted: poster.posted,
            until: poster.until,
            rows: poster.lines.into_iter().map(row).collect(),
            digest: digest_text(&poster.digest),
            check: format!("/record/{}/poster{PAPER}{}", notice.id, poster::code(&poster.digest)),
        }
    })
}

/// Returns what a paper is whose square code led here; nothing where the address names none.
pub fn paper(workspace: &Workspace, notice: &Record, fragment: &str) -> Option<Paper> {
    let code = fragment.strip_prefix(PAPER).or_else(|| fragment.strip_prefix(PAPER.trim_start_matches('#')))?;
    Some(if poster::is_of(workspace, notice, code) { Paper::Same } else { Paper::Other })
}

/// Returns by when an objection is to be answered; nothing for other records and for those that were.
pub fn reply_due(objection: &Record, today: Option<Date>) -> Option<ReplyDue> {
    let is_objection = [OBJECTION.key, TOWNSHIP_OBJECTION.key].contains(&objection.kind.key);
    let is_open = ["filed", "accepted", "looking", "upheld", "partly-upheld", "dismissed"];
    let state = objection.state()?;
    if !is_objection || !is_open.contains(&state.key) {
        return None;
    }
    let (by, latest) = notice::reply_due(objection)?;
    Some(ReplyDue { by, latest, is_late: today.is_some_and(|today| today > latest) })
}

/// Returns the objections against a notice, with what each says.
pub fn objections(workspace: &Workspace, notice: &Record) -> Vec<(FactId, String, Option<&'static str>)> {
    if !poster::is_notice(notice) {
        return Vec::new();
    }
    let said = |record: &Record| (record.id.clone(), record.title().to_owned(), record.state().map(|state| state.key));
    notice::objections(workspace, notice).map(said).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use shared::domain::meeting::{Author, Recorded};
    use shared::domain::register::{Affair, Affairs, LineSubject, Listed, Opening, StepTaken};
    use shared::id::{Address, DeviceNumber, DocumentId, ScopeId, UnitCode};
    use shared::time::Instant;

    use super::*;

    const SHAWAN: &str = "420529202209";

    fn id(text: &str) -> FactId {
        text.parse().unwrap()
    }

    fn fact(number: &str, value: Affair) -> Recorded<Affair> {
        let author = Author { device: DeviceNumber(1), holder: None };
        Recorded { id: id(number), author, at: Instant(0), value }
    }

    fn opened(number: &str, kind: &str, date: &str, values: &[(&str, &str)]) -> Recorded<Affair> {
        let values = values.iter().map(|(key, text)| ((*key).to_owned(), Value::Text((*text).to_owned()))).collect();
        let hosts = [UnitCode::new(SHAWAN).unwrap()].into();
        fact(number, Affair::Opened(Opening { kind: kind.to_owned(), hosts, date: date.parse().unwrap(), values }))
    }

    fn took(number: &str, record: &str, step: &str, date: &str, replaces: &[&str]) -> Recorded<Affair> {
        let replaces = replaces.iter().map(|replaced| id(replaced)).collect();
        let (step, date) = (step.to_owned(), date.parse().unwrap());
        fact(number, Affair::Stepped(StepTaken { record: id(record), step, date, reason: String::new(), replaces }))
    }

    /// A notice with one line, posted on Monday, 2026-11-23, and an objection of the day after.
    fn workspace(more: Vec<Recorded<Affair>>) -> Workspace {
        let line = Listed {
            record: id("A1-1"),
            village: None,
            subject: LineSubject::Name("集体林".to_owned()),
            note: "12 分".to_owned(),
        };
        let mut facts = vec![
            opened("A1-1", "notice", "2026-11-23", &[("title", "积分公示"), ("place", "村委会墙"), ("poster", "文书")]),
            fact("A1-2", Affair::Listed(line)),
            took("B1-1", "A1-1", "review", "2026-11-23", &[]),
            took("A1-3", "A1-1", "post", "2026-11-23", &["B1-1"]),
            opened("A1-4", "objection", "2026-11-24", &[("ground", "少记"), ("notice", "A1-1"), ("heard", "mouth")]),
        ];
        // Two people: who drew it up and who reviewed it.
        for fact in &mut facts {
            fact.author.device = DeviceNumber(if fact.id.device.as_str() == "B1" { 2 } else { 1 });
        }
        facts.extend(more);
        let address =
            Address { scope: ScopeId::Village(UnitCode::new(SHAWAN).unwrap()), document: DocumentId::Affairs(2026) };
        let affairs = Affairs::fold(facts, &BTreeMap::new());
        assert_eq!(affairs.notes, []);
        Workspace { registers: [(address, Arc::new(affairs))].into(), ..Workspace::default() }
    }

    #[test]
    fn a_poster_is_of_notices_and_says_until_when_to_object() {
        let workspace = workspace(Vec::new());
        let (_, notice) = workspace.record(&id("A1-1")).unwrap();
        let sheet = sheet(&workspace, notice).unwrap();
        assert_eq!((sheet.title.as_str(), sheet.place.as_str()), ("积分公示", "村委会墙"));
        assert_eq!((sheet.posted, sheet.until), ("2026-11-23".parse().ok(), "2026-11-28".parse().ok()));
        let rows: Vec<_> = sheet.rows.iter().map(|row| (row.name.as_str(), row.note.as_str(), row.state)).collect();
        assert_eq!(rows, [("集体林", "12 分", LineState::Held)]);
        let (_, objection) = workspace.record(&id("A1-4")).unwrap();
        assert_eq!(super::sheet(&workspace, objection), None);
    }

    #[test]
    fn a_paper_is_the_record_s_until_the_record_is_another() {
        let before = workspace(Vec::new());
        let (_, notice) = before.record(&id("A1-1")).unwrap();
        let check = sheet(&before, notice).unwrap().check;
        let (path, fragment) = check.split_once('#').unwrap();
        assert_eq!(path, "/record/A1-1/poster");
        for fragment in [fragment.to_owned(), format!("#{fragment}")] {
            assert_eq!(paper(&before, notice, &fragment), Some(Paper::Same));
        }
        assert_eq!(paper(&before, notice, "#main"), None);
        assert_eq!(paper(&before, notice, "#paper/"), Some(Paper::Other));
        let after = workspace(vec![took("A1-5", "A1-1", "amend", "2026-11-25", &["A1-3"])]);
        let (_, notice) = after.record(&id("A1-1")).unwrap();
        assert_eq!(paper(&after, notice, fragment), Some(Paper::Other));
    }

    #[test]
    fn a_reply_is_due_until_it_is_given() {
        let workspace = workspace(Vec::new());
        let due = |today: &str| {
            let (_, objection) = workspace.record(&id("A1-4")).unwrap();
            reply_due(objection, today.parse().ok()).unwrap()
        };
        assert_eq!(
            (due("2026-12-08").by.to_string(), due("2026-12-08").latest.to_string()),
            ("2026-12-01".to_owned(), "2026-12-08".to_owned())
        );
        assert!(!due("2026-12-08").is_late && due("2026-12-09").is_late);
        let (_, notice) = workspace.record(&id("A1-1")).unwrap();
        assert_eq!(reply_due(notice, None), None);
        assert_eq!(objections(&workspace, notice), [(id("A1-4"), "少记".to_owned(), Some("filed"))]);
    }
}
