//! What the command line does besides serving: the demo region, checks, upkeep. Nothing here
//! decides rights or writes history by itself; that goes through `acts`.

pub mod compare_cli;
pub mod demo;
pub mod form_cli;
pub mod keys;
pub mod pathway_cli;
pub mod region;
mod told;
pub mod verify;
pub mod verify_cli;
