//! Handlers: each reads or does one thing through `acts` and fills one page. They are reached only
//! through the table in `routes`.

pub mod door;
pub mod health;
pub mod pathways;
pub mod plan;
pub mod start;
pub mod stays;
pub mod tasks;
pub mod thread;
