//! Pictures in pages and in files of their own: the drawing, and beside it the same facts as a table, so
//! that nothing is only in the picture.

use askama::Template;

use crate::concept::Concepts;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::pathway::definition::Definition;
use crate::pathway::picture::Picture;
use crate::pathway::picture::chart::Chart;
use crate::pathway::picture::chart::Told;
use crate::pathway::picture::graph;
use crate::pathway::picture::lanes;
use crate::texts;

/// The height of a picture that fits on an upright sheet of A4, when it is not wider than [`UPRIGHT`].
const SHEET: i32 = 920;
/// The same under a patient's banner, which heads every sheet.
const UNDER_BANNER: i32 = 780;
/// The widest picture for an upright sheet: a wider one is printed across.
const UPRIGHT: i32 = 960;
/// The widest picture for the column in which pages are read.
const COLUMN: i32 = 640;
/// The height of a picture that fits across a sheet of A4.
const ACROSS: i32 = 620;

texts! {
    picture_as_table { ja: "図の内容を表で読む", en: "Read the picture as a table" }
    picture_phase { ja: "段階", en: "Phase" }
    picture_way { ja: "移り方", en: "Way out" }
    picture_to { ja: "次の段階", en: "Leads to" }
    picture_how { ja: "だれが、どう決めるか", en: "Who decides, and how" }
    picture_who { ja: "職種", en: "Profession" }
    picture_task { ja: "仕事", en: "Task" }
    picture_when { ja: "段階と頻度", en: "In which phase, how often" }
    picture_day { ja: "日", en: "Day" }
    picture_what { ja: "内容", en: "What" }
    picture_went { ja: "どうなったか", en: "How it went" }
    picture_in(phase: &str, often: &str) { ja: "{phase}：{often}", en: "{phase}: {often}" }
    picture_graph_head { ja: "段階の図", en: "The phases as a picture" }
    picture_lanes_head { ja: "職種ごとの仕事の図", en: "Tasks by profession as a picture" }
    picture_no_way { ja: "なし", en: "none" }
}

/// A picture with a name of its own, so that several can stand in one page.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// The name.
    pub id: String,
    /// The picture.
    pub picture: Picture,
}

/// A picture in as many parts as it needs sheets of paper; on a screen they stand as one.
#[derive(Debug, Clone)]
pub struct Drawings {
    /// What it is.
    pub title: String,
    /// Whether it is wider than the column in which the page is read.
    pub wide: bool,
    /// Whether it is printed across the sheet.
    pub across: bool,
    /// The parts.
    pub sheets: Vec<Drawing>,
}

/// A picture as a file of its own.
#[derive(Debug, Template)]
#[template(path = "picture.svg")]
struct PictureFile {
    drawing: Drawing,
}

/// A definition's pictures in its page.
#[derive(Debug, Clone)]
pub struct DefinitionPictures {
    /// Its phases.
    pub graph: Drawings,
    /// The same as a table.
    pub ways: Vec<WayRow>,
    /// Its tasks by role and phase.
    pub lanes: Drawings,
    /// The same as a table.
    pub works: Vec<WorkRow>,
}

/// A phase or one of its ways out.
#[derive(Debug, Clone)]
pub struct WayRow {
    /// The phase, and what its box says.
    pub phase: String,
    /// What else its box says.
    pub notes: String,
    /// What the way out means.
    pub title: String,
    /// The phase it leads to.
    pub to: String,
    /// Who decides, and how.
    pub how: String,
}

/// A task of a role.
#[derive(Debug, Clone)]
pub struct WorkRow {
    /// The role.
    pub who: String,
    /// What to do.
    pub title: String,
    /// In which phases, and how often.
    pub when: Vec<String>,
}

/// What happened over days, in its page.
#[derive(Debug, Clone)]
pub struct ChartPictures {
    /// The sheets.
    pub drawings: Drawings,
    /// The same as a table.
    pub told: Vec<Told>,
}

impl Drawing {
    /// The picture as a file.
    pub fn file(picture: Picture) -> Result<String> {
        let file = PictureFile { drawing: Self { id: "picture".to_owned(), picture } };
        file.render().map_err(|error| Error::fault(error.to_string()))
    }
}

impl Drawings {
    fn of(name: &str, title: String, pictures: Vec<Picture>) -> Self {
        let width = pictures.iter().map(|picture| picture.width).max().unwrap_or(0);
        let named = |(picture, number): (Picture, i32)| Drawing { id: format!("{name}-{number}"), picture };
        Self {
            title,
            wide: width > COLUMN,
            across: width > UPRIGHT,
            sheets: pictures.into_iter().zip(1..).map(named).collect(),
        }
    }
}

impl DefinitionPictures {
    /// The pictures of a definition.
    pub fn of(definition: &Definition, lang: Lang) -> Self {
        let t = Text(lang);
        let graph = graph::graph(definition, Concepts::shipped(), lang);
        let lanes = lanes::lanes(definition, Concepts::shipped(), lang);
        let sheets = lanes.pictures(SHEET);
        let across = sheets.iter().any(|sheet| sheet.width > UPRIGHT);
        Self {
            ways: ways(&graph, t),
            graph: Drawings::of("graph", graph.picture.title.clone(), graph.sheets(SHEET)),
            lanes: Drawings::of(
                "lanes",
                t.picture_lanes_head().to_owned(),
                if across { lanes.pictures(ACROSS) } else { sheets },
            ),
            works: works(&lanes),
        }
    }
}

impl ChartPictures {
    /// The pictures of a chart; `name` tells it from others in the page.
    pub fn of(chart: &Chart, name: &str) -> Self {
        Self {
            drawings: Drawings::of(name, chart.title.clone(), chart.pictures(UNDER_BANNER)),
            told: chart.told(),
        }
    }
}

fn ways(graph: &graph::Graph, t: Text) -> Vec<WayRow> {
    let mut rows = Vec::new();
    for (node, number) in graph.nodes.iter().zip(0_usize..) {
        let row = |title: &str, to: &str, how: String| WayRow {
            phase: node.title.clone(),
            notes: node.notes.join(t.dot()),
            title: title.to_owned(),
            to: to.to_owned(),
            how,
        };
        let mut out = graph.edges.iter().filter(|edge| edge.from == number).peekable();
        if out.peek().is_none() {
            rows.push(row(t.picture_no_way(), "", String::new()));
        }
        rows.extend(out.map(|edge| {
            let to = graph.nodes.get(edge.to).map(|node| node.title.as_str()).unwrap_or_default();
            row(&edge.title, to, edge.about.join(t.dot()))
        }));
    }
    rows
}

fn works(lanes: &lanes::Lanes) -> Vec<WorkRow> {
    let rows = lanes.lanes.iter().flat_map(|lane| lane.works.iter().map(move |work| (lane, work)));
    rows.map(|(lane, work)| WorkRow {
        who: lane.role.name().say(lanes.t.0).to_owned(),
        title: work.title.clone(),
        when: lanes
            .phases
            .iter()
            .zip(&work.often)
            .filter_map(|(phase, often)| Some(lanes.t.picture_in(phase, often.as_ref()?)))
            .collect(),
    })
    .collect()
}
