//! Pictures of pathways: whatever a definition says, boxes stand apart, arrows meet their boxes, words
//! stay inside and off one another, and the table beside a picture says the same.

use jiff::civil::date;
use renkei::concept::Concepts;
use renkei::kernel::lang::Lang;
use renkei::kernel::profession::Profession;
use renkei::pathway::Library;
use renkei::pathway::definition::Definition;
use renkei::pathway::picture::Ink;
use renkei::pathway::picture::Picture;
use renkei::pathway::picture::Rect;
use renkei::pathway::picture::Shape;
use renkei::pathway::picture::chart::Chart;
use renkei::pathway::picture::course;
use renkei::pathway::picture::graph::Graph;
use renkei::pathway::picture::graph::graph;
use renkei::pathway::picture::lanes::lanes;
use renkei::pathway::simulate::Setting;
use renkei::pathway::simulate::simulate;
use renkei::web::picture::ChartPictures;
use renkei::web::picture::DefinitionPictures;
use renkei::web::picture::Drawing;
use serde_json::Value;
use serde_json::json;

const BOTH: [Lang; 2] = [Lang::Ja, Lang::En];

/// A small generator with a seed, so that a picture can be drawn again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    /// Words of any length, in either writing, with what must be escaped among them.
    fn words(&mut self) -> Value {
        const JA: [&str; 6] = ["訪問", "看護", "「経過」を", "みる、", "ソーシャルワーカー", "<b>&\"14日"];
        const EN: [&str; 6] =
            ["visit", "the", "nurse's", "<i>&\"", "Extraordinarilylongwordwithoutbreaks", "14 days"];
        let say = |dice: &mut Self, of: [&str; 6], joint: &str| {
            (0..=dice.roll(7)).map(|_| of[dice.roll(6)]).collect::<Vec<_>>().join(joint)
        };
        json!({ "ja": say(self, JA, ""), "en": say(self, EN, " ") })
    }

    fn role(&mut self) -> &'static str {
        Profession::ALL[self.roll(Profession::ALL.len())].code()
    }

    fn roles(&mut self) -> Vec<&'static str> {
        (0..=self.roll(5)).map(|_| self.role()).collect()
    }

    fn exit(&mut self, phases: usize) -> Value {
        let mut exit = json!({ "to": format!("p{}", self.roll(phases)), "title": self.words() });
        match self.roll(3) {
            0 => exit["when"] = json!("true"),
            1 => exit["propose"] = json!("true"),
            _ => {}
        }
        if self.roll(2) == 0 {
            exit["choose"] = json!(self.roles());
        }
        if self.roll(2) == 0 {
            exit["confirm"] =
                json!({ "by": self.roles(), "people": 2, "professions": 2, "must": self.roles() });
        }
        exit
    }

    fn task(&mut self, number: usize, phases: usize) -> Value {
        let mut task = json!({ "id": format!("t{number}"), "title": self.words(), "role": self.role() });
        match self.roll(4) {
            0 => {}
            1 => task["schedule"] = json!({ "every": "P7D", "slots": ["am", "night"] }),
            2 => {
                let every = |dice: &mut Self| (format!("p{}", dice.roll(phases)), json!("P1D"));
                let every: serde_json::Map<_, _> = (0..3).map(|_| every(self)).collect();
                task["schedule"] = json!({ "every": every });
            }
            _ => {
                task["schedule"] = json!({ "from": "start+P3D", "weekdays": ["mon", "fri"], "when": "true" })
            }
        }
        task
    }

    /// A definition of any shape; whether it makes sense is no business of a picture.
    fn definition(&mut self) -> Definition {
        let count = 1 + self.roll(9);
        let phases: Vec<Value> = (0..count)
            .map(|number| {
                let leave: Vec<Value> = (0..self.roll(5)).map(|_| self.exit(count)).collect();
                let mut phase = json!({ "id": format!("p{number}"), "title": self.words(), "leave": leave });
                phase["end"] = json!(self.roll(5) == 0);
                phase["people_only"] = json!(self.roll(4) == 0);
                if self.roll(3) == 0 {
                    phase["latest"] = json!({ "at": "phase+P14D", "variance": "late" });
                }
                phase
            })
            .collect();
        let units: Vec<Value> = (0..self.roll(6))
            .map(|unit| {
                let within: Vec<String> =
                    (0..self.roll(4)).map(|_| format!("p{}", self.roll(count))).collect();
                let tasks: Vec<Value> =
                    (0..self.roll(6)).map(|task| self.task(unit * 10 + task, count)).collect();
                json!({ "id": format!("u{unit}"), "title": self.words(), "in": within, "tasks": tasks })
            })
            .collect();
        let whole = json!({
            "format": "pathway/1", "id": "any", "version": "1.0.0", "title": self.words(), "licence": "CC0-1.0",
            "reviewed": "2026-11-01", "roles": self.roles(), "start": { "by": self.roles() },
            "phases": phases, "units": units,
        });
        serde_json::from_value(whole).unwrap()
    }
}

