//! The door: signing in, and the demo's own door that lists the made-up people.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::view::Field;
use crate::web::view::FlawView;
use crate::web::view::PersonView;

texts! {
    sign_in_title { ja: "サインイン", en: "Sign in" }
    sign_in_act { ja: "サインインする", en: "Sign in" }
    sign_in_name { ja: "サインイン名", en: "Sign-in name" }
    sign_in_password { ja: "パスワード", en: "Password" }
    sign_in_shared { ja: "共用の端末です（15分使わないとサインアウトします）", en: "This is a shared computer (signs out after 15 minutes of rest)" }
    sign_in_help { ja: "サインインできないときは、事業所の管理者に連絡してください。", en: "If you cannot sign in, ask your office's administrator." }
    sign_in_about { ja: "在宅療養を支える人たちの連絡と記録", en: "The shared record of those who care at home" }
    demo_title { ja: "だれとして開きますか", en: "Who would you like to be?" }
    demo_about { ja: "一人を選ぶと、その人の画面が開きます。人も記録もすべて架空です。", en: "Choose a person to see their pages. Every person and record is made up." }
    demo_many(count: usize) { ja: "{count}人", en: "{count} person" | "{count} people" }
}

/// The sign-in page.
#[derive(Debug, Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// Sign-in name, password, shared computer ([`fields`]).
    pub fields: Vec<Field>,
    /// Where to go afterwards.
    pub to: String,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// The fields of the sign-in page. A password is never sent back.
pub fn fields(t: Text, name: &str, flaws: &[FlawView]) -> Vec<Field> {
    vec![
        Field::new("text", "name", t.sign_in_name()).holding(name).must().fills("username").judged(flaws),
        Field::new("password", "password", t.sign_in_password())
            .must()
            .fills("current-password")
            .judged(flaws),
        Field::new("check", "shared", t.sign_in_shared()),
    ]
}

/// The demo's door: one press each.
#[derive(Debug, Template)]
#[template(path = "demo_door.html")]
pub struct DemoDoorPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The people by profession.
    pub groups: Vec<DemoGroup>,
    /// Where to go afterwards.
    pub to: String,
}

/// The made-up people of one profession.
#[derive(Debug, Clone)]
pub struct DemoGroup {
    /// The profession's name.
    pub title: String,
    /// The people.
    pub people: Vec<DemoPerson>,
}

/// A made-up person that one can be.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    /// Sent as `person`.
    pub id: String,
    /// The person.
    pub who: PersonView,
    /// What is interesting about being them.
    pub about: String,
}
