//! Every address of the house, tried by everyone one could be. The table of routes says who may; these
//! stories try each row as each of them, with an existing patient and with one that never was. A row
//! whose path holds something this file cannot fill fails the story.

use std::collections::{BTreeMap, BTreeSet};

use renkei::access::Need;
use renkei::acts::Who;
use renkei::acts::patients;
use renkei::acts::plans;
use renkei::acts::register;
use renkei::acts::threads;
use renkei::acts::views;
use renkei::kernel::id::{EntryId, PatientId, PersonId, RunId};
use renkei::record::Audience;
use renkei::record::payload::{AccountState, Post, SeatRole, Seated};
use renkei::web::routes::{May, ROUTES, Route};

use crate::support::site::{Site, in_each_site};
use crate::support::visitor::{Page, Visitor};

/// Who tries the addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Actor {
    /// Not signed in.
    Nobody,
    /// 伊藤, visiting nurse, of the team.
    Member,
    /// 佐藤, the main doctor.
    MainDoctor,
    /// 山口, pharmacist, whose seat was ended.
    FormerMember,
    /// 松本, hospital nurse, whose temporary seat ended yesterday.
    GuestAfterTheEnd,
    /// 岡田, visiting nurse of another station.
    OtherOffice,
    /// 高橋, dentist, of no team.
    Dentist,
    /// 中村, administrator of the region.
    Administrator,
    /// 林, care manager of the team whose account was suspended while signed in.
    Suspended,
}

use Actor::*;

const ACTORS: [Actor; 9] = [
    Nobody,
    Member,
    MainDoctor,
    FormerMember,
    GuestAfterTheEnd,
    OtherOffice,
    Dentist,
    Administrator,
    Suspended,
];

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

/// Things that the story's patient has none of: whoever is in the team is told so, everyone else is
/// refused as ever.
const UNMADE: [&str; 7] = ["proposal", "variance", "ask", "letter", "invitation", "session", "token"];

fn names_something_unmade(route: &Route) -> bool {
    UNMADE.iter().any(|name| route.path.contains(&format!("{{{name}}}")))
}

/// What the table promises.
fn expected(route: &Route, actor: Actor) -> &'static [Answer] {
    let of_team = matches!(actor, Member | MainDoctor);
    let own = matches!(route.may, May::Member) && !matches!(actor, Nobody | Suspended);
    if (of_team || own || actor == Administrator) && names_something_unmade(route) {
        return &[Answer::In, Answer::Forbidden, Answer::Missing];
    }
    let may = route.may;
    let signed_in = !matches!(actor, Nobody | Suspended);
    match may {
        May::Anyone => &[Answer::In, Answer::Missing, Answer::Door],
        _ if !signed_in => &[Answer::Door],
        May::Member => &[Answer::In],
        May::Patient(Need::Tick) | May::Letter(Need::Tick) => &[Answer::Missing],
        // Who may see a record may still be told that this act is not for them: one's own post needs no
        // acknowledgement, another's is not one's own to correct.
        // Consent that stands cannot be given again: there is no such page until it was withdrawn.
        May::Patient(Need::Reconsent) if of_team => &[Answer::In, Answer::Forbidden, Answer::Missing],
        May::Patient(_) | May::Letter(_) if of_team => &[Answer::In, Answer::Forbidden],
        May::Patient(_) | May::Letter(_) => &[Answer::Missing],
        May::OfficeAdmin | May::RegionAdmin if actor == Administrator => &[Answer::In],
        May::OfficeAdmin | May::RegionAdmin => &[Answer::Forbidden, Answer::Missing],
    }
}

fn answer(page: &Page) -> Answer {
    match page.status {
        200 if page.url.path() == "/sign-in" => Answer::Door,
        200 | 204 | 400 | 409 | 422 => Answer::In,
        401 => Answer::Door,
        403 => Answer::Forbidden,
        404 => Answer::Missing,
        other => Answer::Odd(other),
    }
}

