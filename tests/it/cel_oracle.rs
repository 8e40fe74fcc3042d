//! Conditions whose facts are all known mean what they mean in CEL: random typed conditions are asked of
//! our evaluator and of the `cel` crate, each in its own tongue. CEL knows no facts with histories, so what
//! it has no function for is told with its own means: a window is a filtered list, days are counted from
//! timestamps. To trust the silence, the same search is run with each construct told wrongly on purpose.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use cel::parser::PrattParser;
use jiff::SignedDuration;
use jiff::Timestamp;
use renkei::expr::Decls;
use renkei::expr::Expr;
use renkei::expr::Facts;
use renkei::expr::Kind;
use renkei::expr::Origin;
use renkei::expr::SOURCE_MAX;
use renkei::expr::Seen;
use renkei::expr::Tri;
use renkei::expr::Value;

use crate::support::dice::Dice;

/// Midnight in Tokyo is 15:00 the day before in Greenwich: an evening shows when the two are confused.
const NOW: &str = "2026-11-22T20:30:00+09:00";
const CASES: u64 = 2_000;

/// Ways to tell a condition wrongly; a search that misses one of them proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slip {
    And,
    Or,
    Not,
    Equal,
    Less,
    AtMost,
    Plus,
    Minus,
    Sign,
    OneOf,
    Holds,
    Days,
    Hours,
    Age,
    Fresh,
    Present,
    Change,
    Any,
    All,
    Count,
    AtLeast,
}

const SLIPS: [Slip; 21] = [
    Slip::And,
    Slip::Or,
    Slip::Not,
    Slip::Equal,
    Slip::Less,
    Slip::AtMost,
    Slip::Plus,
    Slip::Minus,
    Slip::Sign,
    Slip::OneOf,
    Slip::Holds,
    Slip::Days,
    Slip::Hours,
    Slip::Age,
    Slip::Fresh,
    Slip::Present,
    Slip::Change,
    Slip::Any,
    Slip::All,
    Slip::Count,
    Slip::AtLeast,
];

/// The same part of a condition in both tongues.
#[derive(Debug, Clone)]
struct Told {
    ours: String,
    cel: String,
}

impl Told {
    fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { ours: text.clone(), cel: text }
    }

    fn two(ours: impl Into<String>, cel: impl Into<String>) -> Self {
        Self { ours: ours.into(), cel: cel.into() }
    }

    fn joined(self, sign: &str, cel_sign: &str, other: &Self) -> Self {
        Self {
            ours: format!("{} {sign} {}", self.ours, other.ours),
            cel: format!("{} {cel_sign} {}", self.cel, other.cel),
        }
    }

    fn in_brackets(self) -> Self {
        Self { ours: format!("({})", self.ours), cel: format!("({})", self.cel) }
    }

    fn behind(self, sign: &str, cel_sign: &str) -> Self {
        Self { ours: format!("{sign}{}", self.ours), cel: format!("{cel_sign}{}", self.cel) }
    }
}

/// A patient about whom everything is known, to us as facts and to CEL as expressions that make them.
struct Patient {
    decls: Decls,
    seen: BTreeMap<String, Vec<(Value, Origin)>>,
    cel: Vec<(String, String)>,
}

impl Facts for Patient {
    fn latest(&self, name: &str) -> Option<Seen<'_>> {
        self.history(name).pop()
    }

    fn history(&self, name: &str) -> Vec<Seen<'_>> {
        let all = self.seen.get(name).into_iter().flatten();
        all.map(|(value, origin)| Seen { value, origin: Some(*origin), stale_at: None }).collect()
    }

    fn done(&self, task: &str) -> bool {
        task == "first-visit"
    }
}

const GRADES: [&str; 3] = ["none", "mild", "severe"];
const PROCEDURES: [&str; 3] = ["peg", "drip", "oxygen"];
const DATES: [&str; 2] = ["placed_on", "planned_on"];
const MOMENTS: [&str; 2] = ["removed_at", "called_at"];
const BOOLS: [&str; 2] = ["alone", "bed_bound"];
const HISTORY: &str = "residual";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

