//! What a village does by itself: activities, teams, circles, services, projects, talks, practitioners.

use std::collections::BTreeSet;

use shared::domain::person::{MemberClass, Person, Residency};
use shared::domain::register::{LineSubject, Value};
use shared::id::{HouseholdId, PersonId};

use super::lot::{Lot, plain};
use super::story::{Story, day_of};
use super::words::{Counts, Words};
use crate::sample::township::SampleError;

/// The members of a vanguard team: eleven teams make up the two hundred and more that the township reported.
const VANGUARDS: usize = 19;
/// The members of a volunteer team.
const VOLUNTEERS: usize = 6;
/// The households that one member looks after (M10: one and ten).
const CIRCLE: usize = 10;
/// Those who come to a talk.
const LISTENERS: usize = 10;
/// Days until somebody checks a list.
const CHECKED_AFTER: i32 = 3;

/// Makes up a village's own year.
pub fn stories(lot: &mut Lot, counts: &Counts, words: &Words) -> Result<Vec<Story>, SampleError> {
    let mut stories = teams(lot, counts, words)?;
    stories.extend(circles(lot, counts, words)?);
    for number in 0..counts.activities {
        stories.push(activity(lot, counts, words, number)?);
    }
    for _ in 0..counts.projects {
        stories.push(project(lot, counts, words)?);
    }
    for _ in 0..counts.talks {
        stories.push(talk(lot, words)?);
    }
    stories.extend(practitioners(lot, counts, words)?);
    stories.push(called_off(lot, words)?);
    Ok(stories)
}

/// An activity that took place; a few lists wait for somebody to check them.
fn activity(lot: &mut Lot, counts: &Counts, words: &Words, number: usize) -> Result<Story, SampleError> {
    let (doing, cast) = (lot.one(&words.activity)?, lot.cast());
    let (date, place) = (lot.day(&doing.months)?, cast.fill(lot.one(&words.places)?));
    let by = match number % 5 {
        0 | 2 => lot.scribe(),
        1 | 3 => lot.leader(),
        _ => lot.secretary(),
    };
    let mut story = Story::of("activity", &[&lot.unit.code], date, by.clone())?
        .tells("task", cast.fill(&doing.task))
        .tells("place", place)
        .tells("content", cast.fill(&doing.content));
    if number.is_multiple_of(6) {
        story = story.then(&by, "announce", 0)?;
    }
    story = story.then(&by, "do", 0)?;
    let turnout = counts.turnout - 2 + lot.below(5);
    let story = story.lists(&by, None, lot.lines(turnout));
    if number % 14 == 9 { Ok(story) } else { story.then(&lot.supervision(), "count", CHECKED_AFTER) }
}

/// An activity that was planned and called off.
fn called_off(lot: &mut Lot, words: &Words) -> Result<Story, SampleError> {
    let (doing, cast) = (lot.one(&words.activity)?, lot.cast());
    let date = lot.day(&doing.months)?;
    let story = Story::of("activity", &[&lot.unit.code], date, lot.scribe())?.tells("task", cast.fill(&doing.task));
    story.because(&lot.scribe(), "cancel", 1, "连续大雨，群众出行不便")
}

fn project(lot: &mut Lot, counts: &Counts, words: &Words) -> Result<Story, SampleError> {
    let (doing, cast) = (lot.one(&words.project)?, lot.cast());
    let (date, place, by) = (lot.day(&doing.months)?, cast.fill(lot.one(&words.places)?), lot.scribe());
    let story = Story::of("six-people", &[&lot.unit.code], date, by.clone())?
        .tells("project", cast.fill(&doing.task))
        .tells("tag", &doing.tag)
        .tells("place", place)
        .tells("content", &doing.content)
        .then(&by, "do", 0)?;
    let story = story.lists(&by, None, lot.lines(counts.comers));
    story.then(&lot.supervision(), "count", CHECKED_AFTER)
}

fn talk(lot: &mut Lot, words: &Words) -> Result<Story, SampleError> {
    let (talk, cast) = (lot.one(&words.talk)?, lot.cast());
    let (date, place, by) = (lot.day(&[])?, cast.fill(lot.one(&words.places)?), lot.scribe());
    let story = Story::of("good-deed", &[&lot.unit.code], date, by.clone())?
        .tells("title", cast.fill(&talk.title))
        .tells("topic", &talk.topic)
        .tells("speaker", &cast.other)
        .tells("place", place)
        .tells("story", &talk.story)
        .then(&by, "hold", 7)?;
    Ok(story.lists(&by, None, lot.lines(LISTENERS)))
}

