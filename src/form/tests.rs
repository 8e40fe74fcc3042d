//! Stories of filling, signing and showing, on the shipped forms.

use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;

use crate::concept::Concepts;
use crate::form::Form;
use crate::form::Stage;
use crate::form::answers::Answers;
use crate::form::answers::Known;
use crate::form::answers::KnownValue;
use crate::form::answers::Source;
use crate::form::answers::SourceKind;
use crate::form::answers::unknown;
use crate::form::shipped::FILES;
use crate::form::shipped_by_code;
use crate::kernel::calendar::Calendar;
use crate::kernel::error::Flaw;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;

mod round_trip;
mod wrong_files;

fn noon() -> Timestamp {
    "2026-11-22T12:00:00+09:00".parse().unwrap()
}

fn form(code: &str) -> std::sync::Arc<Form> {
    shipped_by_code(code).unwrap()
}

fn answers(pairs: &[(&str, Value)]) -> Answers {
    let mut answers = Answers::default();
    for (path, value) in pairs {
        answers.put(*path, value.clone());
    }
    answers
}

fn posted(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn site_check() -> Answers {
    answers(&[
        ("checked_on", json!("2026-11-22")),
        ("skin", json!("mild")),
        ("rotates", json!(true)),
        ("slack", json!(true)),
        ("leak", json!("none")),
    ])
}

fn told<'a>(flaws: &'a [Flaw], field: &str) -> &'a str {
    flaws.iter().find(|flaw| flaw.field == field).map_or("", |flaw| flaw.says.ja.as_ref())
}

#[test]
fn every_shipped_form_reads_without_a_finding() {
    for (file, text) in FILES {
        let (form, findings) = Form::read_all(file, text, Concepts::shipped());
        assert!(findings.is_empty(), "{file}: {findings:#?}");
        let form = form.unwrap();
        assert!(file.ends_with(&format!("/{}.json", form.code)));
        assert_eq!(form.hash.len(), 64);
    }
}

#[test]
fn signing_with_a_missing_field_is_refused_beside_the_field() {
    let form = form("peg-site-check");
    let mut given = site_check();
    assert_eq!(form.judge(&given, Stage::Sign, noon()), []);
    given.put("skin", Value::Null);
    assert_eq!(form.judge(&given, Stage::Draft, noon()), []);
    let flaws = form.judge(&given, Stage::Sign, noon());
    assert_eq!(flaws.len(), 1);
    assert!(told(&flaws, "skin").contains("どれか選んでください"));
    let sheet = form.sheet(&given, &flaws, Lang::En);
    assert_eq!(sheet.flaws[0].anchor, "f-skin-none");
    let skin = &sheet.sections[1].fields[0];
    assert_eq!((skin.path.as_str(), &skin.flaw), ("skin", &sheet.flaws[0].says));
    assert!(sheet.has_flaws());
}

#[test]
fn unknown_stays_unknown() {
    let form = form("peg-site-check");
    let mut given = site_check();
    given.put("skin", unknown());
    assert_eq!(form.judge(&given, Stage::Sign, noon()), []);
    let sheet = form.sheet(&given, &[], Lang::Ja);
    assert_eq!(sheet.sections[1].fields[0].shown, "不明");
    assert!(form.writes(&given).iter().all(|(concept, _)| concept != "skin_grade"));
    given.put("checked_on", unknown());
    assert!(told(&form.judge(&given, Stage::Draft, noon()), "checked_on").contains("「不明」は選べません"));
}

#[test]
fn what_does_not_apply_is_neither_required_nor_stored() {
    let form = form("peg-device");
    let mut given = answers(&[("stopper", json!("bumper")), ("balloon_ml", json!(5))]);
    assert_eq!(form.settled(&given).value("balloon_ml"), None);
    let flaws = form.judge(&given, Stage::Sign, noon());
    assert_eq!(told(&flaws, "balloon_ml"), "");
    given.put("stopper", json!("balloon"));
    given.put("balloon_ml", Value::Null);
    assert_ne!(told(&form.judge(&given, Stage::Sign, noon()), "balloon_ml"), "");
    let sheet = form.sheet(&given, &[], Lang::Ja);
    let field = sheet.sections.iter().flat_map(|part| &part.fields).find(|field| field.path == "balloon_ml");
    let depends = field.unwrap().depends.clone().unwrap();
    assert_eq!((depends.name.as_str(), depends.values), ("f.stopper", vec!["balloon".to_owned()]));
}