impl Patient {
    fn of(dice: &mut Dice) -> Self {
        let mut patient = Self { decls: Decls::default(), seen: BTreeMap::new(), cel: Vec::new() };
        patient.cel.push(("now".to_owned(), format!("timestamp('{NOW}')")));
        patient.decls.tasks = ["first-visit", "second-visit"].map(str::to_owned).into();
        let codes = |codes: [&str; 3]| codes.map(str::to_owned).to_vec();
        for name in BOOLS {
            let truth = dice.once_in(2);
            patient.states(name, Kind::Bool, Value::Bool(truth), truth.to_string());
        }
        for name in ["nrs", "pps"] {
            let number = quarter(dice);
            patient.states(name, Kind::Number { unit: None }, Value::Number(number), format!("{number:?}"));
        }
        let whole = dice.between(-4, 12);
        patient.states(
            "calls",
            Kind::Number { unit: Some("1".to_owned()) },
            Value::Number(whole as f64),
            whole.to_string(),
        );
        for name in ["skin", "mouth"] {
            let grade = dice.pick(&GRADES);
            let kind = Kind::Enum { values: codes(GRADES) };
            patient.states(name, kind, Value::Text(grade.to_owned()), format!("'{grade}'"));
        }
        let note = dice.pick(&["", "胃ろう", "it's \\ ok"]);
        let quoted = note.replace('\\', "\\\\").replace('\'', "\\'");
        patient.states("note", Kind::Text, Value::Text(note.to_owned()), format!("'{quoted}'"));
        let some: Vec<String> =
            PROCEDURES.into_iter().filter(|_| dice.once_in(2)).map(str::to_owned).collect();
        let listed = format!("{some:?}");
        patient.states("procedures", Kind::Set { values: codes(PROCEDURES) }, Value::Set(some), listed);
        patient.times(dice);
        patient.measures(dice);
        patient
    }

    fn times(&mut self, dice: &mut Dice) {
        for name in DATES {
            let day = jiff::civil::date(2026, 11, 22) + jiff::Span::new().days(dice.between(-10, 10));
            self.states(name, Kind::Date, Value::Date(day), format!("timestamp('{day}T00:00:00Z')"));
        }
        let birth = jiff::civil::date(1940, 1, 1) + jiff::Span::new().days(dice.between(0, 400));
        let birth = if dice.once_in(3) { jiff::civil::date(1940, 11, 22) } else { birth };
        self.states("birth_date", Kind::Date, Value::Date(birth), format!("timestamp('{birth}T00:00:00Z')"));
        for name in MOMENTS {
            let minutes = dice.pick(&[300, 6_000]);
            let at = now() - SignedDuration::from_mins(dice.between(0, minutes));
            self.states(name, Kind::Instant, Value::Instant(at), format!("timestamp('{at}')"));
        }
        let (minutes, kind) = (dice.between(-100, 3_000), Kind::Duration);
        let stay = format!("{}PT{}M", if minutes < 0 { "-" } else { "" }, minutes.abs());
        self.states("stay", kind, Value::Duration(stay.parse().unwrap()), format!("duration('{minutes}m')"));
    }

    /// One fact was measured again and again, at least twice within the last day.
    fn measures(&mut self, dice: &mut Dice) {
        let mut hours: Vec<i64> = (0..dice.between(0, 6)).map(|_| dice.between(24, 400)).collect();
        hours.extend([dice.between(12, 23), dice.between(0, 11)]);
        hours.sort_unstable();
        let mut listed = Vec::new();
        for ago in hours.into_iter().rev() {
            let (at, number) = (now() - SignedDuration::from_hours(ago), quarter(dice));
            let origin = Origin { at, by: None, profession: None, entry: None };
            self.seen.entry(HISTORY.to_owned()).or_default().push((Value::Number(number), origin));
            listed.push(format!("{{'at': timestamp('{at}'), 'value': {number:?}}}"));
        }
        self.decls.facts.insert(HISTORY.to_owned(), Kind::Number { unit: Some("mL".to_owned()) });
        self.cel.push((HISTORY.to_owned(), format!("[{}]", listed.join(", "))));
    }

