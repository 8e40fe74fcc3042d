//! Journey 2 as plain forms: the device card, the PEG pathway, tasks with window and reason, a severe
//! finding that calls the doctor, skipping with a reason; and a stay in hospital that lets it rest.

use renkei::acts::Who;
use renkei::acts::letters::Signing;
use renkei::form::answers::Answers;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::LetterId;
use serde_json::Value;
use serde_json::json;

use crate::http_api::ask;
use crate::http_api::token;
use crate::http_letters::CHECK;
use crate::http_letters::press;
use crate::http_letters::told;
use crate::support::site::Site;
use crate::support::site::in_each_site;
use crate::support::visitor::Page;
use crate::support::visitor::Visitor;

/// Signs a form by the house's own verb, as its page does.
pub fn sign(site: &Site, form: &str, value: Value) {
    let mut answers = Answers::default();
    for (path, value) in value.as_object().unwrap() {
        answers.put(path.clone(), value.clone());
    }
    let signing = Signing {
        id: EntryId::new(),
        letter: LetterId::new(),
        patient: site.ward.tanaka,
        form_hash: site.ward.house.library().current_form(form).unwrap().hash.clone(),
        answers,
        task: None,
        about: None,
        supersedes: 0,
        reason: String::new(),
        to_office: None,
    };
    site.runtime.block_on(site.ward.house.sign(Who::person(site.ward.ito), signing)).unwrap();
}

fn days_ago(site: &Site, days: i64) -> String {
    site.ward.house.now().plus_seconds(-days * 86_400).day().to_string()
}

pub fn device_card(site: &Site, stopper: &str) {
    let placed = days_ago(site, 20);
    let mut card = json!({
        "name": "田中 ハル", "checked_on": days_ago(site, 0), "placed_on": placed, "stopper": stopper,
        "outer": "tube", "size_fr": 20, "inserted_on": placed, "call_day": "佐藤医院", "call_night": "佐藤医院",
    });
    if stopper == "balloon" {
        card["balloon_ml"] = json!(20);
    }
    sign(site, "peg-device", card);
}

pub fn site_check(site: &Site, skin: &str) {
    let today = days_ago(site, 0);
    let mut check =
        json!({ "checked_on": today, "skin": skin, "rotates": true, "slack": true, "leak": "none" });
    if skin == "severe" {
        check["skin_signs"] = json!(["redness", "pus"]);
    }
    sign(site, "peg-site-check", check);
}

fn plan(site: &Site) -> String {
    format!("{}/plan", site.thread())
}

/// Starts the PEG pathway from its page.
pub fn start_peg(site: &Site, nurse: &Visitor) -> Page {
    let page = nurse.get(&plan(site));
    let hash = site.ward.house.library().pathways.current("peg").unwrap().hash.clone();
    nurse.send(&page, "このパスを始める", &[("pathway", &hash)])
}

#[test]
fn the_peg_pathway_starts_once_the_device_is_known_and_brings_tasks_with_window_and_reason() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let empty = nurse.get(&plan(site));
        empty.is(200).says("動いているパスはありません").says("胃ろう（PEG）地域連携パス");
        empty.says("始める前に記録すること").says("造設日").says("「胃ろう（PEG）機器カード」を書く");
        let early = start_peg(site, &nurse);
        early.is(422).says("先に次のことを記録してください").says("造設日");
        assert!(early.texts("title").concat().starts_with("エラー："), "{:?}", early.texts("title"));
        let nothing = nurse.send(&early, "このパスを始める", &[]);
        nothing.is(422);

        device_card(site, "balloon");
        let running = start_peg(site, &nurse);
        running.is(200).says("進行中").says("在宅初期").says("ろう孔とカテーテルを確認する");
        running.says("「胃ろう（PEG）ろう孔チェック」を書く").says("行う時期").says("なぜこの仕事があるか");
        running.says("パスの予定です").says("バルーンの水を入れ替える").says("カテーテルを交換する");
        let today = nurse.get("/tasks");
        today.is(200).says("田中 ハル").says("ろう孔とカテーテルを確認する").says("自分の仕事");
        nurse.get("/").says("ろう孔とカテーテルを確認する");
        nurse.get(&site.thread()).says("在宅初期").says("バルーンの水を入れ替える");
        let (pharmacist, _) = site.signed_in("yamaguchi");
        let hers = pharmacist.get(&plan(site));
        hers.is(200).says("ろう孔とカテーテルを確認する").hides("行わないことにする");
        let (outsider, _) = site.signed_in("okada");
        outsider.get(&plan(site)).is(404).hides("田中");
        outsider.get("/tasks?list=teams").is(200).hides("田中").hides("ろう孔");
    });
}

