//! Lives the script: every deed goes through the house's own verbs, at its own past moment, by the
//! hand that did it. Ids are derived from the moment and the place in the script.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use futures_util::future::try_join_all;
use uuid::Uuid;

use crate::acts::House;
use crate::acts::Who;
use crate::acts::accounts;
use crate::acts::patients;
use crate::acts::patients::Registration;
use crate::acts::register;
use crate::acts::threads;
use crate::acts::threads::NewPost;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::AskId;
use crate::kernel::id::EntryId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Lang;
use crate::kernel::seal::sha256;
use crate::kernel::time::Time;
use crate::ops::demo::script;
use crate::ops::demo::script::Allergies;
use crate::ops::demo::script::Deed;
use crate::ops::demo::script::Event;
use crate::ops::demo::script::Script;
use crate::ops::demo::script::Story;
use crate::record::Audience;
use crate::record::Author;
use crate::record::cards;
use crate::record::cards::OfficeCard;
use crate::record::cards::PatientCard;
use crate::record::cards::PersonCard;
use crate::record::payload;
use crate::record::payload::AskTo;
use crate::record::payload::Called;
use crate::record::payload::OfficeSet;
use crate::record::payload::PersonSet;
use crate::record::payload::PostAsk;
use crate::record::payload::Rank;
use crate::record::payload::SeatRole;
use crate::record::payload::Seated;

/// How long before now the region began: before the first story does.
pub(super) const BEGINNING_DAYS: i64 = 90;
/// What the team has seen of a thread unless the script says more: everything older than this …
const OPENED_SECONDS: i64 = 2 * 86_400;
/// … and on its screens, everything older than this.
const REACHED_SECONDS: i64 = 3 * 3600;
const MINUTE: i64 = 60;

/// An id from its moment and its place in the script, in the shape of UUID version 7.
fn id(at: Time, place: &str) -> Uuid {
    let [a, b, c, d, e, f, g, h, i, j, ..] = sha256(&[b"renkei/demo/1", place.as_bytes()]);
    let millis = u64::try_from(at.0 / 1_000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &[a, b, c, d, e, f, g, h, i, j]).into_uuid()
}

/// The script on its stage: who and what its words stand for.
pub(super) struct Stage<'a> {
    house: &'a House,
    script: &'a Script,
    now: Time,
    began: Time,
    offices: BTreeMap<&'a str, OfficeId>,
    people: BTreeMap<&'a str, PersonId>,
}

impl<'a> Stage<'a> {
    /// Sets the stage; nothing is written yet.
    pub(super) fn new(house: &'a House, script: &'a Script, now: Time) -> Self {
        let began = now.plus_seconds(-BEGINNING_DAYS * 86_400);
        let office = |key: &str| OfficeId(id(began, &format!("office {key}")));
        let person = |key: &str| PersonId(id(began, &format!("person {key}")));
        let offices = script.region.offices.iter().map(|o| (o.key.as_str(), office(&o.key))).collect();
        let people = script.region.people.iter().map(|p| (p.key.as_str(), person(&p.key))).collect();
        Self { house, script, now, began, offices, people }
    }

    /// Lives the whole script: the region first, then all stories side by side.
    pub(super) async fn play(&self) -> Result<()> {
        self.open_offices().await?;
        self.hire_people().await?;
        let mut stories: Vec<(usize, &Story)> = self.script.stories.iter().enumerate().collect();
        // Record numbers follow the day of registration.
        stories.sort_by_key(|(_, story)| story.registered.at.seen_from(self.now));
        let mut acts = Vec::with_capacity(stories.len());
        for (_, story) in stories {
            let mut teller = Teller::new(self, story);
            teller.register().await?;
            acts.push(teller);
        }
        try_join_all(acts.into_iter().map(Teller::tell)).await?;
        self.house.flush_accesses().await
    }

    fn office(&self, key: &str) -> Result<OfficeId> {
        self.offices.get(key).copied().ok_or_else(|| unknown("office", key))
    }

    fn person(&self, key: &str) -> Result<PersonId> {
        self.people.get(key).copied().ok_or_else(|| unknown("person", key))
    }

    /// A person's name with the profession; whoever has no account is named as the script names them.
    fn called(&self, key: &str) -> String {
        let known = self.script.region.people.iter().find(|person| person.key == key);
        known.map_or_else(
            || key.to_owned(),
            |person| format!("{}（{}）", person.name, person.profession.name().say(Lang::Ja)),
        )
    }

