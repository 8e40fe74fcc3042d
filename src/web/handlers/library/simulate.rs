//! A pathway played forward from a form: its facts by their concepts, the first day, the number of days.

use actix_web::HttpResponse;
use actix_web::web::Path;
use jiff::civil::Date;
use serde_json::Value;

use crate::access::library::LibraryNeed;
use crate::acts::library::drafts;
use crate::acts::plans;
use crate::acts::views;
use crate::concept::Concept;
use crate::concept::Concepts;
use crate::expr::Kind as Shape;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::DraftId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::pathway::Pathway;
use crate::pathway::picture::course::chart;
use crate::pathway::simulate::Course;
use crate::pathway::simulate::DAYS_MAX;
use crate::pathway::simulate::Setting;
use crate::pathway::simulate::simulate;
use crate::texts;
use crate::web::app::Signed;
use crate::web::form::Fields;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::handlers::thread::moment;
use crate::web::library::CourseText;
use crate::web::library::SimulatePage;
use crate::web::picture::ChartPictures;
use crate::web::respond;
use crate::web::view::Choice;
use crate::web::view::Field;
use crate::web::view::FlawView;

/// How many days a page plays unless it is told otherwise.
const DAYS: u16 = 90;

/// `GET /pathways/{pathway}/simulate`
pub async fn page(signed: Signed, name: Path<String>) -> Result<HttpResponse> {
    let library = signed.house().library();
    let pathway = super::compare::find(&library.pathways, &name).ok_or(Error::Missing)?.clone();
    let here = format!("/pathways/{}", pathway.hash);
    show(&signed, &pathway, &here).await
}

/// `GET /library/drafts/{draft}/simulate`
pub async fn of_draft(signed: Signed, draft: Path<DraftId>) -> Result<HttpResponse> {
    super::need(&signed, LibraryNeed::Write)?;
    let id = *draft;
    let view = signed.house().read(move |reading| views::library::draft(reading, id)).await?;
    // A draft that does not read has nothing to play: its own page says what is wrong.
    let pathway = drafts::read(&view.text).map_err(|_| Error::Missing)?;
    show(&signed, &pathway, &format!("/library/drafts/{id}")).await
}

async fn show(signed: &Signed, pathway: &Pathway, back: &str) -> Result<HttpResponse> {
    let (t, lang) = (signed.t(), signed.lang());
    let fields = Fields::parse(signed.request().query_string().as_bytes()).unwrap_or_default();
    let asked = fields.has("days");
    let played = if asked { sort(play(signed, pathway, &fields).await)?.map(Some) } else { Ok(None) };
    let (course, told) = match played {
        Ok(course) => (course, Vec::new()),
        Err(flaws) => (None, flaws),
    };
    let typed = if asked { Typed::wrong(&fields, &told) } else { Typed::nothing() };
    let flaws = FlawView::list(&told, lang);
    let judged = |field: Field| field.judged(&flaws);
    let page = SimulatePage {
        t,
        frame: signed.frame(t.lib_simulate_title())?.at(Place::Region).wide().with_error(!flaws.is_empty()),
        title: pathway.definition.title.say(lang).to_owned(),
        back: back.to_owned(),
        action: format!("{back}/simulate"),
        times: vec![
            judged(typed.field("date", "from", t.lib_from(), &signed.house().now().day().to_string())),
            judged(typed.field("number", "days", t.lib_days(), &DAYS.to_string())),
        ],
        facts: concepts(pathway).map(|(code, concept)| judged(fact(&typed, code, concept, lang))).collect(),
        course: course.map(|(setting, course)| course_text(pathway, &setting, &course, lang)),
        flaws,
    };
    if page.flaws.is_empty() { respond::page(&page) } else { respond::form_again(&page) }
}

/// The concepts that a pathway looks at, each once, in the order of its facts.
fn concepts(pathway: &Pathway) -> impl Iterator<Item = (&str, &'static Concept)> {
    let mut known = std::collections::BTreeSet::new();
    pathway.definition.facts.values().filter_map(move |usage| {
        let concept = Concepts::shipped().get(&usage.concept)?;
        known.insert(usage.concept.as_str()).then_some((usage.concept.as_str(), concept))
    })
}

fn name(code: &str) -> String {
    format!("fact.{code}")
}

