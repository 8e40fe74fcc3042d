//! Journey 5 in a real browser with script on: the nurse on her phone records what she sees at two visits,
//! the doctor's open plan proposes the last days by itself, two professions decide, and improvement brings
//! the patient back. `http_last_days` tells it with script off.

use crate::browser_letters::confirm_and_leave_the_rest_unknown;
use crate::http_last_days::DYING;
use crate::http_last_days::DYING_TASK;
use crate::http_last_days::RECOVERED;
use crate::http_last_days::plan;
use crate::http_last_days::weeks_are_expected;
use crate::support::browser::Browser;
use crate::support::browser::Screen;
use crate::support::site::Site;
use crate::support::site::in_each_site;

const WHY: &str = "提案のもとになること";
const ASKED: &str = "次のことが分かりません。記録してください: 急変時の救急車";

/// The day's sheet on the phone: the signs that she saw, all else unknown.
#[track_caller]
fn visit(site: &Site, nurse: &Browser, seen: &[(&str, &str)]) {
    nurse.go(&format!("{}/letters", site.thread()));
    nurse.press_at("button[value='eol-daily']");
    nurse.see("臨死期を考えるサイン");
    nurse.pick("PPS（パフォーマンス）", "20%　数口の摂取");
    nurse.write("痛み：今（NRS）", "2");
    for (sign, answer) in seen {
        nurse.answer(sign, answer);
    }
    confirm_and_leave_the_rest_unknown(nurse);
    nurse.press("内容を確かめる");
    nurse.see("内容を確かめて署名する");
    nurse.see_nothing_of("まだ署名できません");
    nurse.press("署名する");
    nurse.see("署名済");
}

/// The doctor's plan stays open; the nurse's phone goes from page to page.
fn two_visits(site: &Site, doctor: &Browser, nurse: &Browser) {
    visit(site, nurse, &[("一日中ベッドで過ごす", "はい")]);
    nurse.go(&plan(site));
    nurse.see("夜の体制を決める");
    nurse.see_nothing_of(WHY);
    nurse.is_well_made("last-days-1-one-sign-phone");
    doctor.see_nothing_of(WHY);
    visit(site, nurse, &[("一日中ベッドで過ごす", "はい"), ("ほとんど飲食できない", "はい")]);
    doctor.see(WHY);
    for words in ["一日中ベッドで過ごす", "ほとんど飲食できない", "伊藤 さくら", "2つの職種が必要です"]
    {
        doctor.see(words);
    }
    doctor.is_well_made("last-days-2-proposed-desk");
}

/// The nurse confirms and nothing moves; the doctor confirms and the phase begins.
fn two_professions(site: &Site, doctor: &Browser, nurse: &Browser) {
    nurse.go(&plan(site));
    nurse.see(WHY);
    nurse.is_well_made("last-days-2-proposed-phone");
    nurse.press(DYING);
    nurse.see("確認した人");
    nurse.see("夜の体制を決める");
    nurse.see_nothing_of(DYING_TASK);
    nurse.is_well_made("last-days-3-one-of-two-phone");
    doctor.see("確認した人");
    doctor.see_nothing_of(DYING_TASK);
    doctor.write("理由（見送るとき）", "家族とも話した");
    doctor.press(DYING);
    doctor.see(DYING_TASK);
    doctor.see_nothing_of(WHY);
    nurse.see(DYING_TASK);
    doctor.press_at("section.run details[id$='-closed'] > summary");
    doctor.see("夜の体制を決める");
    doctor.see("取りやめ：段階が変わったため");
    doctor.is_well_made("last-days-4-dying-desk");
    nurse.is_well_made("last-days-4-dying-phone");
}

/// What nobody has recorded is asked for, once, and opens nothing.
fn asked_once(site: &Site, nurse: &Browser) {
    let times = |nurse: &Browser| nurse.words().matches(ASKED).count();
    nurse.go(&plan(site));
    nurse.see(ASKED);
    visit(site, nurse, &[("一日中ベッドで過ごす", "はい"), ("ほとんど飲食できない", "はい")]);
    nurse.go(&plan(site));
    nurse.see(ASKED);
    assert_eq!(times(nurse), 1);
    nurse.see_nothing_of("救急車をどうするか、家族ともう一度決める");
}

/// What the family is handed, on the screen and on paper, in both languages.
fn leaflet(site: &Site, nurse: &Browser) {
    nurse.go(&plan(site));
    nurse.press("渡すもの：「お別れが近づいたときのこと」");
    nurse.see("息が止まったら");
    nurse.see("地域の医師・看護師の確認を受けてください");
    nurse.is_well_made("last-days-5-leaflet-phone");
    let paper = nurse.print();
    assert!(paper.starts_with(b"%PDF") && paper.len() > 10_000, "{} bytes", paper.len());
    nurse.read_in("en");
    nurse.reload();
    nurse.see("When breathing stops");
    nurse.is_well_made("last-days-5-leaflet-en-phone");
    nurse.read_in("ja");
}

#[test]
fn two_visits_two_professions_and_the_way_back_with_pages_that_follow_by_themselves() {
    in_each_site(|site| {
        let (by_form, _) = site.signed_in("sato");
        weeks_are_expected(site, &by_form);
        let doctor = site.at_a_browser("sato", Screen::Desk);
        let nurse = site.at_a_browser("ito", Screen::Phone);
        doctor.go(&plan(site));
        doctor.see("悪化期");
        two_visits(site, &doctor, &nurse);
        two_professions(site, &doctor, &nurse);
        asked_once(site, &nurse);
        leaflet(site, &nurse);

        visit(site, &nurse, &[("一日中ベッドで過ごす", "いいえ"), ("ほとんど飲食できない", "いいえ")]);
        doctor.see(RECOVERED);
        doctor.see(WHY);
        doctor.is_well_made("last-days-6-better-desk");
        doctor.press(RECOVERED);
        doctor.see_no_more(DYING_TASK);
        doctor.see("夜の体制を決める");
        doctor.press_at("section.run details[id$='-variances'] > summary");
        doctor.see("状態が持ち直した");
        doctor.is_well_made("last-days-7-back-desk");
        nurse.go(&plan(site));
        nurse.see("夜の体制を決める");
        nurse.see_nothing_of(ASKED);
        nurse.is_well_made("last-days-7-back-phone");
    });
}
