//! Who may do what to a patient's record: one pure table, and the two tickets it yields. A [`Grant`]
//! opens one patient, a [`Scope`] lists several; both are made here and nowhere else, so that an
//! unscoped lookup does not compile.

use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::LetterId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::record::Audience;
use crate::record::payload::SeatRole;
use crate::texts;

pub mod library;

/// What someone wants to do with a patient's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Need {
    /// See it.
    Read,
    /// Post, correct and withdraw own posts, acknowledge, log a call.
    Post,
    /// Fill, sign and send forms; record observations.
    Write,
    /// Start, stop and decide pathways; claim, do and skip tasks.
    Plan,
    /// Seat and unseat people.
    Team,
    /// Change the card; record consent and its withdrawal.
    Card,
    /// Record admission and discharge.
    Stay,
    /// Give consent again to a frozen record.
    Reconsent,
    /// The house's own clock: let due timers fire.
    Tick,
}

impl Need {
    /// All of them: the tests walk the whole table.
    pub const ALL: &[Self] = &[
        Self::Read,
        Self::Post,
        Self::Write,
        Self::Plan,
        Self::Team,
        Self::Card,
        Self::Stay,
        Self::Reconsent,
        Self::Tick,
    ];
}

/// How a person stands to a patient at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A seat in the team.
    Member(SeatRole),
    /// A seat with an end date: a hospital nurse during a stay.
    Guest,
    /// The house's clock.
    Clock,
    /// No seat, a seat that ended, an account that is not active.
    Nobody,
}

/// The state of consent on the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentState {
    /// Given and in force.
    Given,
    /// Withdrawn: the record is frozen.
    Withdrawn,
}

/// What the database knows about a person and a patient, loaded inside the transaction that uses it.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The patient.
    pub patient: PatientId,
    /// The person; `None` for the clock.
    pub person: Option<PersonId>,
    /// The person's office.
    pub office: Option<OfficeId>,
    /// The person's profession.
    pub profession: Option<Profession>,
    /// Whether the account is active.
    pub active: bool,
    /// The seat, ended or not.
    pub seat: Option<Seat>,
    /// The record's consent.
    pub consent: ConsentState,
    /// Whether the record takes new entries.
    pub open: bool,
    /// The record's key, wrapped.
    pub wrapped: Vec<u8>,
}

/// A seat as it stands in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// The role in the team.
    pub role: SeatRole,
    /// The end date of a temporary seat.
    pub until: Option<Time>,
    /// When it was ended.
    pub ended: Option<Time>,
}

impl Facts {
    /// How the person stands to the patient now.
    pub fn standing(&self, now: Time) -> Standing {
        let Some(_) = self.person else { return Standing::Clock };
        match self.seat {
            _ if !self.active => Standing::Nobody,
            Some(seat) if seat.ended.is_some() => Standing::Nobody,
            Some(Seat { until: Some(until), .. }) if until <= now => Standing::Nobody,
            Some(Seat { until: Some(_), .. }) => Standing::Guest,
            Some(seat) => Standing::Member(seat.role),
            None => Standing::Nobody,
        }
    }
}

/// Permission for one person to do one kind of thing with one patient's record, now.
#[derive(Debug, Clone)]
pub struct Grant {
    patient: PatientId,
    person: Option<PersonId>,
    office: Option<OfficeId>,
    profession: Option<Profession>,
    standing: Standing,
    wrapped: Vec<u8>,
}

impl Grant {
    /// Whose record.
    pub fn patient(&self) -> PatientId {
        self.patient
    }

    /// Who; `None` for the clock.
    pub fn person(&self) -> Option<PersonId> {
        self.person
    }

    /// The person's office.
    pub fn office(&self) -> Option<OfficeId> {
        self.office
    }

    /// The person's profession.
    pub fn profession(&self) -> Option<Profession> {
        self.profession
    }

    /// How the person stands to the patient.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// The record's key, wrapped under the region's.
    pub fn wrapped_key(&self) -> &[u8] {
        &self.wrapped
    }

