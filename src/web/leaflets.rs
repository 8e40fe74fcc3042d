//! A leaflet of a pathway: for the patient and the family, in large type, on one or two sheets of paper.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;

texts! {
    leaflets_title { ja: "リーフレット", en: "Leaflets" }
    leaflet_call { ja: "連絡先（書いておきます）", en: "Whom to call (write it here)" }
    leaflet_foot(pathway: &str, version: &str, day: &str) { ja: "{pathway} 版 {version}（内容の確認 {day}）", en: "{pathway}, version {version} (reviewed {day})" }
    leaflet_sources { ja: "出典：", en: "Sources: " }
}

/// A leaflet, as it is read and printed.
#[derive(Debug, Template)]
#[template(path = "leaflet.html")]
pub struct LeafletPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The pathway that it belongs to.
    pub back: String,
    /// Its title.
    pub title: String,
    /// What it says.
    pub parts: Vec<LeafletPart>,
    /// Pathway, version, and when it was reviewed.
    pub foot: String,
    /// By whom it is still to be reviewed; empty for nobody.
    pub review: String,
    /// Its sources; empty for none.
    pub sources: String,
}

/// A part of a leaflet.
#[derive(Debug, Clone)]
pub struct LeafletPart {
    /// Its heading; empty for none.
    pub title: String,
    /// Its points.
    pub points: Vec<String>,
}

/// Where a leaflet can be read.
#[derive(Debug, Clone)]
pub struct LeafletLink {
    /// The address.
    pub href: String,
    /// Its title.
    pub title: String,
}
