//! Every field of every form gets a word that occurs nowhere else, through plain forms on the running
//! program. Then everything a thief could carry away is searched for all of them: database, write-ahead
//! log, data folder, backup, and all that the program said at its most talkative. A field that a page
//! offers and this story does not fill fails it; so does a form that it never sends.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use renkei::form::Form;
use renkei::form::field::{Field, Shape};
use renkei::form::workflow::Move;
use renkei::kernel::id::{EntryId, LetterId, OfficeId, PersonId};
use renkei::ops::keys;
use renkei::record::payload::SeatRole;
use serde_json::{Value, json};

use crate::http_api::ask;
use crate::support::canary::Hunt;
use crate::support::garden::Garden;
use crate::support::postgres::Server;
use crate::support::program::Running;
use crate::support::things::Hands;
use crate::support::visitor::{Page, Visitor};
use crate::support::ward::{PASSWORD, Ward, seat};
use crate::support::{Kind, on_each_database, postgres, scratch};

#[test]
fn no_word_that_anyone_wrote_anywhere_stands_in_the_clear() {
    on_each_database(|kind| {
        let server = (kind == Kind::Postgres).then(Server::own);
        let database = server.as_ref().map_or_else(|| kind.fresh(), Server::fresh);
        let folder = scratch::folder("planted");
        let story = Story::begin(database, &folder);
        story.region();
        story.record();
        story.plan();
        story.stay();
        story.letters();
        story.library();
        story.ends();
        let garden = &story.garden;
        assert_eq!(garden.bare(), vec![], "fields that nothing was planted in");
        assert_eq!(garden.unsent(), ["demo_sign_in"], "forms that were never sent");

        let words = garden.words();
        assert!(words.len() > 400, "only {} words were planted", words.len());
        let everyone = ["伊藤 さくら", "佐藤 健一", "林 由美", "高橋 亮", "田中 ハル", PASSWORD];
        let hunt = Hunt::of(&words.iter().map(String::as_str).chain(everyone).collect::<Vec<_>>());
        let held = story.held(server.as_ref());
        let found: Vec<String> = held.iter().flat_map(|place| hunt.under(place)).collect();
        assert!(found.is_empty(), "{} word(s) in the clear:\n{}", found.len(), found.join("\n"));
        let said = std::fs::read_to_string(story.log()).unwrap();
        assert!(said.matches("answered").count() > 200, "the log says what was answered");

        // The search finds what is there: a careless column, a careless line.
        let mut japanese = words.iter().filter(|word| !word.is_ascii());
        let (column, line) = (japanese.next().unwrap(), japanese.next().unwrap());
        leak(kind, &story.database, column);
        std::fs::write(story.log(), format!("{said}\npost: {}", line.escape_unicode())).unwrap();
        let found: Vec<String> =
            story.held(server.as_ref()).iter().flat_map(|place| hunt.under(place)).collect();
        for word in [column, line] {
            assert!(found.iter().any(|line| line.contains(word.as_str())), "{word} was not found");
        }
        story.program.stop();
    });
}

/// What a careless column would do.
fn leak(kind: Kind, database: &str, word: &str) {
    let sql = format!("CREATE TABLE careless (note TEXT); INSERT INTO careless VALUES ('{word}')");
    match kind {
        Kind::Sqlite => SqliteConnection::establish(database).unwrap().batch_execute(&sql).unwrap(),
        Kind::Postgres => PgConnection::establish(database).unwrap().batch_execute(&sql).unwrap(),
    }
}

/// A region whose program runs as its operator runs it, logging all it can.
struct Story {
    database: String,
    folder: PathBuf,
    program: Running,
    ward: Ward,
    runtime: tokio::runtime::Runtime,
    garden: Garden,
}

