//! From an entry to its rows. Every appended entry is projected here, in the transaction that appended
//! it; rebuilding walks the log through the same function, so that the two cannot drift apart.

use crate::access;
use crate::access::Grant;
use crate::acts::letters::Course;
use crate::acts::letters::due;
use crate::acts::library::Library;
use crate::acts::looked;
use crate::acts::patients::look_ups;
use crate::acts::plans;
use crate::acts::register::fold_sign_in;
use crate::acts::register::seal_card;
use crate::form::answers::Answers;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::ChangeId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::seal::Key;
use crate::kernel::seal::Keys;
use crate::record::Header;
use crate::record::payload::AccountState;
use crate::record::payload::AskTo;
use crate::record::payload::Invited;
use crate::record::payload::Mark;
use crate::record::payload::Marked;
use crate::record::payload::Moved;
use crate::record::payload::OfficeSet;
use crate::record::payload::PatientSet;
use crate::record::payload::Payload;
use crate::record::payload::PersonSet;
use crate::record::payload::Post;
use crate::record::payload::Proposed;
use crate::record::payload::Seated;
use crate::record::payload::Signed;
use crate::store::Conn;
use crate::store::access_log;
use crate::store::held;
use crate::store::letters;
use crate::store::letters::Letter;
use crate::store::letters::Stay;
use crate::store::library;
use crate::store::log;
use crate::store::patients;
use crate::store::plans as plan_rows;
use crate::store::register;
use crate::store::thread;

/// What projecting needs beside the entry.
pub(crate) struct Means<'a> {
    /// The house's keys: look-up values follow from them.
    pub keys: &'a Keys,
    /// The published definitions: clocks and timers follow from them.
    pub library: &'a Library,
    /// The entry's log's own key.
    pub key: &'a Key,
    /// The plan before and after the entry, when the act that wrote it has them at hand.
    pub stepped: Option<&'a plans::Stepped>,
}

/// Brings the rows to what an entry says.
pub(crate) fn project(conn: &mut Conn, means: &Means<'_>, header: &Header, payload: &Payload) -> Result<()> {
    match payload {
        Payload::RegionStarted(_) | Payload::Called(_) => Ok(()),
        Payload::Published(published) => match published.change {
            Some(change) => end_change(conn, header, change, "published"),
            None => Ok(()),
        },
        Payload::Proposed(proposed) => change(conn, header, proposed),
        Payload::TurnedDown(end) => end_change(conn, header, end.change, "turned_down"),
        Payload::Marked(marked) => mark(conn, header, marked),
        Payload::OfficeSet(set) => office(conn, means, header, set),
        Payload::Invited(invited) => invitation(conn, means, header, invited),
        Payload::InvitationEnded(ended) => register::set_invitation_state(conn, ended.invitation, "ended"),
        Payload::PersonSet(set) => person(conn, means, header, set),
        Payload::PersonState(new) => register::set_person_state(conn, new.person, new.state.code()),
        Payload::Accesses(accesses) => {
            access_log::add(conn, &looked::rows(header.log, header.seq, &accesses.lines))
        }
        other => about_patient(conn, means, header, other),
    }
}

fn change(conn: &mut Conn, header: &Header, proposed: &Proposed) -> Result<()> {
    let row = library::Change {
        id: proposed.change,
        draft: proposed.draft,
        hash: proposed.hash.clone(),
        code: proposed.code.clone(),
        version: proposed.version.clone(),
        state: "open".to_owned(),
        proposer: author(header)?,
        proposed_at: header.at,
        decider: None,
        decided_at: None,
        decided_seq: None,
        seq: header.seq,
    };
    library::add_change(conn, &row)
}

fn end_change(conn: &mut Conn, header: &Header, change: ChangeId, state: &str) -> Result<()> {
    library::end_change(conn, change, state, header.author.person(), header.at, header.seq)
}

fn mark(conn: &mut Conn, header: &Header, marked: &Marked) -> Result<()> {
    let before = library::mark(conn, &marked.hash)?;
    let mut row = before.unwrap_or_else(|| library::Mark {
        hash: marked.hash.clone(),
        stopped: false,
        suspended: false,
        seq: header.seq,
    });
    match marked.mark {
        Mark::Stop => row.stopped = true,
        Mark::Allow => row.stopped = false,
        Mark::Suspend => row.suspended = true,
        Mark::Resume => row.suspended = false,
    }
    library::set_mark(conn, &library::Mark { seq: header.seq, ..row })
}

