//! A person with a phone: taps what they can read, waits for what they would wait for.

use std::time::Duration;

use thirtyfour::prelude::*;

use crate::browser::{Driver, kill_browser};

/// How long a person waits for the page before the journey fails; an upper bound, never a pause.
const PATIENCE: Duration = Duration::from_secs(40);
/// How often the page is looked at while waiting.
const GLANCE: Duration = Duration::from_millis(25);

/// A person with a browser profile of their own.
#[derive(Debug)]
pub struct Person {
    /// What the journey calls them.
    pub name: &'static str,
    profile: tempfile::TempDir,
    size: (u32, u32),
    driver: Option<WebDriver>,
}

impl Person {
    /// Gives somebody a phone of 390 by 844 points.
    pub async fn with_phone(name: &'static str, driver: &Driver) -> Self {
        Self::with_screen(name, driver, 390, 844).await
    }

    /// Gives somebody a desk screen of 1280 by 800 points.
    pub async fn at_desk(name: &'static str, driver: &Driver) -> Self {
        Self::with_screen(name, driver, 1280, 800).await
    }

    async fn with_screen(name: &'static str, driver: &Driver, width: u32, height: u32) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut person = Self { name, profile, size: (width, height), driver: None };
        person.start_browser(driver).await;
        person
    }

    /// Opens the browser on the person's own profile.
    pub async fn start_browser(&mut self, driver: &Driver) {
        let browser = driver.browser(self.profile.path(), self.size.0, self.size.1).await;
        self.driver = Some(browser);
        self.take_size().await;
    }

    /// Gives the tab that is in front the size of the person's screen.
    pub(crate) async fn take_size(&self) {
        let (width, height) = self.size;
        let metrics =
            serde_json::json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.driver().cdp().send_raw("Emulation.setDeviceMetricsOverride", metrics).await.unwrap();
    }

    /// Kills the browser at once.
    pub async fn kill(&mut self) {
        kill_browser(self.profile.path());
        if let Some(driver) = self.driver.take() {
            // The session is gone with its browser; quitting only tells the driver so.
            let _ = driver.quit().await;
        }
        // A killed Chromium leaves the lock of its profile behind.
        for lock in ["SingletonLock", "SingletonCookie", "SingletonSocket"] {
            let _ = std::fs::remove_file(self.profile.path().join(lock));
        }
    }

    /// Closes the browser.
    pub async fn leave(mut self) {
        if let Some(driver) = self.driver.take() {
            driver.quit().await.unwrap();
        }
    }

    /// Returns the browser.
    pub fn driver(&self) -> &WebDriver {
        self.driver.as_ref().expect("the browser is open")
    }

    /// Opens an address.
    pub async fn open(&self, url: &str) {
        self.driver().goto(url).await.unwrap_or_else(|error| panic!("{}: {url}: {error}", self.name));
    }

    /// Loads the page anew.
    pub async fn reload(&self) {
        self.driver().refresh().await.unwrap();
    }

