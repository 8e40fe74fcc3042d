//! What surrounds every page: title, the five places, who is signed in, the switches. `layout.html`
//! reads it; a handler makes one with [`Frame::new`] and says the rest with the methods.

use actix_web::HttpRequest;
use actix_web::web::Data;

use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::texts;
use crate::web::language::Reading;
use crate::web::security::Guard;
use crate::web::view::Badge;

texts! {
    house_name { ja: "連携", en: "Renkei" }
    skip_to_main { ja: "本文へ移動", en: "Skip to the page" }
    places { ja: "主な場所", en: "Main places" }
    place_mine { ja: "自分あて", en: "For me" }
    place_patients { ja: "患者", en: "Patients" }
    place_tasks { ja: "仕事", en: "Tasks" }
    place_letters { ja: "書類", en: "Forms" }
    place_region { ja: "地域", en: "Region" }
    menu_account { ja: "アカウント", en: "Account" }
    menu_large { ja: "文字を大きくする", en: "Larger type" }
    menu_normal { ja: "文字を標準にする", en: "Normal type" }
    menu_sign_out { ja: "サインアウト", en: "Sign out" }
    other_language { ja: "English", en: "日本語" }
    made_up_people { ja: "これはお試し用の地域です。人も記録もすべて架空です。", en: "This is a demonstration. Every person and record is made up." }
    foot_urgent { ja: "急変や当日の訪問の相談は、まず電話で連絡してください。", en: "For sudden change or a same-day visit, telephone first." }
}

/// The five places of the navigation, by what people do there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What asks for me.
    Mine,
    /// My patients.
    Patients,
    /// Tasks across patients.
    Tasks,
    /// Sheets, referrals and slips.
    Letters,
    /// Offices, people, and the region's own work.
    Region,
}

impl Place {
    /// All of them, in the order that is the same everywhere.
    pub const ALL: &[Self] = &[Self::Mine, Self::Patients, Self::Tasks, Self::Letters, Self::Region];

    /// Where it is.
    pub fn href(&self) -> &'static str {
        match self {
            Self::Mine => "/",
            Self::Patients => "/patients",
            Self::Tasks => "/tasks",
            Self::Letters => "/letters",
            Self::Region => "/region",
        }
    }

    /// What it is called.
    pub fn label(&self, t: &Text) -> &'static str {
        match self {
            Self::Mine => t.place_mine(),
            Self::Patients => t.place_patients(),
            Self::Tasks => t.place_tasks(),
            Self::Letters => t.place_letters(),
            Self::Region => t.place_region(),
        }
    }
}

/// Who is signed in, as the menu shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The name.
    pub name: String,
    /// The profession's badge.
    pub badge: Badge,
    /// The office.
    pub office: String,
    /// How many things ask for them; shown at the first place.
    pub waiting: usize,
}

/// What surrounds a page.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The language of the page.
    pub lang: Lang,
    /// Whether the person reads large type.
    pub large: bool,
    /// The thing first, then the patient's initials, never the name.
    pub title: String,
    /// The place that is marked as the current one.
    pub place: Option<Place>,
    /// Whether the page uses the whole width.
    pub wide: bool,
    /// Whether the page is a small one, such as sign-in.
    pub narrow: bool,
    /// Who is signed in.
    pub viewer: Option<Viewer>,
    /// The token that every form carries.
    pub csrf: String,
    /// This page's own address, for the switches to come back to.
    pub path: String,
    /// Whether everything is made up.
    pub demo: bool,
}

impl Frame {
    /// The frame of a page in the reader's language.
    pub fn new(request: &HttpRequest, title: impl Into<String>) -> Result<Self> {
        let guard = request.app_data::<Data<Guard>>().ok_or_else(|| Error::fault("no guard is set up"))?;
        let reading = Reading::of(request);
        Ok(Self {
            lang: reading.lang,
            large: reading.large,
            title: title.into(),
            place: None,
            wide: false,
            narrow: false,
            viewer: None,
            csrf: guard.token(request)?,
            path: request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            demo: false,
        })
    }

    /// At one of the five places.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Seen by someone who is signed in.
    pub fn seen_by(mut self, viewer: Viewer) -> Self {
        self.viewer = Some(viewer);
        self
    }

    /// Uses the whole width.
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// A small page, such as sign-in.
    pub fn narrow(mut self) -> Self {
        self.narrow = true;
        self
    }

    /// Of the made-up region.
    pub fn demo(mut self, demo: bool) -> Self {
        self.demo = demo;
        self
    }

    /// Puts エラー： before the title when a form came back with flaws.
    pub fn with_error(mut self, wrong: bool) -> Self {
        if wrong {
            self.title = format!("{}{}", Text(self.lang).title_error(), self.title);
        }
        self
    }

    /// The language that the switch leads to.
    pub fn other_code(&self) -> &'static str {
        match self.lang {
            Lang::Ja => Lang::En.code(),
            Lang::En => Lang::Ja.code(),
        }
    }

    /// How many things wait at a place; counted for the first one only.
    pub fn counts_at(&self, place: &Place) -> usize {
        self.viewer.as_ref().filter(|_| *place == Place::Mine).map_or(0, |viewer| viewer.waiting)
    }

    /// The address of a part of this page, with what this page was asked for.
    pub fn part(&self, path: &str) -> String {
        match self.path.split_once('?') {
            Some((_, asked)) => format!("{path}?{asked}"),
            None => path.to_owned(),
        }
    }

    /// Whether a place is the current one.
    pub fn is_at(&self, place: &Place) -> bool {
        self.place.as_ref() == Some(place)
    }
}

#[cfg(test)]
impl Frame {
    /// A frame for the gallery.
    pub(crate) fn sample(lang: Lang, title: &str) -> Self {
        Self {
            lang,
            large: false,
            title: title.to_owned(),
            place: None,
            wide: false,
            narrow: false,
            viewer: None,
            csrf: "token".to_owned(),
            path: "/".to_owned(),
            demo: false,
        }
    }
}