    async fn open_offices(&self) -> Result<()> {
        for office in &self.script.region.offices {
            let town = self.script.region.towns.iter().find(|town| office.address.starts_with(town.as_str()));
            let set = OfficeSet {
                office: self.office(&office.key)?,
                kind: office.kind,
                active: true,
                card: OfficeCard {
                    name: office.name.clone(),
                    town: town.cloned().unwrap_or_default(),
                    tel: office.phone.clone(),
                    fax: office.fax.clone(),
                },
            };
            let entry = EntryId(id(self.began, &format!("office entry {}", office.key)));
            self.house
                .at(self.began)
                .perform(Who::other(Author::Operator), vec![self.house.register()], move |act| {
                    register::set_office(act, entry, set.clone())
                })
                .await?;
        }
        Ok(())
    }

    /// Everyone gets an account with a password that nobody knows: the demo's door needs none.
    async fn hire_people(&self) -> Result<()> {
        let phc = accounts::hash(accounts::secret()?).await?;
        for person in &self.script.region.people {
            let town_office = person.office == "town";
            let set = PersonSet {
                person: self.person(&person.key)?,
                office: self.office(&person.office)?,
                profession: person.profession,
                rank: match (person.admin, town_office) {
                    (true, true) => Rank::RegionAdmin,
                    (true, false) => Rank::OfficeAdmin,
                    (false, _) => Rank::Member,
                },
                card: PersonCard {
                    name: person.name.clone(),
                    kana: person.kana.clone(),
                    sign_in: person.key.clone(),
                    tel: String::new(),
                },
                invitation: None,
            };
            let (entry, phc) =
                (EntryId(id(self.began, &format!("person entry {}", person.key))), phc.clone());
            self.house
                .at(self.began)
                .perform(Who::other(Author::Operator), vec![self.house.register()], move |act| {
                    register::add_person(act, entry, &set, &phc, Lang::Ja.code())
                })
                .await?;
        }
        Ok(())
    }
}

fn unknown(what: &str, key: &str) -> Error {
    Error::fault(format!("the demo's script names an unknown {what}: {key}"))
}

/// One story being told.
struct Teller<'a> {
    stage: &'a Stage<'a>,
    story: &'a Story,
    patient: PatientId,
    /// The moment reached so far.
    at: Time,
    /// Posts that later events speak of.
    posts: BTreeMap<&'a str, i64>,
    /// Every post with its moment, for the read marks.
    told: Vec<(Time, i64)>,
    /// Who opened the record on which day.
    opened: BTreeSet<(PersonId, jiff::civil::Date)>,
}

impl<'a> Teller<'a> {
    fn new(stage: &'a Stage<'a>, story: &'a Story) -> Self {
        let at = story.registered.at.seen_from(stage.now);
        let patient = PatientId(id(at, &format!("patient {}", story.patient.key)));
        let (posts, told, opened) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
        Self { stage, story, patient, at, posts, told, opened }
    }

    /// Opens the record on its consent, and seats the team.
    async fn register(&mut self) -> Result<()> {
        let story = self.story;
        let by = self.stage.person(&story.registered.by)?;
        let new = Registration {
            id: self.entry("registered"),
            patient: self.patient,
            card: self.card()?,
            consent: self.consent(),
        };
        let logs = vec![self.patient.log(), self.stage.house.register()];
        let house = self.stage.house.at(self.at);
        house.perform(Who::person(by), logs, move |act| patients::register(act, &new)).await?;
        for seat in &story.team {
            let starts_plain = seat.seat == SeatRole::Member && seat.until.is_none();
            if seat.person != story.registered.by || !starts_plain {
                self.seat(by, seat, &format!("team {}", seat.person)).await?;
            }
        }
        Ok(())
    }

    fn entry(&self, place: &str) -> EntryId {
        EntryId(id(self.at, &format!("{} {place}", self.story.patient.key)))
    }

