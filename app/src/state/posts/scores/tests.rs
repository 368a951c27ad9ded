//! Figures under the thumb and whose turn it is: what they make, and that none leaves the scale.

use shared::domain::command::PostCommand;
use shared::domain::post::{PostFact, PostScore};

use super::*;
use crate::state::posts::Word;
use crate::state::posts::tests::{Branch, holder, october, person, post, shawan};

#[track_caller]
fn check(keys: &str, text: &str, refused: Option<Untaken>) -> Typed {
    let (mut typed, mut last) = (Typed::default(), Ok(()));
    for key in keys.chars() {
        last = match key {
            '.' => typed.point(),
            '<' => {
                typed.erase();
                Ok(())
            }
            figure => typed.digit(figure as u8 - b'0', &PostRule::standard()),
        };
    }
    assert_eq!((typed.text(), last.err()), (text, refused), "{keys}");
    typed
}

#[test]
fn figures_make_an_exact_score_and_none_leaves_the_scale_e15() {
    assert_eq!(check("92.5", "92.5", None).points(), "92.5".parse().ok());
    assert_eq!(check("100", "100", None).points(), "100".parse().ok());
    assert_eq!(check("", "", None).points(), None, "nothing typed is no nought");
    assert_eq!(check("84.", "84.", None).points(), "84".parse().ok());
    check("007", "7", None);
    check(".5", "0.5", None);
    check("92<1", "91", None);
    check("101", "10", Some(Untaken::AboveMax(100)));
    check("100.1", "100.", Some(Untaken::AboveMax(100)));
    check("8.255", "8.25", Some(Untaken::TooFine));
    check("8.2.", "8.2", Some(Untaken::TooFine));
}

#[test]
fn the_queue_of_scores_goes_to_what_is_open_and_comes_back_for_what_was_given_apart() {
    let mut branch = Branch::new();
    branch.reviewed();
    let queue = |branch: &Branch, who: &str| lines(&branch.workspace, &holder(who), &shawan(), october());
    let at = |branch: &Branch| first_open(&queue(branch, "secretary"));
    assert_eq!((queue(&branch, "secretary").len(), at(&branch)), (2, Some(0)), "the secretary's own is not reviewed");
    assert_eq!(first_open(&queue(&branch, "li")), None);
    branch.scores("li", "cleaning", "90");
    assert_eq!(at(&branch), Some(1));
    branch.scores("li", "mediation", "80");
    assert_eq!(at(&branch), None);
    let follows = branch.workspace.villages[&shawan()].posts.month(&person("li"), october()).unwrap().review.facts();
    let (li, cleaning, points) = (person("li"), post("cleaning"), "60".parse().unwrap());
    let score = PostScore { person: li, month: october(), post: cleaning, points, follows, replaces: Vec::new() };
    branch.hear("watcher", "2026-Q4".parse().unwrap(), PostFact::Scored(score));
    assert_eq!((at(&branch), queue(&branch, "secretary")[0].given.join(" ").as_str()), (Some(0), "90 60"));
    assert_eq!(branch.page("scribe").rows[0].word, Word::Divided);
    branch.scores("li", "cleaning", "75");
    branch.does("watcher", PostCommand::Review { person: person("li"), month: october(), words: "复核".into() });
    assert_eq!(at(&branch), Some(0), "what followed the earlier review is scored once more");
}
