//! Makes one stylesheet of the folder `style/`, in the order of the import lines of its entry file.

use std::path::Path;

use crate::failure::Failure;
use crate::repository;

/// Reads `main.css` of a folder and puts every imported file in the place of its import line.
///
/// An import may name its layer, as in `@import "ui/button.css" layer(ui);`. Only the entry file may import.
pub fn bundle(folder: &Path) -> Result<String, Failure> {
    let entry = repository::read_text(&folder.join("main.css"))?;
    let mut bundled = String::new();
    for line in without_comments(&entry).lines() {
        let line = line.trim();
        if !line.starts_with("@import") {
            bundled.push_str(line);
            bundled.push('\n');
            continue;
        }
        let broken = || Failure::Import { file: "main.css".to_owned(), line: line.to_owned() };
        let (name, layer) = import(line).ok_or_else(broken)?;
        let content = without_comments(&repository::read_text(&folder.join(name))?);
        if let Some(nested) = content.lines().find(|line| line.trim_start().starts_with("@import")) {
            return Err(Failure::Import { file: name.to_owned(), line: nested.trim().to_owned() });
        }
        match layer {
            Some(layer) => bundled.push_str(&format!("@layer {layer} {{\n{content}}}\n")),
            None => bundled.push_str(&content),
        }
    }
    Ok(squeeze(&bundled))
}

/// Reads `@import "name" layer(x);`: the name and, if there is one, the layer.
fn import(line: &str) -> Option<(&str, Option<&str>)> {
    let rest = line.strip_prefix("@import")?.trim().strip_suffix(';')?.trim();
    let rest = rest.strip_prefix("url(").map_or(rest, |inner| inner.trim());
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, rest) = rest[1..].split_once(quote)?;
    let rest = rest.trim().trim_start_matches(')').trim();
    match rest {
        "" => Some((name, None)),
        _ => Some((name, Some(rest.strip_prefix("layer(")?.strip_suffix(')')?.trim()))),
    }
}

/// Leaves comments out; what looks like one inside a quoted string stays.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut quote = None;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match quote {
            None if c == '/' && characters.peek() == Some(&'*') => {
                characters.next();
                let mut last = ' ';
                for c in characters.by_ref() {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
                continue;
            }
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(open) if open == c => quote = None,
            Some(_) if c == '\\' => {
                kept.push(c);
                kept.extend(characters.next());
                continue;
            }
            _ => {}
        }
        kept.push(c);
    }
    kept
}

/// Leaves out indentation and empty lines.
fn squeeze(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_put_in_their_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        file("main.css", "/* entry */\n@layer a, b;\n@import \"a.css\" layer(a);\n@import \"b.css\";\n");
        file("a.css", "/* a */\np::after { content: \"/* kept */\"; }\n");
        file("b.css", "@layer b {\n  p { margin: 0; }\n}\n");
        assert_eq!(
            bundle(folder.path()).unwrap(),
            "@layer a, b;\n@layer a {\np::after { content: \"/* kept */\"; }\n}\n@layer b {\np { margin: 0; }\n}\n"
        );
        file("a.css", "@import \"b.css\";\n");
        assert!(matches!(bundle(folder.path()), Err(Failure::Import { file, .. }) if file == "a.css"));
    }

    #[test]
    fn an_import_is_a_quoted_name_with_at_most_a_layer() {
        assert_eq!(import("@import \"ui/button.css\" layer(ui);"), Some(("ui/button.css", Some("ui"))));
        assert_eq!(import("@import url('print.css');"), Some(("print.css", None)));
        assert_eq!(import("@import \"print.css\" print;"), None);
        assert_eq!(import("@import print.css;"), None);
    }
}
