//! Forms as people fill, check, sign, send, answer and print them: `/letters` and what lies below.
//! The sheet itself comes from the form room; these pages only show it.

use askama::Template;

use crate::form::sheet::Sheet;
use crate::form::sheet::SheetField;
use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::team::Fact;
use crate::web::view::Banner;
use crate::web::view::Choice;
use crate::web::view::Empty;
use crate::web::view::Field;
use crate::web::view::Filter;
use crate::web::view::FlawView;
use crate::web::view::Mark;
use crate::web::view::PersonView;
use crate::web::view::When;

texts! {
    letters_title { ja: "書類", en: "Forms" }
    letters_board { ja: "歯科の申込みを状態ごとに見る", en: "Dental referrals by state" }
    letters_new { ja: "新しく書く", en: "Write a new one" }
    letters_form { ja: "書類", en: "Form" }
    letters_way { ja: "送り主から宛先", en: "From, to" }
    letters_state { ja: "状態", en: "State" }
    letters_changed { ja: "最後の動き", en: "Last move" }
    letters_empty { ja: "ここに並ぶ書類はありません。", en: "No forms here." }
    letters_empty_how { ja: "患者のページから書くか、ほかの事業所から届くと並びます。", en: "Write one from a patient's page, or receive one." }
    sheet_progress(confirmed: usize, total: usize) { ja: "{confirmed} / {total} 確認済み", en: "{confirmed} / {total} confirmed" }
    sheet_missing(count: usize) { ja: "署名までにあと{count}項目", en: "{count} more to sign" }
    sheet_section_progress(answered: usize, total: usize) { ja: "{answered} / {total} 記入", en: "{answered} / {total} filled" }
    sheet_confirm_section(count: usize) { ja: "この欄の引用{count}件をまとめて確認する", en: "Confirm the carried-over answer here" | "Confirm all {count} carried-over answers here" }
    sheet_confirm { ja: "このとおり", en: "That is right" }
    sheet_unknown { ja: "不明", en: "unknown" }
    sheet_optional { ja: "必要なときだけ", en: "only where needed" }
    sheet_row(number: usize) { ja: "{number}件目", en: "No. {number}" }
    sheet_row_more { ja: "行を増やすには、いちど下書きを保存してください。", en: "Save the draft to get another row." }
    sheet_when { ja: "記入する場合", en: "Fill in when" }
    sheet_save { ja: "下書きを保存する", en: "Save draft" }
    sheet_check { ja: "内容を確かめる", en: "Check answers" }
    sheet_others { ja: "ほかの人が先に署名しました", en: "Someone else signed this first" }
    sheet_others_note { ja: "下の項目は、あなたの下書きと署名された内容が違います。どちらも残っています。正しい方を残して保存すると、訂正版として署名できます。署名された内容のままでよければ、下書きを捨ててください。", en: "These fields differ between your draft and what was signed. Both are kept. Keep what is right and save to sign it as a corrected version, or throw the draft away if the signed text is right." }
    sheet_others_same { ja: "あなたの下書きと署名された内容は同じです。下書きを捨ててかまいません。", en: "Your draft says the same as what was signed. You can throw it away." }
    sheet_mine { ja: "あなたの下書き", en: "your draft" }
    sheet_theirs { ja: "署名された内容", en: "signed" }
    sheet_see_signed { ja: "署名された書類を見る", en: "See what was signed" }
    sheet_drop { ja: "下書きを捨てる", en: "Throw the draft away" }
    sheet_rest_unknown(count: usize) { ja: "残り{count}項目は「不明」", en: "The last one is not known" | "The other {count} are not known" }
    check_keep { ja: "署名する（送るのは後で）", en: "Sign, send later" }
    letter_history { ja: "訂正の記録", en: "Corrections" }
    letter_before { ja: "訂正前", en: "before" }
    letter_after { ja: "訂正後", en: "after" }
    letter_write_report(title: &str) { ja: "「{title}」を書く", en: "Write “{title}”" }
    sheet_blank { ja: "（空欄）", en: "(blank)" }
    sheet_masked { ja: "（伏せています）", en: "(hidden)" }
    check_title { ja: "内容を確かめて署名する", en: "Check and sign" }
    check_change { ja: "直す", en: "Change" }
    check_not_ready { ja: "まだ署名できません。上の項目を直してください。", en: "It cannot be signed yet. Mend what is listed above." }
    check_sign { ja: "署名する", en: "Sign" }
    check_sign_send { ja: "署名して送る", en: "Sign and send" }
    check_sign_note { ja: "署名したあとは直せません。間違いは訂正版で直します。", en: "After signing it cannot be changed; mistakes are mended in a corrected version." }
    letter_from { ja: "送り主", en: "From" }
    letter_to { ja: "宛先", en: "To" }
    letter_version { ja: "版", en: "Version" }
    letter_moves { ja: "次に行うこと", en: "What can be done next" }
    letter_no_moves { ja: "いま、あなたが行うことはありません。", en: "There is nothing for you to do now." }
    letter_course { ja: "これまでの動き", en: "What happened so far" }
    letter_through { ja: "相手から聞いた方法", en: "How you heard from them" }
    letter_print { ja: "印刷する（A4）", en: "Print (A4)" }
    letter_fax { ja: "FAX用（伏せ字）", en: "For FAX (masked)" }
    letter_amend { ja: "訂正版を作る", en: "Make a corrected version" }
    letter_copy { ja: "文章としてコピーする", en: "Copy as text" }
    letter_text { ja: "文章で見る（他のソフトへの貼り付け用）", en: "Show as text (to paste elsewhere)" }
    print_patient { ja: "氏名", en: "Name" }
    print_page { ja: "印刷", en: "printed" }
    print_form { ja: "書式", en: "form" }
}