fn fact(typed: &Typed<'_>, code: &str, concept: &Concept, lang: Lang) -> Field {
    let (t, name, label) = (Text(lang), name(code), concept.title.say(lang));
    let plain = |widget| typed.field(widget, &name, label, "");
    let mut choices = vec![(String::new(), t.lib_fact_unset().to_owned())];
    match concept.kind() {
        Shape::Bool => {
            choices.push(("true".to_owned(), concept.say(&crate::expr::Value::Bool(true), lang)));
            choices.push(("false".to_owned(), concept.say(&crate::expr::Value::Bool(false), lang)));
            typed.choice(&name, label, &choices, "")
        }
        Shape::Enum { .. } => {
            choices.extend(concept.values.iter().map(|one| (one.code.clone(), one.say(lang).to_owned())));
            typed.choice(&name, label, &choices, "")
        }
        Shape::Set { .. } => {
            let held = typed.all(&name);
            let one = |one: &crate::concept::Choice| Choice {
                chosen: held.contains(&one.code),
                ..Choice::new(one.code.clone(), one.say(lang), "")
            };
            Field::new("checks", name.clone(), label).of(concept.values.iter().map(one).collect())
        }
        Shape::Number { unit } => {
            let mut field = plain("text");
            field.unit = unit.unwrap_or_default();
            field
        }
        Shape::Date => plain("date"),
        Shape::Instant => plain("datetime-local"),
        _ => plain("text"),
    }
}

async fn play(signed: &Signed, pathway: &Pathway, fields: &Fields) -> Result<(Setting, Course)> {
    let setting = setting(pathway, fields)?;
    let mut library = signed.house().library().pathways.clone();
    library.add(pathway.clone());
    let (pathway, given) = (pathway.clone(), setting.clone());
    // A long course is reckoned beside the threads that answer.
    let played = signed.house().read(move |_| Ok(simulate(&library, &pathway, &given))).await?;
    played.map(|course| (setting, course)).map_err(|refusal| match plans::refused(refusal) {
        Error::Forbidden(says) => Error::invalid("", says),
        why => why,
    })
}

fn setting(pathway: &Pathway, fields: &Fields) -> Result<Setting> {
    let mut flaws = Vec::new();
    let from: Option<Date> = fields.get("from").trim().parse().ok();
    if from.is_none() {
        flaws.push(Flaw { field: "from".to_owned(), says: Words::of(Text::lib_day_unreadable) });
    }
    let days: Option<u16> =
        fields.get("days").trim().parse().ok().filter(|days| (1..=DAYS_MAX).contains(days));
    if days.is_none() {
        flaws.push(Flaw { field: "days".to_owned(), says: Words::of(|t| t.lib_days_range(DAYS_MAX)) });
    }
    let mut facts = Vec::new();
    for (code, concept) in concepts(pathway) {
        match stated(concept, &name(code), fields) {
            Ok(Some(value)) => facts.push((code.to_owned(), value)),
            Ok(None) => {}
            Err(says) => flaws.push(Flaw { field: name(code), says }),
        }
    }
    match (from, days) {
        (Some(from), Some(days)) if flaws.is_empty() => Ok(Setting { from, days, facts }),
        _ => Err(Error::Invalid(flaws)),
    }
}

/// A fact as it was typed; none where nothing was.
fn stated(concept: &Concept, name: &str, fields: &Fields) -> std::result::Result<Option<Value>, Words> {
    let sent = fields.get(name).trim();
    if sent.is_empty() {
        return Ok(None);
    }
    let value = match concept.kind() {
        Shape::Bool => Value::from(sent == "true"),
        Shape::Number { .. } => sent.parse::<f64>().map(Value::from).unwrap_or_default(),
        Shape::Set { .. } => Value::from(fields.all(name).collect::<Vec<_>>()),
        Shape::Instant => match moment(name, sent) {
            Ok(Some(at)) => Value::from(at.stamp().to_string()),
            _ => Value::Null,
        },
        _ => Value::from(sent),
    };
    concept.value(&value).map(|_| Some(value))
}

/// What happens, in the reader's language: the same picture that the command draws.
fn course_text(pathway: &Pathway, setting: &Setting, course: &Course, lang: Lang) -> CourseText {
    let drawn = || ChartPictures::of(&chart(&pathway.definition, setting, course, lang), "course");
    CourseText { chart: (!course.days.is_empty()).then(drawn), cut_off: course.cut_off }
}

texts! {
    lib_day_unreadable { ja: "日付を入れてください。", en: "Please give a day." }
    lib_days_range(max: u16) { ja: "1から{max}までの日数を入れてください。", en: "Please give 1 to {max} days." }
}
