//! The house's one use of JSON Schema (draft 2020-12): compile a schema once, judge values, and say
//! what is wrong in both languages. Values never appear in the sentences, only what the schema says.

use jsonschema::Draft;
use jsonschema::JsonType;
use jsonschema::PatternOptions;
use jsonschema::ValidationError;
use jsonschema::Validator;
use jsonschema::error::TypeKind;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use crate::kernel::error::Flaw;
use crate::kernel::finding::Finding;
use crate::kernel::finding::checks;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::source::Source;
use crate::kernel::source::below;
use crate::texts;

/// Largest compiled pattern, in bytes: a schema from outside cannot buy more memory than this.
const PATTERN_BYTES_MAX: usize = 1 << 18;

/// Most flaws told about one value: nobody mends more at a time.
const FLAWS_MAX: usize = 200;

/// A compiled schema.
#[derive(Debug)]
pub struct Schema(Validator);

impl Schema {
    /// Compiles a schema. Formats must be known ones and are checked; patterns run on the linear-time
    /// engine; nothing is ever fetched. The error is for the schema's author, in English.
    pub fn compile(schema: &Value) -> Result<Self, String> {
        jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_pattern_options(
                PatternOptions::regex().size_limit(PATTERN_BYTES_MAX).dfa_size_limit(PATTERN_BYTES_MAX),
            )
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .offline()
            .build(schema)
            .map(Self)
            .map_err(|error| format!("{}: {}", error.instance_path(), error.masked()))
    }

    /// Whether the value fits.
    pub fn fits(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }

    /// Everything that is wrong with a value; each flaw's field is a JSON pointer.
    pub fn flaws(&self, value: &Value) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        for error in self.0.iter_errors(value).take(FLAWS_MAX) {
            gather(&error, &mut flaws);
        }
        flaws
    }

    /// Everything that is wrong with a file, each at its place.
    pub fn findings(&self, source: &Source) -> Vec<Finding> {
        let flaws = self.flaws(&source.value).into_iter();
        flaws.map(|flaw| source.finding(&flaw.field, &checks::SHAPE, flaw.says)).collect()
    }
}

/// Turns one error into flaws. Of alternatives, the one that fits best speaks for all: the recursion
/// follows the schema's own nesting, which is ours.
fn gather(error: &ValidationError<'_>, flaws: &mut Vec<Flaw>) {
    let place = error.instance_path().as_str();
    match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => match nearest(context, place) {
            Some(branch) => branch.iter().for_each(|inner| gather(inner, flaws)),
            None => flaws.push(Flaw { field: place.to_owned(), says: Words::of(|t| t.shape_none_fits()) }),
        },
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                let says = Words::of(|t| t.shape_unknown_member(name));
                flaws.push(Flaw { field: below(place, name), says });
            }
        }
        Kind::PropertyNames { error: inner } => {
            let name = inner.instance().as_str().unwrap_or_default();
            let says = Words::of(|t| t.shape_bad_name(name));
            flaws.push(Flaw { field: below(place, name), says });
        }
        kind => flaws.push(Flaw { field: place.to_owned(), says: sentence(kind) }),
    }
}

/// The alternative that was meant: the one whose errors lie deeper than the place where they part.
fn nearest<'a>(
    context: &'a [Vec<ValidationError<'static>>],
    place: &str,
) -> Option<&'a [ValidationError<'static>]> {
    let meant = context.iter().filter(|branch| {
        let wrong_kind = |error: &ValidationError<'_>| {
            error.instance_path().as_str() == place
                && matches!(error.kind(), Kind::Type { .. } | Kind::Constant { .. } | Kind::Enum { .. })
        };
        !branch.is_empty() && !branch.iter().any(wrong_kind)
    });
    meant.min_by_key(|branch| branch.len()).map(Vec::as_slice)
}

