//! Renders every page with made-up content in both languages, so that they can be looked at
//! and so that a page that cannot be rendered fails a test. Pictures are taken from the files.

mod care;
mod letters;
mod region;
mod thread;

use std::fs;
use std::path::PathBuf;

use askama::Template;
use jiff::Timestamp;

use crate::form::Stage;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::web::assets;
use crate::web::frame::Frame;
use crate::web::frame::Place;
use crate::web::frame::Viewer;
use crate::web::start;
use crate::web::view::Alert;
use crate::web::view::AlertKind;
use crate::web::view::Badge;
use crate::web::view::Banner;
use crate::web::view::Mark;
use crate::web::view::PersonView;
use crate::web::view::Tone;
use crate::web::view::When;

/// One reader of the gallery.
#[derive(Clone, Copy)]
pub(crate) struct Look(pub Lang);

impl Look {
    pub(crate) fn t(self) -> Text {
        Text(self.0)
    }

    /// Either text.
    pub(crate) fn s(self, ja: &str, en: &str) -> String {
        match self.0 {
            Lang::Ja => ja.to_owned(),
            Lang::En => en.to_owned(),
        }
    }

    pub(crate) fn when(self, moment: &str) -> When {
        When::at(moment.parse::<Timestamp>().unwrap().into(), self.0)
    }

    pub(crate) fn badge(self, profession: Profession) -> Badge {
        Badge::new(profession, self.0)
    }

    pub(crate) fn person(
        self,
        profession: Profession,
        ja: &str,
        en: &str,
        office: (&str, &str),
    ) -> PersonView {
        PersonView {
            name: self.s(ja, en),
            badge: self.badge(profession),
            office: self.s(office.0, office.1),
            on_behalf: None,
        }
    }

    pub(crate) fn nurse(self) -> PersonView {
        self.person(
            Profession::VisitingNurse,
            "伊藤 美咲",
            "Misaki Ito",
            ("つるぎ訪問看護ステーション", "Tsurugi Visiting Nurses"),
        )
    }

    pub(crate) fn doctor(self) -> PersonView {
        self.person(Profession::Doctor, "佐藤 健一", "Kenichi Sato", ("佐藤内科医院", "Sato Clinic"))
    }

    pub(crate) fn frame(self, ja: &str, en: &str, place: Place) -> Frame {
        let nurse = self.nurse();
        Frame::sample(self.0, &self.s(ja, en)).at(place).seen_by(Viewer {
            name: nurse.name,
            badge: nurse.badge,
            office: nurse.office,
            waiting: 7,
        })
    }

    pub(crate) fn banner(self, page: &'static str) -> Banner {
        let alert = |label: String, value: String, kind| Alert { label, value, kind };
        Banner {
            href: "/patients/1".to_owned(),
            name: self.s("田中 ハル", "Haru Tanaka"),
            kana: self.s("タナカ ハル", "タナカ ハル"),
            born: self.s("昭和15年4月2日（86歳）", "2 Apr 1940 (86)"),
            sex: self.s("女", "female"),
            number: "0000-1042".to_owned(),
            care_need: self.s("要介護3（令和9年3月31日まで）", "Care need 3 (to 31 Mar 2027)"),
            alerts: vec![
                alert(self.s("アレルギー", "Allergies"), self.s("ペニシリン", "penicillin"), AlertKind::Harm),
                alert(self.s("副作用歴", "Reactions"), self.s("未確認", "not asked yet"), AlertKind::Unknown),
                alert(
                    self.s("人生会議", "ACP"),
                    self.s("令和8年10月3日に話し合い", "talked on 3 Oct 2026"),
                    AlertKind::Plain,
                ),
                alert(
                    self.s("胃ろう", "PEG"),
                    self.s("バルーン 20Fr 令和8年9月14日", "balloon 20Fr, 14 Sep 2026"),
                    AlertKind::Plain,
                ),
            ],
            page,
            ..Banner::default()
        }
    }

