//! Verbs on the thread: post, correct, withdraw, acknowledge, log a call, and the read marks.

use crate::access;
use crate::access::Grant;
use crate::access::Need;
use crate::acts::Act;
use crate::acts::Appended;
use crate::acts::House;
use crate::acts::beside_reading;
use crate::acts::live::News;
use crate::acts::register::bound_line;
use crate::acts::register::need_line;
use crate::acts::register::refuse;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::record::Audience;
use crate::record::payload::Acknowledged;
use crate::record::payload::AskTo;
use crate::record::payload::Called;
use crate::record::payload::Corrected;
use crate::record::payload::Payload;
use crate::record::payload::Post;
use crate::record::payload::PostAsk;
use crate::record::payload::PostKind;
use crate::record::payload::Urgency;
use crate::record::payload::Withdrawn;
use crate::store::patients;
use crate::store::thread;
use crate::texts;

/// The longest post, in characters: about four A4 pages.
pub const TEXT_MAX: usize = 6_000;

/// A post as it is sent.
#[derive(Debug, Clone)]
pub struct NewPost {
    /// Made by the client before its first try.
    pub id: EntryId,
    /// On whose thread.
    pub patient: PatientId,
    /// Who may read it.
    pub audience: Audience,
    /// What it says.
    pub post: Post,
}

/// Posts on a patient's thread. Sending the same post again returns the first one's number.
pub fn post(act: &mut Act<'_>, new: &NewPost) -> Result<i64> {
    act.who.need_person()?;
    let grant = act.grant(new.patient, Need::Post)?;
    let post = tidy(&new.post);
    let mut flaws = Vec::new();
    check_text(&mut flaws, &post.text);
    bound_line(&mut flaws, "called", &post.called);
    if post.urgency == Urgency::Now && post.called.is_empty() {
        flaws.push(Flaw { field: "called".to_owned(), says: Words::of(Text::urgent_needs_a_call) });
    }
    if let Some(ask) = &post.ask {
        check_ask(act, &grant, ask, &mut flaws)?;
    }
    if let Some(answers) = post.answers {
        thread::post(act.conn, &grant, answers)?;
    }
    refuse(flaws)?;
    let audience = if grant.sees(Audience::Staff) { new.audience } else { Audience::Team };
    let seq = match act.append(&grant, new.id, audience, post.clone())? {
        Appended::Again(seq) => return Ok(seq),
        Appended::New(seq) => seq,
    };
    act.tell(News::Record(new.patient, seq));
    Ok(seq)
}

fn tidy(post: &Post) -> Post {
    Post {
        text: post.text.trim().replace("\r\n", "\n"),
        called: post.called.trim().to_owned(),
        ..post.clone()
    }
}

fn own_mark(grant: &Grant, person: PersonId, seq: i64, now: crate::kernel::time::Time) -> thread::Mark {
    thread::Mark { patient: grant.patient(), person, reached: seq, opened: seq, opened_at: Some(now) }
}

fn check_text(flaws: &mut Vec<Flaw>, text: &str) {
    if text.is_empty() {
        flaws.push(Flaw { field: "text".to_owned(), says: Words::of(Text::text_is_empty) });
    }
    if text.chars().count() > TEXT_MAX {
        flaws.push(Flaw { field: "text".to_owned(), says: Words::of(|t| t.text_is_long(TEXT_MAX)) });
    }
}

/// Whoever is asked must sit in the team: an ask to nobody would wait for ever.
fn check_ask(act: &mut Act<'_>, grant: &Grant, ask: &PostAsk, flaws: &mut Vec<Flaw>) -> Result<()> {
    let now = act.now;
    let seats = patients::team(act.conn, grant)?;
    let seated: Vec<PersonId> = seats
        .iter()
        .filter(|seat| seat.ended_at.is_none() && seat.until_at.is_none_or(|until| until > now))
        .map(|seat| seat.person)
        .collect();
    let fits = match ask.to {
        AskTo::Person(person) => seated.contains(&person),
        AskTo::Profession(profession) => crate::store::register::people_by_ids(act.conn, &seated)?
            .iter()
            .any(|(person, _)| person.profession == profession.code()),
    };
    if !fits {
        flaws.push(Flaw { field: "ask".to_owned(), says: Words::of(Text::asked_is_not_in_team) });
    }
    if ask.due.is_some_and(|due| due <= now) {
        flaws.push(Flaw { field: "due".to_owned(), says: Words::of(Text::due_is_past) });
    }
    Ok(())
}

