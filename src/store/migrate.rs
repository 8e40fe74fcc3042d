//! Brings the schema up to date: embedded, forward only. A database that knows a newer schema than
//! this program is refused, so that an old binary never writes into a new house.

use diesel::backend::Backend;
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::kernel::error::{Error, Result};
use crate::store::Conn;

/// The shape of the database, the same on both.
const BOTH: EmbeddedMigrations = embed_migrations!("migrations/both");
/// How SQLite lays its rows.
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// The steps of one kind of database; their names put them in order.
struct Steps(Vec<EmbeddedMigrations>);

impl<DB: Backend> MigrationSource<DB> for Steps {
    fn migrations(&self) -> diesel::migration::Result<Vec<Box<dyn Migration<DB>>>> {
        let parts: Vec<Vec<_>> =
            self.0.iter().map(MigrationSource::<DB>::migrations).collect::<diesel::migration::Result<_>>()?;
        Ok(parts.into_iter().flatten().collect())
    }
}

/// Runs what is pending; refuses a newer schema.
pub fn run(conn: &mut Conn) -> Result<()> {
    let done = match conn {
        Conn::Sqlite(c) => migrate(c, Steps(vec![BOTH, SQLITE])),
        Conn::Postgres(c) => migrate(c, Steps(vec![BOTH])),
    };
    done.map_err(|cause| Error::fault(format!("schema: {cause}")))
}

fn migrate<DB: Backend>(c: &mut impl MigrationHarness<DB>, steps: Steps) -> diesel::migration::Result<()> {
    let known = MigrationSource::<DB>::migrations(&steps)?;
    let known: Vec<_> = known.iter().map(|migration| migration.name().version().as_owned()).collect();
    if let Some(newer) = c.applied_migrations()?.iter().find(|applied| !known.contains(applied)) {
        return Err(format!(
            "the database has step {newer}, which this program does not know; use the newer program"
        )
        .into());
    }
    c.run_pending_migrations(steps)?;
    Ok(())
}
