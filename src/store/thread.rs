//! The thread's projections: posts and their latest version, acknowledgements, asks, and the read
//! marks (the second door). Counts are derived from watermarks, never stored.

use diesel::prelude::*;
use diesel::sql_types::Nullable;
use diesel::sql_types::Text;
use diesel::upsert::excluded;

use crate::access::Grant;
use crate::access::Scope;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::AskId;
use crate::kernel::id::LogId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::time::Time;
use crate::on;
use crate::store::Conn;
use crate::store::log::Row;
use crate::store::patients::Seat;
use crate::store::schema::{ack, ask, entry, head, mark, patient, post, seat};

/// A post: which entry holds its first words, which its latest.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = post, treat_none_as_default_value = false)]
pub struct Post {
    /// Whose thread.
    pub patient: PatientId,
    /// The first version's entry.
    pub seq: i64,
    /// Who wrote it.
    pub author: PersonId,
    /// The latest version's entry.
    pub current_seq: i64,
    /// `shown` or `withdrawn`.
    pub state: String,
    /// The post it answers.
    pub answers: Option<i64>,
}

/// A line of the thread: an entry, and what the projection knows of it when it is a post.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Line {
    /// The entry.
    pub row: Row,
    /// Whether a post was corrected or withdrawn.
    pub changed: Option<bool>,
    /// The post it answers.
    pub answers: Option<i64>,
}

impl Line {
    /// The line of one post.
    pub fn of(row: Row, post: &Post) -> Self {
        let changed = post.current_seq != post.seq || post.state != "shown";
        Self { row, changed: Some(changed), answers: post.answers }
    }
}

/// An acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = ack, treat_none_as_default_value = false)]
pub struct Ack {
    /// Whose thread.
    pub patient: PatientId,
    /// Which post.
    pub post: i64,
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: Time,
}

/// What asks for someone.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = ask, treat_none_as_default_value = false)]
pub struct Ask {
    /// Its id.
    pub id: AskId,
    /// About whom.
    pub patient: PatientId,
    /// The entry it stands in.
    pub seq: i64,
    /// Who asks; `None` when a pathway does.
    pub author: Option<PersonId>,
    /// One person …
    pub to_person: Option<PersonId>,
    /// … or whoever of that profession.
    pub to_profession: Option<String>,
    /// By when.
    pub due_at: Option<Time>,
    /// `open`, `answered` or `ended`.
    pub state: String,
    /// Since when.
    pub made_at: Time,
}

/// What became of an entry: someone acknowledged or answered it, or it asks someone.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Trace {
    /// Which entry.
    pub of: i64,
    /// `acknowledged`, `answered` or `asked`.
    pub kind: String,
    /// Who, or whom; `None` when it asks a profession.
    pub person: Option<PersonId>,
    /// How an ask stands.
    pub state: Option<String>,
    /// By which those of one kind are in order.
    order: i64,
}

/// How far someone was reached by a thread, and how far they opened it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = mark, treat_none_as_default_value = false)]
pub struct Mark {
    /// Whose thread.
    pub patient: PatientId,
    /// Who.
    pub person: PersonId,
    /// A live pointer or a rendered row told them of everything up to here.
    pub reached: i64,
    /// They had everything up to here on a page before them.
    pub opened: i64,
    /// When they opened it last.
    pub opened_at: Option<Time>,
}

/// Adds a post.
pub fn add_post(conn: &mut Conn, grant: &Grant, new: &Post) -> Result<()> {
    same(grant, new.patient)?;
    on!(conn, |c| diesel::insert_into(post::table).values(new).execute(c))?;
    Ok(())
}

/// One post.
pub fn post(conn: &mut Conn, grant: &Grant, seq: i64) -> Result<Post> {
    Ok(on!(conn, |c| post::table.find((grant.patient(), seq)).select(Post::as_select()).first(c))?)
}

/// Kinds of entries that are no line of the thread: they change a line, or say nothing to people.
const NO_LINES: [&str; 4] = ["post.corrected", "post.withdrawn", "post.acknowledged", "stay.planned"];

/// The newest lines of the thread before a number, newest first.
pub fn lines(conn: &mut Conn, grant: &Grant, before: i64, limit: i64) -> Result<Vec<Line>> {
    let [a, b, c, d] = NO_LINES;
    let of_post = post::patient.eq(grant.patient()).and(post::seq.eq(entry::seq));
    let changed = post::current_seq.ne(post::seq).or(post::state.ne("shown"));
    Ok(on!(conn, |conn| entry::table
        .left_join(post::table.on(of_post))
        .filter(entry::log.eq(grant.patient().log()).and(entry::seq.lt(before)))
        // One comparison after the other, for a list of any length is prepared anew each time.
        .filter(entry::kind.ne(a).and(entry::kind.ne(b)).and(entry::kind.ne(c)).and(entry::kind.ne(d)))
        .order(entry::seq.desc())
        .limit(limit)
        .select((Row::as_select(), changed.nullable(), post::answers.nullable()))
        .load(conn))?)
}

