//! The door itself: pages of other sites stay outside, and a connection that says nothing does not stay.

use std::time::Duration;

use shared::wire::{FoundResponse, Refusal};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::interval;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self};

use super::phone::Township;

/// Long enough that no test ever reaches it.
const NEVER: Duration = Duration::from_secs(3_600);
/// Short enough that a test waits for it.
const SOON: Duration = Duration::from_millis(100);

#[tokio::test]
async fn pages_of_other_sites_stay_outside() {
    let township = Township::found().await;
    let relay = township.running.address;
    let client = reqwest::Client::new();
    for (origin, answers) in [
        ("https://elsewhere.example".to_owned(), [403, 403, 403]),
        ("null".to_owned(), [403, 403, 403]),
        (format!("http://{relay}"), [400, 400, 401]),
    ] {
        for (path, expected) in ["/found", "/session", "/sync"].into_iter().zip(answers) {
            let request = client.post(format!("http://{relay}{path}")).header("origin", &origin).body("x");
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status().as_u16(), expected, "{origin} {path}");
            assert!(answer.headers().get("access-control-allow-origin").is_none());
            if expected == 403 && path != "/session" {
                let reason = FoundResponse::decode(&answer.bytes().await.unwrap());
                assert_eq!(reason, Ok(FoundResponse::Refused(Refusal::Origin)));
            }
        }
        let mut line = format!("ws://{relay}/live").into_client_request().unwrap();
        line.headers_mut().insert("origin", origin.parse().unwrap());
        match connect_async(line).await {
            Ok(_) => assert!(answers[2] == 401, "{origin} opened a line"),
            Err(tungstenite::Error::Http(answer)) => assert_eq!((answer.status().as_u16(), answers[2]), (403, 403)),
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn a_browser_is_never_told_that_another_site_may_ask() {
    let township = Township::found().await;
    let url = format!("http://{}/sync", township.running.address);
    let asked = reqwest::Client::new().request(reqwest::Method::OPTIONS, url);
    let asked = asked.header("origin", "https://elsewhere.example").header("access-control-request-method", "POST");
    let answer = asked.send().await.unwrap();
    assert!(!answer.status().is_success(), "{}", answer.status());
    assert!(!answer.headers().keys().any(|name| name.as_str().starts_with("access-control-")));
}

async fn connect(head_time: Duration, stall_time: Duration) -> (Township, TcpStream) {
    let told = |config: &mut server::Config| {
        (config.limits.head_time, config.limits.stall_time) = (head_time, stall_time);
    };
    let township = Township::found_with(told).await;
    let connection = TcpStream::connect(township.running.address).await.unwrap();
    (township, connection)
}

/// Reads until the relay ends the connection, in whatever way, and returns what it said.
async fn heard(mut connection: TcpStream) -> String {
    let mut heard = Vec::new();
    drop(connection.read_to_end(&mut heard).await);
    String::from_utf8_lossy(&heard).into_owned()
}

#[tokio::test]
async fn who_does_not_say_what_it_wants_is_let_go() {
    let (_township, mut connection) = connect(SOON, NEVER).await;
    connection.write_all(b"GET /healthz HTT").await.unwrap();
    assert!(!heard(connection).await.contains("200 OK"));
}

#[tokio::test]
async fn a_connection_is_not_kept_for_ever() {
    let (_township, mut connection) = connect(SOON, NEVER).await;
    connection.write_all(b"GET /healthz HTTP/1.1\r\nhost: relay\r\n\r\n").await.unwrap();
    let heard = heard(connection).await;
    assert!(heard.starts_with("HTTP/1.1 200 OK") && heard.ends_with("ok\n"), "{heard}");
}

#[tokio::test]
async fn a_body_that_stops_ends_the_connection() {
    let (_township, mut connection) = connect(NEVER, SOON).await;
    connection.write_all(b"POST /session HTTP/1.1\r\nhost: relay\r\ncontent-length: 100\r\n\r\nhalf").await.unwrap();
    assert!(!heard(connection).await.contains("200 OK"));
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let (_township, mut connection) = connect(NEVER, NEVER).await;
    let head = format!("GET /healthz HTTP/1.1\r\nhost: relay\r\nx: {}", "x".repeat(32 * 1024));
    // The relay may answer and end before it has read everything.
    drop(connection.write_all(head.as_bytes()).await);
    assert!(!heard(connection).await.contains("200 OK"));
}

/// The whole takes longer than a connection may be silent, and no single byte does.
#[tokio::test]
async fn no_timer_ends_what_still_moves() {
    let (_township, mut connection) = connect(NEVER, 20 * SOON).await;
    let head = b"POST /found HTTP/1.1\r\nhost: relay\r\nconnection: close\r\ncontent-length: 10\r\n\r\n";
    connection.write_all(head).await.unwrap();
    let mut drip = interval(3 * SOON);
    for _ in 0..10 {
        drip.tick().await;
        connection.write_all(b"x").await.unwrap();
    }
    let heard = heard(connection).await;
    assert!(heard.starts_with("HTTP/1.1 400"), "it was read to its end: {heard}");
}
