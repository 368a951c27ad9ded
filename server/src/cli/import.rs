//! `pingyi import`: a village's roster from a CSV file, previewed first, recorded only with `--accept`.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use shared::domain::roster_file::{RosterPreview, RowProblem, read_roster};
use shared::id::UnitCode;

use crate::headless::{Headless, HeadlessError, Http};

/// The arguments of `pingyi import`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The CSV file: columns household, group, name (户号, 小组, 姓名) and more.
    file: PathBuf,
    /// The village's twelve-digit division code.
    #[arg(long)]
    village: UnitCode,
    /// Record what can be taken; without it nothing is recorded.
    #[arg(long)]
    accept: bool,
    /// The file in which this computer keeps its device key and records.
    #[arg(long, default_value = "pingyi-import.device")]
    device: PathBuf,
    /// An enrolment link for this computer, needed the first time.
    #[arg(long)]
    link: Option<String>,
    /// The relay's address.
    #[arg(long, default_value = "http://localhost:8080")]
    relay: String,
}

/// The exit code where the file holds nothing that could be imported, or the record failed.
const FAILED: u8 = 2;

/// Reads, previews and, where it was accepted, imports.
pub fn run(arguments: &Arguments) -> ExitCode {
    let mut out = io::stdout().lock();
    match import(arguments, &mut out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Nobody hears a complaint about standard error itself.
            let _ = writeln!(io::stderr(), "{message}");
            ExitCode::from(FAILED)
        }
    }
}

fn import(arguments: &Arguments, out: &mut impl io::Write) -> Result<(), String> {
    let bytes = fs::read(&arguments.file).map_err(|error| format!("{}: {error}", arguments.file.display()))?;
    let preview = read_roster(&bytes, &arguments.village);
    list(arguments, &preview, out).map_err(|error| error.to_string())?;
    if preview.people.is_empty() {
        return Err(format!("{}: no row can be imported", arguments.file.display()));
    }
    if !arguments.accept {
        return writeln!(out, "nothing was recorded; add --accept to record what can be taken")
            .map_err(|error| error.to_string());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(record(arguments, preview, out)).map_err(|error| error.to_string())
}

fn list(arguments: &Arguments, preview: &RosterPreview, out: &mut impl io::Write) -> io::Result<()> {
    let (people, households) = (preview.people.len(), preview.households.len());
    writeln!(out, "{people} people in {households} households can be taken")?;
    if !preview.problems.is_empty() {
        writeln!(out, "{} rows cannot be taken:", preview.problems.len())?;
    }
    for RowProblem { line, cell, column, reason } in &preview.problems {
        write!(out, "{}:{line}", arguments.file.display())?;
        if let Some(cell) = cell {
            write!(out, ":{cell}")?;
        }
        match column {
            Some(column) => writeln!(out, ": {}: {reason}", column.names().0)?,
            None => writeln!(out, ": {reason}")?,
        }
    }
    Ok(())
}

async fn record(arguments: &Arguments, preview: RosterPreview, out: &mut impl io::Write) -> Result<(), HeadlessError> {
    let mut device = Headless::in_file(&arguments.device, Http::new(&arguments.relay)).await?;
    if let (false, Some(link)) = (device.is_enrolled(), &arguments.link) {
        device.enrol(link).await?;
    }
    // The present roster comes first: what is equal there is not recorded again.
    device.sync().await?;
    let known = device.workspace().villages.get(&arguments.village).map(|village| village.roster.clone());
    let changes = preview.changes(&known.unwrap_or_default());
    let (new, changed, unchanged) = (changes.new, changes.changed, changes.unchanged);
    writeln!(out, "{new} new, {changed} changed, {unchanged} unchanged").map_err(HeadlessError::Rows)?;
    if new + changed == 0 {
        return writeln!(out, "nothing to record").map_err(HeadlessError::Rows);
    }
    if let Some(command) = preview.into_command(arguments.village.clone()) {
        device.command(command).await?;
    }
    device.sync().await?;
    writeln!(out, "recorded, and at the township").map_err(HeadlessError::Rows)
}
