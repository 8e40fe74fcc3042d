//! The pages on which pathways are written, checked, compared, played forward, published by two, stopped
//! and let rest. Plain values in the reader's language.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::picture::ChartPictures;
use crate::web::view::Choice;
use crate::web::view::Empty;
use crate::web::view::Field;
use crate::web::view::FlawView;
use crate::web::view::Mark;
use crate::web::view::PersonView;
use crate::web::view::When;

texts! {
    lib_title { ja: "パスを作る・公開する", en: "Write and publish pathways" }
    lib_about { ja: "原稿を直し、指摘を確かめ、動きを試してから公開を申し出ます。公開は、申し出た人とは別の人が確認して初めて行われます。", en: "Write a draft, mend what is found, play it forward, then propose it. It is published only when somebody else confirms." }
    lib_door { ja: "原稿、指摘、公開の申し出と確認", en: "Drafts, findings, what is proposed and confirmed" }
    lib_new { ja: "ファイルを入れる", en: "Bring a file in" }
    lib_new_about { ja: "パスのファイル（JSON）の内容を貼りつけるか、ファイルを選んでください。入れるとすぐに調べ、指摘を原稿の横に示します。直すところがあっても、原稿として残ります。", en: "Paste the text of a pathway file (JSON), or choose the file. It is checked at once and what is found is shown beside it. With errors it is kept as a draft all the same." }
    lib_new_send { ja: "原稿として入れる", en: "Keep it as a draft" }
    lib_text { ja: "パスのファイル（JSON）", en: "Pathway file (JSON)" }
    lib_choose_file { ja: "ファイルを選ぶ", en: "Choose a file" }
    lib_drafts { ja: "原稿", en: "Drafts" }
    lib_no_drafts { ja: "原稿はありません。", en: "There are no drafts." }
    lib_no_drafts_how { ja: "ファイルを入れるか、公開中のパスから「地域の版を作る」を選ぶと、ここに並びます。", en: "Drafts appear here when a file is brought in, or when a region's own version is made of a published pathway." }
    lib_waiting { ja: "確認を待つ申し出", en: "Proposed, waiting to be confirmed" }
    lib_decided { ja: "これまでの申し出", en: "Decided" }
    lib_by_at(by: &str, at: &str) { ja: "{by}・{at}", en: "{by} · {at}" }
    lib_untitled { ja: "（名前のない原稿）", en: "(a draft without a name)" }
    lib_edit { ja: "原稿を書き直す", en: "Edit the draft" }
    lib_save { ja: "原稿を残す", en: "Keep the draft" }
    lib_drop_ask { ja: "この原稿がいらなくなったとき", en: "If this draft is no longer wanted" }
    lib_drop_about { ja: "原稿は、横に置いた物語と一緒に消えます。元には戻せません。公開した版はそのままです。", en: "The draft goes, and the stories beside it; nobody can bring them back. What was published stays." }
    lib_drop { ja: "原稿を消す", en: "Throw the draft away" }
    lib_compare { ja: "もとのパスとの違い", en: "Differences from its origin" }
    lib_simulate { ja: "動きを試す", en: "Play it forward" }
    lib_findings { ja: "指摘", en: "What was found" }
    lib_no_findings { ja: "指摘はありません。", en: "Nothing was found." }
    lib_no_findings_how { ja: "ファイルに直すところはありません。", en: "Nothing in the file needs mending." }
    lib_errors(count: usize) { ja: "直すところ {count}件", en: "{count} error" | "{count} errors" }
    lib_others(count: usize) { ja: "見てほしいところ {count}件", en: "{count} to look at" }
    lib_why { ja: "なぜ大切か", en: "Why it matters" }
    lib_mend { ja: "直し方", en: "How to mend it" }
    lib_source { ja: "原稿", en: "Source" }
    lib_line(line: usize, column: usize) { ja: "{line}行 {column}字", en: "line {line}, column {column}" }
    lib_line_short(line: usize) { ja: "{line}行の指摘へ", en: "to what was found on line {line}" }
    lib_error { ja: "要修正", en: "error" }
    lib_warning { ja: "確認", en: "look" }
    lib_not_proven { ja: "未証明", en: "not proven" }
    lib_propose { ja: "公開を申し出る", en: "Propose it for publishing" }
    lib_propose_about { ja: "申し出だけでは何も変わりません。別の人が確認すると、新しく始めるパスはこの版になります。動いているパスは、始めたときの版のままです。", en: "Proposing changes nothing. Once somebody else confirms, new runs take this version; what runs keeps its own." }
    lib_reason_changed { ja: "何を、なぜ変えたか", en: "What changed, and why" }
    lib_not_yet { ja: "直すところがなくなると、公開を申し出られます。", en: "It can be proposed once no errors are left." }
    lib_not_own { ja: "この原稿を書いた人だけが、書き直し、申し出られます。", en: "Only its author edits and proposes this draft." }
    lib_proposed_now { ja: "この原稿は公開を申し出てあります。", en: "This draft is proposed for publishing." }
    lib_change_title { ja: "公開の申し出", en: "Proposed for publishing" }
    lib_proposed_by { ja: "申し出た人", en: "Proposed by" }
    lib_confirmed_by { ja: "確認した人", en: "Confirmed by" }
    lib_turned_down_by { ja: "見送った人", en: "Turned down by" }
    lib_version_hash { ja: "版とハッシュ", en: "Version and hash" }
    lib_reason { ja: "理由", en: "Reason" }
    lib_confirm { ja: "確認して公開する", en: "Confirm and publish" }
    lib_confirm_about { ja: "下の違いを読み、原稿の動きを試してから確認してください。公開した版は書き換えられません。", en: "Read the differences below and play the draft forward before you confirm. A published version is never changed." }
    lib_turn_down { ja: "見送る", en: "Turn it down" }
    lib_take_back { ja: "申し出を取り下げる", en: "Take the proposal back" }
    lib_wait_for_other { ja: "あなたが申し出たので、確認は別の人が行います。", en: "You proposed it: somebody else confirms." }
    lib_changed_since { ja: "申し出のあとで原稿が変わったか、消されました。このままでは確認できません。", en: "The draft was changed or thrown away after it was proposed. It cannot be confirmed like this." }
    lib_state_open { ja: "確認待ち", en: "waiting" }
    lib_state_published { ja: "公開済み", en: "published" }
    lib_state_turned_down { ja: "見送り", en: "turned down" }
    lib_state_replaced { ja: "出し直し", en: "replaced" }
    lib_draft_link { ja: "原稿と指摘を見る", en: "The draft and what was found" }
    lib_stories { ja: "物語による確かめ", en: "Proven by stories" }
    lib_story_count(count: usize) { ja: "{count}件", en: "{count} story" | "{count} stories" }
    lib_no_stories {
        ja: "物語がありません。このパスが書いたとおりに動くことは、まだ何でも確かめられていません。公開を申し出ることはできます。",
        en: "There are no stories: nothing yet proves that this pathway does what it says. It can be proposed all the same."
    }
    lib_stories_hold(count: usize) { ja: "そのとおりだった物語 {count}件", en: "{count} story that holds" | "{count} stories that hold" }
    lib_story_edit_named(name: &str) { ja: "物語を直す：{name}", en: "Correct the story: {name}" }
    lib_story_holds { ja: "そのとおり", en: "holds" }
    lib_story_fails { ja: "違う", en: "fails" }
    lib_stories_fail { ja: "物語のとおりに動くようになると、公開を申し出られます。", en: "It can be proposed once its stories hold." }
    lib_story_new { ja: "物語を加える", en: "Add a story" }
    lib_story_edit { ja: "物語を直す", en: "Correct the story" }
    lib_story_drop { ja: "物語を消す", en: "Throw the story away" }
    lib_story_keep { ja: "物語を残す", en: "Keep the story" }
    lib_story_about {
        ja: "だれがいつ何をし、そのとき何が見えるはずかを書いた物語（JSON）を貼りつけてください。残すと、すぐに動かして確かめます。",
        en: "Paste a story (JSON): who does what when, and what must then be seen. It is played as soon as it is kept."
    }
    lib_story_name { ja: "物語の名前", en: "Name of the story" }
    lib_story_name_hint { ja: "例：from-the-ward.json", en: "For example from-the-ward.json" }
    lib_story_text { ja: "物語のファイル（JSON）", en: "Story file (JSON)" }
    lib_covered(kind: &str, touched: usize, all: usize) { ja: "{kind} {touched}／{all}", en: "{kind} {touched} of {all}" }
    lib_untouched(count: usize) { ja: "どの物語も通らないところ {count}か所", en: "{count} part that no story touches" | "{count} parts that no story touches" }
    lib_differences { ja: "違い", en: "Differences" }
    lib_differences_from(version: &str) { ja: "今の版（{version}）との違い", en: "Differences from the current version ({version})" }
    lib_first_version { ja: "この地域で初めてのパスです。下の原稿を読んでください。", en: "The region has no such pathway yet. Please read the draft itself." }
    lib_same { ja: "言っていることに違いはありません。", en: "Both say the same." }
    lib_same_how { ja: "書き方だけが違うか、同じ版です。", en: "Only how it is written differs, or it is the same version." }
    lib_nothing { ja: "（なし）", en: "(nothing)" }
    lib_before { ja: "前", en: "Before" }
    lib_after { ja: "後", en: "After" }
    lib_compare_from { ja: "前の版", en: "Older version" }
    lib_compare_to { ja: "後の版", en: "Newer version" }
    lib_compare_act { ja: "比べる", en: "Compare" }
    lib_compare_title { ja: "版を比べる", en: "Compare two versions" }
    lib_simulate_title { ja: "動きを試す", en: "Play a pathway forward" }
    lib_simulate_about { ja: "架空の患者で、だれもが期限の前に仕事をし、提案はだれも決めないとした場合の予定です。何も記録されません。", en: "On a made-up patient, as if everyone worked in time and nobody decided on proposals. Nothing is recorded." }
    lib_from { ja: "始める日", en: "First day" }
    lib_days { ja: "日数", en: "Days" }
    lib_facts { ja: "初めに分かっていること", en: "What is known at the beginning" }
    lib_fact_unset { ja: "記録なし", en: "not recorded" }
    lib_simulate_act { ja: "試す", en: "Play" }
    lib_course { ja: "日ごとの予定", en: "Day by day" }
    lib_course_cut { ja: "出来事が多すぎるため、ここで打ち切りました。", en: "Too much happened: cut off here." }
    lib_course_none { ja: "この期間には何も起こりません。", en: "Nothing happens in this time." }
    lib_course_none_how { ja: "初めに分かっていることや日数を変えてみてください。", en: "Try other facts or more days." }
    lib_versions { ja: "公開された版", en: "Published versions" }
    lib_shipped { ja: "プログラムに付属", en: "came with the program" }
    lib_published_by(one: &str, other: &str) { ja: "申し出 {one}・確認 {other}", en: "proposed by {one}, confirmed by {other}" }
    lib_current { ja: "今の版", en: "current" }
    lib_stopped { ja: "新しく始めない", en: "starts no more" }
    lib_suspended { ja: "全体を停止中", en: "all runs rest" }
    lib_mark_line(who: &str, at: &str, reason: &str) { ja: "{who}・{at}：{reason}", en: "{who} · {at}: {reason}" }
    lib_operator { ja: "運用者", en: "the operator" }
    lib_read_source { ja: "ファイルを見る", en: "The file itself" }
    lib_copy { ja: "地域の版を作る", en: "Make the region's own version" }
    lib_runs(running: i64, halted: i64, over: i64) { ja: "動いている {running}・停止中 {halted}・終わった {over}", en: "{running} running · {halted} resting by the region · {over} over" }
    lib_acts { ja: "管理者の操作", en: "For administrators" }
    lib_mark_stop { ja: "新しく始めないようにする", en: "Start it no more" }
    lib_mark_allow { ja: "また始められるようにする", en: "Let it be started again" }
    lib_mark_suspend { ja: "動いているものをすべて止める", en: "Let all its runs rest" }
    lib_mark_resume { ja: "止めたものを再開する", en: "Let its runs go on" }
    lib_mark_stop_about { ja: "パスのページに、この版は出なくなります。動いているものは、そのまま続きます。", en: "Plan pages offer this version no more. What runs goes on." }
    lib_mark_allow_about { ja: "今の版であれば、パスのページにまた出ます。", en: "Plan pages offer it again if it is the current version." }
    lib_mark_suspend_about { ja: "この版で動いているパスを、すべての患者で止め、各チームの連絡と「自分あて」に知らせます。チームは自分たちで再開できません。患者へのケアが途切れないように、電話などでも伝えてください。", en: "Every run of this version rests, with every patient, and each team is told on the thread and the start page. Teams cannot resume it themselves. Please also telephone, so that no care is missed." }
    lib_mark_resume_about { ja: "この決定で止めたパスが、すべての患者で再開します。入院などほかの理由で休んでいるものは、そのまま休みます。", en: "What this decision let rest goes on, with every patient. What rests for another reason, such as a hospital stay, goes on resting." }
    lib_starts_no_more { ja: "地域の決定で、この版は新しく始められません。", en: "By the region's decision, this version is started no more." }
    lib_all_rest { ja: "地域の決定で、この版で動いているパスはすべて止まっています。", en: "By the region's decision, all runs of this version rest." }
    halted_title { ja: "地域の決定で止まっているパス", en: "Pathways that the region lets rest" }
    halted_mark { ja: "停止中", en: "rests" }
    halted_about { ja: "予定の仕事は出てきません。チームで手順を確かめてください。", en: "Its tasks do not come up. Please agree in the team on how to go on." }
}

