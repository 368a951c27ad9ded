//! What every request shares: the log, the relay's own key, the township's authority, sessions and listeners.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use rand_core::{OsRng, TryRngCore};
use shared::id::{ScopeId, UnitCode};
use shared::identity::{DeviceKey, PublicKey, Receipt, Signature};
use shared::time::Instant;
use shared::wire::Token;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::backup::Heading;
use crate::config::Config;
use crate::epoch::Epoch;
use crate::error::{LogError, ServerError};
use crate::limits::Gate;
use crate::listeners::Listeners;
use crate::log::store::Place;
use crate::log::writer::{If, Settings};
use crate::log::{Head, Log, Push};
use crate::metrics::Metrics;
use crate::seed::Seed;
use crate::session::Sessions;
use crate::stretch::Stretches;

/// The name of the database within the data folder.
const DATABASE: &str = "relay.sqlite";

const SEED: &str = "relay.seed";
const EPOCH: &str = "epoch";
const AUTHORITY: &str = "authority";
const FOUNDING: &str = "founding";
const NAME: &str = "name";
const CODE: &str = "code";
const LINKS: &str = "links";

/// What every request shares.
#[derive(Debug)]
pub struct Relay {
    /// The log.
    pub log: Log,
    /// The key that signs receipts.
    pub key: DeviceKey,
    /// The number that changes when the log has lost something.
    pub epoch: Epoch,
    /// The open sessions.
    pub sessions: Sessions,
    /// Who may ask how much.
    pub gate: Gate,
    /// What is counted and measured.
    pub metrics: Metrics,
    /// The phones that wait for news.
    pub listeners: Arc<Listeners>,
    /// Turns true when the relay stops, for connections that would outlive it.
    pub stopping: watch::Receiver<bool>,
    authority: RwLock<Option<PublicKey>>,
    /// The last receipt of each scope: everybody who is online is given the same.
    receipts: RwLock<BTreeMap<ScopeId, (Receipt, Signature)>>,
    /// What phones are given that read a log for the first time.
    pub stretches: Stretches,
    laying: tokio::sync::Mutex<()>,
    /// Held while a batch is put aside for the office, since its limits are looked up before.
    pub holding: tokio::sync::Mutex<()>,
}

impl Relay {
    /// Opens the data folder, making what is missing; the handle ends when the log is closed.
    pub async fn open(config: &Config, stopping: watch::Receiver<bool>) -> Result<(Self, JoinHandle<()>), ServerError> {
        let listeners = Arc::new(Listeners::default());
        let (log, writer) = match &config.store {
            Some(url) => Log::open(Place::Database(url), listeners.clone()).await?,
            None => {
                std::fs::create_dir_all(&config.data).map_err(|error| ServerError::Data(config.data.clone(), error))?;
                Log::open(Place::File(&config.data.join(DATABASE)), listeners.clone()).await?
            }
        };
        if log.setting(SEED).await?.is_none() {
            let drawn = vec![begun(Epoch::draw()), (SEED, Some(random::<32>().to_vec()))];
            // Another relay on the same store may have been first: what is there is read again either way.
            log.settle(If::Missing(&[SEED]), drawn).await?;
        }
        let seed = log.setting(SEED).await?.and_then(|bytes| bytes.try_into().ok()).ok_or(LogError::Damaged)?;
        let key = DeviceKey::from_seed(seed);
        let epoch = log.setting(EPOCH).await?.and_then(|bytes| bytes.try_into().ok()).ok_or(LogError::Damaged)?;
        let authority = read_authority(&log).await?;
        let relay = Self {
            log,
            key,
            epoch: Epoch::new(u32::from_be_bytes(epoch)),
            sessions: Sessions::default(),
            gate: Gate::new(&config.limits),
            metrics: Metrics::default(),
            listeners,
            stopping,
            authority: RwLock::new(authority),
            receipts: RwLock::default(),
            stretches: Stretches::default(),
            laying: tokio::sync::Mutex::default(),
            holding: tokio::sync::Mutex::default(),
        };
        Ok((relay, writer))
    }