    /// Whether this reader may see an entry for that audience.
    pub fn sees(&self, audience: Audience) -> bool {
        match audience {
            Audience::Team => true,
            Audience::Staff => !is_lay(self.profession),
        }
    }

    /// Whether the table would allow something more than what this grant was asked for.
    pub fn also(&self, need: Need) -> bool {
        allows(self.standing, self.profession, need).is_ok()
    }
}

/// The table: what a standing and a profession may do. `Err` says why not.
fn allows(standing: Standing, profession: Option<Profession>, need: Need) -> std::result::Result<(), Words> {
    let lay = is_lay(profession);
    match (standing, need) {
        (Standing::Clock, Need::Tick) | (Standing::Member(_) | Standing::Guest, Need::Read | Need::Post) => {
            Ok(())
        }
        (Standing::Member(_) | Standing::Guest, Need::Write | Need::Plan | Need::Stay) if !lay => Ok(()),
        (Standing::Member(_), Need::Team | Need::Card | Need::Reconsent) if !lay => Ok(()),
        (Standing::Guest, Need::Team | Need::Card | Need::Reconsent) => Err(Words::of(Text::guests_may_not)),
        (Standing::Member(_) | Standing::Guest, Need::Tick) => Err(Words::of(Text::clock_only)),
        (Standing::Member(_) | Standing::Guest, _) => Err(Words::of(Text::professionals_only)),
        (Standing::Clock | Standing::Nobody, _) => Err(Words::of(Text::clock_only)),
    }
}

fn is_lay(profession: Option<Profession>) -> bool {
    matches!(profession, Some(Profession::Family | Profession::Patient))
}

/// Judges: a grant, or "missing" to whoever may not know of the patient, or "forbidden" with the reason
/// to a member of the team.
pub fn judge(facts: &Facts, need: Need, now: Time) -> Result<Grant> {
    let standing = facts.standing(now);
    if standing == Standing::Nobody {
        return Err(Error::Missing);
    }
    // A withdrawn consent freezes the record at once, for everyone and for the clock; a member may
    // record that consent was given again.
    match (facts.consent, need) {
        (ConsentState::Withdrawn, Need::Reconsent) | (ConsentState::Given, _) => {}
        (ConsentState::Withdrawn, _) => return Err(Error::Missing),
    }
    if !facts.open && need != Need::Read {
        return Err(Error::Forbidden(Words::of(Text::record_is_closed)));
    }
    allows(standing, facts.profession, need).map_err(Error::Forbidden)?;
    Ok(Grant {
        patient: facts.patient,
        person: facts.person,
        office: facts.office,
        profession: facts.profession,
        standing,
        wrapped: facts.wrapped.clone(),
    })
}

/// Permission to hand over what someone held in a record who left: judged by what is known of that person,
/// for whoever administers their office. It lets the consequences happen in that name and allows nothing
/// else; the record stays as closed to the administrator as it was.
pub fn judge_handing_over(left: &Facts, by: PersonId, profession: Profession) -> Result<Grant> {
    if left.consent == ConsentState::Withdrawn || !left.open {
        return Err(Error::Missing);
    }
    if left.active {
        return Err(Error::Forbidden(Words::of(Text::still_active)));
    }
    Ok(Grant {
        patient: left.patient,
        person: Some(by),
        office: None,
        profession: Some(profession),
        standing: Standing::Clock,
        wrapped: left.wrapped.clone(),
    })
}

/// The log's own permission: an entry was judged when it was appended, and its rows follow from it. Only
/// projecting uses this; it opens nothing and reads nobody.
pub(crate) fn for_projection(patient: PatientId) -> Grant {
    Grant {
        patient,
        person: None,
        office: None,
        profession: None,
        standing: Standing::Clock,
        wrapped: Vec::new(),
    }
}

/// Permission to list what concerns one person's own patients and office.
#[derive(Debug, Clone)]
pub struct Scope {
    person: PersonId,
    office: OfficeId,
    profession: Profession,
    now: Time,
}

impl Scope {
    /// Whose.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// The person's office.
    pub fn office(&self) -> OfficeId {
        self.office
    }

    /// The person's profession.
    pub fn profession(&self) -> Profession {
        self.profession
    }

