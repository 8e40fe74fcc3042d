//! A browser without script, for stories over HTTP: cookies, links, and forms filled in and sent
//! exactly as the page offers them: hidden fields come along, and a field, choice or button that is
//! not on the page cannot be used.

use std::time::Duration;

use scraper::{ElementRef, Html, Selector};
use url::Url;

/// One person's browser: own cookies, a page in front.
pub struct Visitor {
    agent: ureq::Agent,
    site: Url,
}

/// A page as it came.
pub struct Page {
    /// The address after all redirects.
    pub url: Url,
    /// The status of the last answer.
    pub status: u16,
    /// The headers of the last answer, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text (bytes that are no UTF-8 replaced).
    pub body: String,
}

impl Visitor {
    /// A new browser on a site: nobody is signed in.
    pub fn of(site: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(30)))
            // The server lets an idle connection go after five seconds; one that old is not used again.
            .max_idle_age(Duration::from_secs(2))
            .build()
            .into();
        Self { agent, site: Url::parse(site).unwrap() }
    }

    /// Follows a link of the site, and the redirects behind it.
    pub fn get(&self, path: &str) -> Page {
        self.fetch("GET", self.site.join(path).unwrap(), None, &[])
    }

    /// Follows the link with exactly these words.
    #[track_caller]
    pub fn follow(&self, page: &Page, words: &str) -> Page {
        self.fetch("GET", page.link(words), None, &[])
    }

    /// Presses the button with these words in the page's form, after writing into its fields.
    /// A field is named by its name; what the story does not mention goes as the page has it.
    #[track_caller]
    pub fn send(&self, page: &Page, button: &str, fields: &[(&str, &str)]) -> Page {
        let filled = page.fill(button, fields);
        self.submit(&filled)
    }

    /// Sends a form that was filled before: the same bytes again, as often as wanted.
    pub fn submit(&self, filled: &Filled) -> Page {
        if filled.method == "GET" {
            let mut url = filled.action.clone();
            url.query_pairs_mut().clear().extend_pairs(&filled.fields);
            return self.fetch("GET", url, None, &[]);
        }
        self.fetch("POST", filled.action.clone(), Some(filled.body()), &[])
    }

    /// A request that no page offers: for forged and broken ones. Redirects are followed.
    pub fn raw(&self, method: &str, path: &str, body: Option<String>, headers: &[(&str, &str)]) -> Page {
        self.fetch(method, self.site.join(path).unwrap(), body, headers)
    }

    fn fetch(&self, method: &str, mut url: Url, body: Option<String>, headers: &[(&str, &str)]) -> Page {
        let mut page = self.once(method, &url, body, headers);
        for _ in 0..10 {
            let Some(to) = page.header("location").filter(|_| (300..400).contains(&page.status)) else {
                return page;
            };
            url = url.join(to).unwrap();
            page = self.once("GET", &url, None, &[]);
        }
        panic!("more than ten redirects, the last to {url}")
    }

    fn once(&self, method: &str, url: &Url, body: Option<String>, headers: &[(&str, &str)]) -> Page {
        let mut request = ureq::http::Request::builder().method(method).uri(url.as_str());
        let mut usual = vec![
            ("accept", "text/html,application/xhtml+xml"),
            ("accept-language", "ja"),
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        let origin = self.site.origin().ascii_serialization();
        if body.is_some() {
            usual
                .extend([("origin", origin.as_str()), ("content-type", "application/x-www-form-urlencoded")]);
        }
        usual.retain(|(name, _)| !headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name)));
        // An own header with an empty value takes the usual one away.
        for (name, value) in usual.iter().chain(headers).filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        let answer = self.agent.run(request.body(body.unwrap_or_default()).unwrap());
        let mut answer = answer.unwrap_or_else(|why| panic!("{method} {url}: {why}"));
        let headers = answer.headers().iter();
        let headers = headers
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let bytes = answer.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap_or_default();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Page { url: url.clone(), status: answer.status().as_u16(), headers, body }
    }
}

