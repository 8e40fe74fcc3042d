//! What happens over days: phases as bands on top, a lane for each profession, a row for each task, and a
//! sign for each time. Long times are drawn in cells of several days; what falls into one cell stands
//! below one another, so that nothing covers anything.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::profession::Profession;
use crate::kernel::time::screen_day;
use crate::pathway::picture::Face;
use crate::pathway::picture::Ink;
use crate::pathway::picture::Key;
use crate::pathway::picture::Lines;
use crate::pathway::picture::MARGIN;
use crate::pathway::picture::Pen;
use crate::pathway::picture::Picture;
use crate::pathway::picture::Rect;
use crate::pathway::picture::Sign;
use crate::pathway::picture::numbered;
use crate::texts;

/// The width of the names of the rows: on a phone there must be room for the days beside them.
const TITLES: i32 = 178;
/// The height of the name of a lane, above its rows.
const NAME: i32 = 24;
/// How far the names of rows stand in from the name of their lane.
const INDENT: i32 = 10;
/// The width of the days, at most.
const DAYS_WIDE: i32 = 640;
/// The width of a cell: a sign and a little air.
const CELL: i32 = 14;
/// The height of a sign with its air.
const SIGN: i32 = 15;
/// The days of a cell, from the finest drawing to the coarsest.
const CELLS: [i32; 7] = [1, 2, 7, 14, 28, 56, 112];
/// How many of the days before today are in sight at first.
const BEFORE_TODAY: i32 = 2;
/// Above and below a row's words.
const PAD: i32 = 3;

/// What happens over days.
#[derive(Debug, Clone)]
pub struct Chart {
    /// What it is.
    pub title: String,
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// The day that it is.
    pub today: Option<Date>,
    /// The phases that were entered.
    pub phases: Vec<Band>,
    /// Who does what.
    pub lanes: Vec<Lane>,
    /// The language.
    pub t: Text,
}

/// A phase.
#[derive(Debug, Clone)]
pub struct Band {
    /// Its name.
    pub title: String,
    /// When it was.
    pub spans: Vec<Span>,
}

/// Some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub first: Date,
    /// The last; none while it goes on.
    pub last: Option<Date>,
    /// The pathway rests meanwhile.
    pub rests: bool,
}

/// What one profession does; or what concerns all.
#[derive(Debug, Clone)]
pub struct Lane {
    /// Whose.
    pub name: String,
    /// Each of its tasks.
    pub rows: Vec<Row>,
}

/// One task, or a thing that happens again.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is.
    pub title: String,
    /// Its times.
    pub marks: Vec<Mark>,
}

/// One time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The day.
    pub on: Date,
    /// What it was.
    pub sign: Sign,
    /// What else there is to say.
    pub note: String,
}

/// One time, read aloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The day.
    pub on: Date,
    /// The day as people say it.
    pub when: String,
    /// Whose.
    pub who: String,
    /// What.
    pub what: String,
    /// How it went.
    pub how: String,
}

/// Gathers what happens into lanes and rows.
#[derive(Debug, Default)]
pub(super) struct Gather {
    /// In the order in which their lanes stand; what concerns all comes first.
    roles: Vec<Option<Profession>>,
    rows: Vec<(Option<Profession>, Row)>,
}

impl Gather {
    /// For these professions, in this order; others follow.
    pub fn new(roles: &[Profession]) -> Self {
        let roles = [None].into_iter().chain(roles.iter().copied().map(Some)).collect();
        Self { roles, rows: Vec::new() }
    }

    /// Something of one profession, or of all.
    pub fn add(&mut self, role: Option<Profession>, title: String, mark: Mark) {
        if !self.roles.contains(&role) {
            self.roles.push(role);
        }
        let same = |(whose, row): &&mut (Option<Profession>, Row)| *whose == role && row.title == title;
        match self.rows.iter_mut().find(same) {
            Some((_, row)) => row.marks.push(mark),
            None => self.rows.push((role, Row { title, marks: vec![mark] })),
        }
    }

