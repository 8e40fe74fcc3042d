//! All projections at once: emptied before they are rebuilt, and read for comparison.

use diesel::prelude::*;

use crate::kernel::error::Result;
use crate::on;
use crate::store::Conn;
use crate::store::schema::{
    ack, ask, invitation, letter, library_change, library_mark, looked, office, patient, person, plan, post,
    proposal, run, seat, stay, task,
};

/// Empties every projection. The log, the keys and what is not history stay.
pub fn empty(conn: &mut Conn) -> Result<()> {
    on!(conn, |c| {
        diesel::delete(ack::table).execute(c)?;
        diesel::delete(ask::table).execute(c)?;
        diesel::delete(post::table).execute(c)?;
        diesel::delete(seat::table).execute(c)?;
        diesel::delete(plan::table).execute(c)?;
        diesel::delete(proposal::table).execute(c)?;
        diesel::delete(task::table).execute(c)?;
        diesel::delete(run::table).execute(c)?;
        diesel::delete(letter::table).execute(c)?;
        diesel::delete(stay::table).execute(c)?;
        diesel::delete(looked::table).execute(c)?;
        diesel::delete(patient::table).execute(c)?;
        diesel::delete(library_change::table).execute(c)?;
        diesel::delete(library_mark::table).execute(c)?;
        diesel::delete(invitation::table).execute(c)?;
        diesel::delete(person::table).execute(c)?;
        diesel::delete(office::table).execute(c)
    })?;
    Ok(())
}
