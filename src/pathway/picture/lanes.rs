//! What each profession does in each phase of a definition: a lane for each role, a column for each
//! phase, a bar for each task across the phases in which it comes up, with how often. Tasks of one role
//! that do not meet in time share a row.

use crate::concept::Concepts;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::profession::Profession;
use crate::pathway::definition::Definition;
use crate::pathway::definition::Phase;
use crate::pathway::definition::Task;
use crate::pathway::picture::Face;
use crate::pathway::picture::Ink;
use crate::pathway::picture::Key;
use crate::pathway::picture::Lines;
use crate::pathway::picture::MARGIN;
use crate::pathway::picture::Pen;
use crate::pathway::picture::Picture;
use crate::pathway::picture::Rect;
use crate::pathway::picture::numbered;
use crate::pathway::picture::says::Voice;
use crate::texts;

/// The width of the names of the roles.
const NAMES: i32 = 104;
/// Inside a bar.
const PAD: i32 = 7;
/// Between bars.
const GAP: i32 = 5;
/// Around the bars of a lane.
const LANE: i32 = 6;

/// What one profession does.
#[derive(Debug, Clone)]
pub struct Lane {
    /// The profession.
    pub role: Profession,
    /// Its tasks.
    pub works: Vec<Work>,
}

/// A task in its phases.
#[derive(Debug, Clone)]
pub struct Work {
    /// What to do.
    pub title: String,
    /// It is opened by a rule or a person, not by the calendar.
    pub by_need: bool,
    /// For each phase how often it comes up; none where it does not.
    pub often: Vec<Option<String>>,
}

/// The definition by role and phase.
#[derive(Debug, Clone)]
pub struct Lanes {
    /// The pathway's name.
    pub title: String,
    /// The phases in which anything is done.
    pub phases: Vec<String>,
    /// The roles that do anything, in the definition's order.
    pub lanes: Vec<Lane>,
    /// The language.
    pub t: Text,
}

/// A part of a row: the bar of a task over neighbouring phases.
struct Bar<'a> {
    work: &'a Work,
    first: usize,
    last: usize,
    words: Lines,
}

/// A lane whose bars have their rows.
struct Laid<'a> {
    lane: &'a Lane,
    rows: Vec<Vec<Bar<'a>>>,
}

