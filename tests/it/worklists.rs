//! Worklists across patients: mine, my office's, my teams'; narrowed by what stands in the address, so that
//! it can be kept; what has no date comes last; nothing of anybody else's patients, however it is asked.

use renkei::acts::plans;
use renkei::acts::plans::Opening;
use renkei::kernel::id::TaskId;
use renkei::kernel::profession::Profession;
use renkei::pathway::event::ByHand;
use serde_json::Value;

use crate::http_api::ask;
use crate::http_api::token;
use crate::support::site::Site;
use crate::support::site::in_each_site;
use crate::support::things::Hands;

/// 田中さん with a severe skin finding, and a task of the nurse's own that has no date.
fn scene(site: &Site) {
    let ward = &site.ward;
    let hands = Hands { house: &ward.house, patient: ward.tanaka, nurse: ward.ito, doctor: ward.sato };
    site.runtime.block_on(async {
        let run = hands.device_and_pathway().await;
        hands.severe().await;
        let title = plans::own_title("家族と手順を確かめる").unwrap();
        let what = ByHand::Own { title, role: Profession::VisitingNurse };
        let opening = Opening { run, task: TaskId::new(), what, due: None, reason: "希望".to_owned() };
        let patient = ward.tanaka;
        hands.act(ward.ito, move |act, id| plans::open_task(act, id, patient, &opening)).await;
    });
}

const NURSES: &str = "交換の日を決め、同意と薬を確かめる";
const DOCTORS: &str = "ろう孔を診察する";
const OWN: &str = "家族と手順を確かめる";

#[test]
fn a_list_is_narrowed_by_its_address_and_what_has_no_date_comes_last() {
    in_each_site(|site| {
        scene(site);
        let (nurse, start) = site.signed_in("ito");
        start.says("自分の仕事 (").says("チーム全体 (");
        let all = nurse.get("/tasks?list=teams");
        all.is(200).says(NURSES).says(DOCTORS).says(OWN).says("絞り込む");
        let groups = all.texts("section h2");
        assert!(groups.last().unwrap().starts_with("期限なし"), "{groups:?}");
        let patient = site.ward.tanaka;
        let see = |rest: &str| nurse.get(&format!("/tasks?list=teams{rest}"));
        see("&role=doctor").says(DOCTORS).hides(NURSES).hides(OWN).says("絞り込みをやめる");
        see("&state=undated").says(OWN).hides(DOCTORS).hides(NURSES);
        see("&state=today").hides(OWN);
        see(&format!("&patient={patient}&role=visiting_nurse")).says(OWN).hides(DOCTORS);
        see("&pathway=end-of-life").hides(OWN).hides(DOCTORS).hides(NURSES);
        see("&pathway=peg&role=doctor").says(DOCTORS);
        // Another patient's number finds nothing; what nobody knows narrows nothing.
        see("&patient=019a0000-0000-7000-8000-000000000001").hides(OWN).hides(DOCTORS);
        see("&patient=nobody&role=nobody&state=nobody").says(OWN).says(DOCTORS);
        // The address stays as it is when one goes to another list, and after an act.
        let narrowed = see("&state=undated");
        let office = nurse.follow(&narrowed, "事業所の仕事 (1)");
        assert!(office.url.query().unwrap().contains("state=undated"), "{}", office.url);
        let claimed = nurse.send(&narrowed, "自分が担当する", &[]);
        assert!(claimed.url.query().unwrap().contains("state=undated"), "{}", claimed.url);
        claimed.is(200).says("伊藤 さくらさんが担当中").hides(DOCTORS);
        let part = nurse.get("/tasks/list?list=teams&state=undated");
        part.is(200).says(OWN).hides(DOCTORS);
    });
}

#[test]
fn nobody_finds_the_tasks_of_a_team_they_do_not_sit_in_however_they_ask() {
    in_each_site(|site| {
        scene(site);
        let patient = site.ward.tanaka;
        let (outsider, _) = site.signed_in("okada");
        let (administrator, _) = site.signed_in("nakamura");
        for visitor in [outsider, administrator] {
            for list in ["mine", "office", "teams"] {
                let page = visitor.get(&format!("/tasks?list={list}&patient={patient}&pathway=peg"));
                page.is(200).hides("田中").hides(OWN).hides(DOCTORS).hides(NURSES);
            }
        }
        let read = |who: &str, rest: &str| -> Value {
            let token = token(site, who, &["read"]);
            let page = ask(&site.visitor(), &token, "GET", &format!("/api/v1/tasks?list=teams{rest}"), None);
            serde_json::from_str(&page.is(200).body).unwrap()
        };
        let count = |said: &Value| said["tasks"].as_array().unwrap().len();
        assert_eq!(count(&read("okada", &format!("&patient={patient}"))), 0);
        let doctors = read("ito", "&role=doctor");
        assert!(count(&doctors) > 0 && count(&doctors) < count(&read("ito", "")));
        assert!(doctors["tasks"].as_array().unwrap().iter().all(|row| row["task"]["role"] == "doctor"));
        assert!(count(&read("ito", "")) > 2);
    });
}
