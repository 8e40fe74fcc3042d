//! The library as plain forms: a doctor writes the region's own version, an administrator confirms it,
//! stops it, lets all of it rest; and the same through the JSON face.

use renkei::kernel::id::DraftId;
use renkei::kernel::id::EntryId;
use serde_json::Value;
use serde_json::json;

use crate::http_api::ask;
use crate::http_plan::device_card;
use crate::http_plan::start_peg;
use crate::support::site::Site;
use crate::support::site::in_each_site;
use crate::support::visitor::Page;
use crate::support::visitor::Visitor;

/// The file as the page's text area holds it.
fn held(page: &Page) -> String {
    page.texts("textarea[name=text]").concat()
}

fn token(site: &Site, who: renkei::kernel::id::PersonId) -> String {
    site.runtime.block_on(site.ward.house.add_token(who, "story", &["read", "write"], 30)).unwrap().1
}

/// 佐藤 makes the region's own version of the gastrostomy pathway.
fn own_copy(doctor: &Visitor) -> Page {
    let page = doctor.get("/pathways/peg");
    page.is(200).says("公開された版").says("プログラムに付属").says("今の版");
    doctor.send(&page, "地域の版を作る", &[])
}

#[test]
fn a_doctor_writes_and_proposes_and_an_administrator_confirms() {
    in_each_site(|site| {
        let (doctor, _) = site.signed_in("sato");
        let draft = own_copy(&doctor);
        draft.is(200).says("胃ろう（PEG）地域連携パス").says("佐藤 健一").says("公開を申し出る");
        let edit = doctor.get(&format!("{}/edit", draft.url.path()));
        let wrong = held(&edit).replace("present(placed_on)", "present(placed_onn)");
        let kept = doctor.send(&edit, "原稿を残す", &[("text", &wrong)]);
        kept.is(200).says("要修正").says("placed_onn").says("直すところがなくなると");
        assert!(kept.attributes("#findings a", "href").iter().any(|to| to.starts_with("#line-")), "{kept}");
        let edit = doctor.get(&format!("{}/edit", draft.url.path()));
        let right = held(&edit).replace("present(placed_onn)", "present(placed_on)").replacen(
            "ろう孔とカテーテルを確認する",
            "ろう孔とカテーテルを毎回確認する",
            1,
        );
        let kept = doctor.send(&edit, "原稿を残す", &[("text", &right)]);
        kept.is(200).hides("要修正");
        doctor.follow(&kept, "もとのパスとの違い").is(200).says("毎回確認する").says("変わった").says("仕事");
        doctor.send(&kept, "公開を申し出る", &[]).is(422).says("理由を書いてください");
        let change = doctor.send(&kept, "公開を申し出る", &[("reason", "毎回の確認をはっきりさせた")]);
        change.is(200).says("確認待ち").says("あなたが申し出た").says("毎回確認する");
        change.hides("確認して公開する");

        let (other, _) = site.signed_in("kimura");
        let refused = other.send(&other.get(change.url.path()), "確認して公開する", &[]);
        refused.is(403).says("どちらかは、地域の管理者");
        let (admin, _) = site.signed_in("nakamura");
        let list = admin.get("/library");
        list.is(200).says("確認を待つ申し出").says("毎回の確認をはっきりさせた").says("佐藤 健一");
        let page = admin.get(change.url.path());
        page.is(200).says("今の版").says("毎回確認する");
        admin.send(&page, "確認して公開する", &[]).is(200).says("公開済み").says("中村 誠").says("佐藤 健一");
        let page = admin.get("/pathways/peg");
        page.is(200).says("毎回確認する").says("申し出 佐藤 健一").says("確認 中村 誠");
        admin.follow(&page, "版を比べる").is(200).says("毎回確認する").says("ろう孔とカテーテルを確認する");
        let (pharmacist, _) = site.signed_in("yamaguchi");
        pharmacist.get("/library").is(403);
        pharmacist.get(change.url.path()).is(403);
        pharmacist.get("/pathways/peg").is(200).hides("地域の版を作る").hides("新しく始めないようにする");
    });
}

