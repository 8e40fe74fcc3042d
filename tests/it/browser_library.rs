//! The library in a real browser: from a copy to a version that two people published, read beside what
//! was found, on a desk and on a phone.

use serde_json::json;

use crate::support::browser::Browser;
use crate::support::browser::Screen;
use crate::support::site::in_each_site;

#[test]
fn a_doctor_mends_what_is_found_and_an_administrator_publishes_it() {
    in_each_site(|site| {
        let doctor = site.at_a_browser("sato", Screen::Desk);
        doctor.go("/pathways/peg");
        doctor.press("地域の版を作る");
        doctor.see("公開を申し出る");
        doctor.press("原稿を書き直す");
        doctor.see("原稿を残す");
        let text = "const area = document.getElementById('text');\
                    area.value = area.value.replace(arguments[0], arguments[1]);";
        doctor.run(text, &json!(["\"skin\": {", "\"skim\": {"]));
        doctor.press("原稿を残す");
        doctor.see("要修正");
        doctor.is_well_made("library-draft-with-findings");
        doctor.use_screen(Screen::Phone);
        doctor.is_well_made("library-draft-with-findings-phone");
        doctor.use_screen(Screen::Desk);
        doctor.press("原稿を書き直す");
        doctor.see("原稿を残す");
        doctor.run(text, &json!(["\"skim\": {", "\"skin\": {"]));
        doctor.is_well_made("library-edit");
        doctor.press("原稿を残す");
        doctor.see_no_more("要修正");
        a_story_that_fails_and_is_corrected(&doctor);
        doctor.write("何を、なぜ変えたか", "地域の版として始める");
        doctor.press("公開を申し出る");
        doctor.see("あなたが申し出たので");
        let change = doctor.path();

        let admin = site.at_a_browser("nakamura", Screen::Phone);
        admin.go(&change);
        admin.see("確認して公開する");
        admin.is_well_made("library-change-phone");
        admin.press("確認して公開する");
        admin.see("公開済み");
        admin.see("中村 誠");
        admin.go("/pathways/peg/simulate");
        admin.set("造設日", "2026-11-01");
        admin.answer("胃内の固定（ストッパー）", "バルーン型");
        admin.press("試す");
        admin.see("日ごとの予定");
        admin.is_well_made("library-simulate-phone");
        admin.use_screen(Screen::Desk);
        admin.is_well_made("library-simulate-desk");
        admin.read_in("en");
        admin.reload();
        admin.see("Day by day");
        admin.is_well_made("library-simulate-en-desk");
        admin.use_screen(Screen::Phone);
        admin.is_well_made("library-simulate-en-phone");
    });
}

/// A story is brought in beside the draft, fails, and is corrected.
fn a_story_that_fails_and_is_corrected(doctor: &Browser) {
    doctor.see("物語による確かめ");
    doctor.press("そのとおりだった物語 9件");
    doctor.see("from-decision-to-home.json");
    doctor.press("物語を加える");
    doctor.write("物語の名前", "a.json");
    doctor.set(
        "物語のファイル（JSON）",
        r#"{ "says": { "ja": "地域の物語", "en": "Ours" }, "turns": [ { "at": "きのう" } ] }"#,
    );
    doctor.is_well_made("library-story-desk");
    doctor.press("物語を残す");
    doctor.see("物語のとおりに動くようになると");
    doctor.is_well_made("library-stories-desk");
    doctor.use_screen(Screen::Phone);
    doctor.is_well_made("library-stories-phone");
    doctor.use_screen(Screen::Desk);
    doctor.press("物語を直す：a.json");
    doctor.is_well_made("library-story-with-findings");
    doctor.set("物語のファイル（JSON）", r#"{ "says": { "ja": "地域の物語", "en": "Ours" }, "turns": [] }"#);
    doctor.press("物語を残す");
    doctor.see_no_more("物語のとおりに動くようになると");
}