/// Notes a post's latest version or its withdrawal.
pub fn set_post(conn: &mut Conn, grant: &Grant, seq: i64, current: i64, state: &str) -> Result<()> {
    on!(conn, |c| diesel::update(post::table.find((grant.patient(), seq)))
        .set((post::current_seq.eq(current), post::state.eq(state)))
        .execute(c))?;
    Ok(())
}

/// Adds an acknowledgement.
pub fn add_ack(conn: &mut Conn, grant: &Grant, new: &Ack) -> Result<()> {
    same(grant, new.patient)?;
    on!(conn, |c| diesel::insert_into(ack::table).values(new).execute(c))?;
    Ok(())
}

/// Whether this person acknowledged this post already.
pub fn has_ack(conn: &mut Conn, grant: &Grant, seq: i64, who: PersonId) -> Result<bool> {
    let found: Option<Time> =
        on!(conn, |c| ack::table.find((grant.patient(), seq, who)).select(ack::at).first(c).optional())?;
    Ok(found.is_some())
}

/// Adds an ask.
pub fn add_ask(conn: &mut Conn, grant: &Grant, new: &Ask) -> Result<()> {
    same(grant, new.patient)?;
    on!(conn, |c| diesel::insert_into(ask::table).values(new).execute(c))?;
    Ok(())
}

/// Ends an ask: answered, or no longer wanted.
pub fn set_ask(conn: &mut Conn, grant: &Grant, id: AskId, state: &str) -> Result<()> {
    on!(conn, |c| diesel::update(ask::table.filter(ask::id.eq(id).and(ask::patient.eq(grant.patient()))))
        .set(ask::state.eq(state))
        .execute(c))?;
    Ok(())
}

/// Answers every open ask of one entry.
pub fn answer_asks(conn: &mut Conn, grant: &Grant, seq: i64) -> Result<()> {
    on!(conn, |c| diesel::update(
        ask::table
            .filter(ask::patient.eq(grant.patient()))
            .filter(ask::seq.eq(seq))
            .filter(ask::state.eq("open"))
    )
    .set(ask::state.eq("answered"))
    .execute(c))?;
    Ok(())
}

/// What became of several entries: acknowledgements and answers in their order, and asks.
pub fn traces(conn: &mut Conn, grant: &Grant, first: i64, last: i64) -> Result<Vec<Trace>> {
    let who = grant.patient();
    let none = || None::<&str>.into_sql::<Nullable<Text>>();
    let acks = ack::table.filter(ack::patient.eq(who).and(ack::post.between(first, last))).select((
        ack::post,
        "acknowledged".into_sql::<Text>(),
        ack::person.nullable(),
        none(),
        ack::at,
    ));
    let answers = post::table.filter(post::patient.eq(who).and(post::answers.between(first, last))).select((
        post::answers.assume_not_null(),
        "answered".into_sql::<Text>(),
        post::author.nullable(),
        none(),
        post::seq,
    ));
    let asks = ask::table.filter(ask::patient.eq(who).and(ask::seq.between(first, last))).select((
        ask::seq,
        "asked".into_sql::<Text>(),
        ask::to_person,
        ask::state.nullable(),
        ask::made_at,
    ));
    let mut traces: Vec<Trace> = on!(conn, |c| acks.union_all(answers).union_all(asks).load(c))?;
    // Sorted here: SQLite would work through each of the three by itself.
    traces.sort_by_key(|trace| trace.order);
    Ok(traces)
}

/// What asks for the reader across patients: by name or by profession, in teams with a seat in force.
/// Overdue first, undated last.
pub fn asking(conn: &mut Conn, scope: &Scope) -> Result<Vec<Ask>> {
    let who = scope.person();
    Ok(on!(conn, |c| ask::table
        .inner_join(seat::table.on(seat::patient.eq(ask::patient).and(seat::person.eq(who))))
        .inner_join(patient::table.on(patient::id.eq(ask::patient)))
        .filter(ask::state.eq("open"))
        .filter(patient::consent.eq("given"))
        .filter(seat::ended_at.is_null())
        .filter(seat::until_at.is_null().or(seat::until_at.gt(scope.now())))
        .filter(ask::to_person.eq(who).or(ask::to_profession.eq(scope.profession().code())))
        .order((ask::due_at.is_null().asc(), ask::due_at.asc(), ask::made_at.asc()))
        .limit(200)
        .select(Ask::as_select())
        .load(c))?)
}

diesel::define_sql_function! {
    /// The first of the two that is there.
    fn coalesce(value: diesel::sql_types::Nullable<diesel::sql_types::BigInt>, instead: diesel::sql_types::BigInt) -> diesel::sql_types::BigInt;
}

