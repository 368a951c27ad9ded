//! The sample township, built through the front door and read by an office of ten villages.

use server::Config;
use server::headless::{Headless, Http};
use server::sample::township::{self, Extent};
use shared::replica::status::RelayStatus;

/// An office reads a dozen scopes, of which one page of an answer holds a few entries: the scopes for which it had no
/// room were taken for a log that the relay had lost, and the rest came only after pauses that doubled.
#[tokio::test]
async fn an_office_is_given_all_its_villages_in_one_go() {
    let data = tempfile::tempdir().unwrap();
    let running = server::start(&Config::local(data.path())).await.unwrap();
    let address = format!("http://{}", running.address);
    let token = running.relay.founding_token().await.unwrap().to_text();
    let links = township::build(&token, Http::new(&address), Extent::People, |_| ()).await.unwrap();
    let office = links.iter().find(|link| link.role == "office").unwrap();

    let mut device = Headless::in_memory(Http::new(&address)).await.unwrap();
    device.enrol(&office.invitation).await.unwrap();
    device.sync().await.unwrap();

    assert!(matches!(device.status().relay, RelayStatus::UpToDate { .. }), "{:?}", device.status());
    assert_eq!(device.status().notes, []);
    let villages = &device.workspace().villages;
    let people: usize = villages.values().map(|village| village.roster.people.len()).sum();
    assert_eq!((villages.len(), people), (10, 7042));
}
