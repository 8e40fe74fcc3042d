//! The pages about one patient and the lists of patients and tasks, with made-up content.

use crate::kernel::profession::Profession;
use crate::web::frame::Place;
use crate::web::gallery::Look;
use crate::web::gallery::NOON;
use crate::web::history;
use crate::web::patients;
use crate::web::plan;
use crate::web::tasks;
use crate::web::team;
use crate::web::view::Choice;
use crate::web::view::Field;
use crate::web::view::Filter;
use crate::web::view::Mark;
use crate::web::view::Tone;

pub(super) fn filter(l: Look, ja: &str, en: &str, count: usize, on: bool) -> Filter {
    Filter { href: "?".to_owned(), label: l.s(ja, en), count, on }
}

fn why(l: Look) -> Vec<tasks::WhyLine> {
    let line =
        |depth, verdict, says, from| tasks::WhyLine { depth, verdict, says, from, href: String::new() };
    vec![
        line(0, "", l.s("決まり「皮膚の状態が重いとき」", "Rule “severe skin”"), String::new()),
        line(
            1,
            "✓",
            l.s("皮膚の状態が「重い」", "skin is “severe”"),
            l.s("伊藤 美咲 11月22日(日) 12:05 胃ろう周囲の観察", "Misaki Ito, Sun 22 Nov 12:05, site check"),
        ),
        line(1, "？", l.s("体温が38度以上", "temperature is 38 or more"), l.s("未確認", "not known")),
    ]
}

fn task(l: Look, id: &str, title: String, profession: Profession, mark: Mark) -> tasks::TaskView {
    tasks::TaskView {
        id: id.to_owned(),
        action: format!("/patients/1/tasks/{id}"),
        entry: "0193f2b0-0000-7000-8000-000000000002".to_owned(),
        to: String::new(),
        title,
        about: l.s("皮膚・漏れ・回転・ゆるみを見ます。", "Skin, leak, turning, play."),
        patient: None,
        pathway: l.s("胃ろう（PEG）地域連携パス", "PEG at home"),
        badge: l.badge(profession),
        claimed_by: None,
        mark,
        urgent: false,
        clock: None,
        leaflet: None,
        window: l.s("11月20日から11月24日まで", "20 to 24 Nov"),
        due: Some(l.when("2026-11-22T08:00:00Z")),
        form: None,
        why: why(l),
        may_claim: false,
        may_release: false,
        may_do: false,
        skip_causes: vec![],
    }
}

fn tasks_of(l: Look) -> Vec<tasks::TaskView> {
    let review = l.s("胃ろう周囲の診察", "Doctor's review of the site");
    let mut review = task(l, "t1", review, Profession::Doctor, l.now());
    review.claimed_by = Some(l.s("佐藤 健一", "Kenichi Sato"));
    let check = l.s("胃ろう周囲の観察", "Site check");
    let mut check = task(l, "t2", check, Profession::VisitingNurse, l.due_today());
    check.form = Some(tasks::TaskForm {
        href: "/letters/new".to_owned(),
        title: l.s("胃ろう周囲の観察票", "Site check"),
    });
    check.leaflet = Some(crate::web::leaflets::LeafletLink {
        href: "/pathways/peg/leaflets/every-day".to_owned(),
        title: l.s("胃ろうの毎日", "Every day with a gastrostomy"),
    });
    check.may_do = true;
    check.may_claim = true;
    check.skip_causes = vec![
        Choice::new("patient", l.s("本人の状態", "patient"), ""),
        Choice::new("family", l.s("家族の都合", "family"), ""),
        Choice::new("staff", l.s("職員の都合", "staff"), ""),
        Choice::new("organisation", l.s("事業所の都合", "office"), ""),
    ];
    let weigh = l.s("体重測定", "Weigh");
    let mark = Mark::new(Tone::Harm, l.s("2日超過", "2 days late"));
    let mut weigh = task(l, "t3", weigh, Profession::Helper, mark);
    weigh.urgent = true;
    weigh.clock = Some(tasks::TaskClock {
        says: l.s("抜けてから1時間20分", "removed 1 h 20 min ago"),
        at: l.when("2026-11-22T03:45:00Z"),
        urgent: true,
    });
    weigh.may_do = true;
    weigh.may_release = true;
    weigh.claimed_by = Some(l.s("中村 さくら", "Sakura Nakamura"));
    vec![review, check, weigh]
}

