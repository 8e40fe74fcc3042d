//! A real browser, spoken to in WebDriver (a W3C standard: JSON over HTTP) through Debian's
//! chromium-driver. Acts are named as a person would name them: press a button by its words,
//! write into a field by its label, see a sentence. Everything waits a while before it fails.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::scratch::{self, Helper};

/// How much of a long page a picture shows, in pixels from its top.
const PICTURE_MAX: i64 = 4000;

/// How long a page may take to show what a story waits for.
const PATIENCE: Duration = Duration::from_secs(30);

static DRIVER: LazyLock<(String, Helper)> = LazyLock::new(|| {
    let program = Path::new("/usr/bin/chromedriver");
    assert!(
        program.exists() && Path::new("/usr/bin/chromium").exists(),
        "Chromium and its driver are not installed, and these tests do not skip: \
         apt-get install chromium chromium-driver"
    );
    let helper = Helper::start(program, &["--port=0".to_owned()], "TERM", None);
    let port: u16 = helper.wait_for(Duration::from_secs(30), |line| {
        line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok()
    });
    (format!("http://127.0.0.1:{port}"), helper)
});

/// What a person holds in the hand or has on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// 360 × 740, touch, as in a kitchen with bad reception.
    Phone,
    /// 1280 × 900.
    Desk,
}

impl Screen {
    fn width(self) -> i64 {
        if self == Self::Phone { 360 } else { 1280 }
    }

    fn height(self) -> i64 {
        if self == Self::Phone { 740 } else { 900 }
    }
}

/// A browser window of its own: own cookies, own storage, nobody signed in.
pub struct Browser {
    agent: ureq::Agent,
    session: String,
    site: String,
    screen: Cell<Screen>,
}

