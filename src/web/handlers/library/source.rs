//! A pathway's file with line numbers, and what was found in it beside its lines.

use actix_web::HttpResponse;
use actix_web::web::Path;

use crate::acts::library::drafts;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::finding::Finding;
use crate::kernel::finding::Gravity;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::web::app::Signed;
use crate::web::frame::Place;
use crate::web::library::FindingView;
use crate::web::library::SourceLine;
use crate::web::library::SourcePage;
use crate::web::library::SourceView;
use crate::web::respond;
use crate::web::view::Mark;
use crate::web::view::Tone;

/// `GET /pathways/{pathway}/source`
pub async fn page(signed: Signed, name: Path<String>) -> Result<HttpResponse> {
    let library = signed.house().library();
    let pathway = super::compare::find(&library.pathways, &name).ok_or(Error::Missing)?.clone();
    let (text, checked) = (pathway.text.clone(), library.clone());
    let findings = signed.house().read(move |_| Ok(drafts::findings(&checked, &text))).await?;
    let (t, lang) = (signed.t(), signed.lang());
    respond::page(&SourcePage {
        t,
        frame: signed.frame(t.lib_read_source())?.at(Place::Region).wide(),
        title: pathway.definition.title.say(lang).to_owned(),
        back: format!("/pathways/{}", pathway.hash),
        source: view(&pathway.text, &findings, lang),
    })
}

/// The lines, and the findings with their numbers on the page.
pub fn view(text: &str, findings: &[Finding], lang: Lang) -> SourceView {
    let t = Text(lang);
    let first_on =
        |line: usize| findings.iter().position(|finding| finding.line == line).map_or(0, |at| at + 1);
    let lines = text.lines().zip(1..).map(|(text, number)| SourceLine {
        number,
        text: text.to_owned(),
        finding: first_on(number),
    });
    let errors = findings.iter().filter(|finding| finding.is_error()).count();
    let summary: Vec<String> =
        [(errors, t.lib_errors(errors)), (findings.len() - errors, t.lib_others(findings.len() - errors))]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(_, says)| says)
            .collect();
    SourceView {
        lines: lines.collect(),
        findings: findings.iter().zip(1..).map(|(finding, number)| found(finding, number, lang)).collect(),
        summary: summary.join(t.dot()),
    }
}

fn found(finding: &Finding, number: usize, lang: Lang) -> FindingView {
    let t = Text(lang);
    FindingView {
        number,
        mark: match finding.check.gravity {
            Gravity::Error => Mark::new(Tone::Harm, t.lib_error()),
            Gravity::Warning => Mark::new(Tone::Due, t.lib_warning()),
            Gravity::NotProven => Mark::new(Tone::Plain, t.lib_not_proven()),
        },
        line: finding.line,
        place: t.lib_line(finding.line, finding.column),
        says: finding.says.say(lang).to_owned(),
        why: finding.check.why.say(lang).to_owned(),
        mend: finding.check.mend.say(lang).to_owned(),
        about: [finding.check.code, finding.pointer.as_str()].join(" ").trim().to_owned(),
    }
}
