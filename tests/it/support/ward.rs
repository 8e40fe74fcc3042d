//! A made-up ward: named people in their offices, one patient, on a fresh database.

use jiff::civil::date;
use renkei::acts::House;
use renkei::acts::Who;
use renkei::acts::patients;
use renkei::acts::patients::Registration;
use renkei::acts::register;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::OfficeId;
use renkei::kernel::id::PatientId;
use renkei::kernel::id::PersonId;
use renkei::kernel::profession::Profession;
use renkei::kernel::seal::Keys;
use renkei::kernel::time::Clock;
use renkei::record::Author;
use renkei::record::cards::Allergies;
use renkei::record::cards::Consent;
use renkei::record::cards::ConsentMethod;
use renkei::record::cards::OfficeCard;
use renkei::record::cards::PatientCard;
use renkei::record::cards::PersonCard;
use renkei::record::payload::OfficeKind;
use renkei::record::payload::PersonSet;
use renkei::record::payload::Rank;
use renkei::record::payload::SeatRole;
use renkei::record::payload::Seated;
use renkei::store::Place;

/// The password that everyone of the ward has.
pub const PASSWORD: &str = "correct horse battery";

/// The ward and its people.
pub struct Ward {
    /// The house.
    pub house: House,
    /// What one would write after `--database`.
    pub database: String,
    /// The town office, which administers.
    pub town: OfficeId,
    /// The hospital.
    pub hospital: OfficeId,
    /// The dental liaison room.
    pub dental: OfficeId,
    /// 訪問看護師 伊藤
    pub ito: PersonId,
    /// 主治医 佐藤
    pub sato: PersonId,
    /// 副主治医 木村
    pub kimura: PersonId,
    /// ケアマネジャー 林
    pub hayashi: PersonId,
    /// 薬剤師 山口
    pub yamaguchi: PersonId,
    /// 歯科医師 高橋, at the dental liaison room; no seat.
    pub takahashi: PersonId,
    /// 病棟看護師 松本, at the hospital; no seat yet.
    pub matsumoto: PersonId,
    /// 連携拠点 中村, administrator; no seat.
    pub nakamura: PersonId,
    /// 他事業所の訪問看護師 岡田; no seat.
    pub okada: PersonId,
    /// 患者 田中ハル
    pub tanaka: PatientId,
}

impl Ward {
    /// Builds the ward on a fresh database.
    pub async fn build(database: &str) -> Self {
        let place = Place::parse(database).unwrap();
        let house = House::found(&place, Keys::random().unwrap(), "試験地域", Clock::System).await.unwrap();
        let mut offices = Vec::new();
        for (kind, name) in [
            (OfficeKind::TownOffice, "みどり町役場"),
            (OfficeKind::Clinic, "佐藤医院"),
            (OfficeKind::NursingStation, "訪問看護ステーションあおば"),
            (OfficeKind::CareManagement, "居宅支援はやし"),
            (OfficeKind::Pharmacy, "やまぐち薬局"),
            (OfficeKind::DentalLiaison, "在宅歯科医療連携室"),
            (OfficeKind::Hospital, "みどり病院"),
            (OfficeKind::NursingStation, "訪問看護ステーションかえで"),
        ] {
            offices.push(add_office(&house, kind, name).await);
        }
        let [town, clinic, station, care, pharmacy, dental, hospital, other] = offices.try_into().unwrap();
        let member = Rank::Member;
        let nakamura =
            add(&house, town, Profession::LiaisonOfficer, Rank::RegionAdmin, "中村 誠", "nakamura").await;
        let ito = add(&house, station, Profession::VisitingNurse, member, "伊藤 さくら", "ito").await;
        let sato = add(&house, clinic, Profession::Doctor, member, "佐藤 健一", "sato").await;
        let kimura = add(&house, clinic, Profession::Doctor, member, "木村 修", "kimura").await;
        let hayashi = add(&house, care, Profession::CareManager, member, "林 由美", "hayashi").await;
        let yamaguchi = add(&house, pharmacy, Profession::Pharmacist, member, "山口 直樹", "yamaguchi").await;
        let takahashi = add(&house, dental, Profession::Dentist, member, "高橋 亮", "takahashi").await;
        let matsumoto =
            add(&house, hospital, Profession::HospitalNurse, member, "松本 恵", "matsumoto").await;
        let okada = add(&house, other, Profession::VisitingNurse, member, "岡田 薫", "okada").await;
        let tanaka = register_tanaka(&house, ito).await;
        for (person, role) in [
            (sato, SeatRole::Main),
            (kimura, SeatRole::Deputy),
            (hayashi, SeatRole::Member),
            (yamaguchi, SeatRole::Member),
        ] {
            seat(&house, ito, tanaka, person, role).await;
        }
        Self {
            house,
            database: database.to_owned(),
            town,
            hospital,
            dental,
            ito,
            sato,
            kimura,
            hayashi,
            yamaguchi,
            takahashi,
            matsumoto,
            nakamura,
            okada,
            tanaka,
        }
    }
}