/// The shipped definitions, and many that nobody would write.
fn definitions() -> Vec<(String, Definition)> {
    let shipped = Library::shipped().offered().map(|one| (one.definition.id.clone(), one.definition.clone()));
    let random = (0..80).map(|seed| (format!("seed {seed}"), Dice(seed).definition()));
    shipped.chain(random).collect()
}

fn drawn(definition: &Definition, lang: Lang) -> Graph {
    graph(definition, Concepts::shipped(), lang)
}

fn words(picture: &Picture) -> Vec<(Rect, &str)> {
    let words = picture.shapes.iter().filter_map(|shape| match shape {
        Shape::Words { says, .. } => Some((shape.extent(), says.as_str())),
        _ => None,
    });
    words.collect()
}

fn bars(picture: &Picture) -> Vec<Rect> {
    let bars = picture.shapes.iter().filter_map(|shape| match shape {
        Shape::Box { at, ink: Ink::Bar | Ink::Loose } => Some(*at),
        _ => None,
    });
    bars.collect()
}

#[track_caller]
fn all_is_inside(what: &str, picture: &Picture) {
    let paper = Rect::new(0, picture.top, picture.width, picture.height);
    for shape in &picture.shapes {
        let at = shape.extent();
        let within =
            at.x >= 0 && at.right() <= paper.width && at.y >= paper.y && at.bottom() <= paper.bottom();
        assert!(within, "{what}: {shape:?} leaves {paper:?}");
    }
}

#[track_caller]
fn nothing_meets(what: &str, things: &[Rect]) {
    for (index, one) in things.iter().enumerate() {
        for other in &things[index + 1..] {
            assert!(!one.meets(*other), "{what}: {one:?} and {other:?}");
        }
    }
}

#[test]
fn phases_stand_apart_and_every_arrow_meets_its_phases_and_keeps_its_words_to_itself() {
    for (name, definition) in definitions() {
        for lang in BOTH {
            let graph = drawn(&definition, lang);
            let what = format!("{name} {lang:?}");
            let boxes: Vec<Rect> = graph.nodes.iter().map(|node| node.at).collect();
            nothing_meets(&what, &boxes);
            all_is_inside(&what, &graph.picture);
            for edge in &graph.edges {
                let ends = (edge.points.first().unwrap(), edge.points.last().unwrap());
                assert!(boxes[edge.from].has_on_border(*ends.0), "{what}: {edge:?} begins nowhere");
                assert!(boxes[edge.to].has_on_border(*ends.1), "{what}: {edge:?} leads nowhere");
                assert!(boxes.iter().all(|one| !one.meets(edge.label)), "{what}: {edge:?} is covered");
                // A line runs beside the boxes, never through one.
                for way in edge.points.windows(2) {
                    let (left, right) = (way[0].0.min(way[1].0), way[0].0.max(way[1].0));
                    let (top, low) = (way[0].1.min(way[1].1), way[0].1.max(way[1].1));
                    let line = Rect::new(left, top, right - left, low - top);
                    assert!(
                        boxes.iter().all(|one| !one.inside(1).meets(line)),
                        "{what}: {edge:?} goes through"
                    );
                }
            }
            let words: Vec<Rect> = words(&graph.picture).into_iter().map(|(at, _)| at).collect();
            nothing_meets(&what, &words);
        }
    }
}