    fn states(&mut self, name: &str, kind: Kind, value: Value, cel: String) {
        let origin =
            Origin { at: now() - SignedDuration::from_hours(30), by: None, profession: None, entry: None };
        self.decls.facts.insert(name.to_owned(), kind);
        self.seen.insert(name.to_owned(), vec![(value, origin)]);
        self.cel.push((name.to_owned(), cel));
    }

    /// The same facts as CEL's variables, and the names that are known as one more.
    fn context(&self) -> cel::Context<'static, 'static> {
        let mut context = cel::Context::default();
        for (name, source) in &self.cel {
            let value = answer(source, &context).unwrap_or_else(|error| panic!("{source}: {error}"));
            context.add_variable_from_value(name.clone(), value);
        }
        let known: Vec<String> = self.cel.iter().map(|(name, _)| format!("'{name}': true")).collect();
        let known = answer(&format!("{{{}}}", known.join(", ")), &context).unwrap();
        context.add_variable_from_value("known", known);
        context
    }
}

/// A quarter is exact in binary, so that sums are exact in both.
fn quarter(dice: &mut Dice) -> f64 {
    dice.between(-40, 40) as f64 / 4.0
}

fn answer(source: &str, context: &cel::Context<'_, '_>) -> Result<cel::Value, String> {
    let tree = PrattParser::default().parse(source).map_err(|error| error.to_string())?;
    context.resolve(&tree).map_err(|error| error.to_string())
}

/// Tells random conditions in both tongues.
struct Teller<'a> {
    dice: &'a mut Dice,
    slip: Option<Slip>,
    /// What was told, to see that nothing was left out.
    told: BTreeSet<&'static str>,
}

