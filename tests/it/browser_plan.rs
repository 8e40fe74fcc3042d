//! Journey 2 in a real browser with script on: pages on a phone and on a desk, a plan that follows by
//! itself when someone else acts, and every page of it well made in both languages.

use crate::http_plan::device_card;
use crate::http_plan::site_check;
use crate::support::browser::Screen;
use crate::support::site::in_each_site;

#[test]
fn a_nurse_starts_the_peg_pathway_and_the_doctor_sees_a_severe_finding_arrive() {
    in_each_site(|site| {
        device_card(site, "balloon");
        let nurse = site.at_a_browser("ito", Screen::Phone);
        nurse.go(&format!("{}/plan", site.thread()));
        nurse.see("動いているパスはありません");
        nurse.is_well_made("plan-empty-phone");
        nurse.choose("胃ろう（PEG）地域連携パス");
        nurse.press("このパスを始める");
        nurse.see("ろう孔とカテーテルを確認する");
        nurse.is_well_made("plan-phone");

        let doctor = site.at_a_browser("sato", Screen::Desk);
        doctor.go(&format!("{}/plan", site.thread()));
        doctor.see("ろう孔とカテーテルを確認する");
        doctor.is_well_made("plan-desk");
        site_check(site, "severe");
        doctor.see("いつ診られるか返事をください");
        doctor.is_well_made("plan-severe-desk");
        doctor.press("返事をした");
        doctor.see_nothing_of("いつ診られるか返事をください");
        doctor.go("/");
        doctor.see("ろう孔を診察する");
        doctor.is_well_made("start-tasks-desk");
        doctor.go("/tasks");
        doctor.is_well_made("tasks-desk");
        doctor.press("自分が担当する");
        doctor.see("佐藤 健一さんが担当中");
        nurse.see("佐藤 健一さんが担当中");
    });
}

#[test]
fn the_pages_around_the_plan_are_well_made_in_both_languages() {
    in_each_site(|site| {
        device_card(site, "bumper");
        let nurse = site.at_a_browser("ito", Screen::Phone);
        nurse.go(&format!("{}/plan", site.thread()));
        nurse.choose("胃ろう（PEG）地域連携パス");
        nurse.press("このパスを始める");
        nurse.see("進行中");
        site_check(site, "severe");
        for (language, switch) in [("ja", "English"), ("en", "日本語")] {
            for (screen, width) in [(Screen::Phone, "phone"), (Screen::Desk, "desk")] {
                nurse.use_screen(screen);
                for (page, name) in [
                    (format!("{}/plan", site.thread()), "plan"),
                    (site.thread(), "thread-runs"),
                    (format!("{}/stay", site.thread()), "stay"),
                    ("/tasks?list=teams".to_owned(), "tasks"),
                    ("/admissions".to_owned(), "admissions"),
                    ("/pathways".to_owned(), "pathways"),
                    ("/pathways/peg".to_owned(), "pathway"),
                ] {
                    nurse.go(&page);
                    nurse.is_well_made(&format!("{name}-{language}-{width}"));
                }
            }
            nurse.go("/tasks");
            nurse.press_at("header summary");
            nurse.press(switch);
        }
    });
}