    /// The lanes; in each, what comes first stands first.
    pub fn lanes(mut self, t: Text) -> Vec<Lane> {
        for (_, row) in &mut self.rows {
            row.marks.sort_by_key(|mark| (mark.on, mark.sign));
        }
        self.rows.sort_by_key(|(_, row)| row.marks.first().map(|mark| mark.on));
        let lane = |role: Option<Profession>| Lane {
            name: role.map_or_else(|| t.chart_everyone().to_owned(), |role| role.name().say(t.0).to_owned()),
            rows: self.rows.iter().filter(|(whose, _)| *whose == role).map(|(_, row)| row.clone()).collect(),
        };
        self.roles.iter().map(|role| lane(*role)).filter(|lane| !lane.rows.is_empty()).collect()
    }
}

impl Band {
    /// Phases that followed one another, with the times in which the pathway rested.
    pub(super) fn one_after_another(
        entered: Vec<(String, Date)>,
        rests: &[(Date, Option<Date>)],
    ) -> Vec<Self> {
        let mut bands: Vec<Self> = Vec::new();
        let nexts: Vec<Option<Date>> =
            entered.iter().skip(1).map(|(_, on)| Some(*on)).chain([None]).collect();
        for ((title, first), next) in entered.into_iter().zip(nexts) {
            // The day of a change belongs to both phases: one could still act in either.
            let span = Span { first, last: next, rests: false };
            let resting = rests
                .iter()
                .filter(|(from, to)| next.is_none_or(|next| *from < next) && to.is_none_or(|to| to >= first));
            let resting = resting.map(|(from, to)| {
                let last = [*to, next].into_iter().flatten().min();
                Span { first: (*from).max(first), last, rests: true }
            });
            let spans: Vec<Span> = [span].into_iter().chain(resting).collect();
            match bands.iter_mut().find(|band| band.title == title) {
                Some(band) => band.spans.extend(spans),
                None => bands.push(Self { title, spans }),
            }
        }
        bands
    }

    /// Nothing goes on past this day.
    pub(super) fn end(bands: &mut [Self], on: Date) {
        for span in bands.iter_mut().flat_map(|band| &mut band.spans) {
            span.last = Some(span.last.unwrap_or(on));
        }
    }
}

/// How days are laid out.
struct Scale {
    first: Date,
    /// Days to a cell.
    days: i32,
    cells: i32,
    cell: i32,
    left: i32,
}

impl Scale {
    fn of(chart: &Chart) -> Self {
        let all = days(chart.first, chart.last).max(0) + 1;
        let cells = |days: i32| (all + days - 1) / days;
        let fits = |days: &i32| cells(*days) * CELL <= DAYS_WIDE;
        let days = CELLS.into_iter().find(fits).unwrap_or(all / (DAYS_WIDE / CELL) + 1);
        let cells = cells(days).max(1);
        Self { first: chart.first, days, cells, cell: (420 / cells).clamp(CELL, 40), left: MARGIN + TITLES }
    }

    fn cell_of(&self, day: Date) -> i32 {
        days(self.first, day).div_euclid(self.days)
    }

    fn x(&self, cell: i32) -> i32 {
        self.left + cell * self.cell
    }

    fn right(&self) -> i32 {
        self.x(self.cells)
    }

    /// Cells that carry a date: whole weeks where a cell is a day.
    fn ticks(&self) -> impl Iterator<Item = i32> {
        let room = (62 + self.cell - 1) / self.cell;
        let step = if self.days == 1 && (2..7).contains(&room) { 7 } else { room };
        (0..self.cells).filter(move |cell| cell % step.max(1) == 0)
    }
}

fn days(from: Date, to: Date) -> i32 {
    to.since(from).map_or(0, |span| span.get_days())
}

