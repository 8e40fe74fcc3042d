//! The kinds of entry and what each carries. A kind's version stands in the header; [`upcast`] brings
//! every old version to the present one and is kept for ever.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::AskId;
use crate::kernel::id::ChangeId;
use crate::kernel::id::DraftId;
use crate::kernel::id::InvitationId;
use crate::kernel::id::LetterId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::id::TaskId;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::record::cards::Consent;
use crate::record::cards::InvitationCard;
use crate::record::cards::OfficeCard;
use crate::record::cards::PatientCard;
use crate::record::cards::PersonCard;

macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident($body:ty) $kind:literal $version:literal)*) => {
        /// What an entry carries inside its seal.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Payload {
            $($(#[$doc])* $name($body),)*
        }

        impl Payload {
            /// Every kind with its present version.
            pub const KINDS: &[(&str, i32)] = &[$(($kind, $version)),*];

            /// The kind's stable word, as it stands in the header.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$name(_) => $kind,)* }
            }

            /// The kind's present version.
            pub fn version(&self) -> i32 {
                match self { $(Self::$name(_) => $version,)* }
            }

            /// The bytes that are sealed.
            pub fn write(&self) -> Result<Vec<u8>> {
                match self { $(Self::$name(body) => serde_json::to_vec(body),)* }
                    .map_err(|e| Error::fault(format!("a payload cannot be written: {e}")))
            }

            /// Reads what was unsealed, of any version this house ever wrote.
            pub fn read(kind: &str, version: i32, bytes: &[u8]) -> Result<Self> {
                match kind {
                    $($kind if version == $version => Ok(Self::$name(parse(bytes)?)),)*
                    $($kind => Ok(Self::$name(from(upcast(kind, version, $version, parse(bytes)?)?)?)),)*
                    _ => Err(Error::fault("an entry of an unknown kind")),
                }
            }
        }

        $(impl From<$body> for Payload {
            fn from(body: $body) -> Self { Self::$name(body) }
        })*
    };
}

payloads! {
    // The register's.
    /// The region began.
    RegionStarted(RegionStarted) "region.started" 1
    /// An office was added or its card changed.
    OfficeSet(OfficeSet) "office.set" 1
    /// Someone was invited to join an office.
    Invited(Invited) "person.invited" 1
    /// An invitation was taken back.
    InvitationEnded(InvitationEnded) "invitation.ended" 1
    /// A person joined, or the card, office or rank changed.
    PersonSet(PersonSet) "person.set" 1
    /// A person's account was suspended, restored, or ended.
    PersonState(PersonState) "person.state" 1
    /// A pathway or form version was published.
    Published(Published) "definition.published" 1
    /// A draft of a pathway was proposed for publishing.
    Proposed(Proposed) "definition.proposed" 1
    /// What was proposed was turned down or taken back.
    TurnedDown(TurnedDown) "definition.turned_down" 1
    /// The region said of a version whether it starts, and whether its runs go on.
    Marked(Marked) "definition.marked" 1
    // The patient's.
    /// The patient was registered, or the card changed.
    PatientSet(PatientSet) "patient.set" 1
    /// Consent was given.
    ConsentGiven(ConsentGiven) "consent.given" 1
    /// Consent was withdrawn: the record freezes.
    ConsentWithdrawn(Reason) "consent.withdrawn" 1
    /// Someone took a seat in the team, or the seat changed.
    Seated(Seated) "team.seated" 1
    /// Someone's seat ended.
    Unseated(Unseated) "team.unseated" 1
    /// What someone held who left was handed over.
    HandedOver(HandedOver) "team.handed_over" 1
    /// A post on the thread.
    Post(Post) "post" 1
    /// A new version of a post; the first stays readable.
    Corrected(Corrected) "post.corrected" 1
    /// A post was struck through.
    Withdrawn(Withdrawn) "post.withdrawn" 1
    /// Someone acknowledged a post.
    Acknowledged(Acknowledged) "post.acknowledged" 1
    /// A telephone call was made.
    Called(Called) "call" 1
    /// What the pathway engine was told, and what came of it.
    Planned(Planned) "plan" 1
    /// A form was signed.
    Signed(Signed) "letter.signed" 1
    /// A form moved from one state to the next.
    Moved(Moved) "letter.moved" 1
    /// The patient was admitted to a hospital.
    Admitted(Admitted) "stay.admitted" 1
    /// The day of discharge was planned or planned anew.
    StayPlanned(StayPlanned) "stay.planned" 1
    /// The stay ended.
    Discharged(Discharged) "stay.discharged" 1
    // The access log's.
    /// A batch of accesses.
    Accesses(Accesses) "accesses" 1
}