/// Corrects one's own post: a new version with a reason; the first stays readable.
pub fn correct(
    act: &mut Act<'_>,
    id: EntryId,
    patient: PatientId,
    post: i64,
    text: &str,
    reason: &str,
) -> Result<i64> {
    let grant = act.grant(patient, Need::Post)?;
    let row = own_post(act, &grant, post)?;
    let text = text.trim().replace("\r\n", "\n");
    let mut flaws = Vec::new();
    check_text(&mut flaws, &text);
    need_line(&mut flaws, "reason", reason);
    refuse(flaws)?;
    let audience = audience_of(act, &grant, post)?;
    let corrected = Corrected { post, text, reason: reason.trim().to_owned() };
    if row.state != "shown" && act.stands(patient.log(), id)?.is_none() {
        return Err(Error::Stale);
    }
    match act.append(&grant, id, audience, corrected)? {
        Appended::Again(seq) => Ok(seq),
        Appended::New(seq) => {
            act.tell(News::Record(patient, seq));
            Ok(seq)
        }
    }
}

/// Strikes one's own post through, with a reason. It is never removed silently.
pub fn withdraw(act: &mut Act<'_>, id: EntryId, patient: PatientId, post: i64, reason: &str) -> Result<i64> {
    let grant = act.grant(patient, Need::Post)?;
    let row = own_post(act, &grant, post)?;
    let mut flaws = Vec::new();
    need_line(&mut flaws, "reason", reason);
    refuse(flaws)?;
    let audience = audience_of(act, &grant, post)?;
    if row.state != "shown" && act.stands(patient.log(), id)?.is_none() {
        return Err(Error::Stale);
    }
    match act.append(&grant, id, audience, Withdrawn { post, reason: reason.trim().to_owned() })? {
        Appended::Again(seq) => Ok(seq),
        Appended::New(seq) => {
            act.tell(News::Record(patient, seq));
            Ok(seq)
        }
    }
}

fn own_post(act: &mut Act<'_>, grant: &Grant, post: i64) -> Result<thread::Post> {
    let row = visible_post(act, grant, post)?;
    if Some(row.author) == grant.person() {
        Ok(row)
    } else {
        Err(Error::Forbidden(Words::of(Text::only_own_posts)))
    }
}

/// A post that this reader may see; `Missing` for one of the other channel.
fn visible_post(act: &mut Act<'_>, grant: &Grant, post: i64) -> Result<thread::Post> {
    let row = thread::post(act.conn, grant, post)?;
    if grant.sees(audience_of(act, grant, post)?) { Ok(row) } else { Err(Error::Missing) }
}

fn audience_of(act: &mut Act<'_>, grant: &Grant, seq: i64) -> Result<Audience> {
    Ok(crate::store::log::by_seq(act.conn, grant.patient().log(), seq)?.header()?.audience)
}

/// Acknowledges a post. Opened is not acknowledged: this is a person's own act, once.
pub fn acknowledge(act: &mut Act<'_>, id: EntryId, patient: PatientId, post: i64) -> Result<()> {
    let who = act.who.need_person()?;
    let grant = act.grant(patient, Need::Post)?;
    let row = visible_post(act, &grant, post)?;
    if row.author == who {
        return Err(Error::Forbidden(Words::of(Text::own_post_needs_no_ack)));
    }
    if thread::has_ack(act.conn, &grant, post, who)? {
        return Ok(());
    }
    let audience = audience_of(act, &grant, post)?;
    let settles = settles(act, &grant, post)?;
    if let Appended::New(seq) = act.append(&grant, id, audience, Acknowledged { post, settles })? {
        thread::move_mark(act.conn, &own_mark(&grant, who, post, act.now))?;
        act.tell(News::Record(patient, seq));
    }
    Ok(())
}