impl Chart {
    /// Pictures of at most this height, so that each fits on a sheet; dates and phases head each of them.
    pub fn pictures(&self, height_max: i32) -> Vec<Picture> {
        let scale = Scale::of(self);
        let head = self.heads();
        let mut sheets: Vec<Vec<&Lane>> = Vec::new();
        let mut height = 0;
        for lane in &self.lanes {
            let needs = Self::lane_height(lane, &scale);
            if sheets.is_empty() || height + needs > height_max {
                sheets.push(Vec::new());
                height = head;
            }
            height += needs;
            if let Some(sheet) = sheets.last_mut() {
                sheet.push(lane);
            }
        }
        if sheets.is_empty() {
            sheets.push(Vec::new());
        }
        let count = sheets.len();
        sheets.iter().zip(1..).map(|(lanes, number)| self.sheet(lanes, &scale, number, count)).collect()
    }

    /// Without what lies outside its days.
    pub(super) fn within(mut self) -> Self {
        let (first, last) = (self.first, self.last);
        for row in self.lanes.iter_mut().flat_map(|lane| &mut lane.rows) {
            row.marks.retain(|mark| (first..=last).contains(&mark.on));
        }
        for lane in &mut self.lanes {
            lane.rows.retain(|row| !row.marks.is_empty());
        }
        self.lanes.retain(|lane| !lane.rows.is_empty());
        for band in &mut self.phases {
            band.spans.retain(|span| span.first <= last && span.last.is_none_or(|end| end >= first));
        }
        self.phases.retain(|band| !band.spans.is_empty());
        self
    }

    /// Everything that the picture shows, the earliest first.
    pub fn told(&self) -> Vec<Told> {
        let t = self.t;
        let told = |on: Date, who: &str, what: &str, how: String| Told {
            on,
            when: screen_day(on, t.0),
            who: who.to_owned(),
            what: what.to_owned(),
            how,
        };
        let phases = self.phases.iter().flat_map(|band| {
            let how = |rests| if rests { t.chart_rests() } else { t.chart_phase_begins() };
            band.spans
                .iter()
                .map(move |span| told(span.first, t.chart_phase(), &band.title, how(span.rests).to_owned()))
        });
        let works = self.lanes.iter().flat_map(|lane| {
            lane.rows.iter().flat_map(move |row| {
                row.marks.iter().map(move |mark| {
                    let how = match mark.note.as_str() {
                        "" => mark.sign.words(t).to_owned(),
                        note => t.chart_noted(mark.sign.words(t), note),
                    };
                    told(mark.on, &lane.name, &row.title, how)
                })
            })
        });
        let mut all: Vec<Told> = phases.chain(works).collect();
        all.sort_by_key(|told| told.on);
        all
    }

    fn heads(&self) -> i32 {
        let bands: i32 = self.phases.iter().map(|band| title(&band.title).height() + 2 * PAD).sum();
        46 + NAME + bands + 6
    }

    fn lane_height(lane: &Lane, scale: &Scale) -> i32 {
        let rows: i32 = lane.rows.iter().map(|row| Self::row_height(row, scale)).sum();
        NAME + rows + 4
    }

    fn row_height(row: &Row, scale: &Scale) -> i32 {
        let signs = (0..scale.cells).map(|cell| Self::signs(row, cell, scale).len()).max().unwrap_or(0);
        let signs = i32::try_from(signs).unwrap_or(0) * SIGN;
        title(&row.title).height().max(signs) + 2 * PAD
    }

    /// The signs of one cell, the gravest first.
    fn signs(row: &Row, cell: i32, scale: &Scale) -> BTreeSet<Sign> {
        row.marks.iter().filter(|mark| scale.cell_of(mark.on) == cell).map(|mark| mark.sign).collect()
    }

