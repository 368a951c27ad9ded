//! Two values for one fact: what stands, who said it, and where people disagree.

use std::collections::BTreeMap;

use crate::domain::meeting::{Author, Recorded};
use crate::id::FactId;
use crate::time::Instant;

/// One person's word for a value: the fact's number, its author, the author's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    /// The record number.
    pub fact: FactId,
    /// Who said it.
    pub author: Author,
    /// What the author's clock said; shown, never used for order.
    pub at: Instant,
}

/// A value and everybody who said it; at least one voice, by fact number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// The value.
    pub value: T,
    /// Who said it.
    pub by: Vec<Voice>,
}

/// What is known of one fact after corrections: nothing, one value, or a divergence.
///
/// A value stands until a later fact names it as replaced. Two standing equal values agree; two different ones
/// are a divergence, which people settle: no clock and no arrival order ever chooses between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Settled<T> {
    /// Nobody said anything.
    #[default]
    Nothing,
    /// One value stands.
    Agreed(Said<T>),
    /// 分歧: two or more different values stand, by their first fact number.
    Divergence(Vec<Said<T>>),
}

/// One fact as far as settling needs it: its number, author and time, its value, and which facts it replaces.
pub(super) struct Claim<'a, T> {
    /// Who says it.
    pub voice: Voice,
    /// What is said.
    pub value: T,
    /// Which earlier facts it takes the place of.
    pub replaces: &'a [FactId],
}

impl Voice {
    /// Returns the voice of a recorded fact.
    pub fn of<T>(fact: &Recorded<T>) -> Self {
        Self { fact: fact.id.clone(), author: fact.author.clone(), at: fact.at }
    }
}

impl<T> Settled<T> {
    /// Returns the one value that stands, if there is exactly one.
    pub fn agreed(&self) -> Option<&T> {
        match self {
            Self::Agreed(said) => Some(&said.value),
            Self::Nothing | Self::Divergence(_) => None,
        }
    }

    /// Returns every value that stands, none, one or several.
    pub fn standing(&self) -> &[Said<T>] {
        match self {
            Self::Nothing => &[],
            Self::Agreed(said) => std::slice::from_ref(said),
            Self::Divergence(values) => values,
        }
    }

    /// Returns whether different values stand.
    pub fn is_divergence(&self) -> bool {
        matches!(self, Self::Divergence(_))
    }

    /// Returns every voice that stands; a correction names their facts as replaced.
    pub fn voices(&self) -> impl Iterator<Item = &Voice> {
        self.standing().iter().flat_map(|said| &said.by)
    }

    /// Returns the numbers of every fact that stands, in order.
    pub fn facts(&self) -> Vec<FactId> {
        let mut facts: Vec<FactId> = self.voices().map(|voice| voice.fact.clone()).collect();
        facts.sort();
        facts
    }
}

impl<T: Clone> Settled<&T> {
    /// Returns the same with values of its own.
    pub(super) fn cloned(self) -> Settled<T> {
        let owned = |said: Said<&T>| Said { value: said.value.clone(), by: said.by };
        match self {
            Self::Nothing => Settled::Nothing,
            Self::Agreed(said) => Settled::Agreed(owned(said)),
            Self::Divergence(values) => Settled::Divergence(values.into_iter().map(owned).collect()),
        }
    }
}

/// Returns the claims that no other claim replaces, by fact number; the order in which they come does not matter.
///
/// `may_replace` says whether the first author may correct what the second said.
pub(super) fn standing<T>(claims: Vec<Claim<'_, T>>, may_replace: fn(&Author, &Author) -> bool) -> Vec<Claim<'_, T>> {
    let mut replaced: BTreeMap<&FactId, Vec<&Voice>> = BTreeMap::new();
    for claim in &claims {
        for id in claim.replaces {
            replaced.entry(id).or_default().push(&claim.voice);
        }
    }
    let is_replaced = |voice: &Voice| {
        let by = replaced.get(&voice.fact).map_or(&[][..], Vec::as_slice);
        by.iter().any(|other| other.fact != voice.fact && may_replace(&other.author, &voice.author))
    };
    let stands: Vec<bool> = claims.iter().map(|claim| !is_replaced(&claim.voice)).collect();
    // Facts that replace each other in a ring come from no honest device; they all stand rather than vanish.
    let ring = !stands.contains(&true);
    let kept = claims.into_iter().zip(stands).filter(|(_, stands)| *stands || ring);
    // Facts come in order nearly always, so that each goes to the end; a sort would be compiled for every kind of claim.
    let mut standing: Vec<Claim<'_, T>> = Vec::new();
    for (claim, _) in kept {
        let place = standing.partition_point(|other| other.voice.fact <= claim.voice.fact);
        standing.insert(place, claim);
    }
    standing
}

/// Settles claims on one fact, which anybody may correct.
pub(super) fn settle<T: PartialEq>(claims: Vec<Claim<'_, T>>) -> Settled<T> {
    let mut values: Vec<Said<T>> = Vec::new();
    for Claim { voice, value, .. } in standing(claims, |_, _| true) {
        match values.iter_mut().find(|said| said.value == value) {
            Some(said) => said.by.push(voice),
            None => values.push(Said { value, by: vec![voice] }),
        }
    }
    match values.len() {
        0 => Settled::Nothing,
        1 => Settled::Agreed(values.swap_remove(0)),
        _ => Settled::Divergence(values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::DeviceNumber;

    /// Settles claims written as `number=value<replaced`, such as `A1-2=x<A1-1`.
    #[track_caller]
    fn check(claims: &[&str], expected: &str) {
        let read = |text: &str| text.parse::<FactId>().unwrap();
        let parsed: Vec<(FactId, String, Vec<FactId>)> = claims
            .iter()
            .map(|claim| {
                let (id, rest) = claim.split_once('=').unwrap();
                let (value, replaces) = rest.split_once('<').unwrap_or((rest, ""));
                let replaces = replaces.split(',').filter(|id| !id.is_empty()).map(read).collect();
                (read(id), value.to_owned(), replaces)
            })
            .collect();
        let author = Author { device: DeviceNumber(1), holder: None };
        let mut claims: Vec<Claim<'_, &str>> = parsed
            .iter()
            .map(|(id, value, replaces)| Claim {
                voice: Voice { fact: id.clone(), author: author.clone(), at: Instant(0) },
                value: value.as_str(),
                replaces,
            })
            .collect();
        claims.reverse();
        let said = |said: &Said<&str>| {
            let by: Vec<String> = said.by.iter().map(|voice| voice.fact.to_string()).collect();
            format!("{} by {}", said.value, by.join(" "))
        };
        let standing: Vec<String> = settle(claims).standing().iter().map(said).collect();
        assert_eq!(standing.join("; "), expected);
    }

    #[test]
    fn what_stands() {
        check(&[], "");
        check(&["A1-1=x"], "x by A1-1");
        check(&["A1-1=x", "B1-1=x"], "x by A1-1 B1-1");
        check(&["A1-1=x", "B1-1=y"], "x by A1-1; y by B1-1");
        check(&["A1-1=x", "B1-1=y", "A1-2=y<A1-1"], "y by A1-2 B1-1");
        check(&["A1-1=x", "B1-1=y", "C1-1=z<A1-1,B1-1"], "z by C1-1");
        check(&["A1-1=x", "A1-2=y<A1-1", "B1-1=z<A1-1"], "y by A1-2; z by B1-1");
        check(&["A1-1=x<A1-1"], "x by A1-1");
        check(&["A1-1=x<A1-2", "A1-2=y<A1-1"], "x by A1-1; y by A1-2");
    }
}