    /// Opens a relay whose data are there.
    pub async fn open_existing(
        config: &Config,
        stopping: watch::Receiver<bool>,
    ) -> Result<(Self, JoinHandle<()>), ServerError> {
        if config.store.is_some() || config.data.join(DATABASE).exists() {
            Self::open(config, stopping).await
        } else {
            Err(ServerError::NoRelay(config.data.clone()))
        }
    }

    /// Takes over the epoch that another relay on the same store may have begun, where this one has heard of it or does
    /// not hear.
    pub async fn keep_up(&self) -> Result<(), LogError> {
        if !self.log.may_be_settled_elsewhere() {
            return Ok(());
        }
        self.learn_epoch().await.inspect_err(|_| self.log.doubt_settings())
    }

    /// Returns the township's authority, or nothing before this relay knows that the township is founded.
    pub fn authority(&self) -> Option<PublicKey> {
        self.authority.read().map_or(None, |authority| *authority)
    }

    /// Returns the township's authority, asking the store where it may have been founded at another relay.
    pub async fn learn_authority(&self) -> Result<Option<PublicKey>, LogError> {
        if let Some(known) = self.authority() {
            return Ok(Some(known));
        }
        let found = read_authority(&self.log).await?;
        found.into_iter().for_each(|authority| self.serve_authority(authority));
        Ok(found)
    }

    /// Signs a receipt, or gives the signature again where it is the last one of its scope.
    pub fn receipt(&self, receipt: Receipt) -> Signature {
        let last = self.receipts.read().map_or(None, |receipts| receipts.get(&receipt.scope).cloned());
        if let Some((known, signature)) = last
            && known == receipt
        {
            return signature;
        }
        let signature = receipt.sign(&self.key);
        if let Ok(mut receipts) = self.receipts.write() {
            receipts.insert(receipt.scope.clone(), (receipt, signature));
        }
        signature
    }

    /// Returns the token by which the office's own device may found the township, drawing it once.
    pub async fn founding_token(&self) -> Result<Token, ServerError> {
        let drawn = Token(random());
        self.log.settle(If::Missing(&[FOUNDING, AUTHORITY]), vec![(FOUNDING, Some(drawn.0.to_vec()))]).await?;
        match self.log.setting(FOUNDING).await? {
            Some(token) => Ok(Token(token.try_into().map_err(|_| LogError::Damaged)?)),
            None => Err(ServerError::AlreadyFounded),
        }
    }

    /// Serves this authority from here on; false if the token is wrong or the township is founded already.
    pub async fn found(
        &self,
        token: Token,
        authority: PublicKey,
        code: &UnitCode,
        name: &str,
    ) -> Result<bool, LogError> {
        // The token is there until the township is founded, and goes with the founding.
        let is_founded = self.log.settle(If::Is(FOUNDING, token.0.to_vec()), founded(authority, code, name)).await?;
        if is_founded {
            self.serve_authority(authority);
        }
        Ok(is_founded)
    }

    /// Lays a township's beginning as it was built elsewhere, all of it or nothing.
    pub async fn lay(&self, seed: Seed) -> Result<(), ServerError> {
        let _alone = self.laying.lock().await;
        if self.learn_authority().await?.is_some() {
            return Err(ServerError::AlreadyFounded);
        }
        let mut settings = founded(seed.authority, &seed.code, &seed.name);
        settings.push((LINKS, Some(seed.links_text().into_bytes())));
        let authority = seed.authority;
        self.log.lay(seed.admit(now())?, settings).await?;
        self.serve_authority(authority);
        Ok(())
    }

    /// Returns the enrolment links that came with the township's beginning, each after its role's name.
    pub async fn links(&self) -> Result<Vec<(String, String)>, ServerError> {
        let text = self.log.setting(LINKS).await?.unwrap_or_default();
        let text = String::from_utf8(text).map_err(|_| LogError::Damaged)?;
        let pairs = text.lines().filter_map(|line| line.split_once('\t'));
        Ok(pairs.map(|(role, link)| (role.to_owned(), link.to_owned())).collect())
    }

    /// Keeps the enrolment links of a sample township, so that a later start prints them again.
    pub async fn keep_links(&self, links: &[(String, String)]) -> Result<(), ServerError> {
        let text: String = links.iter().map(|(role, link)| format!("{role}\t{link}\n")).collect();
        self.log.settle(If::Always, vec![(LINKS, Some(text.into_bytes()))]).await?;
        Ok(())
    }

