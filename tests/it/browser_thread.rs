//! Journey 1 in a real browser with script on: what the plain forms do, done by pressing and seeing;
//! and what script adds: a start page that shows a report by itself, a tap that answers in place.

use crate::support::browser::Screen;
use crate::support::site::in_each_site;

#[test]
fn a_report_appears_on_the_doctors_start_page_by_itself_and_one_tap_acknowledges_it() {
    in_each_site(|site| {
        let doctor = site.at_a_browser("sato", Screen::Desk);
        doctor.see("いま、あなたを待つものはありません");
        doctor.is_well_made("start-empty-desk");

        let nurse = site.at_a_browser("ito", Screen::Phone);
        nurse.go(&site.thread());
        for words in ["田中 ハル", "タナカ ハル", "ペニシリン"] {
            nurse.see(words);
        }
        nurse.is_well_made("thread-empty-phone");
        nurse.write("本文", "胃ろう周囲に発赤 2cm");
        nurse.press("送る");
        nurse.see("胃ろう周囲に発赤 2cm");

        doctor.see("胃ろう周囲に発赤 2cm");
        doctor.is_well_made("start-unread-desk");
        doctor.go(&site.thread());
        doctor.see("ここから未読 1件");
        doctor.is_well_made("thread-unread-desk");
        doctor.press("了解");
        nurse.see("了解 1");
        nurse.is_well_made("thread-acknowledged-phone");
        nurse.press_at(".composer-more > summary");
        nurse.see("今すぐ");
        nurse.is_well_made("thread-composer-open-phone");
    });
}

#[test]
fn someone_outside_the_team_sees_nothing_arrive() {
    in_each_site(|site| {
        let outsider = site.at_a_browser("okada", Screen::Phone);
        let nurse = site.at_a_browser("ito", Screen::Desk);
        nurse.go(&site.thread());
        nurse.write("本文", "胃ろう周囲に発赤 2cm");
        nurse.press("送る");
        nurse.see("胃ろう周囲に発赤 2cm");
        outsider.see("いま、あなたを待つものはありません");
        outsider.see_nothing_of("田中");
        outsider.go(&site.thread());
        outsider.see("見つかりません");
        outsider.see_nothing_of("田中");
        // Not `is_well_made`: a browser's console names every 404.
        assert_eq!(outsider.barriers(), Vec::<String>::new());
    });
}