    /// Which entries this reader may see, by the codes of their audiences.
    pub fn audiences(&self) -> [&'static str; 2] {
        const TEAM: &str = Audience::Team.code();
        [TEAM, if is_lay(Some(self.profession)) { TEAM } else { Audience::Staff.code() }]
    }

    /// The moment the lists are for: temporary seats end by it.
    pub fn now(&self) -> Time {
        self.now
    }
}

/// The scope of an active account. Rank plays no part: administrators see no patients by rank.
pub fn scope(
    person: PersonId,
    office: OfficeId,
    profession: Profession,
    active: bool,
    now: Time,
) -> Result<Scope> {
    if !active {
        return Err(Error::SignedOut);
    }
    Ok(Scope { person, office, profession, now })
}

/// Permission to read and answer one form that was sent to one's office, without a seat in the team.
#[derive(Debug, Clone)]
pub struct LetterGrant {
    letter: LetterId,
    patient: PatientId,
    wrapped: Vec<u8>,
    side: Side,
    seated: bool,
}

/// On which side of a form someone stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// In the team that sent it.
    Sender,
    /// In the office that it was sent to.
    Receiver,
}

/// What the database knows about a form and a person.
#[derive(Debug, Clone)]
pub struct LetterFacts {
    /// The form.
    pub letter: LetterId,
    /// The office it was sent to, once it was sent.
    pub to_office: Option<OfficeId>,
    /// The office that sent it.
    pub from_office: OfficeId,
}

impl LetterGrant {
    /// Which form.
    pub fn letter(&self) -> LetterId {
        self.letter
    }

    /// Whose record it stands in.
    pub fn patient(&self) -> PatientId {
        self.patient
    }

    /// The record's key, wrapped.
    pub fn wrapped_key(&self) -> &[u8] {
        &self.wrapped
    }

    /// On which side the person stands.
    pub fn side(&self) -> Side {
        self.side
    }

    /// Whether the person sits in the patient's team: anyone else sees this form and nothing around it.
    pub fn seated(&self) -> bool {
        self.seated
    }
}

/// Judges access to one form: the team by its seats, the receiving office by the form's address.
/// A receiver from outside the team sees that form and nothing else of the record. Patients and families
/// receive no forms, wherever their accounts belong.
pub fn judge_letter(letter: &LetterFacts, facts: &Facts, need: Need, now: Time) -> Result<LetterGrant> {
    let addressed = facts.office.is_some() && facts.office == letter.to_office;
    let receiver = facts.active && addressed;
    let grant = |side, seated| LetterGrant {
        letter: letter.letter,
        patient: facts.patient,
        wrapped: facts.wrapped.clone(),
        side,
        seated,
    };
    // Forms are what professionals write to each other; the thread hides them from the family too. Not even
    // "you may not" says that there is one.
    if is_lay(facts.profession) {
        return Err(Error::Missing);
    }
    match judge(facts, need, now) {
        Ok(_) if receiver && facts.office != Some(letter.from_office) => Ok(grant(Side::Receiver, true)),
        Ok(_) => Ok(grant(Side::Sender, true)),
        Err(_) if receiver && facts.consent == ConsentState::Given => Ok(grant(Side::Receiver, false)),
        Err(why) => Err(why),
    }
}

texts! {
    still_active {
        ja: "この人のアカウントは使えるままです。先に「停止」か「退職」にしてください。",
        en: "This person's account is still active. Please suspend or end it first."
    }
    guests_may_not {
        ja: "期限つきで参加している人は、この操作ができません。チームの職員に依頼してください。",
        en: "A temporary member of the team cannot do this. Please ask a regular member."
    }
    professionals_only {
        ja: "この操作は専門職だけができます。",
        en: "Only professionals of the team can do this."
    }
    clock_only {
        ja: "この操作はできません。",
        en: "This cannot be done by a person."
    }
    record_is_closed {
        ja: "この記録は閉じられています。読むことはできますが、書き加えられません。",
        en: "This record is closed. It can be read, but nothing can be added."
    }
}

#[cfg(test)]
mod tests;