/// A form as it would be sent.
#[derive(Debug, Clone)]
pub struct Filled {
    /// `GET` or `POST`.
    pub method: String,
    /// Where it goes.
    pub action: Url,
    /// Names and values in the order of the page.
    pub fields: Vec<(String, String)>,
}

/// A form of a page, as far as one must know it to fill it in without having read it.
#[derive(Debug, Clone)]
pub struct Offer {
    /// `GET` or `POST`.
    pub method: String,
    /// Where it goes.
    pub action: Url,
    /// Its controls but the hidden ones: name, kind, what stands there, how much fits, what it offers.
    pub controls: Vec<Control>,
    /// Its hidden fields.
    pub hidden: Vec<(String, String)>,
    /// Its buttons: words, name, value.
    pub buttons: Vec<(String, String, String)>,
}

/// A control that a person can use.
#[derive(Debug, Clone)]
pub struct Control {
    /// Its name.
    pub name: String,
    /// `text`, `textarea`, `number`, `date`, `radio`, `select` …
    pub kind: String,
    /// What stands there, or is chosen.
    pub value: String,
    /// How many characters fit.
    pub max: Option<usize>,
    /// What a list offers; the one value of a radio or a check box.
    pub offers: Vec<String>,
    /// Whether a radio or a check box is on.
    pub on: bool,
}

impl Control {
    /// Whether a person may write what they like into it.
    pub fn takes_words(&self) -> bool {
        matches!(self.kind.as_str(), "text" | "textarea" | "tel" | "search" | "email" | "password")
    }
}

impl Filled {
    /// The value of a field, hidden ones too.
    #[track_caller]
    pub fn value(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_else(|| panic!("no field {name:?} in {self:?}"))
    }

    /// The same form with one field changed behind the page's back.
    pub fn forged(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(own, _)| own != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The urlencoded body.
    pub fn body(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish()
    }
}

impl Page {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// All words of the page's body, as one reads them.
    pub fn words(&self) -> String {
        let html = Html::parse_document(&self.body);
        let mut words = String::new();
        for node in html.tree.root().descendants() {
            let silent = node.ancestors().any(|above| {
                above
                    .value()
                    .as_element()
                    .is_some_and(|element| matches!(element.name(), "script" | "style" | "head"))
            });
            if let (Some(text), false) = (node.value().as_text(), silent) {
                words.push_str(text);
                words.push(' ');
            }
        }
        squeeze(&words)
    }

    /// The page says this.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.words().contains(&squeeze(words)), "{words:?} is not on {self}");
        self
    }

    /// The page says nothing of this, neither in words nor anywhere in its source.
    #[track_caller]
    pub fn hides(&self, words: &str) -> &Self {
        assert!(!self.body.contains(words) && !self.words().contains(words), "{words:?} is on {self}");
        self
    }

    /// The answer had this status.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// The texts of all elements that a CSS selector finds.
    pub fn texts(&self, css: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        elements(&html, css).into_iter().map(text_of).collect()
    }

