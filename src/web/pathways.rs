//! The library of published pathways, and one of them to read: phases, units, tasks by role, sources.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::leaflets::LeafletLink;
use crate::web::library::Shelf;
use crate::web::picture::DefinitionPictures;
use crate::web::team::Fact;
use crate::web::view::Badge;
use crate::web::view::Empty;

texts! {
    pathways_title { ja: "パスの一覧", en: "Pathways" }
    pathways_about { ja: "この地域で使えるパスです。動いているパスは、始めたときの版のまま進みます。", en: "The pathways of this region. A pathway that runs keeps the version it was started with." }
    pathways_door { ja: "この地域で使えるパスの内容と出典", en: "What the pathways of this region say, and their sources" }
    pathways_empty { ja: "公開されたパスはありません。", en: "No pathway is published." }
    pathways_empty_how { ja: "管理者がパスを公開すると、ここに並びます。", en: "Pathways appear here when an administrator publishes them." }
    pathways_rest { ja: "いま新しく始めないパス", en: "Pathways that are not started now" }
    pathway_version(version: &str) { ja: "版 {version}", en: "version {version}" }
    pathway_reviewed(day: &str) { ja: "内容の確認 {day}", en: "reviewed {day}" }
    pathway_licence(licence: &str) { ja: "利用条件 {licence}", en: "licence {licence}" }
    pathway_by { ja: "始められる職種", en: "Started by" }
    pathway_on_admission { ja: "入院の記録で始まる", en: "Begins with an admission" }
    pathway_needs { ja: "始めるために必要な記録", en: "To be recorded first" }
    pathway_phases { ja: "段階", en: "Phases" }
    pathway_units { ja: "ケアのまとまり", en: "Units of care" }
    pathway_outcome { ja: "目標", en: "Goal" }
    pathway_in { ja: "行う段階", en: "In" }
    pathway_rules { ja: "こうなったら、こうする", en: "What follows from what" }
    pathway_evidence { ja: "出典", en: "Sources" }
    pathway_old { ja: "これは新しい版に置き換えられた、前の版です。", en: "A newer version has taken this one's place." }
}

/// The library.
#[derive(Debug, Template)]
#[template(path = "pathways.html")]
pub struct PathwaysPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The current version of each.
    pub rows: Vec<PathwayRow>,
    /// Those that nobody starts now, since the region says so.
    pub resting: Vec<PathwayRow>,
    /// Whether the reader writes pathways.
    pub writes: bool,
}

/// A pathway in the library.
#[derive(Debug, Clone)]
pub struct PathwayRow {
    /// Where it can be read.
    pub href: String,
    /// The title.
    pub title: String,
    /// What it is for.
    pub summary: String,
    /// Version, review, licence.
    pub about: String,
    /// By whom it is still to be reviewed; empty for nobody.
    pub review: String,
}

/// One pathway to read.
#[derive(Debug, Template)]
#[template(path = "pathway.html")]
pub struct PathwayPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The head.
    pub head: PathwayRow,
    /// Whether a newer version is offered.
    pub old: bool,
    /// How it begins.
    pub start: Vec<Fact>,
    /// The phases in order.
    pub phases: Vec<PhaseText>,
    /// Phases and tasks as pictures.
    pub pictures: DefinitionPictures,
    /// The units.
    pub units: Vec<UnitText>,
    /// What is handed to patients and families.
    pub leaflets: Vec<LeafletLink>,
    /// The sources.
    pub evidence: Vec<EvidenceText>,
    /// Its versions, and what one may do with it.
    pub shelf: Shelf,
}

/// A phase to read.
#[derive(Debug, Clone)]
pub struct PhaseText {
    /// The title.
    pub title: String,
    /// What matters in it.
    pub text: String,
    /// Where it leads, and who agrees.
    pub leads: Vec<String>,
}

/// A unit to read.
#[derive(Debug, Clone)]
pub struct UnitText {
    /// The title.
    pub title: String,
    /// In which phases.
    pub phases: String,
    /// What is to be reached; empty for nothing stated.
    pub outcome: String,
    /// Its tasks.
    pub tasks: Vec<TaskText>,
    /// What follows from what.
    pub rules: Vec<String>,
}

/// A task to read.
#[derive(Debug, Clone)]
pub struct TaskText {
    /// Who does it.
    pub badge: Badge,
    /// Who may do it instead; empty for nobody.
    pub substitute: String,
    /// What to do.
    pub title: String,
    /// How.
    pub text: String,
    /// How often; empty when a rule or a person opens it.
    pub often: String,
    /// The form that does it; empty for none.
    pub form: String,
    /// The numbers of its sources.
    pub sources: Vec<usize>,
}

/// A source.
#[derive(Debug, Clone)]
pub struct EvidenceText {
    /// Its number on this page.
    pub number: usize,
    /// Title and place.
    pub cite: String,
    /// Address; empty for none.
    pub url: String,
}

impl PathwaysPage {
    fn empty(&self) -> Empty {
        Empty::new(self.t.pathways_empty(), self.t.pathways_empty_how())
    }
}
