//! Several tabs in one person's browser: opened, left, frozen and hung.

use thirtyfour::WindowHandle;

use crate::Person;

/// The cookie by which one tab tells another that is about to hang; a tab that hangs reads nothing else.
const SIGNAL: &str = "journey";

impl Person {
    /// Returns the tab that is in front.
    pub async fn tab(&self) -> WindowHandle {
        self.driver().window().await.unwrap()
    }

    /// Opens an empty tab and brings it to the front.
    pub async fn new_tab(&self) -> WindowHandle {
        let tab = self.driver().new_tab().await.unwrap();
        self.turn_to(&tab).await;
        self.take_size().await;
        tab
    }

    /// Brings a tab to the front.
    pub async fn turn_to(&self, tab: &WindowHandle) {
        self.driver().switch_to_window(tab.clone()).await.unwrap();
    }

    /// Closes the tab that is in front, whatever it is doing, and brings another to the front.
    pub async fn close_tab(&self, then: &WindowHandle) {
        self.driver().close_window().await.unwrap();
        self.turn_to(then).await;
    }

    /// Freezes the tab that is in front, as a phone does with one that was put aside: no timer goes off in it and
    /// its database stands still, though it still hears messages; see [`Person::will_hang`].
    pub async fn freeze(&self) {
        let watch = "document.addEventListener('freeze', () => { window.frozenByJourney = true; });";
        self.driver().execute(watch, Vec::new()).await.unwrap();
        self.set_lifecycle("frozen").await;
    }

    /// Wakes the tab that is in front, which must have been frozen.
    pub async fn wake(&self) {
        self.set_lifecycle("active").await;
        let frozen = self.driver().execute("return window.frozenByJourney === true;", Vec::new()).await.unwrap();
        assert_eq!(frozen.json(), &serde_json::json!(true), "the tab was frozen");
    }

    async fn set_lifecycle(&self, state: &str) {
        let state = serde_json::json!({ "state": state });
        self.driver().cdp().send_raw("Page.setWebLifecycleState", state).await.unwrap();
    }

    /// Lets the tab in front hang once another tab says so by [`Person::signal`], until it says `end`; what is pressed
    /// then, if anything, is pressed in the same breath, before the tab hears of what happened meanwhile.
    pub async fn will_hang(&self, begin: &str, end: &str, press: Option<&str>) {
        let script = "const [begin, end, press] = arguments;
            const said = (word) => document.cookie.includes('SIGNAL=' + word);
            const hang = () => { while (!said(end)); if (press) document.querySelector(press).click(); };
            const look = () => said(begin) ? hang() : setTimeout(look, 20);
            look();";
        let script = script.replace("SIGNAL", SIGNAL);
        self.driver().execute(script, vec![begin.into(), end.into(), press.into()]).await.unwrap();
    }

    /// Says a word to every tab of this browser.
    pub async fn signal(&self, word: &str) {
        let cookie = format!("document.cookie = '{SIGNAL}={word}; path=/';");
        self.driver().execute(cookie, Vec::new()).await.unwrap();
    }
}