/// Drafts and what is proposed.
#[derive(Debug, Template)]
#[template(path = "library.html")]
pub struct LibraryPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// What waits for a second person.
    pub waiting: Vec<ChangeRow>,
    /// Drafts.
    pub drafts: Vec<DraftRow>,
    /// What was decided.
    pub decided: Vec<ChangeRow>,
}

/// A draft in the list.
#[derive(Debug, Clone)]
pub struct DraftRow {
    /// Where it is.
    pub href: String,
    /// The name.
    pub title: String,
    /// Version and id.
    pub about: String,
    /// Whose, and when it was kept last.
    pub by: String,
}

/// Something that was proposed, in the list.
#[derive(Debug, Clone)]
pub struct ChangeRow {
    /// Where it is.
    pub href: String,
    /// The pathway and its version.
    pub title: String,
    /// What changed.
    pub reason: String,
    /// Who and when.
    pub by: String,
    /// How it stands.
    pub mark: Mark,
}

/// A text with line numbers, and what was found in it.
#[derive(Debug, Clone, Default)]
pub struct SourceView {
    /// The lines.
    pub lines: Vec<SourceLine>,
    /// What was found, errors first.
    pub findings: Vec<FindingView>,
    /// 直すところ 2件・見てほしいところ 1件
    pub summary: String,
}