#[test]
fn every_address_lets_in_whom_the_table_names_and_nobody_else() {
    in_each_site(|site| {
        let places = prepare(site);
        let mut tried = 0;
        let mut wrong = Vec::new();
        let mut welcomed = BTreeSet::new();
        for actor in ACTORS {
            let visitor = enter(site, actor);
            for route in ROUTES.iter().filter(|route| stays_in(route)) {
                let page = knock(&visitor, route, &fill(route.path, &places));
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
        let guarded = ROUTES.iter().filter(|route| {
            stays_in(route)
                && !matches!(route.may, May::Anyone | May::Patient(Need::Reconsent))
                && !names_something_unmade(route)
        });
        let closed: Vec<_> = guarded.filter(|route| !welcomed.contains(route.name)).collect();
        assert!(closed.is_empty(), "nobody at all is let in to {closed:?}");
        let pages = ROUTES.iter().filter(|route| stays_in(route)).count();
        assert!(tried >= pages * 8, "{tried} tries");
    });
}

/// What is there and not for you answers exactly as what was never there: in status, words and headers.
#[test]
fn a_foreign_record_answers_like_one_that_never_was() {
    in_each_site(|site| {
        let there = prepare(site);
        let mut nowhere = there.clone();
        nowhere.insert("patient", PatientId::new().to_string());
        let mut wrong = Vec::new();
        for actor in [OtherOffice, FormerMember, GuestAfterTheEnd, Administrator, Dentist] {
            let visitor = enter(site, actor);
            for route in ROUTES.iter().filter(|route| matches!(route.may, May::Patient(_))) {
                let [one, other] =
                    [&there, &nowhere].map(|places| face(&knock(&visitor, route, &fill(route.path, places))));
                if one != other {
                    let [one, other] = [format!("{one:?}"), format!("{other:?}")];
                    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
                    let [one, other] = [one, other]
                        .map(|face| face.chars().skip(same.saturating_sub(40)).take(120).collect::<String>());
                    wrong.push(format!("{actor:?} {} {}:\n  {one}\n  {other}", route.method, route.path));
                }
            }
        }
        assert!(wrong.is_empty(), "{} addresses tell:\n{}", wrong.len(), wrong.join("\n"));
    });
}

/// What one can tell from an answer: all of it but the request's own number.
fn face(page: &Page) -> (u16, String, Vec<String>) {
    let own = page.header("x-request-reference").unwrap_or("none").to_owned();
    let body = page.body.replace(&own, "").replace(page.url.path(), "");
    let names = page.headers.iter().filter(|(name, _)| name != "date");
    let mut headers: Vec<_> =
        names.map(|(name, value)| format!("{name}: {}", value.replace(&own, ""))).collect();
    headers.sort();
    (page.status, body, headers)
}

/// A stream answers only by going on, and signing out would end the visit. The JSON face knows tokens
/// and no visitors: `http_api` tells its stories.
fn stays_in(route: &Route) -> bool {
    !matches!(route.name, "live" | "sign_out") && !route.path.starts_with("/api/")
}

/// One request as a browser of this house would make it, with an empty form where one is sent.
fn knock(visitor: &Visitor, route: &Route, path: &str) -> Page {
    if route.method == "GET" {
        return visitor.get(path);
    }
    let home = visitor.get("/account");
    let token = home.attributes("input[name=csrf]", "value").into_iter().next().unwrap_or_default();
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("csrf", &token)
        .append_pair("entry", &EntryId::new().to_string())
        .finish();
    visitor.raw(route.method, path, Some(body), &[])
}

/// The path with its `{names}` filled in.
fn fill(path: &str, places: &BTreeMap<&str, String>) -> String {
    let part = |part: &str| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some(name) => places
            .get(name)
            .unwrap_or_else(|| panic!("{path}: give `{name}` a value in `prepare`, so that it can be tried"))
            .clone(),
        None => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// What paths may name; and the ended seats.
fn prepare(site: &Site) -> BTreeMap<&'static str, String> {
    let ward = &site.ward;
    let (house, patient) = (&ward.house, ward.tanaka);
    let logs = || vec![patient.log()];
    let (post, run, task) = site.runtime.block_on(async {
        let (id, yamaguchi) = (EntryId::new(), ward.yamaguchi);
        house
            .perform(Who::person(ward.ito), logs(), move |act| {
                patients::unseat(act, id, patient, yamaguchi, "交代")
            })
            .await
            .unwrap();
        let yesterday = house.now().plus_seconds(-86_400);
        let guest = Seated {
            person: ward.matsumoto,
            role: SeatRole::Member,
            until: Some(yesterday),
            reason: "入院中".to_owned(),
        };
        let id = EntryId::new();
        house
            .at(yesterday.plus_seconds(-86_400))
            .perform(Who::person(ward.ito), logs(), move |act| patients::seat(act, id, patient, &guest))
            .await
            .unwrap();
        let new = threads::NewPost {
            id: EntryId::new(),
            patient,
            audience: Audience::Staff,
            post: Post { text: "発熱37.8度".to_owned(), ..Post::default() },
        };
        let post =
            house.perform(Who::person(ward.ito), logs(), move |act| threads::post(act, &new)).await.unwrap();
        let (id, run, hash) = (
            EntryId::new(),
            RunId::new(),
            house.library().pathways.current("end-of-life").unwrap().hash.clone(),
        );
        house
            .perform(Who::person(ward.ito), logs(), move |act| plans::start(act, id, patient, run, &hash))
            .await
            .unwrap();
        let state = house.look(ward.ito, patient, "plan", views::plan::state).await.unwrap();
        (post, run, state.open_tasks().next().unwrap().id)
    });
    let unmade = UNMADE.into_iter().map(|name| (name, EntryId::new().to_string()));
    let made = BTreeMap::from([
        ("run", run.to_string()),
        ("office", ward.town.to_string()),
        ("person", ward.kimura.to_string()),
        ("task", task.to_string()),
        ("pathway", "peg".to_owned()),
        ("patient", patient.to_string()),
        ("post", post.to_string()),
        ("code", "no-such-invitation".to_owned()),
        ("name", "no-such-asset".to_owned()),
    ]);
    made.into_iter().chain(unmade).collect()
}

fn enter(site: &Site, actor: Actor) -> Visitor {
    let name = match actor {
        Nobody => return site.visitor(),
        Member => "ito",
        MainDoctor => "sato",
        FormerMember => "yamaguchi",
        GuestAfterTheEnd => "matsumoto",
        OtherOffice => "okada",
        Dentist => "takahashi",
        Administrator => "nakamura",
        Suspended => "hayashi",
    };
    let (visitor, _) = site.signed_in(name);
    if actor == Suspended {
        suspend(site, site.ward.hayashi);
    }
    visitor
}

fn suspend(site: &Site, person: PersonId) {
    let (house, id) = (&site.ward.house, EntryId::new());
    let done = house.perform(Who::person(site.ward.nakamura), vec![house.register()], move |act| {
        register::set_account(act, id, person, AccountState::Suspended, "休職")
    });
    site.runtime.block_on(done).unwrap();
}
