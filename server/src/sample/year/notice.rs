//! The public notice of a frozen quarter: posted for all ten, objected to once, and confirmed when its days are over.

use serde::Deserialize;
use shared::digest;
use shared::domain::assessment::AssessmentResult;
use shared::domain::command::{Command, RegisterCommand};
use shared::domain::register::kinds::notice::TOWNSHIP_NOTICE;
use shared::domain::register::{LineSubject, Value};
use shared::domain::township::Township;
use shared::id::{Address, FactId, UnitCode};
use shared::time::Quarter;

use super::hands::Hands;
use super::shared_work::day;
use super::story::{Hand, Story};
use crate::headless::Transport;
use crate::sample::township::SampleError;

/// What the table tells of the notice.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    title: String,
    on: String,
    confirmed: String,
    days: i64,
    place: String,
    poster: String,
    objection: Objection,
}

/// What a village said against its own line, and what came of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Objection {
    village: String,
    on: String,
    ground: String,
    found: String,
    dismissed: String,
    reply: String,
}

impl Notice {
    /// Posts what is frozen, hears the objection, and confirms.
    pub async fn perform<T: Transport + Clone>(
        &self,
        hands: &mut Hands<T>,
        quarter: Quarter,
        result: &AssessmentResult,
        township: &Township,
    ) -> Result<(), SampleError> {
        let name = |code: &UnitCode| township.units.get(code).map_or("", |unit| unit.name.as_str());
        let line = |place: usize| {
            let standing = result.standings.get(place)?;
            let said = format!("第{}名，{}分", standing.rank?, standing.published?);
            Some((LineSubject::Name(name(&standing.village).to_owned()), said))
        };
        let lines = (0..result.standings.len()).filter_map(line).collect();
        let by = Hand::Clerk;
        let story = Story::of(TOWNSHIP_NOTICE.key, &[], day(&self.on)?, by.clone())?
            .tells("title", &self.title)
            .tells("about", quarter.to_string())
            .tells("digest", digest::short(&result.digest))
            .tells("place", &self.place)
            .tells("poster", &self.poster)
            .says("days", Value::Number(self.days))
            .lists(&by, None, lines)
            .then(&Hand::Office, "review", 0)?
            .then(&by, "post", 0)?;
        hands.perform(&[story]).await?;
        let (address, record, lines) = posted(hands, &by)?;

        let Objection { village, on, ground, found, dismissed, reply } = &self.objection;
        let of_village = lines.into_iter().find(|(subject, _)| *subject == LineSubject::Name(village.clone()));
        let (_, line) = of_village.ok_or(fault())?;
        let code = township.units.values().find(|unit| unit.name == *village).ok_or(fault())?.code.clone();
        let (scribe, office) = (Hand::Scribe(code.clone()), Hand::Office);
        let story = Story::of("township-objection", &[&code], day(on)?, scribe.clone())?
            .tells("ground", ground)
            .tells("notice", record.to_string())
            .tells("line", line.to_string())
            .tells("heard", "paper")
            .tells("found", found)
            .tells("reply", reply)
            .then(&office, "accept", 0)?
            .then(&office, "look", 1)?
            .because(&office, "dismiss", 1, dismissed)?
            .then(&office, "reply", 0)?
            .then(&scribe, "settle", 1)?;
        hands.perform(&[story]).await?;

        let (step, date) = (TOWNSHIP_NOTICE.step("confirm").ok_or(fault())?, day(&self.confirmed)?);
        let confirm = RegisterCommand::Step { address, record, step, date, reason: String::new() };
        hands.does(&by, vec![Command::Register(confirm)]).await?;
        Ok(())
    }
}

/// Where the notice lies, its number, and what each line is about with the line's.
type Posted = (Address, FactId, Vec<(LineSubject, FactId)>);

/// Finds the one notice of the township.
fn posted<T: Transport + Clone>(hands: &mut Hands<T>, hand: &Hand) -> Result<Posted, SampleError> {
    let (address, notice) = hands.workspace(hand)?.records_of(&TOWNSHIP_NOTICE).next().ok_or(fault())?;
    let lines = notice.lines.iter().map(|(id, line)| (line.listed.subject.clone(), id.clone())).collect();
    Ok((address.clone(), notice.id.clone(), lines))
}

fn fault() -> SampleError {
    SampleError::Data("notice of the year")
}
