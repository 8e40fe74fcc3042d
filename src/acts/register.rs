//! Verbs on the register: offices, invitations, people. An office's administrator looks after its own
//! staff, the region's administrator after all; neither gains any right to a patient by it.

use crate::acts::Act;
use crate::acts::live::News;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::InvitationId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::seal::Key;
use crate::kernel::time::Time;
use crate::record::Author;
use crate::record::cards::InvitationCard;
use crate::record::cards::OfficeCard;
use crate::record::cards::PersonCard;
use crate::record::payload::AccountState;
use crate::record::payload::InvitationEnded;
use crate::record::payload::Invited;
use crate::record::payload::OfficeKind;
use crate::record::payload::OfficeSet;
use crate::record::payload::PersonSet;
use crate::record::payload::PersonState;
use crate::record::payload::Rank;
use crate::store::Conn;
use crate::store::accounts;
use crate::store::accounts::Credential;
use crate::store::register;
use crate::texts;

/// How long an invitation works.
const INVITATION_DAYS: i64 = 14;
/// The longest name or line on a card.
const LINE_MAX: usize = 200;

/// Seals a card beside the register's log. What it is bound to: kind and id of its owner.
pub(crate) fn seal_card<T: serde::Serialize>(
    key: &Key,
    kind: &str,
    id: &uuid::Uuid,
    card: &T,
) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(card).map_err(|_| Error::fault("a card cannot be written"))?;
    key.seal(&about_card(kind, id), &plain)
}

/// Opens a card that [`seal_card`] sealed.
pub(crate) fn open_card<T: serde::de::DeserializeOwned>(
    key: &Key,
    kind: &str,
    id: &uuid::Uuid,
    sealed: &[u8],
) -> Result<T> {
    let plain = key.open(&about_card(kind, id), sealed)?;
    serde_json::from_slice(&plain).map_err(|_| Error::fault("a card has another shape"))
}

fn about_card(kind: &str, id: &uuid::Uuid) -> Vec<u8> {
    [b"renkei/card/1 ", kind.as_bytes(), b" ", id.as_bytes().as_slice()].concat()
}

/// Folds a sign-in name: width, case and spaces do not matter.
pub(crate) fn fold_sign_in(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfkc().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase()
}

impl Act<'_> {
    fn need_admin(&mut self, of: Option<OfficeId>) -> Result<()> {
        need_admin(self.conn, self.who.author, of)
    }
}

/// Whether an author may look after an office (or, for `None`, after the whole region).
pub(crate) fn need_admin(conn: &mut Conn, author: Author, of: Option<OfficeId>) -> Result<()> {
    let who = match author {
        Author::Operator => return Ok(()),
        Author::Person(who) => who,
        Author::Clock | Author::Link => return Err(Error::Missing),
    };
    let person = register::person(conn, who)?;
    if person.state != "active" {
        return Err(Error::SignedOut);
    }
    match (Rank::read(&person.rank), of) {
        (Some(Rank::RegionAdmin), _) => Ok(()),
        (Some(Rank::OfficeAdmin), Some(office)) if office == person.office => Ok(()),
        _ => Err(Error::Forbidden(Words::of(Text::admins_only))),
    }
}

/// Adds an office, or changes its card.
pub fn set_office(act: &mut Act<'_>, id: EntryId, set: OfficeSet) -> Result<OfficeId> {
    act.need_admin(None)?;
    let mut flaws = Vec::new();
    need_line(&mut flaws, "name", &set.card.name);
    for (field, line) in [("town", &set.card.town), ("tel", &set.card.tel), ("fax", &set.card.fax)] {
        bound_line(&mut flaws, field, line);
    }
    refuse(flaws)?;
    let office = set.office;
    act.enter(id, set)?;
    Ok(office)
}

