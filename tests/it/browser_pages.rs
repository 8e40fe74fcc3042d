//! Every page of the house in a real browser. The made-up region is walked as people walk it, link by
//! link, by someone of each kind; of every page the fullest that anybody came to is looked at in both
//! languages, on a phone and on a desk, by day and in the dark, and a picture of it is kept. A page that
//! nobody can come to fails the story, and so does a link that leads nowhere.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::VecDeque;
use std::path::Path;

use askama::Template;
use renkei::kernel::seal::Keys;
use renkei::kernel::time::Clock;
use renkei::ops::demo;
use renkei::store::Place;
use renkei::web::Options;
use renkei::web::routes::ROUTES;

use crate::support::Kind;
use crate::support::browser::Browser;
use crate::support::browser::Screen;
use crate::support::browser::build_folder;
use crate::support::site::Serving;
use crate::support::site::runtime;
use crate::support::visitor::Page;
use crate::support::visitor::Visitor;

/// Addresses one can get that are no pages; the JSON face is none either.
const NO_PAGES: &[&str] = &[
    // For programs.
    "asset",
    "alive",
    "ready",
    "live",
    "letter_text",
    // Parts, which a page fetches again.
    "waiting",
    "posts",
    "plan_part",
    "tasks_part",
    "referrals_board",
    // They lead on to a page.
    "one_post",
    "letter_new",
    "letter_by_patient",
    "letter_amend",
];

/// Who walks: the region's administrator, a visiting nurse with most of the patients, another one with the
/// dying, a care manager, a hospital's social worker, the dental liaison room, a doctor.
const WALKERS: [&str; 7] =
    ["三枝 隆文", "桐谷 早苗", "片瀬 遥", "糸井 裕子", "村瀬 圭吾", "堀内 ゆかり", "守野 聡"];

/// How many pages of one kind one walker opens.
const OF_A_KIND: usize = 8;

/// A page that someone came to.
#[derive(Debug, Clone)]
struct Seen {
    route: &'static str,
    path: String,
    /// Who came there; nobody in particular at the door.
    who: Option<&'static str>,
    weight: usize,
}

/// The name of the address in the table of routes, of those that have pages.
fn route_of(path: &str) -> Option<&'static str> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |pattern: &str| {
        let pattern: Vec<&str> = pattern.split('/').collect();
        let same = |(a, b): (&&str, &&str)| a == b || a.starts_with('{') && !b.is_empty();
        pattern.len() == parts.len() && pattern.iter().zip(&parts).all(same)
    };
    ROUTES.iter().find(|route| route.method == "GET" && fits(route.path)).map(|route| route.name)
}

fn pages() -> impl Iterator<Item = &'static str> {
    let gets = ROUTES.iter().filter(|route| route.method == "GET" && !route.path.starts_with("/api/"));
    gets.map(|route| route.name).filter(|name| !NO_PAGES.contains(name))
}

fn path_of(page: &Page) -> String {
    let query = page.url.query().map_or_else(String::new, |query| format!("?{query}"));
    format!("{}{query}", page.url.path())
}

/// Presses a made-up person on the demo's door.
fn enter(site: &str, name: &str) -> Visitor {
    let visitor = Visitor::of(site);
    let door = visitor.get("/sign-in");
    visitor.send(&door, &button_of(&door, name), &[]).is(200);
    visitor
}

fn button_of(door: &Page, name: &str) -> String {
    let people =
        door.texts("button.door-person").into_iter().zip(door.attributes("button.door-person", "value"));
    let found = people.into_iter().find(|(words, _)| words.contains(name));
    found.unwrap_or_else(|| panic!("{name} is not on the door")).1
}

/// Follows every link from the start page on, a few of each kind: what was seen, and what led nowhere.
fn walk(site: &str, who: &'static str) -> (Vec<Seen>, Vec<String>) {
    let visitor = enter(site, who);
    let (mut seen, mut dead) = (Vec::new(), Vec::new());
    let (mut known, mut opened) = (BTreeSet::new(), BTreeMap::<&str, usize>::new());
    let mut ahead = VecDeque::from(["/".to_owned()]);
    while let Some(path) = ahead.pop_front() {
        if !known.insert(path.clone()) {
            continue;
        }
        let Some(route) = route_of(&path) else {
            dead.push(format!("{who}: {path} is no address"));
            continue;
        };
        let count = opened.entry(route).or_default();
        *count += 1;
        if *count > OF_A_KIND {
            continue;
        }
        let page = visitor.get(&path);
        if page.status != 200 {
            dead.push(format!("{who}: {path} answers {}", page.status));
        }
        if !page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            continue;
        }
        let here = path_of(&page);
        let route = route_of(&here).unwrap_or(route);
        ahead.extend(links(&page));
        seen.push(Seen { route, path: here, who: Some(who), weight: page.body.len() });
    }
    (seen, dead)
}

