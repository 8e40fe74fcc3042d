//! The region's own pages: the directory of offices at `/region`, one's own office's staff at
//! `/office`, and the administrators' page at `/admin`.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::view::Choice;
use crate::web::view::Empty;
use crate::web::view::Field;
use crate::web::view::Filter;
use crate::web::view::FlawView;
use crate::web::view::Mark;
use crate::web::view::PersonView;
use crate::web::view::When;

texts! {
    region_title { ja: "地域", en: "Region" }
    region_search { ja: "事業所・人を探す", en: "Search offices and people" }
    region_office { ja: "事業所", en: "Office" }
    region_kind { ja: "種類", en: "Kind" }
    region_town { ja: "市町村", en: "Municipality" }
    region_contact { ja: "電話・FAX", en: "Telephone, FAX" }
    region_staff { ja: "参加している人", en: "People" }
    region_my_office { ja: "わたしの事業所", en: "My office" }
    region_my_office_about { ja: "参加している人、招待", en: "Its people, invitations" }
    region_referrals { ja: "紹介・申込みの受付", en: "Referrals desk" }
    region_referrals_about { ja: "事業所に届いた申込みと、その期限", en: "Referrals sent to your office, with their clocks" }
    region_admissions { ja: "入院中の患者", en: "Current stays" }
    region_admissions_about { ja: "退院予定と書類の進み具合", en: "Planned discharges and how far their sheets are" }
    region_admin { ja: "地域の管理", en: "Administration" }
    region_admin_about { ja: "事業所と管理者、登録の確認", en: "Offices, administrators, registrations to check" }
    region_empty { ja: "あてはまる事業所はありません。", en: "No office fits." }
    region_empty_how { ja: "ほかの条件で探してください。", en: "Try another filter." }
    office_title { ja: "事業所の人", en: "Staff of the office" }
    office_person { ja: "人", en: "Person" }
    office_state { ja: "状態", en: "State" }
    office_rank { ja: "権限", en: "Rank" }
    office_seen { ja: "最後の利用", en: "Last used" }
    office_never { ja: "まだありません", en: "never" }
    office_acts { ja: "操作", en: "Manage" }
    office_invite { ja: "人を招待する", en: "Invite someone" }
    office_invite_act { ja: "招待を作る", en: "Make the invitation" }
    office_invitations { ja: "返事を待つ招待", en: "Open invitations" }
    office_invitation_until { ja: "期限", en: "Until" }
    office_invitation_end { ja: "招待を取り消す", en: "Take it back" }
    office_invitation_link { ja: "この招待のアドレスを、本人だけに渡してください。表示するのは今だけです。", en: "Give this address to that person only. It is shown this once." }
    office_copy { ja: "アドレスをコピーする", en: "Copy the address" }
    office_suspend { ja: "利用を止める", en: "Suspend" }
    office_resume { ja: "利用を再開する", en: "Resume" }
    office_left { ja: "退職にする", en: "Has left" }
    office_suspend_note { ja: "止めるとすぐに、どの端末からも開けなくなります。書いたものは残ります。", en: "They are signed out everywhere at once. What they wrote stays." }
    admin_title { ja: "地域の管理", en: "Administration" }
    admin_offices(count: usize) { ja: "事業所 {count}", en: "{count} office" | "{count} offices" }
    admin_office_new { ja: "事業所を加える", en: "Add an office" }
    admin_office_act { ja: "事業所を加える", en: "Add it" }
    admin_attention { ja: "計算が止まったパス", en: "Pathways that the engine stopped on" }
    admin_attention_of(pathway: &str, version: &str) { ja: "{pathway}　{version}", en: "{pathway}, {version}" }
    admin_attention_unknown { ja: "この地域にない版のパス", en: "A version that is not in this region" }
    admin_attention_plans { ja: "パス全体（どのパスが原因か分からないもの）", en: "Whole plans (no pathway to blame)" }
    admin_attention_count(count: i64) {
        ja: "{count}件。患者のチームには、名前とともに知らせています。",
        en: "{count}. The teams see whose they are."
    }
    admin_duplicates { ja: "同じ方かもしれない登録", en: "Possible duplicates" }
    admin_duplicates_none { ja: "確かめる登録はありません。", en: "Nothing to check." }
}

