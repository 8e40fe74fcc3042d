//! Admission and discharge of one patient, and the board of current stays.

use actix_web::HttpResponse;
use actix_web::web::Path;
use jiff::ToSpan;
use jiff::civil::Date;

use super::plan::fill_task::form_title;
use super::thread::moment;
use super::thread::moment_value;
use crate::access::Need;
use crate::acts::stays;
use crate::acts::stays::Admission;
use crate::acts::views;
use crate::acts::views::PersonView;
use crate::acts::views::house::OfficeView;
use crate::acts::views::patients::PatientView;
use crate::acts::views::stays::BoardView;
use crate::acts::views::stays::StayView;
use crate::form::workflow::Side;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::LetterId;
use crate::kernel::id::PatientId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::time;
use crate::kernel::time::Time;
use crate::record::payload::Admitted;
use crate::record::payload::OfficeKind;
use crate::texts;
use crate::web::app::Signed;
use crate::web::desks::AdmissionsPage;
use crate::web::desks::SheetState;
use crate::web::desks::StayRow;
use crate::web::fill;
use crate::web::form::Fields;
use crate::web::form_page::FormPage;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::respond;
use crate::web::stays::StayPage;
use crate::web::team::Fact;
use crate::web::view::Choice;
use crate::web::view::Field;
use crate::web::view::FlawView;
use crate::web::view::Mark;
use crate::web::view::Tone;
use crate::web::view::When;

/// How long a guest of the hospital stays in the team when nobody says.
const GUEST_DAYS: i32 = 30;
/// How near a discharge is when a missing sheet alarms.
const NEAR_DAYS: i32 = 7;

struct Seen {
    patient: PatientView,
    stay: Option<StayView>,
    may: bool,
}

async fn see(signed: &Signed, patient: PatientId) -> Result<Seen> {
    signed
        .house()
        .look(signed.member.id, patient, "stay", |look| {
            let patient = views::patients::banner(look)?;
            Ok(Seen {
                may: patient.open && look.grant.also(Need::Stay),
                stay: views::stays::current(look)?,
                patient,
            })
        })
        .await
}

/// `GET /patients/{patient}/stay`
pub async fn page(signed: Signed, patient: Path<PatientId>) -> Result<HttpResponse> {
    show(&signed, *patient, Typed::nothing(), &[]).await
}

/// The form of an admission, or the stay that goes on.
async fn show(signed: &Signed, patient: PatientId, typed: Typed<'_>, flaws: &[Flaw]) -> Result<HttpResponse> {
    let seen = see(signed, patient).await?;
    match &seen.stay {
        Some(stay) => going_on(signed, &seen, stay, typed, flaws),
        None => admission(signed, &seen, typed).await,
    }
}

fn going_on(
    signed: &Signed,
    seen: &Seen,
    stay: &StayView,
    typed: Typed<'_>,
    flaws: &[Flaw],
) -> Result<HttpResponse> {
    let (t, lang, now) = (signed.t(), signed.lang(), signed.house().now());
    let flaws = FlawView::list(flaws, lang);
    let again = !flaws.is_empty();
    let planned = stay.planned.map(|planned| planned.day().to_string()).unwrap_or_default();
    let facts = vec![
        Fact::new(t.admissions_where().to_owned(), place(stay)),
        Fact::new(t.stay_since().to_owned(), When::at(stay.admitted, lang).shown().to_string()),
        Fact::new(
            t.admissions_planned().to_owned(),
            stay.planned.map_or_else(
                || t.admissions_unknown().to_owned(),
                |at| When::on(at.day(), lang).shown().to_string(),
            ),
        ),
        Fact::new(t.stay_reason().to_owned(), stay.reason.clone()),
    ];
    let page = StayPage {
        t,
        frame: signed
            .frame(fill::title(t.stay_title(), &seen.patient))?
            .at(Place::Patients)
            .with_error(again),
        banner: fill::banner(&seen.patient, lang, "plan", now),
        facts: facts.into_iter().filter(|fact| !fact.value.is_empty()).collect(),
        action: format!("/patients/{}/stay", seen.patient.id),
        entry: typed.entry(),
        planned: if seen.may {
            vec![typed.field("date", "planned", t.stay_plan(), &planned).must().judged(&flaws)]
        } else {
            Vec::new()
        },
        discharge: if seen.may {
            vec![
                typed
                    .field("datetime-local", "at", t.stay_discharged_at(), &moment_value(now))
                    .must()
                    .judged(&flaws),
            ]
        } else {
            Vec::new()
        },
        flaws,
    };
    if again { respond::form_again(&page) } else { respond::page(&page) }
}

