//! The professions that meet around a patient, with the badge each post carries.

use std::str::FromStr;

use crate::kernel::lang::Words;

macro_rules! professions {
    ($($name:ident $code:literal $badge:literal $ja:literal $en:literal)*) => {
        /// A profession, or the patient's own side. Codes are stable; pathways and forms use them as roles.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Profession {
            $(#[doc = $en] $name,)*
        }

        impl Profession {
            /// All of them, in the order that lists show.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable code: `visiting_nurse`.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The two-character word of the badge (look.md).
            pub fn badge(self) -> &'static str {
                match self { $(Self::$name => $badge,)* }
            }

            /// The name in both languages.
            pub fn name(self) -> Words {
                match self { $(Self::$name => Words::new($ja, $en),)* }
            }
        }

        impl FromStr for Profession {
            type Err = ();
            fn from_str(code: &str) -> Result<Self, ()> {
                match code { $($code => Ok(Self::$name),)* _ => Err(()) }
            }
        }
    };
}

professions! {
    Doctor "doctor" "医" "医師" "Doctor"
    Dentist "dentist" "歯" "歯科医師" "Dentist"
    DentalHygienist "dental_hygienist" "歯衛" "歯科衛生士" "Dental hygienist"
    Pharmacist "pharmacist" "薬" "薬剤師" "Pharmacist"
    VisitingNurse "visiting_nurse" "訪看" "訪問看護師" "Visiting nurse"
    HospitalNurse "hospital_nurse" "病看" "病院看護師" "Hospital nurse"
    SocialWorker "social_worker" "相談" "医療ソーシャルワーカー" "Social worker"
    CareManager "care_manager" "ケア" "介護支援専門員" "Care manager"
    Helper "helper" "介護" "訪問介護員" "Home helper"
    Therapist "therapist" "リハ" "療法士" "Therapist"
    Dietitian "dietitian" "栄養" "管理栄養士" "Dietitian"
    PublicHealthNurse "public_health_nurse" "保健" "保健師" "Public health nurse"
    LiaisonOfficer "liaison_officer" "拠点" "連携拠点職員" "Liaison officer"
    Family "family" "家族" "家族" "Family"
    Patient "patient" "本人" "本人" "Patient"
}