#[test]
fn no_exit_and_no_phase_is_lost_and_the_same_definition_is_drawn_the_same() {
    for (name, definition) in definitions() {
        for lang in BOTH {
            let (graph, again) = (drawn(&definition, lang), drawn(&definition, lang));
            assert_eq!(graph.picture, again.picture, "{name}");
            let exits: usize = definition.phases.iter().map(|phase| phase.leave.len()).sum();
            assert_eq!((graph.nodes.len(), graph.edges.len()), (definition.phases.len(), exits), "{name}");
            let pictures = DefinitionPictures::of(&definition, lang);
            for phase in &definition.phases {
                let title = phase.title.say(lang);
                let rows: Vec<_> = pictures.ways.iter().filter(|row| row.phase == title).collect();
                for exit in &phase.leave {
                    let (says, to) = (exit.title(&definition), definition.phase(&exit.to).unwrap());
                    let told =
                        rows.iter().find(|row| row.title == says.say(lang) && row.to == to.title.say(lang));
                    assert!(
                        told.is_some_and(|row| !row.how.is_empty()),
                        "{name}: {exit:?} is not in the table"
                    );
                }
                assert!(!rows.is_empty(), "{name}: {title} is not in the table");
            }
            for (_, task) in definition.tasks() {
                let told = pictures.works.iter().any(|row| row.title == task.title.say(lang));
                assert!(told, "{name}: {} is not in the table", task.id);
            }
        }
    }
}

#[test]
fn a_long_graph_is_cut_between_phases_and_its_parts_make_the_whole() {
    let definition = &Library::shipped().current("end-of-life").unwrap().definition;
    let graph = drawn(definition, Lang::En);
    let sheets = graph.sheets(920);
    assert!(sheets.len() > 1 && sheets.iter().all(|sheet| sheet.height <= 920));
    let mut top = 0;
    for sheet in &sheets {
        assert_eq!((sheet.top, sheet.width), (top, graph.picture.width));
        top += sheet.height;
        for node in &graph.nodes {
            assert!(
                node.at.bottom() <= sheet.top || node.at.y >= sheet.top,
                "{node:?} is torn at {}",
                sheet.top
            );
        }
    }
    assert_eq!(top, graph.picture.height);
    for (_, says) in words(&graph.picture) {
        let kept = sheets.iter().any(|sheet| words(sheet).iter().any(|(_, word)| *word == says));
        assert!(kept, "{says} is on no sheet");
    }
    assert_eq!(graph.sheets(i32::MAX).len(), 1);
}

#[test]
fn each_task_has_its_lane_and_no_two_bars_touch() {
    for (name, definition) in definitions() {
        for lang in BOTH {
            let lanes = lanes(&definition, Concepts::shipped(), lang);
            for height in [500, i32::MAX] {
                for picture in lanes.pictures(height) {
                    all_is_inside(&name, &picture);
                    let mut bars = bars(&picture);
                    // The last two are the legend's.
                    bars.truncate(bars.len() - 2);
                    nothing_meets(&name, &bars);
                    let all: Vec<Rect> = words(&picture).into_iter().map(|(at, _)| at).collect();
                    nothing_meets(&name, &all);
                }
            }
            let whole = lanes.pictures(i32::MAX);
            assert!(whole.len() <= 1, "{name}: one lane after the other");
            let tasks = definition.tasks().count();
            assert_eq!(lanes.lanes.iter().map(|lane| lane.works.len()).sum::<usize>(), tasks, "{name}");
        }
    }
}

/// Shipped pathways, simulated over so many days.
fn courses(days: u16) -> Vec<Chart> {
    let library = Library::shipped();
    let facts = [("peg.placed_on", json!("2026-11-01")), ("peg.stopper", json!("balloon"))];
    let facts: Vec<_> = facts.into_iter().map(|(concept, value)| (concept.to_owned(), value)).collect();
    let setting = Setting { from: date(2026, 11, 22), days, facts };
    let mut charts = Vec::new();
    for pathway in library.offered() {
        let Ok(course) = simulate(library, pathway, &setting) else { continue };
        charts.extend(BOTH.map(|lang| course::chart(&pathway.definition, &setting, &course, lang)));
    }
    assert!(charts.len() >= 4, "only {} courses", charts.len());
    charts
}

