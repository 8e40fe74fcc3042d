//! Who opened and who changed what: `/patients/{id}/history`, open to the whole team.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::view::Banner;
use crate::web::view::Empty;
use crate::web::view::Filter;
use crate::web::view::PersonView;
use crate::web::view::When;

texts! {
    history_title { ja: "履歴", en: "History" }
    history_about { ja: "この患者の記録を、だれがいつ開き、何を変えたか。消すことはできません。", en: "Who opened this record and what they changed. Nothing here can be removed." }
    history_when { ja: "いつ", en: "When" }
    history_who { ja: "だれが", en: "Who" }
    history_what { ja: "何を", en: "What" }
    history_number { ja: "番号", en: "No." }
    history_empty { ja: "ここに並ぶ記録はまだありません。", en: "Nothing here yet." }
    history_empty_how { ja: "だれかがこの患者のページを開くか、記録を変えると並びます。", en: "Lines appear when someone opens or changes this record." }
    history_earlier { ja: "前の履歴を見る", en: "Earlier" }
    history_system { ja: "システム", en: "the system" }
}

/// The history page.
#[derive(Debug, Template)]
#[template(path = "history.html")]
pub struct HistoryPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The patient.
    pub banner: Banner,
    /// Opened, changed, refused.
    pub filters: Vec<Filter>,
    /// Newest first.
    pub rows: Vec<HistoryRow>,
    /// Where older lines are.
    pub earlier: Option<String>,
}

/// One line of the history.
#[derive(Debug, Clone)]
pub struct HistoryRow {
    /// When.
    pub when: When,
    /// Who; `None` for the clock or an operator, who is then named in `what`.
    pub who: Option<PersonView>,
    /// What they did.
    pub what: String,
    /// The entry's number in the record, for changes; empty for looks.
    pub number: String,
    /// Where it can be seen; empty when nowhere.
    pub href: String,
}

impl HistoryPage {
    fn empty(&self) -> Empty {
        Empty::new(self.t.history_empty(), self.t.history_empty_how())
    }
}