/// Where one can go from a page; and where what folds out in it can be opened by itself.
fn links(page: &Page) -> Vec<String> {
    let links = page.attributes("a[href]", "href").into_iter().filter_map(|href| page.url.join(&href).ok());
    let own = links.filter(|link| link.origin() == page.url.origin());
    let mut paths: Vec<String> = own
        .map(|link| match link.query() {
            Some(query) => format!("{}?{query}", link.path()),
            None => link.path().to_owned(),
        })
        .collect();
    let skips = page.attributes("details form[action*='/tasks/']", "action");
    paths.extend(skips.into_iter().map(|action| format!("{action}/skip")));
    paths
}

/// What nobody finds by walking: an invitation, a draft that is nearly ready, a record at rest.
fn prepare(site: &str) -> Vec<Seen> {
    let mut made = Vec::new();
    let mut keep = |route, page: &Page, who| {
        made.push(Seen { route, path: path_of(page), who, weight: usize::MAX });
    };
    let admin = enter(site, "三枝 隆文");
    let office = admin.follow(&admin.get("/admin"), "訪問看護ステーションこだま");
    let invited = admin.send(&office, "招待を作る", &[("name", "岸 玲子"), ("profession", "visiting_nurse")]);
    let link = invited.is(200).texts("#fresh-link").concat();
    keep("join_page", &Visitor::of(site).get(link.strip_prefix(site).unwrap()), None);

    // Somebody has left and is to hand over what they held.
    let station = admin.follow(&admin.get("/admin"), "訪問リハビリテーションあゆみ");
    let left = admin.send(&station, "利用を止める", &[("reason", "退職のため")]);
    keep("hand_over_page", &admin.follow(&left, "仕事を引き継ぐ"), Some("三枝 隆文"));

    // One version that two published, so that there are two to compare; and one that waits.
    let doctor = enter(site, "守野 聡");
    let draft = doctor.send(&doctor.get("/pathways/peg"), "地域の版を作る", &[]);
    let change = doctor.send(&draft, "公開を申し出る", &[("reason", "地域の版として始める")]);
    admin.send(&admin.get(change.url.path()), "確認して公開する", &[]).is(200);
    let draft = admin.send(&admin.get("/pathways/peg"), "地域の版を作る", &[]);
    let edit = admin.get(&format!("{}/edit", draft.url.path()));
    let text = edit.texts("textarea[name=text]").concat().replacen(
        "カテーテルを交換する",
        "カテーテルを取り替える",
        1,
    );
    let draft = admin.send(&edit, "原稿を残す", &[("text", &text)]);
    admin.send(&draft, "公開を申し出る", &[("reason", "地域での呼び方に合わせた")]).is(200);

    let nurse = enter(site, "桐谷 早苗");
    let thread = nurse.follow(&nurse.get("/patients"), "水上 ハル");
    let letters = nurse.get(&format!("{}/letters", thread.url.path()));
    let form = nurse.send(&letters, "dental-referral", &[]);
    let words = [("f.route", "liaison_room"), ("f.complaint_note", "下の入れ歯が痛くて噛めない")];
    let check = nurse.send(&form, "内容を確かめる", &words);
    keep("letter_check", check.is(200), Some("桐谷 早苗"));

    let other = enter(site, "片瀬 遥");
    let thread = other.follow(&other.get("/patients"), "遠山 進");
    let team = other.get(&format!("{}/team", thread.url.path()));
    let frozen = other.send(&team, "撤回を記録して止める", &[("withdraw_reason", "ご家族の希望")]);
    keep("consent_page", frozen.is(200), Some("片瀬 遥"));
    made
}

/// Of each page the fullest; and what nobody came to.
fn choose(seen: Vec<Seen>) -> (Vec<Seen>, Vec<&'static str>) {
    let mut fullest: BTreeMap<&'static str, Seen> = BTreeMap::new();
    for one in seen {
        match fullest.get(one.route) {
            Some(other) if other.weight >= one.weight => {}
            _ => drop(fullest.insert(one.route, one)),
        }
    }
    let missing = pages().filter(|name| !fullest.contains_key(name)).collect();
    let mut chosen: Vec<Seen> =
        fullest.into_values().filter(|one| pages().any(|name| name == one.route)).collect();
    chosen.sort_by_key(|one| one.who);
    (chosen, missing)
}

const LANGUAGES: [&str; 2] = ["ja", "en"];
const SCREENS: [(Screen, &str); 2] = [(Screen::Phone, "phone"), (Screen::Desk, "desk")];

