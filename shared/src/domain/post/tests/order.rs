//! The order in which facts arrive, and how often, never shows: neither in what counts nor in what is passed over.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

/// A quarter with whole months, late facts, and things that an honest app would not have recorded.
fn troubled() -> Vec<Recorded<PostFact>> {
    let mut branch = Branch::new();
    branch.whole("li", "2026-10", &[("cleaning", "90")]);
    branch.whole("he", "2026-10", &[("cleaning", "80"), ("mediation", "91")]);
    branch.logs("scribe", "li", "cleaning", "2026-10-30").unwrap();
    branch.excuses("secretary", "li", "2026-11").unwrap();
    branch.logs("scribe", "he", "cleaning", "2026-12-01").unwrap();
    branch.states("scribe", "he", "2026-12").unwrap();
    branch.reviews("watcher", "he", "2026-12").unwrap();
    branch.scores("secretary", "he", "2026-12", "cleaning", "70").unwrap();
    let mut facts = branch.facts.remove(&"2026-Q4".parse().unwrap()).unwrap();
    // The same facts from other hands: of people who may not, of a score apart, and under numbers given twice.
    let hands = acting("villager", &branch.village);
    let honest = facts.clone();
    for (place, mut other) in honest.iter().cloned().enumerate() {
        other.author = Author { device: hands.device, holder: Some(hands.holder.clone()) };
        other.id.counter += if place % 3 == 0 { 0 } else { 1000 };
        facts.push(other);
    }
    for mut apart in honest {
        let PostFact::Scored(score) = &mut apart.value else { continue };
        (score.points, apart.id.counter) = ("60".parse().unwrap(), apart.id.counter + 2000);
        facts.push(apart);
    }
    facts
}

static TROUBLED: LazyLock<Vec<Recorded<PostFact>>> = LazyLock::new(troubled);

proptest! {
    #[test]
    fn equal_facts_equal_posts(keys in proptest::collection::vec(any::<u32>(), 200), missing in any::<u64>()) {
        let village = UnitCode::new(VILLAGE).unwrap();
        let mut facts = TROUBLED.clone();
        prop_assert!(facts.len() <= keys.len());
        let mut place = 0;
        facts.retain(|_| {
            place += 1;
            missing >> (place % 64) & 7 != 0
        });
        let fold = |facts| QuarterPosts::fold(&village, "2026-Q4".parse().unwrap(), facts, &powers(&village));
        let expected = fold(facts.clone());
        let mut shuffled: Vec<_> = keys.iter().zip(facts.iter().cloned()).collect();
        shuffled.sort_by_key(|(key, _)| **key);
        let mut again: Vec<_> = shuffled.into_iter().map(|(_, fact)| fact).collect();
        again.extend(facts.into_iter().step_by(3));
        prop_assert_eq!(fold(again), expected);
    }
}

#[test]
fn the_troubled_quarter_has_something_of_everything() {
    let village = UnitCode::new(VILLAGE).unwrap();
    let posts = QuarterPosts::fold(&village, "2026-Q4".parse().unwrap(), TROUBLED.clone(), &powers(&village));
    let flaws: BTreeSet<PostFlaw> = posts.notes.iter().map(|note| note.flaw).collect();
    assert!(flaws.contains(&PostFlaw::NumberTwice) && flaws.contains(&PostFlaw::Role), "{flaws:?}");
    assert!(posts.notes.len() > 10 && !posts.months.is_empty());
}