    /// The values of an attribute on all elements that a CSS selector finds.
    pub fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        elements(&html, css).into_iter().filter_map(|element| element.attr(name).map(str::to_owned)).collect()
    }

    /// The form that has the button with these words, filled in.
    #[track_caller]
    pub fn fill(&self, button: &str, fields: &[(&str, &str)]) -> Filled {
        let html = Html::parse_document(&self.body);
        let pressed = elements(&html, "button, input[type=submit]");
        let pressed = pressed
            .into_iter()
            .find(|b| {
                text_of(*b) == button
                    || b.attr("value") == Some(button)
                    || b.attr("aria-label") == Some(button)
            })
            .unwrap_or_else(|| panic!("no button {button:?} on {self}"));
        let form = match pressed.attr("form") {
            Some(id) => elements(&html, "form").into_iter().find(|form| form.attr("id") == Some(id)),
            None => {
                pressed.ancestors().filter_map(ElementRef::wrap).find(|above| above.value().name() == "form")
            }
        };
        let form = form.unwrap_or_else(|| panic!("the button {button:?} belongs to no form on {self}"));
        let mut filled = self.controls(&html, form, fields);
        filled.extend(
            pressed.attr("name").map(|n| (n.to_owned(), pressed.attr("value").unwrap_or("").to_owned())),
        );
        let action = pressed.attr("formaction").or_else(|| form.attr("action")).unwrap_or("");
        let method = pressed.attr("formmethod").or_else(|| form.attr("method")).unwrap_or("get");
        Filled { method: method.to_uppercase(), action: self.url.join(action).unwrap(), fields: filled }
    }

    /// What a browser would send of a form's controls, with the story's values in place of the page's.
    #[track_caller]
    fn controls(&self, html: &Html, form: ElementRef<'_>, fields: &[(&str, &str)]) -> Vec<(String, String)> {
        let own = |control: &ElementRef<'_>| match control.attr("form") {
            Some(id) => form.attr("id") == Some(id),
            None => control.ancestors().any(|above| above.id() == form.id()),
        };
        let controls = elements(html, "input[name], select[name], textarea[name]");
        let controls: Vec<_> =
            controls.into_iter().filter(own).filter(|control| control.attr("disabled").is_none()).collect();
        for (name, _) in fields {
            let there = controls.iter().any(|control| control.attr("name") == Some(*name));
            assert!(there, "the form has no field {name:?} on {self}");
        }
        let mut sent: Vec<(String, String)> = Vec::new();
        for (index, control) in controls.iter().enumerate() {
            let name = control.attr("name").unwrap_or_default();
            // Rows of a table repeat a name: the story's values go to them in order.
            let place = controls.iter().take(index).filter(|c| c.attr("name") == Some(name)).count();
            let wanted: Vec<&str> =
                fields.iter().filter(|(own, _)| *own == name).map(|(_, value)| *value).collect();
            let wanted = (!wanted.is_empty()).then_some(wanted.as_slice());
            sent.extend(values(*control, wanted, place).into_iter().map(|value| (name.to_owned(), value)));
        }
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
            let there = sent.iter().any(|(own, sent)| own == name && sent == value);
            assert!(there, "the page does not offer {value:?} for {name:?} on {self}");
        }
        sent
    }

    /// Every form of the page.
    pub fn forms(&self) -> Vec<Offer> {
        let html = Html::parse_document(&self.body);
        let forms = elements(&html, "form").into_iter();
        forms.map(|form| self.offer(&html, form)).collect()
    }

    fn offer(&self, html: &Html, form: ElementRef<'_>) -> Offer {
        let own = |control: &ElementRef<'_>| match control.attr("form") {
            Some(id) => form.attr("id") == Some(id),
            None => control.ancestors().any(|above| above.id() == form.id()),
        };
        let all = |css: &str| elements(html, css).into_iter().filter(own).collect::<Vec<_>>();
        let text = |control: &ElementRef<'_>, name: &str| control.attr(name).unwrap_or_default().to_owned();
        let usable = |control: &&ElementRef<'_>| {
            control.attr("readonly").is_none() && control.attr("disabled").is_none()
        };
        let inputs = all("input[name], select[name], textarea[name]");
        let (hidden, shown): (Vec<_>, Vec<_>) =
            inputs.into_iter().partition(|control| control.attr("type") == Some("hidden"));
        let buttons = all("button, input[type=submit]").into_iter();
        Offer {
            method: form.attr("method").unwrap_or("get").to_uppercase(),
            action: self.url.join(form.attr("action").unwrap_or("")).unwrap(),
            controls: shown.iter().filter(usable).map(|control| control_of(*control)).collect(),
            hidden: hidden.iter().map(|field| (text(field, "name"), text(field, "value"))).collect(),
            buttons: buttons.map(|b| (text_of(b), text(&b, "name"), text(&b, "value"))).collect(),
        }
    }

    /// Where the link with exactly these words leads.
    #[track_caller]
    pub fn link(&self, words: &str) -> Url {
        let html = Html::parse_document(&self.body);
        let link = elements(&html, "a[href]").into_iter().find(|link| text_of(*link) == words);
        let link = link.unwrap_or_else(|| panic!("no link {words:?} on {self}"));
        self.url.join(link.attr("href").unwrap()).unwrap()
    }
}