/// Brings a payload of an older version to the present one, step by step. Nothing is ever removed here.
fn upcast(kind: &str, version: i32, _present: i32, _raw: Value) -> Result<Value> {
    Err(Error::fault(format!("no reading for version {version} of {kind}")))
}

/// serde_json refuses nesting deeper than 128; the bytes were sealed by us. Its message may quote a value;
/// only its class is kept.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|e| strange(&e))
}

fn from<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|e| strange(&e))
}

fn strange(cause: &serde_json::Error) -> Error {
    Error::fault(format!("a payload has another shape: {:?}", cause.classify()))
}

/// The region's beginning.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct RegionStarted {
    /// The region's name.
    pub name: String,
}

/// An office and its card.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct OfficeSet {
    /// Which office.
    pub office: OfficeId,
    /// Its kind (see [`crate::record::payload::OfficeKind`]).
    pub kind: OfficeKind,
    /// Whether it takes part.
    pub active: bool,
    /// Its card.
    pub card: OfficeCard,
}

/// What an office is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfficeKind {
    /// 病院
    Hospital,
    /// 診療所
    Clinic,
    /// 歯科診療所
    DentalClinic,
    /// 在宅歯科医療連携室
    DentalLiaison,
    /// 薬局
    Pharmacy,
    /// 訪問看護ステーション
    NursingStation,
    /// 居宅介護支援事業所
    CareManagement,
    /// 訪問介護事業所
    HomeHelp,
    /// リハビリテーション
    Rehabilitation,
    /// 市町村・連携拠点
    TownOffice,
    /// 本人・家族: where the accounts of patients and families belong
    Household,
}

impl OfficeKind {
    /// All kinds with their stable codes.
    pub const ALL: &[(Self, &str)] = &[
        (Self::Hospital, "hospital"),
        (Self::Clinic, "clinic"),
        (Self::DentalClinic, "dental_clinic"),
        (Self::DentalLiaison, "dental_liaison"),
        (Self::Pharmacy, "pharmacy"),
        (Self::NursingStation, "nursing_station"),
        (Self::CareManagement, "care_management"),
        (Self::HomeHelp, "home_help"),
        (Self::Rehabilitation, "rehabilitation"),
        (Self::TownOffice, "town_office"),
        (Self::Household, "household"),
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, code)| code)
    }

    /// Reads [`OfficeKind::code`].
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(kind, _)| *kind)
    }
}

/// What a person may do for the house itself; it gives no right to any patient's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// Uses it.
    Member,
    /// Looks after the staff of the own office.
    OfficeAdmin,
    /// Looks after offices and people of the region.
    RegionAdmin,
}

impl Rank {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::OfficeAdmin => "office_admin",
            Self::RegionAdmin => "region_admin",
        }
    }

    /// Reads [`Rank::code`].
    pub fn read(code: &str) -> Option<Self> {
        [Self::Member, Self::OfficeAdmin, Self::RegionAdmin].into_iter().find(|rank| rank.code() == code)
    }
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Invited {
    /// Which invitation.
    pub invitation: InvitationId,
    /// To which office.
    pub office: OfficeId,
    /// As what.
    pub profession: Profession,
    /// With which rank.
    pub rank: Rank,
    /// Until when the link works.
    pub expires_at: Time,
    /// The look-up value of the link's secret.
    pub code: Vec<u8>,
    /// Whom it is for.
    pub card: InvitationCard,
}

/// An invitation taken back.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct InvitationEnded {
    /// Which invitation.
    pub invitation: InvitationId,
}

/// A person as the register holds them.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct PersonSet {
    /// Who.
    pub person: PersonId,
    /// Where.
    pub office: OfficeId,
    /// As what.
    pub profession: Profession,
    /// With which rank.
    pub rank: Rank,
    /// The card.
    pub card: PersonCard,
    /// The invitation that was used, when the person joined by it.
    #[serde(default)]
    pub invitation: Option<InvitationId>,
}

/// Whether a person may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// May.
    Active,
    /// May not for now.
    Suspended,
    /// Left; authorship stays.
    Left,
}

impl AccountState {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Left => "left",
        }
    }
}

/// A change of a person's account.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct PersonState {
    /// Who.
    pub person: PersonId,
    /// From now on.
    pub state: AccountState,
    /// Why.
    pub reason: String,
}

/// A definition's publication. The body stands beside the log, named by its hash.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Published {
    /// `pathway` or `form`.
    pub what: String,
    /// Its id.
    pub code: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its canonical JSON, in hex.
    pub hash: String,
    /// What was proposed and is confirmed by this; none for what the program ships.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeId>,
}