#[test]
fn a_wrong_type_is_told_and_what_was_typed_stays() {
    let form = form("peg-site-check");
    let page =
        posted(&[("f.temperature", "熱い"), ("f.checked_on", "11/22"), ("f.skin", "grey"), ("csrf", "x")]);
    let (given, flaws) = form.read_fields(&page, &Answers::default());
    assert_eq!(told(&flaws, "temperature"), "数字で入力してください（例 37.5）。");
    assert!(told(&flaws, "checked_on").contains("日付を入力してください"));
    assert_eq!(told(&flaws, "skin"), "選択肢の中から選んでください。");
    assert_eq!(flaws.len(), 3);
    assert_eq!(given.value("temperature"), Some(&json!("熱い")));
    assert_eq!(form.judge(&given, Stage::Draft, noon()).len(), 2);
    let sheet = form.sheet(&given, &flaws, Lang::Ja);
    let field = sheet.sections[3].fields.iter().find(|field| field.path == "temperature").unwrap();
    assert_eq!(field.value, "熱い");
}

#[test]
fn full_width_digits_and_eras_are_read() {
    let form = form("peg-site-check");
    let page = posted(&[
        ("f.temperature", "３７．５"),
        ("f.checked_on", "令和8年11月22日"),
        ("f.checked_at", "１４：０５"),
    ]);
    let (given, flaws) = form.read_fields(&page, &Answers::default());
    assert_eq!(flaws, []);
    assert_eq!(given.value("temperature"), Some(&json!(37.5)));
    assert_eq!(given.value("checked_on"), Some(&json!("2026-11-22")));
    assert_eq!(given.value("checked_at"), Some(&json!("14:05")));
}

#[test]
fn a_number_out_of_bounds_says_the_bound() {
    let form = form("peg-site-check");
    let flaws = form.judge(&answers(&[("temperature", json!(60))]), Stage::Draft, noon());
    assert_eq!(told(&flaws, "temperature"), "45 以下にしてください。");
}

#[test]
fn a_stranger_among_the_fields_is_told_and_not_kept() {
    let form = form("peg-site-check");
    let page = posted(&[("f.skin", "mild"), ("f.salary", "1"), ("f.skin.0.x", "1")]);
    let (given, flaws) = form.read_fields(&page, &Answers::default());
    assert_eq!(given.0.len(), 1);
    assert_eq!(flaws.iter().map(|flaw| flaw.field.as_str()).collect::<Vec<_>>(), ["salary", "skin.0.x"]);
    let (_, flaws) = form.read_json(&json!({ "salary": 1 }), &Answers::default());
    assert_eq!(flaws.len(), 1);
    let (_, flaws) = form.read_json(&json!([1]), &Answers::default());
    assert_eq!(flaws.len(), 1);
}

fn known(path: &str, value: Value) -> (String, KnownValue) {
    let source = Source {
        kind: SourceKind::Observation,
        entry: None,
        on: jiff::civil::date(2026, 11, 20),
        label: Words::new("PEG機器カード", "PEG device card"),
    };
    (path.to_owned(), KnownValue { value, source })
}

#[test]
fn a_prefilled_answer_waits_for_a_person() {
    let form = form("peg-site-check");
    let known: Known = [known("peg.stopper", json!("balloon")), known("/today", json!("2026-11-22"))].into();
    let mut given = site_check();
    given.0.remove("checked_on");
    given.fill_blanks(form.prefill(&known));
    let sheet = form.sheet(&given, &[], Lang::Ja);
    assert_eq!(sheet.progress.to_confirm, 1);
    let stopper = &sheet.sections[2].fields[0];
    let source = stopper.source.as_ref().unwrap();
    assert_eq!(source.says, "PEG機器カード（11月20日(金)）から");
    assert!(told(&form.judge(&given, Stage::Sign, noon()), "stopper").contains("このとおり"));

    let page = posted(&[("f.stopper", "balloon"), ("f.skin", "mild"), ("confirm", "balloon")]);
    let (confirmed, _) = form.read_fields(&page, &given);
    let answer = &confirmed.0["stopper"];
    assert!(answer.confirmed && answer.source.is_some());

    let (taken_back, _) = form.read_fields(&posted(&[("f.stopper", "balloon")]), &confirmed);
    assert!(!taken_back.0["stopper"].confirmed);

    let page = posted(&[("f.stopper", "bumper")]);
    let (changed, _) = form.read_fields(&page, &given);
    assert_eq!(changed.0["stopper"].source, None);
    assert!(changed.0["stopper"].confirmed);
}

