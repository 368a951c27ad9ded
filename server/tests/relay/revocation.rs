//! Revoked devices and second uses against the real relay: what they push waits, the office decides, everybody follows.

use server::headless::{Headless, Http};
use server::quarantine::HELD_BATCHES;
use shared::document::Change;
use shared::domain::command::Command;
use shared::domain::rulebook::Rulebook;
use shared::id::{DeviceCode, DeviceNumber, PersonId, ScopeId, UnitCode};
use shared::identity::{
    Act, Batch, Certificate, DeviceKey, Digest, Entry, Held, HeldFor, Known, Payload, Reason, Revocation, Role,
    Signature, Snapshot, Verdict, Vouch,
};
use shared::replica::{Founding, HeldBatch, Input, InvitationWish, Outcome, Standing};
use shared::time::Instant;
use shared::wire::{Refusal, SyncResponse};

use super::phone::{ELSEWHERE, LATER, Phone, Township, VILLAGE, post, pushes};

type Device = Headless<Http>;

/// An office that has founded its township at a relay in this process.
struct Office {
    device: Device,
    relay: String,
    running: server::Running,
    _data: tempfile::TempDir,
}

impl Office {
    async fn found() -> Self {
        let data = tempfile::tempdir().unwrap();
        let running = server::start(&server::Config::local(data.path())).await.unwrap();
        let relay = format!("http://{}", running.address);
        let mut device = Device::in_memory(Http::new(&relay)).await.unwrap();
        let founding = Founding {
            token: running.relay.founding_token().await.unwrap().to_text(),
            township: UnitCode::new("420529202").unwrap(),
            name: "牛庄乡".to_owned(),
            holder: PersonId::new("office-0").unwrap(),
            holder_name: "王主任".to_owned(),
            code: DeviceCode::new("OF0").unwrap(),
        };
        device.ask(|ticket| Input::Found { ticket, founding }).await.unwrap();
        device.sync().await.unwrap();
        Self { device, relay, running, _data: data }
    }

    /// Invites a second device of the office and returns its link.
    async fn invite(&mut self, code: &str) -> String {
        invites(&mut self.device, wish(code)).await
    }

    async fn enrols(&self, link: &str) -> Device {
        let mut device = Device::in_memory(Http::new(&self.relay)).await.unwrap();
        device.enrol(link).await.unwrap();
        device
    }

    fn device(&self, code: &str) -> DeviceNumber {
        let known = self.device.status().devices.iter().find(|known| known.code.as_str() == code);
        known.expect("the office knows it").device
    }

    /// Decides about the only batch that waits.
    async fn judge(&mut self, accepts: bool) {
        self.device.sync().await.unwrap();
        let batch = self.waiting().expect("something waits").batch;
        assert!(matches!(self.device.ask(|ticket| Input::Judge { ticket, batch, accepts }).await, Ok(Outcome::Judged)));
        self.device.sync().await.unwrap();
        assert!(self.waiting().is_none());
    }

    fn waiting(&self) -> Option<HeldBatch> {
        self.device.status().held.iter().find(|held| held.verdict.is_none()).cloned()
    }
}

/// A wish for a second device of the office.
fn wish(code: &str) -> InvitationWish {
    InvitationWish {
        code: DeviceCode::new(code).unwrap(),
        holder: PersonId::new("li").unwrap(),
        holder_name: "李娜".to_owned(),
        roles: Role::TownshipOffice.into(),
        villages: [].into(),
        may_enrol: false,
        take_by: LATER,
        expires: LATER,
    }
}

/// Invites a device and returns its link.
async fn invites(device: &mut Device, wish: InvitationWish) -> String {
    match device.ask(|ticket| Input::Invite { ticket, wish }).await {
        Ok(Outcome::Invited(link)) => link,
        other => panic!("{other:?}"),
    }
}

async fn adopts(device: &mut Device, version: u32) {
    let rulebook = Box::new(Rulebook { version, ..Rulebook::standard_review() });
    device.command(Command::AdoptRulebook { rulebook, adopted_at: "党员大会".to_owned() }).await.unwrap();
}

fn versions(device: &Device) -> usize {
    device.workspace().rulebooks.len()
}

