//! Revocation at a phone: what stood before it stands, what comes after waits for a person, and nobody else may say so.

use shared::document::Change;
use shared::id::{Actor, DeviceNumber, ScopeId};
use shared::identity::{
    Act, Batch, Certificate, DeviceKey, Entry, HeldFor, Known, Payload, Reason, Snapshot, Verdict, Vouch,
};
use shared::replica::{Input, Note, Outcome, RecordState, Refused, RelayStatus, RelayTrouble, Standing};
use shared::role::Role;
use shared::time::Instant;
use shared::wire::Refusal;

use super::phone::{Device, Phone, ROSTER, VILLAGE, authority, entry, held, revocation, revocation_knowing};

const TOWNSHIP: &str = "township";

fn bad(reason: Refusal) -> Note {
    Note::BadBatch(ROSTER.parse().unwrap(), reason)
}

fn hashes(batch: &Batch) -> Vec<[u8; 32]> {
    Change::open(&batch.payload).unwrap().iter().map(Change::hash).collect()
}

/// A snapshot of these batches, for which the signature of the last vouches.
fn snapshot(batches: &[&Batch], last: &Batch) -> Vec<u8> {
    let vouch = Vouch { device: last.device, number: last.number, hashes: hashes(last), signature: last.signature };
    let changes = batches.iter().flat_map(|batch| Change::open(&batch.payload).unwrap());
    let payload = Payload::pack(changes.map(|change| change.bytes().to_vec()).collect());
    let address = last.address.clone();
    Entry::Snapshot(Snapshot { address, certificates: Vec::new(), vouches: vec![vouch], payload }).encode()
}

/// A verdict of the authority on a batch, as an entry.
fn verdict(of: &Device, batch: &Batch, accepts: bool) -> Vec<u8> {
    let verdict = Verdict {
        by: Certificate::default(),
        of: of.certificate.clone(),
        scope: batch.address.scope.clone(),
        device: batch.device,
        key: of.key.public(),
        batch: batch.hash(&hashes(batch)),
        accepts,
        at: Instant(2000),
        signature: batch.signature,
    };
    Entry::Act(Act::Verdict(Box::new(verdict.sign(&authority())))).encode()
}

#[test]
fn a_revoked_device() {
    let (mut phone, office) = (Phone::enrolled(), Device::new(8, &[Role::TownshipOffice]));
    let (mut lost, mut honest) = (Device::new(3, &[Role::Scribe]), Device::new(2, &[Role::Scribe]));
    let (before, after) = (lost.record(ROSTER, b"before"), lost.record(ROSTER, b"after"));
    let page = vec![lost.certificate(), honest.certificate(), entry(&before), office.revokes(&lost), entry(&after)];
    phone.give(VILLAGE, [page, vec![entry(&honest.record(ROSTER, b"honest"))]].concat());
    assert_eq!(phone.notes(), [bad(Refusal::Revoked)]);
    assert!(phone.has(ROSTER, "D3-1") && phone.has(ROSTER, "D2-1") && !phone.has(ROSTER, "D3-2"));

    let mut phone = phone.restarted();
    phone.follow(VILLAGE, 6);
    phone.give(VILLAGE, vec![entry(&after)]);
    assert!(!phone.has(ROSTER, "D3-2"), "a start forgets no revocation");
    phone.give(VILLAGE, vec![verdict(&lost, &after, true), entry(&after)]);
    assert!(phone.has(ROSTER, "D3-2"), "what was accepted counts");
    phone.give(VILLAGE, vec![entry(&lost.record(ROSTER, b"once more"))]);
    assert!(!phone.has(ROSTER, "D3-3"), "and nothing but that");
}