    fn sheet(&self, lanes: &[&Lane], scale: &Scale, number: usize, count: usize) -> Picture {
        let t = self.t;
        let mut pen = Pen::default();
        let mut y = self.head(&mut pen, scale);
        for (lane, index) in lanes.iter().zip(0..) {
            let height = Self::lane_height(lane, scale);
            if index % 2 == 0 {
                pen.rect(Rect::new(MARGIN, y, scale.right() - MARGIN, height), Ink::Ground);
            }
            pen.line(&[(MARGIN, y), (scale.right(), y)], Ink::Hair);
            pen.words(MARGIN + 4, y + PAD, &name(&lane.name));
            let mut row_top = y + NAME;
            for row in &lane.rows {
                let height = Self::row_height(row, scale);
                Self::row(&mut pen, row, scale, row_top, height);
                row_top += height;
            }
            y += height;
        }
        pen.line(&[(MARGIN, y), (scale.right(), y)], Ink::Hair);
        self.lines(&mut pen, scale, y);
        let names = Rect::new(0, 0, scale.left - 1, y);
        let low = pen.legend(MARGIN, scale.right(), y + 8, &self.keys(lanes));
        if scale.days > 1 {
            pen.words(
                MARGIN,
                low + 2,
                &Lines::of(Face::Small, &t.chart_cell(scale.days), scale.right() - MARGIN),
            );
        }
        let title = numbered(self.title.clone(), number, count, t);
        let roles: Vec<&str> = lanes.iter().map(|lane| lane.name.as_str()).collect();
        let range = t.chart_range(&long_day(self.first, t), &long_day(self.last, t));
        let about = t.chart_about(&range, &roles.join(t.chart_joint()));
        Picture { names: Some(names), opens_at: self.opens_at(scale), ..pen.done(title, about) }
    }

    /// A few days before today, beside the names of the rows.
    fn opens_at(&self, scale: &Scale) -> Option<i32> {
        let today = self.today.filter(|today| (self.first..=self.last).contains(today))?;
        let cell = scale.cell_of(today) - BEFORE_TODAY / scale.days.max(1) - 1;
        Some((scale.x(cell.max(0)) - scale.left).max(0))
    }

    /// The dates and the phases; answers where they end.
    fn head(&self, pen: &mut Pen, scale: &Scale) -> i32 {
        let t = self.t;
        let range = t.chart_range(&long_day(self.first, t), &long_day(self.last, t));
        pen.words(MARGIN, MARGIN, &Lines::of(Face::Small, &range, TITLES - 8));
        for cell in scale.ticks() {
            let day = self.first.saturating_add((cell * scale.days).days());
            pen.words(scale.x(cell) + 1, MARGIN, &Lines::of(Face::Small, &short_day(day, t), 200));
        }
        let mut y = MARGIN + 42;
        pen.words(MARGIN + 4, y + PAD, &name(t.chart_phase()));
        y += NAME;
        for band in &self.phases {
            let words = title(&band.title);
            let height = words.height() + 2 * PAD;
            pen.words(MARGIN + INDENT, y + PAD, &words);
            for span in &band.spans {
                let last = span.last.unwrap_or(self.today.unwrap_or(self.last)).min(self.last);
                let first = span.first.max(self.first);
                if first > last {
                    continue;
                }
                let (from, to) = (scale.x(scale.cell_of(first)), scale.x(scale.cell_of(last) + 1));
                let at = Rect::new(from, y + height / 2 - 6, to - from, 12);
                pen.rect(at, if span.rests { Ink::Hatch } else { Ink::Bar });
            }
            y += height;
        }
        y + 6
    }

    fn row(pen: &mut Pen, row: &Row, scale: &Scale, top: i32, height: i32) {
        pen.words(MARGIN + INDENT, top + PAD, &title(&row.title));
        for cell in 0..scale.cells {
            let signs = Self::signs(row, cell, scale);
            let stack = i32::try_from(signs.len()).unwrap_or(0) * SIGN;
            for (sign, index) in signs.into_iter().zip(0..) {
                let y = top + (height - stack) / 2 + index * SIGN + SIGN / 2;
                pen.sign(scale.x(cell) + scale.cell / 2, y, sign);
            }
        }
    }

    /// The lines of the dates, and today's.
    fn lines(&self, pen: &mut Pen, scale: &Scale, low: i32) {
        for cell in scale.ticks() {
            pen.line(&[(scale.x(cell), MARGIN + 38), (scale.x(cell), low)], Ink::Hair);
        }
        let Some(today) = self.today.filter(|today| (self.first..=self.last).contains(today)) else { return };
        let x = scale.x(scale.cell_of(today)) + scale.cell / 2;
        let words = Lines::of(Face::Strong, self.t.chart_today(), 200);
        pen.words(x - words.width() / 2, MARGIN + 19, &words);
        pen.line(&[(x, MARGIN + 39), (x, low)], Ink::Now);
    }

