//! What every room may use: errors, ids, moments, languages, findings, and the seal.
//! Nothing here knows of patients, pathways, databases or HTTP.

pub mod calendar;
pub mod error;
pub mod finding;
pub mod id;
pub mod lang;
pub mod length;
pub mod profession;
pub mod schema;
pub mod seal;
pub mod source;
pub mod time;
