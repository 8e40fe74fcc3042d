//! The region's own pages: the directory, one's own office's staff, and what administrators do. None
//! of it leads to any patient.

use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;
use actix_web::web::Query;
use unicode_normalization::UnicodeNormalization;

use crate::acts::accounts;
use crate::acts::patients::katakana;
use crate::acts::register;
use crate::acts::register::NewInvitation;
use crate::acts::views;
use crate::acts::views::attention::AttentionCount;
use crate::acts::views::house::OfficeView;
use crate::acts::views::house::StaffView;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::InvitationId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::record::cards::InvitationCard;
use crate::record::cards::OfficeCard;
use crate::record::payload::AccountState;
use crate::record::payload::OfficeKind;
use crate::record::payload::OfficeSet;
use crate::record::payload::Rank;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::flash;
use crate::web::form::Fields;
use crate::web::form_page::FormPage;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::region;
use crate::web::region::AdminPage;
use crate::web::region::Door;
use crate::web::region::InvitationRow;
use crate::web::region::OfficePage;
use crate::web::region::OfficeRow;
use crate::web::region::RegionPage;
use crate::web::region::StaffRow;
use crate::web::respond;
use crate::web::security::Guard;
use crate::web::view::Badge;
use crate::web::view::Choice;
use crate::web::view::Field;
use crate::web::view::Filter;
use crate::web::view::FlawView;
use crate::web::view::Mark;
use crate::web::view::Tone;
use crate::web::view::When;

/// What the directory's address may say.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Asked {
    /// Part of an office's name, or of one of its people's.
    #[serde(default)]
    q: String,
    /// A kind of office.
    #[serde(default)]
    kind: String,
}

/// `GET /region`
pub async fn page(signed: Signed, asked: Query<Asked>) -> Result<HttpResponse> {
    let (name, offices, people) = signed
        .house()
        .read(|reading| {
            Ok((
                views::house::region_name(reading)?,
                views::house::offices(reading)?,
                views::house::people(reading, None)?,
            ))
        })
        .await?;
    let (t, lang) = (signed.t(), signed.lang());
    let query: String = asked.q.trim().chars().take(100).collect();
    let active: Vec<&OfficeView> = offices.iter().filter(|office| office.active).collect();
    let found = |office: &&&OfficeView| {
        let staff = people.iter().filter(|person| person.office == office.id);
        let fits = fold(&office.card.name).contains(&fold(&query))
            || staff
                .map(|person| fold(&format!("{}{}", person.name, person.kana)))
                .any(|name| name.contains(&fold(&query)));
        fits && (asked.kind.is_empty() || asked.kind == office.kind.code())
    };
    let rows = active.iter().filter(found).map(|office| {
        let count = people.iter().filter(|person| person.office == office.id && person.active).count();
        office_row(office, count, format!("/region/offices/{}", office.id), lang)
    });
    let admin = signed.member.rank == Rank::RegionAdmin;
    let dental = super::letters::desk::answers_referrals(signed.member.profession);
    respond::page(&RegionPage {
        t,
        frame: signed.frame(t.region_title())?.at(Place::Region).wide(),
        region: name,
        doors: region::doors(t, dental, true, admin),
        filters: filters(t, &active, &asked.kind),
        offices: rows.collect(),
        query,
    })
}

fn fold(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).map(katakana).collect()
}

fn filters(t: Text, offices: &[&OfficeView], chosen: &str) -> Vec<Filter> {
    let mut filters = vec![Filter {
        href: "/region".to_owned(),
        label: t.patients_filter_all().to_owned(),
        count: offices.len(),
        on: chosen.is_empty(),
    }];
    for (kind, code) in OfficeKind::ALL {
        let count = offices.iter().filter(|office| office.kind == *kind).count();
        if count > 0 {
            filters.push(Filter {
                href: format!("/region?kind={code}"),
                label: office_kind(t, *kind).to_owned(),
                count,
                on: chosen == *code,
            });
        }
    }
    filters
}

