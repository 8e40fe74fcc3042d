//! Lives the script: every deed goes through the house's own verbs, at its own past moment, by the
//! hand that did it. Ids are derived from the moment and the place in the script.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::future::try_join_all;
use uuid::Uuid;

use crate::acts::House;
use crate::acts::Look;
use crate::acts::Who;
use crate::acts::accounts;
use crate::acts::accounts::By;
use crate::acts::accounts::Member;
use crate::acts::happenings;
use crate::acts::letters::Moving;
use crate::acts::letters::NewDraft;
use crate::acts::letters::Signing;
use crate::acts::patients;
use crate::acts::patients::Registration;
use crate::acts::plans;
use crate::acts::plans::Deciding;
use crate::acts::register;
use crate::acts::stays;
use crate::acts::stays::Admission;
use crate::acts::threads;
use crate::acts::threads::NewPost;
use crate::acts::views::letters::known;
use crate::acts::views::plan;
use crate::form::Form;
use crate::form::answers::Answers;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::AskId;
use crate::kernel::id::EntryId;
use crate::kernel::id::LetterId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::id::TokenId;
use crate::kernel::lang::Lang;
use crate::kernel::seal::sha256;
use crate::kernel::time::Time;
use crate::ops::demo::script;
use crate::ops::demo::script::Allergies;
use crate::ops::demo::script::Deed;
use crate::ops::demo::script::Event;
use crate::ops::demo::script::Script;
use crate::ops::demo::script::Story;
use crate::ops::demo::script::TaskVerb;
use crate::pathway::event;
use crate::record::Audience;
use crate::record::Author;
use crate::record::cards;
use crate::record::cards::OfficeCard;
use crate::record::cards::PatientCard;
use crate::record::cards::PersonCard;
use crate::record::payload;
use crate::record::payload::Admitted;
use crate::record::payload::AskTo;
use crate::record::payload::Called;
use crate::record::payload::OfficeSet;
use crate::record::payload::PersonSet;
use crate::record::payload::PostAsk;
use crate::record::payload::Rank;
use crate::record::payload::SeatRole;
use crate::record::payload::Seated;
use crate::store::letters as letter_rows;
use crate::store::plans as plan_rows;

