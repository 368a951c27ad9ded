//! An own batch that the relay refuses for what it is: it rests, and nothing else waits for it.

use shared::domain::command::Command;
use shared::replica::{Input, Outcome, RelayStatus, RelayTrouble};
use shared::role::Role;
use shared::wire::Refusal;

use super::phone::Phone;

const RULEBOOKS: &str = "township/rulebooks";
const REGISTRY: &str = "township/registry";
/// Longer than a batch rests.
const A_WHILE: u64 = 3_600_000;

/// Records something in the township's registry.
fn names_the_township(phone: &mut Phone, name: &str) {
    let command = Command::SetTownship { name: name.to_owned(), units: Vec::new() };
    assert!(matches!(phone.wish(|ticket| Input::Command { ticket, command }), Ok(Outcome::Recorded(_))));
}

/// Of two documents of one scope one is refused for itself: the other goes on, and the first is tried again later.
#[track_caller]
fn check(reason: Refusal, trouble: RelayTrouble) {
    let mut phone = Phone::enrolled_as(Role::TownshipOffice);
    phone.adopts(1);
    phone.refuse(&[]);
    assert_eq!(phone.pushed_documents(), [RULEBOOKS]);
    phone.refuse(&[("township", Some(0), reason)]);
    assert!(matches!(phone.status().relay, RelayStatus::Refusing { trouble: told, .. } if told == trouble));
    names_the_township(&mut phone, "牛庄乡");
    assert_eq!(phone.pushed_documents(), [REGISTRY], "another document's batch is signed and sent");
    phone.adopts(2);
    phone.refuse(&[]);
    assert_eq!(phone.pushed_documents(), [REGISTRY], "what comes after it in its document waits with it");
    assert_eq!(phone.status().unsent, 3, "and nothing is said to be there");
    phone.refuse(&[]);
    phone.wait(A_WHILE);
    assert_eq!(phone.pushed_documents(), [RULEBOOKS, REGISTRY, RULEBOOKS], "all of it is tried again");
}

#[test]
fn a_full_document_holds_up_no_other() {
    check(Refusal::TooLarge, RelayTrouble::Batch);
}

#[test]
fn a_batch_that_is_refused_rests_alone() {
    check(Refusal::Version, RelayTrouble::Version);
    check(Refusal::MayNotWrite, RelayTrouble::Batch);
}