fn office_row(office: &OfficeView, people: usize, href: String, lang: Lang) -> OfficeRow {
    let t = Text(lang);
    let contact: Vec<String> = [(t.office_tel(), &office.card.tel), (t.office_fax(), &office.card.fax)]
        .into_iter()
        .filter(|(_, number)| !number.is_empty())
        .map(|(label, number)| format!("{label} {number}"))
        .collect();
    OfficeRow {
        href,
        name: office.card.name.clone(),
        kind: office_kind(t, office.kind).to_owned(),
        town: if office.card.town.is_empty() { t.unknown().to_owned() } else { office.card.town.clone() },
        contact: if contact.is_empty() { t.unknown().to_owned() } else { contact.join("　") },
        people,
    }
}

/// What an office is, in words.
pub fn office_kind(t: Text, kind: OfficeKind) -> &'static str {
    match kind {
        OfficeKind::Hospital => t.kind_hospital(),
        OfficeKind::Clinic => t.kind_clinic(),
        OfficeKind::DentalClinic => t.kind_dental_clinic(),
        OfficeKind::DentalLiaison => t.kind_dental_liaison(),
        OfficeKind::Pharmacy => t.kind_pharmacy(),
        OfficeKind::NursingStation => t.kind_nursing_station(),
        OfficeKind::CareManagement => t.kind_care_management(),
        OfficeKind::HomeHelp => t.kind_home_help(),
        OfficeKind::Rehabilitation => t.kind_rehabilitation(),
        OfficeKind::TownOffice => t.kind_town_office(),
        OfficeKind::Household => t.kind_household(),
    }
}

/// From where an office is looked at: which decides what may be done there and where one comes back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    /// The directory: to look only.
    Directory,
    /// One's own office.
    Own,
    /// The administrators' page.
    Admin,
}

impl From {
    fn href(self, office: OfficeId) -> String {
        match self {
            Self::Directory => format!("/region/offices/{office}"),
            Self::Own => "/office".to_owned(),
            Self::Admin => format!("/admin/offices/{office}"),
        }
    }

    fn may(self, signed: &Signed) -> bool {
        match self {
            Self::Directory => false,
            Self::Own => signed.member.rank != Rank::Member,
            Self::Admin => signed.member.rank == Rank::RegionAdmin,
        }
    }
}

/// `GET /region/offices/{office}`
pub async fn office_people(signed: Signed, office: Path<OfficeId>) -> Result<HttpResponse> {
    show(&signed, *office, From::Directory, None, Typed::nothing(), &[]).await
}

/// `GET /office`
pub async fn own_office(signed: Signed, guard: Data<Guard>) -> Result<HttpResponse> {
    fresh(&signed, &guard, signed.member.office, From::Own).await
}

/// `GET /admin/offices/{office}`
pub async fn admin_office(
    signed: Signed,
    guard: Data<Guard>,
    office: Path<OfficeId>,
) -> Result<HttpResponse> {
    need_region_admin(&signed)?;
    fresh(&signed, &guard, *office, From::Admin).await
}

/// The page, with the link of an invitation that was made a moment ago.
async fn fresh(signed: &Signed, guard: &Guard, office: OfficeId, from: From) -> Result<HttpResponse> {
    let Some(code) = flash::of(signed.request()).filter(|_| from.may(signed)) else {
        return show(signed, office, from, None, Typed::nothing(), &[]).await;
    };
    let link = format!("{}/join/{code}", signed.app.origin);
    let mut response = show(signed, office, from, Some(link), Typed::nothing(), &[]).await?;
    flash::take_back(&mut response, guard, &from.href(office))?;
    Ok(response)
}

fn need_region_admin(signed: &Signed) -> Result<()> {
    if signed.member.rank == Rank::RegionAdmin {
        return Ok(());
    }
    Err(Error::Forbidden(Words::of(Text::admins_only)))
}

