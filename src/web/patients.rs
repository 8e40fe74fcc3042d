//! The reader's patients at `/patients`, and registering one with consent at `/patients/new`.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::view::Alert;
use crate::web::view::Empty;
use crate::web::view::Field;
use crate::web::view::Filter;
use crate::web::view::FlawView;
use crate::web::view::When;

texts! {
    patients_title { ja: "患者", en: "Patients" }
    patients_search { ja: "名前かカナで探す", en: "Search by name or kana" }
    patients_search_act { ja: "探す", en: "Search" }
    patients_found(query: &str, count: usize) { ja: "「{query}」で{count}人", en: "{count} for “{query}”" }
    patients_all { ja: "絞り込みをやめる", en: "Show all" }
    patients_register { ja: "患者を登録する", en: "Register a patient" }
    patients_empty { ja: "担当の患者はまだいません。", en: "You have no patients yet." }
    patients_empty_how { ja: "患者のチームに加えられると、ここに並びます。登録することもできます。", en: "They appear here when you join a team. You can also register one." }
    patients_none_found { ja: "あてはまる患者はいません。", en: "Nobody fits." }
    patients_none_found_how { ja: "担当の患者だけを探しています。別の書き方や、カナでも試してください。", en: "Only your own patients are searched. Try another spelling, or kana." }
    patients_name { ja: "患者", en: "Patient" }
    patients_born { ja: "生年月日・介護度", en: "Born, care need" }
    patients_state { ja: "いまの段階", en: "Now" }
    patients_waiting { ja: "待っていること", en: "Waiting" }
    patients_last { ja: "最後の投稿", en: "Last post" }
    patients_unread(count: usize) { ja: "未読{count}件", en: "{count} unread" }
    patients_tasks(count: usize) { ja: "仕事{count}件", en: "{count} task due" | "{count} tasks due" }
    register_title { ja: "患者を登録する", en: "Register a patient" }
    register_who { ja: "患者", en: "The patient" }
    register_consent { ja: "同意", en: "Consent" }
    register_consent_note { ja: "同意の記録がない患者は登録できません。説明と同意を済ませてから登録してください。", en: "Nobody is registered without consent on record. Explain and ask first." }
    register_again { ja: "同じ方がすでに登録されていても、ここには表示されません。連携拠点が確かめて連絡します。", en: "If the same person is already registered, it is not shown here; the liaison office will check and tell you." }
    register_send { ja: "同意を記録して登録する", en: "Record consent and register" }
}

/// The reader's patients.
#[derive(Debug, Template)]
#[template(path = "patients.html")]
pub struct PatientsPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// All, unread, in hospital, and so on.
    pub filters: Vec<Filter>,
    /// What was searched for; empty for nothing.
    pub query: String,
    /// The patients.
    pub rows: Vec<PatientRow>,
    /// Whether the reader may register one.
    pub may_register: bool,
}

/// A patient in the list.
#[derive(Debug, Clone)]
pub struct PatientRow {
    /// The thread.
    pub href: String,
    /// The name.
    pub name: String,
    /// Its reading.
    pub kana: String,
    /// 昭和15年4月2日（86歳）, 要介護3: a line each.
    pub about: Vec<String>,
    /// What must not be overlooked.
    pub alerts: Vec<Alert>,
    /// Each pathway that goes on or rests, with its phase: 胃ろう　安定期
    pub courses: Vec<String>,
    /// Unread posts.
    pub unread: usize,
    /// Tasks of the reader's profession that are due.
    pub tasks: usize,
    /// When the newest post came.
    pub last: Option<When>,
}

impl PatientsPage {
    fn empty(&self) -> Empty {
        if self.query.is_empty() {
            Empty::new(self.t.patients_empty(), self.t.patients_empty_how())
        } else {
            Empty::new(self.t.patients_none_found(), self.t.patients_none_found_how())
        }
    }
}

impl PatientRow {
    fn unread_words(&self, t: &Text) -> String {
        t.patients_unread(self.unread)
    }

    fn task_words(&self, t: &Text) -> String {
        t.patients_tasks(self.tasks)
    }
}

/// Registering a patient.
#[derive(Debug, Template)]
#[template(path = "register.html")]
pub struct RegisterPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The new patient's id, made before the first try.
    pub patient: String,
    /// Name, kana, birth date, sex, numbers.
    pub who: Vec<Field>,
    /// Who consented, when, how, to what.
    pub consent: Vec<Field>,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}
