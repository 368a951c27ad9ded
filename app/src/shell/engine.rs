//! The loop: feeds the replica with inputs and carries out its effects.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;

use futures_channel::oneshot;
use gloo_timers::callback::Timeout;
use leptos::prelude::{Set, Update, WriteSignal};
use rand_chacha::ChaCha20Rng;
use shared::domain::Workspace;
use shared::id::{Address, FactId};
use shared::identity::Holder;
use shared::replica::{Effect, Input, RecordState, Replica, RequestId, Status, Ticket, Wake};
use shared::store::{StorageTrouble, Write};
use shared::time::Instant;
use wasm_bindgen_futures::spawn_local;

use super::{Answer, Device, Parting, Place};
use crate::platform::indexed_db::IndexedDb;
use crate::platform::network::{Live, LiveEvent};
use crate::platform::tabs::Seat;
use crate::platform::{clock, entropy, network, persistence, preferences};
use crate::state::reopening;

/// One replica and what it holds of the browser.
pub(super) struct Engine {
    set_workspace: WriteSignal<Arc<Workspace>>,
    set_status: WriteSignal<Status>,
    set_me: WriteSignal<Option<Holder>>,
    set_device: WriteSignal<Device>,
    /// Nothing before the seat is taken and after it is given up.
    running: RefCell<Option<Running>>,
    /// Counts the seats this tab has had, so that what was started under an earlier one is not reported.
    sitting: Cell<u32>,
    tickets: Cell<u64>,
    persistence_asked: Cell<bool>,
}

/// What exists only while this tab writes.
struct Running {
    replica: Replica,
    entropy: ChaCha20Rng,
    database: Option<IndexedDb>,
    seat: Seat,
    live: Option<Live>,
    timer: Option<Timeout>,
    asked: BTreeMap<Ticket, oneshot::Sender<Answer>>,
    /// Writes under way; the seat is given up only when there is none.
    writing: usize,
    /// Another tab asked for the seat.
    leaving: bool,
}

impl Engine {
    pub(super) fn new(
        set_workspace: WriteSignal<Arc<Workspace>>,
        set_status: WriteSignal<Status>,
        set_me: WriteSignal<Option<Holder>>,
        set_device: WriteSignal<Device>,
    ) -> Rc<Self> {
        let (running, sitting, tickets) = (RefCell::new(None), Cell::new(0), Cell::new(0));
        let persistence_asked = Cell::new(false);
        Rc::new(Self { set_workspace, set_status, set_me, set_device, running, sitting, tickets, persistence_asked })
    }

    /// Takes the seat if no other tab has it.
    pub(super) async fn take_place(self: Rc<Self>) {
        match Seat::take().await {
            Some(seat) => self.run(seat).await,
            None => self.place(Place::Elsewhere(Parting::default())),
        }
    }

    /// Asks the tab that writes to let go, and waits for it.
    pub(super) async fn ask_for_place(self: Rc<Self>) {
        self.place(Place::Asking);
        match Seat::ask().await {
            Some(seat) => self.run(seat).await,
            None => self.place(Place::Elsewhere(Parting::default())),
        }
    }

    /// Feeds one input; without a seat there is nobody to hear it.
    pub(super) fn feed(self: &Rc<Self>, input: Input) {
        let effects = {
            let mut running = self.running.borrow_mut();
            let Some(Running { replica, entropy, .. }) = running.as_mut() else { return };
            replica.handle(clock::now(), entropy, input)
        };
        for effect in effects {
            self.carry_out(effect);
        }
    }

    /// Sends a wish on its way at once and returns what will answer it.
    pub(super) fn wish(self: &Rc<Self>, input: impl FnOnce(Ticket) -> Input) -> oneshot::Receiver<Answer> {
        let ticket = Ticket(self.tickets.get());
        self.tickets.set(ticket.0 + 1);
        let (answer, answered) = oneshot::channel();
        if let Some(running) = self.running.borrow_mut().as_mut() {
            running.asked.insert(ticket, answer);
        }
        self.feed(input(ticket));
        answered
    }