#[test]
fn a_file_is_brought_in_whatever_it_says_and_a_huge_one_is_refused() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let new = nurse.get("/library/new");
        nurse.send(&new, "原稿として入れる", &[("text", " ")]).is(422).says("内容を入れてください");
        let kept = nurse.send(&new, "原稿として入れる", &[("text", "{\r\n  \"id\": <script>\r\n}")]);
        kept.is(200).says("要修正").says("2行").says("名前のない原稿").says("<script>");
        let long = "x".repeat((1 << 20) + 1);
        nurse.send(&new, "原稿として入れる", &[("text", &long)]).is(422).says("大きすぎます");
        let huge = "あ".repeat(1 << 20);
        nurse.send(&new, "原稿として入れる", &[("text", &huge)]).is(413);
        let gone = nurse.send(&kept, "原稿を消す", &[]);
        gone.is(200).says("原稿はありません");
        nurse.get(kept.url.path()).is(404);
        nurse.get("/library/drafts/nothing").is(404);
    });
}

#[test]
fn a_draft_is_proven_by_its_stories_and_one_that_fails_them_is_not_published() {
    in_each_site(|site| {
        let (doctor, _) = site.signed_in("sato");
        let draft = own_copy(&doctor);
        let at = draft.url.path().to_owned();
        // What came with the program is proven by the stories that came with it.
        draft
            .is(200)
            .says("物語による確かめ")
            .says("from-decision-to-home.json")
            .says("そのとおり")
            .hides("違う");
        draft.says("段階 6／6").hides("物語がありません");

        // A story that tells otherwise than the pathway does, brought in by pasting.
        let page = doctor.follow(&draft, "物語を加える");
        page.is(200).says("物語の名前");
        doctor.send(&page, "物語を残す", &[]).is(422).says("物語の内容を入れてください");
        let wrong = r#"{ "says": { "ja": "すぐ閉じる", "en": "Closes at once" }, "turns": [
            { "at": "2026-05-01T09:00:00+09:00", "by": "visiting_nurse",
              "facts": { "peg.placed_on": "2026-04-20", "peg.stopper": "balloon" }, "start": "peg",
              "expect": { "phase": { "peg": "closed" } } } ] }"#;
        let odd = doctor.send(&page, "物語を残す", &[("name", "my story!"), ("text", wrong)]);
        odd.is(422).says("文字・数字・「-」「_」「.」").says("すぐ閉じる");
        let failed = doctor.send(&page, "物語を残す", &[("name", "closes.json"), ("text", wrong)]);
        failed.is(200).says("違う").says("すぐ閉じる").says("1 番目の場面").says("closes.json");
        failed.says("物語のとおりに動くようになると、公開を申し出られます").hides("何を、なぜ変えたか");
        let hash = draft.attributes("input[name=hash]", "value").concat();
        let proposal = json!({ "entry": EntryId::new(), "hash": hash, "reason": "試し" }).to_string();
        let token = token(site, site.ward.sato);
        let propose = at.replace("/library/", "/api/v1/library/") + "/propose";
        ask(&doctor, &token, "POST", &propose, Some(&proposal)).is(422);

        // Corrected, it holds; what it was called before does not stay beside it.
        let page = doctor.get(&format!("{at}/stories?name=closes.json"));
        page.is(200).says("物語を直す").says("すぐ閉じる");
        let right = wrong.replace("\"closed\"", "\"early\"");
        let mended = doctor.send(&page, "物語を残す", &[("name", "begins.json"), ("text", &right)]);
        mended.is(200).says("begins.json").hides("closes.json").hides("違う").says("何を、なぜ変えたか");
        doctor.get(&format!("{at}/stories?name=closes.json")).is(404);

        // Without any it says plainly that nothing proves it, and can be proposed.
        let mut bare = mended;
        while bare.words().contains("物語を消す") {
            bare = doctor.send(&bare, "物語を消す", &[]);
        }
        bare.is(200).says("物語がありません").says("何を、なぜ変えたか");

        // Colleagues read what the stories show; nobody else writes them, and other professions are turned away.
        let (admin, _) = site.signed_in("nakamura");
        admin.get(&at).is(200).says("物語による確かめ").hides("物語を加える");
        let (helper, _) = site.signed_in("hayashi");
        helper.get(&format!("{at}/stories")).is(403).hides("すぐ閉じる");
    });
}