impl Teller<'_> {
    fn slips(&self, slip: Slip) -> bool {
        self.slip == Some(slip)
    }

    /// The sign as CEL is told it.
    fn sign(&mut self, slip: Slip, right: &'static str, wrong: &'static str) -> &'static str {
        self.told.insert(right);
        if self.slips(slip) { wrong } else { right }
    }

    /// A truth; `deep` more levels may follow.
    fn truth(&mut self, deep: usize) -> Told {
        match if deep == 0 { 4 + self.dice.roll(16) } else { self.dice.roll(12) } {
            0 | 1 => self.chain("&&", Slip::And, "||", deep),
            2 => self.chain("||", Slip::Or, "&&", deep),
            3 => {
                let inner = self.truth(deep - 1).in_brackets();
                let sign = self.sign(Slip::Not, "!", "");
                inner.behind("!", sign)
            }
            4 if deep > 0 => self.at_least(deep),
            5 => self.choices(),
            6 => self.one_of(),
            7 => self.holds(),
            8 => self.numbers(),
            9 => self.measured(),
            10 => self.windows(),
            11 => self.times(),
            12 => self.lengths(),
            13 | 16 | 17 => self.since(),
            14 => self.known(),
            15 => self.text(),
            _ => self.plain(),
        }
    }

    /// `a && b || c` without brackets, so that both must bind alike.
    fn chain(&mut self, sign: &'static str, slip: Slip, wrong: &'static str, deep: usize) -> Told {
        let mut whole = self.truth(deep - 1);
        for _ in 0..self.dice.between(1, 2) {
            let next = self.truth(deep - 1);
            let cel_sign = self.sign(slip, sign, wrong);
            whole = whole.joined(sign, cel_sign, &next);
        }
        if self.dice.once_in(2) { whole.in_brackets() } else { whole }
    }

    fn at_least(&mut self, deep: usize) -> Told {
        self.told.insert("at_least");
        let parts: Vec<Told> = (0..self.dice.between(1, 3)).map(|_| self.truth(deep - 1)).collect();
        let count = self.dice.roll(parts.len()) + 1;
        let needed = if self.slips(Slip::AtLeast) { count - 1 } else { count };
        let ours: Vec<&str> = parts.iter().map(|part| part.ours.as_str()).collect();
        let cel: Vec<String> = parts.iter().map(|part| format!("(({}) ? 1 : 0)", part.cel)).collect();
        Told::two(
            format!("at_least({count}, [{}])", ours.join(", ")),
            format!("({}) >= {needed}", cel.join(" + ")),
        )
    }

    fn plain(&mut self) -> Told {
        match self.dice.roll(4) {
            0 => Told::same(if self.dice.once_in(2) { "true" } else { "false" }),
            1 => {
                let name = self.dice.pick(&BOOLS);
                let sign = self.sign(Slip::Not, "!", "");
                Told::same(name).behind("!", sign)
            }
            2 => {
                let (left, right) = (self.dice.pick(&BOOLS), self.dice.pick(&["alone", "true", "false"]));
                let sign = self.sign(Slip::Equal, "==", "!=");
                Told::same(left).joined("==", sign, &Told::same(right))
            }
            _ => Told::same(self.dice.pick(&BOOLS)),
        }
    }

    fn compared(&mut self, left: Told, right: &Told) -> Told {
        let (sign, wrong, slip) = self.dice.pick(&[
            ("==", "!=", Slip::Equal),
            ("!=", "==", Slip::Equal),
            ("<", "<=", Slip::Less),
            (">", ">=", Slip::Less),
            ("<=", "<", Slip::AtMost),
            (">=", ">", Slip::AtMost),
        ]);
        let cel_sign = self.sign(slip, sign, wrong);
        left.joined(sign, cel_sign, right)
    }

    fn choices(&mut self) -> Told {
        let left = Told::same(self.dice.pick(&["skin", "mouth"]));
        let right = match self.dice.roll(3) {
            0 => "mouth".to_owned(),
            _ => format!("'{}'", self.dice.pick(&GRADES)),
        };
        let (sign, wrong) = self.dice.pick(&[("==", "!="), ("!=", "==")]);
        let cel_sign = self.sign(Slip::Equal, sign, wrong);
        left.joined(sign, cel_sign, &Told::same(right))
    }

    fn text(&mut self) -> Told {
        let text = self.dice.pick(&["''", "\"胃ろう\"", "'it\\'s \\\\ ok'", "\"it's \\\\ ok\""]);
        let sign = self.sign(Slip::Equal, "==", "!=");
        Told::same("note").joined("==", sign, &Told::same(text))
    }

    fn one_of(&mut self) -> Told {
        self.told.insert("in list");
        let name = self.dice.pick(&["skin", "mouth"]);
        let listed: Vec<String> =
            (0..self.dice.between(1, 2)).map(|_| format!("'{}'", self.dice.pick(&GRADES))).collect();
        let one = Told::same(format!("{name} in [{}]", listed.join(", ")));
        if self.slips(Slip::OneOf) { Told::two(one.ours, format!("!({})", one.cel)) } else { one }
    }

    fn holds(&mut self) -> Told {
        self.told.insert("in set");
        let code = self.dice.pick(&PROCEDURES);
        let holds = Told::same(format!("'{code}' in procedures"));
        if self.slips(Slip::Holds) { Told::two(holds.ours, format!("!({})", holds.cel)) } else { holds }
    }

    fn numbers(&mut self) -> Told {
        let (left, right) = (self.number(2), self.number(2));
        self.compared(left, &right)
    }

    /// A sum of numbers without a unit; CEL adds only doubles to doubles.
    fn number(&mut self, deep: usize) -> Told {
        match self.dice.roll(if deep == 0 { 3 } else { 6 }) {
            0 | 1 => Told::same(self.dice.pick(&["nrs", "pps"])),
            2 => self.written(),
            3 => {
                let inner = self.number(deep - 1).in_brackets();
                let sign = self.sign(Slip::Sign, "-", "");
                self.told.insert("minus sign");
                inner.behind("-", sign)
            }
            4 => {
                let (left, right) = (self.number(deep - 1), self.number(deep - 1));
                let sign = self.sign(Slip::Plus, "+", "-");
                left.joined("+", sign, &right)
            }
            _ => {
                let (left, right) = (self.number(deep - 1), self.number(deep - 1));
                let sign = self.sign(Slip::Minus, "-", "+");
                left.joined("-", sign, &right)
            }
        }
    }

    fn written(&mut self) -> Told {
        let number = self.dice.between(0, 40) as f64 / 4.0;
        Told::two(number.to_string(), format!("{number:?}"))
    }

    /// Counts and measures: whole numbers, and the latest of many with its unit.
    fn measured(&mut self) -> Told {
        if self.dice.once_in(2) {
            let right = Told::same(self.dice.between(-4, 12).to_string());
            return self.compared(Told::same("calls"), &right);
        }
        let latest = Told::two(HISTORY, format!("{HISTORY}[size({HISTORY}) - 1].value"));
        let limit = self.written();
        self.compared(latest, &limit)
    }

    fn windows(&mut self) -> Told {
        let days = self.dice.between(1, 17);
        let within = format!("h.at <= now && h.at + duration('{}h') > now", days * 24);
        let limit = self.written();
        let sign = self.dice.pick(&["<", ">=", "!="]);
        let (test, cel_test) = (format!("it {sign} {}", limit.ours), format!("h.value {sign} {}", limit.cel));
        match self.dice.roll(4) {
            0 => {
                self.told.insert("any");
                let over = if self.slips(Slip::Any) { "all" } else { "exists" };
                Told::two(
                    format!("any({HISTORY}, 'P{days}D', {test})"),
                    format!("{HISTORY}.filter(h, {within}).{over}(h, {cel_test})"),
                )
            }
            1 => {
                self.told.insert("all");
                let over = if self.slips(Slip::All) { "exists" } else { "all" };
                Told::two(
                    format!("all({HISTORY}, 'P{days}D', {test})"),
                    format!("{HISTORY}.filter(h, {within}).{over}(h, {cel_test})"),
                )
            }
            2 => {
                self.told.insert("count");
                let within = if self.slips(Slip::Count) { "true".to_owned() } else { within };
                let count = Told::two(
                    format!("count({HISTORY}, 'P{days}D', {test})"),
                    format!("size({HISTORY}.filter(h, {within}).filter(h, {cel_test}))"),
                );
                let limit = Told::same(self.dice.between(0, 6).to_string());
                self.compared(count, &limit)
            }
            _ => {
                self.told.insert("change");
                let window = format!("{HISTORY}.filter(h, {within})");
                let (last, first) =
                    (format!("{window}[size({window}) - 1].value"), format!("{window}[0].value"));
                let sign = if self.slips(Slip::Change) { "+" } else { "-" };
                let change =
                    Told::two(format!("change({HISTORY}, 'P{days}D')"), format!("({last} {sign} {first})"));
                let limit = self.written();
                self.compared(change, &limit)
            }
        }
    }

    /// Days with days, moments with moments; each may have a length added or taken away.
    fn times(&mut self) -> Told {
        let (left, right) =
            if self.dice.once_in(2) { (self.day(), self.day()) } else { (self.moment(), self.moment()) };
        self.compared(left, &right)
    }

    fn day(&mut self) -> Told {
        let day = match self.dice.roll(3) {
            0 => {
                let day = format!("2026-11-{:02}", self.dice.between(1, 30));
                Told::two(format!("date('{day}')"), format!("timestamp('{day}T00:00:00Z')"))
            }
            _ => Told::same(self.dice.pick(&DATES)),
        };
        let days = self.dice.between(0, 20);
        let length = Told::two(format!("duration('P{days}D')"), format!("duration('{}h')", days * 24));
        self.moved(day, &length)
    }

    fn moment(&mut self) -> Told {
        let moment = match self.dice.roll(3) {
            0 => {
                let (day, hour) = (self.dice.between(18, 23), self.dice.between(0, 23));
                Told::same(format!("timestamp('2026-11-{day}T{hour:02}:15:00+09:00')"))
            }
            _ => Told::same(self.dice.pick(&MOMENTS)),
        };
        let length = self.length();
        self.moved(moment, &length)
    }

    fn moved(&mut self, time: Told, length: &Told) -> Told {
        match self.dice.roll(4) {
            0 => {
                let sign = self.sign(Slip::Plus, "+", "-");
                time.joined("+", sign, length)
            }
            1 => {
                let sign = self.sign(Slip::Minus, "-", "+");
                time.joined("-", sign, length)
            }
            2 if self.slip.is_none() => length.clone().joined("+", "+", &time),
            _ => time,
        }
    }

    fn lengths(&mut self) -> Told {
        self.told.insert("lengths");
        let (one, two, three) = (self.length(), self.length(), self.length());
        let sign = self.sign(Slip::Plus, "+", "-");
        let sum = one.joined("+", sign, &two);
        self.compared(sum, &three)
    }

    fn length(&mut self) -> Told {
        match self.dice.roll(4) {
            0 => Told::same("stay"),
            1 => {
                let minutes = self.dice.between(0, 3_000);
                Told::two(format!("duration('PT{minutes}M')"), format!("duration('{minutes}m')"))
            }
            2 => {
                let (days, hours) = (self.dice.between(0, 3), self.dice.between(0, 23));
                let cel = format!("duration('{}h')", days * 24 + hours);
                Told::two(format!("duration('P{days}DT{hours}H')"), cel)
            }
            _ => Told::two("duration('-P1D')", "duration('-24h')"),
        }
    }

    fn since(&mut self) -> Told {
        let count = match self.dice.roll(4) {
            0 => {
                self.told.insert("days_since a day");
                let name = self.dice.pick(&DATES);
                let today = if self.slips(Slip::Days) { "2026-11-21" } else { "2026-11-22" };
                let today = format!("timestamp('{today}T00:00:00Z')");
                Told::two(format!("days_since({name})"), format!("({today} - {name}).getHours() / 24"))
            }
            1 => {
                self.told.insert("days_since a moment");
                let name = self.dice.pick(&MOMENTS);
                let zone = if self.slips(Slip::Days) { "UTC" } else { "Asia/Tokyo" };
                let day = |of: &str| format!("{of}.getDayOfYear('{zone}')");
                Told::two(format!("days_since({name})"), format!("{} - {}", day("now"), day(name)))
            }
            2 => {
                self.told.insert("hours_since");
                let name = self.dice.pick(&MOMENTS);
                let more = if self.slips(Slip::Hours) { " + 1" } else { "" };
                Told::two(format!("hours_since({name})"), format!("(now - {name}).getHours(){more}"))
            }
            _ => {
                self.told.insert("age");
                let day = |of: &str| format!("({of}.getMonth() * 31 + {of}.getDate())");
                let sign = if self.slips(Slip::Age) { "<=" } else { "<" };
                let before = format!("({} {sign} {} ? 1 : 0)", day("now"), day("birth_date"));
                Told::two("age()", format!("(now.getFullYear() - birth_date.getFullYear() - {before})"))
            }
        };
        let age = count.ours == "age()";
        let limit =
            Told::same(if age { self.dice.between(84, 87) } else { self.dice.between(-3, 8) }.to_string());
        self.compared(count, &limit)
    }

    fn known(&mut self) -> Told {
        match self.dice.roll(3) {
            0 => {
                self.told.insert("present");
                let name = self.dice.pick(&["skin", "residual", "height", "weight"]);
                let not = if self.slips(Slip::Present) { "!" } else { "" };
                Told::two(format!("present({name})"), format!("{not}has(known.{name})"))
            }
            1 => {
                self.told.insert("fresh");
                let hours = self.dice.pick(&[29, 30, 31]);
                let sign = if self.slips(Slip::Fresh) { "<=" } else { "<" };
                let last = "timestamp('2026-11-21T14:30:00+09:00')";
                Told::two(
                    format!("fresh(skin, 'PT{hours}H')"),
                    format!("now - {last} {sign} duration('{hours}h')"),
                )
            }
            _ => {
                self.told.insert("done");
                let (task, done) = self.dice.pick(&[("first-visit", "true"), ("second-visit", "false")]);
                Told::two(format!("done('{task}')"), done)
            }
        }
    }
}