async fn show(
    signed: &Signed,
    office: OfficeId,
    from: From,
    fresh_link: Option<String>,
    typed: Typed<'_>,
    flaws: &[Flaw],
) -> Result<HttpResponse> {
    let may = from.may(signed);
    let (view, staff, invitations) = signed
        .house()
        .read(move |reading| {
            let offices = views::house::offices(reading)?;
            let view = offices.into_iter().find(|one| one.id == office).ok_or(Error::Missing)?;
            let waiting = if may { views::house::invitations(reading, Some(office))? } else { Vec::new() };
            Ok((view, views::house::staff(reading, Some(office))?, waiting))
        })
        .await?;
    let (t, lang) = (signed.t(), signed.lang());
    let flaws = FlawView::list(flaws, lang);
    let again = !flaws.is_empty();
    let here = from.href(office);
    let page = OfficePage {
        t,
        frame: signed.frame(t.office_title())?.at(Place::Region).wide().with_error(again),
        office: view.card.name,
        edit: (from == From::Admin).then(|| format!("{here}/card")),
        staff: staff
            .iter()
            .filter(|one| may || one.state == "active")
            .map(|one| staff_row(signed, one, may, &here))
            .collect(),
        invitations: invitations
            .into_iter()
            .map(|one| InvitationRow {
                says: t.seat_person(
                    &one.card.name,
                    rank(t, one.rank),
                    &Badge::new(one.profession, lang).name(),
                ),
                until: When::at(one.expires_at, lang),
                end: format!("/office/invitations/{}/end", one.id),
            })
            .collect(),
        invite: if may { invite_fields(signed, typed, &flaws) } else { Vec::new() },
        action: if from == From::Own {
            "/office/invitations".to_owned()
        } else {
            format!("{here}/invitations")
        },
        invitation: typed.or("invitation", &InvitationId::new().to_string()),
        fresh_link,
        flaws,
    };
    if again { respond::form_again(&page) } else { respond::page(&page) }
}

fn staff_row(signed: &Signed, one: &StaffView, may: bool, here: &str) -> StaffRow {
    let t = signed.t();
    let state = match one.state.as_str() {
        "active" => Mark::new(Tone::Done, t.account_active()),
        "suspended" => Mark::new(Tone::Due, t.account_suspended()),
        _ => Mark::new(Tone::Plain, t.account_left()),
    };
    let own = one.person.id == signed.member.id;
    let ranks = [Rank::Member, Rank::OfficeAdmin, Rank::RegionAdmin];
    StaffRow {
        id: one.person.id.to_string(),
        who: fill::person(&one.person, signed.lang()),
        state,
        rank: rank(t, one.rank).to_owned(),
        seen: None,
        action: if may && !own { format!("/office/people/{}", one.person.id) } else { String::new() },
        back: here.to_owned(),
        active: one.state == "active",
        ranks: match may && !own && signed.member.rank == Rank::RegionAdmin {
            true => {
                ranks.map(|one_rank| Choice::new(one_rank.code(), rank(t, one_rank), one.rank.code())).into()
            }
            false => Vec::new(),
        },
    }
}

/// A rank in words.
pub fn rank(t: Text, rank: Rank) -> &'static str {
    match rank {
        Rank::Member => t.rank_member(),
        Rank::OfficeAdmin => t.rank_office_admin(),
        Rank::RegionAdmin => t.rank_region_admin(),
    }
}

fn invite_fields(signed: &Signed, typed: Typed<'_>, flaws: &[FlawView]) -> Vec<Field> {
    let t = signed.t();
    let professions: Vec<(String, String)> =
        Profession::ALL.iter().map(|one| (one.code().to_owned(), Badge::new(*one, t.0).name())).collect();
    let mut ranks = vec![Rank::Member, Rank::OfficeAdmin];
    if signed.member.rank == Rank::RegionAdmin {
        ranks.push(Rank::RegionAdmin);
    }
    let ranks: Vec<(String, String)> =
        ranks.into_iter().map(|one| (one.code().to_owned(), rank(t, one).to_owned())).collect();
    let usual = signed.member.profession.code();
    [
        typed.text("name", t.person_name(), "").must(),
        typed.text("kana", t.person_kana(), "").hint(t.kana_hint()),
        typed.choice("profession", t.person_profession(), &professions, usual),
        typed.choice("rank", t.office_rank(), &ranks, Rank::Member.code()),
    ]
    .map(|field| field.judged(flaws))
    .into()
}

