//! The door over HTTP: signing in and out, what a stranger is told, what a forged request meets.

use crate::support::site::in_each_site;

#[test]
fn an_unknown_name_and_a_wrong_password_get_the_same_answer() {
    in_each_site(|site| {
        let visitor = site.visitor();
        let door = visitor.get("/sign-in");
        let wrong =
            visitor.send(&door, "サインインする", &[("name", "ito"), ("password", "wrong wrong wrong")]);
        let unknown =
            visitor.send(&door, "サインインする", &[("name", "nobody"), ("password", "wrong wrong wrong")]);
        assert_eq!((wrong.status, unknown.status), (422, 422));
        assert_eq!(wrong.words(), unknown.words());
        wrong.says("ログイン名かパスワードが違います");
    });
}

#[test]
fn after_six_wrong_tries_even_the_right_password_must_wait() {
    in_each_site(|site| {
        let visitor = site.visitor();
        let door = visitor.get("/sign-in");
        for _ in 0..6 {
            visitor
                .send(&door, "サインインする", &[("name", "ito"), ("password", "wrong wrong wrong")])
                .is(422);
        }
        let right = [("name", "ito"), ("password", crate::support::ward::PASSWORD)];
        visitor.send(&door, "サインインする", &right).is(422).says("少し待って");
        site.signed_in("sato");
    });
}

#[test]
fn a_page_sends_a_stranger_to_the_door_and_back_again() {
    in_each_site(|site| {
        let visitor = site.visitor();
        let door = visitor.get(&site.thread());
        assert_eq!(door.url.path(), "/sign-in");
        let right = [("name", "ito"), ("password", crate::support::ward::PASSWORD)];
        let back = visitor.send(&door, "サインインする", &right);
        assert_eq!(back.is(200).url.path(), site.thread());
        let out = visitor.send(&back, "サインアウト", &[]);
        assert_eq!(out.url.path(), "/sign-in");
        assert_eq!(visitor.get(&site.thread()).url.path(), "/sign-in");
    });
}

#[test]
fn a_request_from_elsewhere_or_without_its_token_changes_nothing() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let thread = nurse.get(&site.thread());
        let filled = thread.fill("送る", &[("body", "偽の投稿")]);
        let forged = filled.clone().forged("csrf", "AAAA");
        nurse.submit(&forged).is(403);
        let elsewhere = nurse.raw(
            "POST",
            filled.action.path(),
            Some(filled.body()),
            &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        );
        elsewhere.is(403);
        nurse.get(&site.thread()).hides("偽の投稿");
        nurse.submit(&filled).is(200).says("偽の投稿");
    });
}

#[test]
fn too_large_a_body_a_wrong_method_and_an_unknown_address_get_a_page() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let thread = nurse.get(&site.thread());
        let filled = thread.fill("送る", &[("body", "長い")]).forged("body", &"あ".repeat(3 << 20));
        nurse.submit(&filled).is(413).says("内容が長すぎます");
        nurse.raw("DELETE", &site.thread(), None, &[]).is(405);
        nurse.get("/nowhere").is(404).says("ページが見つかりません");
        nurse.get("/patients/not-an-id").is(404);
        nurse.get(&format!("{}?before=x", site.thread())).is(400);
        nurse.get("/healthz").is(200);
        nurse.get("/readyz").is(200);
    });
}
