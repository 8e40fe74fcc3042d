//! Renders every page with made-up content in both languages, so that they can be looked at
//! and so that a page that cannot be rendered fails a test. Pictures are taken from the files.

use std::fs;
use std::path::PathBuf;

use askama::Template;
use jiff::Timestamp;

use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::web::assets;
use crate::web::frame::Frame;
use crate::web::frame::Place;
use crate::web::frame::Viewer;
use crate::web::sign_in;
use crate::web::start;
use crate::web::thread;
use crate::web::view::Alert;
use crate::web::view::AlertKind;
use crate::web::view::Badge;
use crate::web::view::Banner;
use crate::web::view::Choice;
use crate::web::view::Field;
use crate::web::view::FlawView;
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

fn post(l: Look, id: &str, by: PersonView, kind: &str, text: String) -> thread::PostView {
    let state = |word: String, by: &[(Profession, usize)]| thread::StateView {
        word,
        count: by.iter().map(|(_, count)| count).sum(),
        by: by
            .iter()
            .map(|(profession, count)| thread::StateBy { badge: l.badge(*profession), count: *count })
            .collect(),
    };
    use Profession::*;
    thread::PostView {
        id: id.to_owned(),
        href: format!("/patients/1/posts/{id}"),
        by,
        when: l.when(NOON),
        kind: kind.to_owned(),
        urgency: "",
        urgency_mark: None,
        text,
        answers: None,
        asks: vec![],
        states: vec![
            state(
                l.s("届いた", "reached"),
                &[(Doctor, 1), (Pharmacist, 1), (CareManager, 1), (Helper, 2), (Dentist, 1)],
            ),
            state(l.s("開いた", "opened"), &[(Doctor, 1), (CareManager, 1), (Helper, 1)]),
            state(l.s("了解", "acknowledged"), &[(CareManager, 1)]),
            state(l.s("返答", "answered"), &[]),
        ],
        versions: vec![],
        withdrawn: None,
        may_ack: false,
        may_answer: true,
        may_correct: false,
    }
}

fn lines(l: Look) -> Vec<thread::Line> {
    let line = thread::Line::default;
    let mut lines = vec![thread::Line { day: Some(l.s("11月21日(土)", "Sat 21 Nov")), ..line() }];
    lines.extend(yesterday(l));
    lines.push(thread::Line { day: Some(l.s("11月22日(日)", "Sun 22 Nov")), ..line() });
    lines.push(thread::Line { unread: Some(thread::unread_line(l.t(), 2)), ..line() });
    lines.push(thread::Line { post: Some(urgent(l)), ..line() });
    let says = l.s("佐藤 健一さんが投稿を開きました。", "Kenichi Sato opened the post.");
    let opened =
        thread::EventView { id: "e2".to_owned(), when: l.when(NOON), says, more: String::new(), link: None };
    lines.push(thread::Line { event: Some(opened), ..line() });
    lines.push(thread::Line { post: Some(answer(l)), ..line() });
    lines
}

fn urgent(l: Look) -> thread::PostView {
    let text = l.s(
        "胃ろう周囲の発赤が3cmに広がり、浸出液があります。37.8℃。本日中に診ていただけますか。電話でも受付の方に伝えています。",
        "The redness around the PEG has grown to 3 cm, with discharge. 37.8 °C. Could you see her today? I have also telephoned your desk.",
    );
    let mut urgent = post(l, "p2", l.nurse(), &l.s("お願い", "Request"), text);
    urgent.urgency = "now";
    urgent.urgency_mark = Some(l.now());
    urgent.may_ack = true;
    urgent.asks = vec![thread::AskView {
        says: l.s("佐藤医師に返答をお願いしています", "Dr Sato is asked to answer"),
        due: Some(l.when("2026-11-22T08:00:00Z")),
        state: Mark::new(Tone::Due, l.s("返答待ち", "waiting")),
    }];
    urgent
}

fn answer(l: Look) -> thread::PostView {
    let office = ("上市総合病院 地域連携室", "Kamiichi Hospital, liaison room");
    let mut by = l.person(Profession::SocialWorker, "木村 直子", "Naoko Kimura", office);
    by.on_behalf = Some(l.s("佐藤医師の代わりに（電話で確認）", "for Dr Sato (by telephone)"));
    let text = l.s(
        "15時に往診します。それまで注入を止め、口腔ケアのみ続けてください。",
        "The doctor comes at 15:00. Please stop feeding until then and go on with mouth care only.",
    );
    let mut answer = post(l, "p3", by, &l.s("返答", "Answer"), text);
    let says = l.s("伊藤 美咲「胃ろう周囲の発赤が3cmに…」", "Misaki Ito: “The redness around the PEG…”");
    answer.answers = Some(thread::Quote { href: "#p2".to_owned(), says });
    answer
}

