//! A page that is one form: a heading, what it is about, its fields in sections, one button. Most of
//! what is set up rather than written (joining, registering, seats, accounts) is such a page.

use actix_web::HttpResponse;
use askama::Template;

use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::lang::Text;
use crate::web::form::Fields;
use crate::web::frame::Frame;
use crate::web::respond;
use crate::web::view::Banner;
use crate::web::view::Choice;
use crate::web::view::Field;
use crate::web::view::FlawView;

/// A page that is one form.
#[derive(Debug, Template)]
#[template(path = "form_page.html")]
pub struct FormPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The patient, on a patient's page.
    pub banner: Option<Banner>,
    /// The heading.
    pub heading: String,
    /// What it is about, above the form.
    pub about: Vec<String>,
    /// Where it is sent.
    pub action: String,
    /// What goes along unseen.
    pub hidden: Vec<(String, String)>,
    /// The fields.
    pub sections: Vec<Section>,
    /// The act that the button names.
    pub button: String,
    /// Whether the act takes something away.
    pub harm: bool,
    /// Where one came from; empty for nowhere.
    pub back: String,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}

/// Fields that belong together.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// The heading; empty for none.
    pub title: String,
    /// The fields.
    pub fields: Vec<Field>,
}

impl FormPage {
    /// A form with its heading, its address and its button; the rest is said with the methods below.
    pub fn new(
        t: Text,
        frame: Frame,
        heading: impl Into<String>,
        action: impl Into<String>,
        button: impl Into<String>,
    ) -> Self {
        Self {
            t,
            frame,
            banner: None,
            heading: heading.into(),
            about: Vec::new(),
            action: action.into(),
            hidden: Vec::new(),
            sections: Vec::new(),
            button: button.into(),
            harm: false,
            back: String::new(),
            flaws: Vec::new(),
        }
    }

    /// On a patient's page.
    pub fn of(mut self, banner: Banner) -> Self {
        self.banner = Some(banner);
        self
    }

    /// With a line above the form.
    pub fn about(mut self, line: impl Into<String>) -> Self {
        self.about.push(line.into());
        self
    }

    /// With the id of the entry that it makes, so that sending twice does it once.
    pub fn entry(mut self, typed: &Typed<'_>) -> Self {
        self.hidden.push(("entry".to_owned(), typed.entry()));
        self
    }

    /// With something else that goes along unseen.
    pub fn hide(mut self, name: &str, value: &str) -> Self {
        self.hidden.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With fields.
    pub fn section(mut self, title: impl Into<String>, fields: Vec<Field>) -> Self {
        self.sections.push(Section { title: title.into(), fields });
        self
    }

    /// The act takes something away.
    pub fn harm(mut self) -> Self {
        self.harm = true;
        self
    }

    /// Came from there.
    pub fn back(mut self, to: impl Into<String>) -> Self {
        self.back = to.into();
        self
    }

    /// The answer: the page, or the page again with what is wrong beside its fields.
    pub fn answer(mut self, typed: &Typed<'_>) -> Result<HttpResponse> {
        self.flaws = FlawView::list(typed.flaws, self.t.0);
        for field in self.sections.iter_mut().flat_map(|section| &mut section.fields) {
            field.flaw = FlawView::of(&self.flaws, &field.name);
        }
        if typed.flaws.is_empty() {
            return respond::page(&self);
        }
        self.frame = self.frame.with_error(true);
        respond::form_again(&self)
    }
}

/// What a form holds when its page is made: nothing yet, what stands in the record, or what was typed
/// and did not pass. A page asks it for values and never cares which.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'a> {
    fields: Option<&'a Fields>,
    flaws: &'a [Flaw],
}

impl<'a> Typed<'a> {
    /// A form that nobody has written into.
    pub fn nothing() -> Self {
        Self { fields: None, flaws: &[] }
    }

    /// What was sent, with what is wrong about it.
    pub fn wrong(fields: &'a Fields, flaws: &'a [Flaw]) -> Self {
        Self { fields: Some(fields), flaws }
    }

    /// What is wrong.
    pub fn flaws(&self) -> &'a [Flaw] {
        self.flaws
    }

    /// What a field holds: what was typed, else what stands.
    pub fn or(&self, name: &str, stands: &str) -> String {
        self.fields.map_or_else(|| stands.to_owned(), |fields| fields.get(name).to_owned())
    }

    /// Every value that was sent of a field, as check boxes send them.
    pub fn all(&self, name: &str) -> Vec<String> {
        let sent = self.fields.into_iter().flat_map(|fields| fields.all(name));
        sent.map(str::to_owned).collect()
    }

    /// The id of the entry: the same one as long as the form comes back.
    pub fn entry(&self) -> String {
        let kept = self.fields.and_then(|fields| fields.get("entry").parse::<EntryId>().ok());
        kept.unwrap_or_else(EntryId::new).to_string()
    }

    /// A text field.
    pub fn text(&self, name: &str, label: &str, stands: &str) -> Field {
        Field::new("text", name, label).holding(self.or(name, stands))
    }

    /// A field of another widget.
    pub fn field(&self, widget: &'static str, name: &str, label: &str, stands: &str) -> Field {
        Field::new(widget, name, label).holding(self.or(name, stands))
    }

    /// A choice of one: radios up to eight, else a menu.
    pub fn choice(&self, name: &str, label: &str, choices: &[(String, String)], stands: &str) -> Field {
        let current = self.or(name, stands);
        let widget = if choices.len() <= 8 { "radio" } else { "select" };
        let choices = choices.iter().map(|(value, says)| Choice::new(value.clone(), says.clone(), &current));
        Field::new(widget, name, label).of(choices.collect())
    }

    /// A single box to tick.
    pub fn tick(&self, name: &str, label: &str) -> Field {
        Field::new("check", name, label).holding(self.or(name, ""))
    }
}

/// Sorts an act's outcome: done, wrong fields (to be shown again), or another refusal.
pub fn sort<T>(done: Result<T>) -> Result<std::result::Result<T, Vec<Flaw>>> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(Error::Invalid(flaws)) => Ok(Err(flaws)),
        Err(why) => Err(why),
    }
}

/// The same flaws under the names that a page's fields have.
pub fn renamed(flaws: Vec<Flaw>, names: &[(&str, &str)]) -> Vec<Flaw> {
    flaws
        .into_iter()
        .map(|flaw| match names.iter().find(|(from, _)| *from == flaw.field) {
            Some((_, to)) => Flaw { field: (*to).to_owned(), ..flaw },
            None => flaw,
        })
        .collect()
}
