//! The registry of concepts: every fact, observation, device field and patient attribute by its one
//! name, with type, unit, choices and both languages. Pathways and forms refer to it; values that
//! come in are read here. What is known about a patient lives elsewhere.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::expr::Kind;
use crate::expr::Value;
use crate::kernel::finding::Finding;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::source::Source;
use crate::kernel::source::below;
use crate::kernel::time;
use crate::texts;

/// Longest text that a fact may hold, in characters.
const TEXT_MAX: usize = 4000;

static SHIPPED: LazyLock<Concepts> = LazyLock::new(|| {
    Concepts::read("schemas/concepts.json", include_str!("../schemas/concepts.json")).unwrap_or_default()
});

/// All concepts by code.
#[derive(Debug, Clone, Default)]
pub struct Concepts(BTreeMap<String, Concept>);

/// One thing that can be known about a patient.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concept {
    #[serde(rename = "type")]
    shape: Shape,
    /// What it is a property of.
    pub of: Of,
    /// The unit numbers are measured in.
    pub unit: Option<String>,
    /// Smallest number that can be meant.
    pub min: Option<f64>,
    /// Largest number that can be meant.
    pub max: Option<f64>,
    /// What may be chosen.
    #[serde(default)]
    pub values: Vec<Choice>,
    /// Its name.
    pub title: Words,
    /// What one says of the time since then: 抜けてから, removed (… ago).
    pub since: Option<Words>,
    /// Its LOINC code, for the edge.
    pub loinc: Option<String>,
    /// It may be told by itself, outside any form: a visit, an accident, a death. A date or a moment.
    #[serde(default)]
    pub by_hand: bool,
}

/// What a concept is a property of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// The patient, slowly changing.
    Patient,
    /// One look at the patient.
    Observation,
    /// A device in or on the patient.
    Device,
    /// Something that happened.
    Event,
}

/// One choice of an enum or set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The code that is stored.
    pub code: String,
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shape {
    Bool,
    Number,
    Text,
    Enum,
    Set,
    Date,
    Instant,
    Duration,
}

impl Concepts {
    /// The registry that this version ships.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads a registry: an object of concepts by code.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Finding>> {
        let source = Source::read(file, text)?;
        let members = source.value.as_object().into_iter().flatten();
        let (mut concepts, mut findings) = (BTreeMap::new(), Vec::new());
        for (code, value) in members {
            let pointer = below("", code);
            match Concept::deserialize(value) {
                Ok(concept) if concept.is_sound() => {
                    concepts.insert(code.clone(), concept);
                }
                _ => findings.push(source.finding(
                    &pointer,
                    &checks::CONCEPT,
                    Words::of(|t| t.concept_unreadable(code)),
                )),
            }
        }
        if findings.is_empty() { Ok(Self(concepts)) } else { Err(findings) }
    }

    /// The concept of this code.
    pub fn get(&self, code: &str) -> Option<&Concept> {
        self.0.get(code)
    }

    /// All concepts, by code.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Concept)> {
        self.0.iter()
    }
}

impl Concept {
    fn is_sound(&self) -> bool {
        let chosen = matches!(self.shape, Shape::Enum | Shape::Set);
        let dated = matches!(self.shape, Shape::Date | Shape::Instant);
        chosen != self.values.is_empty()
            && (self.unit.is_none() || self.shape == Shape::Number)
            && (dated || !self.by_hand)
            && (self.shape == Shape::Instant || self.since.is_none())
    }

    /// Whether it is a day rather than a moment.
    pub fn is_day(&self) -> bool {
        self.shape == Shape::Date
    }

    /// Its kind, for conditions.
    pub fn kind(&self) -> Kind {
        let values = || self.values.iter().map(|choice| choice.code.clone()).collect();
        match self.shape {
            Shape::Bool => Kind::Bool,
            Shape::Number => Kind::Number { unit: self.unit.clone() },
            Shape::Text => Kind::Text,
            Shape::Enum => Kind::Enum { values: values() },
            Shape::Set => Kind::Set { values: values() },
            Shape::Date => Kind::Date,
            Shape::Instant => Kind::Instant,
            Shape::Duration => Kind::Duration,
        }
    }

    /// Reads a value of this concept from JSON; otherwise says what it should be.
    pub fn value(&self, json: &serde_json::Value) -> Result<Value, Words> {
        let text = || json.as_str();
        let known = |code: &str| self.values.iter().any(|choice| choice.code == code);
        let read = match self.shape {
            Shape::Bool => json.as_bool().map(Value::Bool),
            Shape::Number => json.as_f64().filter(|number| self.in_range(*number)).map(Value::Number),
            Shape::Text => text()
                .filter(|text| text.chars().count() <= TEXT_MAX)
                .map(|text| Value::Text(text.to_owned())),
            Shape::Enum => text().filter(|code| known(code)).map(|code| Value::Text(code.to_owned())),
            Shape::Set => json.as_array().and_then(|codes| {
                let codes =
                    codes.iter().map(|code| code.as_str().filter(|code| known(code)).map(str::to_owned));
                codes.collect::<Option<Vec<_>>>().map(Value::Set)
            }),
            Shape::Date => text().and_then(|text| text.parse().ok()).map(Value::Date),
            Shape::Instant => text().and_then(|text| text.parse().ok()).map(Value::Instant),
            Shape::Duration => text().and_then(|text| text.parse().ok()).map(Value::Duration),
        };
        read.ok_or_else(|| self.expected())
    }

