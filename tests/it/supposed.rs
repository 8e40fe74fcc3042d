//! Why something is not there yet, and what would follow from something supposed: the same conditions and
//! the same step, on a copy. What is supposed changes nothing; done for real, it comes as it was said.

use renkei::kernel::id::RunId;
use serde_json::Value;
use serde_json::json;

use crate::http_api::ask;
use crate::http_api::token;
use crate::http_plan::device_card;
use crate::http_plan::site_check;
use crate::http_plan::start_peg;
use crate::support::browser::Screen;
use crate::support::site::Site;
use crate::support::site::in_each_site;
use crate::support::things::Hands;
use crate::support::ward;

fn plan(site: &Site) -> String {
    format!("{}/plan", site.thread())
}

fn api(site: &Site, rest: &str) -> String {
    format!("/api/v1/patients/{}/{rest}", site.ward.tanaka)
}

fn hands(site: &Site) -> Hands<'_> {
    let ward = &site.ward;
    Hands { house: &ward.house, patient: ward.tanaka, nurse: ward.ito, doctor: ward.sato }
}

fn get(site: &Site, who: &str, rest: &str) -> Value {
    let page = ask(&site.visitor(), &token(site, who, &["read", "write"]), "GET", &api(site, rest), None);
    serde_json::from_str(&page.is(200).body).unwrap()
}

fn suppose(site: &Site, who: &str, what: &Value) -> crate::support::visitor::Page {
    let token = token(site, who, &["read", "write"]);
    ask(&site.visitor(), &token, "POST", &api(site, "plan/what-if"), Some(&what.to_string()))
}

fn supposed(site: &Site, what: Value) -> Value {
    serde_json::from_str(&suppose(site, "ito", &what).is(200).body).unwrap()
}

fn found<'a>(said: &'a Value, part: &str, code: &str) -> &'a Value {
    let all = said["not_yet"].as_array().unwrap();
    all.iter()
        .find(|one| one["part"] == part && one["code"] == code)
        .unwrap_or_else(|| panic!("no {part} {code} in {all:#?}"))
}

