//! Journey 1 as plain forms: a report is posted, reaches, is opened and acknowledged; corrections keep
//! the first version; an outsider finds nothing.

use renkei::kernel::lang::Lang;
use renkei::kernel::profession::Profession;
use renkei::kernel::time::screen_time;
use renkei::record::payload::OfficeKind;
use renkei::record::payload::Rank;
use renkei::record::payload::SeatRole;

use crate::support::site::in_each_site;
use crate::support::ward::add;
use crate::support::ward::add_office;
use crate::support::ward::seat;

#[test]
fn a_report_is_posted_opened_and_acknowledged_with_plain_forms() {
    in_each_site(|site| {
        let (nurse, start) = site.signed_in("ito");
        start.says("いま、あなたを待つものはありません");
        let thread = nurse.get(&site.thread());
        thread.is(200).says("田中 ハル").says("タナカ ハル").says("昭和13年4月2日").says("ペニシリン");
        let posted = nurse.send(
            &thread,
            "送る",
            &[("body", "胃ろう周囲に発赤 2cm"), ("kind", "report"), ("to", "profession:doctor")],
        );
        posted.is(200).says("胃ろう周囲に発赤 2cm").says("医師にお願いしています");

        let (doctor, start) = site.signed_in("sato");
        start.says("田中 ハル").says("胃ろう周囲に発赤 2cm").says("未読1件");
        nurse.get(&site.thread()).says("届いた 1").says("開いた 0").says("了解 0");
        let opened = doctor.get(&site.thread());
        opened.says("ここから未読 1件");
        nurse.get(&site.thread()).says("届いた 1").says("開いた 1").says("了解 0");
        doctor.send(&opened, "了解", &[]).is(200);
        nurse.get(&site.thread()).says("了解 1").says("済み");
        doctor.get("/").says("いま、あなたを待つものはありません");
    });
}

#[test]
fn a_correction_shows_both_versions_and_a_withdrawal_strikes_through() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let thread = nurse.get(&site.thread());
        let posted = nurse.send(&thread, "送る", &[("body", "体温 38.7")]);
        let form = nurse.follow(&posted, "訂正する");
        let wrong = nurse.send(&form, "訂正して送る", &[("body", "体温 37.8")]);
        wrong.is(422).says("入力してください").says("体温 37.8");
        let corrected = nurse.send(&wrong, "訂正して送る", &[("reason", "書き間違い")]);
        corrected.is(200).says("体温 37.8").says("訂正前の内容を見る").says("体温 38.7").says("書き間違い");
        let form = nurse.follow(&corrected, "取り消す");
        let withdrawn = nurse.send(&form, "取り消す", &[("reason", "別の方の記録でした")]);
        withdrawn.is(200).says("取り消し済み。理由 別の方の記録でした");

        let (doctor, _) = site.signed_in("sato");
        let seq = posted.url.fragment().map(str::to_owned);
        let page = doctor.get(&site.thread());
        page.says("取り消し済み").hides("訂正する");
        assert!(seq.is_none() || !seq.unwrap().is_empty());
    });
}

#[test]
fn someone_outside_the_team_cannot_tell_that_the_patient_exists() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let thread = nurse.get(&site.thread());
        nurse.send(&thread, "送る", &[("body", "体温 38.7")]).is(200);
        for outsider in ["okada", "nakamura", "takahashi"] {
            let (visitor, start) = site.signed_in(outsider);
            start.hides("田中").hides("38.7");
            let there = visitor.get(&site.thread());
            let nowhere = visitor.get("/patients/019a0000-0000-7000-8000-000000000000");
            there.is(404).hides("田中");
            nowhere.is(404);
            assert_eq!(there.words().len(), nowhere.words().len(), "the two pages say the same");
            for part in ["/posts", "/posts/1", "/posts/1/correct", "/calls"] {
                visitor.get(&format!("{}{part}", site.thread())).is(404).hides("田中");
            }
        }
    });
}

#[test]
fn a_flaw_keeps_what_was_typed_and_stands_beside_its_field() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let thread = nurse.get(&site.thread());
        let again =
            nurse.send(&thread, "送る", &[("body", "呼吸が苦しい"), ("kind", "request"), ("urgency", "now")]);
        again.is(422).says("呼吸が苦しい").says("まず電話をしてください");
        assert!(again.texts("title").concat().starts_with("エラー："), "{:?}", again.texts("title"));
        let sent = nurse.send(&again, "送る", &[("called", "佐藤医師につながりました")]);
        sent.is(200).says("今すぐ").says("佐藤医師につながりました");
        let empty = nurse.send(&sent, "送る", &[("body", "  ")]);
        empty.is(422).says("本文を入力してください");
    });
}