fn place(stay: &StayView) -> String {
    if stay.ward.is_empty() {
        return stay.hospital_name.clone();
    }
    format!("{}　{}", stay.hospital_name, stay.ward)
}

async fn admission(signed: &Signed, seen: &Seen, typed: Typed<'_>) -> Result<HttpResponse> {
    let (t, lang, now) = (signed.t(), signed.lang(), signed.house().now());
    let (offices, guests) = signed
        .house()
        .read(|reading| Ok((views::house::offices(reading)?, views::stays::guests(reading)?)))
        .await?;
    let hospitals: Vec<(String, String)> = offices
        .into_iter()
        .filter(|office: &OfficeView| office.active && office.kind == OfficeKind::Hospital)
        .map(|office| (office.id.to_string(), office.card.name))
        .collect();
    let frame = signed.frame(fill::title(t.stay_admit(), &seen.patient))?.at(Place::Patients);
    let until = now.day().saturating_add(GUEST_DAYS.days()).to_string();
    let page = FormPage::new(
        t,
        frame,
        t.stay_admit(),
        format!("/patients/{}/stay", seen.patient.id),
        t.stay_admit_act(),
    )
    .of(fill::banner(&seen.patient, lang, "plan", now))
    .about(t.stay_admit_note())
    .back(format!("/patients/{}/plan", seen.patient.id))
    .entry(&typed)
    .section(
        "",
        vec![
            typed.choice("hospital", t.stay_hospital(), &hospitals, "").must(),
            typed.text("ward", t.stay_ward(), ""),
            typed.field("datetime-local", "at", t.stay_admitted_at(), &moment_value(now)).must(),
            typed.field("date", "planned", t.stay_plan(), "").hint(t.stay_plan_hint()),
            typed.text("reason", t.stay_reason(), ""),
        ],
    )
    .section(
        t.stay_guest_title(),
        vec![
            guest_field(signed, &typed, guests),
            typed.field("date", "guest_until", t.stay_guest_until(), &until).hint(t.stay_guest_hint()),
        ],
    );
    page.answer(&typed)
}

fn guest_field(signed: &Signed, typed: &Typed<'_>, mut guests: Vec<PersonView>) -> Field {
    let (t, lang) = (signed.t(), signed.lang());
    let current = typed.or("guest", "");
    guests.sort_by(|a, b| (&a.office_name, &a.kana).cmp(&(&b.office_name, &b.kana)));
    let mut choices = vec![Choice::new("", t.stay_guest_nobody(), &current)];
    choices.extend(guests.into_iter().map(|person| {
        let says = t.person_and_profession(&person.name, person.profession.name().say(lang));
        Choice::new(person.id.to_string(), says, &current).under(person.office_name).found_by(person.kana)
    }));
    Field::new("select", "guest", t.stay_guest_who()).of(choices).narrows()
}

/// `POST /patients/{patient}/stay`
pub async fn admit(signed: Signed, patient: Path<PatientId>, fields: Fields) -> Result<HttpResponse> {
    let patient = *patient;
    match sort(admit_now(&signed, patient, &fields).await)? {
        Ok(()) => Ok(respond::see_other(format!("/patients/{patient}/plan"))),
        Err(flaws) => show(&signed, patient, Typed::wrong(&fields, &flaws), &flaws).await,
    }
}

