//! `renkei pathway compare`: what differs between two versions of a pathway, in words. The exit code is
//! that of `renkei pathway check`: a difference is nothing to complain of.

use std::io;
use std::io::Write;
use std::path::Path;

use crate::concept::Concepts;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::ops::told::FINE;
use crate::ops::told::Told;
use crate::pathway::Pathway;
use crate::pathway::compare;
use crate::pathway::compare::Change;
use crate::texts;

/// Writes what differs from one file to the other.
pub fn compare(from: &Path, to: &Path, json: bool, lang: Lang, out: &mut dyn Write) -> io::Result<u8> {
    let mut told = Told::default();
    let texts = told.open(&[from.to_path_buf(), to.to_path_buf()]);
    let mut read = Vec::new();
    for (name, text) in &texts {
        read.extend(told.keep(Pathway::read(name, text, Concepts::shipped())));
    }
    let [old, new] = read.as_slice() else { return told.write(json, "", lang, out) };
    let changes = compare::compare(&old.definition, &new.definition, Concepts::shipped());
    if json {
        serde_json::to_writer_pretty(&mut *out, &changes)?;
        return writeln!(out).map(|()| FINE);
    }
    let t = Text(lang);
    changes.iter().try_for_each(|change| write_change(change, t, out))?;
    writeln!(out, "{}", t.compared_count(changes.len())).map(|()| FINE)
}

fn write_change(change: &Change, t: Text, out: &mut dyn Write) -> io::Result<()> {
    let (part, how) = (change.part.name(), change.how.name());
    writeln!(out, "{} [{}] {}", part.say(t.0), how.say(t.0), change.title.say(t.0))?;
    for line in &change.lines {
        let label = line.label.say(t.0);
        let (before, after) = line.shown(t.0);
        let nothing = || t.compared_nothing().to_owned();
        writeln!(out, "    {label}: {} → {}", before.unwrap_or_else(nothing), after.unwrap_or_else(nothing))?;
    }
    Ok(())
}

texts! {
    compared_nothing { ja: "（なし）", en: "(nothing)" }
    compared_count(changes: usize) {
        ja: "違いは{changes}か所です。",
        en: "{changes} difference." | "{changes} differences."
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn top(file: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
    }

    fn told(from: &str, to: &str, json: bool) -> (u8, String) {
        let mut out = Vec::new();
        let code = compare(&top(from), &top(to), json, Lang::En, &mut out).unwrap();
        (code, String::from_utf8(out).unwrap())
    }

    #[test]
    fn two_files_are_compared_in_words_and_a_broken_one_is_refused() {
        let (peg, end) = ("pathways/peg/pathway.json", "pathways/end-of-life/pathway.json");
        assert_eq!(told(peg, peg, false), (0, "0 differences.\n".to_owned()));
        let (code, says) = told(peg, end, false);
        assert!(code == 0 && says.contains("Phase [removed]") && says.contains("Task [added]"), "{says}");
        let json: serde_json::Value = serde_json::from_str(&told(peg, end, true).1).unwrap();
        assert_eq!(json[0]["part"], "head");
        assert_eq!(told(peg, "schemas/concepts.json", false).0, 1);
        assert_eq!(told(peg, "no-such.json", false).0, 2);
    }
}