impl std::fmt::Display for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (status {}):\n{}", self.url, self.status, self.words())
    }
}

fn elements<'a>(html: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(css).unwrap()).collect()
}

fn control_of(control: ElementRef<'_>) -> Control {
    let kind = match control.value().name() {
        "input" if control.attr("inputmode") == Some("decimal") => "number",
        "input" => control.attr("type").unwrap_or("text"),
        other => other,
    };
    let options = control.select(&Selector::parse("option").unwrap()).collect::<Vec<_>>();
    let value = |option: &ElementRef<'_>| option.attr("value").unwrap_or_default().to_owned();
    let chosen = options.iter().find(|option| option.attr("selected").is_some()).or(options.first());
    Control {
        name: control.attr("name").unwrap_or_default().to_owned(),
        kind: kind.to_owned(),
        value: match kind {
            "textarea" => control.text().collect(),
            "select" => chosen.map(value).unwrap_or_default(),
            _ => control.attr("value").unwrap_or_default().to_owned(),
        },
        max: control.attr("maxlength").and_then(|max| max.parse().ok()),
        offers: match kind {
            "select" => options.iter().map(value).collect(),
            "radio" | "checkbox" => vec![control.attr("value").unwrap_or("on").to_owned()],
            _ => vec![],
        },
        on: control.attr("checked").is_some(),
    }
}

/// What one control sends: what the story wants of it, or what the page put there.
fn values(control: ElementRef<'_>, wanted: Option<&[&str]>, place: usize) -> Vec<String> {
    let value = control.attr("value").unwrap_or_default();
    let kind = if control.value().name() == "input" { control.attr("type").unwrap_or("text") } else { "" };
    let typed =
        |own: String| vec![wanted.and_then(|wanted| wanted.get(place)).map_or(own, |w| (*w).to_owned())];
    match (control.value().name(), kind) {
        (_, "submit" | "button" | "image" | "reset") => vec![],
        (_, "radio" | "checkbox") => {
            let value = control.attr("value").unwrap_or("on");
            let on = wanted.map_or(control.attr("checked").is_some(), |wanted| wanted.contains(&value));
            if on { vec![value.to_owned()] } else { vec![] }
        }
        (_, "hidden") => {
            assert!(wanted.is_none(), "{:?} is hidden: a person cannot write into it", control.attr("name"));
            vec![value.to_owned()]
        }
        ("select", _) => selected(control, wanted),
        ("textarea", _) => {
            let text: String = control.text().collect();
            typed(text.strip_prefix('\n').unwrap_or(&text).to_owned())
        }
        _ => typed(value.to_owned()),
    }
}

fn selected(list: ElementRef<'_>, wanted: Option<&[&str]>) -> Vec<String> {
    let options: Vec<_> = list.select(&Selector::parse("option").unwrap()).collect();
    let value =
        |option: &ElementRef<'_>| option.attr("value").map_or_else(|| text_of(*option), str::to_owned);
    let chosen = |option: &&ElementRef<'_>| match wanted {
        Some(wanted) => wanted.contains(&value(option).as_str()),
        None => option.attr("selected").is_some(),
    };
    let found: Vec<String> = options.iter().filter(chosen).map(value).collect();
    match (found.is_empty(), wanted, options.first()) {
        (true, None, Some(first)) if list.attr("multiple").is_none() => vec![value(first)],
        _ => found,
    }
}

fn text_of(element: ElementRef<'_>) -> String {
    squeeze(&element.text().collect::<Vec<_>>().join(" "))
}

/// White space as a reader sees it: one space, none at the ends.
fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