#[test]
fn a_form_sent_twice_posts_once() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let thread = nurse.get(&site.thread());
        let filled = thread.fill("送る", &[("body", "排便あり")]);
        nurse.submit(&filled).is(200);
        let twice = nurse.submit(&filled);
        assert_eq!(twice.is(200).texts("article.post").len(), 1);
        nurse.submit(&filled.forged("body", "排便なし")).is(409).says("先に届いた内容");
    });
}

#[test]
fn a_telephone_call_stands_in_the_thread() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let form = nurse.get(&format!("{}/calls", site.thread()));
        let wrong = nurse.send(&form, "記録する", &[("to", "佐藤医師")]);
        let noted = nurse.send(wrong.is(422), "記録する", &[("outcome", "14時に往診")]);
        noted.is(200).says("佐藤医師に電話しました").says("14時に往診");
    });
}

/// Posts stand in the order in which they arrived. A device that is an hour off shows what it believed;
/// one that is right, or says nothing, shows nothing.
#[test]
fn a_clock_that_is_an_hour_wrong_changes_no_order_and_is_shown() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let now = site.ward.house.now();
        let post = |text: &str, device: &str| {
            let filled = nurse.get(&site.thread()).fill("送る", &[("body", text)]);
            assert_eq!(filled.value("client_at"), "", "without script nobody fills it in");
            nurse.submit(&filled.forged("client_at", device)).is(200);
        };
        post("一時間進んだ時計", &now.plus_seconds(3600).stamp().to_string());
        post("一時間遅れた時計", &now.plus_seconds(-3600).stamp().to_string());
        post("合っている時計", &now.plus_seconds(30).stamp().to_string());
        post("時計のない端末", "");
        post("こわれた時計", "きのう");
        let page = nurse.get(&site.thread());
        let texts = page.texts("article.post p.post-text");
        let sent =
            ["一時間進んだ時計", "一時間遅れた時計", "合っている時計", "時計のない端末", "こわれた時計"];
        assert_eq!(texts, sent);
        let shown: Vec<String> = page.texts("article.post .post-when");
        let believed = |seconds| format!("端末時刻 {}", screen_time(now.plus_seconds(seconds), Lang::Ja));
        assert!(shown[0].ends_with(&believed(3600)), "{shown:?}");
        assert!(shown[1].ends_with(&believed(-3600)), "{shown:?}");
        assert!(shown[2..].iter().all(|when| !when.contains("端末")), "{shown:?}");
        let received: Vec<String> = page.attributes("article.post .post-when time", "datetime");
        assert!(received.is_sorted(), "{received:?}");
    });
}

/// What the staff write to each other reaches neither the family nor the patient herself: not on the
/// thread, not among what waits, not as a number.
#[test]
fn what_the_staff_write_to_each_other_reaches_nobody_else() {
    in_each_site(|site| {
        let (house, ito, tanaka) = (&site.ward.house, site.ward.ito, site.ward.tanaka);
        let home = site.runtime.block_on(add_office(house, OfficeKind::Household, "田中家"));
        for (profession, name, sign_in) in
            [(Profession::Family, "田中 明子", "akiko"), (Profession::Patient, "田中 ハル", "haru")]
        {
            site.runtime.block_on(async {
                let person = add(house, home, profession, Rank::Member, name, sign_in).await;
                seat(house, ito, tanaka, person, SeatRole::Member).await;
            });
        }
        let (nurse, _) = site.signed_in("ito");
        let write = |text: &str, audience: &str, to: &str| {
            let page = nurse.get(&site.thread());
            let filled = page.fill("送る", &[("body", text), ("kind", "report")]);
            nurse.submit(&filled.forged("audience", audience).forged("to", to)).is(200);
        };
        write("余命は週単位と考えています", "staff", "");
        write("ご家族の疲れを見てください", "staff", "profession:family");
        write("本人の前では話さないでください", "staff", "profession:patient");
        for name in ["akiko", "haru"] {
            let (reader, start) = site.signed_in(name);
            let seen = [start, reader.get("/patients"), reader.get("/waiting")];
            for page in &seen {
                page.hides("余命").hides("疲れ").hides("本人の前").hides("未読1").hides("未読3");
            }
            reader.get(&site.thread()).is(200).hides("余命").hides("疲れ").hides("本人の前");
        }
        write("明日は10時に伺います", "team", "");
        for name in ["akiko", "haru"] {
            let (reader, start) = site.signed_in(name);
            start.says("明日は10時に伺います").says("未読1件").hides("余命").hides("疲れ");
            reader.get(&site.thread()).says("明日は10時に伺います").hides("余命");
        }
    });
}
