//! Pictures of pathways as data: shapes with coordinates and words, in one language. Nothing here knows
//! SVG or a page; a template writes the shapes down. What a picture means is carried by shape, line and
//! word, so that it survives a copy in black and white; colour comes from the page and only repeats it.

pub mod chart;
pub mod course;
pub mod graph;
pub mod history;
pub mod lanes;
mod lines;
pub mod says;

use crate::kernel::lang::Text;
use crate::texts;

pub use lines::Face;
use lines::Lines;
pub use lines::wide;

/// Space around a picture.
const MARGIN: i32 = 12;
/// How round a bend of a line is.
const BEND: i32 = 8;

/// A picture: what it shows in words, its size, and its shapes in the order in which they are drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it is.
    pub title: String,
    /// What it shows, for those who do not see it.
    pub about: String,
    /// Where it begins: a part of a longer picture begins further down.
    pub top: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
    /// The names of its rows, where it has rows: on a narrow screen they stay while the rest is moved.
    pub names: Option<Rect>,
    /// How far from the left it is to be looked at first: a little before today.
    pub opens_at: Option<i32>,
    /// The shapes.
    pub shapes: Vec<Shape>,
}

/// Something drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A rectangle.
    Box {
        /// Where.
        at: Rect,
        /// With which ink.
        ink: Ink,
    },
    /// A line with rounded bends.
    Line {
        /// Its way.
        steps: Vec<Step>,
        /// With which ink.
        ink: Ink,
    },
    /// A line of words; `y` is its base line.
    Words {
        /// Where it begins.
        x: i32,
        /// Its base line.
        y: i32,
        /// How it is set.
        face: Face,
        /// What it says.
        says: String,
    },
    /// A sign that stands for something that happens.
    Sign {
        /// Its middle.
        x: i32,
        /// Its middle.
        y: i32,
        /// Which one.
        sign: Sign,
    },
}

/// A part of a line's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Begins here.
    From(i32, i32),
    /// Straight to here.
    To(i32, i32),
    /// Around this corner to here.
    Bend(i32, i32, i32, i32),
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rect {
    /// Left.
    pub x: i32,
    /// Top.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

/// What a box or a line is for: how it looks follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// The ground of a lane.
    Ground,
    /// A box.
    Frame,
    /// The second border of a phase that ends the run.
    Inner,
    /// A hatched field.
    Hatch,
    /// A bar of what goes on.
    Bar,
    /// A bar of what is done only when it is needed.
    Loose,
    /// A line that divides.
    Hair,
    /// What happens by itself.
    Solid,
    /// What is proposed to people.
    Dashed,
    /// What people choose.
    Dotted,
    /// The tip of an arrow.
    Tip,
    /// Today.
    Now,
}

/// How an ink looks in a file of its own; in a page the style sheet speaks to the class.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// The class.
    pub class: &'static str,
    /// What it is filled with; the hatching is named by the picture.
    pub fill: &'static str,
    /// The colour of its line.
    pub stroke: &'static str,
    /// The width of its line.
    pub width: &'static str,
    /// How its line is broken.
    pub dash: &'static str,
}

impl Ink {
    /// How it looks.
    pub fn look(self) -> Look {
        let look = |class, fill, stroke, width, dash| Look { class, fill, stroke, width, dash };
        match self {
            Self::Ground => look("pic-ground", "#f2f2f2", "none", "0", "none"),
            Self::Frame => look("pic-frame", "#ffffff", "#000000", "1.5", "none"),
            Self::Inner => look("pic-inner", "none", "#000000", "1.5", "none"),
            Self::Hatch => look("pic-hatch", "", "#000000", "1", "none"),
            Self::Bar => look("pic-bar", "#ffffff", "#000000", "1.25", "none"),
            Self::Loose => look("pic-loose", "#ffffff", "#000000", "1.25", "5 3"),
            Self::Hair => look("pic-hair", "none", "#999999", "1", "none"),
            Self::Solid => look("pic-line", "none", "#000000", "1.75", "none"),
            Self::Dashed => look("pic-line", "none", "#000000", "1.75", "8 4"),
            Self::Dotted => look("pic-line", "none", "#000000", "2", "2 4"),
            Self::Tip => look("pic-tip", "#000000", "none", "0", "none"),
            Self::Now => look("pic-now", "none", "#000000", "3", "none"),
        }
    }
}

/// What a sign says about a moment. Each has a shape of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// A departure from the plan.
    Variance,
    /// A departure for the better.
    Better,
    /// It should have been done by now.
    Overdue,
    /// Its time passed undone.
    Expired,
    /// Someone decided not to do it.
    Skipped,
    /// Done after it was due.
    Late,
    /// Done.
    Done,
    /// It lost its point.
    Cancelled,
    /// To be done by then.
    Open,
    /// Will come up if nothing changes.
    Ahead,
    /// Someone is asked.
    Ask,
    /// A way out of the phase is proposed.
    Proposal,
}