#[test]
fn a_course_of_any_length_fits_and_no_sign_covers_another() {
    for days in [1, 10, 45, 90, 365, 730] {
        for chart in courses(days) {
            let told = ChartPictures::of(&chart, "x").told;
            for height in [400, i32::MAX] {
                for picture in chart.pictures(height) {
                    let what = format!("{} over {days} days", chart.title);
                    all_is_inside(&what, &picture);
                    assert!(picture.width < 1010, "{what}: {} wide", picture.width);
                    let signs = picture.shapes.iter().filter_map(|shape| match shape {
                        Shape::Sign { x, y, .. } => Some(Rect::new(x - 6, y - 6, 12, 12)),
                        _ => None,
                    });
                    nothing_meets(&what, &signs.collect::<Vec<_>>());
                    let all: Vec<Rect> = words(&picture).into_iter().map(|(at, _)| at).collect();
                    nothing_meets(&what, &all);
                }
            }
            let marks: usize =
                chart.lanes.iter().flat_map(|lane| &lane.rows).map(|row| row.marks.len()).sum();
            let phases: usize = chart.phases.iter().map(|band| band.spans.len()).sum();
            assert_eq!(told.len(), marks + phases, "{}: the table says each", chart.title);
            assert!(told.is_sorted_by_key(|told| told.on));
        }
    }
}

