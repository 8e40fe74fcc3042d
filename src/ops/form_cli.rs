//! `renkei form check`: reads form files and says everything that is wrong with them, with file, place
//! and line. What a form means is the form room's business.

use std::io;
use std::io::Write;
use std::path::PathBuf;

use crate::concept::Concepts;
use crate::form::Form;
use crate::kernel::finding::Finding;
use crate::kernel::finding::Gravity;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Words;
use crate::texts;

/// Nothing to complain of.
const FINE: u8 = 0;
/// There are findings.
const FINDINGS: u8 = 1;
/// A file could not be opened.
const USAGE: u8 = 2;

/// Checks form files and writes what it finds; the result is the exit code: 0 fine, 1 findings,
/// 2 a file that cannot be opened. Warnings alone are fine.
pub fn check(files: &[PathBuf], json: bool, lang: Lang, out: &mut dyn Write) -> io::Result<u8> {
    let mut findings = Vec::new();
    let mut unopened = false;
    for path in files {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => findings.extend(Form::read_all(&name, &text, Concepts::shipped()).1),
            Err(_) => {
                unopened = true;
                findings.push(cannot_open(&name));
            }
        }
    }
    if json {
        serde_json::to_writer_pretty(&mut *out, &findings)?;
        writeln!(out)?;
    } else {
        tell(&findings, files.len(), lang, out)?;
    }
    let broken = findings.iter().any(|finding| finding.gravity == Gravity::Error);
    Ok(if unopened {
        USAGE
    } else if broken {
        FINDINGS
    } else {
        FINE
    })
}

fn cannot_open(name: &str) -> Finding {
    Finding {
        file: name.to_owned(),
        pointer: String::new(),
        line: 1,
        column: 1,
        check: "open",
        gravity: Gravity::Error,
        says: Words::of(|t| t.form_file_unopened()),
    }
}

fn tell(findings: &[Finding], files: usize, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    for found in findings {
        let (file, line, column) = (&found.file, found.line, found.column);
        let gravity = if found.gravity == Gravity::Error { "error" } else { "warning" };
        writeln!(out, "{file}:{line}:{column}: {gravity} [{}] {}", found.check, found.says.say(lang))?;
        if !found.pointer.is_empty() {
            writeln!(out, "    {}", found.pointer)?;
        }
    }
    let count = findings.len();
    writeln!(out, "{}", Words::of(|t| t.form_checked(files, count)).say(lang))
}

texts! {
    form_file_unopened {
        ja: "ファイルを開けません。場所と名前を確かめてください。",
        en: "This file cannot be opened. Check its place and name."
    }
    form_checked(files: usize, findings: usize) {
        ja: "{files}件のファイルを調べました。指摘は{findings}件です。",
        en: "{files} file(s) checked, {findings} finding(s)."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(files: &[&str], json: bool) -> (u8, String) {
        let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let files: Vec<PathBuf> = files.iter().map(|file| top.join(file)).collect();
        let mut out = Vec::new();
        let code = check(&files, json, Lang::En, &mut out).unwrap();
        (code, String::from_utf8(out).unwrap())
    }

    #[test]
    fn the_exit_code_tells_fine_from_findings_from_a_missing_file() {
        assert_eq!(run(&["schemas/forms/peg-site-check.json"], false).0, 0);
        let (code, said) = run(&["schemas/tariffs.json"], false);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("tariffs.json:"), "{said}");
        assert_eq!(run(&["schemas/forms/no-such-form.json"], false).0, 2);
        let (_, json) = run(&["schemas/tariffs.json"], true);
        assert!(serde_json::from_str::<serde_json::Value>(&json).unwrap()[0]["line"].is_number());
    }
}
