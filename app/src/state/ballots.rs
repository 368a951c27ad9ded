//! The pile of paper ballots as one person sees it: what they entered, what waits, where two people differ.

use shared::domain::ballot::{BallotContent, Mark, Serial};
use shared::domain::divergence::Voice;
use shared::domain::meeting::{Meeting, MeetingSettings, PaperDifference, PaperState};
use shared::id::{GroupId, PersonId};

use super::keypad::{Key, Keypad, Standing};

/// How far one serial is, from the point of view of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellState {
    /// Handed out; nobody entered it.
    Missing,
    /// This person entered it; somebody else has to.
    Mine,
    /// Somebody else entered it; this person may be the second.
    Other,
    /// Two people agree.
    Agreed,
    /// Entries differ; the paper is to be read again.
    Differs,
}

/// One serial of the pile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The printed number.
    pub serial: Serial,
    /// How far it is.
    pub state: CellState,
}

/// A serial whose entries differ, and where; never what either of them says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// The printed number.
    pub serial: Serial,
    /// The places to read again.
    pub places: Vec<PaperDifference>,
    /// Whether one of the entries is this person's.
    pub mine: bool,
}

/// The pile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pile {
    /// Every serial that was handed out or entered, in order.
    pub cells: Vec<Cell>,
    /// How many this person entered.
    pub mine: usize,
    /// How many two people agree on.
    pub agreed: usize,
    /// The next serial for this person: not yet entered by them and not yet agreed by two others.
    pub next: Option<Serial>,
    /// Serials to be read again.
    pub differing: Vec<Differing>,
}

/// Returns the pile of a meeting as one person sees it.
pub fn pile(meeting: &Meeting, me: &PersonId) -> Pile {
    let mut pile = Pile::default();
    for (serial, paper) in &meeting.paper {
        let entered = entered_by(paper, me);
        let state = match paper {
            PaperState::Missing => CellState::Missing,
            PaperState::OneSided { .. } if entered => CellState::Mine,
            PaperState::OneSided { .. } => CellState::Other,
            PaperState::Agreed { .. } => CellState::Agreed,
            PaperState::Differs { .. } => CellState::Differs,
        };
        pile.cells.push(Cell { serial: *serial, state });
        pile.mine += usize::from(entered);
        pile.agreed += usize::from(state == CellState::Agreed);
        if pile.next.is_none() && matches!(state, CellState::Missing | CellState::Other) {
            pile.next = Some(*serial);
        }
        if let PaperState::Differs { differences, .. } = paper {
            pile.differing.push(Differing { serial: *serial, places: differences.clone(), mine: entered });
        }
    }
    pile
}

/// Returns the serial after this one that waits for this person, round the end of the pile.
pub fn next_after(pile: &Pile, serial: Serial) -> Option<Serial> {
    let waits = |cell: &&Cell| matches!(cell.state, CellState::Missing | CellState::Other) && cell.serial != serial;
    let later = pile.cells.iter().filter(|cell| cell.serial > serial).find(waits);
    later.or_else(|| pile.cells.iter().find(waits)).map(|cell| cell.serial)
}

/// Returns the group to which a serial was handed out.
pub fn group_of(meeting: &Meeting, serial: Serial) -> Option<GroupId> {
    let found = meeting.issued.iter().find(|(_, issued)| issued.serials.contains(&serial));
    found.map(|(group, _)| group.clone())
}

/// Returns whether this person may still enter a serial: not while their entry stands unchallenged.
pub fn may_enter(meeting: &Meeting, serial: Serial, me: &PersonId) -> bool {
    match meeting.paper.get(&serial) {
        None | Some(PaperState::Agreed { .. }) => false,
        Some(paper @ PaperState::OneSided { .. }) => !entered_by(paper, me),
        Some(PaperState::Differs { .. } | PaperState::Missing) => true,
    }
}

/// Returns an empty keypad for the subjects of a meeting.
pub fn blank(settings: &MeetingSettings) -> Keypad {
    keypad_for(settings, settings.subjects().count())
}

/// Returns an empty keypad for some of the subjects.
pub fn keypad_for(settings: &MeetingSettings, subjects: usize) -> Keypad {
    let aspects = settings.rulebook.criteria.iter().map(|criterion| criterion.max).collect();
    Keypad::new(subjects, aspects, settings.rulebook.levels.clone())
}

/// Returns a keypad for a serial: with this person's own earlier marks where it is read again, empty otherwise.
///
/// Nobody's keypad ever shows what somebody else entered.
pub fn keypad(meeting: &Meeting, settings: &MeetingSettings, serial: Serial, me: &PersonId) -> Keypad {
    let mine = match meeting.paper.get(&serial) {
        Some(PaperState::Differs { entries, .. }) => {
            entries.iter().rev().find(|entry| entry.voice.author.holder.as_ref() == Some(me))
        }
        _ => None,
    };
    match mine.map(|entry| &entry.sheet.content) {
        Some(BallotContent::Valid(marks)) => {
            let marks: Vec<Option<Vec<Option<u32>>>> = marks
                .iter()
                .map(|mark| match mark {
                    Mark::Scores(scores) => Some(scores.iter().copied().map(Some).collect()),
                    Mark::Abstained => None,
                })
                .collect();
            let mut keypad = blank(settings).with_marks(&marks);
            // Whoever reads it again begins where the two entries differ.
            if let Some(place) = first_difference(meeting, settings, serial) {
                keypad.press(Key::Go(place));
            }
            keypad
        }
        Some(BallotContent::Spoiled | BallotContent::Abstained) | None => blank(settings),
    }
}

fn first_difference(meeting: &Meeting, settings: &MeetingSettings, serial: Serial) -> Option<usize> {
    let Some(PaperState::Differs { differences, .. }) = meeting.paper.get(&serial) else { return None };
    let differs = |person: &PersonId| {
        differences.iter().any(|place| matches!(place, PaperDifference::Subject { subject, .. } if subject == person))
    };
    settings.subjects().position(|subject| differs(&subject.person))
}

/// Returns the marks of a finished ballot; `None` while a subject is still open.
pub fn marks(keypad: &Keypad) -> Option<Vec<Mark>> {
    (0..keypad.subjects())
        .map(|subject| match keypad.standing(subject) {
            Standing::Abstained => Some(Mark::Abstained),
            Standing::Complete => keypad.marks_of(subject).into_iter().collect::<Option<Vec<u32>>>().map(Mark::Scores),
            Standing::Open | Standing::Partial => None,
        })
        .collect()
}

/// Reads a run of serials as typed.
pub fn run(first: &str, last: &str) -> Option<(Serial, Serial)> {
    let number = |text: &str| text.trim().parse::<u32>().ok().filter(|number| *number > 0).map(Serial);
    let (first, last) = (number(first)?, number(last)?);
    (first <= last).then_some((first, last))
}

/// Returns the first serial that no group has, to suggest where the next run begins.
pub fn next_free(meeting: &Meeting) -> Serial {
    let last = meeting.issued.values().filter_map(|issued| issued.serials.last()).max();
    Serial(last.map_or(1, |serial| serial.0 + 1))
}

fn entered_by(paper: &PaperState, me: &PersonId) -> bool {
    let mine = |voice: &Voice| voice.author.holder.as_ref() == Some(me);
    match paper {
        PaperState::Missing => false,
        PaperState::OneSided { by, .. } | PaperState::Agreed { by, .. } => by.iter().any(mine),
        PaperState::Differs { entries, .. } => entries.iter().any(|entry| mine(&entry.voice)),
    }
}