fn yesterday(l: Look) -> Vec<thread::Line> {
    let office = ("ヘルパーステーション立山", "Tateyama Home Help");
    let helper = l.person(Profession::Helper, "中村 さくら", "Sakura Nakamura", office);
    let text = l.s("入浴介助を行いました。", "Helped with bathing.");
    let mut gone = post(l, "p0", helper, &l.s("報告", "Report"), text);
    gone.withdrawn = Some(l.s("別の方の記録でした", "it was about another person"));
    gone.may_answer = false;
    let text = l.s(
        "訪問診療。血圧 132/78 mmHg、脈 72。経管栄養は 300 mL × 3 回で継続します。\n次回は 11月29日の予定です。",
        "Home visit. BP 132/78 mmHg, pulse 72. Feeding goes on at 300 mL × 3.\nNext visit on 29 November.",
    );
    let mut corrected = post(l, "p1", l.doctor(), &l.s("報告", "Report"), text);
    corrected.versions = vec![thread::VersionView {
        when: l.when("2026-11-21T07:10:00Z"),
        why: l.s("回数の書き間違い", "wrong number of feeds"),
        text: l.s("経管栄養は 300 mL × 2 回で継続します。", "Feeding goes on at 300 mL × 2."),
    }];
    corrected.may_correct = true;
    let opened = thread::EventView {
        id: "e1".to_owned(),
        when: l.when("2026-11-21T08:00:00Z"),
        says: l.s(
            "胃ろうパス「安定期」の仕事「胃ろう周囲の観察」が開きました。",
            "Pathway PEG: the task “site check” opened in the stable phase.",
        ),
        more: l.s(
            "造設日（9月14日）から7日ごとの決まりによります。",
            "By the schedule of every seven days since the placement (14 Sep).",
        ),
        link: Some(thread::Quote {
            href: "/patients/1/plan".to_owned(),
            says: l.s("パスを開く", "Open the plan"),
        }),
    };
    vec![
        thread::Line { post: Some(gone), ..thread::Line::default() },
        thread::Line { post: Some(corrected), ..thread::Line::default() },
        thread::Line { event: Some(opened), ..thread::Line::default() },
    ]
}

fn composer(l: Look, open: bool) -> thread::Composer {
    thread::Composer {
        action: "/patients/1/posts".to_owned(),
        draft_href: "/patients/1/draft".to_owned(),
        entry: "0193f2b0-0000-7000-8000-000000000001".to_owned(),
        text: String::new(),
        fields: vec![
            Field::new("radio", "kind", l.s("種類", "Kind")).of(thread::kinds(l.t(), "report")),
            Field::new("radio", "urgency", l.s("急ぎ", "Urgency")).of(thread::urgencies(l.t(), "none")),
            Field::new("checks", "to", l.s("お願いする相手", "Whom you ask"))
                .hint(l.s(
                    "選ばなければ、チームへの報告になります。",
                    "Without a choice it is a report to the team.",
                ))
                .of(vec![
                    Choice::new(
                        "doctor",
                        l.s("佐藤 健一（医師・主担当）", "Kenichi Sato (doctor, main)"),
                        "",
                    ),
                    Choice::new("cm", l.s("山本 由美（介護支援専門員）", "Yumi Yamamoto (care manager)"), ""),
                    Choice::new("dentist", l.s("高橋 誠（歯科医師）", "Makoto Takahashi (dentist)"), ""),
                ]),
            Field::new("datetime-local", "due", l.s("いつまで", "By when")),
        ],
        open,
        answering: None,
        answers: String::new(),
        died: false,
    }
}

fn thread_page(l: Look, open: bool) -> thread::ThreadPage {
    thread::ThreadPage {
        t: l.t(),
        frame: l.frame("連絡 T.H.", "Thread T.H.", Place::Patients).wide(),
        banner: l.banner("thread"),
        patient: "1".to_owned(),
        lines: lines(l),
        earlier: Some("?before=40".to_owned()),
        posts_href: "/patients/1/posts?from=40".to_owned(),
        composer: Some(composer(l, open)),
        patients: [
            ("田中 ハル", "Haru Tanaka", 2, true),
            ("小林 正男", "Masao Kobayashi", 1, false),
            ("加藤 トミ", "Tomi Kato", 0, false),
        ]
        .map(|(ja, en, unread, here)| thread::PatientLink {
            href: "/patients/2".to_owned(),
            name: l.s(ja, en),
            unread,
            here,
        })
        .into(),
        runs: vec![thread::RunLine {
            href: "/patients/1/plan".to_owned(),
            title: l.s("胃ろう（PEG）地域連携パス", "PEG at home"),
            phase: l.s("安定期（2週目から）", "Stable (from week 2)"),
            tasks: vec![
                thread::TaskLine {
                    title: l.s("胃ろう周囲の診察", "Doctor's review of the site"),
                    badge: l.badge(Profession::Doctor),
                    mark: l.now(),
                },
                thread::TaskLine {
                    title: l.s("胃ろう周囲の観察", "Site check"),
                    badge: l.badge(Profession::VisitingNurse),
                    mark: l.due_today(),
                },
                thread::TaskLine {
                    title: l.s("口腔ケアの確認", "Mouth care check"),
                    badge: l.badge(Profession::DentalHygienist),
                    mark: Mark::new(Tone::Plain, l.s("11月25日まで", "by 25 Nov")),
                },
            ],
        }],
        flaws: vec![],
    }
}