#[tokio::test]
async fn what_a_lost_phone_pushes_waits_for_the_office() {
    let mut office = Office::found().await;
    let link = office.invite("OF1").await;
    let mut lost = office.enrols(&link).await;
    adopts(&mut lost, 1).await;
    lost.sync().await.unwrap();
    office.device.sync().await.unwrap();

    let (device, reason, code) = (office.device("OF1"), Reason::Lost, DeviceCode::new("OF2").unwrap());
    let replaced = office
        .device
        .ask(|ticket| Input::Replace { ticket, device, reason, code, take_by: LATER, expires: LATER })
        .await;
    let Ok(Outcome::Invited(link)) = replaced else { panic!("{replaced:?}") };
    office.device.sync().await.unwrap();
    adopts(&mut lost, 2).await;
    assert!(lost.sync().await.is_err());
    let status = lost.status();
    assert_eq!((status.standing, status.awaiting, status.unsent), (Standing::Revoked, 1, 1));

    let mut found = office.enrols(&link).await;
    found.sync().await.unwrap();
    assert_eq!(versions(&found), 1, "what stood before the revocation stands, and no more");
    adopts(&mut found, 3).await;
    found.sync().await.unwrap();
    office.device.sync().await.unwrap();
    let people: Vec<String> = office.device.status().devices.iter().map(|known| known.person.to_string()).collect();
    assert_eq!(people, ["office-0", "li", "li"], "the new phone is the same person's");
    let held = office.waiting().unwrap();
    assert_eq!((held.code.as_str(), held.number, held.changes, held.reason), ("OF1", 2, 1, HeldFor::Revoked));
    assert_eq!((versions(&office.device), held.address.to_string().as_str()), (2, "township/rulebooks"));

    office.judge(true).await;
    found.sync().await.unwrap();
    assert_eq!((versions(&office.device), versions(&found)), (3, 3), "accepted, it counts on every phone");
    assert!(lost.sync().await.is_err());
    assert_eq!((lost.status().awaiting, versions(&lost)), (0, 2), "and the lost phone is still given nothing");
}

/// A secretary's invitation was taken up, and on the next day the phone was gone: it had recorded nothing anywhere, and
/// the office, which had never heard of it, could not revoke it.
#[tokio::test]
async fn a_phone_that_never_recorded_is_known_to_the_office_and_revoked() {
    let mut office = Office::found().await;
    let of_village = |role: Role, may_enrol| InvitationWish {
        roles: role.into(),
        villages: [UnitCode::new(VILLAGE).unwrap()].into(),
        may_enrol,
        ..wish("SE1")
    };
    let link = invites(&mut office.device, of_village(Role::VillageSecretary, true)).await;
    let mut secretary = office.enrols(&link).await;
    let scribe = InvitationWish { code: DeviceCode::new("SC1").unwrap(), ..of_village(Role::Scribe, false) };
    let link = invites(&mut secretary, scribe).await;
    let mut lost = office.enrols(&link).await;
    for _ in 0..2 {
        lost.sync().await.unwrap();
    }

    office.device.sync().await.unwrap();
    let devices = office.device.status().devices.clone();
    let known = devices.iter().find(|known| known.code.as_str() == "SC1").expect("the office knows it");
    assert!(known.may_revoke && !known.is_silent && known.revoked.is_none());
    let head = office.running.relay.log.head(&ScopeId::Township, 0).await.unwrap();
    assert_eq!(head.position, 3, "one entry for each device that came, however often");
    let (device, reason) = (known.device, Reason::Lost);
    office.device.ask(|ticket| Input::Revoke { ticket, device, reason }).await.unwrap();
    office.device.sync().await.unwrap();
    assert!(lost.sync().await.is_err());
    assert_eq!(lost.status().standing, Standing::Revoked, "before it has written anything");
}

#[tokio::test]
async fn a_second_use_waits_for_the_office() {
    let mut office = Office::found().await;
    let link = office.invite("OF1").await;
    let (mut first, mut second) = (office.enrols(&link).await, office.enrols(&link).await);
    first.sync().await.unwrap();
    for version in [7, 8] {
        adopts(&mut second, version).await;
        assert!(second.sync().await.is_err());
        let status = second.status();
        assert_eq!((status.standing, status.awaiting), (Standing::SecondUse, 1), "version {version}");
        office.judge(version == 7).await;
    }
    assert!(second.sync().await.is_err());
    assert_eq!((second.status().awaiting, second.status().rejected), (0, 1));
    first.sync().await.unwrap();
    assert_eq!((versions(&office.device), versions(&first)), (1, 1), "one was accepted, the other is evidence");
    assert_eq!(office.device.status().held.len(), 2);
    adopts(&mut first, 9).await;
    first.sync().await.unwrap();
    assert_eq!(first.status().standing, Standing::Enrolled, "the rightful device goes on");
}