/// A line.
#[derive(Debug, Clone, Default)]
pub struct SourceLine {
    /// Its number.
    pub number: usize,
    /// What it says.
    pub text: String,
    /// The first thing found on it; 0 for nothing.
    pub finding: usize,
}

/// Something that was found.
#[derive(Debug, Clone)]
pub struct FindingView {
    /// Its number on the page.
    pub number: usize,
    /// How much it matters.
    pub mark: Mark,
    /// The line.
    pub line: usize,
    /// Line and column.
    pub place: String,
    /// What is wrong.
    pub says: String,
    /// Why it matters.
    pub why: String,
    /// How to mend it.
    pub mend: String,
    /// The check, and the JSON pointer.
    pub about: String,
}

/// What the stories of a pathway show.
#[derive(Debug, Clone)]
pub struct ProofView {
    /// 3件
    pub summary: String,
    /// Stories that tell otherwise than the pathway does.
    pub failing: Vec<StoryRow>,
    /// Stories that hold.
    pub holding: Vec<StoryRow>,
    /// 段階 5／6・出口 7／9
    pub covered: String,
    /// What no story touches.
    pub untouched: Vec<String>,
    /// Where stories are written; empty for whoever only reads.
    pub edit: String,
    /// What the reader has before them.
    pub base: String,
}

