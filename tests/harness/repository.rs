//! The repository as text, for the tests about its own shape.

use std::path::{Path, PathBuf};

/// The folders whose files people read; everything else is made by tools.
const FOLDERS: [&str; 8] = ["app", "server", "shared", "style", "tests", "xtask", ".cargo", ".github"];

/// A file of the repository.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path from the root, with `/` between the folders.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// Returns the folder that holds the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this crate is a folder of the workspace").to_path_buf()
}

/// Reads one file.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Reads every file of the repository's folders that ends so, in the order of their paths.
pub fn files(ending: &str) -> Vec<File> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        let folder = root().join(folder);
        if folder.is_dir() {
            walk(&folder, ending, &mut found);
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no file ends in {ending}");
    found
}

/// Reads every Rust file below some path from the root, such as `shared/src/domain`, and the file of that name.
pub fn sources(path: &str) -> Vec<File> {
    let below = |file: &File| file.path.starts_with(&format!("{path}/")) || file.path == format!("{path}.rs");
    let found: Vec<File> = files(".rs").into_iter().filter(below).collect();
    assert!(!found.is_empty(), "nothing is below {path}");
    found
}

fn walk(folder: &Path, ending: &str, found: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                walk(&path, ending, found);
            }
        } else if path.to_string_lossy().ends_with(ending) {
            let name = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            let bytes = std::fs::read(&path).unwrap();
            // Pictures are no text and have nothing to say here.
            if let Ok(text) = String::from_utf8(bytes) {
                found.push(File { path: name, text });
            }
        }
    }
}

impl File {
    /// Returns the lines of code with their numbers, comments left out.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let uncommented = |line| match str::find(line, "//") {
            Some(at) if !line[..at].ends_with(':') => &line[..at],
            _ => line,
        };
        self.text.lines().enumerate().map(move |(number, line)| (number + 1, uncommented(line)))
    }

    /// Returns the comments with their line numbers.
    pub fn comments(&self) -> impl Iterator<Item = (usize, &str)> {
        let comment = |(number, line): (usize, &'_ str)| line.trim_start().starts_with("//").then_some(number + 1);
        self.text.lines().enumerate().filter_map(move |pair| comment(pair).map(|number| (number, pair.1)))
    }

    /// Lists where the code names something, as `path:line`, by whole words.
    pub fn naming(&self, words: &[&str]) -> Vec<String> {
        let named = |line: &str| words.iter().any(|word| contains_word(line, word));
        self.code().filter(|(_, line)| named(line)).map(|(number, _)| format!("{}:{number}", self.path)).collect()
    }
}

/// Returns whether a line contains a word that is not part of a longer identifier.
pub fn contains_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        !line[..at].chars().next_back().is_some_and(part) && !line[at + word.len()..].chars().next().is_some_and(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> File {
        File { path: "x.rs".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_word_is_not_a_part_of_a_longer_one() {
        assert!(contains_word("use web_sys::Event;", "web_sys"));
        assert!(contains_word("a(web_sys)", "web_sys"));
        assert!(!contains_word("my_web_sys", "web_sys"));
        assert!(!contains_word("web_system web_sys2", "web_sys"));
    }

    #[test]
    fn code_and_comments_are_told_apart() {
        let file =
            file("//! first\nlet a = 1; // web_sys\nlet b = \"http://localhost\";\n    // last\nweb_sys::x();\n");
        let comments: Vec<usize> = file.comments().map(|(number, _)| number).collect();
        assert_eq!(comments, [1, 4]);
        assert_eq!(file.code().nth(1), Some((2, "let a = 1; ")));
        assert_eq!(file.code().nth(2), Some((3, "let b = \"http://localhost\";")), "an address is no comment");
        assert_eq!(file.naming(&["web_sys"]), ["x.rs:5"]);
    }
}
