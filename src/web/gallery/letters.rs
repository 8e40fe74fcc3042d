//! A dental referral and a discharge sheet in every view of them, with made-up answers.

use std::sync::Arc;

use jiff::Timestamp;

use crate::form::Form;
use crate::form::Stage;
use crate::form::answers::Answers;
use crate::form::answers::Known;
use crate::form::answers::KnownValue;
use crate::form::answers::Source;
use crate::form::answers::SourceKind;
use crate::form::sheet::Sheet;
use crate::form::shipped_by_code;
use crate::form::workflow::Move;
use crate::web::frame::Place;
use crate::web::gallery::Look;
use crate::web::gallery::NOON;
use crate::web::gallery::care::filter;
use crate::web::letters;
use crate::web::team::Fact;
use crate::web::view::Choice;
use crate::web::view::Field;
use crate::web::view::Mark;
use crate::web::view::Tone;

const FRESH: &str = "0193f2b0-0000-7000-8000-00000000000a";

fn form(code: &str) -> Arc<Form> {
    shipped_by_code(code).unwrap()
}

fn answers(l: Look, form: &Form) -> Answers {
    let known = |kind, value: serde_json::Value, ja: &str, en: &str| KnownValue {
        value,
        source: Source {
            kind,
            entry: None,
            on: jiff::civil::date(2026, 11, 20),
            label: crate::kernel::lang::Words::new(ja.to_owned(), en.to_owned()),
        },
    };
    let register = |value: &str| known(SourceKind::Register, value.into(), "名簿", "register");
    let seen =
        |value: serde_json::Value| known(SourceKind::Observation, value, "訪問看護の観察", "a nurse's visit");
    let known = Known::from([
        ("/patient/name".to_owned(), register(&l.s("田中 ハル", "Haru Tanaka"))),
        ("/patient/kana".to_owned(), register("タナカ ハル")),
        ("/patient/sex".to_owned(), register("female")),
        ("/patient/birth_date".to_owned(), register("1940-04-02")),
        ("/patient/phone".to_owned(), register("076-000-0000")),
        ("/patient/address".to_owned(), register(&l.s("中新川郡上市町架空1-2-3", "1-2-3 Kaku, Kamiichi"))),
        ("/today".to_owned(), register("2026-11-22")),
        ("/author/name".to_owned(), register(&l.nurse().name)),
        ("/author/office".to_owned(), register(&l.nurse().office)),
        ("swallowing".to_owned(), seen("sometimes".into())),
        ("weight".to_owned(), seen(41.5.into())),
        ("spo2".to_owned(), seen(96.into())),
        ("main_disease".to_owned(), seen(l.s("脳梗塞後遺症", "after a stroke").into())),
    ]);
    let mut answers = Answers::default();
    answers.fill_blanks(form.prefill(&known));
    answers
}

fn sheet(l: Look, code: &str, stage: Stage) -> Sheet {
    let form = form(code);
    let answers = answers(l, &form);
    let now: Timestamp = NOON.parse().unwrap();
    let mut flaws = form.judge(&answers, stage, now);
    flaws.truncate(4);
    form.sheet(&answers, &flaws, l.0)
}

pub(super) fn edit_page(l: Look, code: &str, stage: Stage) -> letters::LetterEditPage {
    let sheet = sheet(l, code, stage);
    letters::LetterEditPage {
        t: l.t(),
        frame: l
            .frame("歯科申込み T.H.", "Dental referral T.H.", Place::Patients)
            .with_error(sheet.has_flaws()),
        banner: l.banner("letters"),
        sheet,
        action: "/drafts/1".to_owned(),
        draft_href: "/drafts/1/keep".to_owned(),
        base: "7".to_owned(),
        saved: l.s("下書きを保存しました 12:05", "Draft saved 12:05"),
        others: vec![],
        signed_by: String::new(),
        signed_href: String::new(),
        drop_action: "/drafts/1/drop".to_owned(),
    }
}

pub(super) fn check_page(l: Look) -> letters::LetterCheckPage {
    let mut sheet = sheet(l, "dental-referral", Stage::Draft);
    sheet.flaws.clear();
    letters::LetterCheckPage {
        t: l.t(),
        frame: l.frame("内容を確かめて署名する T.H.", "Check and sign T.H.", Place::Patients),
        banner: l.banner("letters"),
        sheet,
        edit_href: "/drafts/1".to_owned(),
        action: "/drafts/1/sign".to_owned(),
        entry: FRESH.to_owned(),
        base: "7".to_owned(),
        fields: vec![Field::new("select", "to", l.s("宛先", "To")).must().of(vec![Choice::new(
            "1",
            l.s("中新川歯科医師会 在宅歯科連携室", "Home dental liaison room"),
            "",
        )])],
        sends: true,
        keeps: false,
        flaws: vec![],
    }
}