fn titles(said: &Value, kind: &str) -> Vec<String> {
    let of = |one: &Value| one["title"]["ja"].as_str().unwrap_or_default().to_owned();
    said["difference"][kind].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn what_is_not_there_yet_says_which_facts_hold_fail_and_are_missing_and_when_time_would_change_that() {
    in_each_site(|site| {
        device_card(site, "balloon");
        let (nurse, _) = site.signed_in("ito");
        start_peg(site, &nurse).is(200);
        let said = get(site, "ito", "plan/not-yet");
        let exit = found(&said, "exit", "stable");
        assert!(exit["why"]["says"]["ja"].as_str().unwrap().contains("分からない"), "{exit}");
        let tree = exit["why"]["parts"][0].clone();
        assert_eq!(tree["holds"], "unknown");
        let parts: Vec<&Value> =
            tree["parts"].as_array().unwrap().iter().map(|part| &part["holds"]).collect();
        assert_eq!(parts, [&json!("true"), &json!("unknown")], "placed long ago, the skin was not looked at");
        assert!(exit["concepts"].as_array().unwrap().contains(&json!("skin_grade")));
        let rule = found(&said, "rule", "severe-skin");
        assert_eq!(rule["why"]["parts"][0]["holds"], "unknown");

        site_check(site, "mild");
        let said = get(site, "ito", "plan/not-yet");
        let exit = found(&said, "exit", "stable");
        assert!(exit["why"]["says"]["ja"].as_str().unwrap().contains("成り立っていません"), "{exit}");
        // In ten days what was seen is too old: then nothing is known any more.
        assert_eq!(exit["turns"]["to"], "unknown", "{exit}");
        let later = site.ward.house.now().plus_seconds(9 * 86_400).stamp().to_string();
        assert!(exit["turns"]["at"].as_str().unwrap() > later.as_str(), "{exit}");

        let page = nurse.get(&plan(site));
        let page = nurse.follow(&page, "まだ起きていないことと理由");
        page.is(200)
            .says("次の段階への道")
            .says("規則")
            .says("皮膚の状態が重い")
            .says("✗")
            .says("伊藤 さくら");
        page.says("ほかに何も記録されなければ").says("もし分かったら");

        site_check(site, "none");
        let said = get(site, "ito", "plan/not-yet");
        let gone = said["not_yet"].as_array().unwrap().iter().all(|one| one["code"] != "stable");
        assert!(gone, "what is proposed is there, and no longer not there: {said}");
        let (outsider, _) = site.signed_in("okada");
        outsider.get(&format!("{}/not-yet", plan(site))).is(404).hides("皮膚");
    });
}

#[test]
fn time_alone_is_said_to_change_what_only_time_decides() {
    in_each_site(|site| {
        // Placed a week ago: the fourteenth day is still to come.
        let placed = site.ward.house.now().plus_seconds(-7 * 86_400).day();
        let today = site.ward.house.now().day().to_string();
        crate::http_plan::sign(
            site,
            "peg-device",
            json!({ "name": "田中 ハル", "checked_on": today, "placed_on": placed.to_string(), "stopper": "bumper",
                    "outer": "tube", "size_fr": 20, "inserted_on": placed.to_string(), "call_day": "佐藤医院",
                    "call_night": "佐藤医院" }),
        );
        let (nurse, _) = site.signed_in("ito");
        start_peg(site, &nurse).is(200);
        site_check(site, "none");
        let said = get(site, "ito", "plan/not-yet");
        let turns = &found(&said, "exit", "stable")["turns"];
        assert_eq!(turns["to"], "true", "{said}");
        let at: jiff::Timestamp = turns["at"].as_str().unwrap().parse().unwrap();
        let day = placed.saturating_add(jiff::Span::new().days(14));
        assert_eq!(renkei::kernel::time::Time::from(at).day(), day);
        // Supposed that nothing happens until then, it is proposed; an hour before, it is not.
        let until = |at: jiff::Timestamp| {
            let at = renkei::kernel::time::Time::from(at);
            supposed(site, json!({ "suppose": "until", "at": at }))
        };
        assert_eq!(titles(&until(at), "proposed").len(), 1);
        let before = at.checked_sub(jiff::SignedDuration::from_hours(1)).unwrap();
        assert!(titles(&until(before), "proposed").is_empty());
    });
}

#[test]
fn what_would_follow_is_what_follows_and_supposing_it_writes_nothing() {
    in_each_site(|site| {
        let proposal = site.runtime.block_on(hands(site).propose());
        let state = || site.runtime.block_on(hands(site).state());
        let before = state();
        let head = get(site, "ito", "thread")["head"].clone();

        let all = supposed(site, json!({ "suppose": "confirm", "proposal": proposal }));
        let run = &all["difference"]["runs"][0];
        assert_eq!((run["to"]["ja"].as_str(), run["state"].as_str()), (Some("臨死期"), Some("active")));
        assert!(!titles(&all, "opened").is_empty() && !titles(&all, "closed").is_empty(), "{all}");
        let alone = json!({ "suppose": "confirm", "proposal": proposal, "person": site.ward.hayashi });
        let alone = supposed(site, alone);
        assert!(alone["difference"]["runs"].as_array().unwrap().is_empty(), "a doctor must be among them");
        assert_eq!(alone["difference"]["waiting"].as_array().unwrap().len(), 1);
        let no = supposed(site, json!({ "suppose": "decline", "proposal": proposal }));
        assert_eq!(no["difference"]["ended"][0]["ended"], "declined");
        assert!(no["difference"]["runs"].as_array().unwrap().is_empty());

        assert_eq!(state(), before, "nothing of it happened");
        assert_eq!(get(site, "ito", "thread")["head"], head, "and nothing was written");

        // The page says the same as the JSON face, and then it is done for real.
        let (doctor, _) = site.signed_in("sato");
        let page = doctor.get(&plan(site));
        let page = doctor.follow(&page, "もし〜だったら");
        let told = doctor.send(&page, "試す", &[("suppose", &format!("confirm:{proposal}"))]);
        told.is(200)
            .says("こうなります（仮）")
            .says("臨死期")
            .says("記録は変わっていません")
            .says("現れる仕事");
        assert_eq!(state(), before);
        doctor.send(&doctor.get(&plan(site)), "臨死期と考える（日の単位）", &[]).is(200);
        let open = |state: &renkei::pathway::PatientState| -> Vec<String> {
            let mut titles: Vec<String> = state
                .tasks
                .values()
                .filter(|task| !before.tasks.contains_key(&task.id))
                .map(|task| task.title.ja.to_string())
                .collect();
            titles.sort();
            titles
        };
        let after = state();
        assert!(after.runs.values().any(|run| run.phase == "dying"), "{:?}", after.runs);
        let mut said = titles(&all, "opened");
        said.sort();
        assert_eq!(said, open(&after), "what came up is what was said");
    });
}

#[test]
fn a_fact_is_supposed_with_a_control_of_its_own_kind_and_a_wrong_value_is_refused() {
    in_each_site(|site| {
        device_card(site, "balloon");
        let (nurse, _) = site.signed_in("ito");
        start_peg(site, &nurse).is(200);
        let fact = |value: Value| json!({ "suppose": "fact", "concept": "skin_grade", "value": value });
        let severe = supposed(site, fact(json!("severe")));
        assert!(titles(&severe, "opened").iter().any(|title| title.contains("診察")), "{severe}");
        assert_eq!(severe["difference"]["asked"].as_array().unwrap().len(), 1);
        let none = supposed(site, fact(json!("none")));
        assert!(titles(&none, "opened").is_empty() && titles(&none, "proposed").len() == 1, "{none}");
        suppose(site, "ito", &fact(json!("terrible"))).is(422);
        let past = json!({ "suppose": "until", "at": site.ward.house.now().plus_seconds(-60) });
        suppose(site, "ito", &past).is(422);
        suppose(site, "ito", &json!({ "suppose": "move", "run": RunId::new(), "to": "stable" })).is(404);

        let page = nurse.get(&format!("{}/what-if?fact=skin_grade", plan(site)));
        page.is(200).says("高度").says("軽度");
        let told = nurse.send(&page, "この値で試す", &[("value", "severe")]);
        told.is(200).says("こうなります（仮）").says("ろう孔を診察する").says("高度");
        let empty = nurse.send(&page, "試す", &[("suppose", "")]);
        empty.is(422).says("何を仮に置くかを選んでください");
        nurse.get(&plan(site)).hides("ろう孔を診察する");
    });
}

#[test]
fn only_those_who_may_act_on_the_plan_suppose_and_strangers_hear_nothing() {
    in_each_site(|site| {
        let proposal = site.runtime.block_on(hands(site).propose());
        let what = json!({ "suppose": "confirm", "proposal": proposal });
        suppose(site, "okada", &what).is(404).hides("臨死期");
        let (outsider, _) = site.signed_in("okada");
        outsider.get(&format!("{}/what-if", plan(site))).is(404).hides("田中");
        let ward = &site.ward;
        site.runtime.block_on(async {
            use renkei::kernel::profession::Profession;
            use renkei::record::payload::{OfficeKind, Rank, SeatRole};
            let home = ward::add_office(&ward.house, OfficeKind::Household, "田中家").await;
            let akiko =
                ward::add(&ward.house, home, Profession::Family, Rank::Member, "田中 明子", "akiko").await;
            ward::seat(&ward.house, ward.ito, ward.tanaka, akiko, SeatRole::Member).await;
        });
        let (daughter, _) = site.signed_in("akiko");
        daughter.get(&format!("{}/what-if", plan(site))).is(403).hides("臨死期");
    });
}

#[test]
fn a_nurse_reads_why_not_yet_and_tries_what_if_in_a_browser() {
    in_each_site(|site| {
        site.runtime.block_on(hands(site).make(site.ward.dental));
        let nurse = site.at_a_browser("ito", Screen::Phone);
        for (language, switch) in [("ja", "English"), ("en", "日本語")] {
            for (screen, width) in [(Screen::Phone, "phone"), (Screen::Desk, "desk")] {
                nurse.use_screen(screen);
                for (page, name) in [
                    (format!("{}/not-yet", plan(site)), "not-yet"),
                    (format!("{}/what-if?fact=skin_grade", plan(site)), "what-if"),
                    ("/tasks?list=teams&state=overdue".to_owned(), "tasks-narrowed"),
                ] {
                    nurse.go(&page);
                    nurse.is_well_made(&format!("{name}-{language}-{width}"));
                }
            }
            if language == "ja" {
                nurse.go(&format!("{}/what-if", plan(site)));
                nurse
                    .pick("何を仮に置きますか", "「臨死期と考える（日の単位）」を、必要な人がみな確認したら");
                nurse.press("試す");
                nurse.see("記録は変わっていません");
                nurse.see("現れる仕事");
                nurse.is_well_made("what-if-result-desk");
                nurse.use_screen(Screen::Phone);
                nurse.is_well_made("what-if-result-phone");
                nurse.go(&plan(site));
                nurse.see("安定期");
                nurse.see_nothing_of("「臨死期」に入りました");
            }
            nurse.go("/tasks");
            nurse.press_at("header summary");
            nurse.press(switch);
        }
    });
}