fn sentence(kind: &Kind) -> Words {
    match kind {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            Words::of(|t| t.shape_required(name))
        }
        Kind::Type { kind } => Words::of(|t| t.shape_type(&kinds(kind, t))),
        Kind::Enum { options } => {
            let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
            let listed: Vec<String> = options.iter().take(12).map(plain).collect();
            let listed = listed.join(" / ");
            Words::of(|t| t.shape_enum(&listed))
        }
        Kind::Constant { expected_value } => {
            let expected = plain(expected_value);
            Words::of(|t| t.shape_const(&expected))
        }
        Kind::Maximum { limit } => Words::of(|t| t.shape_max(limit)),
        Kind::Minimum { limit } => Words::of(|t| t.shape_min(limit)),
        Kind::ExclusiveMaximum { limit } => Words::of(|t| t.shape_below(limit)),
        Kind::ExclusiveMinimum { limit } => Words::of(|t| t.shape_above(limit)),
        Kind::MaxLength { limit } => Words::of(|t| t.shape_max_length(*limit)),
        Kind::MinLength { limit } if *limit <= 1 => Words::of(|t| t.shape_empty()),
        Kind::MinLength { limit } => Words::of(|t| t.shape_min_length(*limit)),
        Kind::MaxItems { limit } => Words::of(|t| t.shape_max_items(*limit)),
        Kind::MinItems { limit } => Words::of(|t| t.shape_min_items(*limit)),
        Kind::MaxProperties { limit } => Words::of(|t| t.shape_max_items(*limit)),
        Kind::MinProperties { limit } => Words::of(|t| t.shape_min_items(*limit)),
        Kind::UniqueItems => Words::of(|t| t.shape_twice()),
        Kind::MultipleOf { multiple_of } => Words::of(|t| t.shape_multiple(*multiple_of)),
        Kind::Format { format } => Words::of(|t| t.shape_format(&format_name(format, t))),
        Kind::Pattern { .. } => Words::of(|t| t.shape_pattern()),
        Kind::Contains | Kind::AdditionalItems { .. } | Kind::UnevaluatedItems { .. } => {
            Words::of(|t| t.shape_items())
        }
        _ => Words::of(|t| t.shape_none_fits()),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn kinds(kind: &TypeKind, t: Text) -> String {
    let name = |kind: JsonType| match (kind, t.0) {
        (JsonType::Array, Lang::Ja) => "並び",
        (JsonType::Array, Lang::En) => "a list",
        (JsonType::Boolean, Lang::Ja) => "はい・いいえ",
        (JsonType::Boolean, Lang::En) => "true or false",
        (JsonType::Integer, Lang::Ja) => "整数",
        (JsonType::Integer, Lang::En) => "a whole number",
        (JsonType::Null, Lang::Ja) => "空",
        (JsonType::Null, Lang::En) => "null",
        (JsonType::Number, Lang::Ja) => "数",
        (JsonType::Number, Lang::En) => "a number",
        (JsonType::Object, Lang::Ja) => "項目の組",
        (JsonType::Object, Lang::En) => "an object",
        (JsonType::String, Lang::Ja) => "文字",
        (JsonType::String, Lang::En) => "text",
    };
    match kind {
        TypeKind::Single(kind) => name(*kind).to_owned(),
        TypeKind::Multiple(set) => {
            let names: Vec<&str> = set.iter().map(name).collect();
            names.join(if t.0 == Lang::Ja { "か" } else { " or " })
        }
    }
}

fn format_name(format: &str, t: Text) -> String {
    let (ja, en) = match format {
        "date" => ("日付（例 2026-11-22）", "a date such as 2026-11-22"),
        "time" => ("時刻（例 14:05:00Z）", "a time such as 14:05:00Z"),
        "date-time" => ("日時（例 2026-11-22T14:05:00+09:00）", "a moment such as 2026-11-22T14:05:00+09:00"),
        "duration" => ("長さ（例 P14D、PT4H）", "a length such as P14D or PT4H"),
        "uri" => ("アドレス（https://…）", "an address (https://…)"),
        "email" => ("メールアドレス", "a mail address"),
        "uuid" => ("番号（UUID）", "a UUID"),
        other => (other, other),
    };
    if t.0 == Lang::Ja { ja.to_owned() } else { en.to_owned() }
}

texts! {
    shape_none_fits {
        ja: "ここで使える書き方のどれにも合いません。",
        en: "This fits none of the ways in which it may be written."
    }
    shape_unknown_member(name: &str) {
        ja: "「{name}」という項目はありません。つづりを確かめてください。",
        en: "There is no member called \"{name}\". Check how it is spelt."
    }
    shape_bad_name(name: &str) {
        ja: "「{name}」は名前として使えません。英小文字・数字・「-」「_」で書いてください。",
        en: "\"{name}\" cannot be a name. Use lower-case letters, digits, \"-\" and \"_\"."
    }
    shape_required(name: &str) {
        ja: "「{name}」がありません。書いてください。",
        en: "\"{name}\" is missing. Write it."
    }
    shape_type(kinds: &str) {
        ja: "ここには{kinds}を書いてください。",
        en: "Write {kinds} here."
    }
    shape_enum(options: &str) {
        ja: "次のどれかを選んでください: {options}",
        en: "Choose one of: {options}"
    }
    shape_const(expected: &str) { ja: "ここは {expected} と書いてください。", en: "Write {expected} here." }
    shape_max(limit: &Value) { ja: "{limit} 以下にしてください。", en: "At most {limit}." }
    shape_min(limit: &Value) { ja: "{limit} 以上にしてください。", en: "At least {limit}." }
    shape_below(limit: &Value) { ja: "{limit} より小さくしてください。", en: "Less than {limit}." }
    shape_above(limit: &Value) { ja: "{limit} より大きくしてください。", en: "More than {limit}." }
    shape_max_length(limit: u64) { ja: "{limit} 文字までにしてください。", en: "At most {limit} characters." }
    shape_min_length(limit: u64) { ja: "{limit} 文字以上書いてください。", en: "At least {limit} characters." }
    shape_empty { ja: "何か書いてください。", en: "Write something here." }
    shape_max_items(limit: u64) { ja: "{limit} 個までにしてください。", en: "At most {limit} of them." }
    shape_min_items(limit: u64) { ja: "{limit} 個以上必要です。", en: "At least {limit} of them." }
    shape_twice { ja: "同じものが二度あります。", en: "The same thing stands here twice." }
    shape_multiple(step: f64) { ja: "{step} きざみにしてください。", en: "Use steps of {step}." }
    shape_format(kind: &str) { ja: "{kind}を書いてください。", en: "Write {kind}." }
    shape_pattern { ja: "書き方が決まりに合いません。", en: "This is not written in the expected way." }
    shape_items { ja: "並びの中身が決まりに合いません。", en: "The list does not hold what it should." }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> Schema {
        Schema::compile(&json!({
            "type": "object", "required": ["id"], "additionalProperties": false,
            "properties": {
                "id": { "type": "string", "pattern": "^[a-z]+$" },
                "on": { "type": "string", "format": "date" },
                "do": { "oneOf": [
                    { "type": "string" },
                    { "type": "object", "required": ["task"], "properties": { "task": { "type": "integer" } } }
                ] },
                "grade": { "enum": ["none", "mild"] }
            }
        }))
        .unwrap()
    }

    #[test]
    fn every_flaw_is_told_with_its_place_and_without_the_value() {
        let flaws = schema().flaws(&json!({ "on": "胃", "ido": 3, "do": { "task": "x" }, "grade": "重い" }));
        let mut fields: Vec<&str> = flaws.iter().map(|flaw| flaw.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["", "/do/task", "/grade", "/ido", "/on"]);
        assert!(flaws.iter().all(|flaw| !flaw.says.ja.contains('重') && !flaw.says.en.is_empty()));
        assert!(schema().fits(&json!({ "id": "peg", "do": "x" })));
    }

    #[test]
    fn a_schema_with_an_unknown_format_or_a_greedy_pattern_is_refused() {
        assert!(Schema::compile(&json!({ "type": "string", "format": "furigana" })).is_err());
        assert!(Schema::compile(&json!({ "type": "string", "pattern": "(a{1000}){1000}" })).is_err());
        assert!(Schema::compile(&json!({ "type": "string", "pattern": "(?=a)b" })).is_err());
        assert!(Schema::compile(&json!({ "$ref": "https://example.com/x.json" })).is_err());
    }
}
