//! Every address of the house, tried by everyone one could be. The table of routes says who may; these
//! stories try each row as each of them, with things that are there: "refused" never means "no such id"
//! by accident. A row whose path holds something that this file cannot fill fails the story, and so does
//! a row that changes something and has no fitting body.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use renkei::access::Need;
use renkei::acts::Who;
use renkei::acts::accounts::Computer;
use renkei::acts::patients;
use renkei::acts::register;
use renkei::acts::register::NewInvitation;
use renkei::acts::views;
use renkei::kernel::id::{ChangeId, EntryId, InvitationId, LetterId, OfficeId, PatientId, PersonId, TaskId};
use renkei::kernel::profession::Profession;
use renkei::record::cards::{InvitationCard, PatientCard};
use renkei::record::payload::{AccountState, OfficeKind, Rank, SeatRole, Seated};
use renkei::web::routes::{May, ROUTES, Route};

use crate::http_api::ask;
use crate::support::site::{Site, in_each_site};
use crate::support::things::{Hands, Things, slip};
use crate::support::visitor::{Page, Visitor};
use crate::support::ward;

/// Who tries the addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Actor {
    /// Not signed in.
    Nobody,
    /// 伊藤, visiting nurse, of the team.
    Member,
    /// 佐藤, the main doctor.
    MainDoctor,
    /// 田中 明子, the daughter, of the team and no professional.
    Daughter,
    /// 山口, pharmacist, whose seat was ended.
    FormerMember,
    /// 松本, hospital nurse, whose temporary seat ended yesterday.
    GuestAfterTheEnd,
    /// 岡田, visiting nurse of another station.
    OtherOffice,
    /// 高橋, dentist of the office that one form was sent to, and of no team.
    Receiver,
    /// 小林, administrator of 岡田's station.
    OtherAdministrator,
    /// 中村, administrator of the region.
    Administrator,
    /// 林, care manager of the team whose account was suspended while signed in.
    Suspended,
}

use Actor::*;

const ACTORS: [Actor; 11] = [
    Nobody,
    Member,
    MainDoctor,
    Daughter,
    FormerMember,
    GuestAfterTheEnd,
    OtherOffice,
    Receiver,
    OtherAdministrator,
    Administrator,
    Suspended,
];

/// Who has no business with 田中さん's record.
const OUTSIDERS: [Actor; 6] =
    [FormerMember, GuestAfterTheEnd, OtherOffice, Receiver, OtherAdministrator, Administrator];

/// What an address did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// It let the actor in: a page, a redirect elsewhere, or a complaint about what was sent.
    In,
    /// There is no such thing.
    Missing,
    /// Not for you.
    Forbidden,
    /// Sign in first.
    Door,
    /// Something else: never right.
    Odd(u16),
}

/// What the table promises.
fn expected(route: &Route, actor: Actor) -> &'static [Answer] {
    use Answer::{Door, Forbidden, In, Missing};
    let professional = matches!(actor, Member | MainDoctor);
    match (route.may, actor) {
        (May::Anyone, _) => &[In, Missing, Door],
        (_, Nobody | Suspended) => &[Door],
        // Families register nobody.
        (May::Member, Daughter) => &[In, Forbidden],
        (May::Member, _) => &[In],
        (May::Patient(Need::Tick) | May::Letter(Need::Tick), _) => &[Missing],
        // Consent that stands cannot be given again: there is no such page until it was withdrawn.
        (May::Patient(Need::Reconsent), _) if professional => &[In, Forbidden, Missing],
        // Who may see a record may still be told that this act is not for them: one's own post needs no
        // acknowledgement, another's is not one's own to correct.
        (May::Patient(_) | May::Letter(_), _) if professional => &[In, Forbidden],
        // What professionals write to each other is not there for a patient's family.
        (May::Letter(_), Daughter) => &[Missing],
        (May::Patient(_), Daughter) if route.path.contains("/{post}") => &[Missing],
        (May::Patient(Need::Read), Daughter) if route.path.ends_with("/letters") => &[Missing],
        (May::Patient(Need::Write), Daughter) => &[Forbidden, Missing],
        (May::Patient(Need::Read | Need::Post), Daughter) => &[In, Forbidden],
        (May::Patient(_), Daughter) => &[Forbidden],
        (May::Letter(_), Receiver) => &[In, Forbidden],
        (May::Patient(_) | May::Letter(_), _) => &[Missing],
        (May::OfficeAdmin | May::RegionAdmin, Administrator) => &[In],
        // Doctors, dentists and nurses, in whatever teams they sit or do not; no pharmacist, no family.
        (May::Author, Daughter | FormerMember) => &[Forbidden],
        (May::Author, _) => &[In],
        // Her own office, and no other.
        (May::OfficeAdmin, OtherAdministrator) if !route.path.contains('{') => &[In],
        (May::OfficeAdmin | May::RegionAdmin, _) => &[Forbidden],
    }
}