async fn admit_now(signed: &Signed, patient: PatientId, fields: &Fields) -> Result<()> {
    let id: EntryId = fields.read("entry")?;
    let hospital = fields
        .get("hospital")
        .parse()
        .map_err(|_| Error::invalid("hospital", Words::of(Text::hospital_is_empty)))?;
    let at = moment("at", fields.get("at"))?
        .ok_or_else(|| Error::invalid("at", Words::of(Text::moment_is_odd)))?;
    let planned = day("planned", fields.get("planned"))?.map(end_of);
    let guest = match fields.get("guest") {
        "" => None,
        _ => {
            let until = day("guest_until", fields.get("guest_until"))?
                .ok_or_else(|| Error::invalid("guest_until", Words::of(Text::guest_needs_end)))?;
            Some((fields.read("guest")?, end_of(until)))
        }
    };
    let admission = Admission {
        id,
        patient,
        admitted: Admitted {
            stay: LetterId(id.derived("stay").0),
            hospital,
            ward: fields.get("ward").trim().to_owned(),
            at,
            planned,
            reason: fields.get("reason").trim().to_owned(),
        },
        guest,
    };
    signed.house().perform(signed.who(), signed.on(patient), move |act| stays::admit(act, &admission)).await
}

/// A day as a `date` field sends it; `None` when empty.
fn day(field: &str, sent: &str) -> Result<Option<Date>> {
    match sent.trim() {
        "" => Ok(None),
        sent => match sent.parse() {
            Ok(day) => Ok(Some(day)),
            Err(_) => Err(Error::invalid(field, Words::of(Text::moment_is_odd))),
        },
    }
}

/// The last second of a day: whatever happens on it comes before.
pub(super) fn end_of(day: Date) -> Time {
    time::last_second(day).into()
}

/// `POST /patients/{patient}/stay/planned`
pub async fn plan_discharge(
    signed: Signed,
    patient: Path<PatientId>,
    fields: Fields,
) -> Result<HttpResponse> {
    let patient = *patient;
    match sort(plan_now(&signed, patient, &fields).await)? {
        Ok(()) => Ok(respond::see_other(format!("/patients/{patient}/stay"))),
        Err(flaws) => show(&signed, patient, Typed::wrong(&fields, &flaws), &flaws).await,
    }
}

async fn plan_now(signed: &Signed, patient: PatientId, fields: &Fields) -> Result<()> {
    let id: EntryId = fields.read("entry")?;
    let on = day("planned", fields.get("planned"))?
        .ok_or_else(|| Error::invalid("planned", Words::of(Text::moment_is_odd)))?;
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| {
            stays::plan_discharge(act, id, patient, end_of(on))
        })
        .await
}

/// `POST /patients/{patient}/stay/discharge`
pub async fn discharge(signed: Signed, patient: Path<PatientId>, fields: Fields) -> Result<HttpResponse> {
    let patient = *patient;
    match sort(discharge_now(&signed, patient, &fields).await)? {
        Ok(()) => Ok(respond::see_other(format!("/patients/{patient}/plan"))),
        Err(flaws) => show(&signed, patient, Typed::wrong(&fields, &flaws), &flaws).await,
    }
}

async fn discharge_now(signed: &Signed, patient: PatientId, fields: &Fields) -> Result<()> {
    let id: EntryId = fields.read("entry")?;
    let at = moment("at", fields.get("at"))?
        .ok_or_else(|| Error::invalid("at", Words::of(Text::moment_is_odd)))?;
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| stays::discharge(act, id, patient, at))
        .await
}

/// `GET /admissions`
pub async fn board(signed: Signed) -> Result<HttpResponse> {
    let member = signed.member.clone();
    let rows = signed.house().read(move |reading| views::stays::board(reading, &member)).await?;
    let t = signed.t();
    respond::page(&AdmissionsPage {
        t,
        frame: signed.frame(t.admissions_title())?.at(Place::Patients).wide(),
        filters: Vec::new(),
        rows: rows.into_iter().map(|row| board_row(&signed, row)).collect(),
    })
}

