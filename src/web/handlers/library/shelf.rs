//! What stands below a pathway's page: its versions with who published them, and what one may do.

use crate::access::library::LibraryNeed;
use crate::acts::views;
use crate::acts::views::library::MarkView;
use crate::acts::views::library::VersionView;
use crate::kernel::error::Result;
use crate::kernel::id::DraftId;
use crate::kernel::time::screen_time;
use crate::pathway::Pathway;
use crate::record::payload::Mark as Said;
use crate::web::app::Signed;
use crate::web::library::Shelf;
use crate::web::library::VersionRow;
use crate::web::view::Mark;
use crate::web::view::Tone;
use crate::web::view::When;

/// The shelf of one version's page.
pub async fn of(signed: &Signed, pathway: &Pathway) -> Result<Shelf> {
    let (code, hash) = (pathway.definition.id.clone(), pathway.hash.clone());
    let rules = super::may(signed, LibraryNeed::Rule);
    let (versions, runs) = signed
        .house()
        .read(move |reading| {
            let versions = views::library::versions(reading, &code)?;
            let runs = if rules { Some(views::library::runs(reading, &hash)?) } else { None };
            Ok((versions, runs))
        })
        .await?;
    let t = signed.t();
    let here = format!("/pathways/{}", pathway.hash);
    let own = versions.iter().find(|version| version.hash == pathway.hash);
    let mark = own.and_then(|version| version.mark.as_ref());
    let writes = super::may(signed, LibraryNeed::Write);
    let older: Vec<&String> = versions.iter().skip(1).map(|version| &version.hash).collect();
    Ok(Shelf {
        doors: vec![
            (format!("{here}/simulate"), t.lib_simulate().to_owned()),
            (format!("{here}/source"), t.lib_read_source().to_owned()),
        ],
        versions: versions
            .iter()
            .enumerate()
            .map(|(at, version)| row(signed, version, older.get(at).copied()))
            .collect(),
        copy: if writes { format!("{here}/copy") } else { String::new() },
        draft: DraftId::new().to_string(),
        marks: if rules { offered(mark).map(|said| button(signed, &here, said)).into() } else { Vec::new() },
        runs: runs.map(|runs| super::marks::count(t, runs)).unwrap_or_default(),
        notes: notes(signed, mark),
    })
}

/// What can be said of a version now.
fn offered(mark: Option<&MarkView>) -> [Said; 2] {
    let (stopped, suspended) = mark.map_or((false, false), |mark| (mark.stopped, mark.suspended));
    [if stopped { Said::Allow } else { Said::Stop }, if suspended { Said::Resume } else { Said::Suspend }]
}

fn button(signed: &Signed, here: &str, said: Said) -> (String, String) {
    (format!("{here}/mark?verb={}", said.code()), super::marks::words(signed.t(), said).to_owned())
}

fn notes(signed: &Signed, mark: Option<&MarkView>) -> Vec<String> {
    let t = signed.t();
    let says = mark.map(|mark| match (mark.suspended, mark.stopped) {
        (true, _) => vec![t.lib_all_rest().to_owned(), line(signed, mark)],
        (false, true) => vec![t.lib_starts_no_more().to_owned(), line(signed, mark)],
        (false, false) => Vec::new(),
    });
    says.unwrap_or_default()
}

fn line(signed: &Signed, mark: &MarkView) -> String {
    let t = signed.t();
    let who = mark.by.as_ref().map_or_else(|| t.lib_operator().to_owned(), |by| by.name.clone());
    t.lib_mark_line(&who, &screen_time(mark.at, t.0), &mark.reason)
}

fn row(signed: &Signed, version: &VersionView, older: Option<&String>) -> VersionRow {
    let (t, lang) = (signed.t(), signed.lang());
    let mut marks = Vec::new();
    if version.current {
        marks.push(Mark::new(Tone::Act, t.lib_current()));
    }
    if version.mark.as_ref().is_some_and(|mark| mark.stopped) {
        marks.push(Mark::new(Tone::Due, t.lib_stopped()));
    }
    if version.mark.as_ref().is_some_and(|mark| mark.suspended) {
        marks.push(Mark::new(Tone::Harm, t.lib_suspended()));
    }
    let two = version.change.as_ref().map(|change| {
        let other = change
            .decided
            .as_ref()
            .map(|decided| t.lib_by_at(&decided.by.name, &screen_time(decided.at, lang)));
        let one = t.lib_by_at(&change.by.name, &screen_time(change.at, lang));
        t.lib_published_by(&one, &other.unwrap_or_default())
    });
    VersionRow {
        href: format!("/pathways/{}", version.hash),
        title: t.pathway_version(&version.version),
        marks,
        by: two.unwrap_or_else(|| t.lib_shipped().to_owned()),
        when: When::at(version.at, lang),
        reason: version.change.as_ref().map(|change| change.reason.clone()).unwrap_or_default(),
        said: version.mark.as_ref().map(|mark| line(signed, mark)).unwrap_or_default(),
        compare: older
            .map(|older| format!("/pathways/{}/compare?from={older}&to={0}", version.hash))
            .unwrap_or_default(),
    }
}
