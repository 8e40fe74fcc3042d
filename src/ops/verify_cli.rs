//! `renkei verify` and `renkei checkpoint` as the command line tells of them. What is checked is the
//! business of `verify`.

use std::io::Write;
use std::path::Path;

use crate::acts::House;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::time::Clock;
use crate::ops::verify;
use crate::ops::verify::Checkpoint;
use crate::store::Place;
use crate::store::Store;

/// No checkpoint is larger: a region of a hundred thousand logs.
const CHECKPOINT_MAX: u64 = 32 << 20;

/// Verifies and says what was found; the exit code: 0 all is well, 1 something is not.
pub fn verify(place: &Place, checkpoint: Option<&Path>, json: bool, out: &mut dyn Write) -> Result<u8> {
    if let Place::File(file) = place
        && !file.exists()
    {
        return Err(Error::fault(format!("there is no database at {}", file.display())));
    }
    let checkpoint = checkpoint.map(read).transpose()?;
    let store = Store::open(place, 1, Clock::System)?;
    let report =
        store.read(|conn| conn.as_of_one_moment(|conn| verify::verify(conn, checkpoint.as_ref())))?;
    if json {
        serde_json::to_writer_pretty(&mut *out, &report).map_err(|_| unwritten())?;
        writeln!(out).map_err(|_| unwritten())?;
    } else {
        for breach in &report.breaches {
            writeln!(out, "log {} entry {}: {:?}", breach.log, breach.seq, breach.what)
                .map_err(|_| unwritten())?;
        }
        writeln!(out, "{} logs, {} entries, {} breaches", report.logs, report.entries, report.breaches.len())
            .map_err(|_| unwritten())?;
    }
    Ok(u8::from(!report.breaches.is_empty()))
}

fn read(file: &Path) -> Result<Checkpoint> {
    let trouble = |cause: std::io::Error| Error::fault(format!("the checkpoint {}: {cause}", file.display()));
    if std::fs::metadata(file).map_err(trouble)?.len() > CHECKPOINT_MAX {
        return Err(Error::fault(format!("{} is too large to be a checkpoint", file.display())));
    }
    let bytes = std::fs::read(file).map_err(trouble)?;
    serde_json::from_slice(&bytes)
        .map_err(|_| Error::fault(format!("{} is not a checkpoint, or it is damaged", file.display())))
}

/// Signs the heads as they are now, and writes them for keeping elsewhere.
pub async fn checkpoint(house: &House, out: &mut (dyn Write + Send)) -> Result<()> {
    let keys = house.keys().clone();
    let made = house.read(move |reading| Checkpoint::make(reading.conn, &keys, reading.now)).await?;
    serde_json::to_writer_pretty(&mut *out, &made).map_err(|_| unwritten())?;
    writeln!(out).map_err(|_| unwritten())
}

fn unwritten() -> Error {
    Error::fault("the answer could not be written")
}
