//! A pathway that the engine cannot go on with: its run is marked and alarms, and nothing else stops. The
//! definition is one that was published before a check was known, as an older program might have left it.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use jiff::civil::date;
use renkei::acts::Act;
use renkei::acts::House;
use renkei::acts::Who;
use renkei::acts::happenings;
use renkei::acts::plans;
use renkei::acts::plans::RunAct;
use renkei::acts::views;
use renkei::acts::views::plan::PlanView;
use renkei::kernel::error::Error;
use renkei::kernel::error::Result;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::PatientId;
use renkei::kernel::id::PersonId;
use renkei::kernel::id::RunId;
use renkei::kernel::source::canonical;
use renkei::kernel::source::hash;
use renkei::pathway::Library;
use renkei::pathway::Pathway;
use renkei::pathway::case;
use renkei::pathway::event::TaskAct;
use renkei::pathway::state::Status;
use renkei::record::payload::Mark;
use renkei::record::payload::Marked;
use serde_json::Value;
use serde_json::json;

use crate::support::in_each_ward;
use crate::support::site::in_each_site;
use crate::support::things::Hands;
use crate::support::ward;
use crate::support::ward::Ward;

const DAY: i64 = 86_400;

/// A pathway that goes round from the moment a nurse's visit is told: no check of today lets it pass.
fn restless() -> Value {
    let words = |text: &str| json!({ "ja": text, "en": text });
    json!({
        "format": "pathway/1", "id": "restless", "version": "0.9.0",
        "title": words("回りつづけるパス"), "licence": "CC-BY-4.0", "reviewed": "2026-11-22", "derived_from": null, "evidence": [],
        "review": words("試験のためのもの"),
        "roles": ["visiting_nurse"],
        "facts": { "visited": { "concept": "visit.nurse" } },
        "start": { "by": ["visiting_nurse"] },
        "phases": [
            { "id": "one", "title": words("一"), "leave": [
                { "to": "two", "when": "present(visited)" },
                { "to": "end", "choose": ["visiting_nurse"] } ] },
            { "id": "two", "title": words("二"), "leave": [ { "to": "one", "when": "present(visited)" } ] },
            { "id": "end", "title": words("終わり"), "end": true } ],
        "units": [ { "id": "care", "title": words("ケア"), "in": ["one", "two"], "tasks": [
            { "id": "look", "title": words("様子をみる"), "role": "visiting_nurse",
              "schedule": { "from": "start+P0D", "every": "P1D", "until": "leave" } } ] } ]
    })
}

/// Leaves it in the region's books as an older program did, and lets the house read them again.
pub async fn published_once(ward: &Ward, file: &Value) -> String {
    let (body, hash) = (canonical(file), hash(file));
    let quoted = body.replace('\'', "''");
    let [code, version] = ["id", "version"].map(|member| file[member].as_str().unwrap());
    let sql = format!(
        "INSERT INTO definition (hash, kind, code, version, state, body, seq) \
         VALUES ('{hash}', 'pathway', '{code}', '{version}', 'current', '{quoted}', 1)"
    );
    if ward.database.starts_with("postgres") {
        PgConnection::establish(&ward.database).unwrap().batch_execute(&sql).unwrap();
    } else {
        SqliteConnection::establish(&ward.database).unwrap().batch_execute(&sql).unwrap();
    }
    ward.house.reload_library().await.unwrap();
    hash
}

async fn act(
    house: &House,
    who: PersonId,
    patient: PatientId,
    verb: impl Fn(&mut Act<'_>, EntryId) -> Result<()> + Send + 'static,
) -> Result<()> {
    let id = EntryId::new();
    house.perform(Who::person(who), vec![patient.log()], move |act| verb(act, id)).await
}

async fn start(house: &House, by: PersonId, patient: PatientId, hash: &str) -> RunId {
    let (run, hash) = (RunId::new(), hash.to_owned());
    act(house, by, patient, move |act, id| plans::start(act, id, patient, run, &hash)).await.unwrap();
    run
}

async fn visited(house: &House, by: PersonId, patient: PatientId) -> Result<()> {
    let now = house.now();
    act(house, by, patient, move |act, id| happenings::tell(act, id, patient, "visit.nurse", now)).await
}

async fn on_run(house: &House, by: PersonId, patient: PatientId, run: RunId, what: RunAct) -> Result<()> {
    act(house, by, patient, move |act, id| plans::act_on_run(act, id, patient, run, &what)).await
}

async fn plan(house: &House, who: PersonId, patient: PatientId) -> PlanView {
    house.look(who, patient, "plan", views::plan::read).await.unwrap()
}

fn status(plan: &PlanView, run: RunId) -> &'static str {
    plan.state.runs[&run].status.code()
}

