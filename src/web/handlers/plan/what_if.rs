//! `/patients/{id}/plan/what-if`: something is supposed, and the page says what would follow. Both the
//! question and the answer are plain pages; nothing is written.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Path;
use actix_web::web::Query;
use serde_json::Value;

use super::fill_plan::concept_title;
use super::fill_plan::needs;
use super::fill_task;
use super::fill_task::due_when;
use crate::acts::Look;
use crate::acts::views::supposed;
use crate::acts::views::supposed::SupposingView;
use crate::acts::views::supposed::Supposition;
use crate::acts::views::supposed::WhatIfView;
use crate::concept::Concepts;
use crate::expr::Kind;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::PatientId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::pathway::event::ProposalEnd;
use crate::pathway::state::PastTask;
use crate::pathway::state::Proposal;
use crate::pathway::state::Task;
use crate::pathway::what_if::RunChange;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::form::Fields;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::handlers::thread::moment;
use crate::web::handlers::thread::moment_value;
use crate::web::respond;
use crate::web::supposed::FactForm;
use crate::web::supposed::WhatIfPage;
use crate::web::supposed::WhatIfResult;
use crate::web::view::Choice;
use crate::web::view::Field;
use crate::web::view::FlawView;

/// How far ahead the page offers to look when nothing happens, in seconds.
const AHEAD: i64 = 7 * 86_400;

/// Which fact's value is asked for.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    fact: String,
}

/// `GET /patients/{patient}/plan/what-if`
pub async fn page(signed: Signed, patient: Path<PatientId>, asked: Query<Asked>) -> Result<HttpResponse> {
    show(&signed, *patient, &asked.fact, Typed::nothing(), None).await
}

/// `POST /patients/{patient}/plan/what-if`
pub async fn suppose(signed: Signed, patient: Path<PatientId>, fields: Fields) -> Result<HttpResponse> {
    let patient = *patient;
    let concept = fields.get("concept").to_owned();
    match sort(supposed(&signed, patient, &fields).await)? {
        Ok(found) => show(&signed, patient, &concept, Typed::wrong(&fields, &[]), Some(found)).await,
        Err(flaws) => {
            let flaws = flaws.into_iter().map(|flaw| at_value(flaw, &concept)).collect::<Vec<_>>();
            show(&signed, patient, &concept, Typed::wrong(&fields, &flaws), None).await
        }
    }
}

/// A flaw of a fact stands at its value.
fn at_value(flaw: Flaw, concept: &str) -> Flaw {
    if flaw.field == concept { Flaw { field: "value".to_owned(), ..flaw } } else { flaw }
}

async fn supposed(signed: &Signed, patient: PatientId, fields: &Fields) -> Result<(Supposition, WhatIfView)> {
    let supposition = read(fields)?;
    let asked = supposition.clone();
    let look = move |look: &mut Look<'_>| supposed::suppose(look, &asked);
    let found = signed.house().look(signed.member.id, patient, "plan", look).await?;
    Ok((supposition, found))
}

/// What the form supposes: `confirm:{proposal}`, `confirm:{proposal}:{person}`, `move:{run}:{phase}` …
fn read(fields: &Fields) -> Result<Supposition> {
    let nothing = || Error::invalid("suppose", Words::of(Text::suppose_is_empty));
    let mut parts = fields.get("suppose").splitn(3, ':');
    let (kind, first, second) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let first = first.unwrap_or_default();
    Ok(match kind {
        "confirm" => Supposition::Confirm {
            proposal: first.parse().map_err(|_| nothing())?,
            person: second.map(str::parse).transpose().map_err(|_| nothing())?,
        },
        "decline" => Supposition::Decline { proposal: first.parse().map_err(|_| nothing())? },
        "move" => Supposition::Move {
            run: first.parse().map_err(|_| nothing())?,
            to: second.unwrap_or_default().to_owned(),
        },
        "done" => Supposition::Done { task: first.parse().map_err(|_| nothing())? },
        "fact" => Supposition::Fact {
            concept: fields.get("concept").to_owned(),
            value: value(fields.get("concept"), fields)?,
        },
        "until" => {
            let empty = || Error::invalid("until", Words::of(Text::supposed_is_past));
            Supposition::Until { at: moment("until", fields.get("until"))?.ok_or_else(empty)? }
        }
        _ => return Err(nothing()),
    })
}

/// A typed value as the concept reads it.
fn value(concept: &str, fields: &Fields) -> Result<Value> {
    let known = Concepts::shipped().get(concept).ok_or(Error::Missing)?;
    let sent = fields.get("value").trim();
    if sent.is_empty() {
        return Err(Error::invalid("value", Words::of(Text::suppose_value_is_empty)));
    }
    Ok(match known.kind() {
        Kind::Bool => Value::Bool(sent == "yes"),
        Kind::Number { .. } => sent.parse::<f64>().map_or(Value::Null, Value::from),
        Kind::Set { .. } => Value::from(fields.all("value").collect::<Vec<_>>()),
        Kind::Instant => moment("value", sent)?.map_or(Value::Null, |at| Value::from(at.stamp().to_string())),
        Kind::Text | Kind::Enum { .. } | Kind::Date | Kind::Duration => Value::from(sent),
    })
}