fn answer(page: &Page) -> Answer {
    match page.status {
        200 if page.url.path() == "/sign-in" => Answer::Door,
        200 | 201 | 204 | 400 | 409 | 422 => Answer::In,
        401 => Answer::Door,
        403 => Answer::Forbidden,
        404 => Answer::Missing,
        other => Answer::Odd(other),
    }
}

#[test]
fn every_address_lets_in_whom_the_table_names_and_nobody_else() {
    in_each_site(|site| {
        let region = prepare(site);
        let (mut tried, mut wrong, mut welcomed) = (0, Vec::new(), BTreeSet::new());
        for actor in ACTORS {
            let caller = enter(site, actor);
            let places = caller.places(&region.tanaka, &region);
            for route in ROUTES.iter().filter(|route| stays_in(route)) {
                // Whose office, and whose post, is judged by the act: it needs something to judge.
                let fit = matches!((route.may, actor), (May::OfficeAdmin, OtherAdministrator))
                    || actor == Daughter && route.path.contains("{post}");
                let body = if fit { fitting(route, &places) } else { None };
                let page = caller.knock(route, &fill(route.path, &places), body.unwrap_or_default());
                let (got, wanted) = (answer(&page), expected(route, actor));
                tried += 1;
                if got == Answer::In {
                    welcomed.insert(route.name);
                }
                if !wanted.contains(&got) {
                    wrong.push(format!("{actor:?} {} {}: {got:?}, not {wanted:?}", route.method, route.path));
                }
            }
        }
        assert!(wrong.is_empty(), "{} of {tried} answers are wrong:\n{}", wrong.len(), wrong.join("\n"));
        let guarded = ROUTES.iter().filter(|route| stays_in(route) && !matches!(route.may, May::Anyone));
        let closed: Vec<_> = guarded.filter(|route| !welcomed.contains(route.name)).collect();
        // Consent given again has a story of its own below.
        let closed: Vec<_> =
            closed.iter().filter(|route| !matches!(route.may, May::Patient(Need::Reconsent))).collect();
        assert!(closed.is_empty(), "nobody at all is let in to {closed:?}");
        let rows = ROUTES.iter().filter(|route| stays_in(route)).count();
        assert_eq!(tried, rows * ACTORS.len());
    });
}

/// What is there and not for you answers exactly as what was never there: in status, words and headers.
#[test]
fn a_foreign_record_answers_like_one_that_never_was() {
    in_each_site(|site| {
        let region = prepare(site);
        let mut wrong = Vec::new();
        for actor in OUTSIDERS {
            let caller = enter(site, actor);
            let there = caller.places(&region.tanaka, &region);
            let mut nowhere = there.clone();
            nowhere.insert("patient", PatientId::new().to_string());
            nowhere.insert("letter", LetterId::new().to_string());
            let foreign = |route: &&Route| match route.may {
                May::Patient(_) => true,
                May::Letter(_) => actor != Receiver,
                _ => false,
            };
            for route in ROUTES.iter().filter(foreign) {
                let body = fitting(route, &there).unwrap_or_default();
                let tell = |places| face(&caller.knock(route, &fill(route.path, places), body.clone()));
                let (one, other) = (tell(&there), tell(&nowhere));
                if one != other {
                    wrong.push(format!("{actor:?} {}", difference(route, &one, &other)));
                } else if one.0 != 404 {
                    wrong.push(format!("{actor:?} {} {}: {}", route.method, route.path, one.0));
                }
            }
        }
        assert!(wrong.is_empty(), "{} addresses tell:\n{}", wrong.len(), wrong.join("\n"));
    });
}

