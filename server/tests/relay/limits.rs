//! Who asks too much is told so by name, keeps everything, and is served again; the others do not notice.

use server::headless::{Headless, HeadlessError, Http, Transport};
use server::limits::Limits;
use server::limits::buckets::Allowance;
use shared::identity::Role;
use shared::replica::status::{RelayStatus, RelayTrouble};
use shared::wire::{FOUND_BYTES, FoundResponse, FromPhone, Refusal, SESSION_BYTES, SessionRequest, SessionResponse};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use futures_util::{SinkExt, StreamExt};

use super::phone::{Phone, Township, VILLAGE, post};

const SCOPE: &str = "village.420529202209";
const MEETING: &str = "village.420529202209/meeting-2026-11-23-1";
/// One at once, and the next after a second.
const ONE: Allowance = Allowance { burst: 1, rate: 1 };
/// How often something is tried that must succeed or be refused before long.
const TRIES: usize = 100_000;

async fn limited(told: impl FnOnce(&mut Limits)) -> Township {
    Township::found_with(|config| told(&mut config.limits)).await
}

#[tokio::test]
async fn a_device_that_asks_too_much_is_told_to_come_later() {
    let township = limited(|limits| limits.device = ONE).await;
    let (mut phone, other) = (township.scribe(1).await, township.scribe(2).await);
    let batch = phone.record(MEETING, b"kept");
    let mut refused = 0;
    for _ in 0..TRIES {
        let push = phone.request(&[SCOPE], std::slice::from_ref(&batch)).encode();
        let (status, body) = post(phone.relay, "/sync", Some(phone.token), push).await;
        if status == 429 {
            assert_eq!(FoundResponse::decode(&body), Ok(FoundResponse::Refused(Refusal::Busy)));
            refused += 1;
            if refused == 1 {
                let ask = other.request(&[SCOPE], &[]).encode();
                assert_eq!(post(other.relay, "/sync", Some(other.token), ask).await.0, 200, "another is served");
            }
        } else {
            assert_eq!(status, 200);
            if refused > 0 {
                return;
            }
        }
    }
    panic!("refused {refused} times of {TRIES} and never served again");
}

#[tokio::test]
async fn an_address_that_asks_too_much_without_a_proof_is_told_to_come_later() {
    let township = limited(|limits| limits.address = ONE).await;
    let phone = Phone::enrol(&township, &township.invite(1, &[Role::Scribe], &[VILLAGE]), [1; 32]);
    let client = reqwest::Client::new();
    let ask = async |path: &str, address: &str| {
        let proof = SessionRequest::sign(phone.certificate.clone(), &phone.key, server::relay::now());
        let request = client.post(format!("http://{}{path}", phone.relay)).body(proof.encode());
        let answer = request.header("x-forwarded-for", address).send().await.unwrap();
        (answer.status().as_u16(), answer.bytes().await.unwrap())
    };
    for _ in 0..TRIES {
        let (status, body) = ask("/session", "198.51.100.1").await;
        if status == 429 {
            let answer = SessionResponse::decode(&body).unwrap();
            assert!(matches!(answer, SessionResponse::Refused { reason: Refusal::Busy, .. }), "{answer:?}");
            assert_eq!(ask("/session", "198.51.100.2").await.0, 200, "a neighbour is served");
            // A request whose token nobody knows counts the same.
            for _ in 0..TRIES {
                match ask("/sync", "198.51.100.2").await.0 {
                    429 => return,
                    status => assert_eq!(status, 401),
                }
            }
        }
        assert_eq!(status, 200);
    }
    panic!("never refused");
}

/// A relay that is too busy for anything but opening sessions.
struct Crowded(Http);

impl Transport for Crowded {
    async fn post(&mut self, path: &str, token: Option<&str>, body: Vec<u8>) -> Option<(u16, Vec<u8>)> {
        match path {
            "/sync" => Some((429, FoundResponse::Refused(Refusal::Busy).encode())),
            _ => self.0.post(path, token, body).await,
        }
    }
}

#[tokio::test]
async fn a_phone_takes_it_as_busy() {
    let township = Township::found().await;
    let transport = Crowded(Http::new(&format!("http://{}", township.running.address)));
    let mut phone = Headless::in_memory(transport).await.unwrap();
    phone.enrol(&township.invite(1, &[Role::Scribe], &[VILLAGE]).to_link()).await.unwrap();
    let Err(HeadlessError::NotSent(status)) = phone.sync().await else { panic!("nothing was taken") };
    assert!(matches!(status, RelayStatus::Refusing { trouble: RelayTrouble::Busy, .. }), "{status:?}");
}

type Line = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Waits for the relay's next frame; false where the line ends before.
pub async fn is_answered(line: &mut Line) -> bool {
    loop {
        match line.next().await {
            Some(Ok(Message::Binary(_))) => return true,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            _ => return false,
        }
    }
}