/// A revoked device has a friend who is still trusted and brings its later changes in an attested snapshot, as phones do
/// after the relay lost its log. Its own numbers prove nothing, since it gives them itself.
#[test]
fn a_snapshot_of_what_a_revoked_device_added() {
    let office = Device::new(8, &[Role::TownshipOffice]);
    let mut lost = Device::new(3, &[Role::Scribe]);
    let mut honest = Device::new(2, &[Role::Scribe]);
    let (first, second) = (lost.record(ROSTER, b"in time"), lost.record(ROSTER, b"the last in time"));
    let by_office = (office.certificate.clone(), lost.certificate.clone());
    let chains = || by_office.clone();
    let known = Known { seen: 2, heads: hashes(&second) };
    let revoked = revocation_knowing(&office.key, chains(), 3, known.clone());
    let added = lost.record(ROSTER, b"added");
    let renumbered =
        Batch::sign(&lost.key, added.address.clone(), added.device, 2, &hashes(&added), added.payload.clone());
    let of_honest = honest.record(ROSTER, b"honest");
    for (what, last) in [("numbered on", &added), ("under a number of before", &renumbered)] {
        let mut phone = Phone::enrolled();
        phone.give(VILLAGE, vec![lost.certificate(), honest.certificate(), revoked.clone()]);
        phone.give(VILLAGE, vec![snapshot(&[&first, &second, last], last), entry(&of_honest)]);
        assert_eq!(phone.notes(), [bad(Refusal::Revoked)], "{what}");
        assert!(!phone.has(ROSTER, "D3-1") && phone.has(ROSTER, "D2-1"), "{what}: others' work goes on");
        phone.give(VILLAGE, vec![snapshot(&[&first, &second], &second)]);
        assert!(phone.has(ROSTER, "D3-2") && !phone.has(ROSTER, "D3-3"), "{what}: what was known stands");
        phone.give(VILLAGE, vec![snapshot(&[&first, &second, last], last)]);
        assert!(!phone.has(ROSTER, "D3-3"), "{what}");
        phone.give(VILLAGE, vec![verdict(&lost, last, true), snapshot(&[last], last)]);
        assert!(phone.has(ROSTER, "D3-3"), "{what}: and what was accepted");
    }

    let stranger = Device::new(7, &[Role::VillageSecretary]);
    let of_stranger = (stranger.certificate.clone(), lost.certificate.clone());
    let more = Known { seen: 3, heads: hashes(&added) };
    let by_another = revocation_knowing(&stranger.key, of_stranger, 3, more.clone());
    let by_same = revocation_knowing(&office.key, chains(), 3, more);
    for (acts, expected) in
        [(vec![by_another], false), (vec![by_same.clone()], true), (vec![by_same, revoked.clone()], true)]
    {
        let (mut phone, at) = (Phone::enrolled(), 2 + acts.len() as u64);
        phone.give(VILLAGE, [vec![lost.certificate(), revoked.clone()], acts].concat());
        let mut phone = phone.restarted();
        phone.follow(VILLAGE, at);
        phone.give(VILLAGE, vec![snapshot(&[&first, &second, &added], &added)]);
        assert_eq!(phone.has(ROSTER, "D3-3"), expected, "only the signer of a revocation says that more was known");
    }
}

#[test]
fn an_enrolment_by_a_revoked_device() {
    let mut phone = Phone::enrolled();
    let stolen = Device::new(4, &[Role::VillageSecretary]);
    let (mut early, mut late) =
        (Device::invited_by(&stolen, 5, &[Role::Scribe]), Device::invited_by(&stolen, 6, &[Role::Scribe]));
    let office = Device::new(8, &[Role::TownshipOffice]);
    let (first, second) = (early.record(ROSTER, b"enrolled in time"), late.record(ROSTER, b"too late"));
    let third = early.record(ROSTER, b"still enrolled");
    phone.give(VILLAGE, vec![early.certificate(), entry(&first), office.revokes(&stolen), late.certificate()]);
    phone.give(VILLAGE, vec![entry(&second), entry(&third)]);
    assert_eq!(phone.notes(), [Note::BadCertificate, bad(Refusal::Revoked)]);
    assert!(phone.has(ROSTER, "D5-1") && phone.has(ROSTER, "D5-2") && !phone.has(ROSTER, "D6-1"));
    phone.give(VILLAGE, vec![verdict(&late, &second, true), late.certificate(), entry(&second)]);
    assert!(phone.has(ROSTER, "D6-1"), "a person who knows the device lets it in");
}

