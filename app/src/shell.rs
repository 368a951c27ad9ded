//! What pages know of the phone, and where their wishes go.
//!
//! State comes down as signals, wishes go up as calls whose answer says what became durable. The loop behind it
//! is in `engine`; nothing else sets the workspace.

mod engine;

use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;

use futures_channel::oneshot;
use leptos::prelude::*;
use shared::domain::Workspace;
use shared::domain::command::Command;
use shared::id::{Address, DeviceCode, DeviceNumber, FactId};
use shared::identity::{Digest, Holder, Reason};
use shared::replica::{Founding, Input, InvitationWish, Outcome, RecordState, Refused, Status, Wake};
use shared::time::Instant;
use wasm_bindgen_futures::spawn_local;

use crate::platform::persistence::Persistence;
use crate::platform::{events, files, page, worker};
use engine::Engine;

/// The name of the file that holds the authority's key.
const AUTHORITY_FILE: &str = "pingyi-township-key.txt";

/// What came of a wish: what it made durable, or why nothing was changed.
pub type Answer = Result<Outcome, Refused>;

/// What this tab is to the records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Storage is being opened and read.
    #[default]
    Opening,
    /// This tab writes.
    Here,
    /// Another tab writes; this one shows nothing of the records.
    Elsewhere(Parting),
    /// The other tab was asked to let go; this one waits.
    Asking,
    /// The browser gives no randomness, so that nothing could be signed.
    NoEntropy,
}

/// How this tab came to be without the records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parting {
    /// Another tab took them because this one gave no sign of life.
    pub was_silent: bool,
    /// Wishes of this tab that had no answer: nobody can tell here whether they were recorded.
    pub unanswered: usize,
}

/// What the browser says about this device, beside the records' own status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// What this tab is to the records.
    pub place: Place,
    /// Whether the browser promised to keep the records.
    pub persistence: Persistence,
    /// The browser threw this device's records away (E39).
    pub emptied: bool,
    /// A new version has arrived whole and waits for consent.
    pub new_version: bool,
}

/// The phone, as every page finds it by [`Phone::expect`].
#[derive(Clone, Copy)]
pub struct Phone {
    /// Everything this device knows.
    pub workspace: Signal<Arc<Workspace>>,
    /// What can honestly be said of storage, relay and own records.
    pub status: Signal<Status>,
    /// Who holds this device, once it is enrolled.
    pub me: Signal<Option<Holder>>,
    /// What the browser says about this device.
    pub device: Signal<Device>,
    engine: StoredValue<Rc<Engine>, LocalStorage>,
}

impl Phone {
    /// Starts the loop and provides the phone to every page below.
    pub fn provide() -> Self {
        let (workspace, set_workspace) = signal(Arc::new(Workspace::default()));
        let (status, set_status) = signal(Status::default());
        let (me, set_me) = signal(None);
        let (device, set_device) = signal(Device::default());
        let engine = Engine::new(set_workspace, set_status, set_me, set_device);
        let phone = Self {
            workspace: workspace.into(),
            status: status.into(),
            me: me.into(),
            device: device.into(),
            engine: StoredValue::new_local(Rc::clone(&engine)),
        };
        provide_context(phone);

        events::on_online(phone.waking(Wake::Online));
        events::on_visible(phone.waking(Wake::Visible));
        events::on_visible(worker::look_for_new_version);
        worker::on_new_version(move || set_device.update(|device| device.new_version = true));
        spawn_local(engine.take_place());
        phone
    }

    /// Finds the phone that [`Phone::provide`] gave.
    pub fn expect() -> Self {
        expect_context()
    }

    /// Asks for something; the answer comes once it is durable, or at once when it is refused.
    pub fn ask(self, command: Command) -> impl Future<Output = Answer> + use<> {
        answered(self.engine().wish(|ticket| Input::Command { ticket, command }))
    }

    /// Takes up an invitation, given as its link.
    pub fn enrol(self, link: String) -> impl Future<Output = Answer> + use<> {
        answered(self.engine().wish(|ticket| Input::Enrol { ticket, link }))
    }

    /// Founds the township on this device.
    pub fn found(self, founding: Founding) -> impl Future<Output = Answer> + use<> {
        answered(self.engine().wish(|ticket| Input::Found { ticket, founding }))
    }

    /// Takes a new relay into service for the township whose key this device holds.
    pub fn refound(self, token: String) -> impl Future<Output = Answer> + use<> {
        answered(self.engine().wish(|ticket| Input::Refound { ticket, token }))
    }

    /// Invites another device; the outcome holds the link.
    pub fn invite(self, wish: InvitationWish) -> impl Future<Output = Answer> + use<> {
        answered(self.engine().wish(|ticket| Input::Invite { ticket, wish }))
    }

    /// Revokes a device.
    pub fn revoke(self, device: DeviceNumber, reason: Reason) -> impl Future<Output = Answer> + use<> {
        answered(self.engine().wish(|ticket| Input::Revoke { ticket, device, reason }))
    }

    /// Revokes a device and invites another for the same person; the outcome holds the link.
    pub fn replace(
        self,
        device: DeviceNumber,
        reason: Reason,
        code: DeviceCode,
        (take_by, expires): (Instant, Instant),
    ) -> impl Future<Output = Answer> + use<> {
        answered(self.engine().wish(|ticket| Input::Replace { ticket, device, reason, code, take_by, expires }))
    }

    /// Decides whether a held batch counts.
    pub fn judge(self, batch: Digest, accepts: bool) -> impl Future<Output = Answer> + use<> {
        answered(self.engine().wish(|ticket| Input::Judge { ticket, batch, accepts }))
    }

    /// Returns where a record has been proved to be; follows what the status says.
    pub fn state_of(self, address: &Address, fact: &FactId) -> Option<RecordState> {
        self.status.track();
        self.workspace.track();
        self.engine().state_of(address, fact)
    }

    /// Tries storage that failed and talks to the relay, both at once; the status says what came of it.
    pub fn sync_now(self) {
        self.engine().feed(Input::Wake(Wake::Button));
    }

    /// Asks the tab that writes to let go, and goes on here once it has.
    pub fn continue_here(self) {
        spawn_local(self.engine().ask_for_place());
    }

    /// Lets the version that waits in, and opens the page anew under it.
    pub fn take_new_version(self) {
        worker::let_new_version_in();
    }

    /// Hands the authority's key to the browser's downloads; tells whether the browser took it.
    ///
    /// Only the device that founded the township has the key.
    pub fn save_authority_key(self) -> bool {
        self.engine()
            .authority_key()
            .is_some_and(|key| files::save(AUTHORITY_FILE, "text/plain", key.as_bytes()).is_ok())
    }

    /// Opens the page anew, after storage could not be read.
    pub fn reopen(self) {
        page::reload();
    }

    fn engine(self) -> Rc<Engine> {
        self.engine.get_value()
    }

    fn waking(self, wake: Wake) -> impl FnMut() + 'static {
        let engine = self.engine();
        move || engine.feed(Input::Wake(wake))
    }
}

/// Waits for an answer; a seat that is given up drops its questions unanswered, and then nothing was recorded.
async fn answered(answer: oneshot::Receiver<Answer>) -> Answer {
    answer.await.unwrap_or(Err(Refused::NotLoaded))
}
