//! Renewed certificates at the real relay: each batch is judged by what its device is when it comes, and the log keeps
//! both certificates, each before what was written under it.

use server::headless::{Headless, Http};
use shared::identity::{Entry, Role};
use shared::replica::boundary::Renewal;
use shared::replica::{Input, Outcome};
use shared::wire::{Refusal, SessionResponse};

use super::phone::{LATER, Phone, Township, VILLAGE};

const SCOPE: &str = "village.420529202209";
const ROSTER: &str = "village.420529202209/roster";

/// Takes another certificate up and asks for a session with it.
async fn renewed(phone: &mut Phone, township: &Township, renewal: u32, role: Role) -> SessionResponse {
    let invitation = township.renew(phone.holder.device.0, renewal, &[role], &[VILLAGE]);
    phone.certificate = invitation.accept(&phone.key.public());
    phone.try_session(township.running.address).await
}

/// Draws a village's log: certificates by their renewal, batches by their number.
async fn drawn(township: &Township) -> String {
    let scope = SCOPE.parse().unwrap();
    let entries = township.running.relay.log.entries(&scope, 0, 100).await.unwrap();
    let draw = |bytes: &[u8]| match Entry::decode(&scope, bytes).unwrap() {
        Entry::Certificate(certificate) => format!("certificate {}", certificate.claimed().unwrap().renewal),
        Entry::Batch(batch) => format!("batch {}", batch.number),
        Entry::Snapshot(_) | Entry::Act(_) | Entry::Later(_) => "other".to_owned(),
    };
    entries.iter().map(|kept| draw(&kept.bytes)).collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn a_renewed_certificate_counts_from_where_it_stands() {
    let township = Township::found().await;
    let mut phone = township.scribe(1).await;
    let (first, second) = (phone.record(ROSTER, b"1"), phone.record(ROSTER, b"2"));
    assert!(phone.sync(&[SCOPE], &[first]).await.refusals.is_empty());

    let before = phone.certificate.clone();
    assert!(matches!(renewed(&mut phone, &township, 1, Role::PartyMember).await, SessionResponse::Open { .. }));
    phone.open_session(township.running.address).await;
    let refused = phone.sync(&[SCOPE], std::slice::from_ref(&second)).await.refusals;
    assert_eq!(refused.first().map(|refusal| refusal.reason), Some(Refusal::MayNotWrite));

    let refusal = |answer| if let SessionResponse::Refused { reason, .. } = answer { Some(reason) } else { None };
    phone.certificate = before;
    let answer = phone.try_session(township.running.address).await;
    assert_eq!(refusal(answer), Some(Refusal::Certificate), "nobody goes back");
    let other = renewed(&mut phone, &township, 1, Role::Scribe).await;
    assert_eq!(refusal(other), Some(Refusal::Certificate), "of two that count the same the first one stands");
    let skipped = renewed(&mut phone, &township, 3, Role::Scribe).await;
    assert_eq!(refusal(skipped), Some(Refusal::Certificate), "each counts on from the one before");

    assert!(matches!(renewed(&mut phone, &township, 2, Role::Scribe).await, SessionResponse::Open { .. }));
    phone.open_session(township.running.address).await;
    assert!(phone.sync(&[SCOPE], &[second]).await.refusals.is_empty());
    assert_eq!(drawn(&township).await, "certificate 0, batch 1, certificate 2, batch 2");
}

#[tokio::test]
async fn an_office_renews_a_phone_and_everybody_learns_of_it() {
    let township = Township::found().await;
    let relay = format!("http://{}", township.running.address);
    let enrols = async |invitation: shared::identity::Invitation| {
        let mut device = Headless::in_memory(Http::new(&relay)).await.unwrap();
        device.enrol(&invitation.to_link()).await.unwrap();
        device.sync().await.unwrap();
        device
    };
    let mut office = enrols(township.invite_who_enrols(1, &[Role::TownshipOffice], &[VILLAGE])).await;
    let mut scribe = enrols(township.invite(2, &[Role::Scribe], &[VILLAGE])).await;
    office.sync().await.unwrap();
    let known = |phone: &Headless<Http>| {
        let devices = phone.status().devices.clone();
        devices.iter().find(|known| known.code.as_str() == "T2").expect("it is known").clone()
    };
    let wish = Renewal {
        device: known(&office).device,
        roles: Role::VillageSecretary.into(),
        villages: known(&office).villages,
        may_enrol: false,
        take_by: LATER,
        expires: LATER,
    };
    let Ok(Outcome::Invited(link)) = office.ask(|ticket| Input::Renew { ticket, wish }).await else {
        panic!("not renewed")
    };
    scribe.ask(|ticket| Input::Enrol { ticket, link }).await.unwrap();
    scribe.sync().await.unwrap();
    office.sync().await.unwrap();
    assert_eq!(known(&office).roles, Role::VillageSecretary.into());
    let log = &township.running.relay.log;
    let head = log.head(&shared::id::ScopeId::Township, 0).await.unwrap();
    assert_eq!(head.position, 3, "two devices and one renewal");
}
