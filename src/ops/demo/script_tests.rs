//! That the script holds together: every reference exists, time only goes forward, nobody acts
//! without a seat, and the region is as varied as the demo promises.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use jiff::civil::date;

use super::*;

fn now() -> Time {
    date(2026, 11, 22).at(14, 5, 0, 0).to_zoned(ZONE.clone()).unwrap().timestamp().into()
}

/// Just after midnight, when "three hours ago" is yesterday.
fn small_hours() -> Time {
    date(2028, 3, 1).at(0, 20, 0, 0).to_zoned(ZONE.clone()).unwrap().timestamp().into()
}

struct House {
    script: Script,
    people: BTreeMap<String, Person>,
    offices: BTreeMap<String, Office>,
}

fn house() -> House {
    let script = Script::shipped().unwrap();
    let people = script.region.people.iter().map(|p| (p.key.clone(), p.clone())).collect();
    let offices = script.region.offices.iter().map(|o| (o.key.clone(), o.clone())).collect();
    House { script, people, offices }
}

#[test]
fn moments_and_days_are_told_from_now() {
    let moment = |text: &str| Moment::try_from(text.to_owned()).map(|m| m.seen_from(now()).zoned().to_string());
    assert!(moment("-21d 09:30").unwrap().starts_with("2026-11-01T09:30:00"));
    assert!(moment("-2h15m").unwrap().starts_with("2026-11-22T11:50:00"));
    assert!(moment("+3h").unwrap().starts_with("2026-11-22T17:05:00"));
    assert!(moment("-40d").unwrap().starts_with("2026-10-13T12:00:00"));
    for wrong in ["", "21d", "-1d 24:00", "-1d 9", "-99h", "-5x", "-3h5", "-99999d"] {
        assert!(moment(wrong).is_err(), "{wrong}");
    }
    let day = |text: &str| Day::try_from(text.to_owned()).map(|d| d.seen_from(now()).to_string());
    assert_eq!(day("first-4").unwrap(), "2026-07-01");
    assert_eq!(day("last+3").unwrap(), "2027-02-28");
    assert_eq!(day("-22d").unwrap(), "2026-10-31");
    assert_eq!(day("1941-03-08").unwrap(), "1941-03-08");
    assert!(day("yesterday").is_err());
}

#[test]
fn texts_and_answers_are_written_out() {
    assert_eq!(written_out("交換は{+9d}です", now()).unwrap(), "交換は12月1日(火)です");
    assert_eq!(written_out("{そのうち}", now()), None);
    let rows = serde_json::json!([{ "on": "@-1d", "at": "@-1d 14:00", "says": "{-1d}", "n": 3 }]);
    let seen = serde_json::json!([{ "on": "2026-11-21", "at": "2026-11-21T14:00", "says": "11月21日(土)", "n": 3 }]);
    assert_eq!(answer(&rows, now()), Some(seen));
    assert_eq!(answer(&serde_json::json!([[[[[1]]]]]), now()), None);
}

#[test]
fn the_region_has_every_kind_of_office_and_every_profession() {
    let House { script, people, offices } = house();
    assert_eq!(script.region.format, "demo/1");
    assert_eq!(offices.len(), script.region.offices.len(), "an office's key is used twice");
    assert_eq!(people.len(), script.region.people.len(), "a sign-in name is used twice");
    let count = |kind: &str| offices.values().filter(|office| office.kind == kind).count();
    let wanted = [
        ("hospital", 2),
        ("clinic", 7),
        ("dental_clinic", 2),
        ("dental_liaison", 1),
        ("pharmacy", 2),
        ("nursing_station", 2),
        ("care_management", 3),
        ("home_help", 1),
        ("rehabilitation", 1),
        ("town_office", 1),
    ];
    for (kind, number) in wanted {
        assert_eq!(count(kind), number, "{kind}");
    }
    assert_eq!(wanted.iter().map(|(_, number)| number).sum::<usize>(), offices.len());
    for profession in Profession::ALL {
        assert!(people.values().any(|person| person.profession == *profession), "nobody is a {profession:?}");
    }
    for office in offices.values() {
        assert!(script.region.towns.iter().any(|town| office.address.starts_with(town.as_str())), "{}", office.key);
        assert!(people.values().any(|person| person.office.as_ref() == Some(&office.key)), "{} is empty", office.key);
    }
}

