//! One's own account at `/account`, and joining by invitation at `/join/{secret}`.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::team::Fact;
use crate::web::view::Choice;
use crate::web::view::Field;
use crate::web::view::FlawView;
use crate::web::view::Mark;
use crate::web::view::When;

texts! {
    account_title { ja: "アカウント", en: "Account" }
    account_me { ja: "わたし", en: "Me" }
    account_reading { ja: "表示", en: "Reading" }
    account_reading_act { ja: "表示を保存する", en: "Save" }
    account_language { ja: "言語", en: "Language" }
    account_type { ja: "文字の大きさ", en: "Size of type" }
    account_type_normal { ja: "標準", en: "normal" }
    account_type_large { ja: "大きい", en: "large" }
    account_password { ja: "パスワードを変える", en: "Change the password" }
    account_password_old { ja: "いまのパスワード", en: "Present password" }
    account_password_new { ja: "新しいパスワード", en: "New password" }
    account_password_hint { ja: "15文字以上。ことばを3つ4つ並べると覚えやすくなります。", en: "15 characters or more. Three or four words in a row are easy to remember." }
    account_password_act { ja: "パスワードを変える", en: "Change it" }
    account_password_note { ja: "変えると、ほかの端末はすべてサインアウトします。", en: "All other devices are signed out." }
    account_sessions { ja: "サインイン中の端末", en: "Signed-in devices" }
    account_session_here { ja: "この端末", en: "this one" }
    account_session_since { ja: "サインイン", en: "signed in" }
    account_session_seen { ja: "最後に使った時刻", en: "last used" }
    account_session_end { ja: "サインアウトさせる", en: "Sign it out" }
    account_sessions_end { ja: "ほかの端末をすべてサインアウトさせる", en: "Sign out all others" }
    account_tokens { ja: "ほかのソフトからの利用", en: "Access by other software" }
    account_tokens_about { ja: "ほかのソフトが、あなたの権限の範囲で記録を読み書きするための鍵です。", en: "Keys with which other software reads and writes within your own rights." }
    account_tokens_none { ja: "鍵はありません。", en: "No keys." }
    account_token_new { ja: "鍵を作る", en: "Make a key" }
    account_token_shown { ja: "鍵は一度しか表示しません。いま写してください。", en: "The key is shown this once. Copy it now." }
    account_token_end { ja: "使えなくする", en: "End it" }
    account_token_copy { ja: "コピーする", en: "Copy" }
    account_copied { ja: "コピーしました", en: "Copied" }
    join_title { ja: "参加の手続き", en: "Join" }
    join_about(region: &str) { ja: "{region}の連携に招待されています。", en: "You are invited to {region}." }
    join_check { ja: "招待の内容", en: "The invitation" }
    join_act { ja: "この内容で参加する", en: "Join" }
    join_over { ja: "この招待は使えません", en: "This invitation cannot be used" }
    join_over_how { ja: "期限が過ぎたか、すでに使われました。招待した人に、もう一度招待するよう頼んでください。", en: "It has run out or was used already. Ask whoever invited you for another." }
}

/// The account page.
#[derive(Debug, Template)]
#[template(path = "account.html")]
pub struct AccountPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// Name, profession, office, sign-in name.
    pub me: Vec<Fact>,
    /// The sign-in name once more, so that password managers know whose password changes.
    pub sign_in_name: String,
    /// Language and size of type ([`reading_fields`]), sent to `/account/reading`.
    pub reading: Vec<Field>,
    /// The old and the new password ([`password_fields`]), sent to `/account/password`.
    pub password: Vec<Field>,
    /// Devices that are signed in, this one first.
    pub sessions: Vec<SessionRow>,
    /// Keys for other software.
    pub tokens: Vec<TokenRow>,
    /// Name, scope and end of a new key, sent to `/account/tokens`.
    pub new_token: Vec<Field>,
    /// A key that was just made; shown once.
    pub fresh_token: Option<String>,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// A device that is signed in.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// The browser as it names itself, shortened.
    pub device: String,
    /// Whether it is the one in hand.
    pub here: bool,
    /// When it signed in.
    pub since: When,
    /// When it was used last.
    pub seen: When,
    /// Where ending it is sent.
    pub end: String,
}

/// A key for other software.
#[derive(Debug, Clone)]
pub struct TokenRow {
    /// What the person called it.
    pub name: String,
    /// What it may do.
    pub scopes: String,
    /// Its state.
    pub mark: Mark,
    /// Until when.
    pub until: When,
    /// Where ending it is sent; empty when it has ended.
    pub end: String,
}

/// Language and size of type.
pub fn reading_fields(t: Text, lang: &str, large: bool) -> Vec<Field> {
    let size = if large { "large" } else { "normal" };
    vec![
        Field::new("radio", "lang", t.account_language())
            .of(vec![Choice::new("ja", "日本語", lang), Choice::new("en", "English", lang)]),
        Field::new("radio", "type", t.account_type()).of(vec![
            Choice::new("normal", t.account_type_normal(), size),
            Choice::new("large", t.account_type_large(), size),
        ]),
    ]
}

/// The old and the new password; never sent back.
pub fn password_fields(t: Text, flaws: &[FlawView]) -> Vec<Field> {
    vec![
        Field::new("password", "old", t.account_password_old())
            .must()
            .fills("current-password")
            .judged(flaws),
        Field::new("password", "new", t.account_password_new())
            .hint(t.account_password_hint())
            .must()
            .fills("new-password")
            .judged(flaws),
    ]
}

/// Joining by invitation.
#[derive(Debug, Template)]
#[template(path = "join.html")]
pub struct JoinPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The region's name.
    pub region: String,
    /// Name, profession, office, who invited, until when; empty when the invitation cannot be used.
    pub invitation: Vec<Fact>,
    /// Sign-in name and password, language.
    pub fields: Vec<Field>,
    /// Where it is sent: the page's own address.
    pub action: String,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}
