//! Pages and their machinery: the only room that knows HTTP. A page is an owned view struct with
//! its askama template; handlers fill the struct from `acts` and `store` and never write themselves.

pub mod account;
pub mod api;
pub mod app;
pub mod assets;
pub mod desks;
pub mod fill;
pub mod flash;
pub mod form;
pub mod form_page;
pub mod frame;
pub mod handlers;
pub mod happenings;
pub mod history;
mod judged;
pub mod language;
pub mod leaflets;
pub mod letters;
pub mod library;
pub mod live;
pub mod pathways;
pub mod patients;
pub mod picture;
pub mod plan;
pub mod region;
pub mod respond;
pub mod routes;
pub mod security;
pub mod server;
pub mod sign_in;
pub mod start;
pub mod stays;
pub mod supposed;
pub mod tasks;
pub mod team;
pub mod thread;
pub mod timeline;
pub mod trace;
pub mod view;

pub use app::Options;
pub use routes::ROUTES;
pub use server::serve;

#[cfg(test)]
mod gallery;