/// Forms across patients, or those of one patient.
#[derive(Debug, Template)]
#[template(path = "letters.html")]
pub struct LettersPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The patient, on their own page.
    pub patient: Option<Banner>,
    /// To receive, sent, drafts, closed.
    pub filters: Vec<Filter>,
    /// Whether the reader's office answers referrals at a board of its own.
    pub board: bool,
    /// Nearest deadline first.
    pub rows: Vec<LetterRow>,
    /// Forms that can be begun for this patient: `/patients/{id}/letters` with `form`.
    pub forms: Vec<NewForm>,
    /// Where beginning one is sent.
    pub action: String,
    /// A fresh id for the new one.
    pub letter: String,
}

/// A form in the list.
#[derive(Debug, Clone)]
pub struct LetterRow {
    /// Where it is, or where its draft is filled in.
    pub href: String,
    /// The form's title.
    pub title: String,
    /// The patient's name; empty on the patient's own page.
    pub patient: String,
    /// 伊藤 美咲（つるぎ訪問看護）から 歯科連携室
    pub way: String,
    /// Its state.
    pub state: Mark,
    /// Its clock, when one runs.
    pub clock: Option<Mark>,
    /// When it moved last.
    pub changed: When,
}

/// A form that can be begun.
#[derive(Debug, Clone)]
pub struct NewForm {
    /// The form's code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub purpose: String,
}

impl LettersPage {
    fn empty(&self) -> Empty {
        Empty::new(self.t.letters_empty(), self.t.letters_empty_how())
    }
}

/// Filling in a form.
#[derive(Debug, Template)]
#[template(path = "letter_edit.html")]
pub struct LetterEditPage {
    /// The texts.
    pub t: Text,
    /// The frame; with エラー： when the sheet has flaws.
    pub frame: Frame,
    /// The patient.
    pub banner: Banner,
    /// The form with its answers.
    pub sheet: Sheet,
    /// Where it is sent, with `verb` save or check, or `confirm` with a section's code.
    pub action: String,
    /// Where the draft is kept while typing.
    pub draft_href: String,
    /// The state of the draft that this page was filled from, sent as `base`.
    pub base: String,
    /// When it was saved, in words; empty when not yet.
    pub saved: String,
    /// What someone else signed in the meantime.
    pub others: Vec<Difference>,
    /// Who signed it, when; empty when nobody did.
    pub signed_by: String,
    /// The signed letter; empty when there is none.
    pub signed_href: String,
    /// Where throwing the draft away is sent; empty when nothing was kept yet.
    pub drop_action: String,
}

/// A field that two people filled differently.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The field's anchor on the page.
    pub anchor: String,
    /// Its label.
    pub label: String,
    /// What stands on this page.
    pub mine: String,
    /// What was saved by the other.
    pub theirs: String,
}

