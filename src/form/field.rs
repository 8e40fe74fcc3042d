//! What a declared field is once its file was read: shape, words, conditions, and where it prints.
//! How a file becomes fields is told in `read.rs`; what people answer, in `answers.rs`.

use serde_json::Value;

use crate::form::condition::Condition;
use crate::kernel::lang::Words;

/// The longest text of a one-line field unless the file says less.
pub const LINE_MAX: usize = 200;
/// The longest text of a text box unless the file says less.
pub const TEXT_MAX: usize = 4_000;
/// The most rows of a repeating field unless the file says less.
pub const ROWS_MAX: usize = 30;

/// One question of a form, or one column of a repeating field, or one thing a move asks.
#[derive(Debug, Clone)]
pub struct Field {
    /// The path of its answer: `skin`, and `contacts` for repeating rows.
    pub code: String,
    /// The label on the sheet.
    pub label: Words,
    /// A hint below the label.
    pub help: Option<Words>,
    /// What may be answered.
    pub shape: Shape,
    /// How it is asked on a page.
    pub widget: Widget,
    /// The unit inside the control.
    pub unit: Option<Words>,
    /// The unit as conditions and concepts name it.
    pub unit_code: Option<String>,
    /// 不明 is a legal answer, and is not the same as a blank.
    pub may_be_unknown: bool,
    /// Signing needs an answer.
    pub required: bool,
    /// No day after the day of signing.
    pub not_future: bool,
    /// Asked only while this is true; otherwise neither required nor stored.
    pub when: Option<Condition>,
    /// What must hold between this and other answers, with the sentence for when it does not.
    pub checks: Vec<Check>,
    /// The concept or record path that fills it beforehand.
    pub prefill: Option<String>,
    /// The concept that the signed answer becomes.
    pub writes: Option<String>,
    /// Its place on the paper.
    pub print: Print,
    /// Its name and codes in a FHIR Questionnaire.
    pub fhir: Fhir,
}

impl Field {
    /// The offered choices, if it has any.
    pub fn choices(&self) -> &[Choice] {
        match &self.shape {
            Shape::Choice(choices) | Shape::Many { choices, .. } => choices,
            _ => &[],
        }
    }

    /// The columns of a repeating field.
    pub fn columns(&self) -> &[Field] {
        match &self.shape {
            Shape::Rows { columns, .. } => columns,
            _ => &[],
        }
    }
}

/// What may be answered to a field.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Words, up to so many characters.
    Text {
        /// The most characters.
        max: usize,
    },
    /// A number with its bounds.
    Number {
        /// Only whole numbers.
        whole: bool,
        /// The least.
        min: Option<f64>,
        /// The most.
        max: Option<f64>,
    },
    /// A civil day, `2026-11-22`.
    Date,
    /// A time of day, `14:05`.
    Time,
    /// A civil day and time, `2026-11-22T14:05`.
    Moment,
    /// One tick: true, or blank.
    Tick,
    /// One of several.
    Choice(Vec<Choice>),
    /// Any of several.
    Many {
        /// The choices.
        choices: Vec<Choice>,
        /// How they stand in a table, if they do.
        grid: Option<Grid>,
    },
    /// Repeating rows.
    Rows {
        /// What each row asks.
        columns: Vec<Field>,
        /// The most rows.
        max: usize,
    },
    /// The sum of other answers; never typed.
    Sum(Vec<String>),
}

/// One offered choice.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The value as text, as a page posts it.
    pub code: String,
    /// The value as it is stored.
    pub value: Value,
    /// Its label.
    pub label: Words,
    /// What it adds to a sum; the value itself where it is a number.
    pub points: Option<f64>,
    /// Cannot stand beside another choice (なし).
    pub exclusive: bool,
}

/// A table of choices: the code of a cell is `row_column`.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// The rows.
    pub rows: Vec<GridHead>,
    /// The columns.
    pub columns: Vec<GridHead>,
}

/// The head of a row or column of a [`Grid`].
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GridHead {
    /// Its part of the cell's code.
    pub code: String,
    /// What stands there.
    pub label: Words,
}

/// How a field is asked on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Widget {
    /// One line.
    Text,
    /// Several lines.
    Textarea,
    /// A number with its unit.
    Number,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A day and time.
    Moment,
    /// A single tick.
    Tick,
    /// Radios.
    Radio,
    /// A menu; for more than eight choices.
    Select,
    /// Ticks.
    Checks,
    /// Ticks in a table.
    Grid,
    /// Repeating rows.
    Rows,
    /// Worked out, not asked.
    Sum,
}

impl Widget {
    /// The name used in templates and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Textarea => "textarea",
            Self::Number => "number",
            Self::Date => "date",
            Self::Time => "time",
            Self::Moment => "moment",
            Self::Tick => "tick",
            Self::Radio => "radio",
            Self::Select => "select",
            Self::Checks => "checks",
            Self::Grid => "grid",
            Self::Rows => "rows",
            Self::Sum => "sum",
        }
    }
}

/// What must hold between answers.
#[derive(Debug, Clone)]
pub struct Check {
    /// The condition; only a plain "no" is a flaw, an unknown is not.
    pub that: Condition,
    /// What is wrong when it does not hold, and what to do.
    pub says: Words,
}

/// The place of a field on the paper.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Print {
    /// Width in twelfths of the sheet.
    pub span: u8,
    /// The least height in lines.
    pub lines: u8,
    /// The least number of printed rows of a repeating field.
    pub rows: u8,
    /// Not printed at all.
    pub omit: bool,
    /// How the FAX variant hides it.
    pub mask: Option<Mask>,
    /// The field whose answer gives the initials (the kana of a name).
    pub mask_from: Option<String>,
}

impl Default for Print {
    fn default() -> Self {
        Self { span: 6, lines: 1, rows: 0, omit: false, mask: None, mask_from: None }
    }
}

/// How the FAX variant hides an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mask {
    /// Blacked out.
    Black,
    /// A name becomes its initials, read from its kana.
    Initials,
    /// An address ends after the town.
    Town,
}

/// The names of a field in FHIR.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fhir {
    /// The item's linkId; the field's path when not given.
    #[serde(default, rename = "linkId")]
    pub link_id: Option<String>,
    /// Codings of the question.
    #[serde(default)]
    pub code: Vec<FhirCoding>,
}

/// One coding of a question.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FhirCoding {
    /// The code system's URI.
    pub system: String,
    /// The code.
    pub code: String,
    /// Its name there.
    #[serde(default)]
    pub display: Option<String>,
}
