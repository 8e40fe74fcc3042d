//! `renkei pathway check` and `renkei pathway test`: read pathway files, say everything that is wrong
//! with file, place and line, and play the stories beside them. Publishing is an act, not done here.

use std::collections::BTreeSet;
use std::io;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use crate::concept::Concepts;
use crate::form;
use crate::kernel::finding::Finding;
use crate::kernel::finding::Gravity;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::source::BYTES_MAX;
use crate::pathway::Library;
use crate::pathway::Pathway;
use crate::pathway::case;
use crate::pathway::check;
use crate::texts;

/// Nothing to complain of.
const FINE: u8 = 0;
/// There are findings.
const FINDINGS: u8 = 1;
/// A file could not be opened.
const USAGE: u8 = 2;

/// Checks pathway files, together, and writes what it finds. The exit code: 0 fine, 1 findings, 2 a file
/// that cannot be opened. Warnings alone are fine.
pub fn check(files: &[PathBuf], json: bool, lang: Lang, out: &mut dyn Write) -> io::Result<u8> {
    let mut told = Told::default();
    let read = told.open(files);
    let texts: Vec<(&str, &str)> = read.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    told.findings.extend(check::check(&texts, Concepts::shipped(), Some(&forms())));
    let count = files.len();
    told.write(json, &Text(lang).pathway_checked(count, told.findings.len()), lang, out)
}

/// Checks pathway files and plays the stories in the `cases` folder beside each; says which parts no
/// story touches. The exit code is as for [`check`].
pub fn test(files: &[PathBuf], json: bool, lang: Lang, out: &mut dyn Write) -> io::Result<u8> {
    let mut told = Told::default();
    let read = told.open(files);
    let mut library = Library::shipped().clone();
    let mut tested = Vec::new();
    for (name, text) in &read {
        match Pathway::read(name, text, Concepts::shipped()) {
            Ok(pathway) => {
                tested.push((name.clone(), pathway.definition.clone()));
                library.add(pathway);
            }
            Err(findings) => told.findings.extend(findings),
        }
    }
    let cases: Vec<PathBuf> = files.iter().flat_map(|file| cases_beside(file)).collect();
    let mut coverage = case::Coverage::default();
    for (name, text) in told.open(&cases) {
        match case::play(&library, &name, &text) {
            Ok(played) => {
                coverage.add(&played.coverage);
                told.findings.extend(played.failures);
            }
            Err(findings) => told.findings.extend(findings),
        }
    }
    for (name, definition) in &tested {
        let missing = coverage.missing(definition).into_iter();
        told.findings.extend(missing.map(|part| uncovered(name, &part)));
    }
    told.write(json, &Text(lang).pathway_tested(cases.len(), told.findings.len()), lang, out)
}

/// What there is to tell, and whether every file could be opened.
#[derive(Default)]
struct Told {
    findings: Vec<Finding>,
    unopened: bool,
}

impl Told {
    /// Reads files, never more of one than a pathway may have; the reader of the text says the rest.
    fn open(&mut self, files: &[PathBuf]) -> Vec<(String, String)> {
        let mut read = Vec::new();
        for path in files {
            let name = path.display().to_string();
            let mut text = String::new();
            let limit = u64::try_from(BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
            let opened =
                std::fs::File::open(path).and_then(|file| file.take(limit).read_to_string(&mut text));
            match opened {
                Ok(_) => read.push((name, text)),
                Err(_) => {
                    self.unopened = true;
                    let says = Words::of(|t| t.pathway_file_unopened());
                    self.findings.push(whole(&name, "open", Gravity::Error, says));
                }
            }
        }
        read
    }

    fn write(&self, json: bool, summary: &str, lang: Lang, out: &mut dyn Write) -> io::Result<u8> {
        if json {
            serde_json::to_writer_pretty(&mut *out, &self.findings)?;
            writeln!(out)?;
        } else {
            for found in &self.findings {
                let (file, line, column) = (&found.file, found.line, found.column);
                let gravity = match found.gravity {
                    Gravity::Error => "error",
                    Gravity::Warning => "warning",
                    Gravity::NotProven => "not proven",
                };
                writeln!(
                    out,
                    "{file}:{line}:{column}: {gravity} [{}] {}",
                    found.check,
                    found.says.say(lang)
                )?;
                if !found.pointer.is_empty() {
                    writeln!(out, "    {}", found.pointer)?;
                }
            }
            writeln!(out, "{summary}")?;
        }
        let broken = self.findings.iter().any(|finding| finding.gravity == Gravity::Error);
        Ok(match (self.unopened, broken) {
            (true, _) => USAGE,
            (false, true) => FINDINGS,
            (false, false) => FINE,
        })
    }
}

fn forms() -> BTreeSet<String> {
    form::shipped().iter().map(|form| form.code.clone()).collect()
}

/// The stories beside a pathway file, by name.
fn cases_beside(file: &Path) -> Vec<PathBuf> {
    let folder = file.parent().unwrap_or(Path::new(".")).join("cases");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut cases: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    cases.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    cases.sort();
    cases
}

fn uncovered(file: &str, part: &str) -> Finding {
    whole(file, "uncovered", Gravity::Warning, Words::of(|t| t.pathway_uncovered(part)))
}

fn whole(file: &str, check: &'static str, gravity: Gravity, says: Words) -> Finding {
    Finding { file: file.to_owned(), pointer: String::new(), line: 1, column: 1, check, gravity, says }
}

texts! {
    pathway_file_unopened {
        ja: "ファイルを開けません。場所と名前を確かめてください。",
        en: "This file cannot be opened. Check its place and name."
    }
    pathway_uncovered(part: &str) {
        ja: "{part} を通る物語がありません。cases に加えてください。",
        en: "No story touches {part}. Add one under cases."
    }
    pathway_checked(files: usize, findings: usize) {
        ja: "{files}件のファイルを調べました。指摘は{findings}件です。",
        en: "{files} file(s) checked, {findings} finding(s)."
    }
    pathway_tested(stories: usize, findings: usize) {
        ja: "{stories}件の物語を確かめました。指摘は{findings}件です。",
        en: "{stories} story file(s) played, {findings} finding(s)."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn top(file: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
    }

    #[test]
    fn the_exit_code_tells_fine_from_findings_from_a_missing_file() {
        let shipped =
            ["peg", "end-of-life", "admission"].map(|id| top(&format!("pathways/{id}/pathway.json")));
        let mut out = Vec::new();
        let code = check(&shipped, false, Lang::En, &mut out).unwrap();
        assert_eq!(code, 0, "{}", String::from_utf8_lossy(&out));
        let mut out = Vec::new();
        let code = test(&shipped, false, Lang::Ja, &mut out).unwrap();
        assert_eq!(code, 0, "{}", String::from_utf8_lossy(&out));
        let mut out = Vec::new();
        assert_eq!(check(&[top("schemas/concepts.json")], true, Lang::En, &mut out).unwrap(), 1);
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert!(json[0]["line"].is_number());
        assert_eq!(check(&[top("no-such.json")], false, Lang::En, &mut Vec::new()).unwrap(), 2);
    }
}
