//! The sealed words about offices, people and patients: what stands on a card, not what was said.

use jiff::civil::Date;

/// An office's card.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct OfficeCard {
    /// The office's name.
    pub name: String,
    /// The municipality it lies in.
    #[serde(default)]
    pub town: String,
    /// Telephone.
    #[serde(default)]
    pub tel: String,
    /// FAX.
    #[serde(default)]
    pub fax: String,
}

/// A staff member's card.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct PersonCard {
    /// Family and given name, as the person writes it.
    pub name: String,
    /// The reading, in katakana.
    #[serde(default)]
    pub kana: String,
    /// What the person types to sign in.
    pub sign_in: String,
    /// Telephone for urgent matters.
    #[serde(default)]
    pub tel: String,
}

/// The card of an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct InvitationCard {
    /// Whom it is for.
    pub name: String,
    /// The reading.
    #[serde(default)]
    pub kana: String,
}

/// Sex as the forms ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 女
    Female,
    /// 男
    Male,
    /// Not known, or not said.
    #[default]
    Unknown,
}

/// Allergies: "none" is a finding, "unknown" is not.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "what")]
pub enum Allergies {
    /// Nobody has asked yet.
    #[default]
    Unknown,
    /// Asked; there are none.
    NoneKnown,
    /// These.
    Known(Vec<String>),
}

/// A patient's card: who it is. What is observed about the patient stands in entries.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct PatientCard {
    /// Family and given name, as written on the insurance card; never normalised.
    pub name: String,
    /// The reading, in katakana.
    pub kana: String,
    /// Birth date; `None` when not known.
    pub birth: Option<Date>,
    /// Sex.
    #[serde(default)]
    pub sex: Sex,
    /// Address.
    #[serde(default)]
    pub address: String,
    /// Telephone.
    #[serde(default)]
    pub tel: String,
    /// Care-insurance number.
    #[serde(default)]
    pub insured: String,
    /// Care need: a code of the concept `care_level`; empty when not known.
    #[serde(default)]
    pub care_level: String,
    /// The care certificate's validity.
    #[serde(default)]
    pub care_from: Option<Date>,
    /// The care certificate's validity.
    #[serde(default)]
    pub care_until: Option<Date>,
    /// Allergies.
    #[serde(default)]
    pub allergies: Allergies,
    /// What everyone must know at the door: infection, pacemaker, fall risk …
    #[serde(default)]
    pub alerts: Vec<String>,
    /// Main diseases, the first first.
    #[serde(default)]
    pub diseases: Vec<String>,
    /// Whom to call: name, relation, telephone.
    #[serde(default)]
    pub key_person: String,
    /// The hospital that backs the home up.
    #[serde(default)]
    pub backup_hospital: String,
}

/// A consent to share, as it was taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Consent {
    /// The day it was given.
    pub on: Date,
    /// How: written, spoken and noted, by a representative.
    pub method: ConsentMethod,
    /// Who explained.
    pub explained_by: String,
    /// Who gave it when it was not the patient: name and relation.
    #[serde(default)]
    pub representative: String,
    /// What it covers, in words.
    #[serde(default)]
    pub scope: String,
}

/// How a consent was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentMethod {
    /// On paper, signed.
    Written,
    /// Spoken, and noted by whoever explained.
    Spoken,
    /// By a representative on paper.
    Representative,
}
