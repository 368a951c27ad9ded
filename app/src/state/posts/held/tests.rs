//! Holders of posts as their page lists them.

use shared::domain::post::{PostFact, PostHeld};

use super::*;
use crate::state::posts::tests::{Branch, date, hold, holder, person, post, shawan};

#[test]
fn who_holds_what_ends_and_is_taken_back_e19() {
    let mut branch = Branch::new();
    branch.does("scribe", hold("li", "cleaning", Some("2026-10-15")));
    branch.does("scribe", hold("li", "mediation", Some("2026-09-30")));
    branch.does("scribe", hold("villager", "cleaning", None));
    let quarter: Quarter = "2026-Q4".parse().unwrap();
    let drawn = |branch: &Branch| {
        let row = |row: &HolderRow| format!("{} {}", row.name, row.until.map_or("…".into(), |day| day.to_string()));
        let group = |group: &PostGroup| {
            (!group.holders.is_empty())
                .then(|| format!("{}: {}", group.name, group.holders.iter().map(row).collect::<Vec<_>>().join(", ")))
        };
        groups(&branch.workspace, &shawan(), quarter).iter().filter_map(group).collect::<Vec<_>>()
    };
    assert_eq!(groups(&branch.workspace, &shawan(), quarter).len(), 7, "the seven categories, held or not");
    assert_eq!(drawn(&branch), ["义务保洁员: villager …, li 2026-10-15", "民意收集员: secretary …"]);
    let apart = PostHeld {
        person: person("li"),
        post: post("cleaning"),
        from: date("2026-10-01"),
        until: None,
        replaces: Vec::new(),
    };
    branch.hear("scribe", quarter, PostFact::Held(apart));
    let groups = groups(&branch.workspace, &shawan(), quarter);
    assert!(groups[1].holders.iter().any(|row| row.name == "li" && row.until.is_none() && row.is_divided));
    let may = |who: &str| may_hold(&branch.workspace, &holder(who), &shawan(), quarter, date("2026-10-08"));
    assert_eq!(may("scribe"), Ok(()));
    assert!(matches!(may("li"), Err(Refusal::Role { .. })));
}
