//! Journeys 3 and 4 in a real browser with script on: a dental referral that a task asked for, on the
//! dentist's open desk by itself and back as a report; a stay whose pathway has the hospital's nurse fill
//! the discharge sheet. `http_letters` tells both with script off.

use serde_json::json;

use crate::http_letters::day;
use crate::http_plan::device_card;
use crate::http_plan::sign;
use crate::http_plan::start_peg;
use crate::support::browser::Browser;
use crate::support::browser::Screen;
use crate::support::site::Site;
use crate::support::site::in_each_site;

/// 田中さん lives with a PEG at home, and the pathway for it goes on.
fn with_peg(site: &Site) {
    device_card(site, "bumper");
    let (nurse, _) = site.signed_in("ito");
    start_peg(site, &nurse).is(200);
}

/// Four points and more: the pathway asks for a dentist.
fn poor_mouth(site: &Site) {
    let rating = json!({
        "rated_on": day(site, 0), "rater": "伊藤 さくら", "lips": 1, "tongue": 1, "gums": 1, "saliva": 1,
        "teeth": 0, "denture_score": 2, "cleanliness": 1, "toothache": 1,
    });
    sign(site, "ohat", rating);
}

/// Everything carried over says where it comes from and of which day: how much that is.
#[track_caller]
fn carried_over(browser: &Browser) -> u64 {
    let silent = "return [...document.querySelectorAll('.field-prefilled')]\
        .filter(field => !/\\d月\\d+日.*から/.test(field.querySelector('.field-from')?.textContent ?? ''))\
        .map(field => field.textContent)";
    assert_eq!(browser.run(silent, &json!([])), json!([]), "a value without source and day");
    browser.count(".field-prefilled")
}

/// Section by section as the sheet offers it: what was carried over is right, what is left nobody knows.
#[track_caller]
pub fn confirm_and_leave_the_rest_unknown(browser: &Browser) {
    let offered = "const next = document.querySelector('.sheet-section[open] :is([name=confirm], [name=unknown])');\
        return next && `[name=${next.name}][value=${next.value}]`";
    while let Some(next) = browser.run(offered, &json!([])).as_str() {
        browser.press_at(next);
        browser.wait_till_gone(next);
    }
}

#[track_caller]
fn write_the_application(nurse: &Browser) {
    nurse.answer("申込先", "在宅歯科医療連携室");
    nurse.write("TEL", "076-111-2222");
    nurse.write("住所", "富山県中新川郡みどり町1-2");
    nurse.answer("居住形態", "自宅");
    nurse.answer("通院が困難な理由", "寝たきり");
    nurse.answer("主訴", "入れ歯が痛い");
    nurse.write("くわしい様子", "下の入れ歯が痛くて噛めない");
    nurse.answer("緊急度", "今週中");
    nurse.answer("本人・家族への説明と同意", "家族が同意");
    nurse.set("同意の日", "2020-01-10");
    nurse.choose("結果をチームで共有することに同意しています");
}

/// From the task to the signature: the application is in the liaison room.
fn apply(nurse: &Browser) {
    nurse.go("/tasks");
    nurse.see("歯科の訪問を申し込む");
    nurse.press("「歯科連携 連絡・申込み用紙」を書く");
    nurse.see("患者の基本情報");
    assert_eq!((nurse.holds("氏名"), nurse.holds("フリガナ")), ("田中 ハル".into(), "タナカ ハル".into()));
    assert!(carried_over(nurse) >= 20, "{} answers carried over", carried_over(nurse));
    nurse.is_well_made("referral-edit-phone");
    write_the_application(nurse);
    confirm_and_leave_the_rest_unknown(nurse);
    nurse.press("内容を確かめる");
    nurse.see("内容を確かめて署名する");
    nurse.see("下の入れ歯が痛くて噛めない");
    nurse.see_nothing_of("まだ署名できません");
    nurse.is_well_made("referral-check-phone");
    nurse.answer("宛先", "在宅歯科医療連携室");
    nurse.press("署名して送る");
    nurse.see("申込済");
    nurse.is_well_made("referral-sent-phone");
}