/// A task, a proposal, a form of another patient is no such thing on this patient's record: also for
/// those who may do everything here. The same bodies on one's own things do what they say.
#[test]
fn an_id_of_another_patient_is_no_id_here() {
    in_each_site(|site| {
        let region = prepare(site);
        let caller = enter(site, Member);
        let own = caller.places(&region.tanaka, &region);
        let mut foreign = caller.places(&region.suzuki, &region);
        foreign.insert("patient", region.tanaka.patient.to_string());
        let nothing = caller.places(&unmade(region.tanaka.patient), &region);
        let names_a_thing = |route: &&Route| {
            let thing = |name: &str| route.path.contains(&format!("{{{name}}}"));
            let things = ["task", "run", "proposal", "ask", "variance", "letter", "happening"];
            matches!(route.may, May::Patient(_)) && things.into_iter().any(thing)
        };
        let mut wrong = Vec::new();
        for route in ROUTES.iter().filter(names_a_thing) {
            let send = |places| {
                let body = fitting(route, places);
                let missing = body.is_none() && route.method != "GET";
                assert!(!missing, "{}: give it a fitting body in `fitting`", route.name);
                caller.knock(route, &fill(route.path, places), body.unwrap_or_default())
            };
            let (one, other) = (face(&send(&foreign)), face(&send(&nothing)));
            // Dropping what one never had, and beginning under a new number, is nothing to refuse; the
            // page that follows offers fresh numbers.
            let fresh = ["letter_drop", "api_letter_draft"].contains(&route.name);
            if one.0 != other.0 || one != other && !fresh {
                wrong.push(difference(route, &one, &other));
            }
            if one.0 != 404 && !fresh {
                wrong.push(format!("{} {}: {} for a foreign id", route.method, route.path, one.0));
            }
        }
        assert!(wrong.is_empty(), "{} addresses tell:\n{}", wrong.len(), wrong.join("\n"));
        for route in ROUTES.iter().filter(names_a_thing) {
            let page = caller.knock(route, &fill(route.path, &own), fitting(route, &own).unwrap_or_default());
            let fine = matches!(page.status, 200 | 201 | 204 | 409) || ended_by_others(route, &page);
            assert!(fine, "{} {} does nothing for its own: {page}", route.method, route.path);
        }
    });
}

/// Numbers are made by whoever writes. One that stands for another patient's form, pathway or draft is
/// taken, and what stands under it stays as it is.
#[test]
fn a_number_of_another_patient_is_not_taken_over() {
    in_each_site(|site| {
        let region = prepare(site);
        let (nurse, doctor) = (enter(site, Member), enter(site, MainDoctor));
        let other = enter(site, OtherOffice);
        let told = |path: &str| other.program("GET", path, None).is(200).body.clone();
        let (letter, here) = (region.suzuki.letter, format!("/api/v1/patients/{}", region.tanaka.patient));
        let theirs = [
            format!("/api/v1/letters/{letter}"),
            format!("/api/v1/patients/{}/plan", region.suzuki.patient),
            "/api/v1/tasks?list=teams".to_owned(),
        ];
        let before: Vec<String> = theirs.iter().map(|path| told(path)).collect();
        assert!(before.iter().all(|body| body.contains("鈴木")), "{before:?}");

        let signing = serde_json::json!({ "entry": EntryId::new(), "form": "doctor-slip",
                                          "answers": slip("2026-11-20"), "to_office": region.office });
        nurse.program("POST", &format!("{here}/letters/{letter}/sign"), Some(&signing.to_string())).is(409);
        nurse.browser.get(&format!("/letters/{letter}")).is(404);

        let fresh = site.runtime.block_on(someone_new(site));
        let hash = site.ward.house.library().pathways.current("end-of-life").unwrap().hash.clone();
        let start = |run: &dyn std::fmt::Display| {
            let run = run.to_string();
            let start = serde_json::json!({ "entry": EntryId::new(), "run": run, "pathway": hash });
            let path = format!("/api/v1/patients/{fresh}/runs");
            doctor.program("POST", &path, Some(&start.to_string())).status
        };
        assert_eq!(start(&region.suzuki.run), 409);
        assert_eq!(start(&renkei::kernel::id::RunId::new()), 204);
        let after: Vec<String> = theirs.iter().map(|path| told(path)).collect();
        assert_eq!(before, after);

        let mine = LetterId::new();
        let draft = serde_json::json!({ "form": "doctor-slip", "answers": { "question": "痰が増えた" } });
        let keep = |patient: PatientId| {
            let path = format!("/api/v1/patients/{patient}/letters/{mine}/draft");
            nurse.program("PUT", &path, Some(&draft.to_string())).status
        };
        assert_eq!((keep(region.tanaka.patient), keep(fresh)), (204, 409));
        nurse.browser.get(&format!("{}/letters/{mine}/edit", site.thread())).is(200).says("痰が増えた");
    });
}

