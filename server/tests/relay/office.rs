//! The township's office, which reads every scope there is.

use server::Config;
use server::headless::{Headless, Http};
use server::sample::township;

/// A new office device asked for twelve logs, of which the first filled the page. For the others the relay answered that
/// more waits and gave nothing, as it must; the device took that for a relay that had lost its log, said so to the
/// person, and went on only after a pause, page by page.
#[tokio::test]
async fn a_page_full_of_one_scope_is_no_trouble_for_the_others() {
    let data = tempfile::tempdir().unwrap();
    let running = server::start(&Config::local(data.path())).await.unwrap();
    let transport = Http::new(&format!("http://{}", running.address));
    let token = running.relay.founding_token().await.unwrap().to_text();
    let links = township::build(&token, transport.clone(), |_| {}).await.unwrap();
    let link = links.into_iter().find(|link| link.role == "office").unwrap();
    let mut office = Headless::in_memory(transport).await.unwrap();
    office.enrol(&link.invitation).await.unwrap();
    office.sync().await.unwrap();
    assert_eq!(office.workspace().villages.len(), 10, "every roster is here");
    running.stop().await.unwrap();
}
