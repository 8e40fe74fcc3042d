//! The start page `/`: what asks for the one who is signed in, and nothing else.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::library::HaltedRow;
use crate::web::view::Empty;
use crate::web::view::Filter;
use crate::web::view::Mark;
use crate::web::view::PersonView;
use crate::web::view::When;

texts! {
    start_title { ja: "自分あて", en: "For me" }
    start_asks { ja: "返答・了解のお願い", en: "Asked of you" }
    start_tasks { ja: "仕事", en: "Tasks due" }
    start_attention { ja: "確認が必要なパス", en: "Pathways that need attention" }
    start_letters { ja: "受け取りを待つ書類", en: "Forms waiting for you" }
    start_threads { ja: "未読の連絡", en: "Unread threads" }
    start_nothing { ja: "いま、あなたを待つものはありません。", en: "Nothing waits for you now." }
    start_nothing_how { ja: "お願い、仕事、書類、未読の連絡がここに並びます。", en: "Asks, tasks, forms and unread posts appear here." }
    start_due { ja: "期限", en: "by" }
    start_letters_all { ja: "書類をすべて見る", en: "All forms" }
    start_patients_all { ja: "患者をすべて見る", en: "All patients" }
    start_unread(count: usize) { ja: "未読{count}件", en: "{count} unread" }
}

/// The start page.
#[derive(Debug, Template)]
#[template(path = "start.html")]
pub struct StartPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// What waits.
    pub waiting: Waiting,
}

/// What waits alone, as the live region fetches it from `/waiting`.
#[derive(Debug, Template)]
#[template(path = "_waiting.html")]
pub struct WaitingPart {
    /// The texts.
    pub t: Text,
    /// The frame: its token stands in the forms.
    pub frame: Frame,
    /// What waits.
    pub waiting: Waiting,
}

/// Everything that waits for one person, overdue first.
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    /// Asks of this person or their role.
    pub asks: Vec<AskRow>,
    /// Pathways that the engine could not go on with.
    pub attention: Vec<WaitingRow>,
    /// Tasks of this person or their role that are due.
    pub tasks: Vec<WaitingRow>,
    /// The lists of tasks across patients, with how many each holds.
    pub lists: Vec<Filter>,
    /// Sheets, referrals and slips that wait for this person's office.
    pub letters: Vec<WaitingRow>,
    /// Threads with unread posts.
    pub threads: Vec<ThreadRow>,
    /// Pathways that the region lets rest.
    pub halted: Vec<HaltedRow>,
}

impl Waiting {
    /// How many things wait, as the first place of the navigation counts them.
    pub fn count(&self) -> usize {
        self.attention.len()
            + self.halted.len()
            + self.asks.len()
            + self.tasks.len()
            + self.letters.len()
            + self.threads.len()
    }

    fn empty(t: &Text) -> Empty {
        Empty::new(t.start_nothing(), t.start_nothing_how())
    }
}

/// An ask with its post.
#[derive(Debug, Clone)]
pub struct AskRow {
    /// The post in its thread: `/patients/{id}#{post}`.
    pub href: String,
    /// The patient's name.
    pub patient: String,
    /// Who asks.
    pub by: PersonView,
    /// The post's first lines.
    pub says: String,
    /// 今すぐ, 本日中, 期限切れ.
    pub mark: Option<Mark>,
    /// By when.
    pub due: Option<When>,
    /// Where to acknowledge at once: `/patients/{id}/posts/{post}/ack`.
    pub ack_href: Option<String>,
}

/// A task or a letter that waits.
#[derive(Debug, Clone)]
pub struct WaitingRow {
    /// Where it is.
    pub href: String,
    /// What it is.
    pub title: String,
    /// The patient's name.
    pub patient: String,
    /// Who sent it, or which pathway it belongs to.
    pub from: String,
    /// How urgent it is, or its state.
    pub mark: Mark,
    /// By when.
    pub due: Option<When>,
}

/// A thread with unread posts.
#[derive(Debug, Clone)]
pub struct ThreadRow {
    /// `/patients/{id}#unread`
    pub href: String,
    /// The patient's name.
    pub patient: String,
    /// How many posts are unread.
    pub unread: usize,
    /// The newest unread one: who and its first words.
    pub says: String,
    /// When it came.
    pub when: When,
}
