//! How long it takes from a thumb's lifting to the tick on the screen, which stands for a record on the disk.

use harness::Person;
use serde_json::json;
use thirtyfour::prelude::*;

use crate::spread::Spread;

/// Marks made on the roll; the community's members and representatives are more than that.
const TAPS: usize = 100;

/// From here on every tap on the roll is timed until its row's tick has been painted.
///
/// The event's own time is when the thumb was lifted, however late the page's thread came to it.
const WATCH: &str = "
window.taps = [];
addEventListener('pointerup', (event) => {
  const row = event.target.closest('.roll-row');
  const lifted = event.timeStamp;
  const watching = new MutationObserver(() => {
    if (row.dataset.status !== 'here') return;
    watching.disconnect();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        window.taps.push(performance.now() - lifted);
        if (window.whenTicked) window.whenTicked(true);
        window.whenTicked = null;
      };
      channel.port2.postMessage(0);
    });
  });
  watching.observe(row, { attributes: true, attributeFilter: ['data-status'] });
}, true);
";

/// Waits for the tap of a number to be ticked.
const ASK: &str = "
const [number, done] = arguments;
if (window.taps.length >= number) done(true); else window.whenTicked = done;
";

/// Marks people present one after another and prints how long the ticks took.
pub async fn measure(person: &Person, roll: &str) {
    let driver = person.driver();
    person.open(roll).await;
    person.find(".roll").await;
    driver.execute(WATCH, Vec::new()).await.unwrap();
    let mut tapped = 0;
    for body in [None, Some("村民代表（")] {
        if let Some(words) = body {
            person.tap_starting_with(words).await;
        }
        person.find(".roll-row[data-status=open]").await;
        let rows = driver.find_all(By::Css(".roll-name")).await.unwrap();
        for row in rows.into_iter().take(TAPS - tapped) {
            row.scroll_into_view().await.unwrap();
            row.click().await.unwrap();
            tapped += 1;
            driver.execute_async(ASK, vec![json!(tapped)]).await.unwrap();
        }
    }
    assert_eq!(tapped, TAPS, "the roll is long enough");
    let taps = driver.execute("return window.taps;", Vec::new()).await.unwrap();
    Spread::of(taps.convert().unwrap()).print("tap-to-tick");
}
