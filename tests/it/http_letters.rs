//! Journeys 3 and 4 as plain forms: a dental referral from the first draft to the returned report, a
//! discharge sheet from the admission to the care manager's desk; and what goes wrong on the way.

use renkei::acts::Who;
use renkei::acts::plans;
use renkei::acts::plans::Deciding;
use renkei::acts::stays;
use renkei::acts::stays::Admission;
use renkei::acts::views;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::LetterId;
use renkei::kernel::id::OfficeId;
use renkei::kernel::id::PersonId;
use renkei::kernel::id::TaskId;
use renkei::kernel::time::Time;
use renkei::pathway::event::Choice;
use renkei::record::payload::Admitted;

use crate::support::site::Site;
use crate::support::site::in_each_site;
use crate::support::visitor::Page;
use crate::support::visitor::Visitor;

pub const CHECK: &str = "内容を確かめる";
const SEND: &str = "署名して送る";

/// What the story tells a form, with every other field that may be unknown answered 不明, and everything
/// carried over confirmed.
pub fn told(page: &Page, story: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> =
        story.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let has = |fields: &[(String, String)], name: &str| fields.iter().any(|(own, _)| own == name);
    let checked = page.attributes("input[checked]", "name");
    let in_a_row = |name: &str| name.split('.').count() > 2 && !name.ends_with(".unknown");
    for name in page.attributes("input[value=unknown]", "name") {
        if !checked.contains(&name) && !has(&fields, &name) && !in_a_row(&name) {
            fields.push((name, "unknown".into()));
        }
    }
    for name in page.attributes("input[name$='.unknown']", "name") {
        let field = name.trim_end_matches(".unknown");
        let filled = page.attributes(&format!("input[name='{field}']"), "value");
        let written = page.texts(&format!("textarea[name='{field}']"));
        let blank = filled.iter().chain(&written).all(|value| value.is_empty());
        if blank && !has(&fields, field) && field.split('.').count() == 2 {
            fields.push((name, "1".into()));
        }
    }
    for name in page.attributes("input[name$='.confirmed']", "name") {
        fields.push((name, "1".into()));
    }
    fields
}

/// Presses a button of a form with all that.
#[track_caller]
pub fn press(visitor: &Visitor, page: &Page, button: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visitor.send(page, button, &fields)
}

const REFERRAL: &[(&str, &str)] = &[
    ("f.route", "liaison_room"),
    ("f.applicant_phone", "076-111-2222"),
    ("f.address", "富山県中新川郡みどり町1-2"),
    ("f.living", "home"),
    ("f.reason", "bedridden"),
    ("f.complaints", "denture_hurts"),
    ("f.complaint_note", "下の入れ歯が痛くて噛めない"),
    ("f.urgency", "week"),
    ("f.consent", "family"),
    ("f.consent_on", "2020-01-10"),
    ("f.share_result", "true"),
];

/// The nurse fills and sends a dental referral to the liaison room: the letter's address.
#[track_caller]
pub fn refer(site: &Site, nurse: &Visitor) -> Page {
    let letters = nurse.get(&format!("{}/letters", site.thread()));
    letters.is(200).says("新しく書く");
    let form = nurse.send(&letters, "dental-referral", &[]);
    // Filled as far as the record goes, each with its source and day.
    form.is(200).says("患者の基本情報").says("このとおり");
    assert!(form.body.contains("タナカ ハル") && form.body.contains("1938-04-02"), "{form}");
    let check = press(nurse, &form, CHECK, &told(&form, REFERRAL));
    check.is(200).says("内容を確かめて署名する").says("下の入れ歯が痛くて噛めない");
    let dental = site.ward.dental.to_string();
    let sent = nurse.send(&check, SEND, &[("to_office", dental.as_str())]);
    sent.is(200).says("申込済").says("在宅歯科医療連携室").says("歯科へ申し込みました");
    sent
}