impl Browser {
    /// Opens a window on a site (`http://127.0.0.1:port`).
    pub fn open(site: &str, screen: Screen) -> Self {
        let profile = scratch::folder("chromium");
        let arguments = json!([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-extensions",
            "--lang=ja",
            "--accept-lang=ja",
            "--remote-debugging-pipe",
            "--window-size=1280,900",
            format!("--user-data-dir={}", profile.display()),
        ]);
        let wishes = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "binary": "/usr/bin/chromium", "args": arguments },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "implicit": PATIENCE.as_millis(), "script": 30_000, "pageLoad": 30_000 },
        }}});
        let agent = agent();
        let answer = send(&agent, &format!("{}/session", DRIVER.0), Some(&wishes));
        let id = answer.as_ref().ok().and_then(|value| value["sessionId"].as_str()).map(str::to_owned);
        let id = id.unwrap_or_else(|| panic!("no browser: {answer:?}"));
        let session = format!("{}/session/{id}", DRIVER.0);
        let browser = Self { agent, session, site: site.to_owned(), screen: Cell::new(screen) };
        browser.use_screen(screen);
        browser
    }

    /// Changes the screen without leaving the page.
    pub fn use_screen(&self, screen: Screen) {
        self.screen.set(screen);
        self.measure(screen.height());
    }

    fn measure(&self, height: i64) {
        let (width, mobile) = (self.screen.get().width(), self.screen.get() == Screen::Phone);
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics);
    }

    /// Switches script off (or on again) from the next page on.
    pub fn without_script(&self, off: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": off }));
    }

    /// Shows pages light or dark.
    pub fn in_the_dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let feature = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.devtools("Emulation.setEmulatedMedia", &feature);
    }

    /// Reads pages in this language from now on, as the switch in the menu would have it.
    pub fn read_in(&self, language: &str) {
        let cookie = json!({ "name": "renkei-language", "value": language, "path": "/" });
        self.command("cookie", &json!({ "cookie": cookie }));
    }

    /// Goes to an address of the site.
    pub fn go(&self, path: &str) {
        self.command("url", &json!({ "url": format!("{}{path}", self.site) }));
    }

    /// Loads the page again.
    pub fn reload(&self) {
        self.command("refresh", &json!({}));
    }

    /// Where it is: path and query.
    pub fn path(&self) -> String {
        let url = self.ask("url");
        let url = url::Url::parse(url.as_str().unwrap()).unwrap();
        url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    /// The page's title.
    pub fn title(&self) -> String {
        self.ask("title").as_str().unwrap_or_default().to_owned()
    }

    /// All words that can be seen on the page, white space as a reader sees it.
    pub fn words(&self) -> String {
        let words = self.run("return document.body ? document.body.innerText : ''", &json!([]));
        words.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Waits until the words are on the page.
    #[track_caller]
    pub fn see(&self, words: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.words().contains(words) {
            let late = Instant::now() > end;
            assert!(!late, "{words:?} is not on {} ({:?}):\n{}", self.path(), self.title(), self.words());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until words that were on the page are there no more.
    #[track_caller]
    pub fn see_no_more(&self, words: &str) {
        let end = Instant::now() + PATIENCE;
        while self.words().contains(words) {
            let late = Instant::now() > end;
            assert!(!late, "{words:?} is still on {} ({:?}):\n{}", self.path(), self.title(), self.words());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The words are not on the page now.
    #[track_caller]
    pub fn see_nothing_of(&self, words: &str) {
        assert!(!self.words().contains(words), "{words:?} is on {}:\n{}", self.path(), self.words());
    }

    /// Waits until the CSS selector finds nothing.
    #[track_caller]
    pub fn wait_till_gone(&self, css: &str) {
        let end = Instant::now() + PATIENCE;
        while self.count(css) > 0 {
            assert!(Instant::now() < end, "{css} is still on {} ({:?})", self.path(), self.title());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Presses the button or link with exactly these words (or this accessible name).
    #[track_caller]
    pub fn press(&self, words: &str) {
        let words = xpath_text(words);
        let named = format!("(normalize-space(.)={words} or @aria-label={words} or @value={words})");
        self.click(
            "xpath",
            &format!("//button[{named}] | //a[{named}] | //summary[{named}] | //input[{named}]"),
        );
    }

    /// Presses what the CSS selector finds first.
    #[track_caller]
    pub fn press_at(&self, css: &str) {
        self.click("css selector", css);
    }

    #[track_caller]
    fn click(&self, using: &str, what: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            let element = self.find(using, what);
            // As a person would: away from what stays at the edges of the screen.
            let middle = json!({
                "script": "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })",
                "args": [{ ELEMENT: element }],
            });
            let _ = self.try_command("execute/sync", &middle);
            match self.try_command(&format!("element/{element}/click"), &json!({})) {
                Ok(_) => return,
                // A live page may replace the element between finding and pressing it.
                Err(why) if Instant::now() > end => panic!("cannot press {what}: {why}"),
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    /// Writes into the field with this label, instead of what it held.
    #[track_caller]
    pub fn write(&self, label: &str, words: &str) {
        let element = self.field(label);
        self.command(&format!("element/{element}/clear"), &json!({}));
        self.command(&format!("element/{element}/value"), &json!({ "text": words }));
    }

    /// Sets a date, time or number field as its picker would (typing into these depends on the locale).
    #[track_caller]
    pub fn set(&self, label: &str, value: &str) {
        let element = self.field(label);
        let script = "arguments[0].value = arguments[1]; \
            for (const kind of ['input', 'change']) arguments[0].dispatchEvent(new Event(kind, { bubbles: true }));";
        self.run(script, &json!([{ ELEMENT: element }, value]));
    }

    /// Ticks the radio button, check box or list entry with this label.
    #[track_caller]
    pub fn choose(&self, label: &str) {
        let label = xpath_text(label);
        self.click(
            "xpath",
            &format!("//label[normalize-space(.)={label}] | //option[normalize-space(.)={label}]"),
        );
    }

    /// Ticks the answer to this question: one box or button of the group that the question stands above.
    #[track_caller]
    pub fn answer(&self, question: &str, choice: &str) {
        let (question, choice) = (xpath_text(question), xpath_text(choice));
        let group = format!("//fieldset[legend[starts-with(normalize-space(.), {question})]]");
        self.click("xpath", &format!("{group}//label[normalize-space(.)={choice}]"));
    }

    /// Chooses an entry of the menu with this label.
    #[track_caller]
    pub fn pick(&self, label: &str, choice: &str) {
        let (label, choice) = (xpath_text(label), xpath_text(choice));
        let menu = format!("//select[@id=//label[starts-with(normalize-space(.), {label})]/@for]");
        self.click("xpath", &format!("{menu}//option[normalize-space(.)={choice}]"));
    }

    /// What the field with this label holds.
    #[track_caller]
    pub fn holds(&self, label: &str) -> String {
        let element = self.field(label);
        let held = self.run("return arguments[0].value", &json!([{ ELEMENT: element }]));
        held.as_str().unwrap_or_default().to_owned()
    }

    /// How many elements the CSS selector finds now.
    pub fn count(&self, css: &str) -> u64 {
        let found = self.run("return document.querySelectorAll(arguments[0]).length", &json!([css]));
        found.as_u64().unwrap_or_default()
    }

    #[track_caller]
    fn field(&self, label: &str) -> String {
        let label = xpath_text(label);
        let controls = "(self::input or self::textarea or self::select)";
        self.find(
            "xpath",
            &format!(
                "//*[{controls} and (@aria-label={label} or @id=//label[starts-with(normalize-space(.), {label})]/@for \
                 or ancestor::label[starts-with(normalize-space(.), {label})])]"
            ),
        )
    }

    #[track_caller]
    fn find(&self, using: &str, what: &str) -> String {
        match self.try_command("element", &json!({ "using": using, "value": what })) {
            Ok(found) => found[ELEMENT].as_str().unwrap().to_owned(),
            Err(why) => panic!("no {what} on {} ({:?}): {why}\n{}", self.path(), self.title(), self.words()),
        }
    }

    /// Sends keys to whatever has the focus: `\u{E004}` is Tab, `\u{E007}` Enter.
    pub fn keys(&self, keys: &str) {
        let downs = keys.chars().flat_map(|key| {
            let key = key.to_string();
            [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })]
        });
        let actions =
            json!({ "actions": [{ "type": "key", "id": "k", "actions": downs.collect::<Vec<_>>() }] });
        self.command("actions", &actions);
    }

    /// Runs a script in the page and returns what it returns.
    pub fn run(&self, script: &str, arguments: &Value) -> Value {
        self.command("execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Errors and refusals (also of the content security policy) the console has shown since the last call.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.command("se/log", &json!({ "type": "browser" }));
        let lines = log.as_array().into_iter().flatten();
        lines.filter(|line| line["level"] == "SEVERE").map(|line| line["message"].to_string()).collect()
    }

    /// What axe-core finds that is serious or critical, a sentence each.
    pub fn barriers(&self) -> Vec<String> {
        self.found_by_axe(&json!({ "resultTypes": ["violations"] }))
    }

    /// The same, of colours alone: all that another theme can change.
    pub fn pale(&self) -> Vec<String> {
        self.found_by_axe(&json!({ "resultTypes": ["violations"], "runOnly": ["color-contrast"] }))
    }

    fn found_by_axe(&self, how: &Value) -> Vec<String> {
        if self.run("return typeof axe", &json!([])) == "undefined" {
            self.run(&axe(), &json!([]));
        }
        let script = "const done = arguments[arguments.length - 1]; \
            axe.run(document, arguments[0]).then(r => done(r.violations), e => done([{ \
                impact: 'critical', id: 'axe failed', help: String(e), nodes: [] }]));";
        let found = self.command("execute/async", &json!({ "script": script, "args": [how] }));
        let found = found.as_array().into_iter().flatten();
        found
            .filter(|item| matches!(item["impact"].as_str(), Some("serious" | "critical")))
            .map(sentence)
            .collect()
    }

    /// Nothing on this page keeps anyone out, scrolls sideways on a phone, covers what has the focus, or
    /// complains to the console.
    /// A picture of it is kept under this name.
    #[track_caller]
    pub fn is_well_made(&self, picture: &str) {
        self.picture(picture);
        assert_eq!(self.barriers(), Vec::<String>::new(), "{picture} keeps people out");
        assert!(self.overflow() <= 0, "{picture} is {} pixels too wide", self.overflow());
        assert_eq!(
            self.sticking_out(),
            Vec::<String>::new(),
            "{picture} has something too wide for its place"
        );
        assert_eq!(self.covered(), Vec::<String>::new(), "{picture} covers what has the focus");
        assert_eq!(self.complaints(), Vec::<String>::new(), "{picture} complains");
    }

    /// What can be focused but then lies wholly under something else (WCAG 2.4.11), the start of each.
    pub fn covered(&self) -> Vec<String> {
        let script = "const stops = document.querySelectorAll(
                'a[href], button, input, select, textarea, summary, [tabindex=\"0\"]');
            const shows = (stop) => [...stop.getClientRects()].some(({ left, right, top, bottom }) => {
                const across = [left + 2, (left + right) / 2, right - 2];
                const down = [top + 2, (top + bottom) / 2, bottom - 2];
                return across.some((x) => down.some((y) => stop.contains(document.elementFromPoint(x, y))
                    || stop.closest('label')?.contains(document.elementFromPoint(x, y))));
            });
            const covered = [...stops].filter((stop) => {
                stop.focus();
                return document.activeElement === stop && !shows(stop);
            });
            document.activeElement?.blur();
            window.scrollTo(0, 0);
            return covered.map((stop) => stop.outerHTML.slice(0, 160));";
        let found = self.run(script, &json!([]));
        found.as_array().into_iter().flatten().map(Value::to_string).collect()
    }

    /// How many pixels the page is wider than the screen; anything above 0 makes a phone scroll sideways.
    pub fn overflow(&self) -> i64 {
        // Not `innerWidth`: a phone widens that to show what does not fit.
        let width = self.run("return document.documentElement.scrollWidth", &json!([]));
        width.as_i64().unwrap_or(i64::MAX) - self.screen.get().width()
    }

    /// What reaches out of its card, its list or (side by side) its column, the start of each.
    pub fn sticking_out(&self) -> Vec<String> {
        let script = "const boxes = arguments[0] ? '.card, .list, .column' : '.card, .list';
            const reach = (box) => Math.max(...[...box.querySelectorAll('*')]
                .filter((part) => part.checkVisibility() && !part.closest('.hidden, .grid-scroll'))
                .map((part) => part.getBoundingClientRect().right));
            return [...document.querySelectorAll(boxes)]
                .filter((box) => reach(box) > box.getBoundingClientRect().right + 1)
                .map((box) => box.outerHTML.slice(0, 200));";
        let found = self.run(script, &json!([self.screen.get() == Screen::Desk]));
        found.as_array().into_iter().flatten().map(Value::to_string).collect()
    }

    /// The page on A4 as PDF bytes, as the browser's own print would make it.
    pub fn print(&self) -> Vec<u8> {
        let page = json!({ "page": { "width": 21.0, "height": 29.7 }, "background": false });
        decode(&self.command("print", &page))
    }

    /// Keeps a picture of the whole page in the build folder, under `screens/`.
    pub fn picture(&self, name: &str) -> PathBuf {
        let folder = build_folder("screens");
        std::fs::create_dir_all(&folder).unwrap();
        self.picture_in(&folder, name)
    }

    /// Keeps a picture of the whole page in a folder.
    pub fn picture_in(&self, folder: &Path, name: &str) -> PathBuf {
        // On a screen as high as the page: what stays at an edge then hides nothing of it.
        let height = self.run("return document.documentElement.scrollHeight", &json!([]));
        let height = height.as_i64().unwrap_or_default().clamp(self.screen.get().height(), PICTURE_MAX);
        self.measure(height);
        let clip =
            json!({ "x": 0, "y": 0, "width": self.screen.get().width(), "height": height, "scale": 1 });
        let shot = self.devtools("Page.captureScreenshot", &json!({ "format": "png", "clip": clip }));
        self.measure(self.screen.get().height());
        let file = folder.join(format!("{name}.png"));
        std::fs::write(&file, decode(&shot["data"])).unwrap();
        file
    }

    fn devtools(&self, method: &str, parameters: &Value) -> Value {
        self.command("goog/cdp/execute", &json!({ "cmd": method, "params": parameters }))
    }

    #[track_caller]
    fn command(&self, what: &str, body: &Value) -> Value {
        self.try_command(what, body).unwrap_or_else(|why| panic!("the browser refused {what}: {why}"))
    }

    fn try_command(&self, what: &str, body: &Value) -> Result<Value, String> {
        send(&self.agent, &format!("{}/{what}", self.session), Some(body))
    }

    fn ask(&self, what: &str) -> Value {
        send(&self.agent, &format!("{}/{what}", self.session), None).unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.agent.delete(&self.session).call();
    }
}

/// The name under which WebDriver passes an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

fn send(agent: &ureq::Agent, address: &str, body: Option<&Value>) -> Result<Value, String> {
    let answer = match body {
        Some(body) => agent.post(address).send_json(body),
        None => agent.get(address).call(),
    };
    let mut answer = answer.map_err(|why| why.to_string())?;
    let text =
        answer.body_mut().with_config().limit(64 << 20).read_to_string().map_err(|why| why.to_string())?;
    let mut value: Value = serde_json::from_str(&text).map_err(|why| format!("{why}: {text}"))?;
    match value["value"]["error"].as_str() {
        Some(error) => Err(format!("{error}: {}", value["value"]["message"].as_str().unwrap_or_default())),
        None => Ok(value["value"].take()),
    }
}

/// A folder of the build folder, for what tests keep and fetch.
pub fn build_folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name(name)
}

/// axe-core as `tests/run` fetched it: a development file that is never committed.
fn axe() -> String {
    let file = build_folder("axe-core").join("axe.min.js");
    std::fs::read_to_string(&file)
        .unwrap_or_else(|why| panic!("{}: {why}; tests/run fetches axe-core, run it once", file.display()))
}

fn sentence(violation: &Value) -> String {
    let places: Vec<_> =
        violation["nodes"].as_array().into_iter().flatten().map(|node| &node["html"]).collect();
    format!("{} ({}): {} at {places:?}", violation["id"], violation["impact"], violation["help"])
}

fn decode(base64: &Value) -> Vec<u8> {
    data_encoding::BASE64.decode(base64.as_str().unwrap().as_bytes()).unwrap()
}

/// Words as an XPath string; XPath has no escape, so words with both kinds of quotes are put together.
fn xpath_text(words: &str) -> String {
    match words.contains('"') {
        false => format!("\"{words}\""),
        true => format!("concat(\"{}\")", words.replace('"', "\", '\"', \"")),
    }
}
