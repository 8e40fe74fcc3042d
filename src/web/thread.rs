//! The thread of one patient: `/patients/{id}`. What is shown and how; the handler fills it in.

use std::fmt::Write;

use askama::Template;

use crate::kernel::lang::Text;
use crate::kernel::profession::Profession;
use crate::record::payload::PostKind;
use crate::record::payload::Urgency;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::view::Badge;
use crate::web::view::Banner;
use crate::web::view::Choice;
use crate::web::view::Empty;
use crate::web::view::Field;
use crate::web::view::FlawView;
use crate::web::view::Mark;
use crate::web::view::PersonView;
use crate::web::view::When;

texts! {
    thread_title { ja: "連絡", en: "Thread" }
    thread_posts { ja: "投稿", en: "Posts" }
    thread_unread(count: usize) { ja: "ここから未読 {count}件", en: "{count} unread from here" }
    thread_earlier { ja: "前の投稿を見る", en: "Show earlier posts" }
    thread_gap { ja: "この間に、あなたには見えない記録か、まだ届いていない投稿があります。", en: "Something in between is not for you, or has not arrived yet." }
    thread_empty { ja: "投稿はまだありません。", en: "No posts yet." }
    thread_empty_how { ja: "下の欄から書くと、チームの全員に届きます。", en: "Write below, and it reaches everyone in the team." }
    thread_patients { ja: "担当の患者", en: "Your patients" }
    thread_plan { ja: "いまのパス", en: "Plan now" }
    thread_plan_all { ja: "パスを開く", en: "Open the plan" }
    thread_no_plan { ja: "動いているパスはありません。", en: "No pathway is running." }
    post_withdrawn(why: &str) { ja: "取り消し済み。理由 {why}", en: "Withdrawn. Reason: {why}" }
    post_corrected { ja: "訂正あり", en: "corrected" }
    post_versions(count: usize) { ja: "訂正前の内容を見る（{count}件）", en: "Show earlier versions ({count})" }
    post_version_why(why: &str) { ja: "訂正の理由 {why}", en: "Reason for the correction: {why}" }
    post_device_clock(at: &str) { ja: "端末時刻 {at}", en: "device clock {at}" }
    post_more { ja: "続きを読む", en: "Read on" }
    post_less { ja: "たたむ", en: "Fold" }
    post_due { ja: "期限", en: "by" }
    post_ack { ja: "了解", en: "Acknowledge" }
    post_answer { ja: "返答する", en: "Answer" }
    post_correct { ja: "訂正する", en: "Correct" }
    post_withdraw { ja: "取り消す", en: "Withdraw" }
    post_states { ja: "届いた人・開いた人・了解した人", en: "Who was reached, opened, acknowledged" }
    unread_in_list(count: usize) { ja: "未読{count}件", en: "{count} unread" }
    composer_title { ja: "投稿を書く", en: "Write a post" }
    composer_text { ja: "本文", en: "Text" }
    composer_hint { ja: "ここに書く", en: "Write here" }
    composer_send { ja: "送る", en: "Send" }
    composer_more { ja: "種類・急ぎ・お願いする相手", en: "Kind, urgency, whom you ask" }
    composer_answering { ja: "返答先", en: "Answering" }
    composer_not_answering { ja: "返答をやめる", en: "Not an answer" }
    composer_urgent { ja: "「今すぐ」は、先に電話をしてから送ってください。", en: "For “now”, telephone first, then send." }
    composer_died { ja: "亡くなった方の記録です。送ってよければ印を付けてください。", en: "This person has died. Tick to send all the same." }
    draft_saved { ja: "下書きを保存しました", en: "Draft saved" }
    draft_unsaved { ja: "下書きを保存できませんでした。この画面を閉じないでください。", en: "The draft could not be saved. Keep this page open." }
    guard_which { ja: "どちらの患者に送りますか", en: "Which patient is this for?" }
    guard_just_before { ja: "直前まで、別の患者の画面で書いていました。この内容は次の患者に送られます。", en: "You were just writing about another patient. This will be sent for:" }
    guard_yes { ja: "この患者に送る", en: "Send for this patient" }
    guard_no { ja: "送らずに確かめる", en: "Do not send yet" }
    correct_title { ja: "投稿を訂正する", en: "Correct a post" }
    correct_note { ja: "訂正前の内容も残り、チームの誰もが読めます。", en: "The earlier version stays readable for the team." }
    correct_send { ja: "訂正して送る", en: "Send the correction" }
    withdraw_title { ja: "投稿を取り消す", en: "Withdraw a post" }
    withdraw_note { ja: "投稿は線を引いた形で残ります。誰がいつ取り消したかも残ります。", en: "The post stays with a line through it, and shows who withdrew it and when." }
    withdraw_send { ja: "取り消す", en: "Withdraw" }
}

