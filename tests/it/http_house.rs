//! The house itself over HTTP: registering with consent, teams, history, offices, invitations, accounts.
//! Nobody needs the made-up region to use it.

use crate::support::site::in_each_site;
use crate::support::visitor::Page;
use crate::support::visitor::Visitor;

fn register(visitor: &Visitor, kana: &str) -> Page {
    let form = visitor.get("/patients/new");
    visitor.send(
        &form,
        "同意を記録して登録する",
        &[
            ("name", "山田 太郎"),
            ("kana", kana),
            ("birth", "1941-05-06"),
            ("sex", "male"),
            ("care_level", "care3"),
            ("consent_on", "2026-11-01"),
            ("method", "written"),
        ],
    )
}

#[test]
fn a_patient_is_registered_only_with_consent_and_nothing_typed_is_lost() {
    in_each_site(|site| {
        let (nurse, start) = site.signed_in("ito");
        let list = nurse.follow(&start, "患者");
        list.says("田中 ハル").hides("山田");
        let form = nurse.follow(&list, "患者を登録する");
        let wrong =
            nurse.send(&form, "同意を記録して登録する", &[("name", "山田 太郎"), ("birth", "2999-01-01")]);
        wrong.is(422).says("入力してください");
        assert_eq!(wrong.attributes("#name", "value"), ["山田 太郎"]);
        let twice = wrong.fill(
            "同意を記録して登録する",
            &[("kana", "ヤマダ タロウ"), ("birth", "1941-05-06"), ("method", "spoken")],
        );
        nurse.submit(&twice).is(200).says("山田 太郎").says("不明");
        nurse.submit(&twice).is(200);
        let list = nurse.get("/patients");
        assert_eq!(list.texts("tbody tr").len(), 2, "sent twice, registered once");
        nurse.get("/patients?q=やまだ").says("山田 太郎").hides("田中 ハル");
    });
}

#[test]
fn a_twin_is_shown_to_the_liaison_office_and_not_to_whoever_registers() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let (other, _) = site.signed_in("okada");
        register(&nurse, "ヤマダ タロウ").is(200);
        register(&other, "ヤマダ　タロウ").is(200).hides("同じ方");
        let (admin, _) = site.signed_in("nakamura");
        let page = admin.get("/admin");
        page.is(200).says("同じ方かもしれない登録 1").hides("山田").hides("ヤマダ");
    });
}

#[test]
fn a_seat_opens_the_record_and_its_end_shuts_it_at_once() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let (hospital, _) = site.signed_in("matsumoto");
        hospital.get(&site.thread()).is(404);
        let team = nurse.get(&format!("{}/team", site.thread()));
        let person = site.ward.matsumoto.to_string();
        let past = nurse.send(&team, "この人を加える", &[("person", &person), ("until", "2020-01-01")]);
        past.is(422).says("これからの日");
        let seated = nurse.send(&past, "この人を加える", &[("until", "2099-01-01")]);
        seated.is(200).says("松本 恵");
        hospital.get(&site.thread()).is(200).says("松本 恵さんがチームに加わりました");
        hospital.get("/patients").says("田中 ハル");
        let wrong = nurse.raw(
            "POST",
            &format!("{}/team/{person}/end", site.thread()),
            Some(format!("csrf={}", seated.fill("この人を加える", &[]).value("csrf"))),
            &[],
        );
        wrong.is(422).says("チームから外す理由");
        let body = format!("csrf={}&reason=x", seated.fill("この人を加える", &[]).value("csrf"));
        nurse.raw("POST", &format!("{}/team/{person}/end", site.thread()), Some(body), &[]).is(200);
        hospital.get(&site.thread()).is(404);
        hospital.get("/patients").hides("田中");
    });
}

#[test]
fn a_withdrawn_consent_shuts_the_record_for_all_and_a_new_one_opens_it() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let team = nurse.get(&format!("{}/team", site.thread()));
        let frozen = nurse.send(&team, "撤回を記録して止める", &[("withdraw_reason", "ご家族の希望")]);
        frozen.is(200).says("だれにも開けません").hides("田中");
        nurse.get(&site.thread()).is(404);
        nurse.get("/patients").hides("田中");
        let (outsider, _) = site.signed_in("okada");
        outsider.get(&format!("{}/consent", site.thread())).is(404);
        let open = nurse.send(&frozen, "同意を記録して再開する", &[("method", "written")]);
        open.is(200).says("田中 ハル");
        nurse.get(&site.thread()).is(200).says("同意が取り消されました").says("ご家族の希望");
    });
}