/// An office of the region.
pub async fn add_office(house: &House, kind: OfficeKind, name: &str) -> OfficeId {
    let set = register::new_office(kind, OfficeCard { name: name.into(), ..OfficeCard::default() });
    let id = EntryId::new();
    house
        .perform(Who::other(Author::Operator), vec![house.register()], move |act| {
            register::set_office(act, id, set.clone())
        })
        .await
        .unwrap()
}

/// A person who signs in with the ward's password.
pub async fn add(
    house: &House,
    office: OfficeId,
    profession: Profession,
    rank: Rank,
    name: &str,
    sign_in: &str,
) -> PersonId {
    // One hash for all: hashing anew for each of them would only take time.
    static PHC: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
    let phc =
        PHC.get_or_init(|| async { renkei::acts::accounts::hash(PASSWORD.into()).await.unwrap() }).await;
    let card = PersonCard { name: name.into(), sign_in: sign_in.into(), ..PersonCard::default() };
    let set = PersonSet { person: PersonId::new(), office, profession, rank, card, invitation: None };
    let id = EntryId::new();
    house
        .perform(Who::other(Author::Operator), vec![house.register()], move |act| {
            register::add_person(act, id, &set, phc, "ja")
        })
        .await
        .unwrap()
}

/// 田中ハル: her card, and the consent that was taken.
pub fn someone() -> (PatientCard, Consent) {
    (
        PatientCard {
            name: "田中 ハル".into(),
            kana: "タナカ ハル".into(),
            birth: Some(date(1938, 4, 2)),
            care_level: "care4".into(),
            allergies: Allergies::Known(vec!["ペニシリン".into()]),
            ..PatientCard::default()
        },
        Consent {
            on: date(2026, 10, 1),
            method: ConsentMethod::Written,
            explained_by: "伊藤 さくら".into(),
            representative: String::new(),
            scope: "在宅療養に関わる多職種での共有".into(),
        },
    )
}

async fn register_tanaka(house: &House, by: PersonId) -> PatientId {
    let (card, consent) = someone();
    register(house, by, card, consent).await
}

/// A patient, registered by someone who sits in the team from then on.
pub async fn register(house: &House, by: PersonId, card: PatientCard, consent: Consent) -> PatientId {
    let registration = Registration { id: EntryId::new(), patient: PatientId::new(), card, consent };
    let logs = vec![house.register(), registration.patient.log()];
    house.perform(Who::person(by), logs, move |act| patients::register(act, &registration)).await.unwrap()
}

/// Seats someone at a patient's team.
pub async fn seat(house: &House, by: PersonId, patient: PatientId, person: PersonId, role: SeatRole) {
    let seated = Seated { person, role, until: None, reason: String::new() };
    let id = EntryId::new();
    house
        .perform(Who::person(by), vec![patient.log()], move |act| patients::seat(act, id, patient, &seated))
        .await
        .unwrap();
}