/// The thread page.
#[derive(Debug, Template)]
#[template(path = "thread.html")]
pub struct ThreadPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The patient.
    pub banner: Banner,
    /// The id of the patient, as the live stream names it.
    pub patient: String,
    /// What is read, oldest first.
    pub lines: Vec<Line>,
    /// Where earlier posts are, if there are any.
    pub earlier: Option<String>,
    /// The address that [`PostsPart`] is served at, with what this page shows.
    pub posts_href: String,
    /// Where to write; `None` for those who may only read.
    pub composer: Option<Composer>,
    /// The reader's patients, beside the thread on a wide screen.
    pub patients: Vec<PatientLink>,
    /// The pathways, beside the thread on a wide screen.
    pub runs: Vec<RunLine>,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// The posts alone, as the live region fetches them.
#[derive(Debug, Template)]
#[template(path = "_posts.html")]
pub struct PostsPart {
    /// The texts.
    pub t: Text,
    /// The frame: its token stands in the forms.
    pub frame: Frame,
    /// What is read, oldest first.
    pub lines: Vec<Line>,
}

/// One line of the thread; exactly one of its members is set.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// A new day begins.
    pub day: Option<String>,
    /// Unread posts begin here, in words: [`unread_line`].
    pub unread: Option<String>,
    /// A post.
    pub post: Option<PostView>,
    /// Something that the system wrote down.
    pub event: Option<EventView>,
    /// Numbers are missing here.
    pub gap: bool,
}

/// A post.
#[derive(Debug, Clone)]
pub struct PostView {
    /// Its id, also its anchor.
    pub id: String,
    /// `/patients/{id}/posts/{id}`
    pub href: String,
    /// Who wrote it.
    pub by: PersonView,
    /// When the server took it.
    pub when: When,
    /// What the writer's device took the time to be, in words, where that differs.
    pub device: Option<String>,
    /// What it is: 報告, 質問, お願い.
    pub kind: &'static str,
    /// `now`, `today`, or empty.
    pub urgency: &'static str,
    /// The urgency in words.
    pub urgency_mark: Option<Mark>,
    /// The text in force.
    pub text: String,
    /// What it answers.
    pub answers: Option<Quote>,
    /// What is asked of whom.
    pub asks: Vec<AskView>,
    /// Reached, opened, acknowledged, answered.
    pub states: [StateView; 4],
    /// Earlier versions, newest first.
    pub versions: Vec<VersionView>,
    /// Why it was withdrawn.
    pub withdrawn: Option<String>,
    /// Whether the reader may and should acknowledge it.
    pub may_ack: bool,
    /// Whether the reader may answer it.
    pub may_answer: bool,
    /// Whether the reader may correct or withdraw it.
    pub may_correct: bool,
}

/// The post that another one answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Where it is.
    pub href: String,
    /// Its author and its first words.
    pub says: String,
}

/// What is asked of whom, by when, and how far it is.
#[derive(Debug, Clone)]
pub struct AskView {
    /// 佐藤医師に返答をお願いしています
    pub says: String,
    /// By when.
    pub due: Option<When>,
    /// How far it is.
    pub state: Mark,
}

/// One of the four states with its counts by profession.
#[derive(Debug, Clone)]
pub struct StateView {
    /// 届いた, 開いた, 了解, 返答
    pub word: &'static str,
    /// How many people.
    pub count: usize,
    /// How many of each profession, as [`counts`] says it; empty for nobody.
    pub by: String,
}

/// 医師 1、訪問看護師 2
pub fn counts(t: Text, of: impl IntoIterator<Item = (Profession, usize)>) -> String {
    let mut says = String::new();
    for (profession, count) in of {
        if !says.is_empty() {
            says.push_str(t.comma());
        }
        // Writing to a string cannot fail.
        let _ = write!(says, "{} {count}", profession.name().say(t.0));
    }
    says
}

/// An earlier version of a post.
#[derive(Debug, Clone)]
pub struct VersionView {
    /// Until when it stood.
    pub when: When,
    /// Why it was corrected.
    pub why: String,
    /// What it said.
    pub text: String,
}

