//! Handlers: each reads or does one thing through `acts` and fills one page. They are reached only
//! through the table in `routes`.

pub mod account;
pub mod card;
pub mod door;
pub mod handover;
pub mod health;
pub mod history;
pub mod leaflets;
pub mod letters;
pub mod library;
pub mod pathways;
pub mod patients;
pub mod plan;
pub mod region;
pub mod start;
pub mod stays;
pub mod tasks;
pub mod team;
pub mod thread;
