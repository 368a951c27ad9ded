//! What other relays on the same database have written: heard as it is committed, or looked up after a deaf moment.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use shared::id::ScopeId;
use shared::identity::Digest;
use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::time::{sleep, timeout};

use super::Database;
use crate::error::LogError;
use crate::listeners::Listeners;
use crate::log::Head;
use crate::log::heads::Heads;
use crate::log::store::Settled;
use crate::log::tail::Tail;

/// Where relays tell each other.
pub const CHANNEL: &str = "pingyi";
/// What they tell when a setting of the township was kept or removed.
pub const SETTLED: &str = "settled";
/// How long a silent line to the database is believed; then it is asked whether it is there.
const SILENCE: Duration = Duration::from_secs(15);
/// How long the answer to that may take.
const ANSWER: Duration = Duration::from_secs(5);
/// The pause before listening is tried again, at first and at most; meanwhile every question goes to the store.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// Entries of another relay that are read at once for phones that wait here; beyond, each phone reads for itself.
const ENTRIES: usize = 64;

/// That the log of a scope has grown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The scope.
    pub scope: ScopeId,
    /// Where its log ends.
    pub head: Head,
}

impl fmt::Display for News {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.head.position, self.scope)?;
        self.head.digest.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for News {
    type Err = LogError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (position, rest) = text.split_once(' ')?;
            let (scope, digits) = rest.split_once(' ')?;
            let mut digest = [0; 32];
            if digits.len() != 2 * digest.len() {
                return None;
            }
            for (at, byte) in digest.iter_mut().enumerate() {
                *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
            }
            let head = Head { position: position.parse().ok()?, digest: Digest(digest) };
            Some(Self { scope: scope.parse().ok()?, head })
        };
        read().ok_or(LogError::Damaged)
    }
}

/// Who hears the news.
#[derive(Clone, Debug)]
pub struct Hearing {
    /// The database.
    pub database: Database,
    /// The ends of the logs, believed while this relay hears.
    pub heads: Heads,
    /// What is newest.
    pub tail: Tail,
    /// The phones that wait here.
    pub listeners: Arc<Listeners>,
    /// Told of every setting that was kept, this relay's own among them.
    pub settled: Settled,
}

impl Hearing {
    /// Hears for as long as the relay runs.
    pub async fn run(self) -> Infallible {
        let mut pause = PAUSES.0;
        loop {
            let Err(error) = self.hear(&mut pause).await;
            tracing::warn!(%error, "this relay does not hear the others and asks the database each time");
            self.heads.doubt();
            self.tail.clear();
            sleep(pause).await;
            pause = PAUSES.1.min(2 * pause);
        }
    }

    /// Hears until the line to the database breaks.
    async fn hear(&self, pause: &mut Duration) -> Result<Infallible, LogError> {
        let line = PgPoolOptions::new().max_connections(1).acquire_timeout(ANSWER);
        let line = line.connect_with((*self.database.options).clone()).await?;
        let mut listener = PgListener::connect_with(&line).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        *pause = PAUSES.0;
        loop {
            self.settle_doubt().await?;
            let heard = tokio::select! {
                () = self.heads.doubted_anew() => continue,
                heard = timeout(SILENCE, listener.try_recv()) => heard,
            };
            match heard {
                Ok(heard) => {
                    let heard = heard?.ok_or(LogError::Deaf)?;
                    if heard.payload() == SETTLED {
                        self.settled.tell();
                    } else if heard.process_id() != self.database.own.load(Ordering::Acquire) {
                        self.take_in(heard.payload().parse()?).await?;
                    }
                }
                Err(_) => {
                    let asked = sqlx::query("SELECT 1").execute(&mut listener);
                    timeout(ANSWER, asked).await.map_err(|_| LogError::Deaf)??;
                }
            }
        }
    }

    /// Reads where the logs end, while this relay hears what is committed meanwhile; then everybody looks for news.
    async fn settle_doubt(&self) -> Result<(), LogError> {
        while let Some(doubt) = self.heads.doubted() {
            let found = self.database.heads().await?;
            if self.heads.trust(doubt, found.clone()) {
                self.settled.tell();
                found.keys().for_each(|scope| self.listeners.wake(scope));
            }
        }
        Ok(())
    }

    /// Takes in that another relay has written, and wakes those who wait here for it.
    async fn take_in(&self, News { scope, head }: News) -> Result<(), LogError> {
        if self.listeners.has(&scope) {
            // Read once for all who wait, from where they are likely to stand.
            let known = self.heads.of(&scope).unwrap_or_default().position;
            let after = known.max(head.position.saturating_sub(ENTRIES as u64));
            let found = self.database.entries(&scope, after, ENTRIES).await?;
            self.tail.extend(found.into_iter().map(|kept| (scope.clone(), kept)));
        }
        self.heads.advance([(scope.clone(), head)]);
        self.listeners.wake(&scope);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_are_read_as_they_were_told() {
        let head = Head { position: 42, digest: Digest([0xa7; 32]) };
        let news = News { scope: "village.420529202209.cases".parse().unwrap(), head };
        assert_eq!(news.to_string().parse::<News>().unwrap(), news);
        for text in ["", "42", "42 township", "x township 00", "42 township 0g", &format!("{news}0")] {
            assert!(text.parse::<News>().is_err(), "{text}");
        }
    }
}
