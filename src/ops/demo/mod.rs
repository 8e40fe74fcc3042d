//! The made-up region that `renkei demo` opens: its script as data, and the player that lives it
//! through the house's own verbs with past clocks. No SQL and no rights of its own.

pub mod script;