#[test]
fn a_dental_referral_goes_out_is_accepted_and_comes_back_with_a_report() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let sent = refer(site, &nurse);
        let letter = sent.url.path().to_owned();
        nurse.get(&site.thread()).says("歯科へ申し込みました");

        let (dentist, start) = site.signed_in("takahashi");
        start.says("田中 ハル").says("受け取りを待つ書類").says("まで");
        let desk = dentist.get("/referrals");
        desk.is(200).says("申込済").says("田中 ハル").says("下の入れ歯が痛くて噛めない").says("伊藤 さくら");
        dentist.get("/letters").says("こちらの番").says("田中 ハル");
        let open = dentist.get(&letter);
        open.is(200).says("下の入れ歯が痛くて噛めない");
        assert_eq!(open.attributes("nav.banner-pages a", "href").len(), 0, "no way into the record");
        dentist.get(&site.thread()).is(404);
        dentist.get(&format!("{}/letters", site.thread())).is(404);

        let accepted = dentist.send(&open, "引き受ける", &[]);
        accepted.is(200).says("受諾").says("高橋 亮");
        nurse.get(&site.thread()).says("歯科が引き受けました");
        let lacking = dentist.send(&accepted, "訪問日を決める", &[]);
        assert!(lacking.is(422).texts("title").concat().starts_with("エラー："), "{lacking}");
        let fixed = dentist.send(&lacking, "訪問日を決める", &[("f.first_visit_on", "2030-12-02")]);
        fixed.is(200).says("訪問日確定").says("令和12年12月2日");
        nurse.get(&site.thread()).says("訪問日が決まりました");
        let visited = dentist.send(&fixed, "初回診療を終えた", &[("f.visited_on", "2026-01-05")]);
        visited.is(200).says("初回診療済");

        let report = visited.attributes("#moves a.button", "href").pop().expect("a report to write");
        let form = dentist.get(&report);
        let answers = [
            ("f.visited_on", "2026-01-05"),
            ("f.findings", "denture"),
            ("f.treatment", "義歯の調整"),
            ("f.plan", "月1回の口腔ケア"),
            ("f.next_visit", "later"),
            ("f.care_what", "毎食後に義歯を洗う"),
        ];
        let check = press(&dentist, form.is(200), CHECK, &told(&form, &answers));
        dentist.send(&check, "署名する", &[]).is(200).says("義歯の調整");
        let returned = nurse.get(&letter);
        returned.says("報告書返信済");
        nurse.get(&site.thread()).says("歯科の報告書が届きました");
        nurse.send(&returned, "確認して終える", &[]).is(200).says("終了");
        nurse.get(&format!("{}/letters?show=closed", site.thread())).says("終了");
    });
}

#[test]
fn a_move_that_happened_by_telephone_is_entered_for_the_other_side() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let sent = refer(site, &nurse);
        let button = "受け付ける（相手から聞いて記録）";
        nurse.send(&sent, button, &[]).is(422).says("相手から聞いた方法を選んでください");
        let entered = nurse.send(&sent, button, &[("through", "phone")]);
        entered.is(200).says("電話で聞いて記録").says("受付");
        // The same number with another content, and a page that knows an older state.
        let filled = sent.fill(button, &[("through", "fax")]);
        nurse.submit(&filled).is(409).says("先に届いた内容");
        nurse.submit(&filled.forged("entry", &EntryId::new().to_string())).is(409).says("ほかの人が先に");
    });
}

#[test]
fn nothing_typed_is_lost_when_something_is_wrong() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let letters = nurse.get(&format!("{}/letters", site.thread()));
        let form = nurse.send(&letters, "dental-referral", &[]);
        let wrong = nurse.send(&form, "下書きを保存する", &[("f.bp", "高め"), ("f.teeth_count", "たくさん")]);
        assert!(wrong.is(422).texts("title").concat().starts_with("エラー："), "{wrong}");
        assert!(wrong.body.contains("たくさん") && wrong.body.contains("高め"), "{wrong}");
        let kept = nurse.get(&format!("{}/letters", site.thread()));
        kept.says("あなたの下書き");
        nurse.get("/").says("あなたの下書き");
        let again = nurse.send(&wrong, CHECK, &[("f.teeth_count", "12")]);
        // Not ready: the summary links to the fields, and nothing can be signed yet.
        again.is(200).says("まだ署名できません");
        assert!(again.attributes(".flaws a", "href").iter().any(|href| href.contains("#f-route")));
        let (other, _) = site.signed_in("hayashi");
        other.get(&format!("{}/letters", site.thread())).hides("あなたの下書き");
    });
}

const SLIP: &[(&str, &str)] =
    &[("f.purpose", "state"), ("f.question", "痰が増えています"), ("f.consent", "true")];