#[test]
fn a_severe_finding_calls_the_doctor_with_a_deadline_and_says_why() {
    in_each_site(|site| {
        device_card(site, "balloon");
        let (nurse, _) = site.signed_in("ito");
        start_peg(site, &nurse).is(200);
        site_check(site, "severe");
        let (doctor, start) = site.signed_in("sato");
        start.says("いつ診られるか返事をください").says("ろう孔を診察する").says("期限");
        let page = doctor.get(&plan(site));
        page.is(200).says("パスからのお願い").says("皮膚の状態が重い").says("高度").says("伊藤 さくら");
        // Each reason leads to where it stands on the thread: here to a signed form.
        let sources = page.attributes("a[href*='/posts/']", "href");
        assert!(!sources.is_empty());
        for source in sources {
            let thread = doctor.get(&source);
            let line = thread.url.fragment().unwrap();
            assert!(
                thread.is(200).attributes("[id]", "id").iter().any(|id| id == line),
                "{source}: {thread}"
            );
        }
        let answered = doctor.send(&page, "返事をした", &[]);
        answered.is(200).hides("いつ診られるか返事をください");
        doctor.get("/").hides("いつ診られるか返事をください").says("ろう孔を診察する");
        let task = doctor.get("/tasks");
        let claimed = doctor.send(&task, "自分が担当する", &[]);
        claimed.is(200).says("佐藤 健一さんが担当中");
        let done = doctor.send(&doctor.get(&plan(site)), "済み", &[]);
        done.is(200).says("終わった仕事を見る");
        doctor.get("/").hides("ろう孔を診察する");
    });
}

#[test]
fn a_task_is_skipped_only_with_cause_and_reason_and_that_stays_on_the_plan() {
    in_each_site(|site| {
        device_card(site, "balloon");
        let (nurse, _) = site.signed_in("ito");
        let page = start_peg(site, &nurse);
        let wrong = nurse.send(&page, "理由を付けて、行わない", &[("reason", "家族が外出していた")]);
        wrong.is(422).says("主な理由を選んでください").says("家族が外出していた");
        let skipped = nurse.send(&wrong, "理由を付けて、行わない", &[("cause", "family")]);
        skipped.is(200).says("予定との違い").says("家族が外出していた").says("家族の都合・意向");
        nurse
            .submit(&wrong.fill("理由を付けて、行わない", &[("cause", "staff"), ("reason", "もう一度")]))
            .is(409);
    });
}

#[test]
fn the_timeline_shows_what_happened_and_what_is_ahead_and_its_table_says_the_same() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let timeline = format!("{}/timeline", plan(site));
        nurse.get(&timeline).is(200).says("この期間に動いていたパスはありません");
        device_card(site, "balloon");
        let page = start_peg(site, &nurse);
        let why = [("cause", "family"), ("reason", "家族が外出していた")];
        let page = nurse.send(&page, "理由を付けて、行わない", &why);
        let seen = nurse.follow(&page, "経過と見込み");
        seen.is(200).says("胃ろう（PEG）地域連携パス：経過と見込み").says("段階に入る").says("在宅初期");
        seen.says("行わないと決めた：家族が外出していた")
            .says("これから（期限）")
            .says("見込み")
            .says("今日");
        let drawn = seen.texts("svg[role=img] text").concat();
        let table = seen.texts("table").concat();
        for title in seen.texts("table td b") {
            let head: String = title.chars().take(6).collect();
            assert!(drawn.contains(&head), "{title} is in the table alone: {drawn}");
        }
        assert!(table.contains("訪問看護師") && drawn.contains("訪問看護師"));
        assert!(!seen.body.contains("style="), "the policy would refuse it");
        for (back, chosen) in [("90", "90日前から"), ("all", "始めから"), ("-1", "28日前から")] {
            let page = nurse.get(&format!("{timeline}?back={back}"));
            page.is(200).says("在宅初期");
            assert_eq!(page.texts(".filters [aria-current]"), [chosen]);
        }
        let (outsider, _) = site.signed_in("okada");
        outsider.get(&timeline).is(404).hides("田中").hides("胃ろう");
        site.visitor().get(&timeline).hides("田中").hides("胃ろう");
    });
}

