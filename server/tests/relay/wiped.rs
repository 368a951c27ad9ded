//! A relay that was wiped together with what it knew of devices: the phones tell it again who is enrolled, who was
//! revoked and what was decided, and until then none of them counts what a revoked device says.

use server::headless::Headless;
use shared::id::{DeviceCode, DeviceNumber, PersonId, ScopeId, UnitCode};
use shared::identity::{Invitation, Reason, Revocation, Role};
use shared::replica::{Input, InvitationWish, Outcome, Standing};

use super::phone::{LATER, Township, VILLAGE};
use super::records::Records;
use super::recovery::{AUTHORS_HAD_TIME_MILLIS, Way, households, pingyi, record, serve};

type Phone = Headless<Way>;

const OFFICE: [Role; 1] = [Role::TownshipOffice];
const SECRETARY: [Role; 1] = [Role::VillageSecretary];

async fn enrol(way: &Way, link: &str) -> Phone {
    let mut phone = Headless::in_memory(way.clone()).await.unwrap();
    phone.enrol(link).await.unwrap();
    phone.sync().await.unwrap();
    phone
}

async fn come(way: &Way, invitation: &Invitation) -> Phone {
    enrol(way, &invitation.to_link()).await
}

fn device(phone: &Phone, code: &str) -> DeviceNumber {
    let devices = phone.status().devices.clone();
    devices.iter().find(|known| known.code.as_str() == code).expect("it is known").device
}

async fn revoke(office: &mut Phone, code: &str) {
    let (device, reason) = (device(office, code), Reason::Lost);
    office.ask(|ticket| Input::Revoke { ticket, device, reason }).await.unwrap();
    office.sync().await.unwrap();
}

/// Decides about the held batches of a device in the order of their numbers.
async fn judge(office: &mut Phone, verdicts: &[bool]) {
    let mut held = office.status().held.to_vec();
    held.sort_by_key(|held| held.number);
    assert_eq!(held.len(), verdicts.len());
    for (held, accepts) in held.iter().zip(verdicts.iter().copied()) {
        let batch = held.batch;
        let judged = office.ask(|ticket| Input::Judge { ticket, batch, accepts }).await;
        assert!(matches!(judged, Ok(Outcome::Judged)), "{judged:?}");
        office.sync().await.unwrap();
    }
}

/// What the office's list says of held batches: number and verdict.
fn decided(office: &Phone) -> Vec<(u32, Option<bool>)> {
    let mut decided: Vec<_> = office.status().held.iter().map(|held| (held.number, held.verdict)).collect();
    decided.sort_unstable();
    decided
}

async fn is_revoked(township: &Township, scope: &str, device: DeviceNumber) -> bool {
    let scope: ScopeId = scope.parse().unwrap();
    township.running.relay.log.named(&scope, &Revocation::name(device)).await.unwrap().is_some()
}

/// An office, a witness of the village, and a secretary's phone that recorded one household in time, was lost and
/// revoked, and then pushed two more, of which the office accepted the first.
struct Story {
    way: Way,
    office: Phone,
    witness: Phone,
    lost: Phone,
    township: Township,
}

impl Story {
    async fn tell() -> Self {
        let township = Township::found().await;
        let way = Way::to(&township);
        let mut office = come(&way, &township.invite_who_enrols(1, &OFFICE, &[VILLAGE])).await;
        let mut witness = come(&way, &township.invite(3, &SECRETARY, &[VILLAGE])).await;
        let mut lost = come(&way, &township.invite_who_enrols(2, &SECRETARY, &[VILLAGE])).await;
        record(&mut lost, 1).await;
        lost.sync().await.unwrap();
        office.sync().await.unwrap();
        revoke(&mut office, "T2").await;
        for household in [2, 3] {
            record(&mut lost, household).await;
            assert!(lost.sync().await.is_err());
        }
        office.sync().await.unwrap();
        judge(&mut office, &[true, false]).await;
        witness.sync().await.unwrap();
        assert_eq!(households(&witness), ["1", "2"]);
        Self { way, office, witness, lost, township }
    }
}

#[tokio::test]
async fn the_lost_phone_comes_first_and_is_revoked_once_any_phone_has_come_back() {
    let Story { way, mut office, mut witness, mut lost, township } = Story::tell().await;
    let wiped = Township::found().await;
    way.turn(&wiped);
    record(&mut lost, 4).await;
    for _ in 0..3 {
        let _ = lost.sync().await;
    }
    assert_eq!((lost.status().standing, lost.status().unsent), (Standing::Enrolled, 0), "{:?}", lost.status());
    let at = DeviceNumber(2);
    assert!(!is_revoked(&wiped, "township", at).await, "nobody has told it yet");

    let _ = witness.sync().await;
    witness.sync().await.unwrap();
    assert_eq!(households(&witness), ["1", "2"], "the phones have not forgotten it");
    for scope in ["township", "village.420529202209"] {
        assert!(is_revoked(&wiped, scope, at).await, "{scope}");
    }
    assert!(lost.sync().await.is_err());
    assert_eq!(lost.status().standing, Standing::Revoked);

    let _ = office.sync().await;
    office.sync().await.unwrap();
    assert_eq!(households(&office), ["1", "2"]);
    let mut other = come(&way, &wiped.invite(4, &OFFICE, &[VILLAGE])).await;
    other.sync().await.unwrap();
    assert_eq!(
        decided(&other),
        [(2, Some(true)), (3, Some(false))],
        "what was decided is known to the next of the office"
    );
    drop(township);
}

