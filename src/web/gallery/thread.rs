//! The thread, the start page and the doors, with made-up content.

use crate::kernel::profession::Profession;
use crate::record::payload::PostKind;
use crate::web::frame::Frame;
use crate::web::frame::Place;
use crate::web::gallery::Look;
use crate::web::gallery::NOON;
use crate::web::sign_in;
use crate::web::start;
use crate::web::thread;
use crate::web::view::Choice;
use crate::web::view::Field;
use crate::web::view::FlawView;
use crate::web::view::Mark;
use crate::web::view::PersonView;
use crate::web::view::Tone;

fn post(l: Look, id: &str, by: PersonView, kind: PostKind, text: String) -> thread::PostView {
    let state = |word, by: &[(Profession, usize)]| thread::StateView {
        word,
        count: by.iter().map(|(_, count)| count).sum(),
        by: thread::counts(l.t(), by.iter().copied()),
    };
    use Profession::*;
    thread::PostView {
        id: id.to_owned(),
        href: format!("/patients/1/posts/{id}"),
        by,
        when: l.when(NOON),
        device: None,
        kind: thread::kind(l.t(), kind),
        urgency: "",
        urgency_mark: None,
        text,
        answers: None,
        asks: vec![],
        states: [
            state(
                l.t().state_reached(),
                &[(Doctor, 1), (Pharmacist, 1), (CareManager, 1), (Helper, 2), (Dentist, 1)],
            ),
            state(l.t().state_opened(), &[(Doctor, 1), (CareManager, 1), (Helper, 1)]),
            state(l.t().state_acknowledged(), &[(CareManager, 1)]),
            state(l.t().state_answered(), &[]),
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
    let mut urgent = post(l, "p2", l.nurse(), PostKind::Request, text);
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
    let mut answer = post(l, "p3", by, PostKind::Note, text);
    let says = l.s("伊藤 美咲「胃ろう周囲の発赤が3cmに…」", "Misaki Ito: “The redness around the PEG…”");
    answer.answers = Some(thread::Quote { href: "#p2".to_owned(), says });
    answer
}

fn yesterday(l: Look) -> Vec<thread::Line> {
    let office = ("ヘルパーステーション立山", "Tateyama Home Help");
    let helper = l.person(Profession::Helper, "中村 さくら", "Sakura Nakamura", office);
    let text = l.s("入浴介助を行いました。", "Helped with bathing.");
    let mut gone = post(l, "p0", helper, PostKind::Report, text);
    gone.withdrawn = Some(l.s("別の方の記録でした", "it was about another person"));
    gone.may_answer = false;
    let text = l.s(
        "訪問診療。血圧 132/78 mmHg、脈 72。経管栄養は 300 mL × 3 回で継続します。\n次回は 11月29日の予定です。",
        "Home visit. BP 132/78 mmHg, pulse 72. Feeding goes on at 300 mL × 3.\nNext visit on 29 November.",
    );
    let mut corrected = post(l, "p1", l.doctor(), PostKind::Report, text);
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

pub(super) fn composer(l: Look, open: bool) -> thread::Composer {
    thread::Composer {
        action: "/patients/1/posts".to_owned(),
        draft_href: "/patients/1/draft".to_owned(),
        calls_href: "/patients/1/calls".to_owned(),
        entry: "0193f2b0-0000-7000-8000-000000000001".to_owned(),
        text: String::new(),
        fields: vec![
            Field::new("radio", "kind", l.s("種類", "Kind")).of(thread::kinds(l.t(), "report")),
            Field::new("radio", "urgency", l.s("急ぎ", "Urgency")).of(thread::urgencies(l.t(), "normal")),
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

pub(super) fn thread_page(l: Look, open: bool) -> thread::ThreadPage {
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

pub(super) fn waiting(l: Look) -> start::Waiting {
    let row = |title: String, patient: String, from: String, mark: Mark, due: &str| start::WaitingRow {
        href: "/tasks".to_owned(),
        title,
        patient,
        from,
        mark,
        due: Some(l.when(due)),
    };
    start::Waiting {
        halted: vec![crate::web::library::HaltedRow { href: "/patients/1/plan".to_owned(), patient: l.s("田中 ハル", "Haru Tanaka"), title: l.s("胃ろう（PEG）地域連携パス", "PEG at home") }],
        attention: vec![],
        lists: vec![],
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

pub(super) fn sign_in_page(l: Look, wrong: bool) -> sign_in::SignInPage {
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

pub(super) fn demo_door(l: Look) -> sign_in::DemoDoorPage {
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
