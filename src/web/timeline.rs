//! What happened on a patient's pathways over days, and what is ahead: `/patients/{id}/plan/timeline`.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::picture::ChartPictures;
use crate::web::view::Banner;
use crate::web::view::Choice;
use crate::web::view::Empty;

texts! {
    timeline_title { ja: "経過と見込み", en: "So far, and ahead" }
    timeline_range { ja: "見る期間", en: "How far back" }
    timeline_days(days: i32) { ja: "{days}日前から", en: "the last {days} day" | "the last {days} days" }
    timeline_all { ja: "始めから", en: "from the beginning" }
    timeline_empty { ja: "この期間に動いていたパスはありません。", en: "No pathway ran in this time." }
    timeline_empty_how { ja: "パスを始めると、行ったことと見込みがここに並びます。", en: "Once a pathway runs, what was done and what is ahead stands here." }
    timeline_as_table(count: usize) { ja: "図の内容を表で読む（{count}件）", en: "Read the picture as a table ({count} line)" | "Read the picture as a table ({count} lines)" }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "timeline.html")]
pub struct TimelinePage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The patient.
    pub banner: Banner,
    /// How far back one can look; `value` is the address.
    pub ranges: Vec<Choice>,
    /// Each pathway.
    pub charts: Vec<ChartPictures>,
}

impl TimelinePage {
    fn empty(&self) -> Empty {
        Empty::new(self.t.timeline_empty(), self.t.timeline_empty_how())
    }
}
