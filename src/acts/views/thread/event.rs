//! The record's other entries as one quiet line each.

use super::EventView;
use super::Page;
use crate::acts::Look;
use crate::acts::plans::channel_word;
use crate::acts::views::letters::move_words;
use crate::concept::Concepts;
use crate::expr::Value;
use crate::form::Form;
use crate::form::answers::Answers;
use crate::form::workflow::Proxy;
use crate::kernel::id::LetterId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::time::screen_day;
use crate::pathway::event::Choice;
use crate::pathway::event::Event;
use crate::pathway::event::What;
use crate::record::payload::Moved;
use crate::record::payload::Payload;
use crate::record::payload::Planned;
use crate::record::payload::Signed;
use crate::store::log::Row;
use crate::texts;

/// Where a line leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "to", content = "id")]
pub enum EventLink {
    /// A form.
    Letter(LetterId),
    /// The plan.
    Plan,
    /// The team.
    Team,
}

/// The line of an entry; `None` for what says nothing to people.
pub(super) fn line(page: &Page, look: &Look<'_>, row: &Row, payload: &Payload) -> Option<EventView> {
    let (says, more, link) = words(page, look, payload)?;
    Some(EventView {
        seq: row.seq,
        id: row.id,
        at: row.at,
        author: row.author.and_then(|id| page.person(id)),
        says,
        more,
        link,
    })
}

type Told = (Words, Words, Option<EventLink>);

fn words(page: &Page, look: &Look<'_>, payload: &Payload) -> Option<Told> {
    let plain = |says: Words| (says, nothing(), None);
    Some(match payload {
        Payload::PatientSet(set) if set.reason.is_empty() => plain(Words::of(Text::event_registered)),
        Payload::PatientSet(set) => (Words::of(Text::event_card_changed), same(&set.reason), None),
        Payload::ConsentGiven(given) => {
            (Words::of(Text::event_consent), same(&given.consent.scope), Some(EventLink::Team))
        }
        Payload::ConsentWithdrawn(why) => (Words::of(Text::event_consent_withdrawn), same(&why.reason), None),
        Payload::Seated(seated) => {
            let name = name(page, seated.person);
            let says = match seated.until {
                None => Words::of(|t| t.event_seated(&name)),
                Some(until) => Words::of(|t| t.event_seated_until(&name, &screen_day(until.day(), t.0))),
            };
            (says, same(&seated.reason), Some(EventLink::Team))
        }
        Payload::Unseated(unseated) => {
            let name = name(page, unseated.person);
            (Words::of(|t| t.event_unseated(&name)), same(&unseated.reason), Some(EventLink::Team))
        }
        Payload::HandedOver(handed) => {
            let (from, to) = (name(page, handed.from), handed.to.map(|to| name(page, to)));
            let profession = handed.profession.name();
            let says = Words::of(|t| match &to {
                Some(to) => t.event_handed_to(&from, to),
                None => t.event_handed_back(&from, profession.say(t.0)),
            });
            let (tasks, asks) = (handed.tasks, handed.asks.len());
            (says, Words::of(|t| t.event_handed_what(tasks, asks)), Some(EventLink::Plan))
        }
        Payload::Planned(planned) => return plan_words(page, planned),
        Payload::Signed(signed) => signed_words(look, signed)?,
        Payload::Moved(moved) => moved_words(page, look, moved)?,
        Payload::Admitted(admitted) => {
            let (ward, reason) = (admitted.ward.as_str(), admitted.reason.as_str());
            (Words::of(Text::event_admitted), same([ward, reason].join(" ").trim()), Some(EventLink::Plan))
        }
        Payload::Discharged(_) => (Words::of(Text::event_discharged), nothing(), Some(EventLink::Plan)),
        Payload::Called(called) => (Words::of(|t| t.event_called(&called.to)), same(&called.outcome), None),
        _ => return None,
    })
}

/// The first signing is told by its move; a later version speaks for itself.
fn signed_words(look: &Look<'_>, signed: &Signed) -> Option<Told> {
    if signed.version == 1 {
        return None;
    }
    let label = look.house.library().form(&signed.form_hash)?.label.clone();
    let says = Words::of(|t| t.event_amended(label.say(t.0)));
    Some((says, same(&signed.reason), Some(EventLink::Letter(signed.letter))))
}

