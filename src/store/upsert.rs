//! Adding a row or changing the one that stands, as a statement that stays prepared. Diesel prepares its own
//! upserts anew each time, which on SQLite takes longer than running them and on PostgreSQL costs a round
//! trip. The values are diesel's, checked against the table; what is changed is named in words.

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::query_builder::AstPass;
use diesel::query_builder::QueryFragment;
use diesel::query_builder::QueryId;
use diesel::result::QueryResult;

/// What becomes of a row that is there already: a type, because diesel knows a prepared statement by its type.
pub(super) trait Otherwise: 'static {
    /// Begins with ` ON CONFLICT` and holds no values.
    const SQL: &'static str;
}

/// An insert, and what becomes of a row that is there already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Upsert<I, O> {
    insert: I,
    otherwise: PhantomData<O>,
}

impl<I, O: Otherwise> Upsert<I, O> {
    /// Inserts, or does what `O` says.
    pub fn new(insert: I) -> Self {
        Self { insert, otherwise: PhantomData }
    }
}

impl<DB: Backend, I: QueryFragment<DB>, O: Otherwise> QueryFragment<DB> for Upsert<I, O> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.insert.walk_ast(out.reborrow())?;
        out.push_sql(O::SQL);
        Ok(())
    }
}

impl<I: QueryId, O: Otherwise> QueryId for Upsert<I, O> {
    type QueryId = Upsert<I::QueryId, O>;
    const HAS_STATIC_QUERY_ID: bool = I::HAS_STATIC_QUERY_ID;
}

impl<I, O, C> diesel::RunQueryDsl<C> for Upsert<I, O> {}

/// Inserts; or does what the words say.
macro_rules! upsert {
    ($insert:expr, $otherwise:literal) => {{
        struct Here;
        impl $crate::store::upsert::Otherwise for Here {
            const SQL: &'static str = $otherwise;
        }
        $crate::store::upsert::Upsert::<_, Here>::new($insert)
    }};
}

pub(super) use upsert;
