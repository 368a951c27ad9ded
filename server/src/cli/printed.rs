//! What the calculating commands print: one JSON object, or one line that says why there is none.

use std::io::{self, Write};
use std::process::ExitCode;

use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::refusal::Refusal;

/// The exit code for files that cannot be computed; nothing is on standard output then.
const REFUSED: u8 = 2;

/// Prints a result on standard output, or a refusal as one line on standard error.
pub fn print(result: Result<impl Serialize, &Refusal>) -> ExitCode {
    let written = match result {
        Ok(output) => object(&output).map(|()| ExitCode::SUCCESS),
        Err(refusal) => writeln!(io::stderr(), "{refusal}").map(|()| ExitCode::from(REFUSED)),
    };
    // Whoever reads has gone away: there is nobody left to tell but the exit code.
    written.unwrap_or(ExitCode::FAILURE)
}

/// Prints one JSON object, one space of indentation, and a line end.
fn object(output: &impl Serialize) -> io::Result<()> {
    let mut text = Vec::new();
    output.serialize(&mut Serializer::with_formatter(&mut text, PrettyFormatter::with_indent(b" ")))?;
    text.push(b'\n');
    let mut stdout = io::stdout().lock();
    stdout.write_all(&text)?;
    stdout.flush()
}