#[test]
fn sending_back_what_was_prefilled_keeps_its_source() {
    let form = form("discharge-sheet");
    let known: Known = [
        known("weight", json!(48.0)),
        known("procedures", json!(["oxygen", "drip"])),
        known("allergies", json!("  ペニシリン\r\nそば ")),
    ]
    .into();
    let given = form.prefill(&known);
    let page = posted(&[
        ("f.weight", "48"),
        ("f.procedures", "drip"),
        ("f.procedures", "oxygen"),
        ("f.allergies", "ペニシリン\r\nそば"),
    ]);
    let (read, _) = form.read_fields(&page, &given);
    assert_eq!(read, given);
    assert!(read.0.values().all(|answer| answer.source.is_some() && !answer.confirmed));
}

#[test]
fn facts_of_the_engine_prefill_as_plain_values() {
    use crate::expr::Value as Fact;
    let moment: Timestamp = "2026-11-22T05:05:30Z".parse().unwrap();
    for (fact, plain) in [
        (Fact::Text("balloon".to_owned()), json!("balloon")),
        (Fact::Number(20.0), json!(20)),
        (Fact::Bool(true), json!(true)),
        (Fact::Set(vec!["peg".to_owned()]), json!(["peg"])),
        (Fact::Date(jiff::civil::date(2026, 11, 2)), json!("2026-11-02")),
        (Fact::Instant(moment), json!("2026-11-22T14:05")),
    ] {
        assert_eq!(super::from_fact(&fact), plain);
    }
}

#[test]
fn what_does_not_fit_is_not_prefilled() {
    let form = form("peg-device");
    let known: Known = [
        known("peg.stopper", json!("anchor")),
        known("peg.size_fr", json!(400)),
        known("peg.placed_on", json!("yesterday")),
        known("/patient/name", json!("長".repeat(61))),
    ]
    .into();
    assert_eq!(form.prefill(&known), Answers::default());
}

#[test]
fn one_button_says_that_the_rest_of_a_section_is_not_known() {
    let form = form("dental-referral");
    let page = posted(&[("f.inf_hbv", "none"), ("unknown", "infection")]);
    let (given, flaws) = form.read_fields(&page, &Answers::default());
    assert_eq!(flaws, []);
    assert_eq!(given.value("inf_hbv"), Some(&json!("none")));
    assert_eq!(given.value("inf_tb"), Some(&unknown()));
    assert_eq!(given.value("parking"), None);
    let (given, _) = form.read_fields(&posted(&[("unknown", "person")]), &Answers::default());
    assert_eq!(given.value("parking"), Some(&unknown()));
    assert_eq!(given.value("parking_where"), None, "it is not asked");
    assert_eq!(given.value("name"), None, "不明 is no legal answer there");
}

#[test]
fn only_the_sections_of_the_page_are_read() {
    let form = form("peg-site-check");
    let before = site_check();
    let (given, _) = form.read_fields(&posted(&[("section", "body"), ("f.weight", "48.5")]), &before);
    assert_eq!(given.value("skin"), Some(&json!("mild")));
    assert_eq!(given.value("weight"), Some(&json!(48.5)));
}

#[test]
fn answers_that_contradict_each_other_are_told_when_signing() {
    let form = form("peg-device");
    let given = answers(&[
        ("checked_on", json!("2026-11-22")),
        ("placed_on", json!("2026-11-10")),
        ("inserted_on", json!("2026-11-01")),
    ]);
    assert!(told(&form.judge(&given, Stage::Sign, noon()), "inserted_on").contains("造設日以後"));
    let given = answers(&[("placed_on", json!("2026-12-01"))]);
    assert!(told(&form.judge(&given, Stage::Sign, noon()), "placed_on").contains("今日より後"));
}

#[test]
fn none_cannot_stand_beside_another_choice() {
    let form = form("discharge-sheet");
    let given = answers(&[("procedures", json!(["none", "peg"]))]);
    assert!(told(&form.judge(&given, Stage::Sign, noon()), "procedures").contains("「なし」"));
    let (given, flaws) = form
        .read_fields(&posted(&[("f.procedures", "peg"), ("f.procedures", "unknown")]), &Answers::default());
    assert_eq!(flaws.len(), 1);
    assert_eq!(given.value("procedures"), Some(&json!(["peg"])));
}

