//! What is not there yet on a plan (`/patients/{id}/plan/not-yet`), and what would follow from something
//! supposed (`/patients/{id}/plan/what-if`). Neither page changes anything.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::tasks::WhyLine;
use crate::web::view::Banner;
use crate::web::view::Empty;
use crate::web::view::Field;
use crate::web::view::FlawView;

texts! {
    not_yet_title { ja: "まだ起きていないことと、その理由", en: "What is not there yet, and why" }
    not_yet_about { ja: "いまの段階の道・仕事・規則の条件を、いまの記録で調べたものです。✓ 成り立つ、✗ 成り立たない、？ 分からない（記録がないか古い）。", en: "The conditions of the present phase, looked at with what is recorded now. ✓ holds, ✗ does not hold, ？ not known: missing or too old." }
    not_yet_none { ja: "待っているものはありません。", en: "Nothing is waited for." }
    not_yet_none_how { ja: "パスが動いていると、次に起こりうることとその条件がここに並びます。", en: "While a pathway runs, what may come next and its conditions stand here." }
    not_yet_exits { ja: "次の段階への道", en: "Ways to another phase" }
    not_yet_tasks { ja: "まだ現れていない仕事", en: "Tasks that have not come up" }
    not_yet_rules { ja: "規則", en: "Rules" }
    not_yet_suppose { ja: "もし分かったら：", en: "Suppose it were known:" }
    not_yet_phase(phase: &str) { ja: "いまの段階：{phase}", en: "Present phase: {phase}" }
    what_if_title { ja: "もし〜だったら", en: "What if" }
    what_if_about { ja: "起こっていないことを仮に置いて、パスがどう動くかを試します。何も記録されず、だれにも知らされません。", en: "Suppose something that has not happened and see what the pathways would do. Nothing is recorded and nobody hears of it." }
    what_if_which { ja: "何を仮に置きますか", en: "What to suppose" }
    what_if_until { ja: "いつまで（何も起こらない場合）", en: "Until when (if nothing happens)" }
    what_if_act { ja: "試す", en: "Try" }
    what_if_fact_act { ja: "この値で試す", en: "Try this value" }
    what_if_facts { ja: "何かが分かったら", en: "If something were known" }
    what_if_fact_choose { ja: "分かることを選ぶ", en: "Choose what would be known" }
    what_if_fact_next { ja: "値を選ぶ", en: "Choose its value" }
    what_if_value { ja: "値", en: "Value" }
    what_if_result { ja: "こうなります（仮）", en: "This would follow" }
    what_if_nothing { ja: "何も変わりません。", en: "Nothing would change." }
    what_if_not_recorded { ja: "これは仮の計算です。記録は変わっていません。", en: "This was only tried: the record is as it was." }
    what_if_none { ja: "動いているパスがありません。", en: "No pathway is running." }
}

/// What is not there yet.
#[derive(Debug, Template)]
#[template(path = "not_yet.html")]
pub struct NotYetPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The patient.
    pub banner: Banner,
    /// The runs that go on.
    pub runs: Vec<NotYetRun>,
    /// Where something is supposed; empty for whoever may not.
    pub what_if: String,
}

/// One run.
#[derive(Debug, Clone)]
pub struct NotYetRun {
    /// The pathway's title.
    pub title: String,
    /// The present phase, in words.
    pub phase: String,
    /// Ways out, tasks, rules.
    pub groups: Vec<NotYetGroup>,
}

/// Things of one kind.
#[derive(Debug, Clone)]
pub struct NotYetGroup {
    /// The heading.
    pub title: String,
    /// The things.
    pub rows: Vec<NotYetRow>,
}

/// One thing that is not there.
#[derive(Debug, Clone)]
pub struct NotYetRow {
    /// What it is called.
    pub title: String,
    /// Why it is not there.
    pub why: Vec<WhyLine>,
    /// When time alone changes that; empty when it never does.
    pub turns: String,
    /// What could be supposed: where, and what it is called.
    pub supposes: Vec<(String, String)>,
}

/// Something supposed, and what would follow.
#[derive(Debug, Template)]
#[template(path = "what_if.html")]
pub struct WhatIfPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The patient.
    pub banner: Banner,
    /// Where it is sent, and read again.
    pub action: String,
    /// What can be supposed; empty when nothing runs.
    pub fields: Vec<Field>,
    /// The menu of what could become known; `None` when there is nothing.
    pub facts: Option<Field>,
    /// The value of the one that was chosen.
    pub fact: Option<FactForm>,
    /// What would follow.
    pub result: Option<WhatIfResult>,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// One fact to be supposed.
#[derive(Debug, Clone)]
pub struct FactForm {
    /// Its concept's code.
    pub concept: String,
    /// Its name.
    pub title: String,
    /// Its value.
    pub field: Field,
}

/// What would follow.
#[derive(Debug, Clone)]
pub struct WhatIfResult {
    /// What was supposed, in words.
    pub supposed: String,
    /// What would be otherwise, kind by kind.
    pub groups: Vec<(String, Vec<String>)>,
}

impl NotYetPage {
    fn empty(&self) -> Empty {
        Empty::new(self.t.not_yet_none(), self.t.not_yet_none_how())
    }
}
