//! `renkei pathway check` and `renkei pathway test`: read pathway files, say everything that is wrong
//! with file, place and line, and play the stories beside them. Publishing is an act, not done here.

use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use crate::acts::library::faces;
use crate::acts::plans;
use crate::concept::Concepts;
use crate::form;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::source::Source;
use crate::kernel::time::screen_day;
use crate::ops::told::FINE;
use crate::ops::told::Told;
use crate::pathway::Library;
use crate::pathway::Pathway;
use crate::pathway::SCHEMA;
use crate::pathway::case;
use crate::pathway::check;
use crate::pathway::check::Beside;
use crate::pathway::picture;
use crate::pathway::simulate::Course;
use crate::pathway::simulate::Kind;
use crate::pathway::simulate::Setting;
use crate::texts;
use crate::web::picture::Drawing;

/// Checks pathway files, together, and writes what it finds. The exit code: 0 fine, 1 findings, 2 a file
/// that cannot be opened. Warnings alone are fine.
pub fn check(files: &[PathBuf], json: bool, lang: Lang, out: &mut dyn Write) -> io::Result<u8> {
    let mut told = Told::default();
    let read = told.open(files);
    let texts: Vec<(&str, &str)> = read.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let shipped = Library::shipped().offered().map(|pathway| &pathway.definition);
    let beside =
        Beside { pathways: shipped.collect(), forms: faces(form::shipped().iter().map(Arc::as_ref)) };
    told.findings.extend(check::check(&texts, Concepts::shipped(), &beside));
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
        if let Some(pathway) = told.keep(Pathway::read(name, text, Concepts::shipped())) {
            tested.push((name, text, pathway.definition.clone()));
            library.add(pathway);
        }
    }
    let cases: Vec<PathBuf> = files.iter().flat_map(|file| cases_beside(file)).collect();
    let mut coverage = case::Coverage::default();
    for (name, text) in told.open(&cases) {
        if let Some(played) = told.keep(case::play(&library, &name, &text)) {
            coverage.add(&played.coverage);
            told.findings.extend(played.failures);
        }
    }
    let mut summary: Vec<String> = Vec::new();
    for (name, text, definition) in &tested {
        told.findings.extend(coverage.findings(name, text, definition, Concepts::shipped()));
        summary.extend(
            coverage.counts(definition, Concepts::shipped()).into_iter().map(|(kind, seen, all)| {
                format!("{}: {} {seen}/{all}", definition.id, kind.name().say(lang))
            }),
        );
    }
    summary.push(Text(lang).pathway_tested(cases.len(), told.findings.len()));
    told.write(json, &summary.join("\n"), lang, out)
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

/// Writes the reference of the format, as Markdown.
pub fn reference(lang: Lang, out: &mut dyn Write) -> Result<u8> {
    let schema =
        serde_json::from_str(SCHEMA).map_err(|cause| Error::fault(format!("the schema: {cause}")))?;
    let text = crate::pathway::reference::reference(&schema, lang);
    let written = out.write_all(text.as_bytes()).map(|()| FINE);
    written.map_err(|cause| Error::fault(format!("cannot write: {cause}")))
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

/// The stories beside a pathway file, by name.
fn cases_beside(file: &Path) -> Vec<PathBuf> {
    let folder = file.parent().unwrap_or(Path::new(".")).join("cases");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut cases: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    cases.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    cases.sort();
    cases
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
        let shipped = ["peg", "end-of-life", "admission", "oral-care"]
            .map(|id| top(&format!("pathways/{id}/pathway.json")));
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