/// She writes what she found and signs it.
fn report(dentist: &Browser) {
    dentist.press("「歯科訪問診療 報告書」を書く");
    dentist.see("内容を確かめる");
    assert!(carried_over(dentist) > 0);
    dentist.set("初回訪問日", "2026-01-05");
    dentist.answer("所見", "義歯の問題");
    dentist.write("行った処置", "義歯の調整");
    dentist.write("今後の方針", "月1回の口腔ケア");
    dentist.answer("次回の予定", "後日連絡");
    dentist.write("内容", "毎食後に義歯を洗う");
    confirm_and_leave_the_rest_unknown(dentist);
    dentist.is_well_made("report-edit-desk");
    dentist.press("内容を確かめる");
    dentist.see("内容を確かめて署名する");
    dentist.press("署名する");
    dentist.see("義歯の調整");
    dentist.is_well_made("report-desk");
}

#[test]
fn a_referral_appears_on_the_dentists_open_desk_and_its_report_closes_the_task_that_asked() {
    in_each_site(|site| {
        with_peg(site);
        poor_mouth(site);
        let dentist = site.at_a_browser("takahashi", Screen::Desk);
        dentist.go("/referrals");
        dentist.see_nothing_of("田中");
        dentist.is_well_made("referrals-empty-desk");
        let nurse = site.at_a_browser("ito", Screen::Phone);
        apply(&nurse);
        nurse.go(&site.thread());
        nurse.see("歯科へ申し込みました");

        for words in ["田中 ハル", "申込済", "下の入れ歯が痛くて噛めない", "伊藤 さくら", "まで"]
        {
            dentist.see(words);
        }
        dentist.is_well_made("referrals-desk");
        dentist.press_at(".board .list-link");
        dentist.see("引き受ける");
        dentist.is_well_made("referral-outside-desk");
        // The ordinary next step would be to note the receipt; she takes it on at once.
        dentist.press("引き受ける");
        dentist.press_at("#move-accept button[name=move]");
        dentist.see("受諾");
        nurse.see("歯科が引き受けました");
        dentist.set("初回訪問日", &day(site, 9));
        dentist.press("訪問日を決める");
        dentist.see("訪問日確定");
        nurse.see("訪問日が決まりました");
        dentist.set("診療した日", "2026-01-05");
        dentist.press("初回診療を終えた");
        dentist.see("初回診療済");
        nurse.see("初回の訪問診療をしました");
        dentist.is_well_made("referral-visited-desk");
        report(&dentist);
        nurse.see("歯科の報告書が届きました");
        nurse.is_well_made("thread-referral-phone");

        nurse.go("/tasks");
        nurse.see_nothing_of("歯科の訪問を申し込む");
        nurse.go(&format!("{}/letters", site.thread()));
        nurse.press("歯科連携 連絡・申込み用紙");
        nurse.see("報告書返信済");
        nurse.press("確認して終える");
        nurse.see("終了");
        dentist.go("/referrals?show=closed");
        dentist.see("田中 ハル");
        dentist.is_well_made("referrals-closed-desk");
    });
}

/// The nurse at home notes the admission: the hospital's nurse joins until a day.
fn admit(site: &Site, nurse: &Browser) {
    nurse.go(&format!("{}/plan", site.thread()));
    nurse.press("入院・退院を記録する");
    nurse.see("退院まで休み");
    nurse.is_well_made("admit-phone");
    nurse.answer("病院", "みどり病院");
    nurse.write("病棟・病室", "3階東");
    nurse.set("入院した日時", &format!("{}T10:00", day(site, -3)));
    nurse.write("入院の理由", "誤嚥性肺炎");
    nurse.pick("期限つきでチームに加わる人", "松本 恵（病院看護師）");
    nurse.set("いつまで", &day(site, 10));
    nurse.press("入院を記録する");
    nurse.see("休止中");
    nurse.see("入院中のため");
    nurse.is_well_made("plan-resting-phone");
    nurse.go(&format!("{}/team", site.thread()));
    nurse.see("松本 恵");
    let until = nurse.run(
        "return [...document.querySelectorAll('tbody tr')].find(row => row.innerText.includes('松本'))\
            .querySelectorAll('time')[1]?.dateTime",
        &json!([]),
    );
    assert!(until.as_str().is_some_and(|until| until.starts_with(&day(site, 10))), "{until}");
}

