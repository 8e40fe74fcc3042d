//! Signing in and out, passwords, tokens and settings. None of it is history: it goes through the
//! second door. Passwords are hashed before the committer, at most two at a time.

use std::sync::Arc;
use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::PasswordHasher;
use argon2::password_hash::PasswordVerifier;
use tokio::sync::Semaphore;

use crate::access;
use crate::access::Scope;
use crate::acts::Directory;
use crate::acts::House;
use crate::acts::Look;
use crate::acts::live::News;
use crate::acts::register::fold_sign_in;
use crate::acts::register::seal_card;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::InvitationId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::id::SessionId;
use crate::kernel::id::TokenId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::seal::Keys;
use crate::kernel::seal::random;
use crate::kernel::time::Time;
use crate::record::cards::PersonCard;
use crate::record::payload::Rank;
use crate::store::Conn;
use crate::store::accounts;
use crate::store::accounts::Settings;
use crate::store::register;
use crate::texts;

/// The shortest password: long phrases instead of odd characters, and nothing beside it to prove who
/// one is.
pub const PASSWORD_MIN: usize = 15;
const PASSWORD_MAX: usize = 256;
/// A session ends after this long without use …
const IDLE_SECONDS: i64 = 12 * 3600;
/// … sooner on a shared computer …
const IDLE_SHARED_SECONDS: i64 = 900;
/// … and after this long in any case.
const SESSION_SECONDS: i64 = 7 * 86_400;
/// Failed tries that cost nothing; from then on each doubles the wait.
const FREE_FAILURES: i64 = 5;
const WAIT_MAX_SECONDS: i64 = 900;

/// Each hash holds a core for a while; two at a time leave room for everyone else.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Compared against for unknown names, so that they cost as much as known ones.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this password").unwrap_or_default());

/// Whoever is signed in, as every page and every act needs to know them.
#[derive(Debug, Clone)]
pub struct Member {
    /// The person.
    pub id: PersonId,
    /// The office.
    pub office: OfficeId,
    /// The office's name.
    pub office_name: String,
    /// The profession.
    pub profession: Profession,
    /// The rank.
    pub rank: Rank,
    /// The card.
    pub card: PersonCard,
    /// The language that the person chose.
    pub lang: Lang,
    /// Large type.
    pub large: bool,
    /// How the person came in.
    pub by: By,
}

/// How a person came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// A browser's session.
    Session(SessionId),
    /// A token of the JSON face, with what it may be used for.
    Token(TokenId, Vec<String>),
}

/// Whose computer someone signs in on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Computer {
    /// The person's own, or one behind a lock.
    Own,
    /// One that others use too.
    Shared,
}

impl Member {
    /// Permission to list what concerns this person.
    pub fn scope(&self, now: Time) -> Result<Scope> {
        access::scope(self.id, self.office, self.profession, true, now)
    }
}

fn hash_now(password: &str) -> Result<String> {
    // OWASP's minimum for argon2id (19 MiB, two passes) is this crate's default.
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|_| Error::fault("a password could not be hashed"))
}

fn matches(password: &str, phc: &str) -> bool {
    argon2::PasswordHash::new(phc)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Hashes a password that is long enough. Runs aside from the committer.
pub async fn hash(password: String) -> Result<String> {
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        return Err(Error::invalid("password", Words::of(|t| t.password_is_short(PASSWORD_MIN))));
    }
    if length > PASSWORD_MAX {
        return Err(Error::invalid("password", Words::of(|t| t.line_is_long(PASSWORD_MAX))));
    }
    aside(move || hash_now(&password)).await?
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _one_of_two = HASHING.acquire().await.map_err(|_| Error::Busy)?;
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::fault("hashing was stopped"))
}

/// A fresh secret for a cookie, a token or a link: 32 random bytes, base64url.
pub fn secret() -> Result<String> {
    Ok(data_encoding::BASE64URL_NOPAD.encode(&random::<32>()?))
}

/// The secret in an invitation's link: it follows from the invitation and the house's keys, and only
/// its look-up value is kept.
pub fn invitation_code(keys: &Keys, invitation: InvitationId) -> String {
    data_encoding::BASE64URL_NOPAD.encode(&keys.look_up("invitation code", &invitation.to_string()))
}

impl House {
    /// Signs in with name and password: the cookie's secret. The same answer, in the same time, for an
    /// unknown name and a wrong password.
    pub async fn sign_in(&self, name: &str, password: String, on: Computer) -> Result<String> {
        let target = self.keys().look_up("sign-in", &fold_sign_in(name));
        self.count_try(target.clone(), "password").await?;
        let look_up = target.clone();
        let (person, phc) = self
            .read(move |reading| {
                let person = register::person_by_sign_in(reading.conn, &look_up)?;
                let phc = match &person {
                    Some(person) => {
                        accounts::credential(reading.conn, person.id)?.map(|credential| credential.phc)
                    }
                    None => None,
                };
                Ok((person.filter(|person| person.state == "active"), phc))
            })
            .await?;
        let right =
            aside(move || matches(&password, phc.as_ref().unwrap_or(&NOBODY)) && phc.is_some()).await?;
        match person {
            Some(person) if right => {
                self.jot(move |conn, _| accounts::forget_failures(conn, &target)).await?;
                self.begin_session(person.id, on).await
            }
            _ => Err(Error::invalid("password", Words::of(Text::sign_in_failed))),
        }
    }