#[test]
fn rows_are_read_without_their_gaps_and_flaws_find_their_row() {
    let form = form("discharge-sheet");
    let page = posted(&[
        ("f.contacts.0.on", "2026-11-20"),
        ("f.contacts.0.profession", "hospital_nurse"),
        ("f.contacts.0.conference", "false"),
        ("f.contacts.1.on", ""),
        ("f.contacts.7.on", "そのうち"),
    ]);
    let (given, flaws) = form.read_fields(&page, &Answers::default());
    assert_eq!(given.value("contacts").unwrap().as_array().unwrap().len(), 2);
    assert_ne!(told(&flaws, "contacts.1.on"), "");
    let sheet = form.sheet(&given, &flaws, Lang::Ja);
    let contacts =
        sheet.sections.iter().flat_map(|part| &part.fields).find(|field| field.path == "contacts").unwrap();
    assert_eq!(contacts.rows.len(), 3);
    assert_eq!(contacts.rows[1].fields[0].value, "そのうち");
    assert!(sheet.flaws.iter().any(|flaw| flaw.anchor == "f-contacts-1-on"));
    assert_eq!(super::tariff::contacts_of(&given).len(), 1);
    let signing = form.judge(&given, Stage::Sign, noon());
    assert_ne!(told(&signing, "contacts.1.profession"), "");
}

#[test]
fn sizes_are_bounded() {
    let form = form("discharge-sheet");
    let rows: Vec<(String, String)> =
        (0..50).map(|row| (format!("f.contacts.{row}.on"), "2026-11-20".to_owned())).collect();
    let (given, flaws) = form.read_fields(&rows, &Answers::default());
    assert_eq!(given.value("contacts").unwrap().as_array().unwrap().len(), 10);
    assert!(told(&flaws, "contacts").contains("10行まで"));
    let (given, _) = form.read_fields(&posted(&[("f.name", &"長".repeat(100_000))]), &Answers::default());
    assert!(given.text("name").unwrap().len() <= 40_000);
    assert!(told(&form.judge(&given, Stage::Draft, noon()), "name").contains("60 文字まで"));
    let many: Vec<_> = (0..100_000).map(|n| (format!("f.x{n}"), String::new())).collect();
    assert!(form.read_fields(&many, &Answers::default()).1.len() <= 4_001);
}

#[test]
fn the_fax_variant_hides_names() {
    let form = form("discharge-sheet");
    let given = answers(&[
        ("name", json!("山田 花子")),
        ("kana", json!("ヤマダ ハナコ")),
        ("birth_date", json!("1940-01-02")),
        ("age", json!(86)),
        ("wish_self", json!("山田さんは家で過ごしたい。花子の希望。")),
        ("care_level", json!("care3")),
    ]);
    for lang in [Lang::Ja, Lang::En] {
        let sheet = form.fax_sheet(&given, lang);
        let everything = serde_json::to_string(&sheet).unwrap() + &sheet.text();
        for word in ["山田", "花子", "ヤマダ", "1940", "昭和"] {
            assert!(!everything.contains(word), "{word} is readable");
        }
        assert!(everything.contains("Y.H."), "the initials stand for the name");
        assert!(everything.contains("86"));
    }
    let open = form.sheet(&given, &[], Lang::Ja).text();
    assert!(open.contains("氏名：山田 花子") && open.contains("昭和15年1月2日"));
    assert!(!open.contains("移動手段"), "a blank is no line");
}

#[test]
fn scores_are_added_up_and_a_missing_one_leaves_no_sum() {
    let form = form("ohat");
    let items = ["lips", "tongue", "gums", "saliva", "teeth", "denture_score", "cleanliness", "toothache"];
    let mut given = Answers::default();
    for item in items {
        given.put(item, json!(1));
    }
    assert_eq!(form.settled(&given).value("total"), Some(&json!(8)));
    given.put("saliva", unknown());
    assert_eq!(form.settled(&given).value("total"), None);

    let eol = super::shipped_by_code("eol-daily").unwrap();
    let given = answers(&[
        ("pps", json!(20)),
        ("oral_intake", json!("mouthfuls")),
        ("oedema", json!(true)),
        ("dyspnoea_at_rest", json!(false)),
        ("delirium", json!(false)),
    ]);
    assert_eq!(eol.settled(&given).value("ppi"), Some(&json!(7.5)));
    assert!(eol.writes(&given).contains(&("ppi".to_owned(), json!(7.5))));
}

