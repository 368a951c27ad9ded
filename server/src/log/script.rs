//! Several statements that go to the database together: each way there and back costs two changes of thread.

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Sqlite};

use crate::error::LogError;

/// Rows in one script: SQLite takes a million characters, and a row has some thirty.
const SCRIPT_ROWS: usize = 16_384;

/// Statements that go to the database together, and the rows that came back.
pub struct Script {
    /// What was written so far.
    pub query: QueryBuilder<Sqlite>,
    /// The rows that the statements name.
    named: usize,
    /// What came back.
    pub rows: Vec<SqliteRow>,
}

impl Script {
    /// Begins an empty one.
    pub fn empty() -> Self {
        Self { query: QueryBuilder::new(""), named: 0, rows: Vec::new() }
    }

    /// Makes room for a statement that names so many rows.
    pub async fn make_room(&mut self, connection: &mut SqliteConnection, rows: usize) -> Result<(), LogError> {
        if self.named > 0 && self.named + rows > SCRIPT_ROWS {
            self.run(connection).await?;
        }
        self.named += rows;
        Ok(())
    }

    /// Begins a statement with a table of what is wanted, whose first column is the place in the list asked for.
    pub fn wanted<T>(
        &mut self,
        columns: &str,
        wanted: &[(i64, T)],
        mut bind: impl FnMut(&mut sqlx::query_builder::Separated<'_, Sqlite, &'static str>, &T),
    ) {
        self.query.push(format_args!("WITH wanted ({columns}) AS ("));
        self.query.push_values(wanted, |mut tuple, (place, item)| {
            tuple.push_bind(*place);
            bind(&mut tuple, item);
        });
        self.query.push(") ");
    }

    /// Sends what there is.
    pub async fn run(&mut self, connection: &mut SqliteConnection) -> Result<(), LogError> {
        if self.named > 0 {
            self.rows.extend(self.query.build().persistent(false).fetch_all(connection).await?);
            (self.query, self.named) = (QueryBuilder::new(""), 0);
        }
        Ok(())
    }
}

/// Numbers the items of a list.
pub fn places<T: Copy>(items: &[T]) -> Vec<(i64, T)> {
    (0..).zip(items.iter().copied()).collect()
}
