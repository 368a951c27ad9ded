//! Every document kind, its genesis and the names in it, on one page.
//!
//! | kind | facts | fields |
//! |---|---|---|
//! | registry | – | the township and its units |
//! | rulebooks | adopted versions | – |
//! | roster | moves, merges and what undoes them | people and households |
//! | meeting | everything of [`MeetingFact`] | – |
//! | affairs | everything of life-cycle records | – |
//! | assessment | everything of a quarter's assessment | – |
//! | cards | one assessor's scores | – |
//! | points | entries of accounts and what became of them | – |
//! | posts | work log, self-statements and monthly scores | – |
//! | flag | awards and handovers | – |
//!
//! The keys of fields are `<record>.<field>`, as [`crate::domain::record`] lists them, and the keys of facts are their
//! numbers. Keys are only ever added and none is used again for something else. Nothing derivable has a key.
//!
//! [`MeetingFact`]: crate::domain::meeting::MeetingFact

use crate::id::DocumentKind;

/// The map of immutable facts, each under its number.
pub const FACTS: &str = "facts";
/// The map of mutable records, each field under a flat key, so that no phone's record hides another's.
pub const FIELDS: &str = "fields";

/// Returns the fixed bytes with which a document of a kind begins.
///
/// Two phones that create the same document offline meet in one history because both begin with these.
pub fn genesis(kind: DocumentKind) -> &'static [u8] {
    match kind {
        DocumentKind::Registry => include_bytes!("genesis/registry.automerge"),
        DocumentKind::Rulebooks => include_bytes!("genesis/rulebooks.automerge"),
        DocumentKind::Roster => include_bytes!("genesis/roster.automerge"),
        DocumentKind::Meeting => include_bytes!("genesis/meeting.automerge"),
        DocumentKind::Affairs => include_bytes!("genesis/affairs.automerge"),
        DocumentKind::Assessment => include_bytes!("genesis/assessment.automerge"),
        DocumentKind::Cards => include_bytes!("genesis/cards.automerge"),
        DocumentKind::Points => include_bytes!("genesis/points.automerge"),
        DocumentKind::Posts => include_bytes!("genesis/posts.automerge"),
        DocumentKind::Flag => include_bytes!("genesis/flag.automerge"),
        // None is known; nothing can be made of no bytes.
        DocumentKind::Later => &[],
    }
}

/// Returns the actor that wrote the genesis of a kind: one byte, which no device has.
pub fn genesis_actor(kind: DocumentKind) -> &'static [u8] {
    match kind {
        DocumentKind::Registry => &[1],
        DocumentKind::Rulebooks => &[2],
        DocumentKind::Roster => &[3],
        DocumentKind::Meeting => &[4],
        DocumentKind::Affairs => &[5],
        DocumentKind::Assessment => &[6],
        DocumentKind::Cards => &[7],
        DocumentKind::Points => &[8],
        DocumentKind::Posts => &[9],
        DocumentKind::Flag => &[10],
        DocumentKind::Later => &[],
    }
}

#[cfg(test)]
mod tests {
    use automerge::transaction::{CommitOptions, Transactable};
    use automerge::{ActorId, Automerge, ObjType, ROOT};
    use sha2::{Digest, Sha256};

    use super::*;

    /// How the files were made.
    fn recipe(kind: DocumentKind) -> Automerge {
        let mut document = Automerge::new().with_actor(ActorId::from(genesis_actor(kind)));
        let mut transaction = document.transaction();
        transaction.put_object(ROOT, FACTS, ObjType::Map).unwrap();
        transaction.put_object(ROOT, FIELDS, ObjType::Map).unwrap();
        transaction.commit_with(CommitOptions::default().with_time(0));
        document
    }

    #[test]
    fn every_kind_begins_as_its_recipe_says() {
        for kind in DocumentKind::ALL {
            assert_eq!(Automerge::load(genesis(kind)).unwrap().get_heads(), recipe(kind).get_heads(), "{kind:?}");
        }
    }

    /// These files are part of every document that was ever written; another byte would cut phones off from theirs.
    #[test]
    fn the_bytes_never_change() {
        let digest =
            |kind| -> String { Sha256::digest(genesis(kind))[..8].iter().map(|byte| format!("{byte:02x}")).collect() };
        let digests = [
            "29b145a9062181fc",
            "10b68b5aacfec101",
            "f7f1a407cbadea1a",
            "9314c5d664d1f735",
            "606bf61dac57aba3",
            "28e734d9a2bb594b",
            "4f995445125742bc",
            "20d6988f8d736408",
            "f3fc588031395212",
            "29dfb96cac551278",
        ];
        assert_eq!(DocumentKind::ALL.map(digest), digests);
    }
}
