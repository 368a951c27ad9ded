//! A cable between a phone and the relay that is cut in the middle of a message.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::Relay;

/// How long the cuts may take to happen before the journey fails; an upper bound, never a pause.
const PATIENCE: Duration = Duration::from_secs(120);
/// How much is passed on at once.
const PIECE: usize = 1024;

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the phone to the relay.
    Up,
    /// From the relay to the phone.
    Down,
}

/// A cut: after so many bytes one way, every connection ends at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Whose bytes are counted.
    pub way: Way,
    /// How many of them still pass.
    pub after: usize,
}

/// A port on this machine that leads to the relay.
#[derive(Debug)]
pub struct Cable {
    port: u16,
    plan: Arc<Mutex<VecDeque<Cut>>>,
    /// Raised by one with every cut; whoever passes bytes on ends when it changes.
    cuts: watch::Sender<usize>,
}

impl Cable {
    /// Lays a cable to a relay.
    pub async fn to(relay: &Relay) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let plan = Arc::new(Mutex::new(VecDeque::new()));
        let (cuts, _) = watch::channel(0);
        let (far, lines, shears) = (relay.port(), plan.clone(), cuts.clone());
        tokio::spawn(async move {
            while let Ok((phone, _)) = listener.accept().await {
                // A relay that is not there is a connection that ends, as it would be without a cable.
                let Ok(relay) = TcpStream::connect(("127.0.0.1", far)).await else { continue };
                let ((phone_out, phone_in), (relay_out, relay_in)) = (phone.into_split(), relay.into_split());
                for (way, from, to) in [(Way::Up, phone_out, relay_in), (Way::Down, relay_out, phone_in)] {
                    tokio::spawn(pass(way, from, to, lines.clone(), shears.clone()));
                }
            }
        });
        Self { port, plan, cuts }
    }

    /// Returns an address of the relay as it is reached through the cable.
    pub fn through(&self, url: &str) -> String {
        let (_, path) = url.trim_start_matches("http://").split_once('/').unwrap_or(("", ""));
        format!("http://localhost:{}/{path}", self.port)
    }

    /// Plans cuts, one after the other.
    pub fn plan(&self, cuts: &[Cut]) {
        self.plan.lock().unwrap().extend(cuts);
    }

    /// Waits until every planned cut has happened.
    pub async fn all_cut(&self) {
        let mut cuts = self.cuts.subscribe();
        let spent = cuts.wait_for(|_| self.plan.lock().unwrap().is_empty());
        let waited = tokio::time::timeout(PATIENCE, spent).await.is_ok();
        assert!(waited, "these cuts never happened: {:?}", self.plan.lock().unwrap());
    }

    /// Returns how often the cable was cut.
    pub fn count(&self) -> usize {
        *self.cuts.borrow()
    }
}

/// Passes bytes on one way until either end closes or the cable is cut.
async fn pass(
    way: Way,
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    plan: Arc<Mutex<VecDeque<Cut>>>,
    cuts: watch::Sender<usize>,
) {
    let mut cut = cuts.subscribe();
    let mut piece = [0; PIECE];
    loop {
        let read = tokio::select! {
            read = from.read(&mut piece) => read,
            _ = cut.changed() => return,
        };
        let Ok(read @ 1..) = read else { return };
        let (passing, is_cut) = shorten(&plan, way, read);
        if to.write_all(&piece[..passing]).await.is_err() {
            return;
        }
        if is_cut {
            cuts.send_modify(|count| *count += 1);
            return;
        }
    }
}

/// Returns how many bytes of a piece still pass, and whether the cable is cut after them.
fn shorten(plan: &Mutex<VecDeque<Cut>>, way: Way, bytes: usize) -> (usize, bool) {
    let mut plan = plan.lock().unwrap();
    match plan.front_mut() {
        Some(cut) if cut.way == way && cut.after <= bytes => {
            let passing = cut.after;
            plan.pop_front();
            (passing, true)
        }
        Some(cut) if cut.way == way => {
            cut.after -= bytes;
            (bytes, false)
        }
        _ => (bytes, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_falls_at_its_byte_and_on_its_way() {
        let plan = Mutex::new(VecDeque::from([Cut { way: Way::Up, after: 5 }, Cut { way: Way::Down, after: 1 }]));
        assert_eq!(shorten(&plan, Way::Down, 9), (9, false), "the other way passes until its turn");
        assert_eq!(shorten(&plan, Way::Up, 3), (3, false));
        assert_eq!(shorten(&plan, Way::Up, 9), (2, true), "what passed before is counted");
        assert_eq!(shorten(&plan, Way::Up, 9), (9, false));
        assert_eq!(shorten(&plan, Way::Down, 9), (1, true));
        assert_eq!(shorten(&plan, Way::Down, 9), (9, false), "no cut is left");
    }
}