#[test]
fn a_drawing_is_escaped_and_asks_nothing_of_the_policy() {
    for seed in 0..20 {
        for picture in [drawn(&Dice(seed).definition(), Lang::Ja).picture] {
            let said: Vec<String> = words(&picture).into_iter().map(|(_, says)| says.to_owned()).collect();
            let svg = Drawing::file(picture).unwrap();
            assert!(svg.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg "), "{svg}");
            for banned in ["style=", "<style", "<script", "<b>", "<i>", "onload"] {
                assert!(!svg.contains(banned), "{banned} in {svg}");
            }
            let page = scraper::Html::parse_fragment(svg.trim_start_matches(|c| c != '\n'));
            let texts = scraper::Selector::parse("text").unwrap();
            let read: Vec<String> = page.select(&texts).map(|text| text.text().collect()).collect();
            assert_eq!(read, said, "what is read is what was written");
            for name in ["title", "desc"] {
                let found = scraper::Selector::parse(name).unwrap();
                assert!(
                    page.select(&found).next().is_some_and(|one| one.text().any(|says| !says.is_empty()))
                );
            }
        }
    }
}

mod timeline {
    //! A patient's timeline, told from events.

    use jiff::Timestamp;
    use renkei::kernel::id::RunId;
    use renkei::kernel::lang::Lang;
    use renkei::kernel::time::Time;
    use renkei::pathway::Event;
    use renkei::pathway::picture::Sign;
    use renkei::pathway::picture::chart::Chart;
    use renkei::pathway::picture::history::History;
    use renkei::pathway::picture::history::Window;
    use serde_json::Value;
    use serde_json::json;

    const RUN: &str = "018f0000-0000-7000-8000-000000000001";

    fn words(says: &str) -> Value {
        json!({ "ja": says, "en": says })
    }

    fn at(day: u8) -> String {
        format!("2026-11-{day:02}T03:00:00Z")
    }

    fn id(number: u8) -> String {
        format!("018f0000-0000-7000-8000-0000000001{number:02}")
    }

    fn happened(on: u8, what: Value) -> Event {
        serde_json::from_value(json!({ "at": at(on), "what": what })).unwrap()
    }

    /// A task that is due at the end of a day, in Tokyo.
    fn opened(number: u8, title: &str, due: u8) -> Event {
        let task = json!({
            "is": "task_opened", "id": id(number), "run": RUN, "title": words(title), "role": "visiting_nurse",
            "key": "k", "opened": at(1), "due": format!("2026-11-{due:02}T15:00:00Z"), "sign_off": 1,
            "escalated": 0, "why": { "by": "start" },
        });
        happened(1, task)
    }

    fn closed(number: u8, on: u8, how: Value) -> Event {
        happened(on, json!({ "is": "task_closed", "task": id(number), "how": how }))
    }

    fn story() -> History {
        let run: RunId = RUN.parse().unwrap();
        let variance = json!({
            "is": "variance_found", "id": id(90), "run": run, "code": "late", "text": words("長引いた"),
            "phase": "a", "at": at(8), "cause": "patient",
        });
        let events = [
            happened(
                1,
                json!({ "is": "run_started", "run": run, "pathway": "p", "hash": "h", "version": "1", "title": words("胃ろう") }),
            ),
            happened(
                1,
                json!({ "is": "phase_entered", "run": run, "phase": "a", "title": words("初期"), "visit": 1, "why": { "by": "start" } }),
            ),
            opened(1, "済み", 3),
            opened(2, "遅れ", 3),
            opened(3, "行わず", 3),
            opened(4, "過ぎた", 3),
            opened(5, "期限切れ", 10),
            opened(6, "これから", 20),
            opened(7, "今日まで", 12),
            closed(1, 3, json!({ "state": "done" })),
            closed(2, 5, json!({ "state": "done" })),
            closed(3, 2, json!({ "state": "skipped", "cause": "family", "reason": "外出" })),
            closed(4, 6, json!({ "state": "expired" })),
            happened(4, json!({ "is": "run_suspended", "run": run, "reason": "入院" })),
            happened(7, json!({ "is": "run_resumed", "run": run })),
            happened(8, variance),
            happened(
                9,
                json!({ "is": "phase_entered", "run": run, "phase": "b", "title": words("安定"), "visit": 2, "why": { "by": "start" } }),
            ),
        ];
        let mut history = History::default();
        events.iter().for_each(|event| history.note(event));
        history
    }

    fn chart(back: Option<i32>) -> Chart {
        let now: Timestamp = at(12).parse().unwrap();
        let window = Window { back, ahead: 14 };
        story().chart(RUN.parse().unwrap(), &[], window, Time::from(now), Lang::Ja).unwrap()
    }

    #[test]
    fn each_end_of_a_task_has_a_sign_of_its_own_on_its_day() {
        let chart = chart(None);
        let told: Vec<(&str, Sign, i8)> = chart
            .lanes
            .iter()
            .flat_map(|lane| &lane.rows)
            .flat_map(|row| row.marks.iter().map(move |mark| (row.title.as_str(), mark.sign, mark.on.day())))
            .collect();
        for expected in [
            ("済み", Sign::Done, 3),
            ("遅れ", Sign::Late, 5),
            ("行わず", Sign::Skipped, 2),
            ("過ぎた", Sign::Expired, 6),
            ("期限切れ", Sign::Overdue, 10),
            ("今日まで", Sign::Open, 12),
            ("これから", Sign::Open, 20),
            ("長引いた", Sign::Variance, 8),
        ] {
            assert!(told.contains(&expected), "{expected:?} is not in {told:?}");
        }
        assert_eq!(told.len(), 8);
        let lines = chart.told();
        let skipped = lines.iter().find(|told| told.what == "行わず").unwrap();
        assert_eq!(skipped.how, "行わないと決めた：外出");
    }

    #[test]
    fn phases_follow_one_another_and_a_rest_is_seen() {
        let chart = chart(None);
        let spans: Vec<(&str, i8, Option<i8>, bool)> = chart
            .phases
            .iter()
            .flat_map(|band| band.spans.iter().map(|span| (band.title.as_str(), span)))
            .map(|(title, span)| (title, span.first.day(), span.last.map(|last| last.day()), span.rests))
            .collect();
        assert_eq!(
            spans,
            [("初期", 1, Some(9), false), ("初期", 4, Some(7), true), ("安定", 9, None, false)]
        );
        assert_eq!((chart.first.day(), chart.last.day()), (1, 26));
    }

    #[test]
    fn a_narrower_look_leaves_out_what_lies_before_it() {
        let chart = chart(Some(3));
        assert_eq!(chart.first.day(), 9);
        let titles: Vec<&str> =
            chart.lanes.iter().flat_map(|lane| &lane.rows).map(|row| row.title.as_str()).collect();
        assert_eq!(titles, ["期限切れ", "今日まで", "これから"]);
        let never: RunId = id(99).parse().unwrap();
        let all = Window { back: None, ahead: 1 };
        assert!(story().chart(never, &[], all, Time::from(Timestamp::MAX), Lang::En).is_none());
    }
}