/// Looks at pages one after another, in windows of those who came to them: what is wrong, a line each.
fn look_at_all(site: &str, pages: &[Seen], folder: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    for of_one in pages.chunk_by(|a, b| a.who == b.who) {
        let browser = Browser::open(site, Screen::Desk);
        browser.go("/sign-in");
        if let Some(who) = of_one.first().and_then(|one| one.who) {
            let door = Visitor::of(site).get("/sign-in");
            browser.press_at(&format!("button[value='{}']", button_of(&door, who)));
            browser.see("自分あて");
        }
        for page in of_one {
            wrong.extend(look_at(&browser, page.route, &page.path, folder));
        }
    }
    wrong
}

/// Looks at one page in every way one can read it. The dark changes colours and nothing else.
fn look_at(browser: &Browser, route: &str, path: &str, folder: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    for language in LANGUAGES {
        browser.read_in(language);
        browser.go(path);
        for (screen, way) in SCREENS {
            browser.use_screen(screen);
            let name = format!("{route}-{language}-{way}");
            browser.picture_in(folder, &name);
            let mut flaws = browser.barriers();
            flaws.extend(browser.covered().into_iter().map(|stop| format!("covered: {stop}")));
            flaws.extend(browser.sticking_out().into_iter().map(|part| format!("too wide: {part}")));
            wrong.extend(flaws.into_iter().map(|flaw| format!("{name}: {flaw}")));
            if browser.overflow() > 0 {
                wrong.push(format!("{name}: {} pixels too wide", browser.overflow()));
            }
        }
        if language == "ja" {
            browser.in_the_dark(true);
            browser.picture_in(folder, &format!("{route}-{language}-dark"));
            wrong.extend(browser.pale().into_iter().map(|flaw| format!("{route} in the dark: {flaw}")));
            browser.in_the_dark(false);
        }
        if route.ends_with("_print") {
            std::fs::write(folder.join(format!("{route}-{language}.pdf")), browser.print()).unwrap();
        }
        let complaints = browser.complaints().into_iter();
        wrong.extend(complaints.map(|why| format!("{route} in {language}: {why}")));
    }
    wrong
}

/// All pictures on one sheet, for people.
#[derive(Template)]
#[template(
    ext = "html",
    source = "<!doctype html><html lang=en><meta charset=utf-8><title>Renkei, every page</title>\
        {% for page in pages %}<h2>{{ page }}</h2><p>{% for way in ways %}\
        <a href='{{ page }}-{{ way }}.png'><img src='{{ page }}-{{ way }}.png' alt='{{ way }}' height=480 \
        loading=lazy></a> {% endfor %}</p>{% endfor %}</html>"
)]
struct ContactSheet<'a> {
    pages: Vec<&'a str>,
    ways: [&'static str; 5],
}

#[test]
fn every_page_is_well_made_in_every_way_one_can_read_it() {
    let runtime = runtime();
    let place = Place::parse(&Kind::Sqlite.fresh()).unwrap();
    let house = demo::build(&place, Keys::random().unwrap(), Clock::System.now());
    let house = runtime.block_on(house).unwrap();
    let options = Options { demo: true, ..Options::default() };
    let serving = Serving::start(&runtime, house.clone(), options);
    let door = Serving::start(&runtime, house, Options::default());

    let mut seen = prepare(&serving.address);
    let mut dead = Vec::new();
    std::thread::scope(|scope| {
        let site = &serving.address;
        let walks: Vec<_> = WALKERS.iter().map(|who| scope.spawn(move || walk(site, who))).collect();
        for walk in walks {
            let (more, leads_nowhere) = walk.join().unwrap();
            seen.extend(more);
            dead.extend(leads_nowhere);
        }
    });
    assert_eq!(dead, Vec::<String>::new(), "links that lead nowhere");
    let (chosen, missing) = choose(seen);
    assert_eq!(missing, ["sign_in_page"], "nobody came to these pages");

    let folder = build_folder("pages");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let nobody = Browser::open(&door.address, Screen::Desk);
    nobody.go("/sign-in");
    let mut wrong = look_at(&nobody, "sign_in_page", "/sign-in", &folder);
    let (one, other) = chosen.split_at(chosen.len() / 2);
    std::thread::scope(|scope| {
        let looks = [one, other].map(|pages| {
            let (site, folder) = (&serving.address, &folder);
            scope.spawn(move || look_at_all(site, pages, folder))
        });
        looks.into_iter().for_each(|look| wrong.extend(look.join().unwrap()));
    });
    let sheet = ContactSheet {
        pages: pages().collect(),
        ways: ["ja-phone", "en-phone", "ja-desk", "en-desk", "ja-dark"],
    };
    std::fs::write(folder.join("index.html"), sheet.render().unwrap()).unwrap();
    assert_eq!(wrong, Vec::<String>::new(), "{} things are wrong", wrong.len());
    serving.stop(&runtime);
    door.stop(&runtime);
}