#[test]
fn people_belong_somewhere_and_are_written_properly() {
    let House { script, people, offices } = house();
    let patients: BTreeSet<&str> = script.stories.iter().map(|s| s.patient.key.as_str()).collect();
    for person in people.values() {
        match (&person.office, &person.of) {
            (Some(office), None) => assert!(offices.contains_key(office), "{}", person.key),
            (None, Some(patient)) => assert!(patients.contains(patient.as_str()), "{}", person.key),
            _ => panic!("{} belongs nowhere, or to two", person.key),
        }
        assert!(person.key.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", person.key);
        assert_written(&person.name, &person.kana);
    }
}

fn assert_written(name: &str, kana: &str) {
    assert_eq!(name.split(' ').count(), 2, "{name}");
    assert!(kana.chars().all(|c| c == ' ' || ('ァ'..='ー').contains(&c)), "{kana}");
    assert_eq!(kana.split(' ').count(), 2, "{kana}");
}

#[test]
fn twelve_patients_are_twelve_people() {
    let House { script, people, offices } = house();
    assert_eq!(script.stories.len(), 12);
    let mut numbers = BTreeSet::new();
    let mut allergies = [0; 3];
    for story in &script.stories {
        let patient = &story.patient;
        assert_written(&patient.name, &patient.kana);
        assert!(numbers.insert(patient.insured_number.clone()), "{}", patient.key);
        assert_eq!(patient.insured_number.len(), 10, "{}", patient.key);
        assert!(!patient.diseases.is_empty() && !patient.alerts.is_empty() && !patient.contacts.is_empty());
        assert!(script.region.towns.iter().any(|town| patient.address.starts_with(town.as_str())));
        if let Some(hospital) = &patient.backup_hospital {
            assert_eq!(offices[hospital].kind, "hospital", "{}", patient.key);
        }
        if let (Some(from), Some(to)) = (patient.care.from, patient.care.to) {
            assert!(from.seen_from(now()) < now().day() && now().day() < to.seen_from(now()));
        }
        allergies[match &patient.allergies {
            Allergies::Unknown => 0,
            Allergies::None => 1,
            Allergies::Known(what) => {
                assert!(!what.is_empty());
                2
            }
        }] += 1;
        assert!(people.contains_key(&story.consent.explained_by), "{}", patient.key);
        assert!(story.consent.at.seen_from(now()) <= story.registered.at.seen_from(now()), "{}", patient.key);
        let mains = story.team.iter().filter(|seat| seat.seat == SeatRole::Main).count();
        assert_eq!(mains, 1, "{}", patient.key);
    }
    assert!(allergies.iter().all(|number| *number > 0), "unknown, none and known must all occur");
}

/// What a story has told so far.
struct Teller<'a> {
    house: &'a House,
    key: &'a str,
    seated: BTreeSet<String>,
    posts: BTreeMap<String, (String, Time)>,
    letters: BTreeSet<String>,
    runs: BTreeSet<String>,
    stays: i32,
}

impl Teller<'_> {
    fn event(&mut self, at: Time, by: &str, deed: &Deed) {
        assert!(self.seated.contains(by), "{}: {by} has no seat at {:?}", self.key, at.zoned());
        match deed {
            Deed::Read => {}
            Deed::Post(post) => self.post(at, by, post),
            Deed::Ack(post) => {
                assert_ne!(self.known(post).0, by, "{}: {by} acknowledges the own post {post}", self.key);
            }
            Deed::Correct(Correct { post, text, reason }) => {
                assert_eq!(self.known(post).0, by, "{}: {post} is not {by}'s", self.key);
                prose(text);
                prose(reason);
            }
            Deed::Withdraw(Withdraw { post, reason }) => {
                assert_eq!(self.known(post).0, by, "{}: {post} is not {by}'s", self.key);
                prose(reason);
            }
            Deed::Call(call) => {
                assert!([&call.from, &call.to].iter().any(|end| *end == by), "{}: {by} was not on the line", self.key);
                prose(&call.about);
                prose(&call.advice);
            }
            Deed::Sign(filled) | Deed::Draft(filled) => {
                if let Some(id) = &filled.id {
                    assert!(self.letters.insert(id.clone()), "{}: {id} twice", self.key);
                }
                for (path, value) in &filled.answers {
                    assert!(answer(value, now()).is_some(), "{}: {path}", self.key);
                }
            }
            Deed::Move(step) => {
                assert!(self.letters.contains(&step.letter), "{}: {}", self.key, step.letter);
                assert!(step.to.as_ref().is_none_or(|office| self.house.offices.contains_key(office)));
                assert!(step.told.values().all(|value| answer(value, now()).is_some()));
            }
            Deed::Start(start) => assert!(self.runs.insert(start.pathway.clone()), "{}: {}", self.key, start.pathway),
            Deed::Task(act) => {
                assert!(self.runs.contains(&act.pathway), "{}: {}", self.key, act.pathway);
                assert_eq!(act.act == TaskVerb::Skip, act.reason.is_some(), "{}: {}", self.key, act.task);
            }
            Deed::Decide(decide) => assert!(self.runs.contains(&decide.pathway), "{}: {}", self.key, decide.pathway),
            Deed::Admit(admit) => {
                assert_eq!(self.house.offices[&admit.hospital].kind, "hospital");
                assert_eq!(self.house.people[&admit.contact].office.as_ref(), Some(&admit.hospital));
                self.stays += 1;
                assert_eq!(self.stays, 1, "{}: two stays at once", self.key);
            }
            Deed::Discharge(_) => {
                self.stays -= 1;
                assert_eq!(self.stays, 0, "{}: discharged from nowhere", self.key);
            }
            Deed::Join(seat) => {
                assert!(self.house.people.contains_key(&seat.person), "{}", seat.person);
                assert!(seat.until.is_none_or(|until| until.seen_from(now()) > at));
                assert!(self.seated.insert(seat.person.clone()), "{}: {} sits already", self.key, seat.person);
            }
            Deed::Leave(leave) => assert!(self.seated.remove(&leave.person), "{}: {}", self.key, leave.person),
        }
    }

    fn post(&mut self, at: Time, by: &str, post: &Post) {
        prose(&post.text);
        if let Some(id) = &post.id {
            let before = self.posts.insert(id.clone(), (by.to_owned(), at));
            assert!(before.is_none(), "{}: {id} twice", self.key);
        }
        if let Some(answered) = &post.reply {
            self.known(answered);
        }
        let Some(ask) = &post.ask else { return };
        assert!(ask.due.seen_from(now()) > at, "{}: due before it was asked: {}", self.key, post.text);
        let team = self.seated.iter().map(|key| &self.house.people[key]);
        match (ask.profession, &ask.person) {
            (Some(profession), None) => {
                assert!(team.clone().any(|p| p.profession == profession), "{}: nobody to ask: {}", self.key, post.text);
            }
            (None, Some(person)) => assert!(self.seated.contains(person) && person != by, "{}: {person}", self.key),
            _ => panic!("{}: an ask goes to a profession or a person: {}", self.key, post.text),
        }
    }

    fn known(&self, post: &str) -> &(String, Time) {
        self.posts.get(post).unwrap_or_else(|| panic!("{}: no post {post} yet", self.key))
    }
}