    /// Returns where a record has been proved to be.
    pub(super) fn state_of(&self, address: &Address, fact: &FactId) -> Option<RecordState> {
        self.running.borrow().as_ref()?.replica.state_of(address, fact)
    }

    /// Returns the authority's key as text, on the one device that has it.
    pub(super) fn authority_key(&self) -> Option<String> {
        let running = self.running.borrow();
        Some(reopening::key_file(&running.as_ref()?.replica.authority_seed()?))
    }

    async fn run(self: Rc<Self>, mut seat: Seat) {
        let Ok(entropy) = entropy::draw() else {
            seat.release();
            return self.place(Place::NoEntropy);
        };
        let engine = Rc::clone(&self);
        seat.on_asked(move || engine.leave());
        let engine = Rc::clone(&self);
        seat.on_lost(move || engine.lose());
        self.sitting.set(self.sitting.get() + 1);
        self.place(Place::Opening);
        let (opened, rows) = match IndexedDb::open().await {
            Ok(database) => {
                let rows = database.load().await;
                (Some(database), rows)
            }
            Err(trouble) => (None, Err(trouble)),
        };
        let emptied = rows.as_ref().is_ok_and(Vec::is_empty) && preferences::has_kept_records();
        *self.running.borrow_mut() = Some(Running {
            replica: Replica::new(),
            entropy,
            database: opened,
            seat,
            live: None,
            timer: None,
            asked: BTreeMap::new(),
            writing: 0,
            leaving: false,
        });
        self.feed(match rows {
            Ok(rows) => Input::Loaded(rows),
            Err(trouble) => Input::LoadFailed(trouble),
        });
        self.show();
        self.set_device.update(|device| {
            device.place = Place::Here;
            device.emptied = emptied;
        });
    }

