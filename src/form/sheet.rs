//! The one tree of a filled form, for every face of it: the page with its controls, the page to check
//! before signing, the A4 print, the masked FAX variant, and plain text. Templates walk it and decide
//! nothing; how it grows from a form and its answers is told in `build.rs`.

use crate::form::field::Widget;
use crate::kernel::lang::Lang;

/// A form with its answers, in one language, ready to show.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Sheet {
    /// The form's code.
    pub code: String,
    /// The hash of the form file that it renders with.
    pub hash: String,
    /// The title.
    pub title: String,
    /// What it is for, in one sentence.
    pub purpose: String,
    /// The note about who must review the clinical content.
    pub review: String,
    /// The language.
    pub lang: Lang,
    /// The FAX variant: names hidden, addresses cut.
    pub masked: bool,
    /// The sections in the sheet's own order.
    pub sections: Vec<SheetSection>,
    /// What is wrong, in the order of the sheet, for the summary at the top.
    pub flaws: Vec<SheetFlaw>,
    /// How far the filling is.
    pub progress: Progress,
}

/// One line of the error summary.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SheetFlaw {
    /// The `id` to link to (without `#`).
    pub anchor: String,
    /// The label of the field; empty when it concerns the whole form.
    pub label: String,
    /// The sentence, the same as beside the field.
    pub says: String,
}

/// How far the filling is: "18 / 46 confirmed".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Progress {
    /// Fields that apply and are asked.
    pub total: usize,
    /// Those with an answer.
    pub answered: usize,
    /// Those whose answer a person gave or confirmed.
    pub confirmed: usize,
    /// Prefilled answers that wait for a person.
    pub to_confirm: usize,
    /// Needed for signing, and still blank.
    pub missing: usize,
}

/// One section of the sheet.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct SheetSection {
    /// Its code: value of the buttons named `confirm` (all that was prefilled is right) and `unknown`
    /// (what is still blank is not known), and of the hidden input `section`.
    pub code: String,
    /// The `id` of its heading.
    pub anchor: String,
    /// The sheet's own number, such as 1 or (2); may be empty.
    pub number: String,
    /// The heading.
    pub label: String,
    /// A hint; may be empty.
    pub help: String,
    /// Folded at first: additions that a region may leave out.
    pub optional: bool,
    /// Starts a new printed page.
    pub new_page: bool,
    /// Its fields.
    pub fields: Vec<SheetField>,
    /// Blank answers that 不明 may stand for.
    pub unknowable: usize,
    /// How far it is.
    pub progress: Progress,
}

/// One field as it is shown.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct SheetField {
    /// Its path: `skin`, `contacts`, `contacts.0.on`.
    pub path: String,
    /// The `name` of its control: `f.skin`.
    pub name: String,
    /// The `id` of its control: `f-skin`.
    pub anchor: String,
    /// The label.
    pub label: String,
    /// The hint below the label; may be empty.
    pub help: String,
    /// How it is asked.
    pub widget: Widget,
    /// The unit; may be empty.
    pub unit: String,
    /// Signing needs an answer.
    pub required: bool,
    /// False while its condition is not met: hide it where script runs; it is not stored anyway.
    pub applies: bool,
    /// When it is asked, in words; empty when always.
    pub when: String,
    /// For script: which control opens it; none when it is always open or the rule is not simple.
    pub depends: Option<SheetDepends>,
    /// Radios, menu items or ticks.
    pub choices: Vec<SheetChoice>,
    /// The same choices as a table, for [`Widget::Grid`].
    pub grid: Option<SheetGrid>,
    /// The tick 不明 beside controls that are not choices; choices carry it as their last choice.
    pub unknown: Option<SheetTick>,
    /// What stands in the control (ISO days, codes, plain numbers), even when it is wrong.
    pub value: String,
    /// What a reader sees (labels, units, 令和 days in Japanese); empty for a blank.
    pub shown: String,
    /// The answer is 不明.
    pub is_unknown: bool,
    /// Bounds of a number or date control; empty for none.
    pub min: String,
    /// The upper bound.
    pub max: String,
    /// The step of a number: `1` or `any`; empty elsewhere.
    pub step: String,
    /// The most characters; 0 where it does not apply.
    pub max_length: usize,
    /// The lines of a text box.
    pub lines: u8,
    /// What is wrong, to stand beside the field; empty when nothing is.
    pub flaw: String,
    /// Where a prefilled answer came from.
    pub source: Option<SheetSource>,
    /// The columns of repeating rows.
    pub columns: Vec<SheetColumn>,
    /// Its rows; the last one is blank while there is room for more.
    pub rows: Vec<SheetRow>,
    /// Width on paper in twelfths.
    pub span: u8,
    /// Least height on paper in lines.
    pub print_lines: u8,
    /// Left out on paper.
    pub omit: bool,
    /// Hidden in this (masked) sheet.
    pub hidden: bool,
}

/// The control that a field hangs on: it is open while one of these values is chosen there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SheetDepends {
    /// The `name` of that control.
    pub name: String,
    /// The values that open this field.
    pub values: Vec<String>,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SheetChoice {
    /// The posted value.
    pub value: String,
    /// The `id` of its control.
    pub anchor: String,
    /// Its label.
    pub label: String,
    /// It is chosen.
    pub checked: bool,
    /// Cannot stand beside another (なし, 不明).
    pub exclusive: bool,
}

/// Choices in a table.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SheetGrid {
    /// The heads of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<SheetGridRow>,
}

/// One row of a [`SheetGrid`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SheetGridRow {
    /// Its head.
    pub label: String,
    /// One choice for each column.
    pub cells: Vec<SheetChoice>,
}

/// A lone tick: 不明, or "I confirm this".
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SheetTick {
    /// The `name` of its control; its value is `1`.
    pub name: String,
    /// The `id` of its control.
    pub anchor: String,
    /// It is ticked.
    pub checked: bool,
}

/// Where a prefilled answer came from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SheetSource {
    /// 「訪問看護の観察（11月20日(金)）から」.
    pub says: String,
    /// The entry in the patient's record to link to.
    pub entry: Option<crate::kernel::id::EntryId>,
    /// The tick that confirms it.
    pub confirm: SheetTick,
}

/// The head of a column of repeating rows.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SheetColumn {
    /// The label.
    pub label: String,
    /// The hint; may be empty.
    pub help: String,
    /// Signing needs an answer in each row.
    pub required: bool,
}

/// One row of repeating rows.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct SheetRow {
    /// Counted from 1, as printed.
    pub number: usize,
    /// One field for each column; never rows again.
    pub fields: Vec<SheetField>,
    /// Nothing is filled in yet.
    pub blank: bool,
}

impl Sheet {
    /// Whether anything is wrong: the page's title then begins with エラー.
    pub fn has_flaws(&self) -> bool {
        !self.flaws.is_empty()
    }
}