impl Story {
    fn begin(database: String, folder: &Path) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let ward = runtime.block_on(Ward::build(&database));
        let keys_file = scratch::folder("keys").join("region.keys");
        keys::write(&keys_file, ward.house.keys()).unwrap();
        let data = folder.join("data").display().to_string();
        let (keys_file, log) = (keys_file.display().to_string(), folder.join("said.log"));
        let arguments =
            ["serve", "--port", "0", "--database", &database, "--keys", &keys_file, "--data", &data];
        let program = Running::start_with("", &[&arguments[..], &["--log", "trace"]].concat(), Some(&log));
        Self { database, folder: folder.to_owned(), program, ward, runtime, garden: Garden::default() }
    }

    fn log(&self) -> PathBuf {
        self.folder.join("said.log")
    }

    /// Everything a thief could carry away, as files.
    fn held(&self, server: Option<&Server>) -> Vec<PathBuf> {
        let backup = scratch::folder("backup");
        std::fs::write(backup.join("screen"), self.program.screen()).unwrap();
        match server {
            None => {
                let sql = format!("VACUUM INTO '{}'", backup.join("copy.db").display());
                SqliteConnection::establish(&self.database).unwrap().batch_execute(&sql).unwrap();
                let beside = Path::new(&self.database).parent().unwrap();
                let files = std::fs::read_dir(beside).unwrap().map(|file| file.unwrap().path());
                let wal = files.filter(|file| file.to_string_lossy().ends_with("-wal")).count();
                assert_eq!(wal, 1, "the write-ahead log is among what is searched");
                vec![beside.to_owned(), self.folder.clone(), backup]
            }
            Some(server) => {
                std::fs::write(backup.join("dump.sql"), postgres::dump(&self.database)).unwrap();
                server.checkpoint();
                assert!(server.folder().join("data/pg_wal").is_dir());
                vec![server.folder().to_owned(), self.folder.clone(), backup]
            }
        }
    }

    fn visitor(&self) -> Visitor {
        Visitor::of(&self.program.site)
    }

    fn signed_in(&self, name: &str) -> Visitor {
        let visitor = self.visitor();
        let door = visitor.get("/sign-in");
        visitor.send(&door, "サインインする", &[("name", name), ("password", PASSWORD)]).is(200);
        visitor
    }

    fn thread(&self) -> String {
        format!("/patients/{}", self.ward.tanaka)
    }

    fn hands(&self) -> Hands<'_> {
        let ward = &self.ward;
        Hands { house: &ward.house, patient: ward.tanaka, nurse: ward.ito, doctor: ward.sato }
    }

    /// Presses a button of a page with a word in every field.
    #[track_caller]
    fn send(&self, visitor: &Visitor, page: &Page, button: &str, own: &[(&str, &str)]) -> Page {
        self.garden.send(visitor, page, button, own, "")
    }

    #[track_caller]
    fn get(&self, visitor: &Visitor, path: &str) -> Page {
        self.garden.get(visitor, path, "")
    }

    /// Offices, invitations, accounts, tokens, and a patient of the newcomer.
    fn region(&self) {
        let admin = self.signed_in("nakamura");
        let page = self.get(&admin, "/admin");
        let office = self.send(&admin, &page, "事業所を加える", &[("kind", "nursing_station")]);
        let here = office.url.path().to_owned();
        let card = self.get(&admin, &format!("{here}/card"));
        self.send(&admin, &card, "情報を直す", &[]);
        let invited = self.send(
            &admin,
            &self.get(&admin, &here),
            "招待を作る",
            &[("profession", "visiting_nurse"), ("rank", "office_admin")],
        );
        let link = invited.texts("#fresh-link").concat();
        let path = link.split_once("/join/").expect("a link").1.to_owned();
        let newcomer = self.visitor();
        let form = self.get(&newcomer, &format!("/join/{path}"));
        let (name, secret) = (self.garden.word("sign_in", 99), self.garden.word("password", 99));
        let own = [("sign_in", name.as_str()), ("password", &secret), ("again", &secret)];
        let start = self.send(&newcomer, &form, "この内容で参加する", &own);
        let door = self.send(&newcomer, &start, "サインアウト", &[]);
        for visitor in [&newcomer, &self.visitor(), &self.visitor()] {
            let door = self.get(visitor, "/sign-in");
            self.send(visitor, &door, "サインインする", &[("name", &name), ("password", &secret)]);
        }
        assert_eq!(door.url.path(), "/sign-in");
        self.account(&newcomer, &secret);
        self.patient(&newcomer);
        let own = self.get(&newcomer, "/office");
        let invited = self.send(&newcomer, &own, "招待を作る", &[("profession", "visiting_nurse")]);
        self.send(&newcomer, &invited, "招待を取り消す", &[]);
        for button in ["利用を止める", "利用を再開する", "利用を止める"] {
            self.send(&admin, &self.get(&admin, &here), button, &[]);
        }
        self.send(&admin, &self.get(&admin, &here), "権限を変える", &[("rank", "member")]);
        let over = self.get(&admin, &link_of(&self.get(&admin, &here), "仕事を引き継ぐ"));
        self.send(&admin, &over, "すべて引き継ぐ", &[]);
        // Whoever is suspended can also be noted to have left.
        self.send(&admin, &self.get(&admin, &here), "退職にする", &[]);
        // What is searched for stands in an address: no log repeats it.
        self.get(&admin, &format!("/patients?q={}", self.garden.word("q", 99)));
    }

    fn account(&self, newcomer: &Visitor, secret: &str) {
        let page = self.get(newcomer, "/account");
        let kept = self.send(newcomer, &page, "表示を保存する", &[("lang", "ja")]);
        let made = self.send(newcomer, &kept, "鍵を作る", &[]);
        let ended = self.send(newcomer, &self.get(newcomer, made.url.path()), "使えなくする", &[]);
        let alone = self.send(newcomer, &ended, "サインアウトさせる", &[]);
        let offers = alone.forms();
        let others = offers.iter().find(|offer| offer.action.path() == "/account/sessions").unwrap();
        let alone = self.garden.send_offer(newcomer, others, ("", ""), &[], "");
        let new = self.garden.word("new", 99);
        self.send(newcomer, &alone, "パスワードを変える", &[("old", secret), ("new", &new)]);
    }

    /// The newcomer's own patient: registered, shut, opened again.
    fn patient(&self, newcomer: &Visitor) {
        let form = self.get(newcomer, "/patients/new");
        let own = [("birth", "1940-01-02"), ("allergies_state", "known"), ("method", "written")];
        let team = self.send(newcomer, &form, "同意を記録して登録する", &own);
        let shut = self.send(newcomer, &team, "撤回を記録して止める", &[]);
        self.send(newcomer, &shut, "同意を記録して再開する", &[("method", "written")]);
    }

    fn office_of(&self, person: PersonId) -> OfficeId {
        let house = &self.ward.house;
        let people =
            self.runtime.block_on(house.read(|reading| renkei::acts::views::house::people(reading, None)));
        people.unwrap().into_iter().find(|one| one.id == person).unwrap().office
    }

    /// Card, team and thread of 田中さん.
    fn record(&self) {
        let (nurse, doctor) = (self.signed_in("ito"), self.signed_in("sato"));
        let card = self.get(&nurse, &format!("{}/card", self.thread()));
        self.send(&nurse, &card, "情報を直す", &[("allergies_state", "known")]);
        let team = self.get(&nurse, &format!("{}/team", self.thread()));
        let matsumoto = self.ward.matsumoto.to_string();
        let team = self.send(&nurse, &team, "この人を加える", &[("person", &matsumoto)]);
        let unseats = format!("/team/{matsumoto}/end");
        let offers = team.forms();
        let offer = offers.iter().find(|offer| offer.action.path().ends_with(&unseats)).unwrap();
        self.garden.send_offer(&nurse, offer, ("", ""), &[], "");

        let thread = self.get(&nurse, &self.thread());
        let posted = self.send(&nurse, &thread, "送る", &[("kind", "report"), ("urgency", "now")]);
        let form = self.get(&nurse, link_of(&posted, "訂正する").as_str());
        let corrected = self.send(&nurse, &form, "訂正して送る", &[]);
        let opened = self.get(&doctor, &self.thread());
        self.send(&doctor, &opened, "了解", &[]);
        let form = self.get(&nurse, link_of(&corrected, "取り消す").as_str());
        self.send(&nurse, &form, "取り消す", &[]);
        let form = self.get(&nurse, &format!("{}/calls", self.thread()));
        self.send(&nurse, &form, "記録する", &[]);
    }

    /// Tasks, runs, proposals, asks and departures.
    fn plan(&self) {
        let (nurse, doctor) = (self.signed_in("ito"), self.signed_in("sato"));
        let plan = format!("{}/plan", self.thread());
        self.runtime.block_on(self.hands().device());
        let hash = self.ward.house.library().pathways.current("peg").unwrap().hash.clone();
        let running = self.send(&nurse, &self.get(&nurse, &plan), "このパスを始める", &[("pathway", &hash)]);
        let add = link_of(&running, "仕事を加える");
        self.send(&nurse, &self.get(&nurse, &add), "仕事を加える", &[]);
        self.runtime.block_on(self.hands().severe());
        let what_if = self.get(&nurse, &format!("{plan}/what-if"));
        self.send(&nurse, &what_if, "試す", &[]);
        let page = self.get(&nurse, &plan);
        self.send(&nurse, &page, "理由を付けて、行わない", &[("cause", "family")]);
        let state = self.runtime.block_on(self.hands().state());
        let variance = state.variances.iter().next().unwrap().id;
        let form = self.get(&nurse, &format!("{}/variances/{variance}", self.thread()));
        self.send(&nurse, &form, "理由を書く", &[]);
        let task = state.tasks.values().find(|task| task.role.code() == "visiting_nurse").unwrap().id;
        let form = self.get(&nurse, &format!("{}/tasks/{task}/skip", self.thread()));
        self.send(&nurse, &form, "理由を付けて、行わない", &[("cause", "family")]);
        self.send(&doctor, &self.get(&doctor, &plan), "返事をした", &[]);
        let happened = self.get(&nurse, &format!("{}/happenings", self.thread()));
        let now = self.ward.house.now().plus_seconds(-3600).zoned().strftime("%Y-%m-%dT%H:%M").to_string();
        let own = [("concept", "peg.removed_at"), ("at", now.as_str())];
        let told = self.send(&nurse, &happened, "記録する", &own);
        let ask = self.get(&nurse, &link_of(&told, "取り消す"));
        self.send(&nurse, &ask, "取り消す", &[]);
        for button in ["休む", "再開する", "休む"] {
            self.send(&nurse, &self.get(&nurse, &plan), button, &[]);
        }
        self.send(&nurse, &self.get(&nurse, &plan), "止める", &[]);

        // Each way of deciding, on a proposal of its own.
        self.runtime.block_on(self.hands().propose());
        let title = "臨死期と考える（日の単位）";
        let raise = |visitor: &Visitor| {
            self.send(visitor, &self.get(visitor, &plan), "この段階へ移る", &[("to", "dying")]);
        };
        self.send(&doctor, &self.get(&doctor, &plan), "今は進めない", &[]);
        raise(&nurse);
        let page = self.get(&nurse, &plan);
        let form = self.get(&nurse, link_of(&page, "電話などで聞いた決定を記録する").as_str());
        let sato = self.ward.sato.to_string();
        self.send(&nurse, &form, "決定を記録する", &[("behalf", &sato), ("verb", "decline")]);
        raise(&nurse);
        self.send(&doctor, &self.get(&doctor, &plan), title, &[]);
    }

    /// Into hospital and home again.
    fn stay(&self) {
        let nurse = self.signed_in("ito");
        let path = format!("{}/stay", self.thread());
        let hospital = self.ward.hospital.to_string();
        self.send(&nurse, &self.get(&nurse, &path), "入院を記録する", &[("hospital", &hospital)]);
        let soon = self.ward.house.now().plus_seconds(3 * 86_400).day().to_string();
        self.send(&nurse, &self.get(&nurse, &path), "退院予定日を記録する", &[("planned", &soon)]);
        self.send(&nurse, &self.get(&nurse, &path), "退院を記録する", &[]);
    }

    /// Pathways: drafted, proposed, turned down and confirmed, stopped, and all their runs at rest.
    fn library(&self) {
        let (doctor, admin) = (self.signed_in("sato"), self.signed_in("nakamura"));
        let draft = self.send(&doctor, &self.get(&doctor, "/library/new"), "原稿として入れる", &[]);
        let edit = self.get(&doctor, &format!("{}/edit", draft.url.path()));
        let draft = self.send(&doctor, &edit, "原稿を残す", &[]);
        self.send(&doctor, &draft, "原稿を消す", &[]);
        let draft = self.send(&doctor, &self.get(&doctor, "/pathways/peg"), "地域の版を作る", &[]);
        let story = self.get(&doctor, &format!("{}/stories", draft.url.path()));
        let told = self.send(&doctor, &story, "物語を残す", &[]);
        self.send(&doctor, &told, "物語を消す", &[]);
        let change = self.send(&doctor, &self.get(&doctor, draft.url.path()), "公開を申し出る", &[]);
        self.send(&admin, &self.get(&admin, change.url.path()), "見送る", &[]);
        let change = self.send(&doctor, &self.get(&doctor, draft.url.path()), "公開を申し出る", &[]);
        self.send(&admin, &self.get(&admin, change.url.path()), "確認して公開する", &[]);
        for (verb, button) in [
            ("stop", "新しく始めないようにする"),
            ("suspend", "動いているものをすべて止める"),
            ("resume", "止めたものを再開する"),
            ("allow", "また始められるようにする"),
        ] {
            let page = self.get(&admin, &format!("/pathways/peg/mark?verb={verb}"));
            self.send(&admin, &page, button, &[]);
        }
    }

    /// Every shipped form: typed, drafted, dropped, signed, corrected, and moved through each of its moves
    /// that asks for words.
    fn letters(&self) {
        let ward = &self.ward;
        self.runtime.block_on(seat(&ward.house, ward.ito, ward.tanaka, ward.takahashi, SeatRole::Member));
        let library = ward.house.library();
        for form in library.current_forms() {
            let signer = Signer::of(self, form);
            let sheet = self.type_into(form, &signer);
            for field in form.fields.values() {
                assert!(words_planted(&self.garden, form, field), "{}: {}", form.code, field.code);
            }
            signer.browser.get(&sheet);
            let letter = self.sign(form, &signer, LetterId::new());
            self.correct(form, &signer, letter);
            let asking: Vec<&Move> =
                form.workflow.moves.iter().filter(|step| asks_words(form, step)).collect();
            for step in asking {
                self.walk_to(form, &signer, step);
            }
        }
    }

    /// A word in every field of the sheet, through the page, its draft, and the button that drops it.
    fn type_into(&self, form: &Form, signer: &Signer) -> String {
        let begin = format!("{}/letters", self.thread());
        let letters = self.get(&signer.browser, &begin);
        self.garden.see(&letters, "");
        let page = self.garden.send(&signer.browser, &letters, &form.code, &[], &form.code);
        let offers = page.forms();
        let offer = offers.iter().find(|offer| offer.action.path().ends_with("/edit")).unwrap();
        let filled = self.garden.fill(offer, ("verb", "save"), &[], &form.code);
        let answer = signer.browser.submit(&filled);
        assert!([200, 422].contains(&answer.status), "{answer}");
        let drafts = offer.action.path().replace("/edit", "/draft");
        signer.browser.raw("POST", &drafts, Some(filled.body()), &[]).is(204);
        for name in ["letter_edit", "letter_draft"] {
            self.garden.also_sent(name);
        }
        let again = signer.browser.get(offer.action.path());
        self.garden.send(&signer.browser, &again, "下書きを捨てる", &[], &form.code);
        begin
    }

    /// Signs through the JSON face, every field answered as the flaws ask for.
    fn sign(&self, form: &Form, signer: &Signer, letter: LetterId) -> LetterId {
        let mut answers = serde_json::Map::new();
        for field in form.fields.values() {
            answers.extend(
                self.answer(field).filter(|_| takes_words(field)).map(|value| (field.code.clone(), value)),
            );
        }
        let path = format!("/api/v1{}/letters/{letter}/sign", self.thread());
        for round in 0..20 {
            let body = json!({ "entry": EntryId::new(), "form": form.code, "answers": answers,
                               "to_office": signer.to });
            let page = ask(&self.visitor(), &signer.token, "POST", &path, Some(&body.to_string()));
            if page.status == 204 {
                return letter;
            }
            let problem: Value = serde_json::from_str(&page.body).unwrap();
            assert_eq!(page.status, 422, "{}: {page}", form.code);
            for flaw in problem["flaws"].as_array().unwrap() {
                let code = flaw["field"].as_str().unwrap();
                self.mend(form, &mut answers, code, round);
            }
        }
        panic!("{} cannot be signed with {answers:?}", form.code);
    }

    /// Answers what a flaw names; what is wrong in a later round gets another answer, becomes 不明, or goes.
    fn mend(&self, form: &Form, answers: &mut serde_json::Map<String, Value>, code: &str, round: usize) {
        let head = code.split('.').next().unwrap();
        let field = form.fields.get(head).unwrap_or_else(|| panic!("{}: a flaw of {code:?}", form.code));
        let now = self.ward.house.now();
        let day = |days: i64| json!(now.plus_seconds(days * 86_400).day().to_string());
        let value = match (&field.shape, answers.contains_key(head)) {
            (_, false) => self.answer(field),
            (Shape::Date, true) => Some(day([7, -7, 30, -30, 0][round % 5])),
            (Shape::Choice(choices), true) => choices.get(round % choices.len()).map(|one| one.value.clone()),
            (_, true) if field.may_be_unknown => Some(json!({ "unknown": true })),
            (_, true) => None,
        };
        match value {
            Some(value) => answers.insert(head.to_owned(), value),
            None => answers.remove(head),
        };
    }

    /// An answer of the field's shape.
    fn answer(&self, field: &Field) -> Option<Value> {
        let today = self.ward.house.now().day();
        Some(match &field.shape {
            Shape::Text { max } => json!(self.garden.word(&field.code, *max)),
            Shape::Number { min, .. } => json!(min.unwrap_or(1.0) as i64),
            Shape::Date => json!(today.to_string()),
            Shape::Time => json!("10:00"),
            Shape::Moment => json!(format!("{today}T10:00")),
            Shape::Tick => json!(true),
            Shape::Choice(choices) => choices.first()?.value.clone(),
            Shape::Many { choices, .. } => json!([choices.first()?.value]),
            Shape::Rows { columns, .. } => {
                let row =
                    columns.iter().filter_map(|column| Some((column.code.clone(), self.answer(column)?)));
                json!([row.collect::<serde_json::Map<_, _>>()])
            }
            Shape::Sum(_) => return None,
        })
    }

    /// A correction of the signed text, with its reason.
    fn correct(&self, form: &Form, signer: &Signer, letter: LetterId) {
        let page = signer.browser.get(&format!("/letters/{letter}/amend"));
        if page.status == 403 {
            return; // A form that is over at once is not corrected.
        }
        let check = signer.browser.send(page.is(200), "内容を確かめる", &[]);
        self.garden.see(&check, &form.code);
        let button = check.texts("form.card button").pop().unwrap();
        self.garden.send(&signer.browser, &check, &button, &[], &form.code);
        assert!(!form.workflow.moves.is_empty());
    }

    /// A letter of its own, moved from state to state until the move that asks for words can be made.
    fn walk_to(&self, form: &Form, signer: &Signer, wanted: &Move) {
        let letter = self.sign(form, signer, LetterId::new());
        let signs = form.workflow.moves.iter().find(|step| step.signs).unwrap();
        for step in way(form, &signs.to, wanted) {
            let made = [&signer.browser, &signer.receiver].into_iter().any(|visitor| {
                let page = visitor.get(&format!("/letters/{letter}"));
                if page.status != 200 {
                    return false;
                }
                self.garden.see(&page, &form.code);
                let offers = page.forms();
                let presses = |offer: &&crate::support::visitor::Offer| {
                    offer.buttons.iter().any(|(_, name, value)| name == "move" && *value == step.code)
                };
                let Some(offer) = offers.iter().find(presses) else { return false };
                let told = self.told(offer, signer);
                let told: Vec<(&str, &str)> =
                    told.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                self.garden.send_offer(visitor, offer, ("move", &step.code), &told, &form.code);
                true
            });
            assert!(made, "{}: nobody is offered {}", form.code, step.code);
        }
    }

    /// What a move asks beside words.
    fn told(&self, offer: &crate::support::visitor::Offer, signer: &Signer) -> Vec<(String, String)> {
        let today = self.ward.house.now().day().to_string();
        let mut told: BTreeMap<String, String> = BTreeMap::new();
        for control in &offer.controls {
            let value = match control.kind.as_str() {
                _ if control.name == "to_office" => signer.to.to_string(),
                "date" => today.clone(),
                "radio" | "checkbox" if control.name.ends_with(".unknown") => continue,
                "radio" | "checkbox" => control.offers.first().cloned().unwrap(),
                "select" => control.offers.iter().find(|value| !value.is_empty()).cloned().unwrap(),
                _ => continue,
            };
            told.entry(control.name.clone()).or_insert(value);
        }
        told.into_iter().collect()
    }

    /// The last of what may be sent.
    fn ends(&self) {
        let nurse = self.signed_in("ito");
        let page = self.get(&nurse, "/account");
        self.send(&nurse, &page, "表示を保存する", &[("lang", "ja")]);
        let door = self.visitor();
        let page = self.get(&door, "/sign-in");
        let offers = page.forms();
        let reading = offers.iter().find(|offer| offer.action.path() == "/reading").expect("switches");
        let (_, name, value) = reading.buttons.first().unwrap();
        self.garden.send_offer(&door, reading, (name, value), &[], "");
    }
}

