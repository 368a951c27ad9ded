//! For whom an entry is offered, and who hears why there is nobody.

use shared::domain::command::PostRefusal;

use super::*;
use crate::state::posts::tests::{Branch, date, holder, shawan};

#[test]
fn who_may_log_for_whom_is_offered_and_nobody_else() {
    let branch = Branch::new();
    let offered =
        |who: &str, search: &str| offer(&branch.workspace, &holder(who), &shawan(), date("2026-10-08"), search);
    let pairs = |who: &str, search: &str| {
        let of = |pair: &InPost| format!("{} {}", pair.name, pair.post_name);
        offered(who, search).found.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(pairs("scribe", ""), ["li 义务保洁员", "li 义务调解员", "secretary 民意收集员"]);
    assert_eq!(pairs("scribe", "调解"), ["li 义务调解员"]);
    assert_eq!(pairs("li", ""), ["li 义务保洁员", "li 义务调解员"]);
    assert_eq!(offered("watcher", "").why, Some(Refusal::Posts(PostRefusal::ForOthers)));
    assert!(matches!(offered("villager", "").why, Some(Refusal::Role { .. })));
    let before = offer(&branch.workspace, &holder("scribe"), &shawan(), date("2026-09-30"), "");
    assert_eq!((before.all, before.why), (0, Some(Refusal::Posts(PostRefusal::NotOpen("2026-Q3".parse().unwrap())))));
}
