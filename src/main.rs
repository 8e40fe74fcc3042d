//! The command line: reads the words, calls one function of `ops`, turns its result into an exit code.

fn main() {}