#[test]
fn the_history_says_who_opened_the_record_and_who_was_refused() {
    in_each_site(|site| {
        let (outsider, _) = site.signed_in("okada");
        outsider.get(&site.thread()).is(404);
        let (doctor, _) = site.signed_in("sato");
        doctor.get(&site.thread()).is(200);
        let history = doctor.get(&format!("{}/history", site.thread()));
        history.is(200).says("佐藤 健一").hides("岡田");
        doctor
            .get(&format!("{}/history?show=refused", site.thread()))
            .says("岡田 薫")
            .says("開けませんでした");
        doctor
            .get(&format!("{}/history?show=changed", site.thread()))
            .says("チームに加えた")
            .says("伊藤 さくら");
        outsider.get(&format!("{}/history", site.thread())).is(404);
    });
}

#[test]
fn the_card_changes_with_a_reason() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let form = nurse.get(&format!("{}/card", site.thread()));
        let wrong = nurse.send(&form, "情報を直す", &[("care_level", "care5")]);
        wrong.is(422).says("入力してください");
        let changed = nurse.send(&wrong, "情報を直す", &[("reason", "介護認定の更新")]);
        changed.is(200).says("要介護5");
        nurse.get(&site.thread()).says("患者の情報を直しました").says("介護認定の更新");
    });
}

#[test]
fn an_invited_person_joins_once_and_works_at_the_office() {
    in_each_site(|site| {
        let (admin, _) = site.signed_in("nakamura");
        admin.get("/region").is(200).says("訪問看護ステーションあおば").says("地域の管理");
        let board = admin.get("/admin");
        let added = admin.send(
            &board,
            "事業所を加える",
            &[("name", "みなと訪問看護"), ("kind", "nursing_station"), ("tel", "03-0000-0000")],
        );
        added.is(200).says("みなと訪問看護");
        let wrong = admin.send(&added, "招待を作る", &[("profession", "visiting_nurse")]);
        let invited = admin.send(wrong.is(422), "招待を作る", &[("name", "岸 玲子")]);
        let link = invited.is(200).texts("#fresh-link").concat();
        let path = link.strip_prefix(&site.address).expect("the link leads to this site").to_owned();
        admin.get(invited.url.path()).hides(&path);

        let newcomer = site.visitor();
        let form = newcomer.get(&path);
        form.is(200).says("岸 玲子").says("みなと訪問看護");
        let secret = "a sentence to remember";
        let short = newcomer.send(
            &form,
            "この内容で参加する",
            &[("sign_in", "kishi"), ("password", "short"), ("again", "short")],
        );
        short.is(422).says("15文字以上");
        let joined = newcomer.send(&short, "この内容で参加する", &[("password", secret), ("again", secret)]);
        joined.is(200).says("岸 玲子").says("いま、あなたを待つものはありません");
        site.visitor().get(&path).is(404).says("この招待は使えません");
        site.visitor().get("/join/no-such-code").is(404).says("この招待は使えません");
    });
}

#[test]
fn a_suspended_person_is_out_at_once_and_only_administrators_suspend() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        nurse.get("/admin").is(403);
        nurse.get("/office").is(200).hides("人を招待する");
        let (admin, _) = site.signed_in("nakamura");
        let directory = admin.get("/admin");
        let office = admin.follow(&directory, "訪問看護ステーションあおば");
        let suspended = admin.send(&office, "利用を止める", &[("reason", "休職")]);
        suspended.is(200).says("停止中");
        assert_eq!(nurse.get(&site.thread()).url.path(), "/sign-in");
        admin.send(&suspended, "利用を再開する", &[("reason", "復職")]).is(200).says("利用中");
        site.signed_in("ito");
    });
}

#[test]
fn a_new_password_ends_every_other_session_and_a_token_is_shown_once() {
    in_each_site(|site| {
        let (desk, _) = site.signed_in("ito");
        let (phone, _) = site.signed_in("ito");
        let account = desk.get("/account");
        account.is(200).says("サインイン中の端末 2");
        let made = desk.send(&account, "鍵を作る", &[("name", "薬局の橋渡し")]);
        assert_eq!(made.is(200).texts("#fresh-token").len(), 1);
        let again = desk.get("/account");
        assert!(again.texts("#fresh-token").is_empty());
        again.says("薬局の橋渡し");
        let wrong =
            desk.send(&again, "パスワードを変える", &[("old", "x"), ("new", "another long sentence")]);
        wrong.is(422).says("今のパスワードが違います");
        let old = crate::support::ward::PASSWORD;
        let changed =
            desk.send(&wrong, "パスワードを変える", &[("old", old), ("new", "another long sentence")]);
        changed.is(200).says("サインイン中の端末 1").hides("薬局の橋渡し");
        assert_eq!(phone.get("/account").url.path(), "/sign-in");
    });
}

#[test]
fn language_and_type_follow_the_person() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let account = nurse.get("/account");
        nurse.send(&account, "表示を保存する", &[("lang", "en"), ("type", "large")]).is(200).says("Account");
        // The language is kept with the account: another browser that signs in speaks it too.
        let (_, start) = site.signed_in("ito");
        start.says("For me");
    });
}