/// 田中さん with the sore pathway and a gastrostomy, 山田さん with a gastrostomy alone.
struct Scene {
    hash: String,
    other: PatientId,
    restless: RunId,
    peg: RunId,
    other_peg: RunId,
}

async fn scene(ward: &Ward) -> Scene {
    let (card, consent) = ward::someone();
    let card = renkei::record::cards::PatientCard {
        name: "山田 トメ".into(),
        kana: "ヤマダ トメ".into(),
        birth: Some(date(1940, 1, 3)),
        ..card
    };
    let other = ward::register(&ward.house, ward.ito, card, consent).await;
    let hash = published_once(ward, &restless()).await;
    let hands = |patient| Hands { house: &ward.house, patient, nurse: ward.ito, doctor: ward.sato };
    let peg = hands(ward.tanaka).device_and_pathway().await;
    let other_peg = hands(other).device_and_pathway().await;
    let restless = start(&ward.house, ward.ito, ward.tanaka, &hash).await;
    Scene { hash, other, restless, peg, other_peg }
}

#[test]
fn a_pathway_that_would_not_pass_today_is_kept_for_its_runs_and_offered_for_no_new_ones() {
    let concepts = renkei::concept::Concepts::shipped();
    let refused = Pathway::read("restless.json", &restless().to_string(), concepts);
    assert!(refused.unwrap_err().iter().any(|finding| finding.is_error()), "today's check stops it");
    in_each_ward(|ward| async move {
        let hash = published_once(&ward, &restless()).await;
        let library = ward.house.library();
        assert!(library.pathways.get(&hash).is_some());
        assert!(library.pathways.current("restless").is_none());
        assert!(library.pathways.current("peg").is_some(), "the others are there as before");
    });
}

#[test]
fn a_fault_marks_its_one_run_and_everything_else_goes_on() {
    in_each_ward(|ward| async move {
        let scene = scene(&ward).await;
        let calm = plan(&ward.house, ward.ito, ward.tanaka).await;
        assert_eq!(status(&calm, scene.restless), "active", "nothing is wrong before the visit");
        assert!(attention(&ward, ward.ito).await.is_empty());

        // What the nurse tells is kept, whatever the pathway makes of it.
        visited(&ward.house, ward.ito, ward.tanaka).await.unwrap();
        let seen = plan(&ward.house, ward.ito, ward.tanaka).await;
        assert!(seen.state.facts.contains_key("visit.nurse"));
        assert_eq!((status(&seen, scene.restless), status(&seen, scene.peg)), ("faulty", "active"));
        assert!(!seen.trouble, "the plan as a whole is well");
        let look = seen.state.tasks.values().find(|task| task.run == scene.restless).unwrap().id;
        assert_eq!(seen.state.runs[&scene.restless].phase, "one", "what it began was taken back");

        // Its task can still be done; the other runs of the patient and of others tick on.
        let later = ward.house.at(ward.house.now().plus_seconds(8 * DAY));
        while later.tick_due().await.unwrap() > 0 {}
        let patient = ward.tanaka;
        act(&later, ward.ito, patient, move |act, id| {
            plans::act_on_task(act, id, patient, look, &TaskAct::Done)
        })
        .await
        .unwrap();
        let after = plan(&later, ward.ito, ward.tanaka).await;
        let checks = |plan: &PlanView, run: RunId| {
            let open = plan.state.tasks.values().map(|task| (task.run, &task.code));
            let past = plan.state.closed.iter().map(|task| (task.run, &task.code));
            open.chain(past).filter(|(of, code)| *of == run && code.as_deref() == Some("site-check")).count()
        };
        assert!(checks(&after, scene.peg) > checks(&seen, scene.peg), "the gastrostomy's checks come up");
        let other = plan(&later, ward.ito, scene.other).await;
        assert_eq!(status(&other, scene.other_peg), "active");
        assert!(other.state.reached >= ward.house.now().plus_seconds(7 * DAY).stamp());
        assert!(!after.trouble && !other.trouble);
        let of_run = |plan: &PlanView| {
            let open = plan.state.tasks.values().map(|task| task.run);
            open.chain(plan.state.closed.iter().map(|task| task.run))
                .filter(|run| *run == scene.restless)
                .count()
        };
        assert_eq!(of_run(&after), of_run(&seen), "the marked run itself stands still");
    });
}

