//! Plants a word of its own in every field of every form that a story meets, and knows in the end which
//! fields were offered and which were filled. Fields are known by their address, their name, and the
//! button or move that sends them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use renkei::web::ROUTES;

use super::visitor::{Control, Filled, Offer, Page, Visitor};

/// A field: the name of its address, its own name, what was pressed, and on which form it stands.
pub type Place = (&'static str, String, String, String);

/// What was planted where.
#[derive(Default)]
pub struct Garden {
    words: RefCell<Vec<String>>,
    offered: RefCell<BTreeSet<Place>>,
    planted: RefCell<BTreeSet<Place>>,
    sent: RefCell<BTreeSet<&'static str>>,
}

impl Garden {
    /// A fresh word that fits a field of this name and this length, and occurs nowhere by itself.
    pub fn word(&self, name: &str, max: usize) -> String {
        let mut words = self.words.borrow_mut();
        let digits: Vec<usize> =
            format!("{:04}", words.len()).bytes().map(|digit| usize::from(digit - b'0')).collect();
        let spelled = |alphabet: &str| -> String {
            let letters: Vec<char> = alphabet.chars().collect();
            digits.iter().map(|digit| letters[*digit]).collect()
        };
        let word = match name.rsplit(['.', '_']).next().unwrap_or(name) {
            "kana" => format!("カナリヤ{}", spelled("アイウエオカキクケコ")),
            "in" | "name" if name == "sign_in" => format!("canary{}", spelled("bcdfghjklm")),
            "password" | "again" | "new" | "old" => {
                format!("canary song {} of spring", spelled("bcdfghjklm"))
            }
            _ => format!("金糸雀{}", spelled("零壱弐参肆伍陸漆捌玖")),
        };
        assert!(word.chars().count() <= max, "{name} takes only {max} characters");
        words.push(word.clone());
        word
    }

    /// All words that were planted.
    pub fn words(&self) -> Vec<String> {
        self.words.borrow().clone()
    }

    /// Opens a page and notes what it offers to write into. `form` tells forms of one address apart.
    #[track_caller]
    pub fn get(&self, visitor: &Visitor, path: &str, form: &str) -> Page {
        let page = visitor.get(path);
        page.is(200);
        self.see(&page, form);
        page
    }

    /// Notes what a page offers to write into.
    pub fn see(&self, page: &Page, form: &str) {
        for offer in page.forms().iter().filter(|offer| offer.method == "POST") {
            for pressed in presses(offer) {
                let places = words_of(offer).map(|control| place(offer, control, &pressed, form));
                self.offered.borrow_mut().extend(places);
            }
        }
    }

    /// Fills in the form that has this button, a word of its own in every field; `own` says what goes
    /// into fields that need something else. It must be accepted.
    #[track_caller]
    pub fn send(
        &self,
        visitor: &Visitor,
        page: &Page,
        button: &str,
        own: &[(&str, &str)],
        form: &str,
    ) -> Page {
        let offers = page.forms();
        let is = |(words, _, value): &&(String, String, String)| words == button || value == button;
        let offer = offers.iter().find(|offer| offer.buttons.iter().any(|one| is(&one)));
        let offer = offer.unwrap_or_else(|| panic!("no button {button:?} on {page}"));
        let (_, name, value) = offer.buttons.iter().find(is).unwrap();
        self.send_offer(visitor, offer, (name, value), own, form)
    }

    /// The same for a form that was found otherwise.
    #[track_caller]
    pub fn send_offer(
        &self,
        visitor: &Visitor,
        offer: &Offer,
        pressed: (&str, &str),
        own: &[(&str, &str)],
        form: &str,
    ) -> Page {
        let filled = self.fill(offer, pressed, own, form);
        let answer = visitor.submit(&filled);
        assert!(matches!(answer.status, 200 | 204), "{} did not take {filled:?}: {answer}", offer.action);
        self.sent.borrow_mut().insert(route(offer));
        self.see(&answer, form);
        answer
    }

    /// What would be sent.
    pub fn fill(&self, offer: &Offer, pressed: (&str, &str), own: &[(&str, &str)], form: &str) -> Filled {
        let press = if pressed.0.is_empty() { press_of(offer) } else { pressed.1.to_owned() };
        let mut fields = offer.hidden.clone();
        let mut chosen: BTreeMap<&str, bool> = BTreeMap::new();
        for control in &offer.controls {
            let given: Vec<&str> =
                own.iter().filter(|(name, _)| *name == control.name).map(|(_, value)| *value).collect();
            let value = match (given.first(), control.kind.as_str()) {
                (_, "radio" | "checkbox") => {
                    let one = control.offers.first().map_or("on", String::as_str);
                    let on = if given.is_empty() { control.on } else { given.contains(&one) };
                    if on {
                        chosen.insert(&control.name, true);
                        fields.push((control.name.clone(), one.to_owned()));
                    }
                    continue;
                }
                (Some(given), _) => (*given).to_owned(),
                (None, _) if control.takes_words() => {
                    self.word(&control.name, control.max.unwrap_or(usize::MAX))
                }
                (None, _) => control.value.clone(),
            };
            if control.takes_words() && self.words.borrow().contains(&value) {
                self.planted.borrow_mut().insert(place(offer, control, &press, form));
            }
            fields.push((control.name.clone(), value));
        }
        if !pressed.0.is_empty() {
            fields.push((pressed.0.to_owned(), pressed.1.to_owned()));
        }
        Filled { method: offer.method.clone(), action: offer.action.clone(), fields }
    }

    /// A raw request counts as sent, too.
    pub fn also_sent(&self, offer_name: &'static str) {
        self.sent.borrow_mut().insert(offer_name);
    }

    /// Fields that were offered somewhere and that nothing was planted in.
    pub fn bare(&self) -> Vec<Place> {
        self.offered.borrow().difference(&self.planted.borrow()).cloned().collect()
    }

    /// Whether something was planted in this field of a form's sheet.
    pub fn has(&self, form: &str, field: &str) -> bool {
        let name = format!("f.{field}");
        self.planted
            .borrow()
            .iter()
            .any(|(route, own, _, of)| *route == "letter_edit" && *own == name && of == form)
    }

    /// Addresses of pages that change something and that nothing was sent to.
    pub fn unsent(&self) -> Vec<&'static str> {
        let changes = ROUTES.iter().filter(|row| row.method == "POST" && !row.path.starts_with("/api/"));
        changes.map(|row| row.name).filter(|name| !self.sent.borrow().contains(name)).collect()
    }
}