#[test]
fn the_stories_of_a_published_version_stand_beside_the_next_draft_of_it() {
    in_each_site(|site| {
        let (doctor, _) = site.signed_in("sato");
        let draft = own_copy(&doctor);
        let page = doctor.follow(&draft, "物語を加える");
        let own = r#"{ "says": { "ja": "この地域の物語", "en": "A story of this region" }, "turns": [] }"#;
        let kept = doctor.send(&page, "物語を残す", &[("name", "ours.json"), ("text", own)]);
        let change = doctor.send(&kept, "公開を申し出る", &[("reason", "物語を加えた")]);
        let (admin, _) = site.signed_in("nakamura");
        let seen = admin.get(change.url.path());
        seen.is(200).says("この地域の物語").says("そのとおり").hides("物語を消す");
        admin.send(&seen, "確認して公開する", &[]).is(200).says("公開済み");
        let next = own_copy(&doctor);
        next.is(200).says("ours.json").says("from-decision-to-home.json");
    });
}

#[test]
fn a_pathway_is_played_forward_from_its_own_facts() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("hayashi");
        let page = nurse.follow(&nurse.get("/pathways/peg"), "動きを試す");
        page.is(200).says("造設日").says("ストッパー").says("何も記録されません");
        nurse.send(&page, "試す", &[]).is(422).says("造設日");
        let facts = [
            ("from", "2026-04-20"),
            ("days", "60"),
            ("fact.peg.placed_on", "2026-04-01"),
            ("fact.peg.stopper", "balloon"),
        ];
        let course = nurse.send(&page, "試す", &facts);
        course.is(200).says("日ごとの予定").says("バルーンの水を入れ替える").says("4月2");
        let odd = nurse.send(&page, "試す", &[("from", "きのう"), ("days", "9999")]);
        odd.is(422).says("日付を入れてください").says("1から730まで");
        nurse.get("/pathways/no-such/simulate").is(404);
        nurse.get("/pathways/no-such/compare").is(404);
        nurse.get("/pathways/peg/source").is(200).says("\"format\": \"pathway/1\"");
        nurse.get("/pathways/peg/compare?from=00").is(404);
    });
}

#[test]
fn the_region_stops_a_version_and_lets_all_of_it_rest_and_the_teams_are_told() {
    in_each_site(|site| {
        device_card(site, "balloon");
        let (nurse, _) = site.signed_in("ito");
        start_peg(site, &nurse).is(200);
        let (admin, _) = site.signed_in("nakamura");
        let page = admin.get("/pathways/peg");
        page.is(200).says("動いている 1").hides("田中");
        let stop = admin.follow(&page, "新しく始めないようにする");
        admin.send(&stop, "新しく始めないようにする", &[]).is(422).says("理由を書いてください");
        let stopped = admin.send(&stop, "新しく始めないようにする", &[("reason", "見直しのため")]);
        stopped.is(200).says("新しく始められません").says("見直しのため").says("中村 誠");
        nurse.get("/pathways").is(200).says("いま新しく始めないパス");
        let rest = admin.follow(&stopped, "動いているものをすべて止める");
        rest.is(200).says("動いている 1").hides("田中");
        let rested = admin.send(&rest, "動いているものをすべて止める", &[("reason", "間隔に誤りがある")]);
        rested.is(200).says("停止中 1").hides("田中");

        nurse.get("/").says("地域の決定で止まっているパス").says("田中 ハル").hides("間隔に誤りがある");
        nurse.get(&site.thread()).says("地域の決定で、パスを止めました").says("間隔に誤りがある");
        let plan = nurse.get(&format!("{}/plan", site.thread()));
        plan.is(200).says("地域の決定で止まっています").hides("再開する");
        admin.get("/").hides("田中");
        let (outsider, _) = site.signed_in("okada");
        outsider.get("/").hides("田中").hides("地域の決定で止まっているパス");
        outsider.get("/pathways/peg/mark?verb=suspend").is(403);

        let back = admin.follow(&admin.get("/pathways/peg"), "止めたものを再開する");
        admin.send(&back, "止めたものを再開する", &[("reason", "確かめた")]).is(200).says("動いている 1");
        nurse.get("/").hides("地域の決定で止まっているパス");
        let back = admin.follow(&admin.get("/pathways/peg"), "また始められるようにする");
        admin.send(&back, "また始められるようにする", &[("reason", "確かめた")]).is(200);
        nurse.get("/pathways").hides("いま新しく始めないパス");
    });
}