async fn show(
    signed: &Signed,
    patient: PatientId,
    fact: &str,
    typed: Typed<'_>,
    found: Option<(Supposition, WhatIfView)>,
) -> Result<HttpResponse> {
    let look = supposed::read_supposing;
    let view = signed.house().look(signed.member.id, patient, "plan", look).await?;
    let (t, lang) = (signed.t(), signed.lang());
    let flaws = FlawView::list(typed.flaws(), lang);
    let again = !flaws.is_empty();
    let facts: Vec<(String, String)> =
        view.concepts.iter().map(|code| (code.clone(), concept_title(code, lang).to_owned())).collect();
    let page = WhatIfPage {
        t,
        frame: signed
            .frame(fill::title(t.what_if_title(), &view.plan.patient))?
            .at(Place::Patients)
            .with_error(again),
        banner: fill::banner(&view.plan.patient, lang, "plan", signed.house().now()),
        action: format!("/patients/{patient}/plan/what-if"),
        fields: fields(signed, &view, &typed, &flaws),
        facts: (!facts.is_empty()).then(|| menu("fact", t.what_if_fact_choose(), &facts, fact)),
        fact: Some(fact).filter(|code| view.concepts.iter().any(|known| known == code)).and_then(|code| {
            let field = value_field(code, &typed, lang)?.judged(&flaws);
            Some(FactForm { concept: code.to_owned(), title: concept_title(code, lang).to_owned(), field })
        }),
        result: found.map(|(supposition, found)| result(&view, &supposition, &found, lang)),
        flaws,
    };
    if again { respond::form_again(&page) } else { respond::page(&page) }
}

fn menu(name: &str, label: &str, choices: &[(String, String)], current: &str) -> Field {
    let choices = choices.iter().map(|(value, says)| Choice::new(value.clone(), says.clone(), current));
    Field::new("select", name, label).of(choices.collect())
}

fn fields(signed: &Signed, view: &SupposingView, typed: &Typed<'_>, flaws: &[FlawView]) -> Vec<Field> {
    let (t, lang) = (signed.t(), signed.lang());
    if view.plan.state.active_runs().next().is_none() {
        return Vec::new();
    }
    let current = typed.or("suppose", "");
    let choice = |(value, says): (String, String)| Choice::new(value, says, &current);
    let choices: Vec<Choice> = choices(view, lang).into_iter().map(choice).collect();
    let later = moment_value(signed.house().now().plus_seconds(AHEAD));
    vec![
        Field::new("select", "suppose", t.what_if_which()).of(choices).must().judged(flaws),
        typed.field("datetime-local", "until", t.what_if_until(), &later).judged(flaws),
    ]
}

/// All that can be supposed of what waits and of what people may choose.
fn choices(view: &SupposingView, lang: Lang) -> Vec<(String, String)> {
    let (t, state) = (Text(lang), &view.plan.state);
    let goes_on = |run| state.active_runs().any(|one| one.id == run);
    let mut found = Vec::new();
    for proposal in state.open_proposals().filter(|one| goes_on(one.run)) {
        let (id, title) = (proposal.id, proposal.title.say(lang));
        found.push((format!("confirm:{id}"), t.suppose_confirm_all(title)));
        for seat in view.team.iter().filter(|seat| seat.in_force) {
            let decided = proposal.decisions.iter().any(|decision| decision.by.person == seat.person.id);
            if !decided && proposal.confirm.by.contains(&seat.person.profession) {
                let who = t.task_of(&seat.person.name, seat.person.profession.name().say(lang));
                found.push((format!("confirm:{id}:{}", seat.person.id), t.suppose_confirm(title, &who)));
            }
        }
        found.push((format!("decline:{id}"), t.suppose_decline(title)));
    }
    for run in state.active_runs() {
        for (to, title) in ways(view, run, lang) {
            found.push((format!("move:{}:{to}", run.id), t.suppose_move(run.title.say(lang), &title)));
        }
    }
    let mut tasks: Vec<_> = state.tasks.values().filter(|one| goes_on(one.run)).collect();
    tasks.sort_by_key(|task| (task.due.is_none(), task.due, task.id));
    for task in tasks.into_iter().filter(|task| task.with.is_none()) {
        found.push((format!("done:{}", task.id), t.suppose_done(task.title.say(lang))));
    }
    found.push(("until".to_owned(), t.suppose_until().to_owned()));
    found
}

