//! The storage of one person's browser: full, slow, written to in a burst.

use serde_json::Value;

use crate::Person;

impl Person {
    /// Grants the page so many bytes of storage and no more.
    pub async fn limit_storage(&self, bytes: u64) {
        let url = self.driver().current_url().await.unwrap();
        let grant = serde_json::json!({"origin": url.origin().ascii_serialization(), "quotaSize": bytes});
        self.driver().cdp().send_raw("Storage.overrideQuotaForOrigin", grant).await.unwrap();
    }

    /// Writes into a database of its own until not even a short row finds room beside it.
    ///
    /// The rows get smaller as room runs short; their bytes are random, since the browser packs others.
    pub async fn fill_storage(&self) {
        self.run(
            "const done = arguments[0];
            const open = indexedDB.open('ballast');
            open.onupgradeneeded = () => open.result.createObjectStore('rows', { autoIncrement: true });
            open.onsuccess = () => {
                let size = 32768;
                const next = () => {
                    const filling = open.result.transaction('rows', 'readwrite');
                    for (let row = 0; row < (size > 1024 ? 16 : 1); row += 1)
                        filling.objectStore('rows').put(crypto.getRandomValues(new Uint8Array(size)));
                    filling.oncomplete = next;
                    filling.onabort = () => {
                        if (size < 64) { open.result.close(); return done(null); }
                        size /= 4;
                        next();
                    };
                };
                next();
            };",
            Vec::new(),
        )
        .await;
    }

    /// Keeps the records' storage busy, as a slow disk does, until [`Person::lets_storage_go`].
    pub async fn holds_storage(&self) {
        self.run(
            "const done = arguments[0];
            window.heldByJourney = true;
            const open = indexedDB.open('pingyi');
            open.onsuccess = () => {
                const rows = open.result.transaction('rows', 'readwrite').objectStore('rows');
                const again = () => {
                    if (!window.heldByJourney) return open.result.close();
                    rows.get('nothing').onsuccess = again;
                    done(null);
                };
                rows.get('nothing').onsuccess = again;
            };",
            Vec::new(),
        )
        .await;
    }

    /// Ends what [`Person::holds_storage`] began.
    pub async fn lets_storage_go(&self) {
        self.run("window.heldByJourney = false; arguments[0](null);", Vec::new()).await;
    }

    /// Taps rows of the roll in one go and returns which of them have their tick as soon as so many have.
    pub async fn taps_at_once(&self, rows: &[usize], ticks: usize) -> Vec<usize> {
        let rows = serde_json::json!(rows);
        let ticked = self
            .run(
                "const [rows, ticks, done] = arguments;
                const row = (place) => document.querySelector(`.roll > li:nth-child(${place})`);
                const ticked = () => rows.filter((place) => row(place).dataset.status === 'here');
                const watch = new MutationObserver(() => { if (ticked().length >= ticks) { watch.disconnect(); done(ticked()); } });
                watch.observe(document.querySelector('.roll'), { attributes: true, subtree: true });
                for (const place of rows) row(place).querySelector('.roll-name').click();
                if (ticks === 0) { watch.disconnect(); done(ticked()); }",
                vec![rows, ticks.into()],
            )
            .await;
        places(&ticked)
    }

    /// Returns the rows of the roll that have their tick at this moment.
    pub async fn ticked(&self) -> Vec<usize> {
        self.find(".roll > li").await;
        let rows = self
            .run(
                "const rows = [...document.querySelectorAll('.roll > li')];
                arguments[0](rows.flatMap((row, place) => row.dataset.status === 'here' ? [place + 1] : []));",
                Vec::new(),
            )
            .await;
        places(&rows)
    }

    /// Carries out one step of the storage script on its page; returns what is wrong, or nothing.
    pub async fn storage_step(&self, number: usize) -> Option<String> {
        let script = "const done = arguments[1];
            step(arguments[0]).then(said => done(said ?? null), error => done(String(error)));";
        self.run(script, vec![number.into()]).await.as_str().map(str::to_owned)
    }

    /// Runs a script that calls its last argument when it is done.
    async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        match self.driver().execute_async(script, arguments).await {
            Ok(done) => done.json().clone(),
            Err(error) => panic!("{}: {error}\n{}", self.name, self.page_text().await),
        }
    }
}

fn places(rows: &Value) -> Vec<usize> {
    rows.as_array().unwrap().iter().map(|place| place.as_u64().unwrap() as usize).collect()
}