fn revocation(key: &DeviceKey, by: &Certificate, of: &Certificate, device: DeviceNumber) -> Vec<u8> {
    let act = Revocation::sign(key, (by.clone(), of.clone()), device, Instant(1), Reason::Lost, Known::default());
    Entry::Act(Act::Revocation(Box::new(act))).encode()
}

#[tokio::test]
async fn only_who_may_revokes() {
    let township = Township::found().await;
    let (mut scribe, other, office) = (
        township.scribe(1).await,
        township.scribe(2).await,
        township.phone(3, &[Role::TownshipOffice], &[ELSEWHERE]).await,
    );
    let (village, none) = (format!("village.{VILLAGE}"), Certificate::default());
    let (key, device) = (&township.authority, scribe.holder.device);
    let by = |phone: &Phone| revocation(&phone.key, &phone.certificate, &scribe.certificate, device);
    assert_eq!(pushes(&other, &village, by(&other)).await, Some(Refusal::MayNotWrite), "a scribe");
    assert_eq!(
        pushes(&office, &village, by(&office)).await,
        Some(Refusal::MayNotWrite),
        "an office that enrols nobody"
    );
    let forged = revocation(&other.key, &none, &none, device);
    assert_eq!(pushes(&other, &village, forged).await, Some(Refusal::Certificate), "not the authority");
    let elsewhere = revocation(key, &none, &none, device);
    assert_eq!(pushes(&office, "township.office", elsewhere).await, Some(Refusal::MayNotWrite), "a log of no device's");
    let batch = scribe.record(&format!("{village}/roster"), b"x");
    let held = Held {
        scope: village.parse().unwrap(),
        reason: HeldFor::Revoked,
        arrived: Instant(1),
        certificate: scribe.certificate.clone(),
        entry: Entry::Batch(batch.clone()).encode(),
    };
    let held = Entry::Act(Act::Held(Box::new(held))).encode();
    assert_eq!(pushes(&office, "township.office", held).await, Some(Refusal::Envelope), "only the relay holds");
    let verdict = Verdict {
        by: none.clone(),
        of: scribe.certificate.clone(),
        scope: village.parse().unwrap(),
        device,
        key: scribe.key.public(),
        batch: Digest([1; 32]),
        accepts: true,
        at: Instant(1),
        signature: Signature([0; 64]),
    };
    let of_village = Verdict { by: other.certificate.clone(), ..verdict.clone() }.sign(&other.key);
    let said = |verdict| Entry::Act(Act::Verdict(Box::new(verdict))).encode();
    assert_eq!(
        pushes(&other, &village, said(of_village)).await,
        Some(Refusal::MayNotWrite),
        "a village decides nothing"
    );
    assert_eq!(pushes(&office, &village, said(verdict.sign(key))).await, Some(Refusal::NotHeld));
    assert!(scribe.sync(&[&village], &[batch]).await.refusals.is_empty(), "after all of this the scribe writes on");
}

/// A revoked device has a friend who brings its changes in an attested snapshot, as phones do after a loss.
#[tokio::test]
async fn what_a_friend_brings_of_a_revoked_device_is_looked_at_change_by_change() {
    let township = Township::found().await;
    let (mut lost, friend) = (township.scribe(1).await, township.scribe(2).await);
    let village = format!("village.{VILLAGE}");
    let (first, second) =
        (lost.record(&format!("{village}/roster"), b"1"), lost.record(&format!("{village}/roster"), b"2"));
    let hashes = |batch: &Batch| Change::open(&batch.payload).unwrap().iter().map(Change::hash).collect::<Vec<_>>();
    let none = || (Certificate::default(), Certificate::default());
    let known = Known { seen: 1, heads: hashes(&first) };
    let act = Revocation::sign(&township.authority, none(), lost.holder.device, Instant(1), Reason::Lost, known);
    assert_eq!(pushes(&friend, &village, Entry::Act(Act::Revocation(Box::new(act))).encode()).await, None);
    let brings = |batches: &[&Batch]| {
        let last = batches.last().unwrap();
        let Batch { device, number, signature, address, .. } = (*last).clone();
        let vouch = Vouch { device, number, hashes: hashes(last), signature };
        let changes = batches.iter().flat_map(|batch| Change::open(&batch.payload).unwrap());
        let payload = Payload::pack(changes.map(|change| change.bytes().to_vec()).collect());
        let certificates = vec![lost.certificate.clone()];
        Entry::Snapshot(Snapshot { address, certificates, vouches: vec![vouch], payload }).encode()
    };
    let both = brings(&[&first, &second]);
    assert_eq!(pushes(&friend, &village, both.clone()).await, Some(Refusal::Revoked));
    assert_eq!(pushes(&friend, &village, brings(&[&first])).await, None, "what was known stands");
    assert_eq!(pushes(&friend, &village, both).await, Some(Refusal::Revoked));
    let renumbered =
        Batch::sign(&lost.key, second.address.clone(), second.device, 1, &hashes(&second), second.payload.clone());
    assert_eq!(pushes(&friend, &village, brings(&[&renumbered])).await, Some(Refusal::Revoked), "whatever its number");
    let head = township.running.relay.log.head(&village.parse().unwrap(), 0).await.unwrap();
    assert_eq!(head.position, 3, "revocation, certificate, what was known");
}