#[test]
fn two_people_who_answer_one_form_at_once_lose_neither_text() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let (manager, _) = site.signed_in("hayashi");
        let at = format!("{}/letters/{}", site.thread(), LetterId::new());
        let begun = format!("{at}/edit?form=doctor-slip");
        let (hers, his) = (nurse.get(&begun), manager.get(&begun));
        let mine = [("f.purpose", "state"), ("f.question", "食事が減っています"), ("f.consent", "true")];
        let waiting = press(&manager, &his, CHECK, &told(&his, &mine));
        let check = press(&nurse, &hers, CHECK, &told(&hers, SLIP));
        let clinic = check.attributes("input[name=to_office], select[name=to_office] option", "value");
        let clinic = clinic.into_iter().find(|value| !value.is_empty()).unwrap();
        let to = [("to_office", clinic.as_str())];
        nurse.send(&check, SEND, &to).is(200).says("送信済");
        // Sent twice: once.
        nurse.send(&check, SEND, &to).is(200).says("送信済").says("初版");

        let both = manager.send(&waiting, SEND, &to);
        both.is(200).says("ほかの人が先に署名しました").says("食事が減っています").says("痰が増えています");
        let text = "痰が増え、食事が減っています";
        let fields = [("f.question", text)];
        let check = press(&manager, &both, CHECK, &told(&both, &fields));
        manager.send(check.is(200), "署名する", &[]).is(422).says("理由");
        let corrected = manager.send(&check, "署名する", &[("reason", "二人の記載を合わせた")]);
        corrected.is(200).says(text).says("訂正1版").says("二人の記載を合わせた").says("痰が増えています");
    });
}

#[test]
fn a_letter_of_another_patient_cannot_be_guessed() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let sent = refer(site, &nurse);
        let letter = sent.url.path().to_owned();
        let (stranger, _) = site.signed_in("okada");
        for page in ["", "/print", "/text", "/amend"] {
            stranger.get(&format!("{letter}{page}")).is(404).hides("田中");
        }
        stranger.get("/letters").hides("田中");
        stranger.get("/referrals").hides("田中");
        let filled = sent.fill("取り消す", &[("f.cancel_reason", "間違えた")]);
        let forged = stranger.raw("POST", &format!("{letter}/moves"), Some(filled.body()), &[]);
        assert!([403, 404].contains(&forged.status), "{}", forged.status);
        nurse.get(&letter).says("申込済");
    });
}

/// The nurse admits 田中さん: the hospital's nurse joins for a while, and the way home is planned.
pub fn admit(site: &Site, days: i64) {
    let (house, ward) = (site.ward.house.clone(), &site.ward);
    let now = house.now();
    let until = now.plus_seconds(days * 86_400);
    let admission = Admission {
        id: EntryId::new(),
        patient: ward.tanaka,
        admitted: Admitted {
            stay: stays::new_stay(),
            hospital: ward.hospital,
            ward: "3階東".into(),
            at: now.plus_seconds(-3 * 86_400),
            planned: Some(now.plus_seconds(4 * 86_400)),
            reason: "誤嚥性肺炎".into(),
        },
        guest: Some((ward.matsumoto, until)),
    };
    let logs = vec![ward.tanaka.log()];
    let admitted = house.perform(Who::person(ward.ito), logs, move |act| stays::admit(act, &admission));
    site.runtime.block_on(admitted).unwrap();
}

/// The task that asks for a form, after whoever must has agreed to go on.
fn task_for(site: &Site, form: &str) -> TaskId {
    let (house, ward) = (site.ward.house.clone(), &site.ward);
    let plan = || {
        let read = house.look(ward.matsumoto, ward.tanaka, "plan", views::plan::read);
        site.runtime.block_on(read).unwrap().state
    };
    for proposal in plan().proposals.values() {
        let deciding =
            Deciding { proposal: proposal.id, choice: Choice::Confirm, reason: String::new(), channel: None };
        let (patient, id) = (ward.tanaka, EntryId::new());
        let decided = house.perform(Who::person(ward.matsumoto), vec![patient.log()], move |act| {
            plans::decide(act, id, patient, &deciding)
        });
        site.runtime.block_on(decided).unwrap();
    }
    let tasks = plan().tasks;
    tasks.values().find(|task| task.form.as_deref() == Some(form)).map(|task| task.id).unwrap()
}

