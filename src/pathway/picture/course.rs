//! A simulated course as a chart over its days.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::pathway::definition::Definition;
use crate::pathway::picture::Sign;
use crate::pathway::picture::chart::Band;
use crate::pathway::picture::chart::Chart;
use crate::pathway::picture::chart::Gather;
use crate::pathway::picture::chart::Mark;
use crate::pathway::simulate::Course;
use crate::pathway::simulate::Kind;
use crate::pathway::simulate::Setting;
use crate::texts;

/// A course as a chart.
pub fn chart(definition: &Definition, setting: &Setting, course: &Course, lang: Lang) -> Chart {
    let t = Text(lang);
    let last = setting.from.saturating_add((i32::from(setting.days) - 1).max(0).days());
    let mut phases: Vec<(String, Date)> = Vec::new();
    let mut gather = Gather::new(&definition.roles);
    for day in &course.days {
        for line in &day.lines {
            let says = line.says.say(lang).to_owned();
            let mark = |sign| Mark { on: day.on, sign, note: String::new() };
            match line.kind {
                Kind::Phase => phases.push((says, day.on)),
                Kind::Task => gather.add(line.role, says, mark(Sign::Done)),
                Kind::Ask => gather.add(line.role, says, mark(Sign::Ask)),
                Kind::Proposal => gather.add(None, says, mark(Sign::Proposal)),
                Kind::Variance => gather.add(None, says, mark(Sign::Variance)),
            }
        }
    }
    Chart {
        title: t.course_title(definition.title.say(lang)),
        first: setting.from,
        last,
        today: None,
        phases: Band::one_after_another(phases, &[]),
        lanes: gather.lanes(t),
        t,
    }
    .within()
}

texts! {
    course_title(title: &str) { ja: "{title}：模擬の経過", en: "{title}: a simulated course" }
}