impl Sign {
    /// Its class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Variance => "pic-sign-variance",
            Self::Better => "pic-sign-better",
            Self::Overdue => "pic-sign-overdue",
            Self::Expired => "pic-sign-expired",
            Self::Skipped => "pic-sign-skipped",
            Self::Late => "pic-sign-late",
            Self::Done => "pic-sign-done",
            Self::Cancelled => "pic-sign-cancelled",
            Self::Open => "pic-sign-open",
            Self::Ahead => "pic-sign-ahead",
            Self::Ask => "pic-sign-ask",
            Self::Proposal => "pic-sign-proposal",
        }
    }

    /// Its shape around its middle, ten units wide.
    pub fn path(self) -> &'static str {
        match self {
            Self::Variance | Self::Better => "M0 -6L6 0L0 6L-6 0z",
            Self::Overdue => "M0 -6L6 5H-6z",
            Self::Expired => "M-4.5 -4.5L4.5 4.5M-4.5 4.5L4.5 -4.5",
            Self::Skipped => "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0M-3.5 3.5L3.5 -3.5",
            Self::Late => {
                "M-6.5 0a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0 -13 0M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0"
            }
            Self::Done | Self::Open | Self::Ahead => "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
            Self::Cancelled => "M-4 -4h8v8h-8zM-4 0h8",
            Self::Ask => "M-6 -5h12v8h-6l-4 4v-4h-2z",
            Self::Proposal => "M-5 -5L0 0L-5 5M1 -5L6 0L1 5",
        }
    }

    /// Whether its inside is full.
    pub fn is_full(self) -> bool {
        matches!(self, Self::Variance | Self::Overdue | Self::Late | Self::Done | Self::Ask)
    }

    /// The width of its line; rings have none of their own.
    pub fn line(self) -> &'static str {
        match self {
            Self::Late => "0",
            Self::Expired | Self::Proposal => "2.5",
            _ => "1.5",
        }
    }

    /// Whether its line is broken.
    pub fn is_broken(self) -> bool {
        self == Self::Ahead
    }
}

impl Rect {
    /// A rectangle.
    pub const fn new(x: i32, y: i32, width: i32, height: i32) -> Self {
        Self { x, y, width, height }
    }

    /// Its right edge.
    pub fn right(self) -> i32 {
        self.x + self.width
    }

    /// Its lower edge.
    pub fn bottom(self) -> i32 {
        self.y + self.height
    }

    /// The middle between left and right.
    pub fn middle(self) -> i32 {
        self.x + self.width / 2
    }

    /// The same, smaller by so much on each side.
    pub fn inside(self, by: i32) -> Self {
        Self::new(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)
    }

    /// Whether the two share any ground.
    pub fn meets(self, other: Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// Whether a point lies on its border.
    pub fn has_on_border(self, (x, y): (i32, i32)) -> bool {
        let within = (self.x..=self.right()).contains(&x) && (self.y..=self.bottom()).contains(&y);
        within && (x == self.x || x == self.right() || y == self.y || y == self.bottom())
    }
}

impl Shape {
    /// The ground that it covers.
    pub fn extent(&self) -> Rect {
        match self {
            Self::Box { at, .. } => *at,
            Self::Sign { x, y, .. } => Rect::new(x - 7, y - 7, 14, 14),
            Self::Words { x, y, face, says } => {
                Rect::new(*x, y - face.size(), wide(says, *face), face.leading())
            }
            Self::Line { steps, .. } => {
                let ends = steps.iter().map(|step| match *step {
                    Step::From(x, y) | Step::To(x, y) | Step::Bend(_, _, x, y) => (x, y),
                });
                let (left, top) =
                    ends.clone().fold((i32::MAX, i32::MAX), |a, b| (a.0.min(b.0), a.1.min(b.1)));
                let (right, low) = ends.fold((0, 0), |a, b| (a.0.max(b.0), a.1.max(b.1)));
                Rect::new(left, top, right - left, low - top)
            }
        }
    }
}

/// Draws.
#[derive(Debug, Default)]
struct Pen {
    shapes: Vec<Shape>,
}

impl Pen {
    fn rect(&mut self, at: Rect, ink: Ink) {
        self.shapes.push(Shape::Box { at, ink });
    }

    /// A line through these points, its bends rounded.
    fn line(&mut self, points: &[(i32, i32)], ink: Ink) {
        let mut steps: Vec<Step> = points.first().map(|(x, y)| Step::From(*x, *y)).into_iter().collect();
        for corner in points.windows(3) {
            let [before, at, after] = corner else { continue };
            let (from, to) = (toward(*at, *before), toward(*at, *after));
            steps.push(Step::To(from.0, from.1));
            steps.push(Step::Bend(at.0, at.1, to.0, to.1));
        }
        if let [.., (x, y)] = points {
            steps.push(Step::To(*x, *y));
        }
        self.shapes.push(Shape::Line { steps, ink });
    }