#[tokio::test]
async fn a_revoked_device_is_given_nothing_after_a_restart_either() {
    let township = Township::found().await;
    let mut scribe = township.scribe(1).await;
    let (village, none) = (format!("village.{VILLAGE}"), Certificate::default());
    let first = scribe.record(&format!("{village}/roster"), b"before");
    scribe.sync(&[&village], std::slice::from_ref(&first)).await;
    let revoked = revocation(&township.authority, &none, &none, scribe.holder.device);
    let office = township.phone(3, &[Role::TownshipOffice], &[]).await;
    assert_eq!(pushes(&office, &village, revoked.clone()).await, None);
    assert_eq!(pushes(&office, &village, revoked).await, None, "saying it twice is saying it once");
    let head = township.running.relay.log.head(&village.parse().unwrap(), 0).await.unwrap();
    assert_eq!(head.position, 3, "certificate, batch, revocation");
    let (status, _) = post(scribe.relay, "/sync", Some(scribe.token), scribe.request(&[&village], &[]).encode()).await;
    assert_eq!(status, 401, "its session is over");

    let township = township.restart().await;
    scribe.open_session(township.running.address).await;
    let second = scribe.record(&format!("{village}/roster"), b"after");
    let answer = post(scribe.relay, "/sync", Some(scribe.token), scribe.request(&[&village], &[second]).encode()).await;
    let answer = SyncResponse::decode(&answer.1).unwrap();
    assert!(answer.scopes.is_empty());
    let reasons: Vec<_> = answer.refusals.iter().map(|refusal| (refusal.entry, refusal.reason)).collect();
    assert_eq!(reasons, [(None, Refusal::Revoked), (Some(0), Refusal::Held)]);
    assert_eq!(
        pushes(&scribe, &village, Entry::Batch(first).encode()).await,
        Some(Refusal::Held),
        "asked again, told again"
    );
}

/// A thief with a stolen phone may push as long as it likes: what is held of one device has an end.
#[tokio::test]
async fn what_is_held_has_an_end() {
    let township = Township::found().await;
    let mut thief = township.scribe(1).await;
    let (village, none) = (format!("village.{VILLAGE}"), Certificate::default());
    let office = township.phone(3, &[Role::TownshipOffice], &[]).await;
    let revoked = revocation(&township.authority, &none, &none, thief.holder.device);
    assert_eq!(pushes(&office, "township", revoked).await, None);
    thief.open_session(township.running.address).await;
    let batches: Vec<Batch> = (0..=HELD_BATCHES).map(|_| thief.record(&format!("{village}/roster"), b"x")).collect();
    for batch in &batches {
        let expected = if u64::from(batch.number) <= HELD_BATCHES { Refusal::Held } else { Refusal::QuarantineFull };
        let refused = pushes(&thief, &village, Entry::Batch(batch.clone()).encode()).await;
        assert_eq!(refused, Some(expected), "batch {}", batch.number);
    }
    let repeated = pushes(&thief, &village, Entry::Batch(batches[0].clone()).encode()).await;
    assert_eq!(repeated, Some(Refusal::Held), "what is held takes no room twice");
    let log = &township.running.relay.log;
    assert_eq!(log.head(&village.parse().unwrap(), 0).await.unwrap().position, 0);
    assert_eq!(log.head(&ScopeId::Office, 0).await.unwrap().position, HELD_BATCHES);
    let mut honest = township.scribe(2).await;
    let batch = honest.record(&format!("{village}/roster"), b"y");
    assert!(honest.sync(&[&village], &[batch]).await.refusals.is_empty(), "and nobody else waits for it");
}
