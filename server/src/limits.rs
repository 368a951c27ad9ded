//! What one device, one address and everybody together may ask of a relay at once.
//!
//! No limit may ever refuse an honest phone: neither one that comes back after a week without a network, nor a whole
//! township of phones that share one address because the telephone company has no more of them.

pub mod buckets;
pub mod places;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use shared::id::DeviceNumber;
use shared::wire::Refusal;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use buckets::{Allowance, Buckets};
use places::{Place, Places};

/// How many requests a device may make at once: the pages of a township's five years, on a first sync over a fast line.
const DEVICE_BURST: u32 = 2_000;
/// How many requests a second a device may go on making: more than a thumb, a timer and a page at a time ever ask for.
const DEVICE_RATE: u32 = 20;
/// How many requests without a proof an address may make at once: a thousand phones behind it, each of which opens a
/// session and a line, twice over.
const ADDRESS_BURST: u32 = 4_000;
/// How many requests without a proof an address may go on making in a second: each costs two signatures, so that a
/// hostile one takes less than a hundredth of a processor.
const ADDRESS_RATE: u32 = 40;
/// How many devices, and how many addresses, are remembered at once, at some forty bytes each; who finds no room
/// shares the allowance of everybody who finds none.
const REMEMBERED: usize = 65_536;
/// How many lines are open at once: four times the phones of a township, at some fifty kilobytes each.
const LINES: usize = 4_096;
/// How many of them from one address: a township whose phones share one.
const LINES_OF_ADDRESS: usize = 1_200;
/// How many lines a device may have: the one it uses, and those that a changing network left behind and that nobody
/// has missed yet. The oldest gives way.
const LINES_OF_DEVICE: usize = 4;
/// How many requests without a proof are under way at once: a township that comes back, at some ten kilobytes each.
const UNPROVED: usize = 2_048;
/// How many connections are open at once: all lines, and as many for requests.
const CONNECTIONS: usize = 8_192;
/// How many of them from one address: two for each phone of a township that shares one, and a browser's six for those
/// that load the page.
const CONNECTIONS_OF_ADDRESS: usize = 4_096;
/// How long a connection may take to say what it asks for, the time in which it is kept for another request included:
/// some round trips of the slowest link.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// How long a connection may carry nothing either way. While bytes move, however few, no timer ends a transfer. More
/// than the time between two pings of a line.
const STALL_TIME: Duration = Duration::from_secs(60);

/// The limits of one relay; everything but a test takes the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The requests of one device.
    pub device: Allowance,
    /// The requests without a proof of one address.
    pub address: Allowance,
    /// How many devices, and how many addresses, are remembered at once.
    pub remembered: usize,
    /// The open lines.
    pub lines: usize,
    /// The open lines of one address.
    pub lines_of_address: usize,
    /// The open lines of one device; the oldest gives way.
    pub lines_of_device: usize,
    /// The requests without a proof that are under way.
    pub unproved: usize,
    /// The open connections.
    pub connections: usize,
    /// The open connections of one address.
    pub connections_of_address: usize,
    /// How long a connection may take to say what it asks for.
    pub head_time: Duration,
    /// How long a connection may carry nothing either way.
    pub stall_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            device: Allowance { burst: DEVICE_BURST, rate: DEVICE_RATE },
            address: Allowance { burst: ADDRESS_BURST, rate: ADDRESS_RATE },
            remembered: REMEMBERED,
            lines: LINES,
            lines_of_address: LINES_OF_ADDRESS,
            lines_of_device: LINES_OF_DEVICE,
            unproved: UNPROVED,
            connections: CONNECTIONS,
            connections_of_address: CONNECTIONS_OF_ADDRESS,
            head_time: HEAD_TIME,
            stall_time: STALL_TIME,
        }
    }
}

/// What keeps count of everybody at one relay.
#[derive(Debug)]
pub struct Gate {
    devices: Buckets<DeviceNumber>,
    addresses: Buckets<IpAddr>,
    connections: Places<IpAddr>,
    lines: Places<IpAddr>,
    lines_of: Places<DeviceNumber>,
    unproved: Arc<Semaphore>,
}