/// One story.
#[derive(Debug, Clone)]
pub struct StoryRow {
    /// Whether it holds.
    pub mark: Mark,
    /// What its file is called.
    pub name: String,
    /// What it shows.
    pub says: String,
    /// Where what was seen differs from what was expected.
    pub findings: Vec<(String, String)>,
}

/// A draft with what was found in it.
#[derive(Debug, Template)]
#[template(path = "library_draft.html")]
pub struct DraftPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The head.
    pub head: DraftRow,
    /// Whether the reader wrote it.
    pub own: bool,
    /// Whether it was made from a published version.
    pub has_origin: bool,
    /// Whether it can be played and proposed.
    pub sound: bool,
    /// What its stories show; none while it cannot be read.
    pub proof: Option<ProofView>,
    /// What is proposed of it now; empty for nothing.
    pub proposed: String,
    /// The text and what was found in it.
    pub source: SourceView,
    /// The fields of the proposal.
    pub propose: Vec<Field>,
    /// What goes along with it unseen.
    pub hidden: Vec<(String, String)>,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// A draft being written, or a file being brought in.
#[derive(Debug, Template)]
#[template(path = "library_edit.html")]
pub struct EditPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The heading.
    pub heading: String,
    /// What it is about.
    pub about: String,
    /// Where it is sent.
    pub action: String,
    /// Where one came from.
    pub back: String,
    /// What the button says.
    pub button: String,
    /// What goes along unseen.
    pub hidden: Vec<(String, String)>,
    /// What a story is called; none for the pathway itself.
    pub name: Option<Field>,
    /// The text.
    pub field: Field,
    /// What was found in what is kept.
    pub source: SourceView,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// A published version's file.