fn step(l: Look, form: &Form, step: &Move, main: bool) -> letters::MoveView {
    letters::MoveView {
        code: step.code.clone(),
        label: step.label.say(l.0).to_owned(),
        entry: FRESH.to_owned(),
        from: step.from.first().cloned().unwrap_or_default(),
        office: None,
        told: form.told_sheet(step, &Answers::default(), &[], l.0),
        through: if main {
            vec![]
        } else {
            step.proxy.iter().map(|way| Choice::new(way.code(), way.name().say(l.0), "")).collect()
        },
        main,
        open: false,
    }
}

pub(super) fn letter_page(l: Look) -> letters::LetterPage {
    let form = form("dental-referral");
    let sent = form.workflow.moves.iter().find(|step| step.sends).map(|step| step.to.clone()).unwrap();
    let moves: Vec<&Move> = form.workflow.moves_from(&sent).collect();
    let sheet = sheet(l, "dental-referral", Stage::Draft);
    letters::LetterPage {
        t: l.t(),
        frame: l.frame("歯科申込み T.H.", "Dental referral T.H.", Place::Letters).wide(),
        banner: l.banner("letters"),
        href: "/letters/1".to_owned(),
        plain: sheet.text(),
        sheet,
        state: Mark::new(Tone::Act, l.s("送信済み", "sent")),
        clock: Some(Mark::new(Tone::Due, l.s("受付の期限 本日17:00", "accept by 17:00 today"))),
        from: l.nurse(),
        to: l.s("在宅歯科連携室", "Home dental liaison room"),
        version: "1".to_owned(),
        facts: vec![Fact::new(
            l.s("きっかけ", "Asked by"),
            l.s("口腔ケアの確認（胃ろうパス）", "mouth care check (PEG)"),
        )],
        rules: vec![],
        report: None,
        versions: vec![],
        moves: moves.iter().enumerate().map(|(at, one)| step(l, &form, one, at == 0)).collect(),
        course: vec![letters::CourseLine {
            when: l.when(NOON),
            by: Some(l.nurse()),
            says: l.s("歯科へ申し込みました", "Dental referral sent"),
            told: vec![],
        }],
        may_amend: true,
        flaws: vec![],
    }
}

pub(super) fn print_page(l: Look, code: &str, masked: bool) -> letters::LetterPrintPage {
    let form = form(code);
    let answers = answers(l, &form);
    letters::LetterPrintPage {
        t: l.t(),
        frame: l.frame("印刷", "Print", Place::Letters),
        back: "/letters/1".to_owned(),
        sheet: if masked { form.fax_sheet(&answers, l.0) } else { form.sheet(&answers, &[], l.0) },
        name: if masked { "T.H.".to_owned() } else { l.s("田中 ハル", "Haru Tanaka") },
        kana: if masked { String::new() } else { "タナカ ハル".to_owned() },
        about: l.s(
            "昭和15年4月2日（86歳）女 要介護3 記録番号 0000-1042",
            "2 Apr 1940 (86), female, care need 3, no. 0000-1042",
        ),
        head: vec![
            Fact::new(l.s("宛先", "To"), l.s("在宅歯科連携室", "Home dental liaison room")),
            Fact::new(l.s("送り主", "From"), l.nurse().office),
            Fact::new(l.s("記入日", "Date"), l.s("令和8年11月22日", "22 Nov 2026")),
        ],
        printed: l.s("令和8年11月22日 12:05 伊藤 美咲", "22 Nov 2026 12:05 Misaki Ito"),
    }
}

pub(super) fn letters_page(l: Look, of_patient: bool) -> letters::LettersPage {
    let row = |state: Mark, clock| letters::LetterRow {
        href: "/letters/1".to_owned(),
        title: l.s("歯科連携 連絡・申込み用紙", "Dental referral"),
        patient: if of_patient { String::new() } else { l.s("田中 ハル", "Haru Tanaka") },
        way: l.s("伊藤 美咲（つるぎ訪問看護）から 在宅歯科連携室", "Misaki Ito to the dental liaison room"),
        state,
        clock,
        changed: l.when(NOON),
    };
    let clock = Mark::new(Tone::Due, l.s("本日17:00まで", "by 17:00 today"));
    letters::LettersPage {
        t: l.t(),
        frame: l.frame("書類", "Forms", if of_patient { Place::Patients } else { Place::Letters }).wide(),
        patient: of_patient.then(|| l.banner("letters")),
        board: !of_patient,
        filters: vec![
            filter(l, "受け取る書類", "To receive", 1, true),
            filter(l, "送った書類", "Sent", 4, false),
            filter(l, "下書き", "Drafts", 2, false),
        ],
        rows: vec![
            row(Mark::new(Tone::Act, l.s("送信済み", "sent")), Some(clock)),
            row(Mark::new(Tone::Done, l.s("報告済み", "reported")), None),
        ],
        forms: if of_patient {
            ["dental-referral", "discharge-sheet", "peg-site-check"]
                .map(|code| {
                    let form = form(code);
                    letters::NewForm {
                        code: code.to_owned(),
                        title: form.label.say(l.0).to_owned(),
                        purpose: form.purpose.say(l.0).to_owned(),
                    }
                })
                .into()
        } else {
            vec![]
        },
        action: "/patients/1/letters".to_owned(),
        letter: FRESH.to_owned(),
    }
}