    fn in_range(&self, number: f64) -> bool {
        number.is_finite()
            && self.min.is_none_or(|min| number >= min)
            && self.max.is_none_or(|max| number <= max)
    }

    fn expected(&self) -> Words {
        let title = &self.title;
        Words::of(|t| t.concept_bad_value(title.say(t.0)))
    }

    /// The value as a person reads it: choices by their names, numbers with their unit.
    pub fn say(&self, value: &Value, lang: Lang) -> String {
        let choice = |code: &String| {
            let found = self.values.iter().find(|choice| choice.code == *code);
            found.map_or(code.clone(), |choice| choice.say(lang).to_owned())
        };
        match value {
            Value::Bool(true) => Text(lang).concept_yes().to_owned(),
            Value::Bool(false) => Text(lang).concept_no().to_owned(),
            Value::Number(number) => measured(*number, self.unit.as_deref().unwrap_or_default(), lang),
            Value::Text(text) => choice(text),
            Value::Set(codes) => {
                codes.iter().map(choice).collect::<Vec<_>>().join(if lang == Lang::Ja { "、" } else { ", " })
            }
            Value::Date(day) => time::whole_day(*day, lang),
            Value::Instant(moment) => time::whole_time((*moment).into(), lang),
            Value::Duration(length) => length.words().say(lang).to_owned(),
        }
    }
}

/// A number with its unit, in words where the unit's code is not what people say. The codes are UCUM's.
fn measured(number: f64, unit: &str, lang: Lang) -> String {
    let t = Text(lang);
    match unit {
        "" => number.to_string(),
        "pt" => t.concept_points(number),
        "/min" => t.concept_per_minute(number),
        "Cel" => format!("{number} ℃"),
        "kg/m2" => format!("{number} kg/m²"),
        share if share.starts_with(['/', '%']) => format!("{number}{share}"),
        unit => format!("{number} {unit}"),
    }
}

impl Choice {
    /// Its name in one language.
    pub fn say(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
        }
    }
}

pub mod checks {
    //! What the registry is checked for.

    crate::checks! {
        CONCEPT "concept" Error {
            why: { ja: "パスと様式は、この登録簿の名前と種類で事実を分け合います。", en: "Pathways and forms share facts by the names and kinds of this registry." },
            mend: { ja: "type に合う values・unit・by_hand にしてください。", en: "Let values, unit and by_hand fit the type." }
        }
    }
}

texts! {
    concept_unreadable(code: &str) {
        ja: "「{code}」の定義が読めません。type・of・title と、選択肢なら values が必要です。",
        en: "The definition of \"{code}\" cannot be read. It needs type, of, title, and values for choices."
    }
    concept_bad_value(title: &str) {
        ja: "「{title}」の値が正しくありません。",
        en: "This is no value of \"{title}\"."
    }
    concept_points(number: f64) { ja: "{number}点", en: "{number} point" | "{number} points" }
    concept_per_minute(number: f64) { ja: "{number}回/分", en: "{number}/min" }
    concept_yes { ja: "はい", en: "yes" }
    concept_no { ja: "いいえ", en: "no" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_shipped_registry_reads_and_every_concept_speaks_both_languages() {
        let concepts =
            Concepts::read("schemas/concepts.json", include_str!("../schemas/concepts.json")).unwrap();
        assert!(concepts.iter().count() > 100);
        for (code, concept) in concepts.iter() {
            assert!(!concept.title.ja.is_empty() && !concept.title.en.is_empty(), "{code}");
        }
    }

    #[test]
    fn only_values_of_a_concept_are_read() {
        let stopper = Concepts::shipped().get("peg.stopper").unwrap();
        assert_eq!(stopper.value(&json!("balloon")), Ok(Value::Text("balloon".to_owned())));
        assert!(stopper.value(&json!("Balloon")).is_err());
        assert_eq!(stopper.say(&Value::Text("bumper".to_owned()), Lang::Ja), "バンパー型");
        let size = Concepts::shipped().get("peg.size_fr").unwrap();
        assert_eq!(size.say(&size.value(&json!(20)).unwrap(), Lang::En), "20 Fr");
        let says = |code: &str, number: f64, lang| {
            Concepts::shipped().get(code).unwrap().say(&Value::Number(number), lang)
        };
        assert_eq!(says("ppi", 4.5, Lang::Ja), "4.5点");
        assert_eq!([1.0, 4.5].map(|number| says("ppi", number, Lang::En)), ["1 point", "4.5 points"]);
        assert_eq!(says("nrs_now", 4.0, Lang::Ja), "4/10");
        assert!(size.value(&json!(400)).is_err() && size.value(&json!("20")).is_err());
        let placed = Concepts::shipped().get("peg.placed_on").unwrap();
        assert!(placed.value(&json!("2026-02-29")).is_err() && placed.value(&json!("2028-02-29")).is_ok());
    }

    #[test]
    fn a_broken_registry_is_told_with_its_line() {
        let text = "{\n \"a\": { \"type\": \"enum\", \"of\": \"patient\", \"title\": { \"ja\": \"あ\", \"en\": \"a\" } }\n}";
        assert_eq!(Concepts::read("c.json", text).unwrap_err()[0].line, 2);
    }
}