/// Whether this person's acknowledgement is all that a post asked for: it asked them to take note. A
/// question and a request want words.
fn settles(act: &mut Act<'_>, grant: &Grant, seq: i64) -> Result<bool> {
    let row = crate::store::log::by_seq(act.conn, grant.patient().log(), seq)?;
    let Payload::Post(post) = crate::acts::open(&act.key(grant)?, &row)? else { return Ok(false) };
    if matches!(post.kind, PostKind::Question | PostKind::Request) {
        return Ok(false);
    }
    Ok(match post.ask.map(|ask| ask.to) {
        Some(AskTo::Person(person)) => Some(person) == grant.person(),
        Some(AskTo::Profession(profession)) => Some(profession) == grant.profession(),
        None => false,
    })
}

/// Notes a telephone call.
pub fn call(act: &mut Act<'_>, id: EntryId, patient: PatientId, called: &Called) -> Result<i64> {
    let grant = act.grant(patient, Need::Post)?;
    let mut flaws = Vec::new();
    need_line(&mut flaws, "to", &called.to);
    need_line(&mut flaws, "outcome", &called.outcome);
    refuse(flaws)?;
    let appended = act.append(&grant, id, Audience::Staff, called.clone())?;
    if let Appended::New(seq) = appended {
        act.tell(News::Record(patient, seq));
    }
    Ok(appended.seq())
}

impl House {
    /// Notes that a record's thread reached someone, or was opened by them, up to an entry.
    pub async fn mark(&self, grant: &Grant, reached: i64, opened: i64) -> Result<()> {
        let Some(person) = grant.person() else { return Ok(()) };
        let patient = grant.patient();
        let marked = self
            .jot(move |conn, now| {
                let opened_at = (opened > 0).then_some(now);
                thread::move_mark(conn, &thread::Mark { patient, person, reached, opened, opened_at })
            })
            .await;
        // Reading never waits for space: without the mark nobody is told that it was opened.
        beside_reading(marked)
    }

    /// Notes that rows about these records were shown to someone. Rights are judged once more; nothing
    /// is written for what had reached them before.
    pub async fn reached(&self, person: PersonId, shown: Vec<(PatientId, i64)>) -> Result<()> {
        let news = self
            .read(move |reading| {
                let mut grants = Vec::new();
                for (patient, head) in shown {
                    let facts = patients::facts(reading.conn, patient, Some(person))?;
                    let Ok(grant) = access::judge(&facts, Need::Read, reading.now) else { continue };
                    let own = thread::mark(reading.conn, &grant, person)?;
                    if own.is_none_or(|mark| mark.reached < head) {
                        grants.push((grant, head));
                    }
                }
                Ok(grants)
            })
            .await?;
        for (grant, head) in news {
            self.mark(&grant, head, 0).await?;
        }
        Ok(())
    }
}

texts! {
    text_is_empty { ja: "本文を入力してください。", en: "Please write something first." }
    text_is_long(max: usize) {
        ja: "本文は{max}文字以内にしてください。分けて送れます。",
        en: "Please use at most {max} characters. You can send it in parts."
    }
    urgent_needs_a_call {
        ja: "急ぎの連絡は、まず電話をしてください。だれに電話したか（またはつながらなかったこと）を書いてください。",
        en: "Please telephone first. Write whom you called, or that nobody answered."
    }
    asked_is_not_in_team {
        ja: "お願いする相手がこの患者のチームにいません。別の相手を選んでください。",
        en: "Whoever you ask is not in this patient's team. Please choose someone else."
    }
    due_is_past { ja: "期限は、これからの日時にしてください。", en: "The due time must lie in the future." }
    only_own_posts { ja: "自分の投稿だけを直せます。", en: "You can change only your own posts." }
    own_post_needs_no_ack {
        ja: "自分の投稿に「了解」は要りません。",
        en: "Your own post needs no acknowledgement."
    }
}