fn board_row(signed: &Signed, row: BoardView) -> StayRow {
    let (t, lang, now) = (signed.t(), signed.lang(), signed.house().now());
    let patient = row.patient.id;
    let library = signed.house().library();
    let mut sheets: Vec<SheetState> = row
        .sheets
        .iter()
        .map(|sheet| SheetState {
            href: format!("/letters/{}", sheet.id),
            title: sheet.title.say(lang).to_owned(),
            mark: Mark::new(
                if sheet.finished || sheet.waits_for == Some(Side::Receiver) {
                    Tone::Done
                } else {
                    Tone::Act
                },
                sheet.state_label.say(lang),
            ),
        })
        .collect();
    // Whoever cannot sign a sheet sees that it is awaited and has no way to begin it.
    let begins = |code: &str| {
        let form = library.current_form(code);
        form.is_some_and(|form| super::letters::may_sign(form, signed.member.profession))
    };
    sheets.extend(row.awaited.iter().map(|(form, task)| SheetState {
        href: match begins(form) {
            true => format!("/patients/{patient}/letters/new?form={form}&task={task}"),
            false => String::new(),
        },
        title: form_title(&library, form, lang),
        mark: Mark::new(Tone::Due, t.stay_sheet_awaited()),
    }));
    let soon = now.day().saturating_add(NEAR_DAYS.days());
    let near = row.stay.planned.is_some_and(|planned| planned.day() <= soon);
    let sent = row.sheets.iter().any(|sheet| sheet.form == "discharge-sheet");
    let days = now.day().since(row.stay.admitted.day()).map_or(0, |span| span.get_days()) + 1;
    StayRow {
        href: format!("/patients/{patient}/stay"),
        patient: fill::read_name(&row.patient.card, t),
        about: fill::about(&row.patient, now, lang).join(t.card_gap()),
        place: place(&row.stay),
        admitted: When::on(row.stay.admitted.day(), lang),
        days: t.stay_days(usize::try_from(days).unwrap_or(0)),
        planned: row.stay.planned.map(|planned| When::on(planned.day(), lang)),
        manager: row.manager.as_ref().map(|manager| fill::person(manager, lang)),
        sheets,
        alarms: (near && !sent).then(|| Mark::new(Tone::Due, t.stay_sheet_missing())).into_iter().collect(),
    }
}

texts! {
    stay_admit { ja: "入院を記録する", en: "Note an admission" }
    stay_admit_act { ja: "入院を記録する", en: "Note the admission" }
    stay_admit_note { ja: "記録すると、在宅のパスは退院まで休み、入退院のパスが始まります。", en: "The pathways of the home rest until discharge, and that of the stay begins." }
    stay_hospital { ja: "病院", en: "Hospital" }
    stay_ward { ja: "病棟・病室", en: "Ward and room" }
    stay_admitted_at { ja: "入院した日時", en: "Admitted" }
    stay_discharged_at { ja: "退院した日時", en: "Discharged" }
    stay_since { ja: "入院", en: "Admitted" }
    stay_reason { ja: "入院の理由", en: "Why" }
    stay_plan_hint { ja: "決まっていなければ空欄にします。", en: "Leave it empty when it is not known." }
    stay_guest_title { ja: "病院の担当者", en: "From the hospital" }
    stay_guest_who { ja: "期限つきでチームに加わる人", en: "Who joins the team for the stay" }
    stay_guest_nobody { ja: "今は決めない", en: "Nobody yet" }
    stay_guest_until { ja: "いつまで", en: "Until" }
    stay_guest_hint { ja: "この日が終わると、記録を見られなくなります。", en: "After this day the record is closed to that person." }
    guest_needs_end { ja: "加わる人の期限を入れてください。", en: "Please give the end date." }
    stay_sheet_awaited { ja: "未作成", en: "to be written" }
    stay_sheet_missing { ja: "退院が近く、書類がまだです", en: "discharge is near, no sheet yet" }
    stay_days(count: usize) { ja: "{count}日目", en: "day {count}" }
}