    fn keys(&self, lanes: &[&Lane]) -> Vec<(Key, String)> {
        let t = self.t;
        let marks = lanes.iter().flat_map(|lane| &lane.rows).flat_map(|row| &row.marks);
        let signs: BTreeSet<Sign> = marks.map(|mark| mark.sign).collect();
        let mut keys: Vec<(Key, String)> =
            signs.into_iter().rev().map(|sign| (Key::Sign(sign), sign.words(t).to_owned())).collect();
        if self.phases.iter().flat_map(|band| &band.spans).any(|span| span.rests) {
            keys.push((Key::Box(Ink::Hatch), t.chart_rests().to_owned()));
        }
        if self.today.is_some() {
            keys.push((Key::Now, t.chart_today().to_owned()));
        }
        keys
    }
}

impl Sign {
    /// In words.
    pub fn words(self, t: Text) -> &'static str {
        match self {
            Self::Variance => t.sign_variance(),
            Self::Better => t.sign_better(),
            Self::Overdue => t.sign_overdue(),
            Self::Expired => t.sign_expired(),
            Self::Skipped => t.sign_skipped(),
            Self::Late => t.sign_late(),
            Self::Done => t.sign_done(),
            Self::Cancelled => t.sign_cancelled(),
            Self::Open => t.sign_open(),
            Self::Ahead => t.sign_ahead(),
            Self::Ask => t.sign_ask(),
            Self::Proposal => t.sign_proposal(),
        }
    }
}

fn name(says: &str) -> Lines {
    Lines::of(Face::Strong, says, 400)
}

fn title(says: &str) -> Lines {
    Lines::of(Face::Plain, says, TITLES - INDENT - 6)
}

fn short_day(day: Date, t: Text) -> String {
    match t.0 {
        Lang::Ja => format!("{}/{}", day.month(), day.day()),
        Lang::En => day.strftime("%-d %b").to_string(),
    }
}

fn long_day(day: Date, t: Text) -> String {
    match t.0 {
        Lang::Ja => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Lang::En => day.strftime("%-d %b %Y").to_string(),
    }
}

texts! {
    chart_phase { ja: "段階", en: "Phase" }
    chart_everyone { ja: "全員", en: "Everyone" }
    chart_today { ja: "今日", en: "today" }
    chart_joint { ja: "、", en: ", " }
    chart_range(first: &str, last: &str) { ja: "{first}〜{last}", en: "{first} – {last}" }
    chart_about(range: &str, names: &str) { ja: "{range}。{names}。同じ内容が図のあとの表にあります。", en: "{range}. {names}. The table after the picture says the same." }
    chart_cell(days: i32) { ja: "1つのますは{days}日です。", en: "One column stands for {days} day." | "One column stands for {days} days." }
    chart_noted(how: &str, note: &str) { ja: "{how}：{note}", en: "{how}: {note}" }
    chart_phase_begins { ja: "段階に入る", en: "phase begins" }
    chart_rests { ja: "パスが休んでいる間", en: "the pathway rests" }
    sign_variance { ja: "予定との違い", en: "departure from the plan" }
    sign_better { ja: "よい方への違い", en: "departure for the better" }
    sign_overdue { ja: "期限切れ", en: "overdue" }
    sign_expired { ja: "行われず時期を過ぎた", en: "its time passed undone" }
    sign_skipped { ja: "行わないと決めた", en: "skipped" }
    sign_late { ja: "遅れて済んだ", en: "done late" }
    sign_done { ja: "済んだ", en: "done" }
    sign_cancelled { ja: "取りやめ", en: "cancelled" }
    sign_open { ja: "これから（期限）", en: "to do (when due)" }
    sign_ahead { ja: "見込み", en: "forecast" }
    sign_ask { ja: "質問", en: "question" }
    sign_proposal { ja: "段階の提案", en: "change of phase proposed" }
}
