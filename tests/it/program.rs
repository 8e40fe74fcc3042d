//! The program as an operator meets it: a region begins, is served, takes its first administrator in,
//! and stops when asked to.

use crate::support::on_each_database;
use crate::support::program::Running;
use crate::support::program::run;
use crate::support::scratch;
use crate::support::visitor::Visitor;

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_region_begins_is_served_and_stops_cleanly() {
    on_each_database(|kind| {
        let database = kind.fresh();
        let keys = scratch::folder("keys").join("region.keys").display().to_string();
        let place = ["--database", &database, "--keys", &keys];
        let begun = run(&[&["region", "init", "--name", "試験地域"][..], &place].concat());
        let text = said(&begun.stdout);
        assert!(begun.status.success(), "{text}{}", said(&begun.stderr));
        assert!(text.contains("RECOVERY SHEET"));
        let again = run(&[&["region", "init", "--name", "試験地域"][..], &place].concat());
        assert_eq!(again.status.code(), Some(1), "a keys file is never written over");

        let server = Running::start(&[&["serve", "--port", "0"][..], &place].concat());
        let path = text.lines().find_map(|line| line.split_once("/join/")).expect("a link").1.to_owned();
        let visitor = Visitor::of(&server.site);
        let form = visitor.get(&format!("/join/{path}"));
        let secret = "a sentence to remember";
        let fields = [("name", "中村 誠"), ("sign_in", "nakamura"), ("password", secret), ("again", secret)];
        let joined = visitor.send(form.is(200), "この内容で参加する", &fields);
        joined.is(200).says("中村 誠");
        visitor.get("/admin").is(200);
        assert_eq!(server.stop(), Some(0));

        let verified = run(&["verify", "--database", &database]);
        assert_eq!(verified.status.code(), Some(0), "{}", said(&verified.stdout));
    });
}

#[test]
fn a_wrong_key_a_missing_key_and_a_misspelt_setting_are_named() {
    let folder = scratch::folder("wrong");
    let file = |name: &str| folder.join(name).display().to_string();
    let (one, other) = (file("one.db"), file("other.db"));
    for (database, keys) in [(&one, file("one.keys")), (&other, file("other.keys"))] {
        assert!(
            run(&["region", "init", "--name", "x", "--database", database, "--keys", &keys]).status.success()
        );
    }
    let wrong = run(&["serve", "--port", "0", "--database", &one, "--keys", &file("other.keys")]);
    assert!(said(&wrong.stderr).contains("belongs to another region"), "{}", said(&wrong.stderr));
    let missing = run(&["serve", "--port", "0", "--database", &one, "--keys", &file("no.keys")]);
    assert!(said(&missing.stderr).contains("region recover"), "{}", said(&missing.stderr));
    let inside = folder.display().to_string();
    let within = run(&["serve", "--database", &one, "--keys", &file("one.keys"), "--data", &inside]);
    assert!(said(&within.stderr).contains("inside the data folder"), "{}", said(&within.stderr));
    assert_eq!(run(&["serve", "--database", "mysql://x/y", "--keys", "k"]).status.code(), Some(2));
    assert_eq!(run(&["verify", "--database", &file("none.db")]).status.code(), Some(1));
}