    /// Asks the store for the epoch, which another relay on it may have begun.
    pub async fn learn_epoch(&self) -> Result<(), LogError> {
        let found = self.log.setting(EPOCH).await?.and_then(|bytes| bytes.try_into().ok());
        let number = u32::from_be_bytes(found.ok_or(LogError::Damaged)?);
        if number != self.epoch.number() {
            self.epoch.begin(number);
            self.stretches.clear();
        }
        Ok(())
    }

    /// Takes a receipt of this relay's own that the log contradicts as the proof that the disk went back: begins an
    /// epoch that has nothing in common with the one before.
    pub async fn doubt(&self, receipt: &Receipt, signature: &Signature) -> Result<(), LogError> {
        let Receipt { scope, epoch, position, digest } = receipt;
        if *epoch != self.epoch.number() || receipt.verify(&self.key.public(), signature).is_err() {
            return Ok(());
        }
        if self.log.digest(scope, *position).await? == Some(*digest) {
            return Ok(());
        }
        tracing::error!(%scope, position, "the log contradicts a receipt of its own: it has lost records");
        let next = Epoch::draw();
        // Whoever finds it out first begins the next epoch, once.
        self.log.settle(If::Is(EPOCH, epoch.to_be_bytes().to_vec()), vec![begun(next)]).await?;
        self.learn_epoch().await
    }

    /// Returns what a backup says before the logs; nothing before the township is founded.
    pub async fn heading(&self) -> Result<Option<Heading>, LogError> {
        let Some(authority) = self.authority() else { return Ok(None) };
        let text = |bytes: Option<Vec<u8>>| String::from_utf8(bytes.unwrap_or_default()).map_err(|_| LogError::Damaged);
        let code = text(self.log.setting(CODE).await?)?.parse().map_err(|_| LogError::Damaged)?;
        let name = text(self.log.setting(NAME).await?)?;
        Ok(Some(Heading { authority, code, name, relay: self.key.public(), epoch: self.epoch.number() }))
    }

    /// Lays what was read of a backup into an empty log.
    pub async fn lay_entries(&self, pushes: Vec<Push>) -> Result<(), LogError> {
        self.log.lay(pushes, Vec::new()).await
    }

    /// Serves the authority of a backup whose entries were laid, under a new epoch.
    pub async fn go_on(&self, heading: &Heading, ends: &BTreeMap<ScopeId, Head>) -> Result<(), LogError> {
        let _alone = self.laying.lock().await;
        if self.log.ends().await? != *ends {
            return Err(LogError::Damaged);
        }
        let epoch = Epoch::draw();
        let mut settings = founded(heading.authority, &heading.code, &heading.name);
        settings.push(begun(epoch));
        self.log.settle(If::Always, settings).await?;
        self.epoch.begin(epoch);
        self.serve_authority(heading.authority);
        Ok(())
    }

    fn serve_authority(&self, authority: PublicKey) {
        if let Ok(mut held) = self.authority.write() {
            *held = Some(authority);
        }
    }
}

async fn read_authority(log: &Log) -> Result<Option<PublicKey>, LogError> {
    let found = log.setting(AUTHORITY).await?;
    found.map(|bytes| bytes.try_into().map(PublicKey).map_err(|_| LogError::Damaged)).transpose()
}

/// Returns the setting of an epoch.
fn begun(epoch: u32) -> (&'static str, Option<Vec<u8>>) {
    (EPOCH, Some(epoch.to_be_bytes().to_vec()))
}

fn founded(authority: PublicKey, code: &UnitCode, name: &str) -> Settings {
    vec![
        (AUTHORITY, Some(authority.0.to_vec())),
        (CODE, Some(code.as_str().as_bytes().to_vec())),
        (NAME, Some(name.as_bytes().to_vec())),
        (FOUNDING, None),
    ]
}

/// Returns the relay's clock.
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Draws random bytes from the system.
///
/// A system without randomness cannot keep any secret, so that nothing is left but to stop.
#[allow(clippy::expect_used, reason = "no key may ever be made without randomness")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).expect("the system gives randomness");
    bytes
}
