//! `renkei pathway check` and `renkei pathway test`: read pathway files, say everything that is wrong
//! with file, place and line, and play the stories beside them. Publishing is an act, not done here.

use std::collections::BTreeSet;
use std::io;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use crate::acts::plans;
use crate::concept::Concepts;
use crate::form;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::finding::Finding;
use crate::kernel::finding::Gravity;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::source::BYTES_MAX;
use crate::kernel::source::Source;
use crate::kernel::time::screen_day;
use crate::pathway::Library;
use crate::pathway::Pathway;
use crate::pathway::case;
use crate::pathway::check;
use crate::pathway::picture;
use crate::pathway::simulate::Course;
use crate::pathway::simulate::Kind;
use crate::pathway::simulate::Setting;
use crate::texts;
use crate::web::picture::Drawing;

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

/// Plays a pathway forward on a made-up patient and writes what each profession would do, day by day. The
/// facts are a JSON object of concepts and their values. The exit code is as for [`check`].
pub fn simulate(
    file: &Path,
    facts: Option<&Path>,
    mut setting: Setting,
    format: Format,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<u8> {
    let silent = |cause: io::Error| Error::fault(format!("cannot write: {cause}"));
    let mut told = Told::default();
    let read: Vec<PathBuf> = [file].into_iter().chain(facts).map(Path::to_path_buf).collect();
    let texts = told.open(&read);
    let pathway =
        texts.first().and_then(|(name, text)| told.keep(Pathway::read(name, text, Concepts::shipped())));
    if facts.is_some() {
        let known = texts.get(1).and_then(|(name, text)| told.keep(Source::read(name, text)));
        let members = known.and_then(|source| source.value.as_object().cloned());
        setting.facts = members.into_iter().flatten().collect();
    }
    let Some(pathway) = pathway.filter(|_| told.findings.is_empty()) else {
        return told.write(format == Format::Json, "", lang, out).map_err(silent);
    };
    let mut library = Library::shipped().clone();
    library.add(pathway.clone());
    let course = crate::pathway::simulate::simulate(&library, &pathway, &setting).map_err(plans::refused)?;
    match format {
        Format::Text => write_course(&course, lang, out),
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &course).map_err(|cause| silent(cause.into()))?;
            writeln!(out)
        }
        Format::Svg => {
            let chart = picture::course::chart(&pathway.definition, &setting, &course, lang);
            let svg = chart.pictures(i32::MAX).pop().map(Drawing::file).transpose()?;
            writeln!(out, "{}", svg.unwrap_or_default())
        }
    }
    .map(|()| FINE)
    .map_err(silent)
}

/// How a simulated course is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people, line by line.
    Text,
    /// For programs.
    Json,
    /// As a picture.
    Svg,
}

/// What is drawn of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    /// Its phases and the ways between them.
    Phases,
    /// What each profession does in each phase.
    Roles,
}

/// Draws a pathway as SVG, into a file or where commands write. The exit code is as for [`check`].
pub fn graph(file: &Path, what: Drawn, into: Option<&Path>, lang: Lang, out: &mut dyn Write) -> Result<u8> {
    let silent = |cause: io::Error| Error::fault(format!("cannot write: {cause}"));
    let mut told = Told::default();
    let read = told.open(&[file.to_path_buf()]);
    let pathway =
        read.first().and_then(|(name, text)| told.keep(Pathway::read(name, text, Concepts::shipped())));
    let Some(pathway) = pathway else {
        return told.write(false, "", lang, &mut io::stderr()).map_err(silent);
    };
    let picture = match what {
        Drawn::Phases => Some(picture::graph::graph(&pathway.definition, Concepts::shipped(), lang).picture),
        Drawn::Roles => {
            picture::lanes::lanes(&pathway.definition, Concepts::shipped(), lang).pictures(i32::MAX).pop()
        }
    };
    let svg = picture.map(Drawing::file).transpose()?.unwrap_or_default();
    match into {
        Some(path) => std::fs::write(path, svg),
        None => writeln!(out, "{svg}"),
    }
    .map(|()| FINE)
    .map_err(silent)
}

fn write_course(course: &Course, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let t = Text(lang);
    for day in &course.days {
        writeln!(out, "{}", screen_day(day.on, lang))?;
        for line in &day.lines {
            let role = line.role.map(|role| role.name().say(lang).to_owned()).unwrap_or_default();
            let kind = match line.kind {
                Kind::Phase => t.simulated_phase(),
                Kind::Task => t.simulated_task(),
                Kind::Ask => t.simulated_ask(),
                Kind::Proposal => t.simulated_proposal(),
                Kind::Variance => t.simulated_variance(),
            };
            let says = line.says.say(lang);
            if role.is_empty() {
                writeln!(out, "    {kind}  {says}")?;
            } else {
                writeln!(out, "    {kind}  {role}  {says}")?;
            }
        }
    }
    if course.cut_off {
        writeln!(out, "{}", t.simulated_cut_off())?;
    }
    writeln!(out, "{}", t.simulated_how())
}

/// What there is to tell, and whether every file could be opened.
#[derive(Default)]
struct Told {
    findings: Vec<Finding>,
    unopened: bool,
}

impl Told {
    /// What was read; what is wrong with it is kept to be told.
    fn keep<T>(&mut self, read: std::result::Result<T, Vec<Finding>>) -> Option<T> {
        read.map_err(|findings| self.findings.extend(findings)).ok()
    }

    /// Reads files, never more of one than a pathway may have; the reader of the text says the rest.
    fn open(&mut self, files: &[PathBuf]) -> Vec<(String, String)> {
        let mut read = Vec::new();
        for path in files {
            let name = path.display().to_string();
            let mut bytes = Vec::new();
            let limit = u64::try_from(BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
            let opened = std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
            match opened {
                Ok(_) => {
                    let text = self.keep(Source::text_of(&name, bytes));
                    read.extend(text.map(|text| (name, text)));
                }
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
    simulated_phase { ja: "段階", en: "phase   " }
    simulated_task { ja: "仕事", en: "task    " }
    simulated_ask { ja: "質問", en: "question" }
    simulated_proposal { ja: "提案", en: "proposal" }
    simulated_variance { ja: "差異", en: "variance" }
    simulated_cut_off {
        ja: "出来事が多すぎるため、ここで打ち切りました。",
        en: "Too much happened: cut off here."
    }
    simulated_how {
        ja: "だれもが期限の前に仕事をし、様式は記入した日のほかに新しい事実を伝えず、提案はだれも決めないとした場合です。",
        en: "As if everyone worked in time, forms told no more than their day, and nobody decided on proposals."
    }
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
