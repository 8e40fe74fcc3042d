//! Hospital stays as pages show them: the one a patient is in now, and the board of a reader's teams.

use crate::access;
use crate::access::Need;
use crate::acts::Directory;
use crate::acts::Look;
use crate::acts::Reading;
use crate::acts::accounts::Member;
use crate::acts::views::PersonView;
use crate::acts::views::letters::LetterRow;
use crate::acts::views::letters::in_teams;
use crate::acts::views::patients::PatientView;
use crate::acts::views::patients::listed_open;
use crate::acts::views::patients::seats;
use crate::kernel::error::Result;
use crate::kernel::id::LetterId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::TaskId;
use crate::kernel::profession::Profession;
use crate::kernel::seal::Key;
use crate::kernel::time::Time;
use crate::record::payload::Payload;
use crate::store::Conn;
use crate::store::letters;
use crate::store::letters::Stay;
use crate::store::log;
use crate::store::patients;
use crate::store::plans;
use crate::store::plans::Sieve;
use crate::store::plans::Worklist;

/// The sheets that go with a stay.
const SHEETS: [&str; 2] = ["admission-sheet", "discharge-sheet"];

/// A stay that goes on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct StayView {
    /// The stay.
    pub id: LetterId,
    /// Where.
    pub hospital: OfficeId,
    /// The hospital's name.
    pub hospital_name: String,
    /// Ward and room.
    pub ward: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub admitted: Time,
    /// When discharge is planned.
    pub planned: Option<Time>,
}

/// A row of the board.
#[derive(Debug, Clone, serde::Serialize)]
pub struct BoardView {
    /// The patient.
    pub patient: PatientView,
    /// The stay.
    pub stay: StayView,
    /// The care manager of the team.
    pub manager: Option<PersonView>,
    /// The sheets of this stay so far.
    pub sheets: Vec<LetterRow>,
    /// Sheets that a pathway waits for: the form's code and the task.
    pub awaited: Vec<(String, TaskId)>,
}

/// The stay that the patient of a look is in now.
pub fn current(look: &mut Look<'_>) -> Result<Option<StayView>> {
    let Some(stay) = letters::open_stay(look.conn, &look.grant)? else { return Ok(None) };
    let (key, directory) = (look.key().clone(), look.directory()?);
    let words = words(look.conn, &key, &stay)?;
    open(&directory, &stay, words).map(Some)
}

/// The ward and the reason of the admission.
fn words(conn: &mut Conn, key: &Key, stay: &Stay) -> Result<(String, String)> {
    let row = log::by_seq(conn, stay.patient.log(), stay.seq)?;
    match crate::acts::open(key, &row)? {
        Payload::Admitted(admitted) => Ok((admitted.ward, admitted.reason)),
        _ => Ok((String::new(), String::new())),
    }
}

fn open(directory: &Directory, stay: &Stay, (ward, reason): (String, String)) -> Result<StayView> {
    let hospital_name = directory.office(stay.hospital)?.name.clone();
    Ok(StayView {
        id: stay.id,
        hospital: stay.hospital,
        hospital_name,
        ward,
        reason,
        admitted: stay.admitted_at,
        planned: stay.planned_at,
    })
}

/// Whoever of a hospital can join a team for a stay: nurses and social workers.
pub fn guests(reading: &mut Reading<'_>) -> Result<Vec<PersonView>> {
    let people = super::house::people(reading, None)?;
    let guest = |person: &PersonView| {
        person.active && matches!(person.profession, Profession::HospitalNurse | Profession::SocialWorker)
    };
    Ok(people.into_iter().filter(guest).collect())
}

/// Current stays in the reader's teams, the nearest discharge first.
pub fn board(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<BoardView>> {
    let scope = member.scope(reading.now)?;
    let stays = letters::stays(reading.conn, &scope)?;
    if stays.is_empty() {
        return Ok(Vec::new());
    }
    let directory = reading.directory()?;
    let cards = listed_open(reading, member)?;
    let sheets = in_teams(reading, member)?;
    let tasks = plans::worklist(reading.conn, &scope, Worklist::Teams, &Sieve::default())?;
    let mut rows = Vec::new();
    for stay in stays {
        let Some((card, key)) = cards.iter().find(|(card, _)| card.patient.id == stay.patient) else {
            continue;
        };
        let facts = patients::facts(reading.conn, stay.patient, Some(member.id))?;
        let grant = access::judge(&facts, Need::Read, reading.now)?;
        let words = key.as_ref().map(|key| words(reading.conn, key, &stay)).transpose();
        let words = words.unwrap_or_else(|cause| {
            tracing::error!(patient = %stay.patient, %cause, "an admission cannot be opened");
            None
        });
        let team = seats(reading.conn, &directory, &grant, reading.now)?;
        let of_stay = |sheet: &&LetterRow| {
            sheet.patient == stay.patient
                && SHEETS.contains(&sheet.form.as_str())
                && sheet.changed >= stay.admitted_at
        };
        let awaited = tasks.iter().filter(|task| task.patient == stay.patient).filter_map(|task| {
            let form = task.form.clone().filter(|form| SHEETS.contains(&form.as_str()))?;
            Some((form, task.id))
        });
        rows.push(BoardView {
            patient: card.patient.clone(),
            stay: open(&directory, &stay, words.unwrap_or_default())?,
            manager: team
                .into_iter()
                .find(|seat| seat.in_force && seat.person.profession == Profession::CareManager)
                .map(|seat| seat.person),
            sheets: sheets.iter().filter(of_stay).cloned().collect(),
            awaited: awaited.collect(),
        });
    }
    Ok(rows)
}