#[test]
fn observations_hold_for_the_day_that_was_asked() {
    let form = form("peg-site-check");
    assert_eq!(form.effective_on(&site_check()), Some(jiff::civil::date(2026, 11, 22)));
    assert!(form.writes(&site_check()).contains(&("skin_grade".to_owned(), json!("mild"))));
}

#[test]
fn two_versions_show_what_differs() {
    let form = form("peg-site-check");
    let mut new = site_check();
    new.put("skin", json!("severe"));
    new.put("weight", json!(48));
    let changes = form.changes(&site_check(), &new, Lang::En);
    assert_eq!(changes.len(), 2);
    assert_eq!((changes[0].path.as_str(), changes[0].old.as_str()), ("skin", "Mild (red, moist)"));
    assert_eq!((changes[1].old.as_str(), changes[1].new.as_str()), ("", "48\u{2009}kg"));
}

#[test]
fn a_referral_goes_its_way_and_each_side_makes_its_own_moves() {
    use super::workflow::Proxy;
    use super::workflow::Side;
    let form = form("dental-referral");
    let flow = &form.workflow;
    let accept = flow.find("accept", "received").unwrap();
    assert!(accept.may_be_made_by(Side::Receiver, Profession::Dentist));
    assert!(!accept.may_be_made_by(Side::Sender, Profession::VisitingNurse));
    assert!(!accept.may_be_made_by(Side::Receiver, Profession::CareManager));
    assert!(accept.may_be_reported(Proxy::Fax));
    assert!(!flow.find("submit", "draft").unwrap().may_be_reported(Proxy::Phone));
    assert!(flow.find("accept", "closed").is_none());
    let flaws = form.judge_told(accept, &Answers::default(), noon());
    assert_ne!(told(&flaws, "dentist"), "");
    let (asked, flaws) =
        form.read_told(accept, &posted(&[("f.dentist", "歯科 太郎"), ("f.planned_visit_on", "2026/11/25")]));
    assert_eq!(flaws, []);
    assert_eq!(form.judge_told(accept, &asked, noon()), []);
    assert_eq!(asked.day("planned_visit_on"), Some(jiff::civil::date(2026, 11, 25)));
    assert_eq!(form.told_sheet(accept, &asked, &[], Lang::Ja)[0].value, "歯科 太郎");
    let report = flow.find("report", "under_treatment").unwrap();
    assert_eq!(report.with_form.as_deref(), Some("dental-report"));
    assert!(flow.state(&report.to).unwrap().fulfils);
    let resume = flow.find("resume", "on_hold").unwrap();
    assert_eq!(resume.target("accepted"), "accepted");
    let sign = super::shipped_by_code("peg-exchange").unwrap();
    let sign = sign.workflow.find("sign", "draft").unwrap();
    assert!(!sign.may_be_made_by(Side::Sender, Profession::Helper));
}

#[test]
fn each_waiting_state_has_its_clock() {
    let form = form("dental-referral");
    let calendar = Calendar::shipped();
    let friday: Timestamp = "2026-11-20T16:00:00+09:00".parse().unwrap();
    let due = |state: &str, urgency: &str, told: &Answers| {
        let given = answers(&[("urgency", json!(urgency))]);
        form.due(state, friday, &given, told, calendar).map(|due| crate::kernel::time::Time::from(due).day())
    };
    let nothing = Answers::default();
    let date = jiff::civil::date;
    assert_eq!(due("submitted", "week", &nothing), Some(date(2026, 11, 24)));
    assert_eq!(due("submitted", "today", &nothing), Some(date(2026, 11, 20)));
    assert_eq!(due("received", "week", &nothing), Some(date(2026, 11, 26)));
    assert_eq!(due("first_visit_done", "week", &nothing), None);
    let visited = answers(&[("visited_on", json!("2026-11-21"))]);
    assert_eq!(due("first_visit_done", "week", &visited), Some(date(2026, 11, 28)));
    assert_eq!(due("closed", "week", &nothing), None);
}