fn waiting(l: Look) -> start::Waiting {
    let row = |title: String, patient: String, from: String, mark: Mark, due: &str| start::WaitingRow {
        href: "/tasks".to_owned(),
        title,
        patient,
        from,
        mark,
        due: Some(l.when(due)),
    };
    start::Waiting {
        asks: vec![
            start::AskRow { href: "/patients/1#p2".to_owned(), patient: l.s("田中 ハル", "Haru Tanaka"), by: l.nurse(), says: l.s("胃ろう周囲の発赤が3cmに広がり、浸出液があります。37.8℃。本日中に診ていただけますか。", "The redness around the PEG has grown to 3 cm, with discharge. 37.8 °C. Could you see her today?"), mark: Some(l.now()), due: Some(l.when("2026-11-22T08:00:00Z")), ack_href: Some("/patients/1/posts/p2/ack".to_owned()) },
            start::AskRow { href: "/patients/2#p9".to_owned(), patient: l.s("小林 正男", "Masao Kobayashi"), by: l.person(Profession::CareManager, "山本 由美", "Yumi Yamamoto", ("居宅介護支援つるぎ", "Tsurugi Care Managers")), says: l.s("退院前カンファレンスを11月26日14時でお願いできますか。", "Could we hold the discharge conference on 26 November at 14:00?"), mark: None, due: None, ack_href: Some("/x".to_owned()) },
        ],
        tasks: vec![
            row(l.s("胃ろう周囲の観察", "Site check"), l.s("田中 ハル", "Haru Tanaka"), l.s("胃ろうパス", "PEG"), Mark::new(Tone::Harm, l.s("1日超過", "1 day late")), "2026-11-21T08:00:00Z"),
            row(l.s("看取り期の説明", "Explain the last days"), l.s("加藤 トミ", "Tomi Kato"), l.s("看取りパス", "End of life"), l.due_today(), "2026-11-22T08:00:00Z"),
        ],
        letters: vec![row(l.s("退院・退所情報記録書", "Discharge sheet"), l.s("小林 正男", "Masao Kobayashi"), l.s("上市総合病院", "Kamiichi Hospital"), Mark::new(Tone::Act, l.s("受け取り待ち", "to be received")), "2026-11-24T08:00:00Z")],
        threads: vec![
            start::ThreadRow { href: "/patients/1#unread".to_owned(), patient: l.s("田中 ハル", "Haru Tanaka"), unread: 2, says: l.s("木村 直子「15時に往診します。それまで注入を止め、口腔ケアのみ続けてください。」", "Naoko Kimura: “The doctor comes at 15:00. Please stop feeding until then.”"), when: l.when(NOON) },
            start::ThreadRow { href: "/patients/2#unread".to_owned(), patient: l.s("小林 正男", "Masao Kobayashi"), unread: 1, says: l.s("山本 由美「退院前カンファレンスを…」", "Yumi Yamamoto: “Could we hold…”"), when: l.when("2026-11-22T01:00:00Z") },
        ],
    }
}

fn sign_in_page(l: Look, wrong: bool) -> sign_in::SignInPage {
    let flaws = if wrong {
        vec![FlawView {
            field: "password".to_owned(),
            says: l.s("サインイン名かパスワードが違います。", "The sign-in name or the password is wrong."),
        }]
    } else {
        vec![]
    };
    sign_in::SignInPage {
        t: l.t(),
        frame: Frame::sample(l.0, &l.s("サインイン", "Sign in")).narrow().with_error(wrong),
        fields: sign_in::fields(l.t(), if wrong { "ito" } else { "" }, &flaws),
        to: "/".to_owned(),
        flaws,
    }
}

fn demo_door(l: Look) -> sign_in::DemoDoorPage {
    let groups = Profession::ALL
        .iter()
        .map(|profession| sign_in::DemoGroup {
            title: profession.name().say(l.0).to_owned(),
            people: vec![sign_in::DemoPerson {
                id: "1".to_owned(),
                who: l.person(*profession, "架空 花子", "Hanako Kaku", ("つるぎ事業所", "Tsurugi Office")),
                about: l.s("胃ろうの観察で赤みを見つけたところ", "Has just found redness at a PEG site"),
            }],
        })
        .collect();
    sign_in::DemoDoorPage {
        t: l.t(),
        frame: Frame::sample(l.0, &l.s("だれとして開きますか", "Who would you like to be?")).demo(true),
        groups,
        to: "/".to_owned(),
    }
}

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
        hang(l, "thread", &thread_page(l, false));
        hang(l, "thread-open", &thread_page(l, true));
        hang(
            l,
            "start",
            &start::StartPage {
                t: l.t(),
                frame: l.frame("自分あて", "For me", Place::Mine).wide(),
                waiting: waiting(l),
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
        hang(l, "sign-in", &sign_in_page(l, false));
        hang(l, "sign-in-wrong", &sign_in_page(l, true));
        hang(l, "demo-door", &demo_door(l));
    }
}
