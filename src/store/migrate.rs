//! Brings the schema up to date: embedded, forward only. A database that knows a newer schema than
//! this program is refused, so that an old binary never writes into a new house.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::kernel::error::{Error, Result};
use crate::on;
use crate::store::Conn;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Runs what is pending; refuses a newer schema.
pub fn run(conn: &mut Conn) -> Result<()> {
    on!(conn, |c| migrate(c)).map_err(|cause| Error::fault(format!("schema: {cause}")))
}

fn migrate<DB, C>(c: &mut C) -> std::result::Result<(), Box<dyn std::error::Error + Send + Sync>>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    use diesel::migration::MigrationSource;
    let known = MIGRATIONS.migrations()?;
    let known: Vec<_> = known.iter().map(|migration| migration.name().version().as_owned()).collect();
    if let Some(newer) = c.applied_migrations()?.iter().find(|applied| !known.contains(applied)) {
        return Err(format!(
            "the database has step {newer}, which this program does not know; use the newer program"
        )
        .into());
    }
    c.run_pending_migrations(MIGRATIONS)?;
    Ok(())
}