/// `POST /office/invitations`
pub async fn invite(signed: Signed, guard: Data<Guard>, fields: Fields) -> Result<HttpResponse> {
    invite_to(&signed, &guard, signed.member.office, From::Own, &fields).await
}

/// `POST /admin/offices/{office}/invitations`
pub async fn admin_invite(
    signed: Signed,
    guard: Data<Guard>,
    office: Path<OfficeId>,
    fields: Fields,
) -> Result<HttpResponse> {
    invite_to(&signed, &guard, *office, From::Admin, &fields).await
}

async fn invite_to(
    signed: &Signed,
    guard: &Guard,
    office: OfficeId,
    from: From,
    fields: &Fields,
) -> Result<HttpResponse> {
    match sort(invite_now(signed, office, fields).await)? {
        Ok(code) => {
            let here = from.href(office);
            let mut response = respond::see_other(here.clone());
            flash::send(&mut response, guard, &here, &code)?;
            Ok(response)
        }
        Err(flaws) => show(signed, office, from, None, Typed::wrong(fields, &flaws), &flaws).await,
    }
}

async fn invite_now(signed: &Signed, office: OfficeId, fields: &Fields) -> Result<String> {
    let invitation: InvitationId = fields.read("invitation")?;
    // The link follows from the invitation: a form that was sent twice shows the link that works.
    let code = accounts::invitation_code(signed.house().keys(), invitation);
    let new = NewInvitation {
        id: EntryId(invitation.0),
        invitation,
        code: code.clone(),
        office,
        profession: fields
            .get("profession")
            .parse()
            .map_err(|()| Error::invalid("profession", Words::of(Text::line_is_empty)))?,
        rank: Rank::read(fields.get("rank")).unwrap_or(Rank::Member),
        card: InvitationCard {
            name: fields.get("name").trim().to_owned(),
            kana: fields.get("kana").trim().to_owned(),
        },
    };
    let logs = vec![signed.house().register()];
    signed.house().perform(signed.who(), logs, move |act| register::invite(act, &new)).await?;
    Ok(code)
}

/// `POST /office/invitations/{invitation}/end`
pub async fn end_invitation(
    signed: Signed,
    invitation: Path<InvitationId>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (id, invitation) = (EntryId::new(), *invitation);
    let logs = vec![signed.house().register()];
    signed
        .house()
        .perform(signed.who(), logs, move |act| register::end_invitation(act, id, invitation))
        .await?;
    Ok(respond::see_other(back(&fields)))
}

/// Where a small form comes back to.
fn back(fields: &Fields) -> String {
    match fields.get("back") {
        "" => "/office".to_owned(),
        back => respond::local(back).to_owned(),
    }
}

/// `POST /office/people/{person}`: `verb` suspend, resume or left, with a reason.
pub async fn set_account(signed: Signed, person: Path<PersonId>, fields: Fields) -> Result<HttpResponse> {
    let (id, person) = (EntryId::new(), *person);
    let state = match fields.get("verb") {
        "suspend" => AccountState::Suspended,
        "resume" => AccountState::Active,
        "left" => AccountState::Left,
        _ => return Err(Error::invalid("verb", Words::of(Text::form_is_unreadable))),
    };
    let reason = fields.get("reason").to_owned();
    let logs = vec![signed.house().register()];
    signed
        .house()
        .perform(signed.who(), logs, move |act| register::set_account(act, id, person, state, &reason))
        .await?;
    Ok(respond::see_other(back(&fields)))
}

/// `POST /office/people/{person}/rank`
pub async fn set_rank(signed: Signed, person: Path<PersonId>, fields: Fields) -> Result<HttpResponse> {
    let (id, person) = (EntryId::new(), *person);
    let rank = Rank::read(fields.get("rank"))
        .ok_or_else(|| Error::invalid("rank", Words::of(Text::form_is_unreadable)))?;
    let logs = vec![signed.house().register()];
    signed.house().perform(signed.who(), logs, move |act| register::set_rank(act, id, person, rank)).await?;
    Ok(respond::see_other(back(&fields)))
}

/// `GET /admin`
pub async fn admin(signed: Signed) -> Result<HttpResponse> {
    show_admin(&signed, Typed::nothing(), &[]).await
}

