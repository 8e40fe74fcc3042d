//! What is worth saying about a letter beside its answers: contacts counted, the tariff's class and
//! what is missing for the next one, the days until which an admission sheet counts.

use jiff::civil::Date;

use crate::acts::views::letters::LetterView;
use crate::form::answers::Answers;
use crate::form::tariff;
use crate::form::tariff::Contact;
use crate::form::tariff::DischargeCase;
use crate::form::tariff::OfficeHours;
use crate::form::tariff::Tariffs;
use crate::kernel::calendar::Calendar;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::time::Time;
use crate::kernel::time::screen_day;
use crate::texts;
use crate::web::team::Fact;

/// Facts, and the rules in words that they rest on.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The facts.
    pub facts: Vec<Fact>,
    /// The rules.
    pub rules: Vec<String>,
}

/// What is worth saying about a letter.
pub(super) fn of(view: &LetterView, now: Time, lang: Lang) -> Facts {
    match view.form.code.as_str() {
        "discharge-sheet" => discharge(view, now.day(), lang),
        "admission-sheet" => admission(view, lang),
        _ => Facts::default(),
    }
}

fn discharge(view: &LetterView, today: Date, lang: Lang) -> Facts {
    let t = Text(lang);
    let case = DischargeCase {
        admitted_on: view.answers.day("admit_date"),
        discharged_on: view.answers.day("discharge_plan"),
        preventive: view.answers.text("care_level").is_some_and(|level| level.starts_with("support")),
        first_time_addition: false,
        contacts: contacts(view),
    };
    let Some(class) = tariff::discharge_class(Tariffs::shipped(), &case, today) else {
        return Facts::default();
    };
    let mut facts = vec![Fact::new(t.contacts_label(), t.contacts_counted(class.days))];
    if class.conference {
        facts.push(Fact::new(t.conference_label(), t.conference_yes()));
    }
    let reached = class
        .class
        .as_ref()
        .map_or_else(|| t.class_none().to_owned(), |class| t.class_units(class.label.say(lang), class.units));
    facts.push(Fact::new(t.class_label(), reached));
    if let Some(barred) = &class.barred {
        facts.push(Fact::new(t.class_barred(), barred.say(lang)));
    }
    if let Some(next) = &class.next {
        facts.push(Fact::new(t.class_next(), next.says.say(lang)));
    }
    if let Some(until) = class.counts_until {
        facts.push(Fact::new(t.contacts_until(), screen_day(until, lang)));
    }
    if !class.outside.is_empty() {
        let days: Vec<String> = class.outside.iter().map(|contact| screen_day(contact.on, lang)).collect();
        facts.push(Fact::new(t.contacts_outside(), days.join(t.comma())));
    }
    Facts { facts, rules: vec![class.rule.say(lang).to_owned()] }
}

/// The contacts written on the sheet and those noted since.
fn contacts(view: &LetterView) -> Vec<Contact> {
    let mut contacts = tariff::contacts_of(&view.answers);
    contacts.extend(view.moves.iter().filter(|step| step.moved.code == "contact").filter_map(|step| {
        let mut told = Answers::default();
        step.moved.fields.iter().for_each(|(path, value)| told.put(path.clone(), value.clone()));
        tariff::contact_told(&told)
    }));
    contacts
}

fn admission(view: &LetterView, lang: Lang) -> Facts {
    let t = Text(lang);
    let Some(admitted) = view.answers.day("admit_date") else { return Facts::default() };
    // The hour of admission is not on the sheet: noon gives the earlier of the possible days.
    let noon = admitted.at(12, 0, 0, 0);
    let hours = OfficeHours::default();
    let Some(deadlines) = tariff::admission_deadlines(Tariffs::shipped(), noon, &hours, Calendar::shipped())
    else {
        return Facts::default();
    };
    let until = |day: Date, units: u32| t.deadline_units(&screen_day(day, lang), units);
    Facts {
        facts: vec![
            Fact::new(t.deadline_first(), until(deadlines.first, deadlines.first_units)),
            Fact::new(t.deadline_second(), until(deadlines.second, deadlines.second_units)),
        ],
        rules: vec![deadlines.rule.say(lang).to_owned()],
    }
}

texts! {
    contacts_label { ja: "情報を得た回数", en: "Contacts" }
    contacts_counted(days: usize) { ja: "{days}回（別々の日）", en: "{days} (on different days)" }
    conference_label { ja: "カンファレンス", en: "Conference" }
    conference_yes { ja: "参加あり", en: "attended" }
    class_label { ja: "退院・退所加算", en: "Discharge addition" }
    class_none { ja: "まだ算定できる回数ではありません", en: "not enough contacts yet" }
    class_units(label: &str, units: u32) { ja: "{label}　{units}単位", en: "{label}, {units} units" }
    class_barred { ja: "算定できない理由", en: "Why not" }
    class_next { ja: "次の区分まで", en: "To the next class" }
    contacts_until { ja: "回数に数える最後の日", en: "Last day that counts" }
    contacts_outside { ja: "期間外（数えない）", en: "Outside the window" }
    deadline_first { ja: "入院時情報連携加算（Ⅰ）", en: "Admission addition (I)" }
    deadline_second { ja: "入院時情報連携加算（Ⅱ）", en: "Admission addition (II)" }
    deadline_units(day: &str, units: u32) { ja: "{day}までの提供で{units}単位", en: "{units} units when given by {day}" }
}