/// The posts of others that the reader may see and has not opened, by patient, where there are any: how
/// many, and the newest one's number.
pub fn unread(conn: &mut Conn, scope: &Scope) -> Result<Vec<(PatientId, i64, i64)>> {
    let (who, [one, other]) = (scope.person(), scope.audiences());
    let unread: Vec<(PatientId, i64, Option<i64>)> = on!(conn, |c| post::table
        .inner_join(entry::table.on(entry::log.eq(post::patient).and(entry::seq.eq(post::seq))))
        .inner_join(seat::table.on(seat::patient.eq(post::patient).and(seat::person.eq(who))))
        .inner_join(patient::table.on(patient::id.eq(post::patient)))
        .left_join(mark::table.on(mark::patient.eq(post::patient).and(mark::person.eq(who))))
        .filter(patient::consent.eq("given"))
        .filter(seat::ended_at.is_null())
        .filter(seat::until_at.is_null().or(seat::until_at.gt(scope.now())))
        .filter(entry::audience.eq(one).or(entry::audience.eq(other)))
        .filter(post::author.ne(who))
        // One bound that does not depend on the post: the index leads to the first unread one.
        .filter(post::seq.gt(coalesce(mark::opened.nullable(), 0)))
        .group_by(post::patient)
        .select((post::patient, diesel::dsl::count_star(), diesel::dsl::max(post::seq)))
        .load(c))?;
    Ok(unread.into_iter().filter_map(|(patient, count, newest)| Some((patient, count, newest?))).collect())
}

/// The number of the newest post that the reader may see in each of their threads.
pub fn newest_posts(conn: &mut Conn, scope: &Scope) -> Result<Vec<(PatientId, i64)>> {
    let [one, other] = scope.audiences();
    let newest: Vec<(PatientId, Option<i64>)> = on!(conn, |c| post::table
        .inner_join(entry::table.on(entry::log.eq(post::patient).and(entry::seq.eq(post::seq))))
        .filter(entry::audience.eq(one).or(entry::audience.eq(other)))
        .inner_join(seat::table.on(seat::patient.eq(post::patient).and(seat::person.eq(scope.person()))))
        .inner_join(patient::table.on(patient::id.eq(post::patient)))
        .filter(patient::consent.eq("given"))
        .filter(seat::ended_at.is_null())
        .filter(seat::until_at.is_null().or(seat::until_at.gt(scope.now())))
        .group_by(post::patient)
        .select((post::patient, diesel::dsl::max(post::seq)))
        .load(c))?;
    Ok(newest.into_iter().filter_map(|(patient, seq)| Some((patient, seq?))).collect())
}

/// The team with everyone's read marks, ended seats too; and the register's newest entry, by which the
/// directory knows them.
pub fn readers(conn: &mut Conn, grant: &Grant, register: LogId) -> Result<Vec<(Seat, Option<Mark>, i64)>> {
    Ok(on!(conn, |c| seat::table
        .inner_join(head::table.on(head::log.eq(register)))
        .left_join(mark::table.on(mark::patient.eq(seat::patient).and(mark::person.eq(seat::person))))
        .filter(seat::patient.eq(grant.patient()))
        .order((seat::from_at.asc(), seat::person.asc()))
        .select((Seat::as_select(), Option::<Mark>::as_select(), head::seq))
        .load(c))?)
}

/// One reader's marks.
pub fn mark(conn: &mut Conn, grant: &Grant, who: PersonId) -> Result<Option<Mark>> {
    Ok(on!(conn, |c| mark::table.find((grant.patient(), who)).select(Mark::as_select()).first(c).optional())?)
}

/// Moves someone's own marks forward, never back.
pub fn move_mark(conn: &mut Conn, to: &Mark) -> Result<()> {
    let old: Option<Mark> = on!(conn, |c| mark::table
        .find((to.patient, to.person))
        .select(Mark::as_select())
        .first(c)
        .optional())?;
    let merged = match old {
        Some(old) if old.reached >= to.reached && old.opened >= to.opened => return Ok(()),
        Some(old) => Mark {
            reached: old.reached.max(to.reached).max(to.opened),
            opened: old.opened.max(to.opened),
            opened_at: to.opened_at.or(old.opened_at),
            ..*to
        },
        None => Mark { reached: to.reached.max(to.opened), ..*to },
    };
    on!(conn, |c| diesel::insert_into(mark::table)
        .values(&merged)
        .on_conflict((mark::patient, mark::person))
        .do_update()
        .set((
            mark::reached.eq(excluded(mark::reached)),
            mark::opened.eq(excluded(mark::opened)),
            mark::opened_at.eq(excluded(mark::opened_at)),
        ))
        .execute(c))?;
    Ok(())
}

/// Composite keys keep a foreign id from being bound to this patient; this says so before the database.
pub(super) fn same(grant: &Grant, patient: PatientId) -> Result<()> {
    if grant.patient() == patient {
        Ok(())
    } else {
        Err(Error::fault("a row was to be bound to another patient"))
    }
}

/// A row that was to be added or changed stands under this id for another patient: it stays theirs, and
/// whoever came with its number hears that the number is taken.
pub(super) fn own(written: usize) -> Result<()> {
    if written == 1 { Ok(()) } else { Err(Error::Conflict) }
}