fn proposal(l: Look) -> plan::ProposalView {
    plan::ProposalView {
        id: "pr1".to_owned(),
        action: "/patients/1/proposals/pr1".to_owned(),
        entry: "0193f2b0-0000-7000-8000-000000000003".to_owned(),
        says: l.s(
            "早期へ戻す条件がそろいました。早期へ戻しますか",
            "The conditions for going back to the early phase are met. Go back?",
        ),
        needs: l.s("医師1人の確認が必要です。", "One doctor has to confirm."),
        why: why(l),
        given: vec![],
        due: Some(l.when("2026-11-22T12:00:00Z")),
        confirm: l.s("早期へ戻す", "Go back to early"),
        may_decide: true,
        proxy: "/patients/1/proposals/pr1".to_owned(),
    }
}

fn past_task(l: Look) -> tasks::PastTaskView {
    tasks::PastTaskView {
        id: "t0".to_owned(),
        title: l.s("造設後1週の確認", "Check after one week"),
        badge: l.badge(Profession::VisitingNurse),
        mark: Mark::new(Tone::Done, l.s("済み", "done")),
        leaflet: None,
        due: Some(l.when("2026-09-22T12:00:00Z")),
        closed: l.s("9月21日(月) 伊藤 美咲", "Mon 21 Sep, Misaki Ito"),
    }
}

fn plan_view(l: Look) -> plan::PlanView {
    let phase = |title: String, state, note: String| plan::PhaseView { title, state, note };
    let closed = past_task(l);
    let ahead = |when: String, says: String| plan::AheadLine { when, says };
    plan::PlanView {
        href: "/patients/1/plan".to_owned(),
        proposals: vec![proposal(l)],
        asks: vec![plan::AskLine {
            id: "a1".to_owned(),
            badge: l.badge(Profession::VisitingNurse),
            says: l.s("胃残量を教えてください。", "Please say the gastric residual."),
            due: Some(l.when("2026-11-22T08:00:00Z")),
            mark: Some(l.due_today()),
            form: None,
            action: "/patients/1/asks/a1".to_owned(),
            entry: "0193f2b0-0000-7000-8000-000000000008".to_owned(),
            why: why(l),
        }],
        runs: vec![plan::RunView {
            id: "r1".to_owned(),
            title: l.s("胃ろう（PEG）地域連携パス", "PEG at home"),
            version: "1.0.0".to_owned(),
            mark: Mark::new(Tone::Act, l.s("進行中", "running")),
            started: l.when("2026-09-14T01:00:00Z"),
            note: String::new(),
            phases: vec![
                phase(l.s("早期", "Early"), "done", l.s("9月28日まで", "to 28 Sep")),
                phase(l.s("安定期", "Stable"), "now", l.s("9月28日から", "since 28 Sep")),
                phase(l.s("交換期", "Exchange"), "later", l.s("1月ごろ", "about January")),
                phase(l.s("終了", "Closed"), "later", String::new()),
            ],
            tasks: tasks_of(l),
            closed: vec![closed],
            ahead: vec![
                ahead(
                    l.s("11月29日", "29 Nov"),
                    l.s("胃ろう周囲の観察（訪問看護師）", "Site check (visiting nurse)"),
                ),
                ahead(l.s("1月14日", "14 Jan"), l.s("バルーン交換（医師）", "Balloon exchange (doctor)")),
            ],
            variances: vec![plan::VarianceLine {
                says: l.s("確認を行わなかった", "A check was skipped"),
                when: l.when("2026-11-18T01:00:00Z"),
                cause: l.s("家族の都合", "family"),
                reason: l.s("家族が留守だった（伊藤 美咲）", "Nobody at home (Misaki Ito)"),
                href: String::new(),
            }],
            href: "/pathways/peg".to_owned(),
            add: "/patients/1/runs/r1/tasks".to_owned(),
            raises: vec![Choice::new("early", l.s("早期へ戻る", "Back to early"), "")],
            action: "/patients/1/runs/r1".to_owned(),
            resting: false,
            halted: false,
            faulty: false,
            not_yet: "/patients/1/plan/not-yet".to_owned(),
            what_if: "/patients/1/plan/what-if".to_owned(),
            entry: "0193f2b0-0000-7000-8000-000000000004".to_owned(),
        }],
        startable: vec![plan::StartChoice {
            choice: Choice::new("end-of-life", l.s("看取りパス", "End of life"), ""),
            about: l.s("家で最期まで過ごす人を支えます。", "Care of a person who stays at home to the end."),
            lacking: l.s("本人の意向", "the person's wishes"),
            form: Some(tasks::TaskForm {
                href: "/letters/new".to_owned(),
                title: l.s("意向の記録", "Wishes"),
            }),
        }],
        new_run: "0193f2b0-0000-7000-8000-000000000005".to_owned(),
        new_entry: "0193f2b0-0000-7000-8000-000000000009".to_owned(),
        trouble: false,
    }
}

