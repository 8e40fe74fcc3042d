//! The edges that the fee schedule is known for.

use jiff::civil::date;

use super::*;

fn on(day: i8, conference: bool) -> Contact {
    Contact { on: date(2026, 11, day), conference }
}

fn class(case: &DischargeCase) -> DischargeClass {
    discharge_class(Tariffs::shipped(), case, date(2026, 11, 30)).unwrap()
}

fn code(contacts: &[Contact]) -> Option<String> {
    class(&DischargeCase { contacts: contacts.to_vec(), ..Default::default() }).class.map(|class| class.code)
}

#[test]
fn the_class_follows_days_and_conference() {
    assert_eq!(code(&[]), None);
    assert_eq!(code(&[on(1, false)]).as_deref(), Some("1i"));
    assert_eq!(code(&[on(1, true)]).as_deref(), Some("1ro"));
    assert_eq!(code(&[on(1, false), on(2, false)]).as_deref(), Some("2i"));
    assert_eq!(code(&[on(1, false), on(2, true)]).as_deref(), Some("2ro"));
    assert_eq!(code(&[on(1, false), on(2, true), on(3, false)]).as_deref(), Some("3"));
}

#[test]
fn three_contacts_without_a_conference_are_not_the_best_class() {
    assert_eq!(code(&[on(1, false), on(2, false), on(3, false)]).as_deref(), Some("2i"));
}

#[test]
fn two_contacts_on_one_day_count_once() {
    let one = class(&DischargeCase { contacts: vec![on(1, false), on(1, true)], ..Default::default() });
    assert_eq!((one.days, one.conference), (1, true));
    assert_eq!(one.class.unwrap().code, "1ro");
}

#[test]
fn information_counts_up_to_the_seventh_day_after_discharge() {
    let case = |day: i8| DischargeCase {
        admitted_on: Some(date(2026, 10, 20)),
        discharged_on: Some(date(2026, 11, 2)),
        contacts: vec![on(1, false), on(day, false)],
        ..Default::default()
    };
    assert_eq!(class(&case(9)).class.unwrap().code, "2i");
    let late = class(&case(10));
    assert_eq!(late.class.unwrap().code, "1i");
    assert_eq!((late.outside, late.counts_until), (vec![on(10, false)], Some(date(2026, 11, 9))));
}

#[test]
fn a_contact_before_the_admission_does_not_count() {
    let case = DischargeCase {
        admitted_on: Some(date(2026, 11, 5)),
        contacts: vec![on(4, true), on(5, false)],
        ..Default::default()
    };
    assert_eq!(class(&case).class.unwrap().code, "1i");
}

#[test]
fn the_first_time_addition_bars_it() {
    let case = DischargeCase { first_time_addition: true, contacts: vec![on(1, true)], ..Default::default() };
    let barred = class(&case);
    assert_eq!((barred.class, barred.next), (None, None));
    assert!(barred.barred.unwrap().ja.contains("初回加算"));
}

#[test]
fn it_says_what_is_missing_for_the_next_class() {
    let next = |contacts: &[Contact]| {
        class(&DischargeCase { contacts: contacts.to_vec(), ..Default::default() }).next
    };
    let first = next(&[]).unwrap();
    assert_eq!((first.class.code.as_str(), first.contacts, first.conference), ("1i", 1, false));
    let second = next(&[on(1, false)]).unwrap();
    assert_eq!((second.class.units, second.contacts, second.conference), (600, 1, false));
    assert!(second.says.ja.contains("600単位"));
    let third = next(&[on(1, false), on(2, false), on(3, false)]).unwrap();
    assert_eq!((third.contacts, third.conference), (1, true));
    assert_eq!(next(&[on(1, false), on(2, true), on(3, false)]), None);
}

#[test]
fn no_rule_covers_the_distant_past() {
    assert_eq!(discharge_class(Tariffs::shipped(), &DischargeCase::default(), date(2001, 1, 1)), None);
}

fn deadlines(day: Date, hour: i8) -> AdmissionDeadlines {
    let at = day.at(hour, 0, 0, 0);
    admission_deadlines(Tariffs::shipped(), at, &OfficeHours::default(), Calendar::shipped()).unwrap()
}

#[test]
fn information_is_due_on_the_day_of_admission() {
    let tuesday = deadlines(date(2026, 11, 17), 10);
    assert_eq!(
        (tuesday.first, tuesday.second, tuesday.shifted),
        (date(2026, 11, 17), date(2026, 11, 19), false)
    );
    assert_eq!((tuesday.first_units, tuesday.second_units), (250, 200));
}

#[test]
fn after_hours_on_friday_the_saturday_still_counts() {
    let friday = deadlines(date(2026, 11, 20), 19);
    assert_eq!((friday.first, friday.shifted), (date(2026, 11, 21), true));
    assert_eq!(friday.second, date(2026, 11, 22));
}

#[test]
fn on_a_holiday_the_next_day_counts() {
    assert_eq!(deadlines(date(2026, 11, 23), 10).first, date(2026, 11, 24));
}

#[test]
fn before_april_2024_the_old_rule_holds() {
    let old = deadlines(date(2024, 3, 31), 10);
    assert_eq!((old.first, old.second), (date(2024, 4, 2), date(2024, 4, 6)));
    assert_eq!((old.first_units, old.second_units), (200, 100));
    assert_eq!(deadlines(date(2024, 4, 1), 10).first_units, 250);
}
