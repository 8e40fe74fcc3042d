//! The phases of a definition and the ways between them. The phases stand below one another in the order
//! that the author gave them, one to a layer. A way to the next phase runs straight down; one that passes
//! phases over runs down a track on the right, one that goes back runs up a track on the left. Ways that
//! lead to the same phase under the same name share a track, like lines of one bus.

use crate::concept::Concepts;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::pathway::definition::Definition;
use crate::pathway::definition::Exit;
use crate::pathway::definition::Phase;
use crate::pathway::picture::Face;
use crate::pathway::picture::Ink;
use crate::pathway::picture::Key;
use crate::pathway::picture::Lines;
use crate::pathway::picture::MARGIN;
use crate::pathway::picture::Pen;
use crate::pathway::picture::Picture;
use crate::pathway::picture::Rect;
use crate::pathway::picture::says::Taken;
use crate::pathway::picture::says::Voice;
use crate::texts;

/// The width of a phase's box.
const BOX: i32 = 190;
/// The width of the words beside a box.
const BESIDE: i32 = 176;
/// From one track to the next.
const TRACK: i32 = 16;
/// The height that a way takes where it comes in.
const ENTRY: i32 = 18;
/// From one box to the next where nothing leads straight down.
const GAP: i32 = 34;
/// Between a line and its words.
const AIR: i32 = 8;
/// The width of the stripe of a phase that only people lead into.
const STRIPE: i32 = 12;

/// The picture and what it is made of.
#[derive(Debug, Clone)]
pub struct Graph {
    /// The drawing.
    pub picture: Picture,
    /// The phases, in order.
    pub nodes: Vec<Node>,
    /// The ways between them.
    pub edges: Vec<Edge>,
    t: Text,
}

/// A phase.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its box.
    pub at: Rect,
    /// Its name.
    pub title: String,
    /// What else its box says.
    pub notes: Vec<String>,
}

/// A way from one phase to another.
#[derive(Debug, Clone)]
pub struct Edge {
    /// The phase it leaves, by number.
    pub from: usize,
    /// The phase it leads to.
    pub to: usize,
    /// What it means.
    pub title: String,
    /// Everything about it: who, by when, as what.
    pub about: Vec<String>,
    /// How it is taken.
    pub taken: Taken,
    /// Its line.
    pub points: Vec<(i32, i32)>,
    /// Where its words stand.
    pub label: Rect,
}

/// Where a way runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Down,
    Right,
    Left,
}

struct Way<'a> {
    from: usize,
    to: usize,
    side: Side,
    taken: Taken,
    exit: &'a Exit,
    title: String,
    label: Lines,
    /// The number of its track on its side.
    track: usize,
}

/// Ways to one phase that share a track.
struct Bus {
    side: Side,
    to: usize,
    ways: Vec<usize>,
    span: (usize, usize),
    track: usize,
}

/// Draws the phases of a definition.
pub fn graph(definition: &Definition, concepts: &Concepts, lang: Lang) -> Graph {
    let voice = Voice { definition, concepts, t: Text(lang) };
    let mut ways = ways(&voice);
    let buses = on_tracks(&mut ways);
    let floor = Floor::of(&buses);
    let (nodes, ports, start) = stacked(&voice, &ways, &buses, &floor);
    let edges: Vec<Edge> =
        ways.iter().zip(&ports).map(|(way, port)| edge(&voice, way, *port, &nodes, &floor)).collect();
    let picture = painted(&voice, &nodes, &ways, &edges, start);
    Graph { picture, nodes, edges, t: voice.t }
}

impl Graph {
    /// The picture in parts of at most this height, cut where only lines run.
    pub fn sheets(&self, height_max: i32) -> Vec<Picture> {
        let between: Vec<i32> = self.nodes.iter().skip(1).map(|node| node.at.y - 13).collect();
        self.picture.clone().cut(&between, height_max, self.t)
    }
}

fn ways<'a>(voice: &Voice<'a>) -> Vec<Way<'a>> {
    let definition: &'a Definition = voice.definition;
    let place = |id: &str| definition.phases.iter().position(|phase| phase.id == id);
    let mut ways: Vec<Way<'a>> = Vec::new();
    for (from, phase) in definition.phases.iter().enumerate() {
        for exit in &phase.leave {
            let Some(to) = place(&exit.to) else { continue };
            let taken_down = ways.iter().any(|way| way.from == from && way.side == Side::Down);
            let side = match to {
                to if to == from + 1 && !taken_down => Side::Down,
                to if to > from => Side::Right,
                _ => Side::Left,
            };
            let title = exit.title(definition).say(voice.t.0).to_owned();
            let width = if side == Side::Down { BESIDE + BOX / 2 } else { BESIDE } - 2 * AIR;
            let label = voice.who(exit).iter().fold(Lines::of(Face::Strong, &title, width), |lines, says| {
                lines.and(Face::Small, says, width)
            });
            ways.push(Way { from, to, side, taken: Taken::of(exit), exit, title, label, track: 0 });
        }
    }
    ways
}