impl Gate {
    /// Begins to count.
    pub fn new(limits: &Limits) -> Self {
        Self {
            devices: Buckets::new(limits.device, limits.remembered),
            addresses: Buckets::new(limits.address, limits.remembered),
            connections: Places::new(limits.connections, limits.connections_of_address),
            lines: Places::new(limits.lines, limits.lines_of_address),
            lines_of: Places::new(usize::MAX, limits.lines_of_device),
            unproved: Arc::new(Semaphore::new(limits.unproved)),
        }
    }

    /// Counts a connection from an address; nothing where there are too many.
    pub fn connect(&self, address: Option<IpAddr>) -> Option<Place<IpAddr>> {
        self.connections.take(address)
    }

    /// Counts a request of a device that proved who it is.
    pub fn device(&self, device: DeviceNumber) -> Result<(), Refusal> {
        self.devices.take(device).map_err(|_| Refusal::Busy)
    }

    /// Counts a message on a device's line, or tells how long to wait before it can be counted.
    pub fn pause(&self, device: DeviceNumber) -> Option<Duration> {
        self.devices.take(device).err()
    }

    /// Counts a request without a proof; one whose address is not known has no limit of its own.
    pub fn address(&self, address: Option<IpAddr>) -> Result<(), Refusal> {
        address.map_or(Ok(()), |address| self.addresses.take(address)).map_err(|_| Refusal::Busy)
    }

    /// Counts a request without a proof for as long as it is under way.
    pub fn unproved(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        self.unproved.clone().try_acquire_owned().map_err(|_| Refusal::Busy)
    }

    /// Counts a line from an address for as long as it is open.
    pub fn line(&self, address: Option<IpAddr>) -> Result<Place<IpAddr>, Refusal> {
        self.lines.take(address).ok_or(Refusal::Busy)
    }

    /// Counts a device's line; where there are too many the oldest is told to end.
    pub fn line_of(&self, device: DeviceNumber) -> (Place<DeviceNumber>, Arc<Notify>) {
        self.lines_of.displace(device)
    }

    /// Returns how many connections and how many lines are open.
    pub fn open(&self) -> (usize, usize) {
        (self.connections.taken(), self.lines.taken())
    }
}

/// Returns the address that limits apply to: of the newer kind its network, which one subscriber has to itself.
pub fn neighbour(address: IpAddr) -> IpAddr {
    /// The part of an address of the newer kind that names the network.
    const NETWORK: u128 = !(u64::MAX as u128);
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & NETWORK).into()),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_village_behind_one_address_is_never_refused() {
        let gate = Gate::new(&Limits::default());
        let village: IpAddr = "198.51.100.7".parse().unwrap();
        let mut held = Vec::new();
        for number in 0..1_000 {
            // A phone back after a week: a session, a line, and twenty batches, each in a request of its own.
            let connections = (gate.connect(Some(village)), gate.connect(Some(village)));
            assert!(connections.0.is_some() && connections.1.is_some(), "phone {number} found no connection");
            assert_eq!(gate.address(Some(village)), Ok(()), "phone {number} opens no session");
            assert_eq!(gate.address(Some(village)), Ok(()), "phone {number} opens no line");
            let line = gate.line(Some(village));
            assert!(line.is_ok(), "phone {number} has no line");
            for batch in 0..20 {
                assert_eq!(gate.device(DeviceNumber(number)), Ok(()), "phone {number}, batch {batch}");
            }
            held.push((connections, line));
        }
        assert_eq!(gate.open(), (2_000, 1_000));
    }

    #[test]
    fn a_network_has_one_allowance() {
        let neighbour = |text: &str| neighbour(text.parse().unwrap()).to_string();
        assert_eq!(neighbour("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(neighbour("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(neighbour("192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn an_address_has_so_many_connections() {
        let limits = Limits { connections: 3, connections_of_address: 2, ..Limits::default() };
        let gate = Gate::new(&limits);
        let [one, other] = ["192.0.2.1", "192.0.2.2"].map(|text| Some(text.parse().unwrap()));
        let first = gate.connect(one);
        let _second = gate.connect(one);
        assert!(gate.connect(one).is_none(), "two from one address");
        let _third = gate.connect(other);
        assert!(gate.connect(other).is_none(), "three in all");
        drop(first);
        assert!(gate.connect(one).is_some(), "a place that is left is free");
    }
}
