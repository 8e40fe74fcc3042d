//! The record paths that a form may be prefilled from: what the record knows about the patient, the
//! team, the stay and the one who writes, beside the concepts. Who gathers the values lives elsewhere.

/// What kind of value stands at a record path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathKind {
    /// Words.
    Text,
    /// A civil day.
    Date,
    /// A whole number.
    Number,
    /// A code: a sex, a profession.
    Code,
}

/// A record path: where it is, what stands there (Japanese, English), and of what kind.
pub type RecordPath = (&'static str, (&'static str, &'static str), PathKind);

/// Everything that stands at a record path.
pub const PATHS: &[RecordPath] = &[
    ("/today", ("今日", "Today"), PathKind::Date),
    ("/patient/name", ("氏名", "The patient's name"), PathKind::Text),
    ("/patient/kana", ("フリガナ", "The name in kana"), PathKind::Text),
    ("/patient/birth_date", ("生年月日", "Birth date"), PathKind::Date),
    ("/patient/age", ("年齢", "Age today"), PathKind::Number),
    ("/patient/sex", ("性別（male・female）", "Sex: male, female"), PathKind::Code),
    ("/patient/address", ("住所", "Address"), PathKind::Text),
    ("/patient/phone", ("電話", "Phone"), PathKind::Text),
    ("/patient/insurer", ("医療保険の保険者", "Medical insurer"), PathKind::Text),
    ("/patient/insured_number", ("医療保険の記号・番号", "Insured number"), PathKind::Text),
    ("/patient/care_number", ("介護保険の被保険者番号", "Care insurance number"), PathKind::Text),
    ("/patient/service_timetable", ("ほかのサービスの予定", "Timetable of services"), PathKind::Text),
    ("/author/name", ("記入者の氏名", "Who writes"), PathKind::Text),
    ("/author/profession", ("記入者の職種", "Their profession's code"), PathKind::Code),
    ("/author/office", ("記入者の事業所", "Their office"), PathKind::Text),
    ("/author/phone", ("記入者の電話", "Their office's phone"), PathKind::Text),
    ("/author/fax", ("記入者の FAX", "Their office's FAX"), PathKind::Text),
    ("/team/main_doctor/name", ("主治医", "The main doctor"), PathKind::Text),
    ("/team/main_doctor/office", ("主治医の医療機関", "Their clinic"), PathKind::Text),
    ("/team/main_doctor/phone", ("主治医の電話", "Its phone"), PathKind::Text),
    ("/team/care_manager/name", ("担当ケアマネジャー", "The care manager"), PathKind::Text),
    ("/team/care_manager/office", ("居宅介護支援事業所", "Their office"), PathKind::Text),
    ("/team/care_manager/phone", ("居宅介護支援事業所の電話", "Its phone"), PathKind::Text),
    ("/team/dentist/office", ("歯科医院", "The dental clinic"), PathKind::Text),
    ("/team/pharmacist/office", ("薬局", "The pharmacy"), PathKind::Text),
    ("/team/backup_hospital/office", ("後方支援病院", "The backup hospital"), PathKind::Text),
    ("/team/contact_order_day", ("日中の連絡順", "Whom to call by day"), PathKind::Text),
    ("/team/contact_order_night", ("夜間の連絡順", "Whom to call at night"), PathKind::Text),
    ("/family/key/name", ("キーパーソン", "The key person"), PathKind::Text),
    ("/family/key/relation", ("キーパーソンの続柄", "Their relation"), PathKind::Text),
    ("/family/key/phone", ("キーパーソンの電話", "Their phone"), PathKind::Text),
    ("/family/caregiver/name", ("主介護者", "The main caregiver"), PathKind::Text),
    ("/family/caregiver/relation", ("主介護者の続柄", "Their relation"), PathKind::Text),
    ("/family/caregiver/phone", ("主介護者の電話", "Their phone"), PathKind::Text),
    ("/admission/hospital", ("入院先", "The hospital of the present stay"), PathKind::Text),
    ("/admission/ward", ("病棟", "Its ward"), PathKind::Text),
    ("/admission/room", ("病室", "Its room"), PathKind::Text),
    ("/admission/reason", ("入院の理由", "Why the patient was admitted"), PathKind::Text),
];

/// The kind of value at a path; none when there is no such path.
pub fn kind_of(path: &str) -> Option<PathKind> {
    PATHS.iter().find(|(name, ..)| *name == path).map(|(.., kind)| *kind)
}

/// Whether what stands there is about the one who writes, or the day they write on: nothing to confirm.
pub fn is_self_evident(path: &str) -> bool {
    path == "/today" || path.starts_with("/author/")
}