/// The address that a form is sent to, by the name that the table gives it.
fn route(offer: &Offer) -> &'static str {
    let path = offer.action.path();
    let fits = |pattern: &str| {
        let (one, other): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
        one.len() == other.len()
            && one.iter().zip(&other).all(|(part, own)| part.starts_with('{') || part == own)
    };
    let row = ROUTES.iter().find(|row| row.method == "POST" && fits(row.path));
    row.unwrap_or_else(|| panic!("{path} stands in no table")).name
}

fn words_of(offer: &Offer) -> impl Iterator<Item = &Control> {
    offer.controls.iter().filter(|control| control.takes_words())
}

/// What can be pressed: the values of the named buttons; a move that the form is for.
fn presses(offer: &Offer) -> Vec<String> {
    let named: BTreeSet<String> = offer
        .buttons
        .iter()
        .filter(|(_, name, _)| name == "verb" || name == "move")
        .map(|(_, _, value)| value.clone())
        .collect();
    if named.is_empty() { vec![press_of(offer)] } else { named.into_iter().collect() }
}

fn press_of(offer: &Offer) -> String {
    let what = offer.hidden.iter().find(|(name, _)| name == "verb" || name == "move");
    what.map(|(_, value)| value.clone()).unwrap_or_default()
}

fn place(offer: &Offer, control: &Control, pressed: &str, form: &str) -> Place {
    // Rows of a table are one field, however many there are.
    let parts = control
        .name
        .split('.')
        .map(|part| if part.bytes().all(|byte| byte.is_ascii_digit()) { "#" } else { part });
    let route = route(offer);
    // A sheet's own buttons only say what comes next.
    let pressed = if route == "letter_edit" { "" } else { pressed };
    (route, parts.collect::<Vec<_>>().join("."), pressed.to_owned(), form.to_owned())
}
