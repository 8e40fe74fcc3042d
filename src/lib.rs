//! Renkei (連携): a shared care record with a pathway engine.
//!
//! Rooms, each speaking only to those below it (`tests/it/tidy.rs` keeps the doors shut):
//! `web` → `acts` → `store`; `record`, `access`, `pathway` and `form` are pure;
//! `expr` and `kernel` serve everyone; `ops` is what the command line does.

pub mod access;
pub mod acts;
pub mod concept;
pub mod expr;
pub mod form;
pub mod kernel;
pub mod ops;
pub mod pathway;
pub mod record;
pub mod store;
pub mod web;

/// The engine makes and lets go of many small things for each patient: of what a tick through the acts costs,
/// a sixth was the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