async fn show_admin(signed: &Signed, typed: Typed<'_>, flaws: &[Flaw]) -> Result<HttpResponse> {
    need_region_admin(signed)?;
    let (attention, offices, people, twins) = signed
        .house()
        .read(|reading| {
            Ok((
                views::attention::counted(reading)?,
                views::house::offices(reading)?,
                views::house::people(reading, None)?,
                crate::store::patients::twins(reading.conn)?,
            ))
        })
        .await?;
    let (t, lang) = (signed.t(), signed.lang());
    let flaws = FlawView::list(flaws, lang);
    let again = !flaws.is_empty();
    let name = |office: OfficeId| {
        offices.iter().find(|one| one.id == office).map(|one| one.card.name.clone()).unwrap_or_default()
    };
    let page = AdminPage {
        t,
        frame: signed.frame(t.admin_title())?.at(Place::Region).wide().with_error(again),
        new_office: office_fields(t, typed, None).into_iter().map(|field| field.judged(&flaws)).collect(),
        office: typed.or("office", &OfficeId::new().to_string()),
        attention: attention.into_iter().map(|one| attention_door(one, lang)).collect(),
        duplicates: twins
            .iter()
            .map(|group| Door {
                href: String::new(),
                title: group.iter().map(|(number, _)| number.to_string()).collect::<Vec<_>>().join(t.dot()),
                about: t.twins_about(
                    &group.iter().map(|(_, office)| name(*office)).collect::<Vec<_>>().join(t.dot()),
                ),
            })
            .collect(),
        offices: offices
            .iter()
            .map(|office| {
                let count = people.iter().filter(|one| one.office == office.id && one.active).count();
                office_row(office, count, format!("/admin/offices/{}", office.id), lang)
            })
            .collect(),
        flaws,
    };
    if again { respond::form_again(&page) } else { respond::page(&page) }
}

fn attention_door(one: AttentionCount, lang: Lang) -> Door {
    let t = Text(lang);
    let title = match (&one.pathway, &one.hash) {
        (Some((title, version)), _) => t.admin_attention_of(title.say(lang), version),
        (None, Some(_)) => t.admin_attention_unknown().to_owned(),
        (None, None) => t.admin_attention_plans().to_owned(),
    };
    let href = one.hash.filter(|_| one.pathway.is_some()).map(|hash| format!("/pathways/{hash}"));
    Door { href: href.unwrap_or_default(), title, about: t.admin_attention_count(one.count) }
}

fn office_fields(t: Text, typed: Typed<'_>, stands: Option<&OfficeView>) -> Vec<Field> {
    let card = stands.map(|office| office.card.clone()).unwrap_or_default();
    let kinds: Vec<(String, String)> = OfficeKind::ALL
        .iter()
        .map(|(kind, code)| ((*code).to_owned(), office_kind(t, *kind).to_owned()))
        .collect();
    vec![
        typed.text("name", t.office_name(), &card.name).must(),
        typed.choice("kind", t.region_kind(), &kinds, stands.map_or("", |office| office.kind.code())).must(),
        typed.text("town", t.region_town(), &card.town),
        typed.field("tel", "tel", t.office_tel(), &card.tel),
        typed.field("tel", "fax", t.office_fax(), &card.fax),
    ]
}

fn read_office(office: OfficeId, active: bool, fields: &Fields) -> Result<OfficeSet> {
    let line = |name: &str| fields.get(name).trim().to_owned();
    let kind = OfficeKind::read(fields.get("kind"))
        .ok_or_else(|| Error::invalid("kind", Words::of(Text::line_is_empty)))?;
    let card = OfficeCard { name: line("name"), town: line("town"), tel: line("tel"), fax: line("fax") };
    Ok(OfficeSet { office, kind, active, card })
}

/// `POST /admin/offices`
pub async fn add_office(signed: Signed, fields: Fields) -> Result<HttpResponse> {
    let office: OfficeId = fields.read("office")?;
    match sort(set_office(&signed, EntryId(office.0), office, true, &fields).await)? {
        Ok(()) => Ok(respond::see_other(format!("/admin/offices/{office}"))),
        Err(flaws) => show_admin(&signed, Typed::wrong(&fields, &flaws), &flaws).await,
    }
}