#[derive(Debug, Template)]
#[template(path = "library_source.html")]
pub struct SourcePage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The pathway's name.
    pub title: String,
    /// Where one came from.
    pub back: String,
    /// The text and what was found in it.
    pub source: SourceView,
}

/// What differs between two versions.
#[derive(Debug, Template)]
#[template(path = "library_compare.html")]
pub struct ComparePage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// Where one came from.
    pub back: String,
    /// The pathway's name.
    pub title: String,
    /// Where the choice is sent; empty when there is nothing to choose.
    pub action: String,
    /// The older version.
    pub from: Field,
    /// The newer version.
    pub to: Field,
    /// What differs.
    pub changes: Vec<ChangeText>,
}

/// One difference in words.
#[derive(Debug, Clone)]
pub struct ChangeText {
    /// Added, removed, changed.
    pub mark: Mark,
    /// The kind of part.
    pub part: String,
    /// What it is called.
    pub title: String,
    /// Member by member.
    pub lines: Vec<LineText>,
}

/// One member of a part.
#[derive(Debug, Clone)]
pub struct LineText {
    /// What is said.
    pub label: String,
    /// Before; none where the part is new.
    pub before: Option<String>,
    /// After; none where the part is gone.
    pub after: Option<String>,
}

/// What was proposed, for the second person.
#[derive(Debug, Template)]
#[template(path = "library_change.html")]
pub struct ChangePage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The pathway and its version.
    pub title: String,
    /// How it stands.
    pub mark: Mark,
    /// What changed, and why.
    pub reason: String,
    /// Who proposed it.
    pub by: PersonView,
    /// When.
    pub at: When,
    /// Who decided, what, when, and why.
    pub decided: Option<(String, PersonView, When, String)>,
    /// Version and hash.
    pub hash: String,
    /// The draft, while it is there.
    pub draft: String,
    /// Whether it still says what was proposed.
    pub fits: bool,
    /// Whether the reader proposed it.
    pub own: bool,
    /// Where a decision is sent; empty when it is decided.
    pub action: String,
    /// The entry's id.
    pub entry: String,
    /// Why it is turned down.
    pub why: Field,
    /// What the draft's stories show.
    pub proof: Option<ProofView>,
    /// The heading of the differences.
    pub differences: String,
    /// What differs from the current version; none when there is no current one.
    pub changes: Option<Vec<ChangeText>>,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// A pathway played forward.
