//! The plan of one patient: `/patients/{id}/plan`. Pathways with their phases, what the engine
//! proposes and why, and the tasks of every role.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::tasks::TaskView;
use crate::web::tasks::WhyLine;
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
    plan_phase_later { ja: "この先", en: "later" }
    plan_started { ja: "開始", en: "started" }
    plan_tasks { ja: "いまの仕事", en: "Tasks now" }
    plan_no_tasks { ja: "いま行う仕事はありません。", en: "Nothing to do now." }
    plan_closed(count: usize) { ja: "終わった仕事を見る（{count}件）", en: "Closed tasks ({count})" }
    plan_ahead(count: usize) { ja: "この先の見込み（{count}件）", en: "What is ahead ({count})" }
    plan_proposal { ja: "提案", en: "Proposal" }
    plan_proposal_why { ja: "そろった条件", en: "What it rests on" }
    plan_proposal_given { ja: "確認した人", en: "Confirmed by" }
    plan_proposal_reason { ja: "理由（見送るとき）", en: "Reason (when declining)" }
    plan_decline { ja: "今は進めない", en: "Not now" }
    plan_start { ja: "パスを始める", en: "Start a pathway" }
    plan_start_which { ja: "どのパスを始めますか", en: "Which pathway" }
    plan_start_act { ja: "このパスを始める", en: "Start this pathway" }
    plan_manage { ja: "このパスを止める・休む", en: "Pause or stop this pathway" }
    plan_suspend { ja: "休む", en: "Pause" }
    plan_resume { ja: "再開する", en: "Resume" }
    plan_stop { ja: "止める", en: "Stop" }
    plan_reason { ja: "理由", en: "Reason" }
    plan_asks { ja: "分かっていないこと", en: "What is not known yet" }
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
    pub startable: Vec<Choice>,
    /// A fresh id for the run that would be started.
    pub new_run: String,
    /// Whether the engine stopped for this record.
    pub trouble: bool,
}

/// A fact that someone is asked for.
#[derive(Debug, Clone)]
pub struct AskLine {
    /// 皮膚の状態（訪問看護師に聞いています、本日中）
    pub says: String,
    /// Where it can be recorded; empty when by no form.
    pub href: String,
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
    pub closed: Vec<TaskView>,
    /// What lies ahead, in words.
    pub ahead: Vec<AheadLine>,
    /// Where its acts are sent, with `verb` suspend, resume or stop and `reason`; empty when none are allowed.
    pub action: String,
    /// Whether it rests now.
    pub resting: bool,
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