/// The ways out that people may choose without waiting for a condition.
fn ways(view: &SupposingView, run: &crate::pathway::state::Run, lang: Lang) -> Vec<(String, String)> {
    let found = view.ways.iter().filter(|way| way.run == run.id);
    found.map(|way| (way.to.clone(), way.title.say(lang).to_owned())).collect()
}

/// The control that a concept's value is chosen with.
fn value_field(code: &str, typed: &Typed<'_>, lang: Lang) -> Option<Field> {
    let (t, known) = (Text(lang), Concepts::shipped().get(code)?);
    let pairs: Vec<(String, String)> = match known.kind() {
        Kind::Bool => [("yes", t.concept_yes()), ("no", t.concept_no())]
            .map(|(code, says)| (code.to_owned(), says.to_owned()))
            .into(),
        _ => known.values.iter().map(|one| (one.code.clone(), one.say(lang).to_owned())).collect(),
    };
    let field = match known.kind() {
        Kind::Bool | Kind::Enum { .. } => typed.choice("value", t.what_if_value(), &pairs, ""),
        Kind::Set { .. } => {
            let choices = pairs.into_iter().map(|(code, says)| Choice::new(code, says, ""));
            Field::new("checks", "value", t.what_if_value()).of(choices.collect())
        }
        Kind::Number { .. } => {
            let field = typed.field("number", "value", t.what_if_value(), "");
            Field { unit: known.unit.clone().unwrap_or_default(), ..field }
        }
        Kind::Date => typed.field("date", "value", t.what_if_value(), ""),
        Kind::Instant => typed.field("datetime-local", "value", t.what_if_value(), ""),
        Kind::Text | Kind::Duration => typed.text("value", t.what_if_value(), ""),
    };
    Some(field.must())
}

fn result(view: &SupposingView, supposition: &Supposition, found: &WhatIfView, lang: Lang) -> WhatIfResult {
    let (t, diff) = (Text(lang), &found.difference);
    let titled = |title: &Words, role: Profession| t.task_of(title.say(lang), role.name().say(lang));
    let opened = |task: &Arc<Task>| match task.due {
        Some(due) => {
            t.would_be_due(&titled(&task.title, task.role), &due_when(due, lang).shown().to_string())
        }
        None => titled(&task.title, task.role),
    };
    let closed = |past: &Arc<PastTask>| {
        t.would_be(&titled(&past.title, past.role), fill_task::closed_word(&past.closed, t))
    };
    let waits = |one: &Arc<Proposal>| t.would_wait(one.title.say(lang), &needs(&one.confirm, t));
    let ended = |one: &Arc<Proposal>| t.would_be(one.title.say(lang), ending(one.ended, t));
    let ask =
        |ask: &Arc<crate::pathway::state::Ask>| t.task_of(ask.text.say(lang), ask.role.name().say(lang));
    let groups = [
        (t.would_runs(), diff.runs.iter().map(|one| run_line(one, lang)).collect::<Vec<_>>()),
        (t.would_open(), diff.opened.iter().map(opened).collect()),
        (t.would_close(), diff.closed.iter().map(closed).collect()),
        (t.would_propose(), diff.proposed.iter().chain(&diff.waiting).map(waits).collect()),
        (t.would_end(), diff.ended.iter().map(ended).collect()),
        (t.would_ask(), diff.asked.iter().map(ask).collect()),
        (t.would_answer(), diff.answered.iter().map(ask).collect()),
        (t.would_vary(), diff.variances.iter().map(|one| one.text.say(lang).to_owned()).collect()),
    ];
    WhatIfResult {
        supposed: in_words(view, supposition, found, lang),
        groups: groups
            .into_iter()
            .filter(|(_, lines)| !lines.is_empty())
            .map(|(title, lines)| (title.to_owned(), lines))
            .collect(),
    }
}

fn run_line(one: &RunChange, lang: Lang) -> String {
    let (t, title, to) = (Text(lang), one.title.say(lang), one.to.say(lang));
    match (one.state, &one.from) {
        ("active", None) => t.would_start(title, to),
        ("active", Some(from)) => t.would_enter(title, from.say(lang), to),
        ("faulty", _) => t.would_fault(title),
        ("suspended", _) => t.would_rest(title),
        _ => t.would_be_over(title, to),
    }
}

fn ending(end: Option<ProposalEnd>, t: Text) -> &'static str {
    match end {
        Some(ProposalEnd::Accepted) => t.proposal_accepted(),
        Some(ProposalEnd::Declined) => t.proposal_declined(),
        Some(ProposalEnd::Withdrawn) | None => t.proposal_withdrawn(),
    }
}