    /// Counts a try before it is judged, so that tries side by side cannot slip through together;
    /// refuses while earlier ones must be waited for.
    async fn count_try(&self, target: Vec<u8>, field: &'static str) -> Result<()> {
        self.jot(move |conn, now| {
            let (failures, wait_until) = accounts::attempts(conn, &target)?;
            if wait_until > now {
                return Err(Error::invalid(field, Words::of(Text::sign_in_must_wait)));
            }
            let doublings = u32::try_from((failures + 1 - FREE_FAILURES).clamp(0, 16)).unwrap_or(0);
            let wait = if doublings == 0 { 0 } else { (5 * 2_i64.pow(doublings - 1)).min(WAIT_MAX_SECONDS) };
            accounts::count_failure(conn, &target, failures + 1, now.plus_seconds(wait))
        })
        .await
    }

    /// Begins a session for a person who has proved to be the one.
    pub async fn begin_session(&self, person: PersonId, on: Computer) -> Result<String> {
        let secret = secret()?;
        let mac = self.keys().look_up("session", &secret);
        let id = SessionId::new();
        self.jot(move |conn, now| {
            let row = accounts::Session {
                id,
                mac: mac.clone(),
                person,
                made_at: now,
                seen_at: now,
                idle_seconds: match on {
                    Computer::Own => IDLE_SECONDS,
                    Computer::Shared => IDLE_SHARED_SECONDS,
                },
                ends_at: now.plus_seconds(SESSION_SECONDS),
            };
            accounts::add_session(conn, &row)
        })
        .await?;
        Ok(secret)
    }

    /// Whoever a cookie's secret belongs to, if the session and the account still stand. `used` says
    /// that a person did something: what a page does by itself must not keep a session awake.
    pub async fn member_of_session(&self, secret: &str, used: bool) -> Result<Member> {
        let (asking, mac) = (self.clone(), self.keys().look_up("session", secret));
        let (session, settings, seq) = self.read_row(move |conn| asking.session(conn, &mac)).await?;
        let directory = self.directory_since(seq).await?;
        let member = member(&directory, session.person, settings, By::Session(session.id))?;
        self.touch(&session, used).await?;
        Ok(member)
    }

    /// The same together with a look at a record: one way to the database instead of two.
    pub async fn look_of_session<T: Send + 'static>(
        &self,
        (secret, used): (&str, bool),
        patient: PatientId,
        what: &'static str,
        read: impl FnOnce(&mut Look<'_>, &Member) -> Result<T> + Send + 'static,
    ) -> Result<(Member, T)> {
        let mac = self.keys().look_up("session", secret);
        let looked = self.read(move |reading| {
            let (session, settings, seq) = reading.house.session(reading.conn, &mac)?;
            let directory = reading.house.directory_at(reading.conn, seq)?;
            let member = member(&directory, session.person, settings, By::Session(session.id))?;
            let seen = reading.look(member.id, patient, |look| read(look, &member));
            Ok((session, member, seen))
        });
        let (session, member, seen) = looked.await?;
        self.note_look(patient, member.id, what, &seen);
        self.touch(&session, used).await?;
        Ok((member, seen?))
    }

    /// The session that stands under a secret's look-up value, with its person's settings and the register's
    /// newest entry.
    fn session(&self, conn: &mut Conn, mac: &[u8]) -> Result<(accounts::Session, Settings, i64)> {
        let now = self.now();
        accounts::session(conn, mac, self.register(), now)?
            .filter(|(session, ..)| session.seen_at.plus_seconds(session.idle_seconds) > now)
            .ok_or(Error::SignedOut)
    }

    /// Keeps a session awake that somebody uses.
    async fn touch(&self, session: &accounts::Session, used: bool) -> Result<()> {
        let id = session.id;
        if used && session.seen_at.plus_seconds(60) < self.now() {
            super::beside_reading(self.jot(move |conn, now| accounts::touch_session(conn, id, now)).await)?;
        }
        Ok(())
    }

    /// Whoever a token's secret belongs to.
    pub async fn member_of_token(&self, secret: &str) -> Result<Member> {
        let mac = self.keys().look_up("token", secret);
        let (register, now) = (self.register(), self.now());
        let (token, settings, seq) = self
            .read_row(move |conn| accounts::token(conn, &mac, register, now))
            .await?
            .ok_or(Error::SignedOut)?;
        let scopes = token.scopes.split_whitespace().map(str::to_owned).collect();
        let directory = self.directory_since(seq).await?;
        member(&directory, token.person, settings, By::Token(token.id, scopes))
    }

