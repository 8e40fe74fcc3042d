//! The plan of one patient: `/patients/{id}/plan`. Pathways with their phases, what the engine
//! proposes and why, and the tasks of every role.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::tasks::PastTaskView;
use crate::web::tasks::TaskForm;
use crate::web::tasks::TaskView;
use crate::web::tasks::WhyLine;
use crate::web::view::Badge;
use crate::web::view::Banner;
use crate::web::view::Choice;
use crate::web::view::Empty;
use crate::web::view::FlawView;
use crate::web::view::Mark;
use crate::web::view::PersonView;
use crate::web::view::When;

texts! {
    plan_title { ja: "パスと仕事", en: "Plan and tasks" }
    plan_empty { ja: "動いているパスはありません。", en: "No pathway is running." }
    plan_empty_how { ja: "下の「パスを始める」から始めると、職種ごとの仕事がここに並びます。", en: "Start one below, and the tasks of each profession appear here." }
    plan_phases { ja: "いまの段階", en: "Phase" }
    plan_phase_done { ja: "済んだ段階", en: "past" }
    plan_phase_now { ja: "いまの段階", en: "now" }
    plan_phase_later { ja: "まだ入っていない段階", en: "not entered" }
    plan_started { ja: "開始", en: "started" }
    plan_tasks { ja: "いまの仕事", en: "Tasks now" }
    plan_no_tasks { ja: "いま行う仕事はありません。", en: "Nothing to do now." }
    plan_closed(count: usize) { ja: "終わった仕事を見る（{count}件）", en: "Closed tasks ({count})" }
    plan_ahead(count: usize) { ja: "この先の見込み（{count}件）", en: "What is ahead ({count})" }
    plan_proposal { ja: "提案", en: "Proposal" }
    plan_proposal_why { ja: "提案のもとになること", en: "What it rests on" }
    plan_proposal_given { ja: "確認した人", en: "Confirmed by" }
    plan_proposal_reason { ja: "理由（見送るとき）", en: "Reason (when declining)" }
    plan_decline { ja: "今は進めない", en: "Not now" }
    plan_start { ja: "パスを始める", en: "Start a pathway" }
    plan_start_which { ja: "どのパスを始めますか", en: "Which pathway" }
    plan_start_act { ja: "このパスを始める", en: "Start this pathway" }
    plan_manage { ja: "このパスを止める・休む", en: "Pause or stop this pathway" }
    plan_suspend { ja: "休む", en: "Pause" }
    plan_resume { ja: "再開する", en: "Resume" }
    plan_not_yet { ja: "まだ起きていないことと理由", en: "Why not yet" }
    plan_retry { ja: "もう一度動かす", en: "Try again" }
    plan_stop { ja: "止める", en: "Stop" }
    plan_reason { ja: "理由", en: "Reason" }
    plan_asks { ja: "パスからのお願い", en: "Asked by the pathways" }
    plan_ask_why { ja: "なぜ聞くか", en: "Why this is asked" }
    plan_answered { ja: "返事をした", en: "Answered" }
    plan_proxy { ja: "電話などで聞いた決定を記録する", en: "Note a decision heard by phone" }
    plan_lacking(names: &str) { ja: "始める前に記録すること：{names}", en: "To be recorded before: {names}" }
    plan_add { ja: "仕事を加える", en: "Add a task" }
    plan_raise { ja: "段階を進める・戻す", en: "Change the phase" }
    plan_raise_to { ja: "移る段階", en: "To which phase" }
    plan_raise_act { ja: "この段階へ移る", en: "Move to this phase" }
    plan_variances(count: usize) { ja: "予定との違い（{count}件）", en: "Departures from the plan ({count})" }
    plan_explain { ja: "理由を書く", en: "Write the reason" }
    plan_stay { ja: "入院・退院を記録する", en: "Hospital stay" }
    plan_trouble { ja: "パスの計算が止まっています。管理者に知らせました。下の表示は止まる前のものです。", en: "The pathway engine has stopped for this record; the administrator was told. What you see is from before." }
}

/// The plan page.
#[derive(Debug, Template)]
#[template(path = "plan.html")]
pub struct PlanPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The patient.
    pub banner: Banner,
    /// The id of the patient, as the live stream names it.
    pub patient: String,
    /// What is shown.
    pub plan: PlanView,
    /// Where what happened outside any form is recorded.
    pub happenings: String,
    /// Where admission and discharge are recorded; empty when the reader may not.
    pub stay: String,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// The plan alone, as the live region fetches it from `/patients/{id}/plan/now`.
#[derive(Debug, Template)]
#[template(path = "_plan.html")]
pub struct PlanPart {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// What is shown.
    pub plan: PlanView,
}

/// Everything on the plan page below the banner.
#[derive(Debug, Clone, Default)]
pub struct PlanView {
    /// `/patients/{id}/plan`, to which the acts are sent.
    pub href: String,
    /// What the engine proposes, most urgent first.
    pub proposals: Vec<ProposalView>,
    /// Facts that are missing or stale and decide something now.
    pub asks: Vec<AskLine>,
    /// Running pathways, then those that rest, then those that ended.
    pub runs: Vec<RunView>,
    /// Pathways that the reader may start now.
    pub startable: Vec<StartChoice>,
    /// Fresh ids for the run that would be started and its entry.
    pub new_run: String,
    /// The entry's.
    pub new_entry: String,
    /// Whether the engine stopped for this record.
    pub trouble: bool,
}

