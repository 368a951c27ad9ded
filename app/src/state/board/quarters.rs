//! The standings of the quarters, side by side, and where the flag is.

use shared::domain::Workspace;
use shared::domain::assessment::Stage;
use shared::id::UnitCode;
use shared::number::Decimal;
use shared::time::Quarter;

use crate::state::home;

/// The most quarters side by side: two years.
pub const QUARTERS_SHOWN: usize = 8;

/// The quarters of the board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quarters {
    /// The latest quarters, the latest first.
    pub quarters: Vec<QuarterHead>,
    /// Every village of the township with its line of each of them.
    pub rows: Vec<QuarterRow>,
    /// The name of the village that has the flag.
    pub flag: Option<String>,
}

/// A quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuarterHead {
    /// Which.
    pub quarter: Quarter,
    /// How far it has come.
    pub stage: Stage,
}

/// A village's lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarterRow {
    /// Its code.
    pub code: UnitCode,
    /// Its name.
    pub name: String,
    /// Its line of each quarter, in their order; nothing where no result is known or it has none.
    pub lines: Vec<Option<Line>>,
}

/// A village's line of one quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The rank; nothing for a vetoed village and one without a score.
    pub rank: Option<u32>,
    /// The published number.
    pub published: Option<Decimal>,
    /// Whether a veto keeps it from having a rank.
    pub vetoed: bool,
}

/// Returns the quarters of the board.
pub fn quarters(workspace: &Workspace) -> Quarters {
    let latest: Vec<_> = workspace.assessments.iter().rev().take(QUARTERS_SHOWN).collect();
    let heads = latest.iter().map(|(quarter, of)| QuarterHead { quarter: **quarter, stage: of.stage }).collect();
    let row = |code: &UnitCode| {
        let line = |result: &shared::domain::assessment::AssessmentResult| {
            let standing = result.standing(code)?;
            Some(Line { rank: standing.rank, published: standing.published, vetoed: standing.disqualified })
        };
        let lines = latest.iter().map(|(_, of)| of.result.as_ref().and_then(line)).collect();
        QuarterRow { code: code.clone(), name: home::name(workspace, code), lines }
    };
    Quarters {
        quarters: heads,
        rows: workspace.township.units.keys().map(row).collect(),
        flag: workspace.flag.holder().map(|code| home::name(workspace, code)),
    }
}