/// A system event: one quiet line that opens.
#[derive(Debug, Clone)]
pub struct EventView {
    /// Its id, also its anchor.
    pub id: String,
    /// When.
    pub when: When,
    /// The line.
    pub says: String,
    /// What opens; empty when the line says all.
    pub more: String,
    /// Where it leads, with its words.
    pub link: Option<Quote>,
}

/// Where a post is written.
#[derive(Debug, Clone)]
pub struct Composer {
    /// Where it is sent: `/patients/{id}/posts`.
    pub action: String,
    /// Where the draft is kept; empty when the browser asks before the page is left.
    pub draft_href: String,
    /// Where a telephone call is noted.
    pub calls_href: String,
    /// The new entry's id, made before the first try.
    pub entry: String,
    /// What was typed so far.
    pub text: String,
    /// Kind, urgency, whom, by when.
    pub fields: Vec<Field>,
    /// Whether the fields stand open, as they do when one of them is wrong.
    pub open: bool,
    /// The post that is being answered, and its id.
    pub answering: Option<Quote>,
    /// Its id; empty when nothing is being answered.
    pub answers: String,
    /// Whether sending must be confirmed because the patient has died.
    pub died: bool,
}

/// A patient in the list beside the thread.
#[derive(Debug, Clone)]
pub struct PatientLink {
    /// Where the thread is.
    pub href: String,
    /// The name.
    pub name: String,
    /// How many posts are unread.
    pub unread: usize,
    /// Whether it is this one.
    pub here: bool,
}

/// A pathway beside the thread: its phase and what is open.
#[derive(Debug, Clone)]
pub struct RunLine {
    /// Where the plan is.
    pub href: String,
    /// The pathway.
    pub title: String,
    /// The phase in words.
    pub phase: String,
    /// Open tasks, overdue first.
    pub tasks: Vec<TaskLine>,
}

/// An open task in short.
#[derive(Debug, Clone)]
pub struct TaskLine {
    /// What is to be done.
    pub title: String,
    /// By whom.
    pub badge: Badge,
    /// How urgent it is, in words.
    pub mark: Mark,
}

impl ThreadPage {
    /// What stands where no post is.
    pub fn empty(&self) -> Empty {
        Empty::new(self.t.thread_empty(), self.t.thread_empty_how())
    }
}

/// The page on which a post is corrected or withdrawn.
#[derive(Debug, Template)]
#[template(path = "amend.html")]
pub struct AmendPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The patient.
    pub banner: Banner,
    /// Whether it is withdrawn rather than corrected.
    pub withdraw: bool,
    /// Where it is sent.
    pub action: String,
    /// The new entry's id.
    pub entry: String,
    /// The post as it stands.
    pub post_text: String,
    /// New text (not when withdrawing) and reason.
    pub fields: Vec<Field>,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// The line above the first unread post.
pub fn unread_line(t: Text, count: usize) -> String {
    t.thread_unread(count)
}

/// What a post is, in words.
pub fn kind(t: Text, kind: PostKind) -> &'static str {
    match kind {
        PostKind::Note => t.kind_note(),
        PostKind::Report => t.kind_report(),
        PostKind::Question => t.kind_question(),
        PostKind::Request => t.kind_request(),
        PostKind::OrderNotice => t.kind_notice(),
        PostKind::Acp => t.kind_acp(),
    }
}

/// The choices of a post's kind; `current` is the code that was chosen.
pub fn kinds(t: Text, current: &str) -> Vec<Choice> {
    PostKind::ALL.iter().map(|(one, code)| Choice::new(*code, kind(t, *one), current)).collect()
}

/// The choices of a post's urgency; `current` is the code that was chosen.
pub fn urgencies(t: Text, current: &str) -> Vec<Choice> {
    [
        (Urgency::Normal, t.urgency_none()),
        (Urgency::Today, t.urgency_today()),
        (Urgency::Now, t.urgency_now()),
    ]
    .map(|(urgency, label)| Choice::new(urgency.code(), label, current))
    .into()
}

texts! {
    kind_note { ja: "記録", en: "Note" }
    kind_acp { ja: "人生会議（ACP）", en: "Wishes (ACP)" }
    kind_report { ja: "報告", en: "Report" }
    kind_question { ja: "質問", en: "Question" }
    kind_request { ja: "お願い", en: "Request" }
    kind_notice { ja: "指示・処方の知らせ", en: "Order notice" }
    urgency_none { ja: "急がない", en: "Not urgent" }
    urgency_today { ja: "本日中", en: "Today" }
    urgency_now { ja: "今すぐ", en: "Now" }
}
