//! How long a phone takes from opening the page to showing its records, without a relay.

use harness::Person;
use serde_json::json;

use crate::spread::Spread;

/// Starts of one phone.
const STARTS: usize = 20;

/// Runs before anything of the page: notes when the element of the selector has been painted.
///
/// The frame's own callback comes before the painting, a message posted from it after.
const WATCH: &str = "
const watching = new MutationObserver(() => {
  if (!document.querySelector(SELECTOR)) return;
  watching.disconnect();
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      window.usable = performance.now();
      if (window.whenUsable) window.whenUsable(window.usable);
    };
    channel.port2.postMessage(0);
  });
});
watching.observe(document, { childList: true, subtree: true });
";

/// Waits for the note; the page's clock begins with the navigation.
const ASK: &str = "
const done = arguments[0];
if (window.usable) done(window.usable); else window.whenUsable = done;
";

/// Opens the page again and again and prints how long it took until the selector's element was there.
pub async fn measure(person: &Person, url: &str, figure: &str, selector: &str) {
    let driver = person.driver();
    let source = WATCH.replace("SELECTOR", &json!(selector).to_string());
    driver.cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", json!({"source": source})).await.unwrap();
    let mut millis = Vec::new();
    for _ in 0..STARTS {
        // From an empty page, so that nothing of the one before is at hand.
        person.open("about:blank").await;
        person.open(url).await;
        let asked = driver.execute_async(ASK, Vec::new()).await;
        let usable = asked.unwrap_or_else(|error| panic!("{} never sees {selector}: {error}", person.name));
        millis.push(usable.convert::<f64>().unwrap());
    }
    Spread::of(millis).print(figure);
}