/// An invitation as it is asked for.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// The entry's id.
    pub id: EntryId,
    /// The invitation's id.
    pub invitation: InvitationId,
    /// The secret in the link; only its look-up value is kept.
    pub code: String,
    /// To which office.
    pub office: OfficeId,
    /// As what.
    pub profession: Profession,
    /// With which rank.
    pub rank: Rank,
    /// Whom it is for.
    pub card: InvitationCard,
}

/// Invites someone to join an office.
pub fn invite(act: &mut Act<'_>, new: &NewInvitation) -> Result<InvitationId> {
    act.need_admin((new.rank != Rank::RegionAdmin).then_some(new.office))?;
    let mut flaws = Vec::new();
    need_line(&mut flaws, "name", &new.card.name);
    bound_line(&mut flaws, "kana", &new.card.kana);
    refuse(flaws)?;
    register::office(act.conn, new.office)?;
    let expires_at = act.now.plus_seconds(INVITATION_DAYS * 86_400);
    if act.stands(act.register(), new.id)?.is_some() {
        return Ok(new.invitation);
    }
    act.enter(
        new.id,
        Invited {
            invitation: new.invitation,
            office: new.office,
            profession: new.profession,
            rank: new.rank,
            expires_at,
            code: act.keys().look_up("invitation", &new.code),
            card: new.card.clone(),
        },
    )?;
    Ok(new.invitation)
}

/// Takes an invitation back.
pub fn end_invitation(act: &mut Act<'_>, id: EntryId, invitation: InvitationId) -> Result<()> {
    let row = register::invitation(act.conn, invitation)?;
    act.need_admin(Some(row.office))?;
    act.enter(id, InvitationEnded { invitation }).map(|_| ())
}

/// What an invited person fills in.
#[derive(Debug, Clone)]
pub struct Joining {
    /// The entry's id.
    pub id: EntryId,
    /// The new person's id.
    pub person: PersonId,
    /// The secret from the link.
    pub code: String,
    /// The card.
    pub card: PersonCard,
    /// The password's hash, made before the act.
    pub phc: String,
    /// The language's code.
    pub lang: String,
}

/// Joins by an invitation: the link is used up, the account begins.
pub fn join(act: &mut Act<'_>, new: &Joining) -> Result<PersonId> {
    let code = act.keys().look_up("invitation", &new.code);
    let invited = register::invitation_by_code(act.conn, &code)?.ok_or(Error::Missing)?;
    if act.stands(act.register(), new.id)?.is_some() {
        return Ok(new.person);
    }
    if invited.state != "open" || invited.expires_at <= act.now {
        return Err(Error::Missing);
    }
    let profession =
        invited.profession.parse().map_err(|()| Error::fault("an invitation of an unknown profession"))?;
    let rank = Rank::read(&invited.rank).ok_or_else(|| Error::fault("an invitation of an unknown rank"))?;
    let set = PersonSet {
        person: new.person,
        office: invited.office,
        profession,
        rank,
        card: new.card.clone(),
        invitation: Some(invited.id),
    };
    admit(act, new.id, &set, &new.phc, &new.lang)
}

/// Adds a person directly: the operator's door, and the demo's.
pub fn add_person(
    act: &mut Act<'_>,
    id: EntryId,
    set: &PersonSet,
    phc: &str,
    lang: &str,
) -> Result<PersonId> {
    act.need_admin(None)?;
    admit(act, id, set, phc, lang)
}

fn admit(act: &mut Act<'_>, id: EntryId, set: &PersonSet, phc: &str, lang: &str) -> Result<PersonId> {
    let mut flaws = Vec::new();
    need_line(&mut flaws, "name", &set.card.name);
    need_line(&mut flaws, "sign_in", &set.card.sign_in);
    bound_line(&mut flaws, "kana", &set.card.kana);
    bound_line(&mut flaws, "tel", &set.card.tel);
    refuse(flaws)?;
    let sign_in = act.keys().look_up("sign-in", &fold_sign_in(&set.card.sign_in));
    if register::person_by_sign_in(act.conn, &sign_in)?.is_some_and(|taken| taken.id != set.person) {
        return Err(Error::invalid("sign_in", Words::of(Text::sign_in_is_taken)));
    }
    if let crate::acts::Appended::Again(_) = act.enter(id, set.clone())? {
        return Ok(set.person);
    }
    let credential = Credential {
        person: set.person,
        phc: phc.to_owned(),
        lang: lang.to_owned(),
        large: false,
        changed_at: act.now,
    };
    accounts::set_password(act.conn, &credential)?;
    Ok(set.person)
}