#[test]
fn a_decision_that_is_none() {
    let mut honest = Device::new(3, &[Role::Scribe]);
    let (scribe, secretary) = (Device::new(4, &[Role::Scribe]), Device::new(5, &[Role::VillageSecretary]));
    let (office, other) = (Device::new(8, &[Role::TownshipOffice]), Device::new(9, &[Role::TownshipOffice]));
    let none = || (Certificate::default(), Certificate::default());
    let batch = honest.record(ROSTER, b"stands");
    let cases = [
        ("a role that may not", vec![scribe.revokes(&honest)]),
        ("a village that revokes an office", vec![secretary.revokes(&office)]),
        (
            "a village that does not say whom",
            vec![revocation(&secretary.key, (secretary.certificate.clone(), Certificate::default()), 3)],
        ),
        (
            "a village that shows another's certificate",
            vec![revocation(&secretary.key, (secretary.certificate.clone(), scribe.certificate.clone()), 3)],
        ),
        ("not the authority", vec![revocation(&DeviceKey::from_seed([66; 32]), none(), 3)]),
        (
            "another's certificate",
            vec![revocation(&scribe.key, (office.certificate.clone(), Certificate::default()), 3)],
        ),
        ("an office that was revoked itself", vec![office.revokes(&other), other.revokes(&honest)]),
        ("a held batch outside the office's log", vec![held(&honest, &batch, HeldFor::Revoked)]),
        ("a rejection outside the office's log", vec![verdict(&honest, &batch, false)]),
    ];
    for (what, acts) in cases {
        let mut phone = Phone::enrolled();
        phone.give(VILLAGE, [vec![honest.certificate()], acts, vec![entry(&batch)]].concat());
        assert_eq!(phone.notes(), [Note::BadAct(VILLAGE.parse().unwrap())], "{what}");
        assert!(phone.has(ROSTER, "D3-1"), "{what}");
    }
    let mut phone = Phone::enrolled();
    phone.give(VILLAGE, vec![honest.certificate(), secretary.revokes(&honest), entry(&batch)]);
    assert_eq!(phone.notes(), [bad(Refusal::Revoked)], "a village may revoke its own");
}

#[test]
fn who_is_told_of_being_revoked() {
    let mut phone = Phone::enrolled_as(Role::TownshipOffice);
    phone.give(TOWNSHIP, Vec::new());
    assert_eq!(phone.adopts(1), ["D1-1"]);
    let (address, fact) = ("township/rulebooks".parse().unwrap(), "D1-1".parse().unwrap());
    phone.refuse(&[(TOWNSHIP, None, Refusal::Revoked), (TOWNSHIP, Some(0), Refusal::Held)]);
    let status = phone.status().clone();
    assert_eq!((status.standing, status.awaiting, status.unsent), (Standing::Revoked, 1, 1));
    assert_eq!(status.unsent_held, 1, "the township has it");
    assert!(matches!(status.relay, RelayStatus::Refusing { trouble: RelayTrouble::Revoked, .. }));
    assert_eq!(phone.replica.state_of(&address, &fact), Some(RecordState::Awaiting), "no receipt proves it");
    assert_eq!(phone.restarted().status().standing, Standing::Revoked, "a start without the relay says so too");
    assert!(phone.restarted().has("township/rulebooks", "D1-1"), "nothing is lost");
    let (device, reason) = (DeviceNumber(3), Reason::Lost);
    assert!(phone.wish(|ticket| Input::Revoke { ticket, device, reason }).is_err(), "it decides nothing any more");

    phone.refuse(&[(TOWNSHIP, None, Refusal::Revoked), (TOWNSHIP, Some(0), Refusal::Rejected)]);
    let status = phone.status();
    assert_eq!((status.awaiting, status.rejected, status.unsent_held), (0, 1, 0));
    phone.give(TOWNSHIP, Vec::new());
    assert_eq!(phone.status().standing, Standing::Enrolled, "a relay that gives it logs again lets it in");

    let mut second = Phone::enrolled();
    second.refuse(&[(VILLAGE, None, Refusal::InvitationUsed)]);
    assert_eq!(second.status().standing, Standing::SecondUse);
}

