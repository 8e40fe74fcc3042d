//! What happened to a patient outside any form: `/patients/{id}/happenings`.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::view::Banner;
use crate::web::view::Empty;
use crate::web::view::Field;
use crate::web::view::FlawView;
use crate::web::view::PersonView;

texts! {
    happenings_title { ja: "あったことの記録", en: "What happened" }
    happenings_about { ja: "訪問した、カテーテルが抜けた、など。パスはこの日時から次の仕事と期限を決めます。", en: "A visit made, a catheter that came out. Pathways count their next tasks and deadlines from these moments." }
    happenings_what { ja: "何がありましたか", en: "What happened" }
    happenings_at { ja: "いつ", en: "When" }
    happenings_act { ja: "記録する", en: "Record" }
    happenings_told { ja: "記録したこと", en: "Recorded so far" }
    happenings_when { ja: "いつのこと", en: "When" }
    happenings_by { ja: "記録した人", en: "Recorded by" }
    happenings_acts { ja: "操作", en: "Acts" }
    happenings_take_back { ja: "取り消す", en: "Take back" }
    happenings_none { ja: "動いているパスが待っている出来事はありません。", en: "No running pathway waits for anything to be recorded here." }
    happenings_none_how { ja: "様子や連絡は、患者の掲示板に書きます。", en: "Write how the patient is on the thread." }
    happenings_take_back_title { ja: "記録を取り消す", en: "Take back what was recorded" }
    happenings_take_back_note { ja: "取り消すと、パスはこの記録を数えません。すでに始まった仕事や移った段階はそのまま残るので、パスのページで直してください。取り消しも記録に残ります。", en: "Pathways will no longer count it. Tasks that have come up and phases already entered stay as they are: correct them on the plan. The taking back is itself recorded." }
    happenings_reason { ja: "取り消す理由", en: "Why it is taken back" }
    happenings_of(title: &str, pathways: &str) { ja: "{title}（{pathways}）", en: "{title} ({pathways})" }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "happenings.html")]
pub struct HappeningsPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The patient.
    pub banner: Banner,
    /// Where it is sent.
    pub action: String,
    /// The id of the entry that it makes.
    pub entry: String,
    /// What and when; empty for whoever may not, and when nothing is waited for.
    pub fields: Vec<Field>,
    /// What was told, the newest first.
    pub told: Vec<ToldRow>,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// Something that was told.
#[derive(Debug, Clone)]
pub struct ToldRow {
    /// What.
    pub title: String,
    /// When.
    pub when: String,
    /// Who told it.
    pub by: Option<PersonView>,
    /// Where it is taken back; empty for whoever may not.
    pub take_back: String,
}

impl HappeningsPage {
    /// Nothing to tell and nothing told.
    pub fn empty(&self) -> Empty {
        Empty::new(self.t.happenings_none(), self.t.happenings_none_how())
    }
}
