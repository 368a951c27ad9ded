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

use crate::config::Config;
use crate::error::{LogError, ServerError};
use crate::limits::Gate;
use crate::live::Listeners;
use crate::log::Log;
use crate::log::writer::Settings;
use crate::metrics::Metrics;
use crate::seed::Seed;
use crate::session::Sessions;

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
    /// The number that changes when the relay is restored from a backup.
    pub epoch: u32,
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
    founding: tokio::sync::Mutex<()>,
}

impl Relay {
    /// Opens the data folder, making what is missing; the handle ends when the log is closed.
    pub async fn open(config: &Config, stopping: watch::Receiver<bool>) -> Result<(Self, JoinHandle<()>), ServerError> {
        std::fs::create_dir_all(&config.data).map_err(|error| ServerError::Data(config.data.clone(), error))?;
        let listeners = Arc::new(Listeners::default());
        let woken = listeners.clone();
        let (log, writer) = Log::open(&config.data.join(DATABASE), move |scope| woken.wake(scope)).await?;
        let key = match log.setting(SEED).await? {
            Some(seed) => DeviceKey::from_seed(seed.try_into().map_err(|_| LogError::Damaged)?),
            None => {
                let key = DeviceKey::from_seed(random());
                // An epoch of zero is what a phone says before it knows one.
                let epoch = u32::from_be_bytes(random()).max(1);
                let settings = vec![(SEED, Some(key.seed().to_vec())), (EPOCH, Some(epoch.to_be_bytes().to_vec()))];
                log.settle(settings).await?;
                key
            }
        };
        let epoch = log.setting(EPOCH).await?.and_then(|bytes| bytes.try_into().ok()).ok_or(LogError::Damaged)?;
        let authority = match log.setting(AUTHORITY).await? {
            Some(bytes) => Some(PublicKey(bytes.try_into().map_err(|_| LogError::Damaged)?)),
            None => None,
        };
        let relay = Self {
            log,
            key,
            epoch: u32::from_be_bytes(epoch),
            sessions: Sessions::default(),
            gate: Gate::new(&config.limits),
            metrics: Metrics::default(),
            listeners,
            stopping,
            authority: RwLock::new(authority),
            receipts: RwLock::default(),
            founding: tokio::sync::Mutex::default(),
        };
        Ok((relay, writer))
    }

    /// Returns the township's authority, or nothing before the township is founded.
    pub fn authority(&self) -> Option<PublicKey> {
        self.authority.read().map_or(None, |authority| *authority)
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
        let _alone = self.founding.lock().await;
        if self.authority().is_some() {
            return Err(ServerError::AlreadyFounded);
        }
        if let Some(token) = self.log.setting(FOUNDING).await? {
            return Ok(Token(token.try_into().map_err(|_| LogError::Damaged)?));
        }
        let token = Token(random());
        self.log.settle(vec![(FOUNDING, Some(token.0.to_vec()))]).await?;
        Ok(token)
    }

    /// Serves this authority from here on; false if the token is wrong or the township is founded already.
    pub async fn found(
        &self,
        token: Token,
        authority: PublicKey,
        code: &UnitCode,
        name: &str,
    ) -> Result<bool, LogError> {
        let _alone = self.founding.lock().await;
        let known = self.log.setting(FOUNDING).await?;
        if self.authority().is_some() || known.as_deref() != Some(token.0.as_slice()) {
            return Ok(false);
        }
        self.log.settle(founded(authority, code, name)).await?;
        self.serve_authority(authority);
        Ok(true)
    }

    /// Lays a township's beginning as it was built elsewhere, all of it or nothing.
    pub async fn lay(&self, seed: Seed) -> Result<(), ServerError> {
        let _alone = self.founding.lock().await;
        if self.authority().is_some() {
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
        self.log.settle(vec![(LINKS, Some(text.into_bytes()))]).await?;
        Ok(())
    }

    fn serve_authority(&self, authority: PublicKey) {
        if let Ok(mut held) = self.authority.write() {
            *held = Some(authority);
        }
    }
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
