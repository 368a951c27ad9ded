//! The calculating commands as child processes: their samples to the letter, and every mistake with its place.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "files/points.rs"]
mod points;
#[path = "files/rank.rs"]
mod rank;
#[path = "files/score.rs"]
mod score;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// A command, and the name and bytes of each of its files by the option that names it.
#[derive(Clone)]
pub struct Files {
    command: &'static str,
    files: BTreeMap<&'static str, (&'static str, Vec<u8>)>,
}

impl Files {
    /// Takes a command and, for each of its files, option, name and text.
    pub fn new(command: &'static str, files: &[(&'static str, &'static str, &str)]) -> Self {
        let file =
            |(option, name, text): &(&'static str, &'static str, &str)| (*option, (*name, text.as_bytes().to_vec()));
        Self { command, files: files.iter().map(file).collect() }
    }

    /// Returns the bytes of the file that an option names.
    pub fn bytes(&mut self, option: &str) -> &mut Vec<u8> {
        &mut self.files.get_mut(option).unwrap().1
    }

    /// Leaves an option and its file out.
    pub fn without(mut self, option: &str) -> Self {
        self.files.remove(option).unwrap();
        self
    }

    /// Replaces one text of a file, which must stand there, once.
    #[track_caller]
    pub fn edit(mut self, option: &str, from: &str, to: &str) -> Self {
        let bytes = self.bytes(option);
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains(from), "{from:?} stands in the file");
        *bytes = text.replacen(from, to, 1).into_bytes();
        self
    }

    fn write(&self, folder: &Path) {
        for (name, bytes) in self.files.values() {
            fs::write(folder.join(name), bytes).unwrap();
        }
    }

    fn run(&self, folder: &Path) -> Output {
        let options = self.files.iter().flat_map(|(option, (name, _))| [format!("--{option}"), (*name).to_owned()]);
        Command::new(env!("CARGO_BIN_EXE_pingyi")).current_dir(folder).arg(self.command).args(options).output().unwrap()
    }

    /// Runs the command in a folder of its own.
    pub fn output(&self) -> Output {
        let folder = tempfile::tempdir().unwrap();
        self.write(folder.path());
        self.run(folder.path())
    }

    /// Returns what is printed for files that can be computed.
    #[track_caller]
    pub fn printed(&self) -> String {
        let output = self.output();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Checks the one line with which files are refused.
    #[track_caller]
    pub fn refused(&self, line: &str) {
        let output = self.output();
        assert_eq!(String::from_utf8_lossy(&output.stderr), format!("{line}\n"));
        assert_eq!(String::from_utf8_lossy(&output.stdout), "");
        assert_eq!(output.status.code(), Some(2));
    }

    /// Writes the rows of a sheet in the other order.
    pub fn reversed(mut self, option: &str) -> Self {
        let text = String::from_utf8(self.bytes(option).clone()).unwrap();
        let mut rows: Vec<&str> = text.lines().collect();
        rows[1..].reverse();
        *self.bytes(option) = rows.join("\n").into_bytes();
        self
    }

    /// Removes each file in turn and expects its name.
    pub fn each_file_is_missed(&self) {
        let folder = tempfile::tempdir().unwrap();
        for (name, _) in self.files.values() {
            self.write(folder.path());
            fs::remove_file(folder.path().join(name)).unwrap();
            let output = self.run(folder.path());
            let line = String::from_utf8(output.stderr).unwrap();
            assert!(line.starts_with(&format!("{name}:1:1: the file cannot be read: ")), "{line}");
            assert_eq!((line.matches('\n').count(), output.stdout.len(), output.status.code()), (1, 0, Some(2)));
        }
    }

    /// Spoils files at random: whatever is done to them, there is a result or one line with a place, and never both or
    /// neither.
    pub fn spoiled_files_never_get_past_or_crash(&self) {
        const SEEDS: u64 = 120;
        const BYTES: &[u8] = b",\"\n\r0159.-=[]>/ \xef\xbb\xbf\xffvM";
        let folder = tempfile::tempdir().unwrap();
        for seed in 0..SEEDS {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let mut place = |length: usize| rng.next_u32() as usize % length;
            let mut spoiled = self.clone();
            for _ in 0..=place(3) {
                let option = *self.files.keys().nth(place(self.files.len())).unwrap();
                let file = spoiled.bytes(option);
                let (at, byte) = (place(file.len()), BYTES[place(BYTES.len())]);
                match place(4) {
                    0 => file[at] = byte,
                    1 => file.insert(at, byte),
                    2 => drop(file.remove(at)),
                    _ => file.truncate(at.max(1)),
                }
            }
            spoiled.write(folder.path());
            let output = spoiled.run(folder.path());
            let line = String::from_utf8(output.stderr).unwrap();
            match output.status.code() {
                Some(0) => assert!(line.is_empty() && output.stdout.ends_with(b"\n}\n"), "seed {seed}: {line}"),
                Some(2) => {
                    let is_a_line = line.ends_with('\n') && line.lines().count() == 1;
                    assert!(output.stdout.is_empty() && is_a_line, "seed {seed}: {line}");
                    let mut parts = line.splitn(4, ':');
                    let file = parts.next().unwrap();
                    assert!(self.files.values().any(|(name, _)| *name == file), "seed {seed}: {line}");
                    assert!(parts.next().unwrap().parse::<usize>().unwrap() >= 1, "seed {seed}: {line}");
                    assert!(parts.next().unwrap().parse::<usize>().unwrap() >= 1, "seed {seed}: {line}");
                }
                code => panic!("seed {seed}: exit {code:?}: {line}"),
            }
        }
    }
}