#[tokio::test]
async fn what_was_accepted_and_rejected_comes_back_with_the_office() {
    let Story { way, mut office, mut lost, township, .. } = Story::tell().await;
    let wiped = Township::found().await;
    way.turn(&wiped);
    let _ = office.sync().await;
    office.sync().await.unwrap();
    assert!(lost.sync().await.is_err());
    assert_eq!(lost.status().standing, Standing::Revoked, "the relay knows it before it comes");
    office.pass(AUTHORS_HAD_TIME_MILLIS).await;
    office.sync().await.unwrap();
    office.sync().await.unwrap();
    let mut new = come(&way, &wiped.invite(5, &SECRETARY, &[VILLAGE])).await;
    new.sync().await.unwrap();
    assert_eq!(households(&new), ["1", "2"], "what stood in time and what was accepted, and no more");
    assert_eq!(decided(&office), [(2, Some(true)), (3, Some(false))]);
    drop(township);
}

/// A backup holds what was decided, and a relay restored from it needs nobody to tell it again.
#[tokio::test]
async fn a_backup_brings_back_what_was_decided() {
    let Story { mut office, mut lost, township, way, .. } = Story::tell().await;
    let ends = township.running.relay.log.ends().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("relay.backup");
    let made = pingyi(&["backup", "--to", file.to_str().unwrap()], &township.records);
    assert!(made.status.success(), "{made:?}");
    let records = Records::fresh().await;
    let restored = pingyi(&["restore", "--from", file.to_str().unwrap()], &records);
    assert!(restored.status.success(), "{restored:?}");
    let anew = serve(&township, records).await;
    assert_eq!(anew.running.relay.log.ends().await.unwrap(), ends, "every position and digest is what it was");
    way.turn(&anew);
    assert!(lost.sync().await.is_err());
    assert_eq!(lost.status().standing, Standing::Revoked);
    let mut new = come(&way, &anew.invite(5, &SECRETARY, &[VILLAGE])).await;
    new.sync().await.unwrap();
    assert_eq!(households(&new), ["1", "2"]);
    let _ = office.sync().await;
    office.sync().await.unwrap();
    assert_eq!(decided(&office), [(2, Some(true)), (3, Some(false))]);
    assert_eq!(
        anew.running.relay.log.head(&ScopeId::Office, 0).await.unwrap(),
        ends[&ScopeId::Office],
        "nothing twice"
    );
}

/// A batch was placed just before the revocation, and whoever revoked had not read it: it stands, and has to stand in the
/// next log too, where nobody can see any more what came first.
#[tokio::test]
async fn what_came_just_before_a_revocation_stands_in_the_next_log_too() {
    let township = Township::found().await;
    let way = Way::to(&township);
    let mut office = come(&way, &township.invite_who_enrols(1, &OFFICE, &[VILLAGE])).await;
    let mut lost = come(&way, &township.invite(2, &SECRETARY, &[VILLAGE])).await;
    record(&mut lost, 1).await;
    lost.sync().await.unwrap();
    office.sync().await.unwrap();
    record(&mut lost, 2).await;
    lost.sync().await.unwrap();
    revoke(&mut office, "T2").await;
    office.sync().await.unwrap();
    assert_eq!(households(&office), ["1", "2"]);

    let wiped = Township::found().await;
    way.turn(&wiped);
    for _ in 0..2 {
        let _ = office.sync().await;
        office.pass(AUTHORS_HAD_TIME_MILLIS).await;
    }
    office.sync().await.unwrap();
    let mut new = come(&way, &wiped.invite(5, &SECRETARY, &[VILLAGE])).await;
    new.sync().await.unwrap();
    assert_eq!(households(&new), ["1", "2"]);
    drop(township);
}

/// A secretary enrols a scribe and loses the phone. The scribe's own phone is nobody's fault, and must not be shut out
/// by a relay that hears of the revocation before it hears of the scribe.
#[tokio::test]
async fn whom_a_lost_phone_had_enrolled_in_time_stays_enrolled() {
    let township = Township::found().await;
    let way = Way::to(&township);
    let mut office = come(&way, &township.invite_who_enrols(1, &OFFICE, &[VILLAGE])).await;
    let mut lost = come(&way, &township.invite_who_enrols(2, &SECRETARY, &[VILLAGE])).await;
    let wish = |code: &str| InvitationWish {
        code: DeviceCode::new(code).unwrap(),
        holder: PersonId::new("li").unwrap(),
        holder_name: "李娜".to_owned(),
        roles: Role::Scribe.into(),
        villages: [UnitCode::new(VILLAGE).unwrap()].into(),
        may_enrol: false,
        take_by: LATER,
        expires: LATER,
    };
    let mut links = Vec::new();
    for code in ["SC1", "SC2"] {
        let wish = wish(code);
        match lost.ask(|ticket| Input::Invite { ticket, wish }).await {
            Ok(Outcome::Invited(link)) => links.push(link),
            other => panic!("{other:?}"),
        }
    }
    let mut scribe = enrol(&way, &links[0]).await;
    record(&mut scribe, 1).await;
    scribe.sync().await.unwrap();
    office.sync().await.unwrap();
    revoke(&mut office, "T2").await;

    let wiped = Township::found().await;
    way.turn(&wiped);
    let _ = office.sync().await;
    office.sync().await.unwrap();
    let _ = scribe.sync().await;
    record(&mut scribe, 2).await;
    scribe.sync().await.unwrap();
    office.sync().await.unwrap();
    assert_eq!((households(&office), scribe.status().unsent), (vec!["1".to_owned(), "2".to_owned()], 0));
    let mut late = Headless::in_memory(way.clone()).await.unwrap();
    late.enrol(&links[1]).await.unwrap();
    assert!(late.sync().await.is_err() && late.status().standing == Standing::Revoked, "whom it enrols since does not");
    drop(township);
}
