//! Journey 2 in a real browser with script on: pages on a phone and on a desk, a plan that follows by
//! itself when someone else acts, and every page of it well made in both languages.

use crate::http_plan::device_card;
use crate::http_plan::site_check;
use crate::http_plan::start_peg;
use crate::support::browser::Screen;
use crate::support::site::in_each_site;
use crate::support::things::Hands;

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
        doctor.see_no_more("いつ診られるか返事をください");
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
fn the_clock_of_an_accident_is_the_first_thing_on_the_plan_in_both_languages() {
    in_each_site(|site| {
        device_card(site, "balloon");
        let (by_form, _) = site.signed_in("ito");
        let running = start_peg(site, &by_form);
        let page = by_form.follow(&running, "あったことの記録");
        let now = site.ward.house.now();
        let at = now.plus_seconds(-80 * 60).zoned().strftime("%Y-%m-%dT%H:%M").to_string();
        by_form.send(&page, "記録する", &[("concept", "peg.removed_at"), ("at", &at)]).is(200);
        let nurse = site.at_a_browser("ito", Screen::Phone);
        nurse.go(&format!("{}/plan", site.thread()));
        for (language, removed, soon) in
            [("ja", "抜けてから1時間2", "すぐに"), ("en", "removed 1 h 2", "at once")]
        {
            nurse.read_in(language);
            nurse.reload();
            nurse.see(removed);
            let first = "return document.querySelector('section.run .task').innerText";
            let first = nurse.run(first, &serde_json::json!([]));
            assert!(
                first.as_str().is_some_and(|task| task.contains(removed) && task.contains(soon)),
                "{first}"
            );
            for (screen, width) in [(Screen::Phone, "phone"), (Screen::Desk, "desk")] {
                nurse.use_screen(screen);
                nurse.is_well_made(&format!("plan-removed-{language}-{width}"));
            }
        }
        // The minutes are counted on by the page itself, with words from the house.
        let tick = "document.querySelector('minute-tick').firstChild.textContent = '?'; \
            document.querySelector('minute-tick').dispatchEvent(new Event('refresh', { bubbles: true }))";
        nurse.run(tick, &serde_json::json!([]));
        nurse.see("removed 1 h 2");
    });
}

#[test]
fn on_a_phone_the_picture_of_a_plan_opens_at_today_and_the_names_of_its_rows_stay_in_sight() {
    in_each_site(|site| {
        let ward = &site.ward;
        site.runtime.block_on(async {
            let then = ward.house.at(ward.house.now().plus_seconds(-40 * 86_400));
            let hands = Hands { house: &then, patient: ward.tanaka, nurse: ward.ito, doctor: ward.sato };
            hands.device_and_pathway().await;
            while ward.house.tick_due().await.unwrap() > 0 {}
        });
        site_check(site, "severe");
        let nurse = site.at_a_browser("ito", Screen::Phone);
        let place = "const box = document.querySelector('.picture'), at = of => of.getBoundingClientRect(), \
            edge = at(box), names = at(box.querySelector('.picture-names')), now = at(box.querySelector('.pic-now')); \
            return [box.scrollLeft > 0, Math.abs(names.left - edge.left) < 3, now.left > names.right, now.right < edge.right]";
        for language in ["ja", "en"] {
            nurse.read_in(language);
            nurse.use_screen(Screen::Phone);
            nurse.go(&format!("{}/plan/timeline", site.thread()));
            let seen = nurse.run(place, &serde_json::json!([]));
            assert_eq!(seen, serde_json::json!([true, true, true, true]), "{language}");
            nurse.is_well_made(&format!("timeline-today-{language}-phone"));
            // Moved to its end, the names are still there.
            let moved = "const box = document.querySelector('.picture'); box.scrollLeft = box.scrollWidth; \
                return Math.abs(box.querySelector('.picture-names').getBoundingClientRect().left \
                    - box.getBoundingClientRect().left) < 3";
            assert_eq!(nurse.run(moved, &serde_json::json!([])), serde_json::json!(true));
            nurse.use_screen(Screen::Desk);
            nurse.go(&format!("{}/plan/timeline", site.thread()));
            nurse.is_well_made(&format!("timeline-today-{language}-desk"));
        }
        nurse.use_screen(Screen::Phone);
        nurse.without_script(true);
        nurse.reload();
        nurse.picture("timeline-today-without-script");
    });
}

#[test]
fn a_long_menu_is_narrowed_by_typing_and_chosen_from_by_key() {
    in_each_site(|site| {
        let nurse = site.at_a_browser("ito", Screen::Phone);
        nurse.go(&format!("{}/team", site.thread()));
        assert_eq!(nurse.count("#person optgroup"), 4, "one heading for each office with someone free");
        let field = "絞り込む（名前・よみ・事業所・職種）";
        nurse.write(field, "びょういん");
        nurse.see("0件");
        nurse.write(field, "病院　看護師");
        nurse.see("1件");
        nurse.keys("\u{E007}");
        assert_eq!(nurse.holds("担当者"), site.ward.matsumoto.to_string());
        nurse.is_well_made("team-narrowed-phone");
        // Another word lets go of what was chosen: nobody is added by an oversight.
        nurse.write(field, "岡田");
        nurse.see("1件");
        assert_eq!(nurse.holds("担当者"), "");
        nurse.set(field, "");
        assert_eq!(nurse.count("#person optgroup"), 4);
        nurse.pick("担当者", "松本 恵（病院看護師）");
        nurse.press("この人を加える");
        nurse.wait_till_gone("#person optgroup:nth-of-type(4)");
        nurse.see("松本 恵");
        assert_eq!(nurse.count("#person optgroup"), 3);
        nurse.without_script(true);
        nurse.reload();
        assert_eq!((nurse.count("#person optgroup"), nurse.count("pick-list input")), (3, 0));
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
