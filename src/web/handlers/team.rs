//! A patient's team and the consent it rests on: seats with a role and perhaps an end, consent given,
//! withdrawn, given again.

use actix_web::HttpResponse;
use actix_web::web::Path;

use crate::access;
use crate::access::ConsentState;
use crate::access::Need;
use crate::acts::Look;
use crate::acts::patients;
use crate::acts::views;
use crate::acts::views::PersonView;
use crate::acts::views::patients::ConsentView;
use crate::acts::views::patients::PatientView;
use crate::acts::views::patients::SeatView;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::time::Time;
use crate::record::payload::SeatRole;
use crate::record::payload::Seated;
use crate::store::patients as patient_rows;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::form::Fields;
use crate::web::form_page::FormPage;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::handlers::card;
use crate::web::respond;
use crate::web::team::Fact;
use crate::web::team::MemberRow;
use crate::web::team::TeamPage;
use crate::web::view::Badge;
use crate::web::view::Choice;
use crate::web::view::Field;
use crate::web::view::FlawView;
use crate::web::view::Mark;
use crate::web::view::Tone;
use crate::web::view::When;

/// What one look at a team brings.
struct Seen {
    patient: PatientView,
    team: Vec<SeatView>,
    consent: Option<ConsentView>,
    may_team: bool,
    may_card: bool,
}

fn see(look: &mut Look<'_>) -> Result<Seen> {
    Ok(Seen {
        patient: views::patients::banner(look)?,
        team: views::patients::team(look)?,
        consent: views::patients::consent(look)?,
        may_team: look.grant.also(Need::Team),
        may_card: look.grant.also(Need::Card),
    })
}

/// `GET /patients/{patient}/team`
pub async fn page(signed: Signed, patient: Path<PatientId>) -> Result<HttpResponse> {
    show(&signed, *patient, Typed::nothing(), &[]).await
}

async fn show(signed: &Signed, patient: PatientId, typed: Typed<'_>, flaws: &[Flaw]) -> Result<HttpResponse> {
    let seen = signed.house().look(signed.member.id, patient, "team", see).await?;
    let open = seen.patient.open;
    let people = match seen.may_team && open {
        true => signed.house().read(|reading| views::house::people(reading, None)).await?,
        false => Vec::new(),
    };
    let (t, lang) = (signed.t(), signed.lang());
    let flaws = FlawView::list(flaws, lang);
    let again = !flaws.is_empty();
    let (members, former): (Vec<&SeatView>, Vec<&SeatView>) =
        seen.team.iter().partition(|seat| seat.in_force);
    let rows = |seats: Vec<&SeatView>, may: bool| -> Vec<MemberRow> {
        seats.into_iter().map(|seat| member_row(patient, seat, may, lang)).collect()
    };
    let judged =
        |fields: Vec<Field>| -> Vec<Field> { fields.into_iter().map(|field| field.judged(&flaws)).collect() };
    let page = TeamPage {
        t,
        frame: signed
            .frame(fill::title(t.team_title(), &seen.patient))?
            .at(Place::Patients)
            .wide()
            .with_error(again),
        banner: fill::banner(&seen.patient, lang, "team", signed.house().now()),
        members: rows(members, seen.may_team && open),
        former: rows(former, false),
        seat: if people.is_empty() { vec![] } else { judged(seat_fields(t, typed, &people, &seen.team)) },
        action: format!("/patients/{patient}/team"),
        entry: typed.entry(),
        consent: consent_facts(t, seen.consent.as_ref()),
        withdraw: if seen.may_card && open { judged(vec![withdraw_field(t, typed)]) } else { vec![] },
        flaws,
    };
    if again { respond::form_again(&page) } else { respond::page(&page) }
}

fn member_row(patient: PatientId, seat: &SeatView, may: bool, lang: Lang) -> MemberRow {
    MemberRow {
        id: seat.person.id.to_string(),
        who: fill::person(&seat.person, lang),
        role: Mark::new(Tone::Plain, role(Text(lang), seat.role)),
        since: When::on(seat.from.day(), lang),
        until: seat.ended.or(seat.until).map(|until| When::on(until.day(), lang)),
        unseat: if may { format!("/patients/{patient}/team/{}/end", seat.person.id) } else { String::new() },
    }
}

/// A role in the team, in words.
pub fn role(t: Text, role: SeatRole) -> &'static str {
    match role {
        SeatRole::Main => t.role_main(),
        SeatRole::Deputy => t.role_deputy(),
        SeatRole::Member => t.role_member(),
    }
}