/// Reads a definition by role and phase.
pub fn lanes(definition: &Definition, concepts: &Concepts, lang: Lang) -> Lanes {
    let voice = Voice { definition, concepts, t: Text(lang) };
    let phases: Vec<&Phase> = definition
        .phases
        .iter()
        .filter(|phase| {
            !phase.end || definition.units.iter().any(|unit| unit.is_in(phase) && !unit.tasks.is_empty())
        })
        .collect();
    let mut roles: Vec<Profession> = Vec::new();
    for role in definition.roles.iter().copied().chain(definition.tasks().map(|(_, task)| task.role)) {
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    let work = |task: &Task, in_phase: &dyn Fn(&Phase) -> bool| Work {
        title: task.title.say(lang).to_owned(),
        by_need: task.schedule.is_none(),
        often: phases.iter().map(|phase| voice.often(task, phase).filter(|_| in_phase(phase))).collect(),
    };
    let lanes = roles.into_iter().map(|role| {
        let tasks = definition.tasks().filter(|(_, task)| task.role == role);
        Lane { role, works: tasks.map(|(unit, task)| work(task, &|phase| unit.is_in(phase))).collect() }
    });
    Lanes {
        title: definition.title.say(lang).to_owned(),
        phases: phases.iter().map(|phase| phase.title.say(lang).to_owned()).collect(),
        lanes: lanes.filter(|lane| !lane.works.is_empty()).collect(),
        t: Text(lang),
    }
}

impl Lanes {
    /// The width of a phase's column.
    fn column(&self) -> i32 {
        let count = i32::try_from(self.phases.len()).unwrap_or(1).max(1);
        (900 / count).clamp(132, 240)
    }

    /// Pictures of at most this height, so that each fits on a sheet; the phases head each of them. One
    /// lane is never torn.
    pub fn pictures(&self, height_max: i32) -> Vec<Picture> {
        let head = self.head();
        let mut sheets: Vec<Vec<Laid<'_>>> = Vec::new();
        let mut height = 0;
        for lane in &self.lanes {
            let rows = self.rows(lane);
            let needs = self.height(lane, &rows);
            if sheets.is_empty() || height + needs > height_max {
                sheets.push(Vec::new());
                height = head;
            }
            height += needs;
            if let Some(sheet) = sheets.last_mut() {
                sheet.push(Laid { lane, rows });
            }
        }
        let count = sheets.len();
        sheets.into_iter().zip(1..).map(|(sheet, number)| self.sheet(&sheet, number, count)).collect()
    }

    fn heads(&self) -> Vec<Lines> {
        self.phases.iter().map(|title| Lines::of(Face::Strong, title, self.column() - 2 * PAD)).collect()
    }

    /// The height of what heads a sheet.
    fn head(&self) -> i32 {
        self.heads().iter().map(Lines::height).max().unwrap_or(0) + 2 * PAD
    }

    /// Each task in the first row in which there is room for it.
    fn rows<'a>(&self, lane: &'a Lane) -> Vec<Vec<Bar<'a>>> {
        let mut rows: Vec<Vec<Bar<'a>>> = Vec::new();
        let mut works: Vec<Vec<Bar<'a>>> = lane.works.iter().map(|work| self.bars(work)).collect();
        works.retain(|bars| !bars.is_empty());
        works.sort_by_key(|bars| bars.first().map(|bar| bar.first));
        for bars in works {
            let first = bars.iter().map(|bar| bar.first).min();
            match rows.iter_mut().find(|row| row.iter().map(|bar| bar.last).max() < first) {
                Some(row) => row.extend(bars),
                None => rows.push(bars),
            }
        }
        rows
    }

    /// A bar for each run of neighbouring phases in which the task comes up equally often.
    fn bars<'a>(&self, work: &'a Work) -> Vec<Bar<'a>> {
        let mut runs: Vec<(usize, usize, &str)> = Vec::new();
        for (index, often) in work.often.iter().enumerate() {
            let Some(often) = often else { continue };
            match runs.last_mut().filter(|run| run.1 + 1 == index && run.2 == often) {
                Some(run) => run.1 = index,
                None => runs.push((index, index, often)),
            }
        }
        let bar = |(first, last, often): (usize, usize, &str)| {
            let width = self.width(first, last) - 2 * PAD;
            let words = Lines::of(Face::Plain, &work.title, width).and(Face::Small, often, width);
            Bar { work, first, last, words }
        };
        runs.into_iter().map(bar).collect()
    }

    fn width(&self, first: usize, last: usize) -> i32 {
        let columns = i32::try_from(last - first + 1).unwrap_or(1);
        columns * self.column() - GAP
    }

    fn height(&self, lane: &Lane, rows: &[Vec<Bar<'_>>]) -> i32 {
        let rows: i32 = rows.iter().map(|row| row_height(row) + GAP).sum();
        (rows - GAP).max(self.name(lane).height()) + 2 * LANE
    }

    fn name(&self, lane: &Lane) -> Lines {
        Lines::of(Face::Strong, lane.role.name().say(self.t.0), NAMES - 2 * PAD)
    }

    fn sheet(&self, lanes: &[Laid<'_>], number: usize, count: usize) -> Picture {
        let mut pen = Pen::default();
        let left = MARGIN + NAMES;
        let columns = i32::try_from(self.phases.len()).unwrap_or(0);
        let right = left + columns * self.column();
        let mut y = MARGIN + self.head();
        for (head, index) in self.heads().iter().zip(0..) {
            let at = Rect::new(left + index * self.column(), MARGIN, self.column() - GAP, self.head() - 4);
            pen.rect(at, Ink::Frame);
            pen.words(at.x + PAD, at.y + (at.height - head.height()) / 2, head);
        }
        for (Laid { lane, rows }, index) in lanes.iter().zip(0..) {
            let height = self.height(lane, rows);
            if index % 2 == 0 {
                pen.rect(Rect::new(MARGIN, y, right - MARGIN, height), Ink::Ground);
            }
            pen.line(&[(MARGIN, y), (right, y)], Ink::Hair);
            pen.words(MARGIN + PAD, y + LANE, &self.name(lane));
            let mut top = y + LANE;
            for row in rows {
                self.row(&mut pen, row, left, top);
                top += row_height(row) + GAP;
            }
            y += height;
        }
        pen.line(&[(MARGIN, y), (right, y)], Ink::Hair);
        let t = self.t;
        let keys = [
            (Key::Box(Ink::Bar), t.lanes_planned().to_owned()),
            (Key::Box(Ink::Loose), t.lanes_by_need().to_owned()),
        ];
        pen.legend(MARGIN, right, y + 10, &keys);
        let title = numbered(t.lanes_title(&self.title), number, count, t);
        let roles: Vec<String> = lanes.iter().map(|laid| laid.lane.role.name().say(t.0).to_owned()).collect();
        pen.done(title, t.lanes_about(&roles.join(t.picture_joint()), self.phases.len()))
    }

    fn row(&self, pen: &mut Pen, row: &[Bar<'_>], left: i32, top: i32) {
        for (bar, index) in row.iter().zip(0_usize..) {
            let x = |column: usize| left + i32::try_from(column).unwrap_or(0) * self.column();
            let at = Rect::new(x(bar.first), top, self.width(bar.first, bar.last), row_height(row));
            let before = index.checked_sub(1).and_then(|before| row.get(before));
            let continues =
                |before: &&Bar<'_>| std::ptr::eq(before.work, bar.work) && before.last + 1 < bar.first;
            if let Some(before) = before.filter(continues) {
                let middle = top + at.height / 2;
                pen.line(&[(x(before.last + 1) - GAP, middle), (at.x, middle)], Ink::Dotted);
            }
            pen.rect(at, if bar.work.by_need { Ink::Loose } else { Ink::Bar });
            pen.words(at.x + PAD, at.y + 3, &bar.words);
        }
    }
}

fn row_height(row: &[Bar<'_>]) -> i32 {
    row.iter().map(|bar| bar.words.height() + 7).max().unwrap_or(0)
}

texts! {
    lanes_title(title: &str) { ja: "{title}：職種ごとの仕事", en: "{title}: tasks by profession" }
    lanes_about(roles: &str, phases: usize) { ja: "{roles}が、{phases}つの段階で行うこと。同じ内容が図のあとの表にあります。", en: "What {roles} do in {phases} phases. The table after the picture says the same." }
    lanes_planned { ja: "予定された仕事", en: "planned" }
    lanes_by_need { ja: "必要なときの仕事", en: "when needed" }
}