    /// A line that ends in the tip of an arrow.
    fn arrow(&mut self, points: &[(i32, i32)], ink: Ink) {
        self.line(points, ink);
        let [.., before, (x, y)] = points else { return };
        let (dx, dy) = ((x - before.0).signum(), (y - before.1).signum());
        let (left, right) =
            ((x - 10 * dx - 5 * dy, y - 10 * dy - 5 * dx), (x - 10 * dx + 5 * dy, y - 10 * dy + 5 * dx));
        let steps =
            vec![Step::From(*x, *y), Step::To(left.0, left.1), Step::To(right.0, right.1), Step::To(*x, *y)];
        self.shapes.push(Shape::Line { steps, ink: Ink::Tip });
    }

    fn sign(&mut self, x: i32, y: i32, sign: Sign) {
        self.shapes.push(Shape::Sign { x, y, sign });
    }

    /// Lines of words below one another; answers where they end.
    fn words(&mut self, x: i32, top: i32, lines: &Lines) -> i32 {
        let mut y = top;
        for (face, says) in lines.all() {
            let base = y + face.leading() - (face.leading() - face.size()) / 2 - face.size() / 6;
            self.shapes.push(Shape::Words { x, y: base, face: *face, says: says.clone() });
            y += face.leading();
        }
        y
    }

    /// As many keys of the drawing as fit beside one another; answers where they end.
    fn legend(&mut self, left: i32, right: i32, top: i32, keys: &[(Key, String)]) -> i32 {
        let (mut x, mut y) = (left, top);
        for (key, says) in keys {
            let words = Lines::of(Face::Small, says, right - left - 40);
            let width = 40 + words.width() + 14;
            if x > left && x + width > right {
                (x, y) = (left, y + 24);
            }
            match key {
                Key::Line(ink) => self.arrow(&[(x, y + 11), (x + 32, y + 11)], *ink),
                Key::Box(ink) => {
                    self.rect(Rect::new(x, y + 3, 32, 16), *ink);
                    if *ink == Ink::Inner {
                        self.rect(Rect::new(x, y + 3, 32, 16).inside(3), *ink);
                    }
                }
                Key::Sign(sign) => self.sign(x + 24, y + 11, *sign),
                Key::Now => self.line(&[(x + 24, y + 2), (x + 24, y + 20)], Ink::Now),
            }
            let low = self.words(x + 40, y, &words);
            x += width;
            y = y.max(low - 24);
        }
        y + 24
    }

    /// The picture, as large as what was drawn.
    fn done(self, title: String, about: String) -> Picture {
        let extents = self.shapes.iter().map(Shape::extent);
        let (right, low) = extents.fold((0, 0), |at, next| (at.0.max(next.right()), at.1.max(next.bottom())));
        Picture {
            title,
            about,
            top: 0,
            width: right + MARGIN,
            height: low + MARGIN,
            names: None,
            opens_at: None,
            shapes: self.shapes,
        }
    }
}

impl Picture {
    /// The same in parts of at most this height where that can be, so that each fits on a sheet. It is cut
    /// only at these heights; put together, the parts are the whole again.
    fn cut(self, at: &[i32], height_max: i32, t: Text) -> Vec<Self> {
        let mut edges = vec![0];
        let mut from = 0;
        while self.height - from > height_max {
            let fits = at.iter().copied().filter(|cut| *cut > from && *cut - from <= height_max).max();
            let Some(cut) = fits.or_else(|| at.iter().copied().filter(|cut| *cut > from).min()) else {
                break;
            };
            edges.push(cut);
            from = cut;
        }
        edges.push(self.height);
        let count = edges.len() - 1;
        let part = |(edge, number): (&[i32], usize)| {
            let (top, low) = (edge.first().copied().unwrap_or(0), edge.last().copied().unwrap_or(0));
            let shows =
                |shape: &&Shape| shape.extent().y <= low + MARGIN && shape.extent().bottom() + MARGIN >= top;
            Self {
                title: numbered(self.title.clone(), number, count, t),
                about: self.about.clone(),
                top,
                width: self.width,
                height: low - top,
                names: None,
                opens_at: None,
                shapes: self.shapes.iter().filter(shows).cloned().collect(),
            }
        };
        edges.windows(2).zip(1..).map(part).collect()
    }
}

/// A title that says which part it is, where there are several.
fn numbered(title: String, number: usize, count: usize, t: Text) -> String {
    if count > 1 { t.picture_part(&title, number, count) } else { title }
}

/// What a key of the legend shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Line(Ink),
    Box(Ink),
    Sign(Sign),
    Now,
}

/// A point a bend away from a corner, but never past the middle of the way.
fn toward((x, y): (i32, i32), (tx, ty): (i32, i32)) -> (i32, i32) {
    let step = |from: i32, to: i32| from + (to - from).signum() * BEND.min((to - from).abs() / 2);
    (step(x, tx), step(y, ty))
}

texts! {
    picture_part(title: &str, number: usize, count: usize) { ja: "{title}（{number}／{count}）", en: "{title} ({number} of {count})" }
}