#[test]
fn balloon_and_bumper_show_different_days_of_exchange() {
    for (stopper, ahead) in [("balloon", false), ("bumper", true)] {
        in_each_site(|site| {
            device_card(site, stopper);
            let (nurse, _) = site.signed_in("ito");
            let page = start_peg(site, &nurse);
            let later: String = page.texts("details dl.facts").concat();
            assert_eq!(later.contains("カテーテルを交換する"), ahead, "{stopper}: {later}");
            assert!(!later.contains("バルーンの水"), "{stopper}: {later}");
        });
    }
}

#[test]
fn a_task_is_added_by_hand_and_a_pathway_rests_and_stops_with_a_reason() {
    in_each_site(|site| {
        device_card(site, "balloon");
        let (nurse, _) = site.signed_in("ito");
        let page = start_peg(site, &nurse);
        let form = nurse.follow(&page, "仕事を加える");
        let wrong = nurse.send(&form, "仕事を加える", &[("reason", "家族から希望")]);
        wrong.is(422).says("何をするかを書いてください");
        let added = nurse.send(&wrong, "仕事を加える", &[("title", "注入の手順を家族と確かめる")]);
        added.is(200).says("注入の手順を家族と確かめる").says("家族から希望");
        let silent = nurse.send(&added, "休む", &[]);
        let resting = nurse.send(silent.is(422), "休む", &[("reason", "検査入院のため")]);
        resting.is(200).says("休止中").says("検査入院のため");
        nurse.get("/tasks").hides("注入の手順を家族と確かめる");
        let again = nurse.send(&resting, "再開する", &[]);
        again.is(200).says("進行中");
        nurse
            .send(&again, "止める", &[("reason", "経口摂取に戻った")])
            .is(200)
            .says("止めた理由：経口摂取に戻った");
    });
}

#[test]
fn an_admission_lets_the_home_pathway_rest_until_discharge_and_the_board_shows_the_stay() {
    in_each_site(|site| {
        device_card(site, "balloon");
        let (nurse, _) = site.signed_in("ito");
        let page = start_peg(site, &nurse);
        let form = nurse.follow(&page, "入院・退院を記録する");
        let nowhere = nurse.send(form.is(200), "入院を記録する", &[("ward", "3階西")]);
        nowhere.is(422).says("病院を選んでください").says("退院まで休み");
        let hospital = site.ward.hospital.to_string();
        let guest = site.ward.matsumoto.to_string();
        let admitted = nurse.send(
            &nowhere,
            "入院を記録する",
            &[("hospital", &hospital), ("guest", &guest), ("reason", "誤嚥性肺炎")],
        );
        admitted.is(200).says("休止中").says("入院中のため");
        let (ward_nurse, _) = site.signed_in("matsumoto");
        let board = ward_nurse.get("/admissions");
        board.is(200).says("田中 ハル").says("みどり病院").says("3階西").says("1日目").says("未定");
        let stay = ward_nurse.get(&format!("{}/stay", site.thread()));
        let soon = days_ago(site, -3);
        ward_nurse.send(&stay, "退院予定日を記録する", &[("planned", &soon)]).is(200);
        ward_nurse.get("/admissions").says("退院が近く、書類がまだです").says("退院・退所情報記録書");
        ward_nurse.get("/tasks").says("退院・退所情報記録書");
        let (outsider, _) = site.signed_in("okada");
        outsider.get("/admissions").is(200).hides("田中");
        outsider.get(&format!("{}/stay", site.thread())).is(404);
        let stay = nurse.get(&format!("{}/stay", site.thread()));
        let home = nurse.send(&stay, "退院を記録する", &[]);
        home.is(200).hides("入院中のため").says("在宅初期");
        ward_nurse.get("/admissions").hides("田中 ハル");
    });
}

