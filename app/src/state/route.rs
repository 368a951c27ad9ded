//! The two errands that arrive in the fragment of an address: enrolling this phone, founding a township.
//!
//! A fragment never leaves the phone, which is why the secrets of both travel there. Every other page has a path.

/// The fragment of an enrolment link.
const ENROL: &str = "/enrol/";
/// The fragment of a founding link.
const FOUND: &str = "/found/";

/// What the address asks for before any page is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Take up the invitation with this payload.
    Enrol(String),
    /// Found a township with this token.
    Found(String),
}

impl Errand {
    /// Reads the fragment of an address, with or without its `#`; anything else is no errand.
    pub fn of_fragment(fragment: &str) -> Option<Self> {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        match fragment.strip_prefix(ENROL) {
            Some(payload) => some(payload).map(Self::Enrol),
            None => fragment.strip_prefix(FOUND).and_then(some).map(Self::Found),
        }
    }

    /// Reads what a person pasted: a whole link, or any part of it that holds the fragment.
    pub fn of_pasted(text: &str) -> Option<Self> {
        let text = text.trim();
        let fragment = text.rsplit_once('#').map_or(text, |(_, fragment)| fragment);
        Self::of_fragment(fragment)
    }

    /// Returns the address that carries the errand, on this relay.
    pub fn href(&self) -> String {
        match self {
            Self::Enrol(payload) => format!("/#{ENROL}{payload}"),
            Self::Found(token) => format!("/#{FOUND}{token}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_only_the_two_fragments() {
        let enrol = Some(Errand::Enrol("a-_9".to_owned()));
        assert_eq!(Errand::of_fragment("#/enrol/a-_9"), enrol);
        assert_eq!(Errand::of_fragment("/enrol/a-_9"), enrol);
        assert_eq!(Errand::of_fragment("#/found/xyz"), Some(Errand::Found("xyz".to_owned())));
        for other in ["", "#", "#main", "#/enrol/", "#/found/", "/enrolled/x"] {
            assert_eq!(Errand::of_fragment(other), None, "{other}");
        }
    }

    #[test]
    fn reads_what_was_pasted() {
        let enrol = Some(Errand::Enrol("abc".to_owned()));
        assert_eq!(Errand::of_pasted("  http://192.0.2.7:8080/#/enrol/abc\n"), enrol);
        assert_eq!(Errand::of_pasted("/enrol/abc"), enrol);
        assert_eq!(Errand::of_pasted("http://192.0.2.7:8080/"), None);
    }

    #[test]
    fn an_address_reads_back() {
        for errand in [Errand::Enrol("abc".to_owned()), Errand::Found("d".to_owned())] {
            assert_eq!(Errand::of_pasted(&errand.href()), Some(errand));
        }
    }
}