pub(super) fn plan_page(l: Look) -> plan::PlanPage {
    plan::PlanPage {
        t: l.t(),
        frame: l.frame("パス T.H.", "Plan T.H.", Place::Patients),
        banner: l.banner("plan"),
        patient: "1".to_owned(),
        plan: plan_view(l),
        happenings: "/patients/1/happenings".to_owned(),
        stay: "/patients/1/stay".to_owned(),
        flaws: vec![],
    }
}

pub(super) fn tasks_page(l: Look) -> tasks::TasksPage {
    let mut tasks = tasks_of(l);
    for task in &mut tasks {
        let name = l.s("田中 ハル", "Haru Tanaka");
        task.patient = Some(tasks::TaskPatient { href: "/patients/1/plan".to_owned(), name });
    }
    let late = tasks.split_off(2);
    tasks::TasksPage {
        t: l.t(),
        frame: l.frame("仕事", "Tasks", Place::Tasks),
        filters: vec![
            filter(l, "わたしの職種", "My profession", 3, true),
            filter(l, "担当中", "Mine", 1, false),
            filter(l, "事業所", "My office", 8, false),
            filter(l, "済み", "Done", 24, false),
        ],
        list: "mine",
        narrow: vec![],
        all: String::new(),
        unopened: vec![],
        groups: vec![
            tasks::TaskGroup { title: l.s("期限を過ぎた仕事", "Overdue"), tasks: late },
            tasks::TaskGroup { title: l.s("今日", "Today"), tasks },
        ],
        proposals: vec![],
        flaws: vec![],
    }
}

pub(super) fn patients_page(l: Look, query: &str) -> patients::PatientsPage {
    let row = |name: String, kana: &str, unread, tasks, course: String| patients::PatientRow {
        href: "/patients/1".to_owned(),
        name,
        kana: kana.to_owned(),
        about: vec![l.s("昭和15年4月2日（86歳）", "2 Apr 1940 (86)"), l.s("要介護3", "care need 3")],
        alerts: l.banner("thread").alerts.into_iter().take(1).collect(),
        courses: vec![course],
        unread,
        tasks,
        last: Some(l.when(NOON)),
    };
    let rows = vec![
        row(l.s("田中 ハル", "Haru Tanaka"), "タナカ ハル", 2, 1, l.s("胃ろう 安定期", "PEG, stable")),
        row(
            l.s("小林 正男", "Masao Kobayashi"),
            "コバヤシ マサオ",
            1,
            0,
            l.s("入院中（上市総合病院）", "in hospital"),
        ),
        row(l.s("加藤 トミ", "Tomi Kato"), "カトウ トミ", 0, 2, l.s("看取り 安定期", "End of life, stable")),
    ];
    patients::PatientsPage {
        t: l.t(),
        frame: l.frame("患者", "Patients", Place::Patients).wide(),
        filters: vec![
            filter(l, "すべて", "All", 12, true),
            filter(l, "未読あり", "Unread", 2, false),
            filter(l, "入院中", "In hospital", 1, false),
        ],
        query: query.to_owned(),
        rows: if query.is_empty() { rows } else { vec![] },
        may_register: true,
    }
}

