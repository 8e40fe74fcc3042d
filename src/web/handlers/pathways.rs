//! `/pathways`: the published pathways, and each of them to read as plain text.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::leaflets;
use super::library;
use super::library::compare::find;
use super::library::shelf;
use super::plan::fill_task::form_title;
use crate::access::library::LibraryNeed;
use crate::acts::library::Library;
use crate::concept::Concepts;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::profession::Profession;
use crate::pathway::Pathway;
use crate::pathway::definition::Definition;
use crate::pathway::definition::Phase;
use crate::pathway::definition::StartOn;
use crate::pathway::definition::Task;
use crate::pathway::definition::Unit;
use crate::pathway::picture::says::Voice;
use crate::pathway::picture::says::who_agrees;
use crate::texts;
use crate::web::app::Signed;
use crate::web::frame::Place;
use crate::web::pathways::EvidenceText;
use crate::web::pathways::PathwayPage;
use crate::web::pathways::PathwayRow;
use crate::web::pathways::PathwaysPage;
use crate::web::pathways::PhaseText;
use crate::web::pathways::TaskText;
use crate::web::pathways::UnitText;
use crate::web::picture::DefinitionPictures;
use crate::web::respond;
use crate::web::team::Fact;
use crate::web::view::Badge;

/// `GET /pathways`
pub async fn list(signed: Signed) -> Result<HttpResponse> {
    let (t, lang, known) = (signed.t(), signed.lang(), signed.house().library());
    respond::page(&PathwaysPage {
        t,
        frame: signed.frame(t.pathways_title())?.at(Place::Region),
        writes: library::may(&signed, LibraryNeed::Write),
        rows: known.pathways.offered().map(|pathway| row(pathway, &pathway.definition.id, lang)).collect(),
        resting: resting(&known, lang),
    })
}

/// `GET /pathways/{pathway}`: the current version by its name, or any version by its hash.
pub async fn one(signed: Signed, name: Path<String>) -> Result<HttpResponse> {
    let (t, lang, library) = (signed.t(), signed.lang(), signed.house().library());
    let pathway = find(&library.pathways, &name).ok_or(Error::Missing)?;
    let definition = &pathway.definition;
    let current = library.pathways.current(&definition.id);
    respond::page(&PathwayPage {
        shelf: shelf::of(&signed, pathway).await?,
        t,
        frame: signed.frame(definition.title.say(lang).to_owned())?.at(Place::Region),
        head: row(pathway, &name, lang),
        old: current.is_some_and(|current| current.hash != pathway.hash),
        start: start(definition, lang),
        phases: definition.phases.iter().map(|one| phase(definition, one, lang)).collect(),
        pictures: DefinitionPictures::of(definition, lang),
        units: definition.units.iter().map(|one| unit(&library, definition, one, lang)).collect(),
        leaflets: leaflets::links(definition, &name, lang),
        evidence: definition
            .evidence
            .iter()
            .zip(1..)
            .map(|(source, number)| EvidenceText {
                number,
                cite: source.cite.clone(),
                url: source.url.clone().filter(|url| is_web(url)).unwrap_or_default(),
            })
            .collect(),
    })
}

/// Pathways that nobody starts now, since the region says so.
fn resting(library: &Library, lang: Lang) -> Vec<PathwayRow> {
    let rests = library.marks.keys().filter(|hash| library.rests(hash));
    let rests = rests.filter_map(|hash| library.pathways.get(hash));
    let unoffered = rests.filter(|pathway| library.pathways.current(&pathway.definition.id).is_none());
    unoffered.map(|pathway| row(pathway, &pathway.hash, lang)).collect()
}

/// An address of a file may lead to the web and nowhere else.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn row(pathway: &Pathway, name: &str, lang: Lang) -> PathwayRow {
    let (t, definition) = (Text(lang), &pathway.definition);
    PathwayRow {
        href: format!("/pathways/{name}"),
        title: definition.title.say(lang).to_owned(),
        summary: definition.summary.as_ref().map(|says| says.say(lang).to_owned()).unwrap_or_default(),
        about: [
            t.pathway_version(&definition.version),
            t.pathway_reviewed(&definition.reviewed),
            t.pathway_licence(&definition.licence),
        ]
        .join(t.dot()),
        review: definition.review.as_ref().map(|says| says.say(lang).to_owned()).unwrap_or_default(),
    }
}

fn names(professions: &[Profession], lang: Lang) -> String {
    let names: Vec<String> = professions.iter().map(|one| one.name().say(lang).to_owned()).collect();
    names.join(Text(lang).names_joint())
}