/// How long before now the region began: before the first story does.
pub(super) const BEGINNING_DAYS: i64 = 90;
/// What the team has seen of a thread unless the script says more: everything older than this …
const OPENED_SECONDS: i64 = 2 * 86_400;
/// … and on its screens, everything older than this.
const REACHED_SECONDS: i64 = 3 * 3600;
const MINUTE: i64 = 60;
/// More ticks than this between two events mean that the clock runs in circles.
const TICKS_MAX: usize = 2_000;

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
        self.house.at(self.began).publish_shipped().await?;
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

    /// Someone as a signed-in member, for what a form takes over from whoever writes it.
    fn member(&self, by: PersonId) -> Result<Member> {
        let people = &self.script.region.people;
        let mut offices = self.script.region.offices.iter();
        let person = people
            .iter()
            .find(|person| self.people.get(person.key.as_str()) == Some(&by))
            .ok_or_else(|| unknown("person", "of this id"))?;
        Ok(Member {
            id: by,
            office: self.office(&person.office)?,
            office_name: offices
                .find(|office| office.key == person.office)
                .map_or("", |office| &office.name)
                .to_owned(),
            profession: person.profession,
            rank: rank(person),
            card: card(person),
            lang: Lang::Ja,
            large: false,
            by: By::Token(TokenId(by.0), Vec::new()),
        })
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
            let set = PersonSet {
                person: self.person(&person.key)?,
                office: self.office(&person.office)?,
                profession: person.profession,
                rank: rank(person),
                card: card(person),
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

fn rank(person: &script::Person) -> Rank {
    match (person.admin, person.office == "town") {
        (true, true) => Rank::RegionAdmin,
        (true, false) => Rank::OfficeAdmin,
        (false, _) => Rank::Member,
    }
}

fn card(person: &script::Person) -> PersonCard {
    PersonCard {
        name: person.name.clone(),
        kana: person.kana.clone(),
        sign_in: person.key.clone(),
        tel: String::new(),
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
    /// Forms that later events speak of.
    letters: BTreeMap<&'a str, LetterId>,
    /// Every post with its moment, for the read marks.
    told: Vec<(Time, i64)>,
    /// Who opened the record on which day.
    opened: BTreeSet<(PersonId, jiff::civil::Date)>,
}

impl<'a> Teller<'a> {
    fn new(stage: &'a Stage<'a>, story: &'a Story) -> Self {
        let at = story.registered.at.seen_from(stage.now);
        let patient = PatientId(id(at, &format!("patient {}", story.patient.key)));
        let (posts, letters) = (BTreeMap::new(), BTreeMap::new());
        let (told, opened) = (Vec::new(), BTreeSet::new());
        Self { stage, story, patient, at, posts, letters, told, opened }
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
            self.let_time_pass(self.at).await?;
            self.look_in(by).await?;
            let told = self.deed(by, deed, &format!("event {number}")).await;
            told.map_err(|why| Error::fault(format!("{}, event {number}: {why}", self.story.patient.key)))?;
        }
        self.let_time_pass(self.stage.now).await?;
        self.catch_up().await
    }

    /// Lets the clock act at each of its own moments up to this one, as it would have.
    async fn let_time_pass(&self, until: Time) -> Result<()> {
        let (patient, keeper) = (self.patient, self.stage.person(&self.story.registered.by)?);
        let library = self.stage.house.library();
        for tick in 0..TICKS_MAX {
            let known = library.clone();
            let next = self
                .stage
                .house
                .at(until)
                .look(keeper, patient, "plan", move |look| {
                    Ok(plan::state(look)?.next_instant(&known.pathways).map(Time::from))
                })
                .await?;
            let Some(next) = next.filter(|next| *next <= until) else { return Ok(()) };
            let next = next.max(self.story_began());
            let entry = EntryId(id(next, &format!("{} tick {tick}", self.story.patient.key)));
            self.stage
                .house
                .at(next)
                .perform(Who::other(Author::Clock), vec![patient.log()], move |act| {
                    plans::tick(act, entry, patient)
                })
                .await?;
        }
        Err(Error::fault("the clock never catches up"))
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
            Deed::Sign(filled) => self.sign(by, filled, place).await,
            Deed::Draft(filled) => self.draft(by, filled, place).await,
            Deed::Move(step) => self.make_move(by, step, place).await,
            Deed::Start(start) => self.start(by, start, place).await,
            Deed::Task(task) => self.task(by, task, place).await,
            Deed::Decide(decide) => self.decide(by, decide, place).await,
            Deed::Happened(concept) => {
                let (entry, patient, at) = (self.entry(place), self.patient, self.at);
                let concept = concept.clone();
                self.perform(by, move |act| happenings::tell(act, entry, patient, &concept, at)).await
            }
            Deed::Admit(admit) => self.admit(by, admit, place).await,
            Deed::PlanDischarge(on) => {
                let (entry, patient, on) = (self.entry(place), self.patient, on.seen_from(self.stage.now));
                self.perform(by, move |act| stays::plan_discharge(act, entry, patient, on)).await
            }
            Deed::Discharge(_) => {
                let (entry, patient, at) = (self.entry(place), self.patient, self.at);
                self.perform(by, move |act| stays::discharge(act, entry, patient, at)).await
            }
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
            audience: match self.story.family_reads && !post.staff_only {
                true => Audience::Team,
                false => Audience::Staff,
            },
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

    /// Looks at the record as one of the team, at this moment of the story.
    async fn seen<T: Send + 'static>(
        &self,
        by: PersonId,
        read: impl FnOnce(&mut Look<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.stage.house.at(self.at).look(by, self.patient, "plan", read).await
    }

    async fn start(&self, by: PersonId, start: &script::Start, place: &str) -> Result<()> {
        let library = self.stage.house.library();
        let pathway =
            library.pathways.current(&start.pathway).ok_or_else(|| unknown("pathway", &start.pathway))?;
        let (entry, patient, hash) = (self.entry(place), self.patient, pathway.hash.clone());
        let run = RunId(id(self.at, &format!("{} run {}", self.story.patient.key, start.pathway)));
        self.perform(by, move |act| plans::start(act, entry, patient, run, &hash)).await
    }

    /// The open task of a code in the latest run of its pathway.
    async fn task(&self, by: PersonId, act: &script::TaskAct, place: &str) -> Result<()> {
        let (code, pathway) = (act.task.clone(), act.pathway.clone());
        let open = self.seen(by, move |look| {
            let runs = plan_rows::runs(look.conn, &look.grant)?;
            let tasks = plan_rows::tasks(look.conn, &look.grant)?;
            let of =
                |task: &plan_rows::Task| runs.iter().any(|run| run.id == task.run && run.pathway == pathway);
            let open = tasks.into_iter().filter(|task| is_open(task) && task.code == code && of(task));
            Ok(open.min_by_key(|task| task.due_at).map(|task| task.id))
        });
        let task = open.await?.ok_or_else(|| unknown("open task", &act.task))?;
        let what = match (act.act, &act.reason) {
            (TaskVerb::Claim, _) => event::TaskAct::Claim,
            (TaskVerb::Done, _) => event::TaskAct::Done,
            (TaskVerb::Skip, Some(reason)) => {
                event::TaskAct::Skip { cause: reason.cause, reason: reason.text.clone() }
            }
            (TaskVerb::Skip, None) => return Err(unknown("reason", place)),
        };
        let (entry, patient) = (self.entry(place), self.patient);
        self.perform(by, move |act| plans::act_on_task(act, entry, patient, task, &what)).await
    }

    async fn decide(&self, by: PersonId, decide: &script::Decide, place: &str) -> Result<()> {
        let (to, pathway) = (decide.to.clone(), decide.pathway.clone());
        let open = self.seen(by, move |look| {
            let runs = plan_rows::runs(look.conn, &look.grant)?;
            let of = |run| runs.iter().any(|known| known.id == run && known.pathway == pathway);
            let proposals = plan_rows::proposals(look.conn, &look.grant)?;
            let open =
                proposals.into_iter().filter(|it| it.state == "open" && it.to_phase == to && of(it.run));
            Ok(open.map(|proposal| proposal.id).next())
        });
        let proposal = open.await?.ok_or_else(|| unknown("open proposal", &decide.to))?;
        let deciding = Deciding {
            proposal,
            choice: match decide.answer {
                script::Answer::Confirm => event::Choice::Confirm,
                script::Answer::Decline => event::Choice::Decline,
            },
            reason: decide.reason.clone(),
            channel: None,
        };
        let (entry, patient) = (self.entry(place), self.patient);
        self.perform(by, move |act| plans::decide(act, entry, patient, &deciding)).await
    }

    async fn admit(&self, by: PersonId, admit: &script::Admit, place: &str) -> Result<()> {
        let now = self.stage.now;
        let guest = (self.stage.person(&admit.contact)?, admit.until.seen_from(now));
        let new = Admission {
            id: self.entry(place),
            patient: self.patient,
            admitted: Admitted {
                stay: LetterId(id(self.at, &format!("{} stay {place}", self.story.patient.key))),
                hospital: self.stage.office(&admit.hospital)?,
                ward: admit.ward.clone(),
                at: self.at,
                planned: None,
                reason: admit.cause.clone(),
            },
            // Whoever is back on the ward before that is a guest no longer.
            guest: (guest.1 > self.at).then_some(guest),
        };
        self.perform(by, move |act| stays::admit(act, &new)).await
    }

    /// A form filled from the record as far as that goes, and typed where it does not.
    async fn filled(&self, by: PersonId, filled: &script::Filled) -> Result<(Arc<Form>, Answers)> {
        let library = self.stage.house.library();
        let form =
            library.current_form(&filled.form).cloned().ok_or_else(|| unknown("form", &filled.form))?;
        let member = self.stage.member(by)?;
        let known = self.seen(by, move |look| known(look, &member)).await?;
        let mut answers = form.prefill(&known);
        for (path, value) in self.typed(&filled.answers)?.0 {
            answers.0.insert(path, value);
        }
        Ok((form, answers))
    }

    fn typed(&self, answers: &BTreeMap<String, serde_json::Value>) -> Result<Answers> {
        let mut typed = Answers::default();
        for (path, value) in answers {
            typed.put(
                path.as_str(),
                script::answer(value, self.stage.now).ok_or_else(|| unknown("answer", path))?,
            );
        }
        Ok(typed)
    }

    fn letter(&mut self, filled: &'a script::Filled, place: &str) -> LetterId {
        let letter = LetterId(id(self.at, &format!("{} letter {place}", self.story.patient.key)));
        if let Some(name) = &filled.id {
            self.letters.insert(name, letter);
        }
        letter
    }

    /// The open task that waits for a form.
    async fn waiting_for(&self, by: PersonId, form: &str) -> Result<Option<TaskId>> {
        let code = form.to_owned();
        self.seen(by, move |look| {
            let tasks = plan_rows::tasks(look.conn, &look.grant)?.into_iter();
            let waiting = tasks.filter(|task| is_open(task) && task.form.as_ref() == Some(&code));
            Ok(waiting.min_by_key(|task| task.due_at).map(|task| task.id))
        })
        .await
    }

    async fn sign(&mut self, by: PersonId, filled: &'a script::Filled, place: &str) -> Result<()> {
        let (form, mut answers) = self.filled(by, filled).await?;
        let paths: Vec<String> = answers.0.keys().cloned().collect();
        paths.iter().for_each(|path| answers.confirm(path));
        let signing = Signing {
            id: self.entry(place),
            letter: self.letter(filled, place),
            patient: self.patient,
            form_hash: form.hash.clone(),
            answers,
            task: self.waiting_for(by, &filled.form).await?,
            about: None,
            supersedes: 0,
            reason: String::new(),
            to_office: filled.to.as_deref().map(|office| self.stage.office(office)).transpose()?,
        };
        self.stage.house.at(self.at).sign(Who::person(by), signing).await?;
        Ok(())
    }

    async fn draft(&mut self, by: PersonId, filled: &'a script::Filled, place: &str) -> Result<()> {
        let (form, answers) = self.filled(by, filled).await?;
        let draft = NewDraft {
            letter: self.letter(filled, place),
            patient: self.patient,
            form_hash: form.hash.clone(),
            answers,
            task: self.waiting_for(by, &filled.form).await?,
            about: None,
        };
        self.stage.house.at(self.at).keep_draft(by, draft).await
    }

    async fn make_move(&self, by: PersonId, step: &script::Move, place: &str) -> Result<()> {
        let letter =
            self.letters.get(step.letter.as_str()).copied().ok_or_else(|| unknown("letter", &step.letter))?;
        let house = self.stage.house.at(self.at);
        let from = house
            .look_at_letter(by, letter, "letter", |look| Ok(letter_rows::one(look.conn, &look.grant)?.state))
            .await?;
        let moving = Moving {
            id: self.entry(place),
            letter,
            from,
            code: step.code.clone(),
            told: self.typed(&step.told)?,
            to_office: step.to.as_deref().map(|office| self.stage.office(office)).transpose()?,
            proxy: step.proxy,
        };
        house.move_letter(Who::person(by), moving).await
    }
}

fn is_open(task: &plan_rows::Task) -> bool {
    matches!(task.state.as_str(), "ready" | "claimed")
}
