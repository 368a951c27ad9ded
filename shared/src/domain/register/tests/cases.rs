//! Cases (M12, M13) and the letter box, each through every way that its life can take.

use super::life::{Life, text};
use super::{CHINAN, SHAWAN};
use crate::domain::decide::Refusal;

#[test]
fn m12_a_clue_that_a_villager_told_by_mouth_is_handled_in_the_village_first() {
    let mut life = Life::of("clue");
    let told = [("matter", text("水管爆裂")), ("reporter", text("李大爷口述"))];
    assert!(matches!(life.opening("scribe", &[SHAWAN], &told), Err(Refusal::Role { .. })), "handlers alone");
    assert_eq!(life.opening("neighbour", &[SHAWAN], &told), Err(Refusal::OtherVillage));
    life.opens("secretary", &[SHAWAN], &told).lacks("secretary", "escalate-at-once", &["grounds"]);
    life.takes("secretary", "register", "registered").lacks("office", "escalate-at-once", &["grounds"]);
    life.may_not("office", "handle").takes("secretary", "handle", "village");
    life.lacks("secretary", "resolve", &["outcome", "help"]);
    life.writes("secretary", &[("outcome", text("已修复")), ("help", text("cadres"))]);
    life.takes("secretary", "resolve", "resolved").lacks("secretary", "follow-up", &["found"]);
    life.writes("secretary", &[("found", text("又漏水"))]).takes("secretary", "follow-up", "followed-up");
    life.takes_because("secretary", "reopen", "registered").takes("secretary", "handle", "village");
    life.takes("secretary", "resolve", "resolved").writes("office", &[("found", text("已不漏"))]);
    life.takes("office", "follow-up", "followed-up").takes("office", "close", "closed").rests(&[]);
    life.counts(Some(SHAWAN), "clues 1, open 0, resolved 1, referred 0");
}

#[test]
fn m12_a_clue_about_cadres_goes_to_the_township_at_once() {
    for grounds in ["urgent", "safety", "cadres"] {
        let mut life = Life::of("clue");
        life.opens("office", &[SHAWAN], &[("matter", text("反映村干部")), ("grounds", text(grounds))]);
        life.takes("office", "escalate-at-once", "escalated").may_not("secretary", "take-up");
        life.takes("office", "take-up", "township").may_not("secretary", "resolve-above");
        life.lacks("office", "refer", &["channel"]).writes("office", &[("channel", text("petition"))]);
        life.takes_because("office", "refer", "referred").rests(&[]);
        life.counts(None, "clues 1, open 0, resolved 0, referred 1");
    }
}

#[test]
fn m12_a_clue_told_twice_is_linked_and_counted_once() {
    let mut life = Life::of("clue");
    life.opens("secretary", &[SHAWAN], &[("matter", text("路灯不亮"))]);
    let first = life.record().id.to_string();
    life.opens("office", &[SHAWAN], &[("matter", text("村口路灯坏了"))]).lacks("secretary", "link", &["same-as"]);
    life.writes("secretary", &[("same-as", text(&first))]).takes("secretary", "link", "linked").rests(&[]);
    life.counts(Some(SHAWAN), "clues 1, open 1, resolved 0, referred 0");
}

#[test]
fn m13_a_dispute_too_large_for_the_village_is_resolved_in_the_township() {
    let mut life = Life::of("dispute");
    life.opens("secretary", &[SHAWAN], &[("matter", text("两户地界"))]);
    life.takes("secretary", "register", "registered").takes("secretary", "handle", "village");
    life.takes_because("secretary", "escalate", "escalated").takes("office", "take-up", "township");
    life.writes("office", &[("outcome", text("签订协议")), ("help", text("villagers"))]);
    life.takes("office", "resolve-above", "resolved").writes("secretary", &[("found", text("和好"))]);
    life.takes("secretary", "follow-up", "followed-up").takes("secretary", "close", "closed").rests(&[]);
    life.counts(None, "disputes 1, open 0, resolved 1, helped 1, referred 0");
}

#[test]
fn m13_a_dispute_resolved_with_villagers_help_can_be_counted() {
    let mut life = Life::of("dispute");
    for help in ["villagers", "villagers", "cadres", "parties"] {
        life.opens("secretary", &[SHAWAN], &[("matter", text("宅基地")), ("help", text(help))]);
        life.writes("secretary", &[("outcome", text("说和"))]);
        life.takes("secretary", "register", "registered").takes("secretary", "handle", "village");
        life.takes("secretary", "resolve", "resolved");
    }
    life.opens("neighbour", &[CHINAN], &[("matter", text("争水")), ("help", text("villagers"))]);
    life.takes_because("neighbour", "withdraw", "withdrawn").rests(&[]);
    life.counts(None, "disputes 5, open 0, resolved 4, helped 2, referred 0");
    life.counts(Some(CHINAN), "disputes 1, open 0, resolved 0, helped 0, referred 0");
}

#[test]
fn a_letter_of_any_villager_is_read_answered_and_closed_by_its_writer() {
    let mut life = Life::of("letter");
    let values = [("subject", text("文书不受理异议")), ("about", text("complaint")), ("content", text("……"))];
    life.opens("villager", &[], &values).may_not("villager", "read").takes("office", "read", "read");
    life.lacks("office", "answer", &["answer"]).writes("office", &[("answer", text("已转村监委"))]);
    life.may_not("secretary", "answer").takes("office", "answer", "answered");
    life.takes_because("villager", "ask-again", "filed").takes("clerk", "answer", "answered");
    life.takes("villager", "close", "closed").rests(&[]);
    life.counts(None, "letters 1, complaints 1, answered 1, waiting 0");
    life.opens("member", &[], &[("subject", text("多办讲堂")), ("about", text("suggestion")), ("content", text("…"))]);
    life.counts(None, "letters 2, complaints 1, answered 1, waiting 1");
    life.takes_because("member", "withdraw", "withdrawn").rests(&[]);
}