    fn carry_out(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Write(write) => self.write(&write),
            Effect::Read { key } => self.read(key),
            Effect::Send { request, path, token, body } => self.send(request, path, token, body),
            Effect::OpenLive => self.open_live(),
            Effect::LiveSend(message) => self.with(|running| {
                if let Some(live) = &running.live {
                    live.send(&message);
                }
            }),
            Effect::CloseLive => self.with(|running| running.live = None),
            Effect::TimerAt(at) => self.wake_at(at),
            Effect::Done { ticket, result } => self.with(|running| {
                if let Some(answer) = running.asked.remove(&ticket) {
                    // A page that was left does not wait for its answer.
                    drop(answer.send(result));
                }
            }),
            Effect::Changed => self.show(),
        }
    }

    /// Hands the pages what the replica knows; the only place that sets the workspace.
    fn show(self: &Rc<Self>) {
        let mut known = None;
        self.with(|running| {
            let Running { replica, .. } = running;
            known = Some((Arc::clone(replica.proved()), replica.status().clone(), replica.me().cloned()));
        });
        let Some((workspace, status, holder)) = known else { return };
        if holder.is_some() && !self.persistence_asked.replace(true) {
            self.ask_for_persistence();
        }
        self.set_workspace.set(workspace);
        self.set_status.set(status);
        self.set_me.set(holder);
    }

    fn ask_for_persistence(self: &Rc<Self>) {
        let engine = Rc::clone(self);
        spawn_local(async move {
            let promised = persistence::ask().await;
            engine.set_device.update(|device| device.persistence = promised);
        });
    }

    fn write(self: &Rc<Self>, write: &Write) {
        let id = write.id;
        let mut started = None;
        self.with(|running| {
            running.writing += 1;
            started = running.database.as_ref().map(|database| database.write(write));
        });
        let written = async move {
            match started {
                Some(written) => written.await,
                None => Err(StorageTrouble::Denied),
            }
        };
        self.report(written, move |engine, written| {
            engine.with(|running| running.writing -= 1);
            match written {
                Ok(()) => {
                    preferences::mark_records_kept();
                    engine.feed(Input::Written(id));
                }
                // Another tab has opened the database since: this one slept, and nothing of it may be written.
                Err(StorageTrouble::Busy) => return engine.lose(),
                Err(trouble) => engine.feed(Input::WriteFailed(id, trouble)),
            }
            engine.leave_when_written();
        });
    }

    fn read(self: &Rc<Self>, key: String) {
        let mut database = None;
        self.with(|running| database = running.database.clone());
        let read = async move {
            let value = match database {
                // A row that cannot be read is as good as none to whoever checks what was written.
                Some(database) => database.read(&key).await.ok().flatten(),
                None => None,
            };
            Input::RowRead { key, value }
        };
        self.report(read, |engine, input| engine.feed(input));
    }

    fn send(self: &Rc<Self>, request: RequestId, path: &'static str, token: Option<String>, body: Vec<u8>) {
        let answered = async move { network::post(path, token.as_deref(), &body).await };
        self.report(answered, move |engine, answer| {
            engine.feed(match answer {
                Some(network::Answer { status, body }) => Input::Answered { request, status, body },
                None => Input::Unanswered { request },
            });
        });
    }

    fn open_live(self: &Rc<Self>) {
        let (engine, sitting) = (Rc::downgrade(self), self.sitting.get());
        let live = Live::open(Rc::new(move |event| {
            let Some(engine) = engine.upgrade().filter(|engine| engine.sitting.get() == sitting) else { return };
            engine.feed(match event {
                LiveEvent::Opened => Input::LiveOpened,
                LiveEvent::Message(message) => Input::LiveMessage(message),
                LiveEvent::Closed => Input::LiveClosed,
            });
        }));
        if live.is_none() {
            return self.report(std::future::ready(()), |engine, ()| engine.feed(Input::LiveClosed));
        }
        self.with(|running| running.live = live);
    }

    fn wake_at(self: &Rc<Self>, at: Instant) {
        let (engine, sitting) = (Rc::downgrade(self), self.sitting.get());
        let timer = clock::timer(at, move || {
            let Some(engine) = engine.upgrade().filter(|engine| engine.sitting.get() == sitting) else { return };
            // A long wait is reached in several.
            if clock::now() < at { engine.wake_at(at) } else { engine.feed(Input::Tick) }
        });
        self.with(|running| running.timer = Some(timer));
    }

    /// Stops writing because another tab asked; what is under way is finished first.
    fn leave(self: &Rc<Self>) {
        let mut is_first = false;
        self.with(|running| is_first = !std::mem::replace(&mut running.leaving, true));
        if is_first {
            self.place(Place::Elsewhere(Parting::default()));
            // What waits for storage to be tried again has this one try left.
            self.feed(Input::Wake(Wake::Visible));
            self.leave_when_written();
        }
    }

    fn leave_when_written(self: &Rc<Self>) {
        let mut database = None;
        self.with(|running| {
            let is_done = running.leaving && running.writing == 0;
            database = is_done.then(|| running.database.clone());
        });
        let Some(database) = database else { return };
        // A tab that wakes up hears first that it was asked to let go, though nobody waits any more.
        let was_late = async move {
            match database {
                Some(database) => database.is_ended().await,
                None => false,
            }
        };
        self.report(was_late, |engine, was_late| engine.part(was_late));
    }

    /// Stops writing because another tab already does.
    fn lose(&self) {
        self.part(true);
    }

    fn part(&self, was_silent: bool) {
        let Some(Running { database, seat, asked, .. }) = self.running.borrow_mut().take() else { return };
        self.sitting.set(self.sitting.get() + 1);
        if let Some(database) = database {
            database.close();
        }
        seat.release();
        self.place(Place::Elsewhere(Parting { was_silent, unanswered: asked.len() }));
    }

    /// Runs a task of this seat and hands on what came of it, unless the seat was given up meanwhile.
    fn report<T: 'static>(
        self: &Rc<Self>,
        task: impl Future<Output = T> + 'static,
        then: impl FnOnce(Rc<Self>, T) + 'static,
    ) {
        let (engine, sitting) = (Rc::clone(self), self.sitting.get());
        spawn_local(async move {
            let outcome = task.await;
            if engine.sitting.get() == sitting {
                then(engine, outcome);
            }
        });
    }

    fn place(&self, place: Place) {
        self.set_device.update(|device| device.place = place);
    }

    fn with(&self, call: impl FnOnce(&mut Running)) {
        if let Some(running) = self.running.borrow_mut().as_mut() {
            call(running);
        }
    }
}