async fn line(phone: &Phone, address: &str) -> Result<Line, u16> {
    let mut request = format!("ws://{}/live", phone.relay).into_client_request().unwrap();
    request.headers_mut().insert("x-forwarded-for", address.parse().unwrap());
    match connect_async(request).await {
        Ok((mut line, _)) => {
            let hello = FromPhone::Hello(phone.token).encode();
            line.send(Message::Binary(hello.into())).await.unwrap();
            let ask = FromPhone::Sync(phone.request(&[SCOPE], &[])).encode();
            line.send(Message::Binary(ask.into())).await.unwrap();
            assert!(is_answered(&mut line).await);
            Ok(line)
        }
        Err(tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn an_address_and_everybody_have_so_many_lines() {
    let township = limited(|limits| (limits.lines, limits.lines_of_address) = (2, 1)).await;
    let phones = [township.scribe(1).await, township.scribe(2).await, township.scribe(3).await];
    let first = line(&phones[0], "198.51.100.1").await.unwrap();
    assert_eq!(line(&phones[1], "198.51.100.1").await.unwrap_err(), 429, "two of one address");
    let _second = line(&phones[1], "198.51.100.2").await.unwrap();
    assert_eq!(line(&phones[2], "198.51.100.3").await.unwrap_err(), 429, "three in all");
    drop(first);
    let mut tries = 0;
    while let Err(status) = line(&phones[2], "198.51.100.1").await {
        tries += 1;
        assert!(status == 429 && tries < TRIES, "a line that is gone leaves its place");
    }
}

#[tokio::test]
async fn a_devices_oldest_line_gives_way() {
    let township = limited(|limits| limits.lines_of_device = 1).await;
    let phone = township.scribe(1).await;
    let mut first = line(&phone, "198.51.100.1").await.unwrap();
    let mut second = line(&phone, "198.51.100.1").await.unwrap();
    assert!(!is_answered(&mut first).await, "nothing more comes over the first");
    let ask = FromPhone::Sync(phone.request(&[SCOPE], &[])).encode();
    second.send(Message::Binary(ask.into())).await.unwrap();
    assert!(is_answered(&mut second).await, "the second lives");
}

#[tokio::test]
async fn a_line_that_asks_too_much_is_read_more_slowly_and_loses_nothing() {
    let township = limited(|limits| limits.device = Allowance { burst: 1, rate: 50 }).await;
    let phone = township.scribe(1).await;
    let mut line = line(&phone, "198.51.100.1").await.unwrap();
    for _ in 0..20 {
        let ask = FromPhone::Sync(phone.request(&[SCOPE], &[])).encode();
        line.send(Message::Binary(ask.into())).await.unwrap();
    }
    for answer in 0..20 {
        assert!(is_answered(&mut line).await, "answer {answer}");
    }
}

#[tokio::test]
async fn so_many_requests_without_a_proof_are_under_way() {
    let township = limited(|limits| limits.unproved = 1).await;
    let phone = Phone::enrol(&township, &township.invite(1, &[Role::Scribe], &[VILLAGE]), [1; 32]);
    let proof = SessionRequest::sign(phone.certificate.clone(), &phone.key, server::relay::now()).encode();
    let mut slow = TcpStream::connect(phone.relay).await.unwrap();
    let size = proof.len();
    let head = "POST /session HTTP/1.1\r\nhost: relay\r\nconnection: close\r\nexpect: 100-continue\r\n";
    slow.write_all(format!("{head}content-length: {size}\r\n\r\n").as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    slow.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n", "the relay waits for the body");
    let (status, body) = post(phone.relay, "/session", None, proof.clone()).await;
    let answer = SessionResponse::decode(&body).unwrap();
    assert!(matches!(answer, SessionResponse::Refused { reason: Refusal::Busy, .. }) && status == 429, "{answer:?}");
    slow.write_all(&proof).await.unwrap();
    let mut answer = Vec::new();
    slow.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"), "who was first is served");
}

#[tokio::test]
async fn so_many_connections_are_open() {
    let data = tempfile::tempdir().unwrap();
    let mut config = server::Config::local(data.path());
    config.limits.connections = 1;
    let running = server::start(&config).await.unwrap();
    let mut first = TcpStream::connect(running.address).await.unwrap();
    let mut second = TcpStream::connect(running.address).await.unwrap();
    let mut answer = Vec::new();
    // Ended in order or torn down: either way nothing comes.
    drop(second.read_to_end(&mut answer).await);
    assert!(answer.is_empty());
    first.write_all(b"GET /healthz HTTP/1.1\r\nhost: relay\r\nconnection: close\r\n\r\n").await.unwrap();
    first.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"));
}

#[tokio::test]
async fn each_route_takes_what_its_messages_need() {
    let township = Township::found().await;
    for (path, bytes) in [("/found", FOUND_BYTES), ("/session", SESSION_BYTES)] {
        assert_ne!(post(township.running.address, path, None, vec![0; bytes]).await.0, 413, "{path}");
        let (status, body) = post(township.running.address, path, None, vec![0; bytes + 1]).await;
        assert_eq!(
            (status, FoundResponse::decode(&body)),
            (413, Ok(FoundResponse::Refused(Refusal::TooLarge))),
            "{path}"
        );
    }
}