/// A draft that someone wants published. Its text stays the draft; this pins what it said.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Proposed {
    /// Its own id.
    pub change: ChangeId,
    /// Which draft.
    pub draft: DraftId,
    /// The pathway's id.
    pub code: String,
    /// The version that it would be.
    pub version: String,
    /// SHA-256 of its canonical JSON, in hex.
    pub hash: String,
    /// What changed, and why.
    pub reason: String,
}

/// The end of what was proposed, without publishing.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct TurnedDown {
    /// What was proposed.
    pub change: ChangeId,
    /// Why.
    pub reason: String,
}

/// What the region can say of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// It starts no more; what runs goes on.
    Stop,
    /// It may be started again.
    Allow,
    /// All its runs rest, and it starts no more.
    Suspend,
    /// Its runs go on.
    Resume,
}

impl Mark {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Stop, Self::Allow, Self::Suspend, Self::Resume];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Allow => "allow",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
        }
    }

    /// Reads [`Mark::code`].
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.code() == code)
    }
}

/// What the region said of a version.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Marked {
    /// The version's hash.
    pub hash: String,
    /// What.
    pub mark: Mark,
    /// Why.
    pub reason: String,
}

/// A patient's card.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct PatientSet {
    /// Which patient.
    pub patient: PatientId,
    /// The record number that people say aloud.
    pub number: i64,
    /// The office that registered the patient.
    pub owner: OfficeId,
    /// The card.
    pub card: PatientCard,
    /// Why it changed; empty at registration.
    #[serde(default)]
    pub reason: String,
}

/// A consent.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ConsentGiven {
    /// How it was taken.
    pub consent: Consent,
}

/// A reason by itself.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Reason {
    /// Why.
    pub reason: String,
}

/// The place someone has in the team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatRole {
    /// A member.
    #[default]
    Member,
    /// 主治医
    Main,
    /// 副主治医
    Deputy,
}

impl SeatRole {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Main => "main",
            Self::Deputy => "deputy",
        }
    }

    /// Reads [`SeatRole::code`].
    pub fn read(code: &str) -> Option<Self> {
        [Self::Member, Self::Main, Self::Deputy].into_iter().find(|role| role.code() == code)
    }
}

/// A seat.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Seated {
    /// Who.
    pub person: PersonId,
    /// As what in the team.
    pub role: SeatRole,
    /// Until when, for a temporary member.
    #[serde(default)]
    pub until: Option<Time>,
    /// Why, when there is something to say.
    #[serde(default)]
    pub reason: String,
}

/// The end of a seat.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Unseated {
    /// Who.
    pub person: PersonId,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// What a post is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostKind {
    /// 記録
    #[default]
    Note,
    /// 相談・質問
    Question,
    /// 依頼
    Request,
    /// 報告
    Report,
    /// 指示のお知らせ
    OrderNotice,
    /// 意思決定（ACP）
    Acp,
}

impl PostKind {
    /// All kinds with their stable codes.
    pub const ALL: &[(Self, &str)] = &[
        (Self::Note, "note"),
        (Self::Report, "report"),
        (Self::Question, "question"),
        (Self::Request, "request"),
        (Self::OrderNotice, "order_notice"),
        (Self::Acp, "acp"),
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, code)| code)
    }

    /// Reads [`PostKind::code`].
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == code).map(|(kind, _)| *kind)
    }
}

/// How soon a post wants eyes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// When possible.
    #[default]
    Normal,
    /// Today.
    Today,
    /// Now: the telephone comes first.
    Now,
}

impl Urgency {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Today => "today",
            Self::Now => "now",
        }
    }

    /// Reads [`Urgency::code`].
    pub fn read(code: &str) -> Option<Self> {
        [Self::Normal, Self::Today, Self::Now].into_iter().find(|urgency| urgency.code() == code)
    }
}

/// Whom a post asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskTo {
    /// One person of the team.
    Person(PersonId),
    /// Whoever of that profession is in the team.
    Profession(Profession),
}

/// What a post asks for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PostAsk {
    /// The ask's own id.
    pub ask: AskId,
    /// Whom.
    pub to: AskTo,
    /// By when.
    #[serde(default)]
    pub due: Option<Time>,
}