/// Her day of discharge is known: the going-home phase opens the sheet as a task of hers.
fn plan_the_way_home(site: &Site, hospital: &Browser) {
    hospital.go(&format!("{}/stay", site.thread()));
    hospital.is_well_made("stay-desk");
    hospital.set("退院予定", &day(site, 4));
    hospital.press("退院予定日を記録する");
    hospital.go("/admissions");
    hospital.see("退院・退所情報記録書");
    hospital.is_well_made("admissions-desk");
    hospital.go(&format!("{}/plan", site.thread()));
    hospital.see("退院準備");
    hospital.see("退院・退所情報記録書を書いて送る");
    hospital.is_well_made("plan-going-home-desk");
}

fn fill_the_sheet(site: &Site, hospital: &Browser) {
    hospital.press("「退院・退所情報記録書」を書く");
    hospital.see("下書きを保存する");
    assert_eq!(hospital.holds("病院・施設名"), "みどり病院");
    assert_eq!(hospital.holds("入院原因疾患"), "誤嚥性肺炎");
    assert!(carried_over(hospital) >= 10, "{} answers carried over", carried_over(hospital));
    hospital.is_well_made("sheet-edit-desk");
    hospital.write("疾患名", "誤嚥性肺炎");
    hospital.answer("疾患の状況", "安定");
    hospital.set("聞き取り日", &day(site, -2));
    hospital.pick("情報提供を受けた職種", "病棟・退院調整看護師");
    hospital.answer("会議出席", "有");
    confirm_and_leave_the_rest_unknown(hospital);
    hospital.press("内容を確かめる");
    hospital.see("内容を確かめて署名する");
    hospital.see("不明");
    hospital.see_nothing_of("まだ署名できません");
    hospital.is_well_made("sheet-check-desk");
}

/// How many sheets of paper a PDF is.
fn sheets(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    text.matches("/Type /Page\n").count()
}

#[test]
fn a_stay_has_the_hospitals_nurse_fill_the_sheet_and_the_care_manager_counts_contacts() {
    in_each_site(|site| {
        with_peg(site);
        let nurse = site.at_a_browser("ito", Screen::Phone);
        admit(site, &nurse);
        let manager = site.at_a_browser("hayashi", Screen::Desk);
        let hospital = site.at_a_browser("matsumoto", Screen::Desk);
        plan_the_way_home(site, &hospital);
        fill_the_sheet(site, &hospital);
        hospital.answer("宛先", "居宅支援はやし");
        hospital.press("署名して送る");
        hospital.see("送付済");
        hospital.is_well_made("sheet-sent-desk");
        hospital.go("/tasks");
        hospital.see_nothing_of("退院・退所情報記録書を書いて送る");

        manager.see("退院・退所情報記録書");
        manager.see("田中 ハル");
        manager.is_well_made("start-sheet-desk");
        manager.press("退院・退所情報記録書");
        manager.see("送付済");
        manager.press("受け取る");
        manager.see("受領済");
        manager.see("1回（別々の日）");
        manager.see("単位");
        manager.is_well_made("sheet-received-desk");
        manager.set("聞き取り日", &day(site, -1));
        manager.pick("情報提供を受けた職種", "MSW（医療ソーシャルワーカー）");
        manager.answer("会議出席", "無");
        manager.press("聞き取りを記録する");
        manager.see("2回（別々の日）");

        manager.press("印刷する（A4）");
        manager.see("誤嚥性肺炎");
        manager.see("不明");
        manager.is_well_made("sheet-print-desk");
        assert_eq!(sheets(&manager.print()), 2, "the paper form has two pages");
        nurse.go(&site.thread());
        nurse.see("退院・退所情報記録書を送りました");
        nurse.see("退院・退所情報記録書を受け取りました");
        nurse.is_well_made("thread-stay-phone");
    });
}