/// What a search found.
#[derive(Default)]
struct Search {
    asked: usize,
    hold: usize,
    differ: Vec<String>,
    /// What CEL could not answer; with a slip, sums of the wrong kinds.
    stuck: Vec<String>,
    told: BTreeSet<&'static str>,
}

fn search(slip: Option<Slip>, seeds: std::ops::Range<u64>) -> Search {
    let mut search = Search::default();
    for seed in seeds {
        let mut dice = Dice(seed);
        let mut patient = Patient::of(&mut dice);
        for never in ["height", "weight"] {
            patient.decls.facts.insert(never.to_owned(), Kind::Number { unit: None });
        }
        let context = patient.context();
        for _ in 0..4 {
            let mut teller = Teller { dice: &mut dice, slip, told: BTreeSet::new() };
            let deep = teller.dice.roll(4);
            let told = teller.truth(deep);
            if told.ours.len() > SOURCE_MAX {
                continue;
            }
            search.told.append(&mut teller.told);
            search.compare(seed, &told, &patient, &context);
        }
    }
    search
}

impl Search {
    fn compare(&mut self, seed: u64, told: &Told, patient: &Patient, context: &cel::Context<'_, '_>) {
        let Told { ours, cel } = told;
        let expr = Expr::parse(ours, &patient.decls)
            .unwrap_or_else(|problems| panic!("seed {seed}: {ours}: {problems:?}"));
        let own = expr.eval(patient, now()).value;
        self.asked += 1;
        self.hold += usize::from(own == Tri::True);
        match answer(cel, context) {
            Ok(cel::Value::Bool(theirs)) if own == if theirs { Tri::True } else { Tri::False } => {}
            Ok(theirs) => {
                self.differ.push(format!("seed {seed}\n  ours {own:?}: {ours}\n  cel {theirs:?}: {cel}"));
            }
            Err(error) => {
                self.stuck.push(format!("seed {seed}: {error}\n  ours {own:?}: {ours}\n  cel: {cel}"))
            }
        }
    }
}