/// Changes a person's rank.
pub fn set_rank(act: &mut Act<'_>, id: EntryId, person: PersonId, rank: Rank) -> Result<()> {
    act.need_admin(None)?;
    let row = register::person(act.conn, person)?;
    let key = act.register_key()?;
    let set = PersonSet {
        person,
        office: row.office,
        profession: row.profession.parse().map_err(|()| Error::fault("a person of an unknown profession"))?,
        rank,
        card: open_card(&key, "person", &person.0, &row.sealed)?,
        invitation: None,
    };
    act.enter(id, set)?;
    act.tell(News::Person(person));
    Ok(())
}

/// Suspends, restores or ends an account. Its sessions and tokens die at once; authorship stays.
pub fn set_account(
    act: &mut Act<'_>,
    id: EntryId,
    person: PersonId,
    state: AccountState,
    reason: &str,
) -> Result<()> {
    let row = register::person(act.conn, person)?;
    act.need_admin(Some(row.office))?;
    if act.who.author == Author::Person(person) && state != AccountState::Active {
        return Err(Error::Forbidden(Words::of(Text::not_oneself)));
    }
    let mut flaws = Vec::new();
    need_line(&mut flaws, "reason", reason);
    refuse(flaws)?;
    act.enter(id, PersonState { person, state, reason: reason.trim().to_owned() })?;
    if state != AccountState::Active {
        accounts::end_all(act.conn, person)?;
    }
    act.tell(News::Person(person));
    Ok(())
}

/// Adds a flaw unless the line says something of a sensible length.
pub(crate) fn need_line(flaws: &mut Vec<Flaw>, field: &str, line: &str) {
    if line.trim().is_empty() {
        flaws.push(Flaw { field: field.to_owned(), says: Words::of(Text::line_is_empty) });
    }
    bound_line(flaws, field, line);
}

/// Adds a flaw when the line is too long.
pub(crate) fn bound_line(flaws: &mut Vec<Flaw>, field: &str, line: &str) {
    if line.chars().count() > LINE_MAX {
        flaws.push(Flaw { field: field.to_owned(), says: Words::of(|t| t.line_is_long(LINE_MAX)) });
    }
}

/// Refuses when anything is wrong.
pub(crate) fn refuse(flaws: Vec<Flaw>) -> Result<()> {
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

/// The moment an invitation made now would end.
pub fn invitation_ends(now: Time) -> Time {
    now.plus_seconds(INVITATION_DAYS * 86_400)
}

/// An office's first row and card, for the command line and the demo.
pub fn new_office(kind: OfficeKind, card: OfficeCard) -> OfficeSet {
    OfficeSet { office: OfficeId::new(), kind, active: true, card }
}

texts! {
    admins_only {
        ja: "この操作は管理者だけができます。事業所の管理者か連携拠点に依頼してください。",
        en: "Only an administrator can do this. Please ask your office's administrator or the liaison office."
    }
    not_oneself {
        ja: "自分のアカウントは止められません。ほかの管理者に依頼してください。",
        en: "You cannot suspend your own account. Please ask another administrator."
    }
    sign_in_is_taken {
        ja: "このログイン名はすでに使われています。別の名前にしてください。",
        en: "This sign-in name is already taken. Please choose another."
    }
    line_is_empty { ja: "入力してください。", en: "Please fill this in." }
    line_is_long(max: usize) {
        ja: "{max}文字以内で入力してください。",
        en: "Please use at most {max} characters."
    }
}
