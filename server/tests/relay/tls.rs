//! TLS from certificate files: requests and lines, files that change while it serves, and files that are no good.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use server::tls::TlsFiles;
use server::{Config, ServerError};
use shared::wire::FromPhone;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

use super::process::Process;

/// How often something is tried that must succeed before long.
const TRIES: usize = 10_000;

fn files(folder: &Path) -> TlsFiles {
    TlsFiles { certificate: folder.join("cert.pem"), key: folder.join("key.pem") }
}

/// Writes a fresh certificate for this machine and returns it.
fn renew(folder: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let TlsFiles { certificate, key } = files(folder);
    fs::write(certificate, made.cert.pem()).unwrap();
    fs::write(key, made.signing_key.serialize_pem()).unwrap();
    made.cert.der().clone()
}

/// Connects as somebody who trusts this certificate and no other.
async fn connect(relay: SocketAddr, trusted: &CertificateDer<'static>) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let config = builder.with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(relay).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

async fn health(relay: SocketAddr, trusted: &CertificateDer<'static>) -> std::io::Result<String> {
    let mut stream = connect(relay, trusted).await?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn requests_and_lines_come_by_tls() {
    let folder = tempfile::tempdir().unwrap();
    let trusted = renew(folder.path());
    let config = Config { tls: Some(files(folder.path())), ..Config::local(folder.path().join("data")) };
    let running = server::start(&config).await.unwrap();
    let answer = health(running.address, &trusted).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("ok\n"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=31536000\r\n"), "{answer}");
    let stream = connect(running.address, &trusted).await.unwrap();
    let (mut line, _) = client_async("wss://localhost/live", stream).await.unwrap();
    let hello = FromPhone::Hello(shared::wire::Token([3; 16]));
    line.send(Message::Binary(hello.encode().into())).await.unwrap();
    while let Some(Ok(message)) = line.next().await {
        assert!(!matches!(message, Message::Binary(_)), "the relay read the token and knows it not");
    }
    let plain = reqwest::get(format!("http://{}/healthz", running.address)).await;
    assert!(plain.is_err(), "nothing is answered without TLS");
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_and_a_spoilt_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let first = renew(folder.path());
    let config = Config { tls: Some(files(folder.path())), ..Config::local(folder.path().join("data")) };
    let running = server::start(&config).await.unwrap();
    let second = renew(folder.path());
    assert!(health(running.address, &first).await.is_ok(), "the files alone change nothing");
    running.reload();
    assert!(health(running.address, &second).await.is_ok());
    assert!(health(running.address, &first).await.is_err());
    fs::write(files(folder.path()).certificate, "spoilt").unwrap();
    running.reload();
    assert!(health(running.address, &second).await.is_ok(), "it goes on with what it has");
}

#[tokio::test]
async fn a_hang_up_reads_the_files_again() {
    let folder = tempfile::tempdir().unwrap();
    let first = renew(folder.path());
    let TlsFiles { certificate, key } = files(folder.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_pingyi"));
    command.stderr(Stdio::null());
    let mut process = Process::spawn_with(&mut command, &folder.path().join("data"), |command| {
        command.arg("--tls-cert").arg(&certificate).arg("--tls-key").arg(&key);
    });
    let (_, relay) = process.ready();
    assert!(health(relay, &first).await.is_ok());
    let second = renew(folder.path());
    process.signal("HUP");
    let mut tries = 0;
    while health(relay, &second).await.is_err() {
        tries += 1;
        assert!(tries < TRIES, "the second certificate is never shown");
    }
    process.signal("TERM");
    assert!(process.child.wait().unwrap().success());
}

#[tokio::test]
async fn files_that_are_no_good_are_named() {
    let folder = tempfile::tempdir().unwrap();
    renew(folder.path());
    let good = files(folder.path());
    let (missing, noise) = (folder.path().join("missing.pem"), folder.path().join("noise.pem"));
    fs::write(&noise, "noise").unwrap();
    let other = tempfile::tempdir().unwrap();
    renew(other.path());
    let foreign = files(other.path()).key;
    for (certificate, key, named, says) in [
        (&missing, &good.key, &missing, "no certificate can be read"),
        (&noise, &good.key, &noise, "holds no certificate"),
        (&good.certificate, &missing, &missing, "no key can be read"),
        (&good.certificate, &noise, &noise, "no key can be read"),
        (&good.certificate, &foreign, &foreign, "cannot be used with the key"),
    ] {
        let tls = Some(TlsFiles { certificate: certificate.clone(), key: key.clone() });
        let config = Config { tls, ..Config::local(folder.path().join("data")) };
        let error = server::start(&config).await.unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, ServerError::Tls(_)), "{text}");
        assert!(text.contains(says) && text.contains(named.to_str().unwrap()), "{text}");
    }
}