/// Runs where CEL's parser has room: it nests deeper than ours.
fn with_room(story: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(32 << 20).spawn(story).unwrap();
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn conditions_whose_facts_are_known_mean_what_they_mean_in_cel() {
    with_room(|| {
        let found = search(None, 0..CASES);
        assert!(found.stuck.is_empty(), "{} stuck, first {}", found.stuck.len(), found.stuck[0]);
        assert!(found.differ.is_empty(), "{} differ, first {}", found.differ.len(), found.differ[0]);
        let share = found.hold as f64 / found.asked as f64;
        assert!((0.2..0.8).contains(&share), "{share} of all hold: chance is not fair");
        assert!(found.asked as u64 > CASES * 3, "only {} were asked", found.asked);
        for construct in [
            "&&",
            "||",
            "!",
            "==",
            "!=",
            "<",
            ">",
            "<=",
            ">=",
            "+",
            "-",
            "minus sign",
            "in list",
            "in set",
            "at_least",
            "any",
            "all",
            "count",
            "change",
            "days_since a day",
            "days_since a moment",
            "hours_since",
            "age",
            "present",
            "fresh",
            "done",
            "lengths",
        ] {
            assert!(found.told.contains(construct), "{construct} was never told");
        }
    });
}

#[test]
fn every_construct_that_is_told_wrongly_is_found_out() {
    with_room(|| {
        for slip in SLIPS {
            // No further than the search that must be trusted goes itself.
            let found =
                (0..CASES / 50).any(|part| !search(Some(slip), part * 50..(part + 1) * 50).differ.is_empty());
            assert!(found, "{slip:?} was told wrongly and nobody noticed");
        }
    });
}