    fn card(&self) -> Result<PatientCard> {
        let patient = &self.story.patient;
        let now = self.stage.now;
        let backup = match &patient.backup_hospital {
            Some(key) => {
                let known = self.stage.script.region.offices.iter().find(|office| office.key == *key);
                known.ok_or_else(|| unknown("office", key))?.name.clone()
            }
            None => String::new(),
        };
        let key_person = patient.contacts.first();
        Ok(PatientCard {
            name: patient.name.clone(),
            kana: patient.kana.clone(),
            birth: Some(patient.birth),
            sex: patient.sex,
            address: patient.address.clone(),
            tel: patient.phone.clone(),
            insured: patient.insured_number.clone(),
            care_level: patient.care.level.clone(),
            care_from: patient.care.from.map(|day| day.seen_from(now)),
            care_until: patient.care.to.map(|day| day.seen_from(now)),
            allergies: match &patient.allergies {
                Allergies::Unknown => cards::Allergies::Unknown,
                Allergies::None => cards::Allergies::NoneKnown,
                Allergies::Known(what) => cards::Allergies::Known(what.clone()),
            },
            alerts: patient.alerts.clone(),
            diseases: patient.diseases.clone(),
            key_person: key_person
                .map(|who| format!("{}（{}）{}", who.name, who.relation, who.phone))
                .unwrap_or_default(),
            backup_hospital: backup,
        })
    }

    fn consent(&self) -> cards::Consent {
        let consent = &self.story.consent;
        let own = consent.relation == "本人";
        cards::Consent {
            on: consent.at.seen_from(self.stage.now).day(),
            method: consent.method,
            explained_by: self.stage.called(&consent.explained_by),
            representative: if own {
                String::new()
            } else {
                format!("{}（{}）", consent.given_by, consent.relation)
            },
            scope: consent.scope.clone(),
        }
    }

    /// Tells the story to its end.
    async fn tell(mut self) -> Result<()> {
        for (number, Event(at, by, deed)) in self.story.events.iter().enumerate() {
            // Moments told in hours may fall before yesterday evening when the demo starts at night.
            self.at = at.seen_from(self.stage.now).max(self.at.plus_seconds(1)).min(self.stage.now);
            let by = self.stage.person(by)?;
            self.look_in(by).await?;
            let told = self.deed(by, deed, &format!("event {number}")).await;
            told.map_err(|why| Error::fault(format!("{}, event {number}: {why}", self.story.patient.key)))?;
        }
        self.catch_up().await
    }

    /// Whoever acts on a record has opened it before: once a day is enough for the access log.
    async fn look_in(&mut self, by: PersonId) -> Result<()> {
        if !self.opened.insert((by, self.at.day())) {
            return Ok(());
        }
        let last = self.told.last().map_or(0, |(_, seq)| *seq);
        self.see(by, self.at.plus_seconds(-MINUTE), last, last).await
    }

    async fn see(&self, by: PersonId, at: Time, reached: i64, opened: i64) -> Result<()> {
        let house = self.stage.house.at(at);
        let grant = house.look(by, self.patient, "thread", |look| Ok(look.grant.clone())).await?;
        house.mark(&grant, reached, opened).await
    }

    /// The team has read what is older than a few days; what is newer waits on its screens.
    async fn catch_up(&self) -> Result<()> {
        let before = |seconds: i64| {
            let limit = self.stage.now.plus_seconds(-seconds);
            self.told.iter().rev().find(|(at, _)| *at <= limit).map_or(0, |(_, seq)| *seq)
        };
        let (reached, opened) = (before(REACHED_SECONDS), before(OPENED_SECONDS));
        for seat in self.story.team.iter().filter(|seat| seat.until.is_none()) {
            let at = self.stage.now.plus_seconds(-OPENED_SECONDS).max(self.story_began());
            self.see(self.stage.person(&seat.person)?, at, reached, opened).await?;
        }
        Ok(())
    }

    fn story_began(&self) -> Time {
        self.story.registered.at.seen_from(self.stage.now)
    }