fn link_of(page: &Page, words: &str) -> String {
    let link = page.link(words);
    link.query().map_or_else(|| link.path().to_owned(), |query| format!("{}?{query}", link.path()))
}

fn takes_words(field: &Field) -> bool {
    matches!(field.shape, Shape::Text { .. }) || field.columns().iter().any(takes_words)
}

/// Whether each field of words, and each column of words, got its word on the page.
fn words_planted(garden: &Garden, form: &Form, field: &Field) -> bool {
    let columns = field.columns().iter().filter(|column| takes_words(column));
    let mut rows = columns.map(|column| garden.has(&form.code, &format!("{}.#.{}", field.code, column.code)));
    match field.shape {
        Shape::Text { .. } => garden.has(&form.code, &field.code),
        _ => rows.all(|planted| planted),
    }
}

fn asks_words(form: &Form, step: &Move) -> bool {
    let asked = step.needs.iter().chain(&step.may);
    asked.filter_map(|code| form.workflow.asks.get(code)).any(takes_words)
}

/// The moves from a state to one that the wanted move can be made from, and the wanted one itself.
fn way<'a>(form: &'a Form, from: &str, wanted: &'a Move) -> Vec<&'a Move> {
    let mut seen = BTreeSet::from([from.to_owned()]);
    let mut ways = VecDeque::from([(from.to_owned(), Vec::new())]);
    while let Some((state, mut way)) = ways.pop_front() {
        if wanted.from.contains(&state) {
            way.push(wanted);
            return way;
        }
        for step in form
            .workflow
            .moves
            .iter()
            .filter(|step| step.from.contains(&state) && !step.signs && step.with_form.is_none())
        {
            if form.workflow.state(&step.to).is_some() && seen.insert(step.to.clone()) {
                ways.push_back((step.to.clone(), way.iter().copied().chain([step]).collect()));
            }
        }
    }
    panic!("{}: no way leads to {}", form.code, wanted.code);
}

