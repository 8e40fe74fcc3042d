//! The desks: referrals as the dentist's office sees them at `/referrals`, and the hospital's board
//! of current stays at `/admissions`.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::view::Empty;
use crate::web::view::Filter;
use crate::web::view::Mark;
use crate::web::view::PersonView;
use crate::web::view::When;

texts! {
    referrals_title { ja: "紹介・申込みの受付", en: "Referrals desk" }
    referrals_about { ja: "届いた順ではなく、期限の近い順に並びます。", en: "Nearest deadline first, not order of arrival." }
    referrals_empty { ja: "いま受け付けている申込みはありません。", en: "No referral is open." }
    referrals_empty_how { ja: "歯科の申込み用紙などがこの事業所に送られると、ここに並びます。", en: "Forms sent to your office appear here." }
    desk_none { ja: "ありません", en: "none" }
    desk_since { ja: "届いた日時", en: "Arrived" }
    admissions_title { ja: "入院中の患者", en: "Current stays" }
    admissions_empty { ja: "いま入院中の患者はいません。", en: "Nobody is in hospital now." }
    admissions_empty_how { ja: "入院が記録されると、退院までここに並びます。", en: "Stays appear here from admission to discharge." }
    admissions_patient { ja: "患者", en: "Patient" }
    admissions_where { ja: "病院・病棟", en: "Hospital, ward" }
    admissions_days { ja: "入院日", en: "Admitted" }
    admissions_planned { ja: "退院予定", en: "Planned discharge" }
    admissions_manager { ja: "介護支援専門員", en: "Care manager" }
    admissions_sheets { ja: "書類", en: "Sheets" }
    admissions_unknown { ja: "未定", en: "not set" }
}

/// The referrals desk.
#[derive(Debug, Template)]
#[template(path = "referrals.html")]
pub struct ReferralsPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// Open, closed.
    pub filters: Vec<Filter>,
    /// The columns.
    pub board: Vec<BoardColumn>,
}

/// The board alone, as the live region fetches it from `/referrals/board`.
#[derive(Debug, Template)]
#[template(path = "_board.html")]
pub struct BoardPart {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The columns.
    pub board: Vec<BoardColumn>,
}

/// One state with the forms that stand in it.
#[derive(Debug, Clone)]
pub struct BoardColumn {
    /// The state in words.
    pub title: String,
    /// Nearest deadline first.
    pub cards: Vec<BoardCard>,
}

/// One form on the board.
#[derive(Debug, Clone)]
pub struct BoardCard {
    /// The letter.
    pub href: String,
    /// What it is.
    pub title: String,
    /// The patient, with age and care need.
    pub patient: String,
    /// What is asked, in its first words.
    pub says: String,
    /// Who sent it.
    pub from: PersonView,
    /// When it arrived.
    pub since: When,
    /// Urgency and clock.
    pub marks: Vec<Mark>,
    /// The next move's words; it is made on the letter's page, where what it needs is asked.
    pub next: Option<String>,
}

impl BoardPart {
    fn empty(t: &Text) -> Empty {
        Empty::new(t.referrals_empty(), t.referrals_empty_how())
    }
}

/// The board of current stays.
#[derive(Debug, Template)]
#[template(path = "admissions.html")]
pub struct AdmissionsPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// In hospital now, discharge within a week, without a contact.
    pub filters: Vec<Filter>,
    /// Nearest discharge first, undated last.
    pub rows: Vec<StayRow>,
}

/// One stay.
#[derive(Debug, Clone)]
pub struct StayRow {
    /// The thread.
    pub href: String,
    /// The name with its reading.
    pub patient: String,
    /// 昭和15年4月2日（86歳）要介護3
    pub about: String,
    /// Hospital and ward.
    pub place: String,
    /// When admitted.
    pub admitted: When,
    /// 12日目
    pub days: String,
    /// When discharge is planned.
    pub planned: Option<When>,
    /// The care manager, or nobody yet.
    pub manager: Option<PersonView>,
    /// Each sheet with its state.
    pub sheets: Vec<SheetState>,
    /// What is missing, such as a week before discharge without a contact.
    pub alarms: Vec<Mark>,
}

/// A sheet of a stay.
#[derive(Debug, Clone)]
pub struct SheetState {
    /// Where it is, or where the reader can begin it; empty when it is for others to write.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its state.
    pub mark: Mark,
}

impl AdmissionsPage {
    fn empty(&self) -> Empty {
        Empty::new(self.t.admissions_empty(), self.t.admissions_empty_how())
    }
}