#[test]
fn programs_do_the_same_under_the_same_rights() {
    in_each_site(|site| {
        let (program, w) = (site.visitor(), &site.ward);
        let (doctor, admin, pharmacist) =
            (token(site, w.sato), token(site, w.nakamura), token(site, w.yamaguchi));
        let call = |who: &str, method: &str, path: &str, body: Value| {
            let body = (method != "GET").then(|| body.to_string());
            ask(&program, who, method, &format!("/api/v1{path}"), body.as_deref())
        };
        let read = |page: &Page| -> Value { serde_json::from_str(&page.body).unwrap() };
        let draft = DraftId::new();
        let here = format!("/library/drafts/{draft}");
        call(&pharmacist, "POST", "/pathways/peg/copy", json!({ "draft": draft })).is(403);
        call(&doctor, "POST", "/pathways/peg/copy", json!({ "draft": draft })).is(201);
        let kept = read(call(&doctor, "GET", &here, json!({})).is(200));
        let text = kept["text"].as_str().unwrap().replace("胃ろう（PEG）", "胃瘻（PEG）");
        let sent = json!({ "text": text, "base": kept["base"] });
        let kept = read(call(&doctor, "PUT", &here, sent.clone()).is(200));
        let errors =
            kept["findings"].as_array().unwrap().iter().filter(|one| one["gravity"] == "error").count();
        assert_eq!(errors, 0, "{kept}");
        let late = json!({ "text": "{}", "base": sent["base"] });
        call(&doctor, "PUT", &here, late).is(422);
        let candidate = |hash: &Value| json!({ "entry": EntryId::new(), "hash": hash, "reason": "呼び方" });
        call(&doctor, "POST", &format!("{here}/propose"), candidate(&json!("00"))).is(409);
        let change =
            read(call(&doctor, "POST", &format!("{here}/propose"), candidate(&kept["hash"])).is(201));
        let change = format!("/library/changes/{}", change["change"].as_str().unwrap());
        let entry = EntryId::new();
        let yes = || json!({ "entry": entry, "verb": "confirm" });
        call(&doctor, "POST", &change, yes()).is(403);
        call(&admin, "POST", &change, yes()).is(204);
        call(&admin, "POST", &change, yes()).is(204);
        let pathway = read(call(&pharmacist, "GET", "/pathways/peg", json!({})).is(200));
        assert_eq!((&pathway["hash"], pathway["versions"].as_array().unwrap().len()), (&kept["hash"], 2));
        let differs = read(call(&pharmacist, "GET", "/pathways/peg/compare", json!({})).is(200));
        assert!(differs["changes"].as_array().unwrap().iter().any(|one| one["part"] == "head"), "{differs}");
        let facts = json!({ "peg.placed_on": "2026-04-01", "peg.stopper": "bumper" });
        let play = json!({ "from": "2026-04-20", "days": 30, "facts": facts });
        let course = read(call(&pharmacist, "POST", "/pathways/peg/simulate", play).is(200));
        assert!(!course["days"].as_array().unwrap().is_empty());
        let said = |mark: &str| json!({ "entry": EntryId::new(), "mark": mark, "reason": "見直し" });
        call(&doctor, "POST", "/pathways/peg/mark", said("stop")).is(403);
        call(&admin, "POST", "/pathways/peg/mark", said("stop")).is(204);
        let hash = kept["hash"].as_str().unwrap();
        call(&admin, "POST", &format!("/pathways/{hash}/mark"), said("stop")).is(409);
        let offered = read(call(&doctor, "GET", "/pathways", json!({})).is(200));
        assert!(offered.as_array().unwrap().iter().all(|one| one["id"] != "peg"), "{offered}");
        call(&doctor, "GET", &format!("/pathways/{hash}/runs"), json!({})).is(403);
        let runs = read(call(&admin, "GET", &format!("/pathways/{hash}/runs"), json!({})).is(200));
        assert_eq!(runs, json!({ "running": 0, "halted": 0, "over": 0 }));
        assert_eq!(read(call(&doctor, "GET", "/library", json!({})).is(200))["drafts"], json!([]));
    });
}
