//! Who holds which post in one village in a quarter, and what they did in it month by month, as `duties.csv` tells.

use shared::domain::command::{Command, PostCommand};
use shared::domain::person::{MemberClass, Person, Residency};
use shared::domain::rulebook::post::PostRule;
use shared::id::{CategoryId, UnitCode};

use super::hands::Hands;
use super::lot::Lots;
use super::story::day_of;
use crate::headless::Transport;
use crate::sample::posts::Posts;
use crate::sample::township::{MEETING_VILLAGE, SampleError};

const TABLE: &str = include_str!("duties.csv");
/// The first month of the quarter that the table tells.
const FROM: u8 = 7;
/// The day of a month that entries are about, counted on by one from post to post.
const DAY: u8 = 9;

/// Opens the quarter's log, gives a member to every post, and logs what they did.
pub async fn perform<T: Transport + Clone>(hands: &mut Hands<T>, lots: &mut Lots) -> Result<(), SampleError> {
    let village = UnitCode::new(MEETING_VILLAGE).map_err(|_| fault())?;
    let lot = lots.of_unit(&village)?;
    let asks = |command| Command::Posts(village.clone(), command);
    let first = day_of(FROM, 1)?;
    let quarter = first.quarter();
    let secretary = Posts::of(&lot.roster)?.secretary;
    let able = |person: &&Person| {
        person.class == MemberClass::Ordinary && person.residency != Residency::Away && person.id != secretary.id
    };
    let mut members = lot.roster.members().filter(able);
    let (mut posts, mut entries) = (vec![], vec![]);
    for (line, past) in TABLE.lines().skip(1).zip(0..) {
        let mut cells = line.split(',');
        let post = CategoryId::new(cells.next().unwrap_or_default()).map_err(|_| fault())?;
        let person = members.next().ok_or(SampleError::Data("rosters"))?.id.clone();
        let (holder, held) = (person.clone(), post.clone());
        posts.push(asks(PostCommand::Hold { quarter, person: holder, post: held, from: first, until: None }));
        for (month, words) in (FROM..).zip(cells) {
            let (person, post, words) = (person.clone(), post.clone(), words.to_owned());
            entries.push(asks(PostCommand::Log { person, post, date: day_of(month, DAY + past)?, words }));
        }
    }
    let rule = Box::new(PostRule::standard());
    hands.does(&lot.secretary(), vec![asks(PostCommand::Open { quarter, rule })]).await?;
    posts.append(&mut entries);
    hands.does(&lot.scribe(), posts).await?;
    Ok(())
}

fn fault() -> SampleError {
    SampleError::Data("posts of the year")
}