/// The directory of offices.
#[derive(Debug, Template)]
#[template(path = "region.html")]
pub struct RegionPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The region's name.
    pub region: String,
    /// Other pages that the reader may open: my office, desks, administration.
    pub doors: Vec<Door>,
    /// By kind of office.
    pub filters: Vec<Filter>,
    /// What was searched for.
    pub query: String,
    /// The offices.
    pub offices: Vec<OfficeRow>,
}

/// A way to another page.
#[derive(Debug, Clone)]
pub struct Door {
    /// Where it leads.
    pub href: String,
    /// What it is called.
    pub title: String,
    /// What is behind it.
    pub about: String,
}

/// The pages behind the directory. Everyone has an office; the rest depends on who reads.
pub fn doors(t: Text, referrals: bool, admissions: bool, admin: bool) -> Vec<Door> {
    let door = |href: &str, title: &str, about: &str| Door {
        href: href.to_owned(),
        title: title.to_owned(),
        about: about.to_owned(),
    };
    let mut doors = vec![door("/office", t.region_my_office(), t.region_my_office_about())];
    if referrals {
        doors.push(door("/referrals", t.region_referrals(), t.region_referrals_about()));
    }
    if admissions {
        doors.push(door("/admissions", t.region_admissions(), t.region_admissions_about()));
    }
    doors.push(door("/pathways", t.pathways_title(), t.pathways_door()));
    if admin {
        doors.push(door("/admin", t.region_admin(), t.region_admin_about()));
    }
    doors
}

/// An office of the region.
#[derive(Debug, Clone)]
pub struct OfficeRow {
    /// Where its people are; empty when the reader may not see them.
    pub href: String,
    /// The name.
    pub name: String,
    /// 訪問看護ステーション
    pub kind: String,
    /// The municipality.
    pub town: String,
    /// Telephone and FAX; says so when unknown.
    pub contact: String,
    /// How many people take part.
    pub people: usize,
}

impl RegionPage {
    fn empty(&self) -> Empty {
        Empty::new(self.t.region_empty(), self.t.region_empty_how())
    }
}

/// An office's staff: `/office`, and `/admin/offices/{id}` for administrators.
#[derive(Debug, Template)]
#[template(path = "office.html")]
pub struct OfficePage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The office.
    pub office: String,
    /// Where its card is changed, for those who may.
    pub edit: Option<String>,
    /// Its people.
    pub staff: Vec<StaffRow>,
    /// Invitations that nobody used yet.
    pub invitations: Vec<InvitationRow>,
    /// Name, profession, rank of someone new; empty when the reader may not invite.
    pub invite: Vec<Field>,
    /// Where an invitation is made.
    pub action: String,
    /// A fresh id for the invitation.
    pub invitation: String,
    /// The address of an invitation that was just made; shown once.
    pub fresh_link: Option<String>,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// A person of an office.
#[derive(Debug, Clone)]
pub struct StaffRow {
    /// The id, also the anchor.
    pub id: String,
    /// The person.
    pub who: PersonView,
    /// Active, suspended, left.
    pub state: Mark,
    /// Member, office administrator, region administrator.
    pub rank: String,
    /// When they used it last.
    pub seen: Option<When>,
    /// Where changes are sent, with `verb` suspend, resume or left; empty when the reader may not.
    pub action: String,
    /// Where such a change comes back to.
    pub back: String,
    /// Whether the account is active.
    pub active: bool,
    /// Ranks to choose from; empty when the reader may not change it.
    pub ranks: Vec<Choice>,
}

/// An invitation that nobody used yet.
#[derive(Debug, Clone)]
pub struct InvitationRow {
    /// Whom it is for.
    pub says: String,
    /// Until when it can be used.
    pub until: When,
    /// Where taking it back is sent.
    pub end: String,
}

/// The administrators' page.
#[derive(Debug, Template)]
#[template(path = "admin.html")]
pub struct AdminPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// All offices; `href` leads to their staff.
    pub offices: Vec<OfficeRow>,
    /// Name, kind, municipality, telephone of a new one; sent to `/admin/offices`.
    pub new_office: Vec<Field>,
    /// A fresh id for the office.
    pub office: String,
    /// Runs that the engine could not go on with, by pathway and number.
    pub attention: Vec<Door>,
    /// Registrations that may be of the same person, for the liaison office.
    pub duplicates: Vec<Door>,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}
