//! A PostgreSQL of the tests' own: in a folder of its own, on a private socket, gone with whoever asked for it.

use std::fs;
use std::io::{BufRead, BufReader, Lines, Write};
use std::os::unix::fs::MetadataExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::PgConnection;
use sqlx::{Connection, raw_sql};

/// Where Debian keeps the programs, a folder for each version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// Who runs the server where the tests run as root, which it refuses to.
const UNPRIVILEGED: &str = "postgres";

/// Does what it is told by lines, and ends when nobody is left to tell it anything, however that came.
const KEEPER: &str = r#"
set -eu
trap '' INT TERM HUP
programs=$1
home=$(mktemp -d "${TMPDIR:-/tmp}/pingyi-postgres-XXXXXX")
control() { "$programs/pg_ctl" --pgdata "$home/data" --wait --silent "$@" >>"$home/log" 2>&1; }
start() {
    # The disk is waited for as in earnest: what is acknowledged must be there after a crash.
    control --log "$home/log" start --options "-k '$home' -c listen_addresses='' -c fsync=on -c max_connections=300"
}
"$programs/initdb" --pgdata "$home/data" --no-sync --auth trust --username relay --encoding UTF8 --locale C >"$home/log"
start
echo "$home"
while read -r word; do
    case $word in
        crash) control stop --mode immediate ;;
        start) start ;;
    esac
    echo "$word"
done
control stop --mode immediate || true
rm -rf "$home"
"#;

/// A PostgreSQL server.
pub struct Server {
    home: String,
    asks: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    _keeper: Child,
}

impl Server {
    /// Starts a server without a table.
    pub fn start() -> Self {
        let versions = fs::read_dir(VERSIONS).into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
        let programs = versions.filter(|programs| programs.join("initdb").exists()).max();
        let programs = programs.expect("PostgreSQL is missing: on Debian run `apt-get install postgresql` as root");
        let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
        let mut keeper = if is_root {
            let mut keeper = Command::new("setpriv");
            keeper.args(["--reuid", UNPRIVILEGED, "--regid", UNPRIVILEGED, "--clear-groups", "sh"]);
            keeper
        } else {
            Command::new("sh")
        };
        keeper.args(["-c", KEEPER, "keeper"]).arg(programs).current_dir("/");
        let mut keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let asks = keeper.stdin.take().unwrap();
        let mut answers = BufReader::new(keeper.stdout.take().unwrap()).lines();
        let home = answers.next().expect("the server starts").unwrap();
        Self { home, asks, answers, _keeper: keeper }
    }

    /// Ends the server as a power cut would.
    pub fn crash(&mut self) {
        self.tell("crash");
    }

    /// Starts a crashed server again.
    pub fn start_again(&mut self) {
        self.tell("start");
    }

    /// Makes a database and returns how it is reached.
    pub async fn database(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("township_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        tell(&self.url("postgres"), &format!("CREATE DATABASE {name}")).await;
        self.url(&name)
    }

    /// Copies a database that nobody uses.
    async fn copy(&self, url: &str) -> String {
        let (_, name) = url.split_once("localhost/").unwrap();
        let (name, _) = name.split_once('?').unwrap();
        tell(&self.url("postgres"), &format!("CREATE DATABASE {name}_copy TEMPLATE {name}")).await;
        self.url(&format!("{name}_copy"))
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://relay@localhost/{database}?host={}", self.home)
    }

    fn tell(&mut self, word: &str) {
        writeln!(self.asks, "{word}").unwrap();
        assert_eq!(self.answers.next().unwrap().unwrap(), word);
    }
}

/// The server that all tests of this process share.
static SHARED: OnceLock<Server> = OnceLock::new();

/// Makes a database on the shared server.
pub async fn fresh() -> String {
    SHARED.get_or_init(Server::start).database().await
}

/// Copies a database of the shared server that nobody uses.
pub async fn copy(url: &str) -> String {
    SHARED.get_or_init(Server::start).copy(url).await
}

/// Asks a database for a number.
pub async fn ask(url: &str, question: &str) -> i64 {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::query_scalar(sqlx::AssertSqlSafe(question)).fetch_one(&mut connection).await.unwrap()
}

/// Tells a database something.
pub async fn tell(url: &str, statement: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
}
