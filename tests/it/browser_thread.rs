//! Journey 1 in a real browser with script on: what the plain forms do, done by pressing and seeing;
//! and what script adds: a start page that shows a report by itself, a tap that answers in place.

use crate::support::browser::{Browser, Screen};
use crate::support::site::{Site, in_each_site};
use crate::support::ward::PASSWORD;

fn sign_in(site: &Site, screen: Screen, name: &str) -> Browser {
    let browser = Browser::open(&site.address, screen);
    browser.go("/");
    browser.see("サインイン");
    browser.write("サインイン名", name);
    browser.write("パスワード", PASSWORD);
    browser.press("サインインする");
    browser.see("自分あて");
    browser
}

/// Nothing on this page keeps anyone out, scrolls sideways on a phone, or complains to the console.
#[track_caller]
fn is_well_made(browser: &Browser, picture: &str) {
    browser.picture(picture);
    assert_eq!(browser.barriers(), Vec::<String>::new(), "{picture} keeps people out");
    assert!(browser.overflow() <= 0, "{picture} is {} pixels too wide", browser.overflow());
    assert_eq!(browser.complaints(), Vec::<String>::new(), "{picture} complains");
}

#[test]
fn a_report_appears_on_the_doctors_start_page_by_itself_and_one_tap_acknowledges_it() {
    in_each_site(|site| {
        let doctor = sign_in(site, Screen::Desk, "sato");
        doctor.see("いま、あなたを待つものはありません");
        is_well_made(&doctor, "start-empty-desk");

        let nurse = sign_in(site, Screen::Phone, "ito");
        nurse.go(&site.thread());
        for words in ["田中 ハル", "タナカ ハル", "ペニシリン"] {
            nurse.see(words);
        }
        is_well_made(&nurse, "thread-empty-phone");
        nurse.write("本文", "胃ろう周囲に発赤 2cm");
        nurse.press("送る");
        nurse.see("胃ろう周囲に発赤 2cm");

        doctor.see("胃ろう周囲に発赤 2cm");
        is_well_made(&doctor, "start-unread-desk");
        doctor.go(&site.thread());
        doctor.see("ここから未読 1件");
        is_well_made(&doctor, "thread-unread-desk");
        doctor.press("了解");
        nurse.see("了解 1");
        is_well_made(&nurse, "thread-acknowledged-phone");
    });
}

#[test]
fn someone_outside_the_team_sees_nothing_arrive() {
    in_each_site(|site| {
        let outsider = sign_in(site, Screen::Phone, "okada");
        let nurse = sign_in(site, Screen::Desk, "ito");
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