    pub(crate) fn due_today(self) -> Mark {
        Mark::new(Tone::Due, self.s("本日中", "today"))
    }

    pub(crate) fn now(self) -> Mark {
        Mark::new(Tone::Harm, self.s("今すぐ", "now"))
    }
}

/// Now, for the gallery.
pub(crate) const NOON: &str = "2026-11-22T03:05:00Z";

/// The folder that pictures are taken from.
fn folder() -> PathBuf {
    std::env::temp_dir().join("renkei-gallery")
}

fn hang(l: Look, name: &str, page: &impl Template) {
    let html = page.render().unwrap();
    assert!(!html.contains("{{") && !html.contains("{%"), "{name} shows a bare template");
    fs::write(folder().join(format!("{name}-{}.html", l.0.code())), html).unwrap();
}

#[test]
fn every_page_renders_in_both_languages() {
    fs::create_dir_all(folder().join("assets")).unwrap();
    for asset in assets::ASSETS {
        fs::write(folder().join("assets").join(asset.name), asset.plain).unwrap();
    }
    let _: Time = NOON.parse::<Timestamp>().unwrap().into();
    for l in [Look(Lang::Ja), Look(Lang::En)] {
        hang(l, "thread", &thread::thread_page(l, false));
        let mut large = thread::thread_page(l, false);
        large.frame.large = true;
        large.banner.died = Some(l.s("令和8年11月21日", "21 Nov 2026"));
        large.banner.alike = Some(l.s(
            "よく似た名前の方がいます。田中 ハナ（昭和16年生）",
            "Someone has a like name: Hana Tanaka (born 1941)",
        ));
        hang(l, "thread-large", &large);
        hang(l, "thread-open", &thread::thread_page(l, true));
        hang(
            l,
            "start",
            &start::StartPage {
                t: l.t(),
                frame: l.frame("自分あて", "For me", Place::Mine).wide(),
                waiting: thread::waiting(l),
            },
        );
        hang(
            l,
            "start-empty",
            &start::StartPage {
                t: l.t(),
                frame: l.frame("自分あて", "For me", Place::Mine).wide(),
                waiting: start::Waiting::default(),
            },
        );
        hang(l, "sign-in", &thread::sign_in_page(l, false));
        hang(l, "sign-in-wrong", &thread::sign_in_page(l, true));
        hang(l, "demo-door", &thread::demo_door(l));
        hang(l, "plan", &care::plan_page(l));
        hang(l, "tasks", &care::tasks_page(l));
        hang(l, "patients", &care::patients_page(l, ""));
        hang(l, "patients-none", &care::patients_page(l, "山田"));
        hang(l, "register", &care::register_page(l));
        hang(l, "team", &care::team_page(l));
        hang(l, "history", &care::history_page(l));
        hang(l, "letters", &letters::letters_page(l, false));
        hang(l, "letters-patient", &letters::letters_page(l, true));
        hang(l, "letter-edit", &letters::edit_page(l, "dental-referral", Stage::Draft));
        hang(l, "letter-wrong", &letters::edit_page(l, "dental-referral", Stage::Sign));
        hang(l, "sheet-edit", &letters::edit_page(l, "discharge-sheet", Stage::Draft));
        hang(l, "letter-check", &letters::check_page(l));
        hang(l, "letter", &letters::letter_page(l));
        hang(l, "letter-print", &letters::print_page(l, "dental-referral", false));
        hang(l, "letter-fax", &letters::print_page(l, "dental-referral", true));
        hang(l, "sheet-print", &letters::print_page(l, "discharge-sheet", false));
        hang(l, "referrals", &region::referrals_page(l));
        hang(l, "admissions", &region::admissions_page(l));
        hang(l, "account", &region::account_page(l));
        hang(l, "join", &region::join_page(l, false));
        hang(l, "join-over", &region::join_page(l, true));
        hang(l, "region", &region::region_page(l));
        hang(l, "office", &region::office_page(l));
        hang(l, "admin", &region::admin_page(l));
    }
}