/// Whom one may add: active people who do not sit there yet, by office.
fn seat_fields(t: Text, typed: Typed<'_>, people: &[PersonView], team: &[SeatView]) -> Vec<Field> {
    let seated = |id: PersonId| team.iter().any(|seat| seat.in_force && seat.person.id == id);
    let mut free: Vec<&PersonView> =
        people.iter().filter(|person| person.active && !seated(person.id)).collect();
    free.sort_by(|a, b| (&a.office_name, &a.kana, &a.name).cmp(&(&b.office_name, &b.kana, &b.name)));
    let current = typed.or("person", "");
    let mut choices = vec![Choice::new("", t.seat_choose(), &current)];
    choices.extend(free.into_iter().map(|person| {
        let profession = Badge::new(person.profession, t.0).name();
        let label = t.person_and_profession(&person.name, &profession);
        Choice::new(person.id.to_string(), label, &current).under(&person.office_name).found_by(&person.kana)
    }));
    let roles = [SeatRole::Member, SeatRole::Main, SeatRole::Deputy]
        .map(|one| (one.code().to_owned(), role(t, one).to_owned()));
    vec![
        Field::new("select", "person", t.team_person()).of(choices).must().hint(t.seat_hint()).narrows(),
        typed.choice("role", t.team_role(), &roles, SeatRole::Member.code()),
        typed.field("date", "until", t.seat_until(), "").hint(t.seat_until_hint()),
    ]
}

fn consent_facts(t: Text, consent: Option<&ConsentView>) -> Vec<Fact> {
    let Some(view) = consent else { return Vec::new() };
    let consent = &view.consent;
    let mut facts = vec![
        Fact::new(t.consent_on(), fill::day(consent.on, t.0)),
        Fact::new(t.consent_method(), card::consent_method(t, consent.method)),
        Fact::new(t.consent_explained_by(), consent.explained_by.as_str()),
    ];
    if !consent.representative.is_empty() {
        facts.push(Fact::new(t.consent_who(), consent.representative.as_str()));
    }
    let scope = if consent.scope.is_empty() { t.unknown() } else { consent.scope.as_str() };
    facts.push(Fact::new(t.consent_scope(), scope));
    facts
}

fn withdraw_field(t: Text, typed: Typed<'_>) -> Field {
    typed.text("withdraw_reason", t.amend_reason(), "").must()
}

/// `POST /patients/{patient}/team`
pub async fn seat(signed: Signed, patient: Path<PatientId>, fields: Fields) -> Result<HttpResponse> {
    let patient = *patient;
    match sort(seat_now(&signed, patient, &fields).await)? {
        Ok(()) => Ok(respond::see_other(format!("/patients/{patient}/team"))),
        Err(flaws) => show(&signed, patient, Typed::wrong(&fields, &flaws), &flaws).await,
    }
}

async fn seat_now(signed: &Signed, patient: PatientId, fields: &Fields) -> Result<()> {
    let id: EntryId = fields.read("entry")?;
    let nobody = |_| Error::invalid("person", Words::of(Text::seat_nobody));
    let seated = Seated {
        person: fields.get("person").parse().map_err(nobody)?,
        role: SeatRole::read(fields.get("role")).unwrap_or_default(),
        until: end_of_day(fields)?,
        reason: String::new(),
    };
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| patients::seat(act, id, patient, &seated))
        .await
}

/// A seat until a day includes that day.
fn end_of_day(fields: &Fields) -> Result<Option<Time>> {
    let mut flaws = Vec::new();
    let day = card::read_day(fields, "until", &mut flaws);
    if !flaws.is_empty() {
        return Err(Error::Invalid(flaws));
    }
    Ok(day.map(super::stays::end_of))
}

/// `POST /patients/{patient}/team/{person}/end`
pub async fn unseat(
    signed: Signed,
    path: Path<(PatientId, PersonId)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (patient, person) = path.into_inner();
    let reason = fields.get("reason").to_owned();
    if reason.trim().is_empty() {
        let says = Words::of(Text::unseat_needs_reason);
        let flaws = vec![Flaw { field: format!("{person}-reason"), says }];
        return show(&signed, patient, Typed::wrong(&fields, &flaws), &flaws).await;
    }
    let id = EntryId::new();
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| {
            patients::unseat(act, id, patient, person, &reason)
        })
        .await?;
    // Whoever took themselves out finds nothing there any more.
    let own = person == signed.member.id;
    Ok(respond::see_other(if own { "/patients".to_owned() } else { format!("/patients/{patient}/team") }))
}

