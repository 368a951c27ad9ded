//! Reads the tables from which the year is made up.

use serde::Deserialize;
use shared::id::UnitCode;

use crate::sample::township::SampleError;

/// How much of everything happened in each unit.
const COUNTS: &str = include_str!("counts.csv");
/// What is said of it.
const WORDS: &str = include_str!("words.toml");

/// What happened in one unit in the year.
#[derive(Clone, Debug)]
pub struct Counts {
    /// The letters with which the codes of its devices begin.
    pub short: String,
    /// The unit.
    pub code: UnitCode,
    /// Activities that took place.
    pub activities: usize,
    /// How many people come to one, about.
    pub turnout: usize,
    /// Six-people projects.
    pub projects: usize,
    /// How many people come to each.
    pub comers: usize,
    /// Problem clues.
    pub clues: usize,
    /// Disputes resolved with villagers' help.
    pub helped: usize,
    /// Other disputes.
    pub disputes: usize,
    /// Model practitioners.
    pub practitioners: usize,
    /// Service circles.
    pub circles: usize,
    /// Vanguard teams.
    pub vanguards: usize,
    /// Volunteer service teams.
    pub volunteers: usize,
    /// Services of the teams.
    pub services: usize,
    /// Good-deed talks.
    pub talks: usize,
    /// Visits to households.
    pub visits: usize,
}

impl Counts {
    /// Reads the table of units.
    pub fn read() -> Result<Vec<Self>, SampleError> {
        COUNTS.lines().skip(1).map(|line| Self::of(line).ok_or(SampleError::Data("counts of the year"))).collect()
    }

    fn of(line: &str) -> Option<Self> {
        let mut cells = line.split(',');
        let (short, code) = (cells.next()?.to_owned(), UnitCode::new(cells.next()?).ok()?);
        let mut count = || cells.next()?.parse().ok();
        Some(Self {
            short,
            code,
            activities: count()?,
            turnout: count()?,
            projects: count()?,
            comers: count()?,
            clues: count()?,
            helped: count()?,
            disputes: count()?,
            practitioners: count()?,
            circles: count()?,
            vanguards: count()?,
            volunteers: count()?,
            services: count()?,
            talks: count()?,
            visits: count()?,
        })
    }
}

/// What is said of what happens again and again.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Where things take place.
    pub places: Vec<String>,
    /// What households need.
    pub needs: Vec<String>,
    /// What came of it.
    pub answers: Vec<String>,
    /// What people say who are nominated.
    pub consents: Vec<String>,
    /// What vanguard teams are called.
    pub vanguards: Vec<String>,
    /// What volunteer teams are called.
    pub volunteers: Vec<String>,
    /// What members of a team do.
    pub duties: Vec<String>,
    /// What was found when somebody looked again after a clue.
    pub found: Vec<String>,
    /// What was found when somebody looked again after a dispute.
    pub peace: Vec<String>,
    /// What practitioners are known for.
    pub merits: Vec<String>,
    /// Activities.
    pub activity: Vec<Doing>,
    /// Six-people projects.
    pub project: Vec<Doing>,
    /// Services of the teams.
    pub service: Vec<Doing>,
    /// Good-deed talks.
    pub talk: Vec<Talk>,
    /// Problem clues.
    pub clue: Vec<Trouble>,
    /// Disputes.
    pub dispute: Vec<Trouble>,
}

impl Words {
    /// Reads the table of words.
    pub fn read() -> Result<Self, SampleError> {
        toml::from_str(WORDS).map_err(|_| SampleError::Data("words of the year"))
    }
}

/// Something that people do together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doing {
    /// What it is called.
    pub task: String,
    /// What is done.
    pub content: String,
    /// The months in which it is done; all where none is named.
    #[serde(default)]
    pub months: Vec<u8>,
    /// Which of the six it is, of a six-people project.
    #[serde(default)]
    pub tag: String,
}

/// Something that is told of somebody.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Talk {
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub topic: String,
    /// What is told.
    pub story: String,
}

/// Something that has to be put right.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trouble {
    /// What it is.
    pub matter: String,
    /// What was said.
    pub account: String,
    /// What was done.
    pub outcome: String,
    /// Why the township hears of it at once; empty where the village handles it first.
    #[serde(default)]
    pub grounds: String,
    /// To whom it is passed on; empty where it is handled here.
    #[serde(default)]
    pub channel: String,
}
