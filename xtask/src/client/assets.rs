//! The files of the client under names that carry the hash of their content.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::failure::Failure;

/// Hexadecimal digits of a hash in a name: 64 bits tell apart all the files that a phone will ever keep.
const HASH_DIGITS: usize = 16;

/// The files of one build: plain name to published name, published name to content.
pub struct Assets {
    names: BTreeMap<String, String>,
    contents: BTreeMap<String, Vec<u8>>,
}

impl Assets {
    /// Starts with no file.
    pub fn new() -> Self {
        Self { names: BTreeMap::new(), contents: BTreeMap::new() }
    }

    /// Adds a file under its hashed name, such as `boot.0123456789abcdef.js` for `boot.js`.
    pub fn add(&mut self, name: &str, content: Vec<u8>) {
        let hash = hash(&content);
        let published = match name.rsplit_once('.') {
            Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
            None => format!("{name}.{hash}"),
        };
        self.names.insert(name.to_owned(), published.clone());
        self.contents.insert(published, content);
    }

    /// Adds a file that is asked for by a fixed name.
    pub fn add_plain(&mut self, name: &str, content: Vec<u8>) {
        self.names.insert(name.to_owned(), name.to_owned());
        self.contents.insert(name.to_owned(), content);
    }

    /// Returns the published name of a file.
    pub fn published(&self, name: &str) -> Option<&str> {
        self.names.get(name).map(String::as_str)
    }

    /// Lists published names with contents, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.contents.iter().map(|(name, content)| (name.as_str(), content.as_slice()))
    }

    /// Replaces every `{{name}}` of a template by the published path, with `given` values before assets.
    pub fn fill(&self, file: &str, template: &str, given: &[(&str, &str)]) -> Result<String, Failure> {
        let mut filled = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) = after.split_once("}}").unwrap_or((after, ""));
            let value = given.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            let value = value.or_else(|| self.published(name).map(|published| format!("/{published}")));
            let Some(value) = value else {
                return Err(Failure::UnknownAsset { file: file.to_owned(), asset: name.to_owned() });
            };
            filled.push_str(before);
            filled.push_str(&value);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

/// Returns the hash of some content as it stands in names.
pub fn hash(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    let mut text: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    text.truncate(HASH_DIGITS);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_its_content_only() {
        let published = |content: &[u8]| {
            let mut assets = Assets::new();
            assets.add("icon-192.png", content.to_vec());
            assets.published("icon-192.png").unwrap().to_owned()
        };
        assert_eq!(published(b"a"), "icon-192.ca978112ca1bbdca.png");
        assert_eq!(published(b"a"), published(b"a"));
        assert_ne!(published(b"a"), published(b"b"));
    }

    #[test]
    fn templates_name_what_is_built_and_nothing_else() {
        let mut assets = Assets::new();
        assets.add_plain("sw.js", Vec::new());
        assert_eq!(assets.fill("page", "<{{sw.js}} {{version}}>", &[("version", "7")]).unwrap(), "</sw.js 7>");
        assert!(matches!(assets.fill("page", "{{boot.js}}", &[]), Err(Failure::UnknownAsset { .. })));
    }
}
