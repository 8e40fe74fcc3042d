//! What the stories stand on: throw-away databases, a made-up ward, a running server, a browser
//! without script and a browser with it. Nothing in here asserts what the product should do,
//! but that every page of it is well made.

pub mod browser;
pub mod canary;
pub mod dice;
pub mod garden;
pub mod killing;
pub mod postgres;
pub mod program;
pub mod scratch;
pub mod site;
pub mod things;
pub mod visitor;
pub mod ward;

/// A database that a story runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file of its own.
    Sqlite,
    /// A database of its own on this run's PostgreSQL server.
    Postgres,
}

impl Kind {
    /// A fresh, empty database, as one would write it after `--database`.
    pub fn fresh(self) -> String {
        match self {
            Self::Sqlite => scratch::folder("sqlite").join("renkei.db").display().to_string(),
            Self::Postgres => postgres::fresh(),
        }
    }
}

/// Tells the story once on each kind of database.
pub fn on_each_database(story: impl Fn(Kind)) {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        // Shown by the test runner only when the story fails, so that one knows on which.
        println!("on {kind:?}:");
        story(kind);
    }
}

/// Tells a story of the house's own verbs, in a fresh ward on each kind of database.
pub fn in_each_ward<F: Future<Output = ()>>(story: impl Fn(ward::Ward) -> F) {
    on_each_database(|kind| {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async { story(ward::Ward::build(&kind.fresh()).await).await });
    });
}