/// Who signs a form, and who receives it.
struct Signer {
    browser: Visitor,
    receiver: Visitor,
    token: String,
    to: OfficeId,
}

impl Signer {
    fn of(story: &Story, form: &Arc<Form>) -> Self {
        let ward = &story.ward;
        let team = [
            ("ito", ward.ito),
            ("sato", ward.sato),
            ("hayashi", ward.hayashi),
            ("takahashi", ward.takahashi),
        ];
        let profession = |person: PersonId| {
            let house = &ward.house;
            let people = story
                .runtime
                .block_on(house.read(|reading| renkei::acts::views::house::people(reading, None)));
            people.unwrap().into_iter().find(|one| one.id == person).unwrap().profession
        };
        let signs = form.workflow.moves.iter().find(|step| step.signs).unwrap();
        let may = |person: PersonId| {
            let profession = profession(person);
            let listed = |list: &[_]| list.is_empty() || list.contains(&profession);
            listed(&form.signers) && listed(&signs.professions)
        };
        let (name, person) = *team.iter().find(|(_, person)| may(*person)).expect("someone signs");
        let (receiver, receives) =
            if name == "hayashi" { ("sato", ward.sato) } else { ("hayashi", ward.hayashi) };
        let added = ward.house.add_token(person, "story", &["read", "write"], 30);
        Self {
            browser: story.signed_in(name),
            receiver: story.signed_in(receiver),
            token: story.runtime.block_on(added).unwrap().1,
            to: story.office_of(receives),
        }
    }
}