/// What was supposed, and whose decisions were.
fn in_words(view: &SupposingView, supposition: &Supposition, found: &WhatIfView, lang: Lang) -> String {
    let t = Text(lang);
    if let Supposition::Fact { concept, value } = supposition {
        let known = Concepts::shipped().get(concept);
        let says = known.and_then(|known| known.value(value).ok().map(|value| known.say(&value, lang)));
        return t.suppose_fact(concept_title(concept, lang), &says.unwrap_or_default());
    }
    if let Supposition::Until { at } = supposition {
        return t.suppose_until_then(&crate::kernel::time::screen_time(*at, lang));
    }
    let code = match supposition {
        Supposition::Confirm { proposal, .. } => format!("confirm:{proposal}"),
        Supposition::Decline { proposal } => format!("decline:{proposal}"),
        Supposition::Move { run, to } => format!("move:{run}:{to}"),
        Supposition::Done { task } => format!("done:{task}"),
        Supposition::Fact { .. } | Supposition::Until { .. } => String::new(),
    };
    let says = choices(view, lang).into_iter().find(|(value, _)| *value == code).map(|(_, says)| says);
    let names: Vec<&str> = found
        .by
        .iter()
        .filter_map(|by| view.team.iter().find(|seat| seat.person.id == *by))
        .map(|seat| seat.person.name.as_str())
        .collect();
    let says = match supposition {
        Supposition::Confirm { proposal, .. } => {
            let title = view.plan.state.proposals.get(proposal).map(|one| one.title.say(lang).to_owned());
            return t.suppose_confirm(&title.unwrap_or_default(), &names.join(t.names_joint()));
        }
        _ => says.unwrap_or_default(),
    };
    if names.is_empty() { says } else { t.would_be(&says, &names.join(t.names_joint())) }
}

texts! {
    suppose_is_empty { ja: "何を仮に置くかを選んでください。", en: "Please choose what to suppose." }
    suppose_value_is_empty { ja: "値を選ぶか、書いてください。", en: "Please give the value." }
    suppose_confirm_all(title: &str) { ja: "「{title}」を、必要な人がみな確認したら", en: "“{title}” is confirmed by as many as it takes" }
    suppose_confirm(title: &str, who: &str) { ja: "「{title}」を、{who}が確認したら", en: "“{title}” is confirmed by {who}" }
    suppose_decline(title: &str) { ja: "「{title}」を見送ったら", en: "“{title}” is declined" }
    suppose_move(pathway: &str, title: &str) { ja: "{pathway}を「{title}」へ移すと決めたら", en: "{pathway} is moved on: “{title}”" }
    suppose_done(title: &str) { ja: "「{title}」が済んだら", en: "“{title}” is done" }
    suppose_until { ja: "何も起こらないまま、下の日時になったら", en: "Nothing happens until the moment below" }
    suppose_until_then(at: &str) { ja: "何も起こらないまま、{at}になったら", en: "Nothing happens until {at}" }
    suppose_fact(name: &str, value: &str) { ja: "「{name}：{value}」と分かったら", en: "It is known that {name}: {value}" }
    would_be(what: &str, how: &str) { ja: "{what}　{how}", en: "{what}: {how}" }
    would_be_due(task: &str, due: &str) { ja: "{task}　期限 {due}", en: "{task}, by {due}" }
    would_wait(title: &str, needs: &str) { ja: "{title}　{needs}", en: "{title}: {needs}" }
    would_runs { ja: "パスと段階", en: "Pathways and phases" }
    would_open { ja: "現れる仕事", en: "Tasks that would come up" }
    would_close { ja: "終わる仕事", en: "Tasks that would be over" }
    would_propose { ja: "確認を待つ提案", en: "Proposals that would wait" }
    would_end { ja: "終わる提案", en: "Proposals that would be over" }
    would_ask { ja: "たずねられること", en: "What would be asked" }
    would_answer { ja: "たずねられなくなること", en: "What would be asked no longer" }
    would_vary { ja: "予定との違い", en: "Departures from the plan" }
    would_start(title: &str, to: &str) { ja: "{title}が「{to}」から始まります", en: "{title} begins with “{to}”" }
    would_enter(title: &str, from: &str, to: &str) { ja: "{title}：「{from}」から「{to}」へ", en: "{title}: from “{from}” to “{to}”" }
    would_rest(title: &str) { ja: "{title}は休みます", en: "{title} rests" }
    would_be_over(title: &str, to: &str) { ja: "{title}は終わります（「{to}」）", en: "{title} is over (“{to}”)" }
    would_fault(title: &str) { ja: "{title}の計算が止まります。管理者に知らせてください", en: "The engine could not go on with {title}. Please tell the administrator" }
    proposal_accepted { ja: "進みます", en: "goes ahead" }
    proposal_declined { ja: "見送られます", en: "declined" }
    proposal_withdrawn { ja: "条件が変わり、なくなります", en: "no longer holds" }
}