#[test]
fn the_library_can_be_read_by_everyone_who_is_signed_in() {
    in_each_site(|site| {
        let (visitor, _) = site.signed_in("okada");
        let list = visitor.get("/pathways");
        list.is(200).says("胃ろう（PEG）地域連携パス").says("版 1.0.0").says("CC-BY-4.0");
        let one = visitor.follow(&list, "胃ろう（PEG）地域連携パス");
        one.is(200).says("在宅初期").says("ろう孔をきれいに保つ").says("皮膚の状態が重い").says("出典");
        visitor.get("/pathways/none").is(404);
        for way in ["安定期へ進む", "こまめな確認に戻る", "胃ろうを終えた"] {
            one.says(way);
            assert!(one.texts("svg[role=img] text").concat().contains(way), "{way} is not drawn");
        }
        assert_eq!(one.texts("svg[role=img] title").len(), one.texts("svg[role=img] desc").len());
        assert!(!one.body.contains("style="), "the policy would refuse it");
    });
}

#[test]
fn a_program_reads_the_plan_and_skips_only_with_cause_and_reason() {
    in_each_site(|site| {
        device_card(site, "balloon");
        let (nurse, _) = site.signed_in("ito");
        start_peg(site, &nurse).is(200);
        let (program, secret) = (site.visitor(), token(site, "ito", &["read", "write"]));
        let face = format!("/api/v1{}", site.thread());
        let plan = ask(&program, &secret, "GET", &format!("{face}/plan"), None);
        let plan: Value = serde_json::from_str(&plan.is(200).body).unwrap();
        let tasks = plan["state"]["tasks"].as_object().unwrap();
        let (task, _) = tasks.iter().find(|(_, task)| task["code"] == "balloon-water").unwrap();
        let there = format!("{face}/tasks/{task}");
        let entry = EntryId::new();
        let silent = format!(r#"{{"entry": "{entry}", "verb": "skip"}}"#);
        let refused = ask(&program, &secret, "POST", &there, Some(&silent));
        assert!(refused.is(422).body.contains("\"field\":\"cause\""), "{}", refused.body);
        let skip =
            format!(r#"{{"entry": "{entry}", "verb": "skip", "cause": "family", "reason": "外出していた"}}"#);
        ask(&program, &secret, "POST", &there, Some(&skip)).is(204);
        ask(&program, &secret, "POST", &there, Some(&skip)).is(204);
        let listed = ask(&program, &secret, "GET", "/api/v1/tasks?list=teams", None);
        assert!(listed.is(200).body.contains("site-check") && !listed.body.contains("balloon-water"));
        let outsider = token(site, "okada", &["read", "write"]);
        ask(&program, &outsider, "GET", &format!("{face}/plan"), None).is(404);
        ask(&program, &outsider, "POST", &there, Some(&skip)).is(404);
        let hers = ask(&program, &outsider, "GET", "/api/v1/tasks?list=teams", None);
        assert_eq!(hers.is(200).body, r#"{"proposals":[],"tasks":[],"unopened":[]}"#);
    });
}

#[test]
fn a_catheter_that_came_out_is_told_on_its_page_and_a_mistake_is_taken_back_with_a_reason() {
    in_each_site(|site| {
        device_card(site, "balloon");
        let (nurse, _) = site.signed_in("ito");
        let at = format!("{}/happenings", site.thread());
        nurse.get(&at).is(200).says("動いているパスが待っている出来事はありません");
        let running = start_peg(site, &nurse);
        let page = nurse.follow(&running, "あったことの記録");
        page.is(200).says("カテーテルが抜けた日時").says("胃ろうを終えた日").hides("死亡確認");
        let silent = nurse.send(&page, "記録する", &[("at", "2199-01-01T09:00")]);
        silent.is(422).says("何があったかを選んでください");
        let early = nurse.send(&silent, "記録する", &[("concept", "peg.removed_at")]);
        early.is(422).says("これからの日時は記録できません");
        let odd = nurse.send(&early, "記録する", &[("at", "きのう")]);
        odd.is(422).says("日時");
        // Not an hour ago: soon after midnight that would be before the day on which the pathway began.
        let just_now = site.ward.house.now().zoned().strftime("%Y-%m-%dT%H:%M");
        let told = nurse.send(&odd, "記録する", &[("at", &just_now.to_string())]);
        told.is(200).says("記録したこと").says("伊藤 さくら");
        nurse.get(&site.thread()).says("カテーテルが抜けた日時").says("2時間以内に入れ直せますか");
        let (doctor, start) = site.signed_in("sato");
        start.says("2時間以内に入れ直せますか").says("カテーテルを入れ直す").says("抜けてから");
        doctor
            .get(&plan(site))
            .says("抜けてから")
            .says("すぐに")
            .says("「胃ろう（PEG）カテーテル交換報告書」を書く");

        let ask = nurse.follow(&told, "取り消す");
        ask.is(200).says("すでに始まった仕事や移った段階はそのまま残る");
        nurse.send(&ask, "取り消す", &[]).is(422).says("理由");
        let another = nurse.follow(&told, "取り消す");
        let back = nurse.send(&ask, "取り消す", &[("reason", "隣の方の話だった")]);
        back.is(200).hides("記録した人");
        doctor.get(&site.thread()).says("記録したことを取り消しました").says("隣の方の話だった");
        nurse.send(&another, "取り消す", &[("reason", "二度目")]).is(409);
        let (outsider, _) = site.signed_in("okada");
        outsider.get(&at).is(404).hides("田中");
    });
}

#[test]
fn a_catheter_out_within_two_weeks_of_placement_is_an_emergency_and_the_clock_runs() {
    in_each_site(|site| {
        let placed = days_ago(site, 5);
        let card = json!({
            "name": "田中 ハル", "checked_on": days_ago(site, 0), "placed_on": placed, "stopper": "bumper",
            "outer": "tube", "size_fr": 20, "inserted_on": placed, "call_day": "佐藤医院", "call_night": "佐藤医院",
        });
        sign(site, "peg-device", card);
        let (nurse, _) = site.signed_in("ito");
        let running = start_peg(site, &nurse);
        let page = nurse.follow(&running, "あったことの記録");
        let at = site.ward.house.now().plus_seconds(-80 * 60).zoned().strftime("%Y-%m-%dT%H:%M").to_string();
        nurse.send(&page, "記録する", &[("concept", "peg.removed_at"), ("at", &at)]).is(200);
        let (doctor, start) = site.signed_in("sato");
        start.says("緊急: 造設した病院へ送る（再挿入しない）").says("抜けてから1時間20分");
        let now = doctor.get(&plan(site));
        now.says("すぐに").says("抜けてから1時間20分").says("入れ直さずに病院へ送ってください");
        now.hides("カテーテルを入れ直す");
        doctor.get("/tasks").says("抜けてから1時間20分");
    });
}

#[test]
fn a_leaflet_is_read_by_everyone_who_is_signed_in_and_stays_that_of_its_version() {
    in_each_site(|site| {
        let (visitor, _) = site.signed_in("okada");
        let pathway = visitor.get("/pathways/peg");
        let leaflet = visitor.follow(&pathway, "胃ろうのカテーテルが抜けたとき");
        leaflet.is(200).says("造設から2週間たっていないとき").says("版 1.0.0").says("出典");
        let hash = site.ward.house.library().pathways.current("peg").unwrap().hash.clone();
        visitor.get(&format!("/pathways/{hash}/leaflets/it-came-out")).is(200).says("時刻を書きます");
        visitor.get("/pathways/peg/leaflets/none").is(404);
        visitor.get("/pathways/none/leaflets/it-came-out").is(404);
        let stranger = site.visitor();
        stranger.get("/pathways/peg/leaflets/it-came-out").hides("時刻を書きます");
    });
}

#[test]
fn a_site_check_that_was_signed_is_corrected_and_both_versions_can_be_read() {
    in_each_site(|site| {
        device_card(site, "balloon");
        let (nurse, _) = site.signed_in("ito");
        start_peg(site, &nurse).is(200);
        site_check(site, "none");
        let letters = nurse.get(&format!("{}/letters", site.thread()));
        let closed = nurse.follow(&letters, "終わったもの (2)");
        let letter = nurse.follow(&closed, "胃ろう（PEG）ろう孔チェック");
        let edit = nurse.follow(letter.is(200), "訂正版を作る");
        let fields = told(&edit, &[("f.skin", "mild"), ("f.skin_signs", "redness")]);
        let check = press(&nurse, &edit, CHECK, &fields);
        nurse.send(check.is(200), "署名する", &[]).is(422).says("理由");
        let corrected = nurse.send(&check, "署名する", &[("reason", "写真を見直した")]);
        corrected.is(200).says("訂正1版").says("写真を見直した").says("軽度");
        nurse.get(&site.thread()).says("直して出し直しました");
    });
}
