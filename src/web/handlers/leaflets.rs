//! `/pathways/{pathway}/leaflets/{leaflet}`: what a pathway's tasks hand to the family, to read and print.

use actix_web::HttpResponse;
use actix_web::web::Path;

use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::lang::Lang;
use crate::pathway::definition::Definition;
use crate::pathway::definition::Leaflet;
use crate::web::app::Signed;
use crate::web::leaflets::LeafletLink;
use crate::web::leaflets::LeafletPage;
use crate::web::leaflets::LeafletPart;
use crate::web::respond;

/// `GET /pathways/{pathway}/leaflets/{leaflet}`: of the current version by its name, or of any by its hash.
pub async fn one(signed: Signed, path: Path<(String, String)>) -> Result<HttpResponse> {
    let (name, leaflet) = path.into_inner();
    let (t, lang, library) = (signed.t(), signed.lang(), signed.house().library());
    let found = library.pathways.current(&name).or_else(|| library.pathways.get(&name));
    let definition = &found.ok_or(Error::Missing)?.definition;
    let leaflet = definition.leaflet(&leaflet).ok_or(Error::Missing)?;
    let title = leaflet.title.say(lang).to_owned();
    respond::page(&LeafletPage {
        t,
        frame: signed.frame(title.clone())?,
        back: format!("/pathways/{name}"),
        title,
        parts: parts(leaflet, lang),
        foot: t.leaflet_foot(definition.title.say(lang), &definition.version, &definition.reviewed),
        review: definition.review.as_ref().map(|says| says.say(lang).to_owned()).unwrap_or_default(),
        sources: sources(definition, leaflet, lang),
    })
}

/// The leaflets of a pathway that is read under this name.
pub fn links(definition: &Definition, name: &str, lang: Lang) -> Vec<LeafletLink> {
    definition.leaflets.iter().map(|leaflet| link(leaflet, name, lang)).collect()
}

/// One leaflet of it.
pub fn link(leaflet: &Leaflet, name: &str, lang: Lang) -> LeafletLink {
    LeafletLink {
        href: format!("/pathways/{name}/leaflets/{}", leaflet.id),
        title: leaflet.title.say(lang).to_owned(),
    }
}

fn parts(leaflet: &Leaflet, lang: Lang) -> Vec<LeafletPart> {
    let part = |part: &crate::pathway::definition::LeafletPart| LeafletPart {
        title: part.title.as_ref().map(|title| title.say(lang).to_owned()).unwrap_or_default(),
        points: part.points.iter().map(|point| point.say(lang).to_owned()).collect(),
    };
    leaflet.parts.iter().map(part).collect()
}

fn sources(definition: &Definition, leaflet: &Leaflet, lang: Lang) -> String {
    let cited = leaflet.evidence.iter().filter_map(|id| {
        definition.evidence.iter().find(|source| source.id == *id).map(|source| source.cite.as_str())
    });
    cited.collect::<Vec<_>>().join(if lang == Lang::Ja { "／" } else { "; " })
}