fn office_of(site: &Site, person: PersonId) -> OfficeId {
    let house = site.ward.house.clone();
    let people = house.read(|reading| views::house::people(reading, None));
    let people = site.runtime.block_on(people).unwrap();
    people.into_iter().find(|one| one.id == person).unwrap().office
}

#[test]
fn a_discharge_sheet_is_filled_sent_received_counted_and_printed() {
    in_each_site(|site| {
        admit(site, 10);
        let task = task_for(site, "discharge-sheet");
        let (hospital, _) = site.signed_in("matsumoto");
        let begin = format!("{}/letters/new?form=discharge-sheet&task={task}", site.thread());
        let form = hospital.get(&begin);
        form.is(200);
        assert!(form.body.contains("誤嚥性肺炎") && form.body.contains("みどり病院"), "{form}");
        let answers = [
            ("f.diseases.0.name", "誤嚥性肺炎"),
            ("f.diseases.0.stability", "stable"),
            ("f.contacts.0.on", &day(site, -2)),
            ("f.contacts.0.profession", "hospital_nurse"),
            ("f.contacts.0.conference", "true"),
        ];
        let check = press(&hospital, &form, CHECK, &told(&form, &answers));
        check.is(200).says("不明").hides("まだ署名できません");
        let care = office_of(site, site.ward.hayashi).to_string();
        hospital.send(&check, SEND, &[]).is(422).says("送り先を選んでください");
        let sent = hospital.send(&check, SEND, &[("to_office", care.as_str())]);
        sent.is(200).says("送付済").says("居宅支援はやし");
        let open = site.runtime.block_on(site.ward.house.look(
            site.ward.matsumoto,
            site.ward.tanaka,
            "plan",
            views::plan::read,
        ));
        let how = open.unwrap().state.past(task).map(|past| past.closed.how.code());
        assert_eq!(how, Some("done"), "sending closes the task");

        let letter = sent.url.path().to_owned();
        let (manager, start) = site.signed_in("hayashi");
        start.says("退院・退所情報記録書").says("田中 ハル");
        let desk = manager.get("/letters");
        desk.says("退院・退所情報記録書").says("送付済");
        let received = manager.send(&manager.get(&letter), "受け取る", &[]);
        received.is(200).says("受領済").says("1回（別々の日）").says("単位");
        let contact = [
            ("f.contact_on", day(site, -1)),
            ("f.contact_profession", "social_worker".to_owned()),
            ("f.contact_conference", "false".to_owned()),
        ];
        let contact: Vec<(&str, &str)> =
            contact.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let counted = manager.send(&received, "聞き取りを記録する", &contact);
        counted.is(200).says("2回（別々の日）");
        let paper = manager.get(&format!("{letter}/print"));
        paper.is(200).says("田中 ハル").says("不明").says("誤嚥性肺炎");
        manager.get(&format!("{letter}/print?fax=1")).is(200).hides("田中").hides("タナカ");
        manager.get(&format!("{letter}/text")).is(200).says("誤嚥性肺炎");
    });
}

/// A day from today on, as forms send it.
pub fn day(site: &Site, days: i64) -> String {
    let now: Time = site.ward.house.now();
    now.plus_seconds(days * 86_400).day().to_string()
}

#[test]
fn after_her_last_day_the_hospital_nurse_finds_nothing() {
    in_each_site(|site| {
        admit(site, 10);
        let (hospital, _) = site.signed_in("matsumoto");
        let letters = hospital.get(&format!("{}/letters", site.thread()));
        let form = hospital.send(letters.is(200), "doctor-slip", &[]);
        hospital.send(&form, "下書きを保存する", &[("f.question", "覚え書き")]).is(200);
        hospital.get("/").says("田中");
        let (ward, patient, id) = (&site.ward, site.ward.tanaka, EntryId::new());
        let person = ward.matsumoto;
        let ended = ward.house.perform(Who::person(ward.ito), vec![patient.log()], move |act| {
            renkei::acts::patients::unseat(act, id, patient, person, "転院")
        });
        site.runtime.block_on(ended).unwrap();
        hospital.get("/").hides("田中").hides("あなたの下書き");
        hospital.get("/letters?show=drafts").hides("田中");
        hospital.get(form.url.path()).is(404).hides("田中");
        hospital.get(&format!("{}/letters", site.thread())).is(404);
    });
}