    /// Waits for the element of a CSS selector to be on the page and visible.
    pub async fn find(&self, css: &str) -> WebElement {
        let found = self.driver().query(By::Css(css.to_owned())).wait(PATIENCE, GLANCE).and_displayed().first().await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("{} does not find {css}: {error}\n{}", self.name, self.page_text().await),
        }
    }

    /// Taps the element of a CSS selector.
    pub async fn tap(&self, css: &str) {
        let element = self.find(css).await;
        element.scroll_into_view().await.unwrap();
        element.wait_until().wait(PATIENCE, GLANCE).clickable().await.unwrap();
        if let Err(error) = element.click().await {
            panic!("{} cannot tap {css}: {error}\n{}", self.name, self.page_text().await);
        }
    }

    /// Taps the button, link, tab or option that reads exactly this.
    pub async fn tap_words(&self, words: &str) {
        self.tap_where(&format!("normalize-space(.)='{words}'"), words).await;
    }

    /// Taps the button that moves a meeting on, and waits until it is gone: what it asked for is recorded.
    pub async fn moves_on(&self, words: &str) {
        self.tap_words(words).await;
        let path = format!("//button[normalize-space(.)='{words}']");
        let query = self.driver().query(By::XPath(path)).wait(PATIENCE, GLANCE);
        if let Err(error) = query.wait_until_gone().await {
            panic!("{}: {words:?} was tapped and is still there: {error}\n{}", self.name, self.page_text().await);
        }
    }

    /// Taps the button, link, tab or option whose words begin with these.
    pub async fn tap_starting_with(&self, words: &str) {
        self.tap_where(&format!("starts-with(normalize-space(.),'{words}')"), words).await;
    }

    /// Taps the button of the open dialog that reads exactly this.
    pub async fn confirm(&self, words: &str) {
        self.tap_where(&format!("self::button and ancestor::dialog[@open] and normalize-space(.)='{words}'"), words)
            .await;
    }

    async fn tap_where(&self, condition: &str, words: &str) {
        let path = format!("//*[self::button or self::a or self::label or self::summary][not(@disabled)][{condition}]");
        let query = self.driver().query(By::XPath(path)).wait(PATIENCE, GLANCE).and_displayed().and_enabled();
        let element = match query.first().await {
            Ok(element) => element,
            Err(error) => {
                panic!("{} finds nothing to tap that reads {words:?}: {error}\n{}", self.name, self.page_text().await)
            }
        };
        element.scroll_into_view().await.unwrap();
        if let Err(error) = element.click().await {
            panic!("{} cannot tap {words:?}: {error}\n{}", self.name, self.page_text().await);
        }
    }

    /// Waits until these words stand somewhere on the page.
    pub async fn sees_words(&self, words: &str) {
        let path = format!("//body//*[contains(normalize-space(.),'{words}')]");
        // An element may be drawn anew between being found and being looked at; then it is looked for again.
        let query = self.driver().query(By::XPath(path)).wait(PATIENCE, GLANCE).ignore_errors(true).and_displayed();
        if let Err(error) = query.first().await {
            panic!("{} does not see {words:?}: {error}\n{}", self.name, self.page_text().await);
        }
    }

    /// Chooses from the list under a label by place.
    pub async fn choose(&self, label: &str, place: usize) {
        let path = format!("//label[normalize-space(.)='{label}']/..//option[@value='{place}']");
        let query = self.driver().query(By::XPath(path)).wait(PATIENCE, GLANCE);
        match query.first().await {
            Ok(option) => option.click().await.unwrap(),
            Err(error) => panic!("{} finds no list {label:?}: {error}\n{}", self.name, self.page_text().await),
        }
    }

    /// Types into the field under a label after emptying it.
    pub async fn fill(&self, label: &str, text: &str) {
        let path = format!("//label[normalize-space(.)='{label}']/..//input");
        let query = self.driver().query(By::XPath(path)).wait(PATIENCE, GLANCE).and_displayed();
        match query.first().await {
            Ok(field) => {
                field.clear().await.unwrap();
                field.send_keys(text).await.unwrap();
            }
            Err(error) => panic!("{} finds no field {label:?}: {error}\n{}", self.name, self.page_text().await),
        }
    }

    /// Fills in the sheets of one group at closing: as many returned as issued, none spoiled, none blank.
    pub async fn reconcile(&self, group: usize, count: u32) {
        let query = self.driver().query(By::Css(".closing-figures")).wait(PATIENCE, GLANCE);
        let figures = query.all_from_selector().await.unwrap().swap_remove(group - 1);
        let fields = figures.query(By::Css("input")).all_from_selector().await.unwrap();
        for (field, value) in fields.iter().zip([count, count, 0, 0]) {
            field.clear().await.unwrap();
            field.send_keys(value.to_string()).await.unwrap();
        }
    }

    /// Waits until the browser keeps a whole copy of the app, so that it opens without the relay.
    pub async fn waits_for_offline_copy(&self) {
        let script = "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true));";
        self.driver().execute_async(script, Vec::new()).await.unwrap();
    }

    /// Types into a field after emptying it.
    pub async fn type_into(&self, css: &str, text: &str) {
        let element = self.find(css).await;
        element.clear().await.unwrap();
        element.send_keys(text).await.unwrap();
    }

    /// Presses keys wherever the focus is.
    pub async fn press(&self, keys: &str) {
        self.driver().action_chain().send_keys(keys).perform().await.unwrap();
    }

    /// Waits until the element of a selector reads exactly this.
    pub async fn sees(&self, css: &str, text: &str) {
        let query = self.driver().query(By::Css(css.to_owned())).wait(PATIENCE, GLANCE).with_text(text.to_owned());
        if let Err(error) = query.first().await {
            panic!("{}: {css} does not read {text:?}: {error}\n{}", self.name, self.page_text().await);
        }
    }

    /// Waits until these words stand nowhere on the page.
    pub async fn sees_no_more(&self, words: &str) {
        let path = format!("//body//*[contains(normalize-space(.),'{words}')]");
        let query = self.driver().query(By::XPath(path)).wait(PATIENCE, GLANCE).ignore_errors(true);
        if let Err(error) = query.wait_until_gone().await {
            panic!("{} still sees {words:?}: {error}\n{}", self.name, self.page_text().await);
        }
    }

    /// Returns the text of an element once it is there.
    pub async fn reads(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap()
    }

    /// Counts the elements of a selector at this moment.
    pub async fn count(&self, css: &str) -> usize {
        self.driver().find_all(By::Css(css.to_owned())).await.unwrap().len()
    }

    /// Returns an attribute of an element once it is there.
    pub async fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.find(css).await.attr(name).await.unwrap()
    }

    /// Returns all text on the page, for a failure's message.
    pub async fn page_text(&self) -> String {
        match self.driver().find(By::Tag("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(error) => format!("no page: {error}"),
        }
    }

    /// Writes a picture of the whole screen under a name into the folder `PINGYI_SCREENSHOTS`, where one is set.
    pub async fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("PINGYI_SCREENSHOTS") {
            let file = std::path::PathBuf::from(folder).join(format!("{name}.png"));
            self.driver().screenshot(&file).await.unwrap();
        }
    }
}
