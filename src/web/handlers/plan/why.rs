//! A tree of reasons as lines that a person can read: what was looked at, its value, who stated it
//! and when, and where in the record that stands.

use crate::acts::views::plan::PlanView;
use crate::kernel::lang::Lang;
use crate::kernel::time::screen_time;
use crate::pathway::why::Line;
use crate::web::tasks::WhyLine;

/// No condition nests deeper than this; whatever does is cut.
const DEPTH_MAX: u8 = 8;

/// The lines of one tree, top first.
pub fn lines(line: &Line, view: &PlanView, lang: Lang) -> Vec<WhyLine> {
    let mut lines = Vec::new();
    let head = plain(0, "", line.says.say(lang).to_owned());
    lines.push(head);
    for part in &line.parts {
        put(part, 1, view, lang, &mut lines);
    }
    lines
}

fn plain(depth: u8, verdict: &'static str, says: String) -> WhyLine {
    WhyLine { depth, verdict, says, from: String::new(), href: String::new() }
}

fn put(line: &Line, depth: u8, view: &PlanView, lang: Lang, lines: &mut Vec<WhyLine>) {
    if depth > DEPTH_MAX {
        return;
    }
    lines.push(shown(line, depth, view, lang));
    for part in &line.parts {
        put(part, depth + 1, view, lang, lines);
    }
}

fn verdict(holds: Option<&'static str>) -> &'static str {
    match holds {
        Some("true") => "✓",
        Some("false") => "✗",
        Some(_) => "？",
        None => "",
    }
}

fn shown(line: &Line, depth: u8, view: &PlanView, lang: Lang) -> WhyLine {
    let mut shown = plain(depth, verdict(line.holds), line.says.say(lang).to_owned());
    let Some(origin) = line.origin else { return shown };
    let when = screen_time(origin.at.into(), lang);
    let who = origin.by.and_then(|by| view.people.get(&by));
    shown.from = who.map_or_else(|| when.clone(), |who| format!("{}　{when}", who.name));
    if let Some(seq) = origin.entry.and_then(|entry| view.sources.get(&entry)) {
        shown.href = format!("/patients/{}/posts/{seq}", view.patient.id);
    }
    shown
}
