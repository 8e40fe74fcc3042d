//! The team of one patient: `/patients/{id}/team`. Who is seated, in which role, until when, and the
//! consent that all of it rests on.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::view::Banner;
use crate::web::view::Field;
use crate::web::view::FlawView;
use crate::web::view::Mark;
use crate::web::view::PersonView;
use crate::web::view::When;

texts! {
    team_title { ja: "チーム", en: "Team" }
    team_count(count: usize) { ja: "{count}人", en: "{count} person" | "{count} people" }
    team_person { ja: "担当者", en: "Person" }
    team_role { ja: "役割", en: "Role" }
    team_since { ja: "いつから", en: "Since" }
    team_until { ja: "いつまで", en: "Until" }
    team_no_end { ja: "期限なし", en: "no end" }
    team_acts { ja: "操作", en: "Change" }
    team_unseat { ja: "チームから外す", en: "Remove" }
    team_unseat_why { ja: "外す理由", en: "Reason" }
    team_unseat_note { ja: "外した人は、この患者のページを開けなくなります。書いたものは残ります。", en: "They can no longer open this patient. What they wrote stays." }
    team_seat { ja: "チームに加える", en: "Add to the team" }
    team_seat_act { ja: "この人を加える", en: "Add this person" }
    team_former(count: usize) { ja: "外れた人を見る（{count}人）", en: "Former members ({count})" }
    team_consent { ja: "同意", en: "Consent" }
    team_withdraw { ja: "同意の撤回を記録する", en: "Record a withdrawal of consent" }
    team_withdraw_note { ja: "記録するとすぐに、この患者の記録は止まり、期限や仕事の時計も止まります。", en: "The record freezes at once: deadlines and tasks stand still." }
    team_withdraw_act { ja: "撤回を記録して止める", en: "Record it and freeze" }
}

/// The team page.
#[derive(Debug, Template)]
#[template(path = "team.html")]
pub struct TeamPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The patient.
    pub banner: Banner,
    /// Who is seated: the main doctor, the deputy, then by profession.
    pub members: Vec<MemberRow>,
    /// Who was.
    pub former: Vec<MemberRow>,
    /// Person, role, until when; empty when the reader may not add anyone.
    pub seat: Vec<Field>,
    /// Where someone is added: `/patients/{id}/team`.
    pub action: String,
    /// A fresh id for the entry.
    pub entry: String,
    /// What the consent says: by whom, when, how, for what.
    pub consent: Vec<Fact>,
    /// Who withdrew, when, why; empty when the reader may not record it.
    pub withdraw: Vec<Field>,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// A label with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The label, without a colon.
    pub label: String,
    /// The value; says so when unknown.
    pub value: String,
}

impl Fact {
    /// A label with its value.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

/// A person of the team.
#[derive(Debug, Clone)]
pub struct MemberRow {
    /// The person's id, also the anchor.
    pub id: String,
    /// The person.
    pub who: PersonView,
    /// 主担当, 副担当, 担当
    pub role: Mark,
    /// Since when.
    pub since: When,
    /// Until when, for those with an end.
    pub until: Option<When>,
    /// Where removing is sent (`reason`, `entry`); empty when the reader may not.
    pub unseat: String,
}
