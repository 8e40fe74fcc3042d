//! Pages and their machinery: the only room that knows HTTP. A page is an owned view struct with
//! its askama template; handlers fill the struct from `acts` and `store` and never write themselves.

pub mod assets;
pub mod form;
pub mod frame;
pub mod language;
pub mod respond;
pub mod security;
pub mod sign_in;
pub mod start;
pub mod thread;
pub mod trace;
pub mod view;

#[cfg(test)]
mod gallery;