pub(super) fn register_page(l: Look) -> patients::RegisterPage {
    let text = |name: &'static str, ja: &str, en: &str| Field::new("text", name, l.s(ja, en));
    patients::RegisterPage {
        t: l.t(),
        frame: l.frame("患者を登録する", "Register a patient", Place::Patients),
        patient: "0193f2b0-0000-7000-8000-000000000006".to_owned(),
        who: vec![
            text("name", "氏名", "Name").must(),
            text("kana", "カナ", "Kana").must(),
            Field::new("date", "born", l.s("生年月日", "Born")).must(),
            Field::new("radio", "sex", l.s("性別", "Sex")).of(vec![
                Choice::new("f", l.s("女", "female"), ""),
                Choice::new("m", l.s("男", "male"), ""),
                Choice::new("unknown", l.s("不明", "unknown"), ""),
            ]),
        ],
        consent: vec![
            text("consent_by", "同意した人", "Who consented").must(),
            Field::new("date", "consent_on", l.s("同意の日", "On")).must(),
            Field::new("area", "consent_how", l.s("説明した人と方法", "Who explained, and how")),
        ],
        flaws: vec![],
    }
}

pub(super) fn team_page(l: Look) -> team::TeamPage {
    let member = |id: &str, who, role: Mark, until| team::MemberRow {
        id: id.to_owned(),
        who,
        role,
        since: l.when("2026-09-14T01:00:00Z"),
        until,
        unseat: "/patients/1/team/x/unseat".to_owned(),
    };
    let office = ("上市総合病院 3階病棟", "Kamiichi Hospital, ward 3");
    let ward = l.person(Profession::HospitalNurse, "松本 香織", "Kaori Matsumoto", office);
    let plain = |ja: &str, en: &str| Mark::new(Tone::Plain, l.s(ja, en));
    team::TeamPage {
        t: l.t(),
        frame: l.frame("チーム T.H.", "Team T.H.", Place::Patients).wide(),
        banner: l.banner("team"),
        members: vec![
            member("m1", l.doctor(), Mark::new(Tone::Act, l.s("主担当", "main")), None),
            member("m2", l.nurse(), plain("担当", "member"), None),
            member("m3", ward, plain("担当", "member"), Some(l.when("2026-12-15T08:00:00Z"))),
        ],
        former: vec![],
        seat: vec![
            Field::new("select", "person", l.s("人", "Person")).of(vec![
                Choice::new("1", l.s("高橋 誠（歯科医師・高橋歯科医院）", "Makoto Takahashi (dentist)"), ""),
                Choice::new("2", l.s("山口 恵（薬剤師・つるぎ薬局）", "Megumi Yamaguchi (pharmacist)"), ""),
            ]),
            Field::new("radio", "role", l.s("役割", "Role")).of(vec![
                Choice::new("member", l.s("担当", "member"), "member"),
                Choice::new("main", l.s("主担当", "main"), ""),
                Choice::new("deputy", l.s("副担当", "deputy"), ""),
            ]),
            Field::new("date", "until", l.s("いつまで", "Until"))
                .hint(l.s("空欄は期限なし", "Blank for no end")),
        ],
        action: "/patients/1/team".to_owned(),
        entry: "0193f2b0-0000-7000-8000-000000000007".to_owned(),
        consent: vec![
            team::Fact::new(l.s("同意した人", "By"), l.s("本人", "the patient")),
            team::Fact::new(l.s("同意の日", "On"), l.s("9月10日(木)", "Thu 10 Sep")),
            team::Fact::new(
                l.s("方法", "How"),
                l.s("書面（佐藤医師が説明）", "in writing (Dr Sato explained)"),
            ),
        ],
        withdraw: vec![Field::new("area", "reason", l.s("理由", "Reason")).must()],
        flaws: vec![],
    }
}

pub(super) fn history_page(l: Look) -> history::HistoryPage {
    let row = |who, what: String, number: &str| history::HistoryRow {
        when: l.when(NOON),
        who,
        what,
        number: number.to_owned(),
        href: String::new(),
    };
    history::HistoryPage {
        t: l.t(),
        frame: l.frame("履歴 T.H.", "History T.H.", Place::Patients),
        banner: l.banner("history"),
        filters: vec![filter(l, "開いた人", "Opened", 31, true), filter(l, "変更", "Changed", 104, false)],
        rows: vec![
            row(Some(l.doctor()), l.s("連絡を開きました", "opened the thread"), ""),
            row(Some(l.nurse()), l.s("投稿しました（お願い、今すぐ）", "posted (request, now)"), "104"),
            row(None, l.s("仕事「胃ろう周囲の観察」が開きました", "the task “site check” opened"), "103"),
        ],
        earlier: Some("?before=90".to_owned()),
    }
}
