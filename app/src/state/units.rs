//! The township's units as a list that people type or paste: one line per village or community.

use shared::domain::township::{Township, Unit, VillageKind};
use shared::id::UnitCode;

/// The digits of a unit's division code.
const CODE_DIGITS: usize = 12;
/// What the first line of a copied sheet begins with.
const HEADINGS: [&str; 3] = ["code", "区划代码", "代码"];

/// A line that cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The code has not twelve digits.
    Code,
    /// The code stands on an earlier line.
    Twice,
    /// There is no name.
    Name,
    /// The kind is neither village nor community.
    Kind,
}

/// Reads lines of code, name, kind and precinct, parted by commas or tabs; empty lines and headings are passed over.
///
/// A kind left empty is read off the name: what ends in 社区 is a community, everything else a village (E44).
pub fn read(text: &str) -> (Vec<Unit>, Vec<LineFault>) {
    let (mut units, mut faults): (Vec<Unit>, Vec<LineFault>) = (Vec::new(), Vec::new());
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let cells: Vec<&str> = line.split([',', '，', '\t']).map(str::trim).collect();
        let first = cells.first().copied().unwrap_or_default();
        if line.trim().is_empty() || HEADINGS.contains(&first) {
            continue;
        }
        let read = unit(&cells).and_then(|unit| match units.iter().any(|earlier| earlier.code == unit.code) {
            true => Err(Fault::Twice),
            false => Ok(unit),
        });
        match read {
            Ok(unit) => units.push(unit),
            Err(fault) => faults.push(LineFault { line: index + 1, fault }),
        }
    }
    (units, faults)
}

/// Writes the units as they are read.
pub fn write(township: &Township) -> String {
    let line = |unit: &Unit| {
        let kind = match unit.kind {
            VillageKind::Village => "村",
            VillageKind::Community => "社区",
        };
        format!("{},{},{kind},{}\n", unit.code, unit.name, unit.precinct)
    };
    township.units.values().map(line).collect()
}

fn unit(cells: &[&str]) -> Result<Unit, Fault> {
    let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
    let code = UnitCode::new(cell(0)).ok().filter(|code| code.as_str().len() == CODE_DIGITS).ok_or(Fault::Code)?;
    let name = cell(1);
    if name.is_empty() {
        return Err(Fault::Name);
    }
    let kind = match cell(2) {
        "" if name.ends_with("社区") => VillageKind::Community,
        "" | "村" | "行政村" | "village" => VillageKind::Village,
        "社区" | "community" => VillageKind::Community,
        _ => return Err(Fault::Kind),
    };
    Ok(Unit { code, name: name.to_owned(), kind, precinct: cell(3).to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_was_copied_from_a_sheet() {
        let text =
            "\u{feff}code,name,kind,precinct,source\n420529202001,集镇社区,,集镇片区,x\r\n\n420529202209\t沙湾村\t村\n";
        let (units, faults) = read(text);
        assert_eq!(faults, []);
        let read: Vec<_> = units.iter().map(|unit| (unit.name.as_str(), unit.kind, unit.precinct.as_str())).collect();
        assert_eq!(read, [("集镇社区", VillageKind::Community, "集镇片区"), ("沙湾村", VillageKind::Village, "")]);
    }

    #[test]
    fn every_line_that_cannot_be_taken_is_named() {
        let text = "4205,沙湾村\n420529202209,\n420529202209,沙湾村,镇\n420529202209,沙湾村\n420529202209,沙湾村\n";
        let faults: Vec<_> = read(text).1.iter().map(|fault| (fault.line, fault.fault)).collect();
        assert_eq!(faults, [(1, Fault::Code), (2, Fault::Name), (3, Fault::Kind), (5, Fault::Twice)]);
    }

    #[test]
    fn what_is_written_reads_back() {
        let units = read("420529202001,集镇社区,,集镇片区\n420529202209,沙湾村,村,").0;
        let township = Township {
            name: String::new(),
            units: units.iter().map(|unit| (unit.code.clone(), unit.clone())).collect(),
        };
        assert_eq!(read(&write(&township)), (units, Vec::new()));
    }
}