/// Rows about a patient are written under the log's own permission: the entry was judged when it was
/// appended.
fn about_patient(conn: &mut Conn, means: &Means<'_>, header: &Header, payload: &Payload) -> Result<()> {
    let grant = access::for_projection(PatientId(header.log.0));
    match payload {
        Payload::PatientSet(set) => patient(conn, means, &grant, header, set),
        // A frozen record has no timer; once it thaws, the clock looks what it missed.
        Payload::ConsentGiven(_) => {
            patients::set_consent(conn, &grant, "given")?;
            plan_rows::set_timer(conn, &grant, Some(header.at))
        }
        Payload::ConsentWithdrawn(_) => {
            patients::set_consent(conn, &grant, "withdrawn")?;
            plan_rows::set_timer(conn, &grant, None)
        }
        Payload::Seated(seated) => patients::set_seat(conn, &grant, &seat(&grant, header, seated)),
        Payload::Unseated(unseated) => patients::end_seat(conn, &grant, unseated.person, header.at),
        Payload::HandedOver(new) => held::pass_asks(conn, &grant, &new.asks, new.to, new.profession.code()),
        Payload::Post(new) => post(conn, &grant, header, new),
        Payload::Corrected(new) => thread::set_post(conn, &grant, new.post, header.seq, "shown"),
        Payload::Withdrawn(new) => {
            let current = thread::post(conn, &grant, new.post)?.current_seq;
            thread::set_post(conn, &grant, new.post, current, "withdrawn")?;
            thread::answer_asks(conn, &grant, new.post)
        }
        Payload::Acknowledged(new) => {
            let ack = thread::Ack {
                patient: grant.patient(),
                post: new.post,
                person: author(header)?,
                at: header.at,
            };
            thread::add_ack(conn, &grant, &ack)?;
            if new.settles { thread::answer_asks(conn, &grant, new.post) } else { Ok(()) }
        }
        Payload::Planned(planned) => plans::follow(conn, means, &grant, header.seq, planned),
        Payload::Signed(signed) => signed_letter(conn, means, &grant, header, signed),
        Payload::Moved(moved) => moved_letter(conn, means, &grant, header, moved),
        Payload::Admitted(admitted) => {
            let row = Stay {
                id: admitted.stay,
                patient: grant.patient(),
                hospital: admitted.hospital,
                admitted_at: admitted.at,
                planned_at: admitted.planned,
                discharged_at: None,
                seq: header.seq,
            };
            letters::set_stay(conn, &grant, &row)
        }
        Payload::StayPlanned(planned) => letters::plan_stay(conn, &grant, planned.stay, planned.at),
        Payload::Discharged(discharged) => letters::end_stay(conn, &grant, discharged.stay, discharged.at),
        _ => Err(Error::fault("an entry of the register stands in a patient's record")),
    }
}

fn author(header: &Header) -> Result<PersonId> {
    header.author.person().ok_or_else(|| Error::fault("an entry that people write has no person"))
}

fn office(conn: &mut Conn, means: &Means<'_>, header: &Header, set: &OfficeSet) -> Result<()> {
    let row = register::Office {
        id: set.office,
        kind: set.kind.code().to_owned(),
        active: set.active,
        seq: header.seq,
        sealed: seal_card(means.key, "office", &set.office.0, &set.card)?,
    };
    register::set_office(conn, &row)
}

fn invitation(conn: &mut Conn, means: &Means<'_>, header: &Header, invited: &Invited) -> Result<()> {
    let row = register::Invitation {
        id: invited.invitation,
        code: invited.code.clone(),
        office: invited.office,
        profession: invited.profession.code().to_owned(),
        rank: invited.rank.code().to_owned(),
        state: "open".to_owned(),
        expires_at: invited.expires_at,
        seq: header.seq,
        sealed: seal_card(means.key, "invitation", &invited.invitation.0, &invited.card)?,
    };
    register::add_invitation(conn, &row)
}

fn person(conn: &mut Conn, means: &Means<'_>, header: &Header, set: &PersonSet) -> Result<()> {
    let row = register::Person {
        id: set.person,
        office: set.office,
        profession: set.profession.code().to_owned(),
        rank: set.rank.code().to_owned(),
        state: AccountState::Active.code().to_owned(),
        sign_in: means.keys.look_up("sign-in", &fold_sign_in(&set.card.sign_in)),
        seq: header.seq,
        sealed: seal_card(means.key, "person", &set.person.0, &set.card)?,
    };
    register::set_person(conn, &row)?;
    match set.invitation {
        Some(invitation) => register::set_invitation_state(conn, invitation, "used"),
        None => Ok(()),
    }
}

fn patient(
    conn: &mut Conn,
    means: &Means<'_>,
    grant: &Grant,
    header: &Header,
    set: &PatientSet,
) -> Result<()> {
    let (twin, insured) = look_ups(means.keys, &set.card);
    let sealed = seal_card(means.key, "patient", &set.patient.0, &set.card)?;
    if header.seq > 1 {
        return patients::set_card(conn, grant, header.seq, &twin, insured.as_deref(), &sealed);
    }
    let row = patients::Patient {
        id: set.patient,
        number: set.number,
        state: "open".to_owned(),
        // A registration is followed by its consent in the same act; until then nobody reads.
        consent: "withdrawn".to_owned(),
        owner: set.owner,
        twin,
        insured,
        seq: header.seq,
        sealed,
    };
    patients::add(conn, &row)
}