fn start(definition: &Definition, lang: Lang) -> Vec<Fact> {
    let t = Text(lang);
    let by = match definition.start.on {
        Some(StartOn::Admission) => t.pathway_on_admission().to_owned(),
        None => names(&definition.start.by, lang),
    };
    let mut facts = vec![Fact::new(t.pathway_by(), by)];
    let looked_at = definition.start.when.as_ref().and_then(|when| when.expr()).map(|expr| expr.facts());
    let titles: Vec<String> = looked_at
        .into_iter()
        .flatten()
        .map(|name| {
            let concept =
                definition.facts.get(name).and_then(|usage| Concepts::shipped().get(&usage.concept));
            concept.map_or_else(|| name.to_owned(), |concept| concept.title.say(lang).to_owned())
        })
        .collect();
    if !titles.is_empty() {
        facts.push(Fact::new(t.pathway_needs(), titles.join(t.names_joint())));
    }
    facts
}

fn phase(definition: &Definition, phase: &Phase, lang: Lang) -> PhaseText {
    let t = Text(lang);
    let leads = phase.leave.iter().map(|exit| {
        let title = exit.title(definition);
        match &exit.confirm {
            Some(confirm) => t.pathway_leads_by(title.say(lang), &who_agrees(confirm, t)),
            None => t.pathway_leads_plain(title.say(lang)),
        }
    });
    PhaseText {
        title: phase.title.say(lang).to_owned(),
        text: phase.text.as_ref().map(|says| says.say(lang).to_owned()).unwrap_or_default(),
        leads: leads.collect(),
    }
}

fn unit(library: &Library, definition: &Definition, unit: &Unit, lang: Lang) -> UnitText {
    let phases: Vec<&str> = definition
        .phases
        .iter()
        .filter(|phase| unit.is_in(phase))
        .map(|phase| phase.title.say(lang))
        .collect();
    let rules = unit.rules.iter().filter_map(|rule| {
        let title = rule.title.as_ref()?.say(lang).to_owned();
        let then: Vec<String> =
            rule.actions.iter().filter_map(|action| follows(library, definition, action, lang)).collect();
        Some(format!("{title} → {}", then.join(Text(lang).names_joint())))
    });
    UnitText {
        title: unit.title.say(lang).to_owned(),
        phases: phases.join(Text(lang).names_joint()),
        outcome: unit.outcome.as_ref().map(|outcome| outcome.text.say(lang).to_owned()).unwrap_or_default(),
        tasks: unit.tasks.iter().map(|one| task(library, definition, unit, one, lang)).collect(),
        rules: rules.collect(),
    }
}

/// What one action of a rule does, in words.
fn follows(
    library: &Library,
    definition: &Definition,
    action: &crate::pathway::definition::Action,
    lang: Lang,
) -> Option<String> {
    let t = Text(lang);
    let within = |says: String| match action.within {
        Some(within) => t.rule_within(&says, within.words().say(lang)),
        None => says,
    };
    if let Some(code) = &action.task {
        let (_, task) = definition.task(code)?;
        return Some(within(t.rule_task(task.title.say(lang), task.role.name().say(lang))));
    }
    if let Some(role) = action.ask {
        return Some(within(t.rule_ask(role.name().say(lang))));
    }
    if let Some(form) = &action.draft {
        return Some(t.rule_draft(&form_title(library, form, lang)));
    }
    let kind = definition.variances.get(action.variance.as_ref()?)?;
    Some(t.rule_variance(kind.text.say(lang)))
}

fn task(library: &Library, definition: &Definition, unit: &Unit, task: &Task, lang: Lang) -> TaskText {
    let t = Text(lang);
    let number =
        |id: &String| definition.evidence.iter().position(|source| source.id == *id).map(|at| at + 1);
    TaskText {
        badge: Badge::new(task.role, lang),
        substitute: if task.substitute.is_empty() {
            String::new()
        } else {
            t.pathway_or_by(&names(&task.substitute, lang))
        },
        title: task.title.say(lang).to_owned(),
        text: task.text.as_ref().map(|says| says.say(lang).to_owned()).unwrap_or_default(),
        often: Voice { definition, concepts: Concepts::shipped(), t }.everywhere(unit, task),
        form: task
            .form
            .as_ref()
            .map(|form| t.pathway_form(&form_title(library, form, lang)))
            .unwrap_or_default(),
        sources: task.evidence.iter().filter_map(number).collect(),
    }
}

texts! {
    pathway_leads_by(title: &str, who: &str) { ja: "→ {title}（{who}）", en: "→ {title} ({who})" }
    pathway_leads_plain(title: &str) { ja: "→ {title}", en: "→ {title}" }
    pathway_or_by(names: &str) { ja: "代わりに行える職種：{names}", en: "or by: {names}" }
    pathway_form(form: &str) { ja: "書類：{form}", en: "form: {form}" }
    rule_task(title: &str, role: &str) { ja: "仕事「{title}」（{role}）", en: "task “{title}” ({role})" }
    rule_ask(role: &str) { ja: "{role}に聞く", en: "ask the {role}" }
    rule_draft(form: &str) { ja: "書類の下書き（{form}）", en: "a draft ({form})" }
    rule_variance(text: &str) { ja: "記録「{text}」", en: "note “{text}”" }
    rule_within(says: &str, within: &str) { ja: "{says}、{within}以内", en: "{says} within {within}" }
}