#[derive(Debug, Template)]
#[template(path = "library_simulate.html")]
pub struct SimulatePage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The pathway's name.
    pub title: String,
    /// Where one came from.
    pub back: String,
    /// Where the form is sent.
    pub action: String,
    /// First day and number of days.
    pub times: Vec<Field>,
    /// The facts.
    pub facts: Vec<Field>,
    /// What happens, day by day; none before it was asked for.
    pub course: Option<CourseText>,
    /// What is wrong with what was asked.
    pub flaws: Vec<FlawView>,
}

/// What happens, as a picture and as a table.
#[derive(Debug, Clone)]
pub struct CourseText {
    /// The days; nothing where nothing happens.
    pub chart: Option<ChartPictures>,
    /// It was cut off.
    pub cut_off: bool,
}

/// A published version on the pathway's page.
#[derive(Debug, Clone)]
pub struct VersionRow {
    /// Where it can be read.
    pub href: String,
    /// 版 1.0.1
    pub title: String,
    /// Current, starts no more, all rest.
    pub marks: Vec<Mark>,
    /// Who published it.
    pub by: String,
    /// When.
    pub when: When,
    /// What changed, as its author said.
    pub reason: String,
    /// What the region said of it last; empty for nothing.
    pub said: String,
    /// Where it is compared with the version before; empty for the first.
    pub compare: String,
}

/// What stands beside a pathway: its versions, and what one may do with it.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    /// Simulation and file, for everyone.
    pub doors: Vec<(String, String)>,
    /// The versions, newest first.
    pub versions: Vec<VersionRow>,
    /// Where a copy is made; empty for whom it is not.
    pub copy: String,
    /// The copy's id.
    pub draft: String,
    /// What administrators can say of this version: address and words.
    pub marks: Vec<(String, String)>,
    /// How many runs it has; empty for whom it is not.
    pub runs: String,
    /// What the region said of this version, for everyone; empty for nothing.
    pub notes: Vec<String>,
}

/// A run that the region lets rest, on the start page.
#[derive(Debug, Clone)]
pub struct HaltedRow {
    /// The patient's plan.
    pub href: String,
    /// The patient's name.
    pub patient: String,
    /// The pathway's name.
    pub title: String,
}

impl LibraryPage {
    fn empty(&self) -> Empty {
        Empty::new(self.t.lib_no_drafts(), self.t.lib_no_drafts_how())
    }
}

impl ComparePage {
    fn empty(&self) -> Empty {
        Empty::new(self.t.lib_same(), self.t.lib_same_how())
    }
}

impl ChangePage {
    fn empty(&self) -> Empty {
        Empty::new(self.t.lib_same(), self.t.lib_same_how())
    }
}

impl SourceView {
    fn empty(t: &Text) -> Empty {
        Empty::new(t.lib_no_findings(), t.lib_no_findings_how())
    }
}

impl ProofView {
    /// Whether there is no story at all.
    fn is_bare(&self) -> bool {
        self.failing.is_empty() && self.holding.is_empty()
    }
}

impl DraftPage {
    /// Whether a story tells otherwise than the draft does.
    fn fails(&self) -> bool {
        self.proof.as_ref().is_some_and(|proof| !proof.failing.is_empty())
    }
}

impl CourseText {
    fn empty(t: &Text) -> Empty {
        Empty::new(t.lib_course_none(), t.lib_course_none_how())
    }
}

/// The choices of a menu of versions.
pub fn versions(rows: &[(String, String)], chosen: &str) -> Vec<Choice> {
    rows.iter().map(|(hash, says)| Choice::new(hash.clone(), says.clone(), chosen)).collect()
}