fn seat(grant: &Grant, header: &Header, seated: &Seated) -> patients::Seat {
    patients::Seat {
        patient: grant.patient(),
        person: seated.person,
        role: seated.role.code().to_owned(),
        from_at: header.at,
        until_at: seated.until,
        ended_at: None,
        seq: header.seq,
    }
}

fn post(conn: &mut Conn, grant: &Grant, header: &Header, new: &Post) -> Result<()> {
    let (patient, author) = (grant.patient(), author(header)?);
    let row = thread::Post {
        patient,
        seq: header.seq,
        author,
        current_seq: header.seq,
        state: "shown".to_owned(),
        answers: new.answers,
    };
    thread::add_post(conn, grant, &row)?;
    if let Some(answers) = new.answers {
        thread::answer_asks(conn, grant, answers)?;
    }
    let Some(ask) = &new.ask else { return Ok(()) };
    let (to_person, to_profession) = match ask.to {
        AskTo::Person(person) => (Some(person), None),
        AskTo::Profession(profession) => (None, Some(profession.code().to_owned())),
    };
    let row = thread::Ask {
        id: ask.ask,
        patient,
        seq: header.seq,
        author: Some(author),
        to_person,
        to_profession,
        due_at: ask.due,
        state: "open".to_owned(),
        made_at: header.at,
    };
    thread::add_ask(conn, grant, &row)
}

/// A first signature stands in the workflow's first state until its move follows, in the same act.
fn signed_letter(
    conn: &mut Conn,
    means: &Means<'_>,
    grant: &Grant,
    header: &Header,
    signed: &Signed,
) -> Result<()> {
    let before = letters::of_patient(conn, grant, signed.letter)?;
    let row = match before {
        Some(old) => Letter {
            version: signed.version,
            signed_seq: header.seq,
            seq: header.seq,
            changed_at: header.at,
            ..old
        },
        None => {
            let form = means.library.form(&signed.form_hash).ok_or_else(unpublished)?;
            Letter {
                id: signed.letter,
                patient: grant.patient(),
                form: signed.form.clone(),
                form_hash: signed.form_hash.clone(),
                state: form.workflow.start.clone(),
                version: signed.version,
                author: author(header)?,
                from_office: signed.from_office,
                to_office: None,
                task: signed.task,
                about: signed.about,
                clock_at: None,
                signed_seq: header.seq,
                seq: header.seq,
                changed_at: header.at,
                spent: false,
            }
        }
    };
    letters::set(conn, grant, &row)
}

fn moved_letter(
    conn: &mut Conn,
    means: &Means<'_>,
    grant: &Grant,
    header: &Header,
    moved: &Moved,
) -> Result<()> {
    let row = letters::of_patient(conn, grant, moved.letter)?
        .ok_or_else(|| Error::fault("a letter moved that was never signed"))?;
    let form = means.library.form(&row.form_hash).ok_or_else(unpublished)?;
    let course = Course::read(conn, means.key, &row)?;
    let mut told: Answers = course.told;
    moved.fields.iter().for_each(|(path, value)| told.put(path.clone(), value.clone()));
    let clock_at = due(form, &moved.to, header.at, &course.answers, &told);
    let to_office = moved.to_office.or(row.to_office);
    let row = Letter {
        state: moved.to.clone(),
        to_office,
        clock_at,
        seq: header.seq,
        changed_at: header.at,
        ..row
    };
    letters::set(conn, grant, &row)
}

fn unpublished() -> Error {
    Error::fault("a letter's form is not published")
}

/// The rows that rebuilding empties first and fills again; passwords, sessions, drafts and marks are not
/// history and stay.
pub(crate) fn rebuild(conn: &mut Conn, keys: &Keys, library: &Library) -> Result<()> {
    crate::store::projections::empty(conn)?;
    let mut logs: Vec<_> = log::heads(conn)?;
    // The register first: records name offices and people.
    logs.sort_by_key(|(log, head)| (head.kind != log::LogKind::Register, *log));
    for (log_id, _) in logs {
        let key = crate::acts::log_key(conn, keys, log_id)?;
        let means = Means { keys, library, key: &key, stepped: None };
        let mut after = 0;
        loop {
            let rows = log::after(conn, log_id, after, 500)?;
            let Some(last) = rows.last() else { break };
            after = last.row.seq;
            for log::Linked { row, .. } in &rows {
                // A payload that was lawfully removed leaves no rows behind; what is left is rebuilt.
                if row.sealed.is_some() {
                    project(conn, &means, &row.header()?, &crate::acts::open(&key, row)?)?;
                }
            }
        }
    }
    Ok(())
}