/// 山田, of 伊藤's station and 佐藤's clinic, with nothing on the record yet.
async fn someone_new(site: &Site) -> PatientId {
    let (w, (card, consent)) = (&site.ward, ward::someone());
    let card = PatientCard { name: "山田 トメ".into(), kana: "ヤマダ トメ".into(), ..card };
    let patient = ward::register(&w.house, w.ito, card, consent).await;
    ward::seat(&w.house, w.ito, patient, w.sato, SeatRole::Main).await;
    patient
}

/// Pages and programs end the same things, one after the other: the second hears that it is over.
fn ended_by_others(route: &Route, page: &Page) -> bool {
    page.status == 403 && ["api_run", "run", "open_task", "api_task"].contains(&route.name)
}

/// Sessions and tokens of others cannot be ended, and the answer does not say that they are there.
#[test]
fn nobody_ends_the_session_or_the_token_of_another() {
    in_each_site(|site| {
        let region = prepare(site);
        let (nurse, doctor) = (enter(site, Member), enter(site, MainDoctor));
        let (hers, his) = (nurse.places(&region.tanaka, &region), doctor.places(&region.tanaka, &region));
        let mut never = hers.clone();
        never.insert("session", EntryId::new().to_string());
        never.insert("token", EntryId::new().to_string());
        for route in ROUTES.iter().filter(|route| ["end_session", "end_token"].contains(&route.name)) {
            let tell = |places| face(&nurse.knock(route, &fill(route.path, places), Body::default()));
            assert_eq!(tell(&his), tell(&never), "{}", route.name);
        }
        // Both are still on his page; he himself ends them.
        for (name, thing) in [("end_session", "session"), ("end_token", "token")] {
            let form = format!("form[action*='{}']", his[thing]);
            assert_eq!(doctor.browser.get("/account").texts(&form).len(), 1, "{name}");
            let route = ROUTES.iter().find(|route| route.name == name).unwrap();
            doctor.knock(route, &fill(route.path, &his), Body::default());
            assert_eq!(doctor.browser.get("/account").texts(&form).len(), 0, "{name}");
        }
    });
}

