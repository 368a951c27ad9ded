//! The relay as a process of its own, so that what the load costs is not counted with what the relay costs.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use shared::id::UnitCode;
use shared::identity::DeviceKey;
use shared::wire::{FOUND_PATH, FoundRequest, Token};

/// Linux counts a process's time in hundredths of a second, whatever the machine.
const TICK_MILLIS: u64 = 10;

/// A relay that serves a fresh township.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// The township's authority.
    pub authority: DeviceKey,
    data: tempfile::TempDir,
}

impl Process {
    /// Starts the binary that `PINGYI_BIN` names; without one says so for each of these figures and returns nothing.
    pub async fn start(figures: &[&str]) -> Option<Self> {
        let Some(binary) = std::env::var_os("PINGYI_BIN").map(PathBuf::from) else {
            figures.iter().for_each(|figure| println!("{figure}\t-\tPINGYI_BIN names no relay"));
            return None;
        };
        Self::serve(&binary, None).await
    }

    /// Starts a relay's binary on a folder of its own, or on an empty database; nothing if that holds a township.
    pub async fn serve(binary: &Path, store: Option<&str>) -> Option<Self> {
        let data = tempfile::tempdir().unwrap();
        let mut command = Command::new(binary);
        command.args(["serve", "--port", "0", "--listen", "127.0.0.1", "--data"]).arg(data.path());
        command.args(store.map(|url| ["--store", url]).iter().flatten());
        // The log is written as in earnest, and read by nobody.
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines: Vec<String> =
            BufReader::new(child.stdout.take().unwrap()).lines().take(2).map(Result::unwrap).collect();
        let [founding, serving] = lines.as_slice() else {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        };
        let token = Token::from_text(founding.rsplit('/').next().unwrap()).unwrap();
        let port = serving.strip_prefix("serving http://localhost:").unwrap().trim_end_matches('/').parse().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let authority = DeviceKey::from_seed([1; 32]);
        let code = UnitCode::new("420529202").unwrap();
        let request = FoundRequest::sign(token, &authority, code, "牛庄乡".to_owned());
        let found = reqwest::Client::new().post(format!("http://{address}{FOUND_PATH}")).body(request.encode());
        assert!(found.send().await.unwrap().status().is_success());
        Some(Self { child, address, authority, data })
    }

    /// Returns what the processor has done for the relay, in milliseconds.
    pub fn cpu_millis(&self) -> u64 {
        cpu_millis(self.child.id())
    }

    /// Returns the most memory the relay ever held, in thousands of bytes.
    pub fn peak_kilobytes(&self) -> u64 {
        self.kilobytes("VmHWM:")
    }

    /// Returns the memory that the relay holds, in thousands of bytes.
    pub fn resident_kilobytes(&self) -> u64 {
        self.kilobytes("VmRSS:")
    }

    fn kilobytes(&self, field: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
        kibibytes * 1024 / 1000
    }

    /// Asks the relay to end, waits for that, and returns how many bytes its folder holds.
    pub fn end(mut self) -> u64 {
        let asked = Command::new("kill").args(["-s", "TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success() && self.child.wait().unwrap().success(), "the relay ends in order");
        let files = std::fs::read_dir(self.data.path()).unwrap();
        files.map(|file| file.unwrap().metadata().unwrap().len()).sum()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns what the processor has done for a process and its threads, in milliseconds.
pub fn cpu_millis(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // The name may hold anything; the fields are counted from behind it, user and system time are the twelfth and on.
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks = |place: usize| fields[place].parse::<u64>().unwrap();
    (ticks(11) + ticks(12)) * TICK_MILLIS
}

/// Writes thousandths as people read them: 1234 as `1.234`.
pub fn thousandths(value: u64) -> String {
    format!("{}.{:03}", value / 1_000, value % 1_000)
}
