//! A tree of reasons as lines that a person can read: what was looked at, its value, who stated it
//! and when, and where in the record that stands.

use crate::acts::views::plan::PlanView;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::time::screen_time;
use crate::pathway::why::Line;
use crate::texts;
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
    WhyLine { depth, verdict, says, from: String::new(), href: String::new(), source: String::new() }
}

fn put(line: &Line, depth: u8, view: &PlanView, lang: Lang, lines: &mut Vec<WhyLine>) {
    if depth > DEPTH_MAX {
        return;
    }
    let (t, verdict, source) = (Text(lang), verdict(line.holds), line.says.say(lang));
    if line.parts.is_empty() {
        lines.push(leaf(line, depth, verdict, view, lang));
        return;
    }
    let joint = top_operator(source);
    // A comparison of one fact is that fact's line with the comparison's verdict.
    if let (None, [only]) = (joint, line.parts.as_slice())
        && only.parts.is_empty()
    {
        let mut shown = leaf(only, depth, verdict, view, lang);
        source.clone_into(&mut shown.source);
        lines.push(shown);
        return;
    }
    let says = match joint {
        Some('&') => t.why_all().to_owned(),
        Some(_) => t.why_any().to_owned(),
        None => source.to_owned(),
    };
    lines.push(WhyLine { source: source.to_owned(), ..plain(depth, verdict, says) });
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

fn leaf(line: &Line, depth: u8, verdict: &'static str, view: &PlanView, lang: Lang) -> WhyLine {
    let mut shown = plain(depth, verdict, line.says.say(lang).to_owned());
    let Some(origin) = line.origin else { return shown };
    let when = screen_time(origin.at.into(), lang);
    let who = origin.by.and_then(|by| view.people.get(&by));
    shown.from = who.map_or_else(|| when.clone(), |who| format!("{}　{when}", who.name));
    if let Some(seq) = origin.entry.and_then(|entry| view.sources.get(&entry)) {
        shown.href = format!("/patients/{}/posts/{seq}", view.patient.id);
    }
    shown
}

/// The loosest joint of a condition as the pathway writes it: `|`, else `&`, else none.
fn top_operator(source: &str) -> Option<char> {
    let (mut depth, mut quoted, mut found) = (0_i32, false, None);
    let mut before = ' ';
    for c in source.chars() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            '|' if !quoted && depth == 0 && before == '|' => return Some('|'),
            '&' if !quoted && depth == 0 && before == '&' => found = Some('&'),
            _ => {}
        }
        before = c;
    }
    found
}

texts! {
    why_all { ja: "次のすべて", en: "All of these" }
    why_any { ja: "次のどれか", en: "Any of these" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loosest_joint_tells_all_from_any() {
        assert_eq!(top_operator("a && (b || c)"), Some('&'));
        assert_eq!(top_operator("a && b || c"), Some('|'));
        assert_eq!(top_operator("skin == '||'"), None);
        assert_eq!(top_operator("(a && b)"), None);
    }
}
