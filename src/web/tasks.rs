//! Tasks: one of them as every page shows it, and the list across patients at `/tasks`.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::leaflets::LeafletLink;
use crate::web::start::WaitingRow;
use crate::web::view::Badge;
use crate::web::view::Choice;
use crate::web::view::Empty;
use crate::web::view::Field;
use crate::web::view::Filter;
use crate::web::view::FlawView;
use crate::web::view::Mark;
use crate::web::view::When;

texts! {
    tasks_title { ja: "仕事", en: "Tasks" }
    tasks_empty { ja: "いま行う仕事はありません。", en: "No task is open now." }
    tasks_empty_how { ja: "パスが進むと、あなたの職種と事業所の仕事がここに並びます。", en: "As pathways move on, the tasks of your profession and office appear here." }
    tasks_proposals { ja: "決定を待つ提案", en: "Proposals that wait for a decision" }
    tasks_narrow { ja: "絞り込む", en: "Narrow the list" }
    tasks_narrow_act { ja: "この条件で見る", en: "Show these" }
    tasks_narrow_none { ja: "絞り込みをやめる", en: "Show all" }
    task_due { ja: "期限", en: "by" }
    task_window { ja: "行う時期", en: "When" }
    task_claimed(name: &str) { ja: "{name}さんが担当中", en: "{name} has it" }
    task_claim { ja: "自分が担当する", en: "I take it" }
    task_release { ja: "担当を外れる", en: "Hand it back" }
    task_done { ja: "済み", en: "Done" }
    task_open_form(form: &str) { ja: "「{form}」を書く", en: "Fill in “{form}”" }
    task_skip { ja: "行わないことにする", en: "Skip it" }
    task_skip_cause { ja: "主な理由", en: "Main cause" }
    task_skip_reason { ja: "理由", en: "Reason" }
    task_skip_hint { ja: "行わなかった理由は記録に残り、パスの見直しに使います。", en: "The reason stays on the record and helps to improve the pathway." }
    task_skip_send { ja: "理由を付けて、行わない", en: "Skip with this reason" }
    task_urgent { ja: "すぐに", en: "at once" }
    task_leaflet(title: &str) { ja: "渡すもの：「{title}」", en: "To hand over: “{title}”" }
    task_why { ja: "なぜこの仕事があるか", en: "Why this task is here" }
}

/// Tasks across patients.
#[derive(Debug, Template)]
#[template(path = "tasks.html")]
pub struct TasksPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// Mine, my profession's, my office's, done.
    pub filters: Vec<Filter>,
    /// The list's code.
    pub list: &'static str,
    /// The menus by which it is narrowed.
    pub narrow: Vec<Field>,
    /// The list without narrowing; empty when it is not narrowed.
    pub all: String,
    /// Whose tasks cannot be shown.
    pub unopened: Vec<WaitingRow>,
    /// Overdue first, undated last, under headings such as 期限を過ぎた仕事.
    pub groups: Vec<TaskGroup>,
    /// Proposals that wait for people.
    pub proposals: Vec<WaitingRow>,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// The list alone, as the live region fetches it from `/tasks/list`.
#[derive(Debug, Template)]
#[template(path = "_tasks.html")]
pub struct TasksPart {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// Whose tasks cannot be shown.
    pub unopened: Vec<WaitingRow>,
    /// Proposals that wait for people.
    pub proposals: Vec<WaitingRow>,
    /// The groups.
    pub groups: Vec<TaskGroup>,
}

/// A clock that runs since something happened.
#[derive(Debug, Clone)]
pub struct TaskClock {
    /// 抜けてから1時間20分
    pub says: String,
    /// When it happened.
    pub at: When,
    /// It cannot wait.
    pub urgent: bool,
}

/// Tasks under one heading.
#[derive(Debug, Clone)]
pub struct TaskGroup {
    /// The heading.
    pub title: String,
    /// The tasks.
    pub tasks: Vec<TaskView>,
}

/// A task.
#[derive(Debug, Clone)]
pub struct TaskView {
    /// Its id, also its anchor.
    pub id: String,
    /// Where its acts are sent: `/patients/{id}/tasks/{task}`; each act is a `verb` of the form.
    pub action: String,
    /// A fresh id for the entry that an act makes.
    pub entry: String,
    /// Where an act leads back to; empty for the plan.
    pub to: String,
    /// What is to be done.
    pub title: String,
    /// What to look at while doing it; empty when the pathway does not say.
    pub about: String,
    /// The patient and where the plan is; `None` on the patient's own page.
    pub patient: Option<TaskPatient>,
    /// The pathway's title.
    pub pathway: String,
    /// By which profession.
    pub badge: Badge,
    /// Whose it is now.
    pub claimed_by: Option<String>,
    /// Overdue, today, or its state.
    pub mark: Mark,
    /// It cannot wait.
    pub urgent: bool,
    /// How long ago that happened which it answers.
    pub clock: Option<TaskClock>,
    /// What is handed over with it.
    pub leaflet: Option<LeafletLink>,
    /// 11月20日から11月24日まで, in words.
    pub window: String,
    /// By when.
    pub due: Option<When>,
    /// The form that does it: its title and where it is filled in.
    pub form: Option<TaskForm>,
    /// Why it exists, leaf by leaf.
    pub why: Vec<WhyLine>,
    /// Whether the reader may take it.
    pub may_claim: bool,
    /// Whether the reader may hand it back.
    pub may_release: bool,
    /// Whether the reader may say that it is done.
    pub may_do: bool,
    /// Causes to choose from when skipping; empty when the reader may not skip it.
    pub skip_causes: Vec<Choice>,
}

/// A task that is over.
#[derive(Debug, Clone)]
pub struct PastTaskView {
    /// Its id, also its anchor.
    pub id: String,
    /// What was to be done.
    pub title: String,
    /// By which profession.
    pub badge: Badge,
    /// How it ended, in a word.
    pub mark: Mark,
    /// What was handed over with it.
    pub leaflet: Option<LeafletLink>,
    /// By when it was to be done.
    pub due: Option<When>,
    /// When and by whom it ended, and why.
    pub closed: String,
}

/// Whose task it is.
#[derive(Debug, Clone)]
pub struct TaskPatient {
    /// Where the plan is.
    pub href: String,
    /// The name.
    pub name: String,
}

/// The form that does a task.
#[derive(Debug, Clone)]
pub struct TaskForm {
    /// Where it is filled in.
    pub href: String,
    /// Its title.
    pub title: String,
}

/// One line of a "why": a rule, a schedule, or a leaf with its value, source and time.
#[derive(Debug, Clone)]
pub struct WhyLine {
    /// How deep it lies in the tree, from 0.
    pub depth: u8,
    /// ✓ true, ✗ false, ？ unknown; empty for a heading.
    pub verdict: &'static str,
    /// The line.
    pub says: String,
    /// Value, source, person, time; empty when there is none.
    pub from: String,
    /// Where in the record it stands; empty when nowhere.
    pub href: String,
}

impl TasksPart {
    fn empty(t: &Text) -> Empty {
        Empty::new(t.tasks_empty(), t.tasks_empty_how())
    }
}