/// A body is read only from those whom the record concerns. Whoever it does not concern hears the same
/// with a broken body as about a patient who never was; whoever it concerns hears what is broken.
#[test]
fn a_body_is_not_read_before_its_sender_was_judged() {
    in_each_site(|site| {
        let region = prepare(site);
        let writes: Vec<&Route> = ROUTES
            .iter()
            .filter(|route| route.method != "GET" && matches!(route.may, May::Patient(_) | May::Letter(_)))
            .collect();
        assert!(writes.len() > 40, "only {} rows change a record", writes.len());
        let mut wrong = Vec::new();
        for actor in OUTSIDERS {
            let caller = enter(site, actor);
            let there = caller.places(&region.tanaka, &region);
            let mut nowhere = there.clone();
            nowhere.insert("patient", PatientId::new().to_string());
            nowhere.insert("letter", LetterId::new().to_string());
            for route in &writes {
                if actor == Receiver && matches!(route.may, May::Letter(_)) {
                    continue;
                }
                let fine = face(&caller.knock(
                    route,
                    &fill(route.path, &nowhere),
                    fitting(route, &there).unwrap_or_default(),
                ));
                for broken in BROKEN {
                    let one = face(&caller.broken(route, &fill(route.path, &there), broken));
                    if one != fine {
                        wrong.push(format!("{actor:?} {broken:?} {}", difference(route, &one, &fine)));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{} addresses read first:\n{}", wrong.len(), wrong.join("\n"));
        let caller = enter(site, Member);
        let there = caller.places(&region.tanaka, &region);
        for route in writes {
            for (broken, says) in BROKEN.into_iter().zip([&[422, 403][..], &[422, 403], &[413]]) {
                let told = caller.broken(route, &fill(route.path, &there), broken).status;
                assert!(says.contains(&told), "{broken:?} {} {}: {told}", route.method, route.path);
            }
        }
    });
}

/// Without consent a record is shut for everyone of its team, too; only giving consent again is left.
#[test]
fn a_frozen_record_is_there_for_nobody_but_to_be_thawed() {
    in_each_site(|site| {
        let region = prepare(site);
        let caller = enter(site, Member);
        let places = caller.places(&region.tanaka, &region);
        let (patient, id) = (region.tanaka.patient, EntryId::new());
        let frozen = site.ward.house.perform(Who::person(site.ward.ito), vec![patient.log()], move |act| {
            patients::withdraw_consent(act, id, patient, "ご家族の希望")
        });
        site.runtime.block_on(frozen).unwrap();
        for actor in [Member, MainDoctor, Daughter, Receiver, OtherOffice] {
            let caller = enter(site, actor);
            for route in ROUTES.iter().filter(|route| matches!(route.may, May::Patient(_) | May::Letter(_))) {
                let page = caller.knock(route, &fill(route.path, &places), Body::default());
                let thaws = matches!(route.may, May::Patient(Need::Reconsent));
                let wanted = match actor {
                    Member | MainDoctor if thaws => Answer::In,
                    Daughter if thaws => Answer::Forbidden,
                    _ => Answer::Missing,
                };
                assert_eq!(answer(&page), wanted, "{actor:?} {} {}: {page}", route.method, route.path);
            }
        }
    });
}

/// What one can tell from an answer: all of it but the request's own number.
type Face = (u16, String, Vec<String>);

fn face(page: &Page) -> Face {
    let own = page.header("x-request-reference").unwrap_or("none").to_owned();
    let body = page.body.replace(&own, "").replace(page.url.path(), "");
    let names = page.headers.iter().filter(|(name, _)| name != "date");
    let mut headers: Vec<_> =
        names.map(|(name, value)| format!("{name}: {}", value.replace(&own, ""))).collect();
    headers.sort();
    (page.status, body, headers)
}

/// Where two faces part.
fn difference(route: &Route, one: &Face, other: &Face) -> String {
    let [one, other] = [format!("{one:?}"), format!("{other:?}")];
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let [one, other] =
        [one, other].map(|face| face.chars().skip(same.saturating_sub(40)).take(120).collect::<String>());
    format!("{} {}:\n  {one}\n  {other}", route.method, route.path)
}

/// A stream answers only by going on, and signing out would end the visit.
fn stays_in(route: &Route) -> bool {
    !matches!(route.name, "live" | "sign_out")
}

/// What is sent: fields for a form, the same as an object for programs.
type Body = Vec<(String, String)>;

/// How a body can be broken.
#[derive(Debug, Clone, Copy)]
enum Broken {
    /// Not what it says it is.
    Shape,
    /// Said to be something else.
    Kind,
    /// Longer than anything that is read.
    Length,
}

const BROKEN: [Broken; 3] = [Broken::Shape, Broken::Kind, Broken::Length];

/// One actor, as a person at a browser and as a program with a token.
struct Caller {
    browser: Visitor,
    program: Visitor,
    token: String,
    own: BTreeMap<&'static str, String>,
    csrf: OnceCell<String>,
}

impl Caller {
    fn program(&self, method: &str, path: &str, body: Option<&str>) -> Page {
        ask(&self.program, &self.token, method, path, body)
    }

    /// One request as a browser of this house, or a program, would make it.
    fn knock(&self, route: &Route, path: &str, body: Body) -> Page {
        if route.path.starts_with("/api/") {
            let body = (route.method != "GET").then(|| as_json(route, body));
            return self.program(route.method, path, body.as_deref());
        }
        if route.method == "GET" {
            return self.browser.get(path);
        }
        self.browser.raw(route.method, path, Some(self.as_form(body)), &[])
    }

    fn as_form(&self, body: Body) -> String {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", self.csrf());
        if !body.iter().any(|(name, _)| name == "entry") {
            form.append_pair("entry", &EntryId::new().to_string());
        }
        form.extend_pairs(body).finish()
    }

    fn csrf(&self) -> &str {
        self.csrf.get_or_init(|| {
            let home = self.browser.get("/account");
            home.attributes("input[name=csrf]", "value").into_iter().next().unwrap_or_default()
        })
    }

    fn broken(&self, route: &Route, path: &str, broken: Broken) -> Page {
        let program = route.path.starts_with("/api/");
        let (right, wrong) = ("application/json", "text/plain");
        let (body, kind) = match (broken, program) {
            (Broken::Shape, true) => ("{\"entry\": [[[".to_owned(), right),
            (Broken::Shape, false) => ("csrf=%ff%fe&entry=%e3".to_owned(), ""),
            (Broken::Kind, _) => ("a=b".to_owned(), wrong),
            (Broken::Length, true) => (" ".repeat(300 << 10), right),
            (Broken::Length, false) => ("a".repeat(300 << 10), ""),
        };
        if program {
            let bearer = format!("Bearer {}", self.token);
            let headers =
                [("authorization", bearer.as_str()), ("content-type", kind), ("sec-fetch-site", "")];
            return self.program.raw(route.method, path, Some(body), &headers);
        }
        let headers: &[(&str, &str)] = if kind.is_empty() { &[] } else { &[("content-type", kind)] };
        self.browser.raw(route.method, path, Some(body), headers)
    }

    /// What paths may name: the record's things, the region's, and the actor's own.
    fn places(&self, things: &Things, region: &Region) -> BTreeMap<&'static str, String> {
        BTreeMap::from([
            ("patient", things.patient.to_string()),
            ("post", things.post.to_string()),
            ("run", things.run.to_string()),
            ("task", things.task.to_string()),
            ("proposal", things.proposal.to_string()),
            ("ask", things.ask.to_string()),
            ("variance", things.variance.to_string()),
            ("happening", things.happening.to_string()),
            ("letter", things.letter.to_string()),
            ("office", region.office.to_string()),
            ("person", region.person.to_string()),
            ("invitation", region.invitation.to_string()),
            ("pathway", "peg".to_owned()),
            ("change", region.change.to_string()),
            ("leaflet", "it-came-out".to_owned()),
            ("code", "no-such-invitation".to_owned()),
            ("name", "no-such-asset".to_owned()),
        ])
        .into_iter()
        .chain(self.own.clone())
        .collect()
    }
}

/// The path with its `{names}` filled in.
fn fill(path: &str, places: &BTreeMap<&str, String>) -> String {
    let part = |part: &str| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some(name) => places
            .get(name)
            .unwrap_or_else(|| panic!("{path}: give `{name}` a value in `places`, so that it can be tried"))
            .clone(),
        None => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// A body with which an address does what it is for, where one thing of a record is acted on.
fn fitting(route: &Route, places: &BTreeMap<&str, String>) -> Option<Body> {
    let fields: &[(&str, &str)] = match route.name.trim_start_matches("api_") {
        "task" => &[("verb", "claim")],
        "run" => &[("verb", "suspend"), ("reason", "検査のため")],
        "open_task" => {
            &[("what", "own"), ("title", "家族と話す"), ("role", "visiting_nurse"), ("reason", "家族の希望")]
        }
        "decide" => &[("verb", "confirm")],
        "answer" | "letter_drop" => &[],
        "explain" => &[("cause", "family"), ("reason", "家族が外出していた")],
        "letter_edit" | "letter_draft" | "letter_sign" => &[("base", "1"), ("reason", "書き間違い")],
        "set_account" => &[("verb", "suspend"), ("reason", "休職")],
        "end_invitation" | "hand_over" => &[],
        "post" | "new_post" => &[("text", "発熱"), ("body", "発熱")],
        "call" => &[("to", "佐藤医師"), ("outcome", "往診する")],
        "correct" => &[("text", "発熱"), ("body", "発熱"), ("reason", "書き間違い")],
        "withdraw" | "take_back" => &[("reason", "別の方の記録")],
        "acknowledge" => &[],
        _ => return None,
    };
    let mut body: Body =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    if route.name == "api_open_task" {
        body.push(("run".to_owned(), places["run"].clone()));
    }
    Some(body)
}

/// The same body as a program sends it, with what only programs say.
fn as_json(route: &Route, body: Body) -> String {
    let entry = EntryId::new().to_string();
    let text = |name: &str| {
        let found = body.iter().find(|(own, _)| own == name);
        found.map_or_else(String::new, |(_, value)| value.clone())
    };
    let letter = slip("2026-11-20");
    let value = match route.name {
        "api_task" => serde_json::json!({ "entry": entry, "verb": "claim" }),
        "api_run" => serde_json::json!({ "entry": entry, "verb": "suspend", "reason": text("reason") }),
        "api_open_task" => serde_json::json!({
            "entry": entry, "run": text("run"), "title": text("title"), "role": text("role"),
            "reason": text("reason"),
        }),
        "api_decide" => serde_json::json!({ "entry": entry, "choice": "confirm" }),
        "api_explain" => {
            serde_json::json!({ "entry": entry, "cause": "family", "reason": text("reason") })
        }
        "api_new_post" => serde_json::json!({ "entry": entry, "text": text("text") }),
        "api_correct" => {
            serde_json::json!({ "entry": entry, "text": text("text"), "reason": text("reason") })
        }
        "api_withdraw" | "api_take_back" => serde_json::json!({ "entry": entry, "reason": text("reason") }),
        "api_call" => serde_json::json!({ "entry": entry, "to": text("to"), "outcome": text("outcome") }),
        "api_letter_draft" => serde_json::json!({ "form": "doctor-slip", "answers": letter }),
        "api_letter_sign" => {
            let reason = text("reason");
            serde_json::json!({ "entry": entry, "form": "doctor-slip", "answers": letter, "supersedes": 1,
                                "reason": reason })
        }
        // Whatever was thrown away on the pages stands again for the program.
        "api_keep_draft" => serde_json::json!({ "text": "{}" }),
        "api_copy" => serde_json::json!({ "draft": EntryId::new() }),
        "api_simulate" => serde_json::json!({ "from": "2026-11-22", "days": 7 }),
        _ => serde_json::json!({ "entry": entry }),
    };
    value.to_string()
}

/// What there is beside 田中さん.
struct Region {
    tanaka: Things,
    /// Another patient, of another station.
    suzuki: Things,
    office: OfficeId,
    person: PersonId,
    invitation: InvitationId,
    /// What 佐藤 proposed for publishing.
    change: ChangeId,
}

/// Ids that stand for nothing, on a patient.
fn unmade(patient: PatientId) -> Things {
    let id = || EntryId::new().0;
    Things {
        patient,
        post: 1,
        run: renkei::kernel::id::RunId(id()),
        task: TaskId(id()),
        proposal: renkei::kernel::id::ProposalId(id()),
        ask: renkei::kernel::id::AskId(id()),
        variance: renkei::kernel::id::VarianceId(id()),
        happening: EntryId::new(),
        letter: LetterId(id()),
    }
}

/// Two patients with one of everything, the ended seats, the daughter, an invitation, an administrator
/// of another office.
fn prepare(site: &Site) -> Region {
    site.runtime.block_on(async {
        let w = &site.ward;
        let house = &w.house;
        let (mut card, consent) = ward::someone();
        card = PatientCard { name: "鈴木 サト".into(), kana: "スズキ サト".into(), ..card };
        let suzuki = ward::register(house, w.okada, card, consent).await;
        ward::seat(house, w.okada, suzuki, w.kimura, SeatRole::Main).await;
        let hands = |patient, nurse, doctor| Hands { house, patient, nurse, doctor };
        let region = Region {
            tanaka: hands(w.tanaka, w.ito, w.sato).make(w.dental).await,
            suzuki: hands(suzuki, w.okada, w.kimura).make(w.dental).await,
            office: w.town,
            person: w.kimura,
            invitation: invite(site).await,
            change: crate::library::proposed(house, w.sato, "peg").await.1,
        };
        let home = ward::add_office(house, OfficeKind::Household, "田中家").await;
        let daughter = ward::add(house, home, Profession::Family, Rank::Member, "田中 明子", "akiko").await;
        ward::seat(house, w.ito, w.tanaka, daughter, SeatRole::Member).await;
        let station = house.read(|reading| views::house::people(reading, None)).await.unwrap();
        let station = station.into_iter().find(|one| one.id == w.okada).unwrap().office;
        let rank = Rank::OfficeAdmin;
        ward::add(house, station, Profession::VisitingNurse, rank, "小林 実", "kobayashi").await;
        end_seats(site).await;
        region
    })
}

async fn invite(site: &Site) -> InvitationId {
    let house = &site.ward.house;
    let invitation = InvitationId::new();
    let new = NewInvitation {
        id: EntryId(invitation.0),
        invitation,
        code: renkei::acts::accounts::invitation_code(house.keys(), invitation),
        office: site.ward.town,
        profession: Profession::LiaisonOfficer,
        rank: Rank::Member,
        card: InvitationCard { name: "岸 玲子".into(), kana: String::new() },
    };
    let logs = vec![house.register()];
    let who = Who::person(site.ward.nakamura);
    house.perform(who, logs, move |act| register::invite(act, &new)).await.unwrap()
}

/// The pharmacist left the team; the hospital nurse's last day was yesterday.
async fn end_seats(site: &Site) {
    let w = &site.ward;
    let (house, patient, logs) = (&w.house, w.tanaka, || vec![w.tanaka.log()]);
    let (id, yamaguchi) = (EntryId::new(), w.yamaguchi);
    house
        .perform(Who::person(w.ito), logs(), move |act| patients::unseat(act, id, patient, yamaguchi, "交代"))
        .await
        .unwrap();
    let yesterday = house.now().plus_seconds(-86_400);
    let until = Some(yesterday);
    let guest = Seated { person: w.matsumoto, role: SeatRole::Member, until, reason: "入院中".to_owned() };
    let id = EntryId::new();
    house
        .at(yesterday.plus_seconds(-86_400))
        .perform(Who::person(w.ito), logs(), move |act| patients::seat(act, id, patient, &guest))
        .await
        .unwrap();
}

/// Someone signs in, has a second browser somewhere, and a program with a token.
fn enter(site: &Site, actor: Actor) -> Caller {
    let nothing = || EntryId::new().to_string();
    let name = match actor {
        Nobody => {
            return Caller {
                browser: site.visitor(),
                program: site.visitor(),
                token: "no such token".to_owned(),
                own: ["session", "token", "draft"].map(|name| (name, nothing())).into(),
                csrf: OnceCell::new(),
            };
        }
        Member => "ito",
        MainDoctor => "sato",
        Daughter => "akiko",
        FormerMember => "yamaguchi",
        GuestAfterTheEnd => "matsumoto",
        OtherOffice => "okada",
        Receiver => "takahashi",
        OtherAdministrator => "kobayashi",
        Administrator => "nakamura",
        Suspended => "hayashi",
    };
    let (browser, _) = site.signed_in(name);
    let house = &site.ward.house;
    let own = site.runtime.block_on(async {
        let people = house.read(|reading| views::house::people(reading, None)).await.unwrap();
        let called = PEOPLE.iter().find(|(sign_in, _)| *sign_in == name).unwrap().1;
        let person = people.into_iter().find(|one| one.name == called).unwrap().id;
        house.begin_session(person, Computer::Own).await.unwrap();
        let sessions = house.read(move |reading| views::account::sessions(reading, person)).await.unwrap();
        let session = sessions.into_iter().max_by_key(|session| session.since).unwrap().id;
        let (_, secret) = house.add_token(person, "story", &["read", "write"], 30).await.unwrap();
        let (other, _) = house.add_token(person, "to be ended", &["read"], 30).await.unwrap();
        (session.to_string(), other.to_string(), secret, person)
    });
    let draft = if matches!(actor, Daughter | FormerMember | Suspended) {
        EntryId::new().to_string()
    } else {
        site.runtime.block_on(crate::library::copied(house, own.3, "peg")).to_string()
    };
    if actor == Suspended {
        suspend(site, site.ward.hayashi);
    }
    Caller {
        browser,
        program: site.visitor(),
        token: own.2,
        own: BTreeMap::from([("session", own.0), ("token", own.1), ("draft", draft)]),
        csrf: OnceCell::new(),
    }
}

/// Who is who at the door.
const PEOPLE: [(&str, &str); 10] = [
    ("ito", "伊藤 さくら"),
    ("sato", "佐藤 健一"),
    ("akiko", "田中 明子"),
    ("yamaguchi", "山口 直樹"),
    ("matsumoto", "松本 恵"),
    ("okada", "岡田 薫"),
    ("takahashi", "高橋 亮"),
    ("kobayashi", "小林 実"),
    ("nakamura", "中村 誠"),
    ("hayashi", "林 由美"),
];

fn suspend(site: &Site, person: PersonId) {
    let (house, id) = (&site.ward.house, EntryId::new());
    let done = house.perform(Who::person(site.ward.nakamura), vec![house.register()], move |act| {
        register::set_account(act, id, person, AccountState::Suspended, "休職")
    });
    site.runtime.block_on(done).unwrap();
}