/// Something that a pathway asks someone.
#[derive(Debug, Clone)]
pub struct AskLine {
    /// Its id, also its anchor.
    pub id: String,
    /// Who is asked.
    pub badge: Badge,
    /// What is asked.
    pub says: String,
    /// By when.
    pub due: Option<When>,
    /// Overdue, or due today.
    pub mark: Option<Mark>,
    /// The form with which it can be answered.
    pub form: Option<TaskForm>,
    /// Where the answer is noted; empty when the reader is not asked.
    pub action: String,
    /// A fresh id for the entry.
    pub entry: String,
    /// Why it is asked.
    pub why: Vec<WhyLine>,
}

/// A departure from the pathway.
#[derive(Debug, Clone)]
pub struct VarianceLine {
    /// What it is.
    pub says: String,
    /// When it was found.
    pub when: When,
    /// Where it comes from, in words.
    pub cause: String,
    /// The reason that someone gave, and who; empty while nobody has.
    pub reason: String,
    /// Where the reason is written; empty when the reader may not.
    pub href: String,
}

/// A pathway that can be started.
#[derive(Debug, Clone)]
pub struct StartChoice {
    /// What is sent, what is read.
    pub choice: Choice,
    /// What it is for.
    pub about: String,
    /// What must be recorded before; empty when it can start.
    pub lacking: String,
    /// The form that records it.
    pub form: Option<TaskForm>,
}

/// A proposal of the engine, which people decide.
#[derive(Debug, Clone)]
pub struct ProposalView {
    /// Its id, also its anchor.
    pub id: String,
    /// Where the decision is sent, with `verb` confirm or decline.
    pub action: String,
    /// A fresh id for the entry.
    pub entry: String,
    /// 看取り期に入る条件がそろいました。看取り期へ進めますか
    pub says: String,
    /// 医師1人の確認が必要です
    pub needs: String,
    /// What it rests on.
    pub why: Vec<WhyLine>,
    /// Who confirmed so far.
    pub given: Vec<PersonView>,
    /// By when it should be decided.
    pub due: Option<When>,
    /// The words on the confirming button, naming the act: 看取り期へ進める.
    pub confirm: String,
    /// Whether the reader is of a profession that decides.
    pub may_decide: bool,
    /// Where a decision heard on the phone is written down; empty when the reader may not.
    pub proxy: String,
}

/// A pathway that runs, rests or has ended.
#[derive(Debug, Clone)]
pub struct RunView {
    /// Its id, also its anchor.
    pub id: String,
    /// The title.
    pub title: String,
    /// The version.
    pub version: String,
    /// Running, resting, ended.
    pub mark: Mark,
    /// When it was started.
    pub started: When,
    /// Why it rests or has ended; empty while it runs.
    pub note: String,
    /// Its phases in order.
    pub phases: Vec<PhaseView>,
    /// Tasks that are open.
    pub tasks: Vec<TaskView>,
    /// Tasks that are closed, newest first.
    pub closed: Vec<PastTaskView>,
    /// What lies ahead, in words.
    pub ahead: Vec<AheadLine>,
    /// Departures from the pathway, newest first.
    pub variances: Vec<VarianceLine>,
    /// Where the pathway itself can be read.
    pub href: String,
    /// Where what is not there yet is explained; empty unless it goes on.
    pub not_yet: String,
    /// Where something can be supposed; empty for whoever may not.
    pub what_if: String,
    /// Where a task is added; empty when none can be.
    pub add: String,
    /// Phases that the reader may move on to without waiting for a condition.
    pub raises: Vec<Choice>,
    /// Where its acts are sent, with `verb` suspend, resume or stop and `reason`; empty when none are allowed.
    pub action: String,
    /// Whether it rests now.
    pub resting: bool,
    /// The region lets it rest: nobody of the team resumes it.
    pub halted: bool,
    /// Whether the engine could not go on with it.
    pub faulty: bool,
    /// A fresh id for the entry.
    pub entry: String,
}

/// One phase of a pathway.
#[derive(Debug, Clone)]
pub struct PhaseView {
    /// The title.
    pub title: String,
    /// `done`, `now`, or `later`.
    pub state: &'static str,
    /// Since when, or by when; empty when nothing is known.
    pub note: String,
}

/// Something that lies ahead.
#[derive(Debug, Clone)]
pub struct AheadLine {
    /// When.
    pub when: String,
    /// What.
    pub says: String,
}

impl PlanView {
    fn empty(&self, t: &Text) -> Empty {
        Empty::new(t.plan_empty(), t.plan_empty_how())
    }
}

impl PhaseView {
    /// The state in words, for those who do not see the line.
    pub fn state_word(&self, t: &Text) -> &'static str {
        match self.state {
            "done" => t.plan_phase_done(),
            "now" => t.plan_phase_now(),
            _ => t.plan_phase_later(),
        }
    }
}