fn prose(text: &str) {
    assert!(!text.trim().is_empty() && text.chars().count() <= 400, "{text}");
    assert!(written_out(text, now()).is_some(), "{text}");
}

#[test]
fn every_story_holds_together() {
    let house = house();
    let mut events = 0;
    for story in &house.script.stories {
        let key = story.patient.key.as_str();
        let people = story.team.iter().map(|seat| seat.person.clone());
        let seated: BTreeSet<String> = people.clone().collect();
        assert_eq!(seated.len(), story.team.len(), "{key}: someone sits twice");
        assert!(people.clone().all(|person| house.people.contains_key(&person)), "{key}");
        assert!(seated.contains(&story.registered.by), "{key}: registered by someone outside the team");
        let (posts, letters, runs) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        let mut teller = Teller { house: &house, key, seated, posts, letters, runs, stays: 0 };
        let mut last = story.registered.at.seen_from(now());
        for Event(at, by, deed) in &story.events {
            let at = at.seen_from(now());
            assert!(at >= last, "{key}: {} comes too early", at.zoned());
            assert!(at < now(), "{key}: {} lies ahead", at.zoned());
            assert!(Moment::seen_from(story.events[0].0, small_hours()) < small_hours());
            teller.event(at, by, deed);
            last = at;
        }
        events += story.events.len();
        let authors: BTreeSet<&String> = story.events.iter().map(|Event(_, by, _)| by).collect();
        assert!(authors.len() >= 4, "{key}: a team is more than {authors:?}");
    }
    assert!((250..=500).contains(&events), "{events} events");
}

#[test]
fn the_demo_shows_each_situation_that_it_promises() {
    let house = house();
    let deeds = || house.script.stories.iter().flat_map(|story| &story.events).map(|Event(_, _, deed)| deed);
    for form in ["peg-device", "peg-site-check", "eol-daily", "ohat", "acp-record"] {
        assert!(deeds().any(|deed| matches!(deed, Deed::Sign(filled) if filled.form == form)), "{form}");
    }
    for form in ["dental-referral", "discharge-sheet"] {
        let filled = |deed: &Deed| matches!(deed, Deed::Draft(f) | Deed::Sign(f) if f.form == form);
        assert!(deeds().any(filled), "{form}");
    }
    for pathway in ["peg", "end-of-life"] {
        assert!(deeds().filter(|deed| matches!(deed, Deed::Start(start) if start.pathway == pathway)).count() >= 2);
    }
    let happens = |wanted: fn(&Deed) -> bool| deeds().filter(|deed| wanted(deed)).count();
    assert!(happens(|deed| matches!(deed, Deed::Correct(_))) >= 1);
    assert!(happens(|deed| matches!(deed, Deed::Withdraw(_))) >= 1);
    assert!(happens(|deed| matches!(deed, Deed::Call(_))) >= 5);
    assert!(happens(|deed| matches!(deed, Deed::Ack(_))) >= 60);
    assert!(happens(|deed| matches!(deed, Deed::Admit(_))) >= 2);
    assert!(happens(|deed| matches!(deed, Deed::Join(_))) >= 5);
    assert!(happens(|deed| matches!(deed, Deed::Leave(_))) >= 1);
    assert!(happens(|deed| matches!(deed, Deed::Task(act) if act.act == TaskVerb::Skip)) >= 1);
    assert!(happens(|deed| matches!(deed, Deed::Post(post) if post.urgency == Urgency::Now)) >= 1);
}