    /// Everyone, as of this entry of the register or a later one.
    async fn directory_since(&self, seq: i64) -> Result<Arc<Directory>> {
        match self.kept_directory(seq) {
            Some(kept) => Ok(kept),
            None => self.read(|reading| reading.directory()).await,
        }
    }

    /// Ends one of a person's sessions.
    pub async fn end_session(&self, who: PersonId, id: SessionId) -> Result<()> {
        self.jot(move |conn, _| accounts::end_session(conn, who, id)).await?;
        self.live().tell([News::Person(who)]);
        Ok(())
    }

    /// Sets a new password after the old one was proved; every other session and token ends.
    pub async fn change_password(&self, who: PersonId, old: String, new: String) -> Result<()> {
        let phc = self
            .read(
                move |reading| Ok(accounts::credential(reading.conn, who)?.map(|credential| credential.phc)),
            )
            .await?
            .ok_or(Error::SignedOut)?;
        let target = self.keys().look_up("old-password", &who.to_string());
        self.count_try(target.clone(), "old").await?;
        if !aside(move || matches(&old, &phc)).await? {
            return Err(Error::invalid("old", Words::of(Text::old_password_is_wrong)));
        }
        self.jot(move |conn, _| accounts::forget_failures(conn, &target)).await?;
        self.set_password(who, hash(new).await?).await
    }

    /// Keeps a new password's hash and ends every session and token.
    pub async fn set_password(&self, who: PersonId, phc: String) -> Result<()> {
        self.jot(move |conn, now| {
            let lang = accounts::credential(conn, who)?.map_or_else(|| "ja".to_owned(), |old| old.lang);
            let new =
                accounts::Credential { person: who, phc: phc.clone(), lang, large: false, changed_at: now };
            accounts::set_password(conn, &new)?;
            accounts::end_all(conn, who)
        })
        .await?;
        self.live().tell([News::Person(who)]);
        Ok(())
    }

    /// Keeps language and type size.
    pub async fn set_settings(&self, who: PersonId, lang: Lang, large: bool) -> Result<()> {
        self.jot(move |conn, _| accounts::set_settings(conn, who, lang.code(), large)).await
    }

    /// Makes a token for the JSON face; the secret is shown once.
    pub async fn add_token(
        &self,
        who: PersonId,
        name: &str,
        scopes: &[&str],
        days: i64,
    ) -> Result<(TokenId, String)> {
        if name.trim().is_empty() {
            return Err(Error::invalid("name", Words::of(Text::line_is_empty)));
        }
        if scopes.is_empty() || scopes.iter().any(|scope| !TOKEN_SCOPES.contains(scope)) {
            return Err(Error::invalid("scopes", Words::of(Text::scopes_are_wrong)));
        }
        let secret = secret()?;
        let (id, mac) = (TokenId::new(), self.keys().look_up("token", &secret));
        let (name, scopes, days) = (name.trim().to_owned(), scopes.join(" "), days.clamp(1, 365));
        let (keys, register) = (self.keys().clone(), self.register());
        self.jot(move |conn, now| {
            let key = super::log_key(conn, &keys, register)?;
            let row = accounts::Token {
                id,
                mac: mac.clone(),
                person: who,
                scopes: scopes.clone(),
                made_at: now,
                ends_at: now.plus_seconds(days * 86_400),
                sealed: seal_card(&key, "token", &id.0, &name)?,
            };
            accounts::add_token(conn, &row)
        })
        .await?;
        Ok((id, secret))
    }

    /// Ends one of a person's tokens.
    pub async fn end_token(&self, who: PersonId, id: TokenId) -> Result<()> {
        self.jot(move |conn, _| accounts::end_token(conn, who, id)).await
    }
}

/// Someone whose account is active, as the register knows them.
fn member(directory: &Directory, id: PersonId, settings: Settings, by: By) -> Result<Member> {
    let found = directory.listed(id).filter(|found| found.view.active).ok_or(Error::SignedOut)?;
    let (lang, large) = settings.unwrap_or_default();
    Ok(Member {
        id,
        office: found.view.office,
        office_name: found.view.office_name.clone(),
        profession: found.view.profession,
        rank: found.rank,
        card: found.card.clone(),
        lang: Lang::from_code(&lang).unwrap_or_default(),
        large,
        by,
    })
}

/// What a token may be used for.
pub const TOKEN_SCOPES: &[&str] = &["read", "write"];

texts! {
    sign_in_failed {
        ja: "ログイン名かパスワードが違います。もう一度入力してください。",
        en: "The sign-in name or the password is not right. Please try again."
    }
    sign_in_must_wait {
        ja: "続けて間違えたため、しばらくログインできません。少し待ってからもう一度お試しください。",
        en: "There were several wrong tries. Please wait a little before you try again."
    }
    old_password_is_wrong { ja: "今のパスワードが違います。", en: "The present password is not right." }
    password_is_short(min: usize) {
        ja: "パスワードは{min}文字以上にしてください。覚えやすい文でもかまいません。",
        en: "Please use at least {min} characters. A sentence that you remember is fine."
    }
    scopes_are_wrong { ja: "使いみちを選んでください。", en: "Please choose what it may be used for." }
}