/// The teams with everybody in them, and what some of them did.
fn teams(lot: &mut Lot, counts: &Counts, words: &Words) -> Result<Vec<Story>, SampleError> {
    let (mut stories, mut names, by) = (Vec::new(), Vec::new(), lot.scribe());
    // Nobody is in two vanguard teams.
    let vanguards = lot.people(counts.vanguards * VANGUARDS);
    let mut rosters: Vec<(&str, &String, Vec<Person>)> = vanguards
        .chunks(VANGUARDS)
        .zip(&words.vanguards)
        .map(|(team, name)| ("vanguard", name, team.to_vec()))
        .collect();
    for name in words.volunteers.iter().take(counts.volunteers) {
        rosters.push(("volunteer", name, lot.people(VOLUNTEERS)));
    }
    for (sort, name, members) in rosters {
        let name = format!("{}{name}", lot.unit.name);
        let leader = members.first().ok_or(SampleError::Data("rosters"))?.id.clone();
        let story = Story::of("vanguard-team", &[&lot.unit.code], day_of(1, 12)?, by.clone())?
            .tells("name", &name)
            .tells("sort", sort)
            .says("leader", Value::Person(leader))
            .tells("duty", "听从村党组织安排，有事随叫随到");
        let mut lines = Vec::new();
        for member in &members {
            lines.push((LineSubject::Person(member.id.clone()), lot.one(&words.duties)?.clone()));
        }
        stories.push(story.lists(&by, None, lines));
        names.push((name, members));
    }
    for _ in 0..counts.services {
        let (doing, cast) = (lot.one(&words.service)?, lot.cast());
        let (date, (team, members)) = (lot.day(&[])?, lot.one(&names)?);
        let story = Story::of("service", &[&lot.unit.code], date, by.clone())?
            .tells("task", &doing.task)
            .tells("team", team)
            .tells("place", format!("{}家", cast.name))
            .tells("content", &doing.content);
        let served = members.iter().take(VOLUNTEERS).map(|member| LineSubject::Person(member.id.clone()));
        let story = story.lists(&by, None, plain(served));
        stories.push(story.then(&lot.supervision(), "confirm", 2)?);
    }
    Ok(stories)
}

/// Members who each look after ten households that nobody else looks after, and some of their visits.
fn circles(lot: &mut Lot, counts: &Counts, words: &Words) -> Result<Vec<Story>, SampleError> {
    let able = |person: &&Person| person.class == MemberClass::Ordinary && person.residency != Residency::Away;
    let members: Vec<Person> = lot.roster.members().filter(able).take(counts.circles).cloned().collect();
    let mut households: Vec<(String, HouseholdId)> =
        lot.roster.households.values().map(|household| (household.number.clone(), household.id.clone())).collect();
    households.sort();
    let circles: Vec<(Person, Vec<HouseholdId>)> = members
        .into_iter()
        .zip(households.chunks_exact(CIRCLE))
        .map(|(member, circle)| (member, circle.iter().map(|(_, id)| id.clone()).collect()))
        .collect();
    let (mut stories, by) = (Vec::new(), lot.scribe());
    for (member, households) in &circles {
        let story = Story::of("service-circle", &[&lot.unit.code], day_of(1, 15)?, by.clone())?
            .tells("name", format!("{}服务圈", member.name))
            .says("member", Value::Person(member.id.clone()))
            .tells("needs", lot.one(&words.needs)?);
        let lines = plain(households.iter().cloned().map(LineSubject::Household));
        stories.push(story.lists(&by, None, lines));
    }
    for number in 0..counts.visits {
        let (member, households) = lot.one(&circles)?;
        let (household, date, cast) = (lot.one(households)?.clone(), lot.day(&[])?, lot.cast());
        let (need, answer) = (lot.one(&words.needs)?, cast.fill(lot.one(&words.answers)?));
        let story = Story::of("visit", &[&lot.unit.code], date, by.clone())?
            .tells("subject", "入户走访")
            .says("household", Value::Household(household))
            .says("visitor", Value::Person(member.id.clone()));
        stories.push(match number % 3 {
            0 => story,
            1 => story.tells("need", need).tells("answer", answer).then(&by, "need", 0)?.then(&by, "meet", 3)?,
            _ => story.tells("need", need).then(&by, "need", 0)?.because(&by, "pass-on", 2, "超出村级办理范围")?,
        });
    }
    Ok(stories)
}

/// Those who were nominated: asked by the scribe, listed by the secretary; one waits, one did not want to.
fn practitioners(lot: &mut Lot, counts: &Counts, words: &Words) -> Result<Vec<Story>, SampleError> {
    let (mut stories, mut known, by) = (Vec::new(), BTreeSet::<PersonId>::new(), lot.scribe());
    let nominated = lot.people(counts.practitioners + 2);
    for (number, person) in nominated.into_iter().enumerate() {
        if !known.insert(person.id.clone()) {
            return Err(SampleError::Data("rosters"));
        }
        let date = lot.day(&[2, 3, 4, 5, 6, 7, 8, 9, 10])?;
        let story = Story::of("practitioner", &[&lot.unit.code], date, by.clone())?
            .tells("name", &person.name)
            .says("person", Value::Person(person.id));
        let story = story.tells("merit", lot.one(&words.merits)?);
        stories.push(match number.checked_sub(counts.practitioners) {
            Some(0) => story,
            Some(_) => story.because(&by, "decline", 5, "本人不愿列入，尊重意见")?,
            None => {
                let story = story.tells("consent", lot.one(&words.consents)?);
                story.then(&by, "consent", 4)?.then(&lot.secretary(), "list", 6)?
            }
        });
    }
    Ok(stories)
}
