//! What has to be put right: clues and disputes, in the village first and where it must be in the township.

use super::lot::Lot;
use super::story::{Hand, Story};
use super::words::{Counts, Trouble, Words};
use crate::sample::township::SampleError;

/// What is reported in these months is still being handled when the year ends.
const LATE: [u8; 2] = [11, 12];
/// All others.
const EARLY: [u8; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/// Makes up a village's cases.
pub fn stories(lot: &mut Lot, counts: &Counts, words: &Words) -> Result<Vec<Story>, SampleError> {
    let mut stories = Vec::new();
    for number in 0..counts.clues {
        let story = begun(lot, "clue", &words.clue, number)?;
        stories.push(carried(lot, story, "cadres", &words.found)?);
    }
    for number in 0..counts.helped + counts.disputes {
        let help = match number.checked_sub(counts.helped) {
            None => "villagers",
            Some(other) if other % 2 == 0 => "cadres",
            Some(_) => "parties",
        };
        let story = begun(lot, "dispute", &words.dispute, number + 1)?;
        stories.push(carried(lot, story, help, &words.peace)?);
    }
    Ok(stories)
}

/// A case as it was reported, with what will become of it.
type Begun<'a> = (Story, &'a Trouble);

fn begun<'a>(lot: &mut Lot, kind: &str, of: &'a [Trouble], number: usize) -> Result<Begun<'a>, SampleError> {
    let (trouble, cast) = (lot.one(of)?, lot.cast());
    // Every fourth clue comes late; which disputes are resolved is reported, so that those come early.
    let date = lot.day(if kind == "clue" && number % 4 == 3 { &LATE } else { &EARLY })?;
    let mut story = Story::of(kind, &[&lot.unit.code], date, lot.secretary())?
        .tells("matter", cast.fill(&trouble.matter))
        .tells("account", cast.fill(&trouble.account))
        .tells("outcome", cast.fill(&trouble.outcome));
    story = if kind == "dispute" {
        story.tells("parties", format!("{}、{}", cast.name, cast.other))
    } else {
        story.tells("reporter", &cast.other)
    };
    Ok((story, trouble))
}

fn carried(lot: &mut Lot, begun: Begun<'_>, help: &str, found: &[String]) -> Result<Story, SampleError> {
    let (mut story, trouble) = begun;
    let (village, found) = (lot.secretary(), lot.one(found)?);
    let is_late = LATE.contains(&story.date.parts().1);
    if !trouble.channel.is_empty() {
        // What others will put right says nothing of an outcome here.
        story.says.remove("outcome");
        let story = story.tells("channel", &trouble.channel).then(&village, "register", 0)?;
        return story.because(&village, "refer", 1, "涉嫌违法，依法转交办理");
    }
    story = story.then(&village, "register", 1)?;
    let (handler, resolve) = if trouble.grounds.is_empty() {
        story = story.then(&village, "handle", 1)?;
        (village, "resolve")
    } else {
        story = story.tells("grounds", &trouble.grounds).then(&village, "escalate-at-once", 0)?;
        story = story.then(&Hand::Office, "take-up", 2)?;
        (Hand::Office, "resolve-above")
    };
    if is_late {
        story.says.remove("outcome");
        return Ok(story);
    }
    let story = story.tells("help", help).tells("found", found);
    story.then(&handler, resolve, 9)?.then(&handler, "follow-up", 14)?.then(&handler, "close", 1)
}