async fn set_office(
    signed: &Signed,
    id: EntryId,
    office: OfficeId,
    active: bool,
    fields: &Fields,
) -> Result<()> {
    let set = read_office(office, active, fields)?;
    let logs = vec![signed.house().register()];
    signed.house().perform(signed.who(), logs, move |act| register::set_office(act, id, set.clone())).await?;
    Ok(())
}

/// `GET /admin/offices/{office}/card`
pub async fn office_card(signed: Signed, office: Path<OfficeId>) -> Result<HttpResponse> {
    office_form(&signed, *office, Typed::nothing()).await
}

async fn office_form(signed: &Signed, office: OfficeId, typed: Typed<'_>) -> Result<HttpResponse> {
    need_region_admin(signed)?;
    let offices = signed.house().read(views::house::offices).await?;
    let view = offices.into_iter().find(|one| one.id == office).ok_or(Error::Missing)?;
    let t = signed.t();
    let frame = signed.frame(t.office_card_title())?.at(Place::Region);
    let here = format!("/admin/offices/{office}");
    let takes_part = if view.active { "yes" } else { "" };
    let mut fields = office_fields(t, typed, Some(&view));
    fields.push(Field::new("check", "active", t.office_active()).holding(typed.or("active", takes_part)));
    FormPage::new(t, frame, t.office_card_title(), format!("{here}/card"), t.office_card_send())
        .back(here)
        .entry(&typed)
        .section("", fields)
        .answer(&typed)
}

/// `POST /admin/offices/{office}/card`
pub async fn change_office(signed: Signed, office: Path<OfficeId>, fields: Fields) -> Result<HttpResponse> {
    let (office, id) = (*office, fields.read("entry")?);
    let active = fields.get("active") == "yes";
    match sort(set_office(&signed, id, office, active, &fields).await)? {
        Ok(()) => Ok(respond::see_other(format!("/admin/offices/{office}"))),
        Err(flaws) => office_form(&signed, office, Typed::wrong(&fields, &flaws)).await,
    }
}

texts! {
    kind_hospital { ja: "病院", en: "Hospital" }
    kind_clinic { ja: "診療所", en: "Clinic" }
    kind_dental_clinic { ja: "歯科診療所", en: "Dental clinic" }
    kind_dental_liaison { ja: "在宅歯科医療連携室", en: "Dental liaison room" }
    kind_pharmacy { ja: "薬局", en: "Pharmacy" }
    kind_nursing_station { ja: "訪問看護ステーション", en: "Visiting-nurse station" }
    kind_care_management { ja: "居宅介護支援事業所", en: "Care-manager office" }
    kind_home_help { ja: "訪問介護事業所", en: "Home help" }
    kind_rehabilitation { ja: "リハビリテーション", en: "Rehabilitation" }
    kind_household { ja: "本人・家族", en: "Patients and families" }
    kind_town_office { ja: "市町村・連携拠点", en: "Town office" }
    office_name { ja: "事業所の名前", en: "Office's name" }
    office_tel { ja: "電話", en: "Tel." }
    office_fax { ja: "FAX", en: "FAX" }
    office_card_title { ja: "事業所の情報", en: "The office's card" }
    office_card_send { ja: "情報を直す", en: "Change the card" }
    office_active { ja: "この地域の連携に参加している", en: "Takes part in this region" }
    office_reason { ja: "理由", en: "Reason" }
    office_rank_act { ja: "権限を変える", en: "Change the rank" }
    rank_member { ja: "利用者", en: "member" }
    rank_office_admin { ja: "事業所の管理者", en: "office administrator" }
    rank_region_admin { ja: "地域の管理者", en: "region administrator" }
    account_active { ja: "利用中", en: "active" }
    account_suspended { ja: "停止中", en: "suspended" }
    account_left { ja: "退職", en: "left" }
    twins_about(offices: &str) {
        ja: "記録番号です。氏名と生年月日（または被保険者番号）が同じです。登録した事業所 {offices}",
        en: "Record numbers with the same name and birth date, or the same insured number. Registered by: {offices}"
    }
}