#[test]
fn the_team_sees_whose_run_it_is_and_the_administrator_only_how_many() {
    in_each_ward(|ward| async move {
        let scene = scene(&ward).await;
        visited(&ward.house, ward.ito, ward.tanaka).await.unwrap();
        let mine = attention(&ward, ward.sato).await;
        let [one] = mine.as_slice() else { panic!("{mine:?}") };
        assert_eq!(
            (one.patient, one.run, one.name.as_str()),
            (ward.tanaka, Some(scene.restless), "田中 ハル")
        );
        for outsider in [ward.okada, ward.nakamura, ward.matsumoto] {
            assert!(attention(&ward, outsider).await.is_empty());
        }
        let counted = ward.house.read(views::attention::counted).await.unwrap();
        let [one] = counted.as_slice() else { panic!("{counted:?}") };
        assert_eq!((one.hash.as_deref(), one.count), (Some(scene.hash.as_str()), 1));
        // Rows made anew from the record say the same.
        ward.house.rebuild().await.unwrap();
        assert_eq!(attention(&ward, ward.sato).await.len(), 1);
        assert_eq!(ward.house.read(views::attention::counted).await.unwrap(), counted);
    });
}

async fn attention(ward: &Ward, who: PersonId) -> Vec<views::attention::AttentionView> {
    let house = &ward.house;
    let secret = house.begin_session(who, renkei::acts::accounts::Computer::Own).await.unwrap();
    let member = house.member_of_session(&secret, false).await.unwrap();
    house.read(move |reading| views::attention::mine(reading, &member)).await.unwrap()
}

#[test]
fn a_person_tries_a_marked_run_again_or_stops_it() {
    in_each_ward(|ward| async move {
        let scene = scene(&ward).await;
        let (house, nurse, tanaka) = (&ward.house, ward.ito, ward.tanaka);
        visited(house, nurse, tanaka).await.unwrap();
        // Nothing was mended: it is marked again, and again nothing else stops.
        on_run(house, nurse, tanaka, scene.restless, RunAct::Resume).await.unwrap();
        assert_eq!(status(&plan(house, nurse, tanaka).await, scene.restless), "faulty");
        let rest = on_run(house, nurse, tanaka, scene.restless, RunAct::Suspend("少し待つ".into())).await;
        assert!(matches!(rest, Err(Error::Forbidden(_))), "{rest:?}");
        let outsider = on_run(house, ward.okada, tanaka, scene.restless, RunAct::Resume).await;
        assert!(matches!(outsider, Err(Error::Missing)), "{outsider:?}");
        // Once what made it go round is taken back, it goes on.
        let seen = plan(house, nurse, tanaka).await;
        let told = seen.state.facts["visit.nurse"].first().unwrap().origin.entry.unwrap();
        act(house, nurse, tanaka, move |act, id| {
            happenings::take_back(act, id, tanaka, told, "誤って記録した")
        })
        .await
        .unwrap();
        assert_eq!(status(&plan(house, nurse, tanaka).await, scene.restless), "faulty", "not by itself");
        on_run(house, nurse, tanaka, scene.restless, RunAct::Resume).await.unwrap();
        let mended = plan(house, nurse, tanaka).await;
        assert_eq!((status(&mended, scene.restless), status(&mended, scene.peg)), ("active", "active"));
        visited(house, nurse, tanaka).await.unwrap();
        on_run(house, nurse, tanaka, scene.restless, RunAct::Stop("使わない".into())).await.unwrap();
        let over = plan(house, nurse, tanaka).await;
        assert!(matches!(over.state.runs[&scene.restless].status, Status::Stopped { .. }));
        assert!(over.state.tasks.values().all(|task| task.run != scene.restless));
        assert!(attention(&ward, nurse).await.is_empty());
    });
}

/// The region lets a version rest because the engine cannot go on with it: runs that stand still already
/// come to rest as well, nothing is tried meanwhile, and being let go mends nothing.
#[test]
fn a_version_that_finds_no_rest_can_be_halted_before_and_after_its_runs_were_marked() {
    in_each_ward(|ward| async move {
        let scene = scene(&ward).await;
        let (house, nurse, tanaka) = (&ward.house, ward.ito, ward.tanaka);
        let calm = start(house, nurse, scene.other, &scene.hash).await;
        visited(house, nurse, tanaka).await.unwrap();
        let code = async |patient, run: RunId| plan(house, nurse, patient).await.state.runs[&run].code();
        assert_eq!((code(tanaka, scene.restless).await, code(scene.other, calm).await), ("faulty", "active"));

        mark(&ward, nurse, &scene.hash, Mark::Suspend, false).await;
        mark(&ward, ward.nakamura, &scene.hash, Mark::Suspend, true).await;
        assert_eq!((code(tanaka, scene.restless).await, code(scene.other, calm).await), ("halted", "halted"));
        assert_eq!(code(tanaka, scene.peg).await, "active", "no other version rests");
        // What would make it go round is told while it rests: nothing turns, and nobody can wake it.
        visited(house, nurse, scene.other).await.unwrap();
        assert_eq!(code(scene.other, calm).await, "halted");
        for (patient, run) in [(tanaka, scene.restless), (scene.other, calm)] {
            let again = on_run(house, nurse, patient, run, RunAct::Resume).await;
            assert!(matches!(again, Err(Error::Forbidden(_))), "{again:?}");
        }
        assert_eq!(house.bring_runs().await.unwrap(), 0, "nothing is left to do");

        mark(&ward, ward.nakamura, &scene.hash, Mark::Resume, true).await;
        let both = (code(tanaka, scene.restless).await, code(scene.other, calm).await);
        assert_eq!(both, ("faulty", "faulty"), "the one as it was, the other as soon as it is looked at");
        assert_eq!(code(scene.other, scene.other_peg).await, "active");
        assert_eq!(house.bring_runs().await.unwrap(), 0);
        on_run(house, nurse, scene.other, calm, RunAct::Stop("使わない".into())).await.unwrap();
        house.rebuild().await.unwrap();
        assert_eq!(
            (code(tanaka, scene.restless).await, code(scene.other, calm).await),
            ("faulty", "stopped")
        );
    });
}