/// Checking the answers before signing.
#[derive(Debug, Template)]
#[template(path = "letter_check.html")]
pub struct LetterCheckPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The patient.
    pub banner: Banner,
    /// The form with its answers, judged for signing.
    pub sheet: Sheet,
    /// Where it is filled in.
    pub edit_href: String,
    /// Where signing is sent (`entry`, `base`, and the fields below).
    pub action: String,
    /// A fresh id for the entry.
    pub entry: String,
    /// The state of the draft that is being signed.
    pub base: String,
    /// To whom it is sent, why it is corrected; empty for a form that is only signed.
    pub fields: Vec<Field>,
    /// Signing can send it at once.
    pub sends: bool,
    /// It can be signed without sending it.
    pub keeps: bool,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// A signed form with its state, its clock and what can be done next.
#[derive(Debug, Template)]
#[template(path = "letter.html")]
pub struct LetterPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The patient.
    pub banner: Banner,
    /// `/letters/{id}`
    pub href: String,
    /// The form with its answers.
    pub sheet: Sheet,
    /// The same as plain text, for other software.
    pub plain: String,
    /// Its state.
    pub state: Mark,
    /// Its clock, when one runs.
    pub clock: Option<Mark>,
    /// Who signed it.
    pub from: PersonView,
    /// To whom it goes; says so when to nobody yet.
    pub to: String,
    /// Its version: 1, 訂正2.
    pub version: String,
    /// What else is worth saying: contacts counted, the tariff's class, what is missing for the next.
    pub facts: Vec<Fact>,
    /// Sentences about deadlines and rates that the facts rest on.
    pub rules: Vec<String>,
    /// What the reader can do next, the ordinary one first.
    pub moves: Vec<MoveView>,
    /// The report that the next move needs: where it is written, and its title.
    pub report: Option<ReportLink>,
    /// Every version but the first, newest first, with what it changed.
    pub versions: Vec<VersionView>,
    /// What happened so far, newest first.
    pub course: Vec<CourseLine>,
    /// Whether the reader may make a corrected version.
    pub may_amend: bool,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// A report that is still to be written.
#[derive(Debug, Clone)]
pub struct ReportLink {
    /// Where it is written.
    pub href: String,
    /// Its title.
    pub title: String,
}

/// A corrected version.
#[derive(Debug, Clone)]
pub struct VersionView {
    /// 訂正2.
    pub title: String,
    /// Who signed it.
    pub by: Option<PersonView>,
    /// When.
    pub when: When,
    /// Why it was needed.
    pub reason: String,
    /// What it changed: `mine` is the new text, `theirs` the old one.
    pub changes: Vec<Difference>,
}

/// A move that the reader can make.
#[derive(Debug, Clone)]
pub struct MoveView {
    /// Its code, sent as `move`.
    pub code: String,
    /// The words on the button.
    pub label: String,
    /// A fresh id for the entry.
    pub entry: String,
    /// The state it starts from: another one means that someone was faster.
    pub from: String,
    /// To which office, for a move that sends.
    pub office: Option<Field>,
    /// What it must or may be told.
    pub told: Vec<SheetField>,
    /// By which ways the other side may have reported it; empty when the reader acts for their own side.
    pub through: Vec<Choice>,
    /// The ordinary next step; others fold.
    pub main: bool,
    /// Whether it stands open, as it does when something in it is wrong.
    pub open: bool,
}

/// One thing that happened to a form.
#[derive(Debug, Clone)]
pub struct CourseLine {
    /// When.
    pub when: When,
    /// Who did or entered it.
    pub by: Option<PersonView>,
    /// What happened: 歯科が引き受けました（電話で聞いて記録）
    pub says: String,
    /// What was told with it.
    pub told: Vec<Fact>,
}

/// A form on A4, in full or masked for FAX.
#[derive(Debug, Template)]
#[template(path = "letter_print.html")]
pub struct LetterPrintPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// Where the way back leads.
    pub back: String,
    /// The form with its answers.
    pub sheet: Sheet,
    /// The patient's name and reading; initials when masked.
    pub name: String,
    /// Its reading; empty when masked.
    pub kana: String,
    /// Birth date and age, sex, care need, record number.
    pub about: String,
    /// To, from, dates, telephone.
    pub head: Vec<Fact>,
    /// When it was printed and by whom.
    pub printed: String,
}

impl LetterPrintPage {
    fn form_mark(&self) -> String {
        self.sheet.hash.chars().take(8).collect()
    }
}
