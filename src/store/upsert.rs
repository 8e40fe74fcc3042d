//! Adding a row or changing the one that stands, as a statement that stays prepared. Diesel prepares its own
//! upserts anew each time, which on SQLite takes longer than running them and on PostgreSQL costs a round
//! trip. The values are diesel's, checked against the table; what is changed is named in words.

use diesel::backend::Backend;
use diesel::query_builder::AstPass;
use diesel::query_builder::QueryFragment;
use diesel::query_builder::QueryId;
use diesel::result::QueryResult;

/// An insert, and what becomes of a row that is there already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Upsert<I> {
    insert: I,
    otherwise: &'static str,
}

/// Inserts; or does what `otherwise` says, which begins with ` ON CONFLICT` and holds no values.
pub(super) fn upsert<I>(insert: I, otherwise: &'static str) -> Upsert<I> {
    Upsert { insert, otherwise }
}

impl<DB: Backend, I: QueryFragment<DB>> QueryFragment<DB> for Upsert<I> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.insert.walk_ast(out.reborrow())?;
        out.push_sql(self.otherwise);
        Ok(())
    }
}

/// Known by its words, which are always the same, and not by its type.
impl<I> QueryId for Upsert<I> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<I, C> diesel::RunQueryDsl<C> for Upsert<I> {}
