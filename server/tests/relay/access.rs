//! What the relay keeps from whom: other villages, used invitations, founding twice.

use server::Seed;
use shared::id::UnitCode;
use shared::identity::{Certificate, DeviceKey, Entry, Role};
use shared::wire::{
    FoundRequest, FoundResponse, Refusal, SESSION_SKEW_MILLIS, SessionRequest, SessionResponse, SyncResponse, Token,
};

use super::phone::{ELSEWHERE, Phone, Township, VILLAGE, post};
use super::records::Records;

#[tokio::test]
async fn another_village_is_neither_read_nor_written() {
    let township = Township::found().await;
    let mut stranger = township.phone(1, &[Role::Scribe], &[ELSEWHERE]).await;
    let scope = format!("village.{VILLAGE}");
    let batch = stranger.record(&format!("{scope}/roster"), b"not mine");
    let (_, body) =
        post(stranger.relay, "/sync", Some(stranger.token), stranger.request(&[&scope], &[batch]).encode()).await;
    let answer = SyncResponse::decode(&body).unwrap();
    assert!(answer.scopes.is_empty());
    assert_eq!(answer.refusals.len(), 1);
    assert_eq!((answer.refusals[0].entry, answer.refusals[0].reason), (None, Refusal::MayNotRead));
    assert_eq!(township.running.relay.log.head(&scope.parse().unwrap(), 0).await.unwrap().position, 0);
}

#[tokio::test]
async fn a_reader_does_not_write() {
    let township = Township::found().await;
    let mut auditor = township.phone(1, &[Role::Auditor], &[]).await;
    let scope = format!("village.{VILLAGE}");
    let batch = auditor.record(&format!("{scope}/roster"), b"corrected");
    let answer = auditor.sync(&[&scope], &[batch]).await;
    assert_eq!((answer.refusals[0].entry, answer.refusals[0].reason), (Some(0), Refusal::MayNotWrite));
    assert_eq!(answer.scopes[0].to(), 0);
}

#[tokio::test]
async fn an_invitation_enrols_one_device() {
    let township = Township::found().await;
    let invitation = township.invite(1, &[Role::Scribe], &[VILLAGE]);
    let mut first = Phone::enrol(&township, &invitation, [1; 32]);
    let mut second = Phone::enrol(&township, &invitation, [2; 32]);
    first.open_session(township.running.address).await;
    second.open_session(township.running.address).await;
    let scope = format!("village.{VILLAGE}");
    let answer = second.sync(&[&scope], &[]).await;
    assert_eq!((answer.scopes.len(), answer.refusals[0].reason), (0, Refusal::InvitationUsed), "it is given nothing");
    assert!(first.sync(&[&scope], &[]).await.refusals.is_empty(), "and the first one's session stands");
}

#[tokio::test]
async fn a_wrong_clock_is_told_the_time() {
    let township = Township::found().await;
    let phone = Phone::enrol(&township, &township.invite(1, &[Role::Scribe], &[VILLAGE]), [1; 32]);
    let next_year = server::relay::now().plus_millis(365 * 24 * 3_600_000);
    let request = SessionRequest::sign(phone.certificate.clone(), &phone.key, next_year);
    let (status, body) = post(township.running.address, "/session", None, request.encode()).await;
    let Ok(SessionResponse::Refused { reason: Refusal::Clock, now }) = SessionResponse::decode(&body) else {
        panic!("{status}")
    };
    assert!(now.0.abs_diff(server::relay::now().0) < SESSION_SKEW_MILLIS);
    let request = SessionRequest::sign(phone.certificate.clone(), &phone.key, now);
    let (status, _) = post(township.running.address, "/session", None, request.encode()).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn without_a_session_nothing_is_said() {
    let township = Township::found().await;
    let phone = township.scribe(1).await;
    let request = phone.request(&["township"], &[]).encode();
    for token in [None, Some(Token([9; 16]))] {
        let (status, body) = post(phone.relay, "/sync", token, request.clone()).await;
        assert_eq!((status, FoundResponse::decode(&body)), (401, Ok(FoundResponse::Refused(Refusal::NoSession))));
    }
}

#[tokio::test]
async fn a_relay_without_a_township_says_so() {
    let data = tempfile::tempdir().unwrap();
    let running = server::start(&server::Config::local(data.path())).await.unwrap();
    let mut phone = Phone::of(&DeviceKey::from_seed([1; 32]), running.address, 1, &[Role::Scribe], &[VILLAGE]);
    let refused = phone.try_session(running.address).await;
    assert!(matches!(refused, SessionResponse::Refused { reason: Refusal::NotFounded, .. }), "{refused:?}");
}

#[tokio::test]
async fn another_version_is_answered_by_name() {
    let township = Township::found().await;
    let phone = township.scribe(1).await;
    let mut later = phone.request(&["township"], &[]).encode();
    later[1] += 1;
    let (_, body) = post(phone.relay, "/sync", Some(phone.token), later).await;
    assert_eq!(FoundResponse::decode(&body), Ok(FoundResponse::Refused(Refusal::Version)));
}

#[tokio::test]
async fn a_township_is_founded_once() {
    let township = Township::found().await;
    let thief = DeviceKey::from_seed([66; 32]);
    let code = UnitCode::new("1").unwrap();
    let request = FoundRequest::sign(Token([0; 16]), &thief, code.clone(), "别处".to_owned());
    let (status, body) = post(township.running.address, "/found", None, request.encode()).await;
    assert_eq!((status, FoundResponse::decode(&body)), (403, Ok(FoundResponse::Refused(Refusal::FoundingToken))));
    let seed = Seed { authority: thief.public(), code, name: "别处".to_owned(), entries: vec![], links: vec![] };
    assert!(matches!(township.running.relay.lay(seed).await, Err(server::ServerError::AlreadyFounded)));
    assert_eq!(township.running.relay.authority(), Some(township.authority.public()));
}

#[tokio::test]
async fn a_township_can_be_laid_whole() {
    let records = Records::fresh().await;
    let running = server::start(&records.config()).await.unwrap();
    let township = Township { running, authority: DeviceKey::from_seed([1; 32]), records };
    let mut office = Phone::enrol(&township, &township.invite(1, &[Role::TownshipOffice], &[VILLAGE]), [1; 32]);
    let batch = office.record("township/registry", b"units");
    let seed = |certificate: Certificate| Seed {
        authority: township.authority.public(),
        code: UnitCode::new("420529202").unwrap(),
        name: "牛庄乡".to_owned(),
        entries: vec![
            ("township".parse().unwrap(), Entry::Certificate(certificate)),
            ("township".parse().unwrap(), Entry::Batch(batch.clone())),
        ],
        links: vec![("scribe".to_owned(), "AAAA".to_owned())],
    };
    assert!(township.running.relay.lay(seed(Certificate::default())).await.is_err());
    assert_eq!(township.running.relay.authority(), None, "all or nothing");
    township.running.relay.lay(seed(office.certificate.clone())).await.unwrap();
    let township = township.restart().await;
    assert_eq!(township.running.relay.links().await.unwrap(), [("scribe".to_owned(), "AAAA".to_owned())]);
    let mut reader = township.scribe(2).await;
    reader.sync(&["township"], &[]).await;
    assert_eq!(reader.heads("township/registry"), office.heads("township/registry"));
}
