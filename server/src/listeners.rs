//! The phones that wait for news, by the scope whose log they follow.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use shared::id::ScopeId;
use tokio::sync::Notify;

/// The phones that wait for news.
#[derive(Debug, Default)]
pub struct Listeners(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    next: u64,
    by_scope: BTreeMap<ScopeId, BTreeMap<u64, Arc<Notify>>>,
}

impl Listeners {
    /// Wakes everybody who waits for news of a scope.
    pub fn wake(&self, scope: &ScopeId) {
        if let Ok(waiting) = self.0.lock() {
            waiting.by_scope.get(scope).into_iter().flat_map(BTreeMap::values).for_each(|bell| bell.notify_one());
        }
    }

    /// Returns whether anybody waits for news of a scope.
    pub fn has(&self, scope: &ScopeId) -> bool {
        self.0.lock().is_ok_and(|waiting| waiting.by_scope.contains_key(scope))
    }

    /// Draws a number for a phone that will listen.
    pub fn number(&self) -> u64 {
        self.0.lock().map_or(0, |mut waiting| {
            waiting.next += 1;
            waiting.next
        })
    }

    /// Rings the bell of a phone at every news of a scope from here on.
    pub fn listen(&self, number: u64, scope: &ScopeId, bell: &Arc<Notify>) {
        if let Ok(mut waiting) = self.0.lock() {
            waiting.by_scope.entry(scope.clone()).or_default().insert(number, bell.clone());
        }
    }

    /// Forgets a phone.
    pub fn leave(&self, number: u64) {
        if let Ok(mut waiting) = self.0.lock() {
            waiting.by_scope.retain(|_, bells| {
                bells.remove(&number);
                !bells.is_empty()
            });
        }
    }
}