fn moved_words(page: &Page, look: &Look<'_>, moved: &Moved) -> Option<Told> {
    let row = page.letters.iter().find(|row| row.id == moved.letter)?;
    let library = look.house.library();
    let form = library.form(&row.form_hash)?;
    let says = move_words(form, moved);
    let says =
        match moved.proxy.as_deref().and_then(|way| Proxy::ALL.into_iter().find(|known| known.code() == way))
        {
            None => says,
            Some(way) => Words::of(|t| t.event_by_proxy(says.say(t.0), way.name().say(t.0))),
        };
    Some((says, told_words(form, moved), Some(EventLink::Letter(moved.letter))))
}

/// What a move was told, as a reader sees it: 初回訪問日 令和8年11月24日.
fn told_words(form: &Form, moved: &Moved) -> Words {
    let Some(step) = form.workflow.find(&moved.code, &moved.from) else { return nothing() };
    let mut told = Answers::default();
    moved.fields.iter().for_each(|(path, value)| told.put(path.clone(), value.clone()));
    let line = |lang| {
        form.told_sheet(step, &told, &[], lang)
            .iter()
            .filter(|field| !field.shown.is_empty())
            .map(|field| format!("{} {}", field.label, field.shown))
            .collect::<Vec<_>>()
            .join("\n")
    };
    Words::new(line(Lang::Ja), line(Lang::En))
}

/// The engine's events worth a line: what people decided or must know. Openings and due dates stand on
/// the plan.
fn plan_words(page: &Page, planned: &Planned) -> Option<Told> {
    let lines: Vec<Words> =
        taken_back(planned).into_iter().flatten().chain(followed(page, planned)).collect();
    let (first, more) = lines.split_first()?;
    let rest = |lang| more.iter().map(|line| line.say(lang).to_owned()).collect::<Vec<_>>().join("\n");
    Some((first.clone(), Words::new(rest(Lang::Ja), rest(Lang::En)), Some(EventLink::Plan)))
}

/// What was told by mistake counts no longer, and why.
fn taken_back(planned: &Planned) -> Option<[Words; 2]> {
    planned.told.get("take_back")?;
    let reason = planned.told.get("reason")?.as_str()?;
    Some([Words::of(Text::event_taken_back), same(reason)])
}

fn followed(page: &Page, planned: &Planned) -> impl Iterator<Item = Words> {
    let events =
        planned.events.iter().filter_map(|event| serde_json::from_value::<Event>(event.clone()).ok());
    events.flat_map(|event| {
        let line = decided_for(page, &event).or_else(|| plan_line(&event.what));
        let why = line.as_ref().and_then(|_| why(&event.what)).map(same);
        line.into_iter().chain(why)
    })
}

/// A decision that someone else heard and wrote down: whose it was, and how it came.
fn decided_for(page: &Page, event: &Event) -> Option<Words> {
    let What::Decided { choice, through: Some(through), .. } = &event.what else { return None };
    let name = name(page, event.by.as_ref()?.person);
    Some(Words::of(|t| {
        let says = match choice {
            Choice::Confirm => t.event_confirmed_by(&name),
            Choice::Decline => t.event_declined_by(&name),
        };
        t.event_by_proxy(&says, channel_word(&through.channel, t))
    }))
}

/// The reason that a person gave.
fn why(what: &What) -> Option<&str> {
    match what {
        What::Decided { reason, .. } | What::RunSuspended { reason, .. } => reason.as_deref(),
        What::RunStopped { reason, .. } | What::RunHalted { reason, .. } => Some(reason),
        _ => None,
    }
}

fn plan_line(what: &What) -> Option<Words> {
    let of = |words: &Words, says: fn(Text, &str) -> String| Some(Words::of(|t| says(t, words.say(t.0))));
    match what {
        What::FactStated { concept, value, .. } => happened(concept, value),
        What::RunStarted { title, .. } => of(title, |t, title| t.event_run_started(title)),
        What::PhaseEntered { title, visit, .. } if *visit > 0 => of(title, |t, title| t.event_phase(title)),
        What::Proposed(proposal) => of(&proposal.title, |t, title| t.event_proposed(title)),
        What::Asked(ask) => of(&ask.text, |_, text| text.to_owned()),
        What::VarianceFound(variance) => of(&variance.text, |t, text| t.event_variance(text)),
        What::Decided { choice: Choice::Confirm, .. } => Some(Words::of(Text::event_confirmed)),
        What::Decided { choice: Choice::Decline, .. } => Some(Words::of(Text::event_declined)),
        What::RunSuspended { .. } => Some(Words::of(Text::event_run_suspended)),
        What::RunHalted { .. } => Some(Words::of(Text::event_run_halted)),
        What::RunReleased { .. } => Some(Words::of(Text::event_run_released)),
        What::RunFaulted { .. } => Some(Words::of(Text::event_run_faulted)),
        What::RunResumed { .. } => Some(Words::of(Text::event_run_resumed)),
        What::RunStopped { .. } | What::RunEnded { .. } => Some(Words::of(Text::event_run_over)),
        _ => None,
    }
}