#[test]
fn an_office_revokes_and_replaces() {
    let mut office = Phone::enrolled_as(Role::TownshipOffice);
    office.give(TOWNSHIP, Vec::new());
    let mut lost = Device::new(3, &[Role::Scribe]);
    office.give(VILLAGE, vec![lost.certificate(), entry(&lost.record(ROSTER, b"mine"))]);
    let (device, reason) = (DeviceNumber(3), Reason::Lost);
    let code = |text: &str| shared::id::DeviceCode::new(text).unwrap();
    let replace = |code| {
        move |ticket| Input::Replace {
            ticket,
            device,
            reason,
            code,
            take_by: Instant(u64::MAX),
            expires: Instant(u64::MAX),
        }
    };
    assert_eq!(office.wish(replace(code("D3"))), Err(Refused::CodeTaken), "a number on paper is one device's");
    assert!(office.status().devices.iter().all(|device| device.revoked.is_none()), "refused, so nothing happened");
    let Ok(Outcome::Invited(link)) = office.wish(replace(code("D9"))) else { panic!("not replaced") };

    let listed: Vec<_> = office
        .status()
        .devices
        .iter()
        .map(|known| (known.code.to_string(), known.person.to_string(), known.is_silent, known.revoked.is_some()))
        .collect();
    let line = |code: &str, person: &str, silent, revoked| (code.to_owned(), person.to_owned(), silent, revoked);
    let expected = [line("D1", "p1", false, false), line("D3", "p3", false, true), line("D9", "p3", true, false)];
    assert_eq!(listed, expected, "the same person, another device");
    let terms = shared::identity::Invitation::from_link(&link).unwrap().terms().unwrap();
    assert_ne!(terms.device, device);

    let mut office = office.restarted();
    let pushed = office.pushes();
    let scopes: Vec<ScopeId> = pushed.iter().map(|(scope, _)| scope.clone()).collect();
    let own = [TOWNSHIP, VILLAGE, "letters.p3"].map(|scope| scope.parse().unwrap());
    assert_eq!(scopes, own, "in every log that it writes");
    for (scope, bytes) in pushed {
        let scope = scope.to_string();
        let at = if scope == VILLAGE { 2 } else { 0 };
        office.follow(&scope, at);
        office.give(&scope, vec![bytes]);
    }
    assert_eq!((office.notes(), office.pushes()), (vec![], vec![]), "what the logs have is not said again");
    assert!(office.status().devices[1].revoked.is_some_and(|revoked| revoked.is_at_township));
    office.give(VILLAGE, vec![entry(&lost.record(ROSTER, b"a thief's"))]);
    assert_eq!(office.notes(), [bad(Refusal::Revoked)]);
    assert_eq!(office.wish(|ticket| Input::Revoke { ticket, device, reason }), Err(Refused::AlreadyRevoked));
    let device = DeviceNumber(1);
    assert_eq!(office.wish(|ticket| Input::Revoke { ticket, device, reason }), Err(Refused::OwnDevice));
}

#[test]
fn an_office_decides_of_what_is_held() {
    let mut office = Phone::enrolled_as(Role::TownshipOffice);
    let (mut lost, mut second) = (Device::new(3, &[Role::Scribe]), Device::with_key(3, &[Role::Scribe], 77));
    let writer = Actor { device: DeviceNumber(3), session: 9 };
    let (one, two) = (lost.record(ROSTER, b"one"), second.record_as(writer, ROSTER, b"two"));
    let forged = Batch { number: 9, ..one.clone() };
    let page = [held(&lost, &one, HeldFor::Revoked), held(&second, &two, HeldFor::InvitationUsed)];
    office.give("township.office", [page.to_vec(), vec![held(&lost, &forged, HeldFor::Revoked)]].concat());
    assert_eq!(office.notes(), [Note::BadAct(ScopeId::Office)], "what its device did not sign is not shown");
    let listed = office.status().held.clone();
    assert_eq!(
        listed.iter().map(|held| (held.number, held.changes, held.verdict)).collect::<Vec<_>>(),
        [(1, 1, None); 2]
    );

    let of = |reason| listed.iter().find(|held| held.reason == reason).unwrap().batch;
    let (accepted, rejected) = (of(HeldFor::InvitationUsed), of(HeldFor::Revoked));
    let judge = |batch, accepts| move |ticket| Input::Judge { ticket, batch, accepts };
    assert_eq!(office.wish(judge(rejected, false)), Ok(Outcome::Judged));
    let pushed = office.pushes();
    assert_eq!(office.wish(judge(accepted, true)), Ok(Outcome::Judged));
    assert_eq!(office.wish(judge(accepted, false)), Err(Refused::AlreadyJudged));
    assert_eq!(pushed[0].0, ScopeId::Office, "a rejection stays beside what it rejects");
    office.give("township.office", vec![pushed[0].1.clone()]);
    assert_eq!(office.wish(judge(rejected, false)), Err(Refused::AlreadyJudged));
    let mut phone = Phone::enrolled();
    phone.give(VILLAGE, vec![lost.certificate(), entry(&one), verdict(&second, &two, true), entry(&two)]);
    assert_eq!(phone.notes(), [], "accepted under the second device's own key");
    assert_eq!(phone.replica.values_of(&ROSTER.parse().unwrap(), &"D3-1".parse().unwrap()).len(), 2, "both are there");
}