/// A post.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Post {
    /// What was written.
    pub text: String,
    /// What it is.
    #[serde(default)]
    pub kind: PostKind,
    /// How soon.
    #[serde(default)]
    pub urgency: Urgency,
    /// What it asks.
    #[serde(default)]
    pub ask: Option<PostAsk>,
    /// The post it answers, by its sequence.
    #[serde(default)]
    pub answers: Option<i64>,
    /// For an urgent post: whether the telephone was used, in words.
    #[serde(default)]
    pub called: String,
}

/// A post's new version.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Corrected {
    /// The first version's sequence.
    pub post: i64,
    /// The new text.
    pub text: String,
    /// Why.
    pub reason: String,
}

/// A post struck through.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Withdrawn {
    /// The first version's sequence.
    pub post: i64,
    /// Why.
    pub reason: String,
}

/// An acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Acknowledged {
    /// The post's sequence.
    pub post: i64,
    /// Taking note was all that the post asked of this person.
    #[serde(default)]
    pub settles: bool,
}

/// What someone held in a record who left.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct HandedOver {
    /// Whose it was.
    pub from: PersonId,
    /// Who takes over; nobody by name when it goes back to the profession.
    #[serde(default)]
    pub to: Option<PersonId>,
    /// The profession of both.
    pub profession: Profession,
    /// The asks that named them.
    #[serde(default)]
    pub asks: Vec<AskId>,
    /// How many tasks they had taken on; the engine's own entry follows.
    pub tasks: usize,
}

/// A telephone call.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Called {
    /// Who was called.
    pub to: String,
    /// What came of it.
    pub outcome: String,
}

/// The engine's turn: what it was told, and the events that followed.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Planned {
    /// What the engine was told, in the words of the act: the same act sent again is told by it.
    pub told: Value,
    /// The events that followed, as the engine's own JSON.
    pub events: Vec<Value>,
}

/// A signed form.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Signed {
    /// Which letter.
    pub letter: LetterId,
    /// The form's code.
    pub form: String,
    /// The form's hash: the answers always render with it.
    pub form_hash: String,
    /// Counted from 1; a later version supersedes.
    pub version: i32,
    /// The answers, as the form's own JSON.
    pub answers: Value,
    /// The office of whoever signed.
    pub from_office: OfficeId,
    /// The task that asked for it.
    #[serde(default)]
    pub task: Option<TaskId>,
    /// The letter it answers (a report about a referral).
    #[serde(default)]
    pub about: Option<LetterId>,
    /// Why a new version was needed.
    #[serde(default)]
    pub reason: String,
}

/// A move of a form.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Moved {
    /// Which letter.
    pub letter: LetterId,
    /// The move's code in the form's workflow.
    pub code: String,
    /// From which state.
    pub from: String,
    /// To which state.
    pub to: String,
    /// To which office, when it is sent.
    #[serde(default)]
    pub to_office: Option<OfficeId>,
    /// What the move said: a date, a reason, a channel.
    #[serde(default)]
    pub fields: serde_json::Map<String, Value>,
    /// For a move entered for someone outside: `phone`, `fax` …
    #[serde(default)]
    pub proxy: Option<String>,
}

/// An admission.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Admitted {
    /// The stay's own id.
    pub stay: LetterId,
    /// Which hospital.
    pub hospital: OfficeId,
    /// Ward and room, in words.
    #[serde(default)]
    pub ward: String,
    /// When.
    pub at: Time,
    /// When discharge is planned.
    #[serde(default)]
    pub planned: Option<Time>,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// A planned day of discharge.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct StayPlanned {
    /// Which stay.
    pub stay: LetterId,
    /// The planned day.
    pub at: Time,
}

/// A discharge.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Discharged {
    /// Which stay.
    pub stay: LetterId,
    /// When.
    pub at: Time,
}

/// One access to a record, or a refused try.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Access {
    /// Whose record.
    pub patient: PatientId,
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: Time,
    /// What was opened: a page's stable word.
    pub what: String,
    /// `shown` or `refused`.
    pub outcome: String,
}

/// A batch of accesses.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Accesses {
    /// In the order they happened on this node.
    pub lines: Vec<Access>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_reads_again() {
        let post = Payload::from(Post { text: "発熱37.8度".into(), ..Post::default() });
        let bytes = post.write().unwrap();
        assert_eq!(Payload::read("post", 1, &bytes).unwrap(), post);
    }

    #[test]
    fn an_unknown_kind_or_version_is_a_fault_and_not_a_guess() {
        assert!(matches!(Payload::read("poem", 1, b"{}"), Err(Error::Fault(_))));
        assert!(matches!(Payload::read("post", 9, b"{}"), Err(Error::Fault(_))));
        assert!(matches!(Payload::read("post", 1, b"[1"), Err(Error::Fault(_))));
    }
}