/// What was told by hand: 医師の訪問 11月22日 14:05. Facts from forms are told by the form's own line.
fn happened(code: &str, value: &Value) -> Option<Words> {
    let concept = Concepts::shipped().get(code).filter(|concept| concept.by_hand)?;
    let say = |lang| [concept.title.say(lang), &concept.say(value, lang)].join("　");
    Some(Words::new(say(Lang::Ja), say(Lang::En)))
}

fn name(page: &Page, id: PersonId) -> String {
    page.person(id).map(|person| person.name.clone()).unwrap_or_default()
}

/// Care text stands in the language it was written in.
fn same(text: &str) -> Words {
    Words::new(text.to_owned(), text.to_owned())
}

fn nothing() -> Words {
    Words::new("", "")
}

texts! {
    event_registered { ja: "患者を登録しました", en: "The patient was registered" }
    event_card_changed { ja: "患者の情報を直しました", en: "The patient's card was changed" }
    event_consent { ja: "情報共有の同意を記録しました", en: "Consent to share was recorded" }
    event_consent_withdrawn { ja: "同意が取り消されました", en: "Consent was withdrawn" }
    event_seated(name: &str) { ja: "{name}さんがチームに加わりました", en: "{name} joined the team" }
    event_seated_until(name: &str, day: &str) {
        ja: "{name}さんがチームに加わりました（{day}まで）",
        en: "{name} joined the team until {day}"
    }
    event_unseated(name: &str) { ja: "{name}さんがチームを離れました", en: "{name} left the team" }
    event_handed_to(from: &str, to: &str) { ja: "{from}さんの仕事を{to}さんが引き継ぎました", en: "{to} took over from {from}" }
    event_handed_back(from: &str, role: &str) { ja: "{from}さんの仕事を{role}に戻しました", en: "What {from} had taken on went back to: {role}" }
    event_handed_what(tasks: usize, asks: usize) { ja: "仕事{tasks}件、お願い{asks}件", en: "Tasks: {tasks}, asks: {asks}" }
    event_admitted { ja: "入院しました", en: "Admitted to hospital" }
    event_discharged { ja: "退院しました", en: "Discharged from hospital" }
    event_amended(form: &str) { ja: "{form}を直して出し直しました", en: "{form}: a new version was signed" }
    event_by_proxy(says: &str, way: &str) { ja: "{says}（{way}で聞いて代わりに入力）", en: "{says} (heard by {way} and entered for them)" }
    event_run_started(title: &str) { ja: "「{title}」を始めました", en: "Started: {title}" }
    event_phase(title: &str) { ja: "「{title}」に入りました", en: "Entered: {title}" }
    event_proposed(title: &str) { ja: "提案：{title}", en: "Proposed: {title}" }
    event_variance(text: &str) { ja: "バリアンス：{text}", en: "Variance: {text}" }
    event_confirmed { ja: "提案に同意しました", en: "Agreed to the proposal" }
    event_declined { ja: "提案を見送りました", en: "Declined the proposal" }
    event_confirmed_by(name: &str) { ja: "{name}さんが提案に同意しました", en: "{name} agreed to the proposal" }
    event_declined_by(name: &str) { ja: "{name}さんが提案を見送りました", en: "{name} declined the proposal" }
    event_run_suspended { ja: "パスを休止しました", en: "The pathway rests" }
    event_run_faulted {
        ja: "パスの計算が止まりました。確認が必要です",
        en: "The engine could not go on with the pathway. It needs attention"
    }
    event_run_resumed { ja: "パスを再開しました", en: "The pathway goes on" }
    event_run_halted { ja: "地域の決定で、パスを止めました", en: "By the region's decision, the pathway rests" }
    event_run_released { ja: "地域の決定で止めていたパスの停止を解きました", en: "The region no longer holds the pathway" }
    event_taken_back { ja: "記録したことを取り消しました", en: "Took back what was recorded" }
    event_run_over { ja: "パスを終えました", en: "The pathway is over" }
    event_called(to: &str) { ja: "{to}に電話しました", en: "{to} was telephoned" }
}