/// `POST /patients/{patient}/team/consent`: the withdrawal; the record freezes for everyone.
pub async fn withdraw(signed: Signed, patient: Path<PatientId>, fields: Fields) -> Result<HttpResponse> {
    let patient = *patient;
    let id: EntryId = fields.read("entry")?;
    let reason = fields.get("withdraw_reason").to_owned();
    let done = signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| {
            patients::withdraw_consent(act, id, patient, &reason)
        })
        .await;
    match sort(done)? {
        Ok(()) => Ok(respond::see_other(format!("/patients/{patient}/consent"))),
        Err(flaws) => {
            let flaws = crate::web::form_page::renamed(flaws, &[("reason", "withdraw_reason")]);
            show(&signed, patient, Typed::wrong(&fields, &flaws), &flaws).await
        }
    }
}

/// `GET /patients/{patient}/consent`: a frozen record says nothing but that it rests, and to whom
/// consent may be given again.
pub async fn consent_page(signed: Signed, patient: Path<PatientId>) -> Result<HttpResponse> {
    consent_form(&signed, *patient, Typed::nothing()).await
}

async fn consent_form(signed: &Signed, patient: PatientId, typed: Typed<'_>) -> Result<HttpResponse> {
    let who = signed.member.id;
    signed
        .house()
        .read(move |reading| {
            let facts = patient_rows::facts(reading.conn, patient, Some(who))?;
            access::judge(&facts, Need::Reconsent, reading.now)?;
            if facts.consent == ConsentState::Withdrawn { Ok(()) } else { Err(Error::Missing) }
        })
        .await?;
    let t = signed.t();
    let frame = signed.frame(t.frozen_title())?.at(Place::Patients);
    FormPage::new(t, frame, t.frozen_title(), format!("/patients/{patient}/consent"), t.frozen_send())
        .about(t.frozen_about())
        .back("/patients")
        .entry(&typed)
        .section("", card::consent_fields(signed, typed))
        .answer(&typed)
}

/// `POST /patients/{patient}/consent`
pub async fn consent_again(signed: Signed, patient: Path<PatientId>, fields: Fields) -> Result<HttpResponse> {
    let patient = *patient;
    match sort(consent_now(&signed, patient, &fields).await)? {
        Ok(()) => Ok(respond::see_other(format!("/patients/{patient}/team"))),
        Err(flaws) => consent_form(&signed, patient, Typed::wrong(&fields, &flaws)).await,
    }
}

async fn consent_now(signed: &Signed, patient: PatientId, fields: &Fields) -> Result<()> {
    let id: EntryId = fields.read("entry")?;
    let mut flaws = Vec::new();
    let consent = card::read_consent(fields, &mut flaws);
    let (Some(consent), true) = (consent, flaws.is_empty()) else { return Err(Error::Invalid(flaws)) };
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| {
            patients::give_consent(act, id, patient, &consent)
        })
        .await
}

texts! {
    role_main { ja: "主治医・主担当", en: "lead" }
    role_deputy { ja: "副主治医・副担当", en: "deputy" }
    role_member { ja: "担当", en: "member" }
    seat_choose { ja: "選んでください", en: "Please choose" }
    seat_person(office: &str, name: &str, profession: &str) {
        ja: "{office}　{name}（{profession}）",
        en: "{office}: {name} ({profession})"
    }
    person_and_profession(name: &str, profession: &str) { ja: "{name}（{profession}）", en: "{name} ({profession})" }
    seat_hint { ja: "事業所ごとに、名前の順に並んでいます。", en: "By office, in the order of names." }
    seat_nobody { ja: "加える人を選んでください。", en: "Please choose whom to add." }
    seat_until { ja: "いつまで（期限つきの参加のとき）", en: "Until (for a temporary member)" }
    seat_until_hint { ja: "病院の看護師など、入院中だけの参加に使います。その日の終わりまで読めます。", en: "For hospital staff during a stay. They can read until the end of that day." }
    unseat_needs_reason { ja: "チームから外す理由を入力してください。", en: "Please say why." }
    frozen_title { ja: "止まっている記録", en: "A record at rest" }
    frozen_about {
        ja: "同意が撤回されたため、この患者の記録はだれにも開けません。あらためて同意があったときは、ここに記録すると再び開けます。",
        en: "Consent was withdrawn, so nobody can open this record. When consent is given again, note it here and it opens."
    }
    frozen_send { ja: "同意を記録して再開する", en: "Record consent and go on" }
}