    async fn deed(&mut self, by: PersonId, deed: &'a Deed, place: &str) -> Result<()> {
        match deed {
            Deed::Read => Ok(()),
            Deed::Post(post) => self.post(by, post, place).await,
            Deed::Ack(post) => {
                let (entry, patient, post) = (self.entry(place), self.patient, self.known(post)?);
                self.perform(by, move |act| threads::acknowledge(act, entry, patient, post)).await
            }
            Deed::Correct(correct) => {
                let (entry, patient, post) = (self.entry(place), self.patient, self.known(&correct.post)?);
                let (text, reason) = (self.prose(&correct.text)?, correct.reason.clone());
                let told = self
                    .perform(by, move |act| threads::correct(act, entry, patient, post, &text, &reason))
                    .await?;
                self.told.push((self.at, told));
                Ok(())
            }
            Deed::Withdraw(withdraw) => {
                let (entry, patient, post) = (self.entry(place), self.patient, self.known(&withdraw.post)?);
                let reason = withdraw.reason.clone();
                self.perform(by, move |act| threads::withdraw(act, entry, patient, post, &reason)).await?;
                Ok(())
            }
            Deed::Call(call) => self.call(by, call, place).await,
            Deed::Join(seat) => self.seat(by, seat, place).await,
            Deed::Leave(leave) => {
                let (entry, patient) = (self.entry(place), self.patient);
                let (person, reason) = (self.stage.person(&leave.person)?, leave.reason.clone());
                self.perform(by, move |act| patients::unseat(act, entry, patient, person, &reason)).await
            }
            Deed::Sign(_) | Deed::Draft(_) | Deed::Move(_) => Ok(()),
            Deed::Start(_) | Deed::Task(_) | Deed::Decide(_) => Ok(()),
            Deed::Admit(_) | Deed::Discharge(_) => Ok(()),
        }
    }

    /// One verb by one person on this record, at this moment of the story.
    async fn perform<T: Send + 'static>(
        &self,
        by: PersonId,
        verb: impl Fn(&mut crate::acts::Act<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.stage.house.at(self.at).perform(Who::person(by), vec![self.patient.log()], verb).await
    }

    fn known(&self, post: &str) -> Result<i64> {
        self.posts.get(post).copied().ok_or_else(|| unknown("post", post))
    }

    fn prose(&self, text: &str) -> Result<String> {
        script::written_out(text, self.stage.now).ok_or_else(|| unknown("day", text))
    }

    async fn post(&mut self, by: PersonId, post: &'a script::Post, place: &str) -> Result<()> {
        let ask = match &post.ask {
            Some(ask) => Some(PostAsk {
                ask: AskId(id(self.at, &format!("{} ask {place}", self.story.patient.key))),
                to: match (ask.profession, &ask.person) {
                    (Some(profession), _) => AskTo::Profession(profession),
                    (None, Some(person)) => AskTo::Person(self.stage.person(person)?),
                    (None, None) => return Err(unknown("addressee", place)),
                },
                due: Some(ask.due.seen_from(self.stage.now).max(self.at.plus_seconds(MINUTE))),
            }),
            None => None,
        };
        let new = NewPost {
            id: self.entry(place),
            patient: self.patient,
            audience: if self.story.family_reads { Audience::Team } else { Audience::Staff },
            post: payload::Post {
                text: self.prose(&post.text)?,
                kind: post.kind,
                urgency: post.urgency,
                ask,
                answers: post.reply.as_deref().map(|post| self.known(post)).transpose()?,
                called: post.called.clone(),
            },
        };
        let seq = self.perform(by, move |act| threads::post(act, &new)).await?;
        self.told.push((self.at, seq));
        if let Some(name) = &post.id {
            self.posts.insert(name, seq);
        }
        Ok(())
    }

    async fn call(&mut self, by: PersonId, call: &script::Call, place: &str) -> Result<()> {
        let incoming = self.stage.person(&call.to).is_ok_and(|to| to == by);
        let called = Called {
            to: if incoming {
                format!("{}から", self.stage.called(&call.from))
            } else {
                self.stage.called(&call.to)
            },
            outcome: format!("{}。{}（{}）", call.about, call.advice, call.decision.says()),
        };
        let (entry, patient) = (self.entry(place), self.patient);
        let seq = self.perform(by, move |act| threads::call(act, entry, patient, &called)).await?;
        self.told.push((self.at, seq));
        Ok(())
    }

    async fn seat(&self, by: PersonId, seat: &script::Seat, place: &str) -> Result<()> {
        let (entry, patient) = (self.entry(place), self.patient);
        let seated = Seated {
            person: self.stage.person(&seat.person)?,
            role: seat.seat,
            until: seat.until.map(|until| until.seen_from(self.stage.now)),
            reason: String::new(),
        };
        self.perform(by, move |act| patients::seat(act, entry, patient, &seated)).await
    }
}