async fn mark(ward: &Ward, who: PersonId, hash: &str, mark: Mark, may: bool) {
    let new = Marked { hash: hash.to_owned(), mark, reason: "落ち着かない".to_owned() };
    let done = ward.house.mark_version(Who::person(who), EntryId::new(), new).await;
    assert!(if may { done.is_ok() } else { matches!(done, Err(Error::Forbidden(_))) }, "{done:?}");
}

#[test]
fn two_runs_that_find_no_rest_are_both_marked_and_a_third_goes_on() {
    in_each_ward(|ward| async move {
        let scene = scene(&ward).await;
        let mut twin = restless();
        twin["id"] = json!("restless-too");
        let hash = published_once(&ward, &twin).await;
        let second = start(&ward.house, ward.ito, ward.tanaka, &hash).await;
        visited(&ward.house, ward.ito, ward.tanaka).await.unwrap();
        let seen = plan(&ward.house, ward.ito, ward.tanaka).await;
        let all = [scene.restless, second, scene.peg].map(|run| status(&seen, run));
        assert_eq!(all, ["faulty", "faulty", "active"]);
    });
}

#[test]
fn a_story_with_a_pathway_that_finds_no_rest_fails() {
    let concepts = renkei::concept::Concepts::shipped();
    let (pathway, sound) = Pathway::published("restless.json", &restless().to_string(), concepts).unwrap();
    assert!(!sound);
    let mut library = Library::new(concepts);
    library.add(pathway);
    let story = |visit: &str| {
        format!(
            r#"{{ "says": {{ "ja": "訪問", "en": "A visit" }}, "turns": [
                {{ "at": "2026-11-22T09:00:00+09:00", "by": "visiting_nurse", "start": "restless" }},
                {{ "at": "2026-11-22T10:00:00+09:00", "by": "visiting_nurse"{visit} }} ] }}"#
        )
    };
    let told = r#", "facts": { "visit.nurse": "2026-11-22T10:00:00+09:00" }"#;
    let failed = case::play(&library, "story.json", &story(told)).unwrap();
    assert!(
        failed.failures.iter().any(|finding| finding.says.en.contains("found no rest")),
        "{:?}",
        failed.failures
    );
    let calm = case::play(&library, "story.json", &story("")).unwrap();
    assert!(calm.failures.is_empty(), "{:?}", calm.failures);
}

#[test]
fn the_pages_say_that_a_run_needs_attention_and_offer_to_try_again() {
    in_each_site(|site| {
        let ward = &site.ward;
        site.runtime.block_on(async {
            scene(ward).await;
            visited(&ward.house, ward.ito, ward.tanaka).await.unwrap();
        });
        let (nurse, start) = site.signed_in("ito");
        start.is(200).says("確認が必要なパス").says("回りつづけるパス").says("計算が止まりました");
        let page = nurse.get(&format!("{}/plan", site.thread()));
        page.is(200).says("要確認").says("このパスの計算が止まりました").says("様子をみる").says("進行中");
        let again = nurse.send(&page, "もう一度動かす", &[]);
        again.is(200).says("要確認");
        let stopped = nurse.send(&again, "止める", &[("reason", "使わない")]);
        stopped.is(200).hides("要確認").says("中止");
        nurse.get("/").is(200).hides("確認が必要なパス");
    });
}

#[test]
fn the_regions_administrator_counts_marked_runs_and_learns_nobodys_name() {
    in_each_site(|site| {
        let ward = &site.ward;
        let (administrator, _) = site.signed_in("nakamura");
        administrator.get("/admin").is(200).hides("計算が止まったパス");
        site.runtime.block_on(async {
            scene(ward).await;
            visited(&ward.house, ward.ito, ward.tanaka).await.unwrap();
        });
        let page = administrator.get("/admin");
        page.is(200)
            .says("計算が止まったパス")
            .says("回りつづけるパス")
            .says("1件")
            .hides("田中")
            .hides("山田");
        administrator.get("/").is(200).hides("確認が必要なパス");
    });
}