/// Gathers ways into buses and gives each a track: the shorter the way, the closer to the boxes; no two
/// on one track that so much as touch the same phase.
fn on_tracks(ways: &mut [Way<'_>]) -> Vec<Bus> {
    let mut buses: Vec<Bus> = Vec::new();
    for (index, way) in ways.iter().enumerate().filter(|(_, way)| way.side != Side::Down) {
        let shares = |bus: &&mut Bus| {
            let first = bus.ways.first().and_then(|first| ways.get(*first));
            bus.side == way.side
                && bus.to == way.to
                && first.is_some_and(|first| first.taken == way.taken && first.title == way.title)
        };
        let (low, high) = (way.from.min(way.to), way.from.max(way.to));
        match buses.iter_mut().find(shares) {
            Some(bus) => {
                bus.ways.push(index);
                bus.span = (bus.span.0.min(low), bus.span.1.max(high));
            }
            None => {
                buses.push(Bus { side: way.side, to: way.to, ways: vec![index], span: (low, high), track: 0 })
            }
        }
    }
    buses.sort_by_key(|bus| (bus.span.1 - bus.span.0, bus.span, bus.to));
    let mut laid: Vec<(Side, usize, (usize, usize))> = Vec::new();
    for bus in &mut buses {
        let is_free = |track: &usize| {
            !laid.iter().any(|(side, on, span)| {
                *side == bus.side && on == track && span.0 <= bus.span.1 && bus.span.0 <= span.1
            })
        };
        bus.track = (0..).find(is_free).unwrap_or(0);
        laid.push((bus.side, bus.track, bus.span));
        for index in &bus.ways {
            if let Some(way) = ways.get_mut(*index) {
                way.track = bus.track;
            }
        }
    }
    buses
}

/// Where the columns of the picture are.
struct Floor {
    left: i32,
    boxes: i32,
    right: i32,
}

impl Floor {
    fn of(buses: &[Bus]) -> Self {
        let back = buses.iter().filter(|bus| bus.side == Side::Left).map(|bus| bus.track + 1).max();
        let tracks = |count: usize| TRACK.saturating_mul(i32::try_from(count).unwrap_or(0));
        let left = MARGIN + back.map_or(0, tracks);
        let boxes = if back.is_some() { left + BESIDE } else { MARGIN };
        Self { left, boxes, right: boxes + BOX + BESIDE }
    }

    fn track(&self, side: Side, track: usize) -> i32 {
        let out = TRACK.saturating_mul(i32::try_from(track).unwrap_or(0)) + TRACK / 2;
        if side == Side::Left { self.left - out } else { self.right + out }
    }
}

/// Where a way leaves its phase and where it comes in, and the top of its words.
#[derive(Debug, Clone, Copy, Default)]
struct Port {
    out: i32,
    into: i32,
    label: i32,
}

/// Puts the phases below one another, each as high as its words and its ways need. Answers the boxes, the
/// ports of each way, and the words above the first phase.
fn stacked(
    voice: &Voice<'_>,
    ways: &[Way<'_>],
    buses: &[Bus],
    floor: &Floor,
) -> (Vec<Node>, Vec<Port>, Lines) {
    let mut ports = vec![Port::default(); ways.len()];
    let start = Lines::of(Face::Small, &voice.start(), BESIDE + BOX / 2);
    let mut y = MARGIN + start.height().max(20) + 14;
    let mut nodes = Vec::new();
    for (index, phase) in voice.definition.phases.iter().enumerate() {
        let notes = voice.notes(phase);
        let words = inside(voice, phase, &notes);
        let right = ports_on(Side::Right, index, y, ways, buses, &mut ports);
        let left = ports_on(Side::Left, index, y, ways, buses, &mut ports);
        let height = (words.height() + 24).max(right - y).max(left - y);
        let at = Rect::new(floor.boxes, y, BOX, height);
        let title = phase.title.say(voice.t.0).to_owned();
        nodes.push(Node { at, title, notes });
        y = at.bottom() + GAP;
        for (way, port) in ways.iter().zip(&mut ports) {
            if way.side == Side::Down && way.from == index {
                *port = Port { out: at.bottom(), into: 0, label: at.bottom() + AIR };
                y = at.bottom() + way.label.height() + AIR + 24;
            }
        }
    }
    (nodes, ports, start)
}

/// Gives each way a height on one side of a phase, so that lines do not cross where they need not: what
/// comes in above what goes out. Answers where the last one ends.
fn ports_on(side: Side, phase: usize, top: i32, ways: &[Way<'_>], buses: &[Bus], ports: &mut [Port]) -> i32 {
    let forward = side == Side::Right;
    let mut coming: Vec<&Bus> = buses.iter().filter(|bus| bus.side == side && bus.to == phase).collect();
    coming.sort_by_key(|bus| bus.track);
    let mut going: Vec<(usize, &Way<'_>)> =
        ways.iter().enumerate().filter(|(_, way)| way.side == side && way.from == phase).collect();
    going.sort_by_key(|(_, way)| way.track);
    if forward {
        going.reverse();
    } else {
        coming.reverse();
    }
    let mut y = top + AIR;
    for bus in coming {
        for index in &bus.ways {
            if let Some(port) = ports.get_mut(*index) {
                port.into = y + ENTRY / 2;
            }
        }
        y += ENTRY;
    }
    for (index, way) in going {
        if let Some(port) = ports.get_mut(index) {
            port.label = y;
            port.out = y + way.label.height() + 3;
        }
        y += way.label.height() + AIR + 4;
    }
    y + AIR
}

fn inside(voice: &Voice<'_>, phase: &Phase, notes: &[String]) -> Lines {
    let width = BOX - 24 - if phase.people_only { STRIPE } else { 0 };
    let title = Lines::of(Face::Title, phase.title.say(voice.t.0), width);
    notes.iter().fold(title, |lines, note| lines.and(Face::Small, note, width))
}

fn edge(voice: &Voice<'_>, way: &Way<'_>, port: Port, nodes: &[Node], floor: &Floor) -> Edge {
    let at = |index: usize| nodes.get(index).map(|node| node.at).unwrap_or_default();
    let (from, to) = (at(way.from), at(way.to));
    let track = floor.track(way.side, way.track);
    let (width, height) = (way.label.width(), way.label.height());
    let (points, x) = match way.side {
        Side::Down => (vec![(from.middle(), from.bottom()), (to.middle(), to.y)], from.middle() + AIR + 4),
        Side::Right => (
            vec![(from.right(), port.out), (track, port.out), (track, port.into), (to.right(), port.into)],
            from.right() + AIR,
        ),
        Side::Left => (
            vec![(from.x, port.out), (track, port.out), (track, port.into), (to.x, port.into)],
            floor.left + AIR,
        ),
    };
    Edge {
        from: way.from,
        to: way.to,
        title: way.title.clone(),
        about: voice.all_about(way.exit),
        taken: way.taken,
        points,
        label: Rect::new(x, port.label, width, height),
    }
}

fn painted(voice: &Voice<'_>, nodes: &[Node], ways: &[Way<'_>], edges: &[Edge], start: Lines) -> Picture {
    let (t, definition) = (voice.t, voice.definition);
    let mut pen = Pen::default();
    if let Some(first) = nodes.first() {
        pen.rect(Rect::new(first.at.middle() - 5, MARGIN, 10, 10), Ink::Tip);
        pen.arrow(&[(first.at.middle(), MARGIN + 10), (first.at.middle(), first.at.y)], Ink::Solid);
        pen.words(first.at.middle() + AIR + 4, MARGIN - 2, &start);
    }
    for (node, phase) in nodes.iter().zip(&definition.phases) {
        pen.rect(node.at, Ink::Frame);
        if phase.end {
            pen.rect(node.at.inside(4), Ink::Inner);
        }
        let stripe = if phase.people_only { STRIPE } else { 0 };
        if phase.people_only {
            pen.rect(Rect::new(node.at.x, node.at.y, STRIPE, node.at.height), Ink::Hatch);
        }
        let words = inside(voice, phase, &node.notes);
        pen.words(node.at.x + 12 + stripe, node.at.y + (node.at.height - words.height()) / 2, &words);
    }
    for (way, edge) in ways.iter().zip(edges) {
        pen.arrow(&edge.points, edge.taken.ink());
        pen.words(edge.label.x, edge.label.y, &way.label);
    }
    let mut keys: Vec<(Key, String)> = [Taken::ByItself, Taken::Proposed, Taken::Chosen]
        .into_iter()
        .filter(|taken| edges.iter().any(|edge| edge.taken == *taken))
        .map(|taken| (Key::Line(taken.ink()), taken.words(t).to_owned()))
        .collect();
    if definition.phases.iter().any(|phase| phase.people_only) {
        keys.push((Key::Box(Ink::Hatch), t.picture_people_only().to_owned()));
    }
    if definition.phases.iter().any(|phase| phase.end) {
        keys.push((Key::Box(Ink::Inner), t.picture_end().to_owned()));
    }
    let extents = pen.shapes.iter().map(super::Shape::extent);
    let (right, low) = extents.fold((0, 0), |at, next| (at.0.max(next.right()), at.1.max(next.bottom())));
    pen.legend(MARGIN, right, low + 20, &keys);
    pen.done(
        t.graph_title(definition.title.say(t.0)),
        t.graph_about(nodes.len(), edges.len(), &voice.start()),
    )
}

texts! {
    graph_title(title: &str) { ja: "{title}：段階の図", en: "{title}: its phases" }
    graph_about(phases: usize, exits: usize, start: &str) { ja: "段階{phases}、移り方{exits}。{start}。同じ内容が図のあとの表にあります。", en: "{phases} phases and {exits} ways between them. {start}. The table after the picture says the same." }
}
