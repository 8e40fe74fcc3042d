//! The plan: a pathway starts when enough is known, tasks are done once, people decide together, the
//! clock catches up after an outage, and trouble with one plan stays with that plan.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use jiff::civil::date;
use renkei::acts::Act;
use renkei::acts::House;
use renkei::acts::Who;
use renkei::acts::happenings;
use renkei::acts::letters::Signing;
use renkei::acts::patients;
use renkei::acts::patients::Registration;
use renkei::acts::plans;
use renkei::acts::plans::Deciding;
use renkei::acts::plans::Opening;
use renkei::acts::views;
use renkei::acts::views::plan::PlanView;
use renkei::kernel::error::Error;
use renkei::kernel::error::Result;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::PatientId;
use renkei::kernel::id::PersonId;
use renkei::kernel::id::RunId;
use renkei::kernel::id::TaskId;
use renkei::kernel::lang::Lang;
use renkei::kernel::lang::Words;
use renkei::kernel::profession::Profession;
use renkei::kernel::time::Time;
use renkei::on;
use renkei::pathway::PatientState;
use renkei::pathway::definition::Cause;
use renkei::pathway::event::ByHand;
use renkei::pathway::event::Choice;
use renkei::pathway::event::TaskAct;
use renkei::pathway::state::Task;
use renkei::record::cards::Consent;
use renkei::record::cards::ConsentMethod;
use renkei::record::cards::PatientCard;
use renkei::store::log;
use renkei::store::plans as store_plans;
use renkei::store::schema::{head, plan};
use serde_json::json;

use crate::acts_letters::answers;
use crate::acts_letters::make;
use crate::acts_letters::referral;
use crate::acts_letters::signing;
use crate::plan_faults::published_once;
use crate::support::in_each_ward;
use crate::support::ward;
use crate::support::ward::Ward;

const DAY: i64 = 86_400;

async fn act(
    house: &House,
    who: impl Into<Who>,
    patient: PatientId,
    verb: impl Fn(&mut Act<'_>, EntryId) -> Result<()> + Send + 'static,
) -> Result<()> {
    let id = EntryId::new();
    house.perform(who.into(), vec![patient.log()], move |act| verb(act, id)).await
}

async fn tell(house: &House, by: PersonId, patient: PatientId, concept: &'static str) {
    let now = house.now();
    act(house, Who::person(by), patient, move |act, id| happenings::tell(act, id, patient, concept, now))
        .await
        .unwrap();
}

async fn start(house: &House, by: PersonId, patient: PatientId, pathway: &str) -> Result<RunId> {
    let hash = house.library().pathways.current(pathway).unwrap().hash.clone();
    let run = RunId::new();
    act(house, Who::person(by), patient, move |act, id| plans::start(act, id, patient, run, &hash)).await?;
    Ok(run)
}

async fn plan(house: &House, who: PersonId, patient: PatientId) -> PlanView {
    house.look(who, patient, "plan", views::plan::read).await.unwrap()
}

fn task<'a>(plan: &'a PlanView, code: &str) -> &'a Task {
    plan.state
        .tasks
        .values()
        .find(|task| task.code.as_deref() == Some(code))
        .unwrap_or_else(|| panic!("no open task {code} among {:?}", plan.state.tasks.values()))
}

async fn do_task(house: &House, by: PersonId, patient: PatientId, task: TaskId, what: TaskAct) -> Result<()> {
    act(house, Who::person(by), patient, move |act, id| plans::act_on_task(act, id, patient, task, &what))
        .await
}

/// A device that was placed three weeks before this moment.
async fn device(house: &House, ward: &Ward, patient: PatientId, stopper: &str) {
    let (placed, today) = (house.now().plus_seconds(-21 * DAY).day().to_string(), house.now().day());
    let mut card = json!({
        "name": "田中 ハル", "checked_on": today.to_string(), "placed_on": placed, "stopper": stopper,
        "outer": "tube", "size_fr": 20, "inserted_on": placed, "call_day": "佐藤医院", "call_night": "佐藤医院",
    });
    if stopper == "balloon" {
        card["balloon_ml"] = json!(20);
    }
    let signing = Signing { patient, ..signing(house, ward, "peg-device", answers(card)) };
    house.sign(Who::person(ward.ito), signing).await.unwrap();
}

/// Puts a patient on the pathway of the gastrostomy.
pub async fn on_peg(house: &House, ward: &Ward, patient: PatientId) {
    device(house, ward, patient, "balloon").await;
    start(house, ward.ito, patient, "peg").await.unwrap();
}

#[test]
fn a_pathway_does_not_start_before_enough_is_known_and_says_what_is_lacking() {
    in_each_ward(|ward| async move {
        let refused = start(&ward.house, ward.ito, ward.tanaka, "peg").await;
        let Err(Error::Invalid(flaws)) = refused else { panic!("{refused:?}") };
        let says = &flaws.first().unwrap().says.ja;
        assert!(says.contains("造設日") && says.contains("ストッパー"), "{says}");
        let offered = plan(&ward.house, ward.ito, ward.tanaka).await;
        let peg = offered.offers.iter().find(|offer| offer.pathway == "peg").unwrap();
        assert_eq!(peg.lacking.as_ref().unwrap().len(), 3, "the reason, or the device");

        device(&ward.house, &ward, ward.tanaka, "balloon").await;
        let refused = start(&ward.house, ward.yamaguchi, ward.tanaka, "peg").await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "a pharmacist does not start it: {refused:?}");
        start(&ward.house, ward.ito, ward.tanaka, "peg").await.unwrap();
        let again = start(&ward.house, ward.sato, ward.tanaka, "peg").await;
        assert!(matches!(again, Err(Error::Forbidden(_))), "it runs already: {again:?}");
        let running = plan(&ward.house, ward.sato, ward.tanaka).await;
        let check = task(&running, "site-check");
        assert!(running.reasons.contains_key(&check.id.0), "every task says why it is there");
        assert!(running.offers.iter().all(|offer| offer.pathway != "peg"));
    });
}

#[test]
fn a_person_outside_the_team_finds_no_plan_and_can_do_nothing_with_it() {
    in_each_ward(|ward| async move {
        device(&ward.house, &ward, ward.tanaka, "balloon").await;
        start(&ward.house, ward.ito, ward.tanaka, "peg").await.unwrap();
        let check = task(&plan(&ward.house, ward.ito, ward.tanaka).await, "site-check").id;
        for outsider in [ward.okada, ward.nakamura, ward.matsumoto] {
            let seen = ward.house.look(outsider, ward.tanaka, "plan", views::plan::read).await.map(|_| ());
            assert!(matches!(seen, Err(Error::Missing)), "{seen:?}");
            let claimed = do_task(&ward.house, outsider, ward.tanaka, check, TaskAct::Claim).await;
            assert!(matches!(claimed, Err(Error::Missing)), "{claimed:?}");
            let started = start(&ward.house, outsider, ward.tanaka, "peg").await.map(|_| ());
            assert!(matches!(started, Err(Error::Missing)), "{started:?}");
        }
    });
}

#[test]
fn a_task_is_done_once_by_its_profession_and_skipped_only_with_a_reason() {
    in_each_ward(|ward| async move {
        device(&ward.house, &ward, ward.tanaka, "balloon").await;
        start(&ward.house, ward.ito, ward.tanaka, "peg").await.unwrap();
        let seen = plan(&ward.house, ward.ito, ward.tanaka).await;
        let (check, water) = (task(&seen, "site-check").id, task(&seen, "balloon-water").id);
        let house = &ward.house;
        let by_form = do_task(house, ward.ito, ward.tanaka, check, TaskAct::Done).await;
        assert!(matches!(by_form, Err(Error::Forbidden(_))), "its form does it: {by_form:?}");
        let others = do_task(house, ward.yamaguchi, ward.tanaka, water, TaskAct::Done).await;
        assert!(matches!(others, Err(Error::Forbidden(_))), "{others:?}");
        do_task(house, ward.ito, ward.tanaka, water, TaskAct::Done).await.unwrap();
        let twice = do_task(house, ward.sato, ward.tanaka, water, TaskAct::Done).await;
        assert!(matches!(twice, Err(Error::Stale)), "{twice:?}");

        let skip = |reason: &str| TaskAct::Skip { cause: Cause::Family, reason: reason.to_owned() };
        let silent = do_task(house, ward.ito, ward.tanaka, check, skip("  ")).await;
        assert!(matches!(silent, Err(Error::Invalid(_))), "{silent:?}");
        do_task(house, ward.ito, ward.tanaka, check, skip("家族が外出していた")).await.unwrap();
        let after = plan(house, ward.sato, ward.tanaka).await;
        let variance = after.state.variances.iter().find(|variance| variance.task == Some(check)).unwrap();
        assert_eq!(variance.reason.as_deref(), Some("家族が外出していた"));
        assert_eq!(variance.cause, Cause::Family);
    });
}

#[test]
fn balloon_and_bumper_are_exchanged_at_different_times() {
    in_each_ward(|ward| async move {
        let (house, tanaka) = (&ward.house, ward.tanaka);
        let other = register(&ward, "山田 トメ").await;
        device(house, &ward, tanaka, "balloon").await;
        device(house, &ward, other, "bumper").await;
        for patient in [tanaka, other] {
            start(house, ward.ito, patient, "peg").await.unwrap();
        }
        let balloon = plan(house, ward.ito, tanaka).await;
        let due = Time::from(task(&balloon, "exchange").due.unwrap()).0 - house.now().0;
        assert!(due < 14 * DAY * 1_000_000, "a balloon is due within the month");
        let bumper = plan(house, ward.ito, other).await;
        let ahead = bumper.ahead.iter().find(|coming| coming.code == "exchange").unwrap();
        let due = Time::from(ahead.due).0 - house.now().0;
        assert!(due > 100 * DAY * 1_000_000, "a bumper is due after five months");
    });
}

#[test]
fn the_last_days_begin_when_two_people_of_two_professions_agree_one_of_them_by_phone() {
    in_each_ward(|ward| async move {
        let (house, tanaka) = (&ward.house, ward.tanaka);
        let run = start(house, ward.sato, tanaka, "end-of-life").await.unwrap();
        tell(house, ward.sato, tanaka, "visit.doctor").await;
        raise(house, ward.sato, run, "stable", &ward).await.unwrap();
        assert_eq!(phase(house, &ward, run).await, "stable");
        raise(house, ward.ito, run, "dying", &ward).await.unwrap();
        assert_eq!(phase(house, &ward, run).await, "stable", "a nurse alone does not decide this");
        let waiting = plan(house, ward.ito, tanaka).await;
        let proposal = waiting.state.open_proposals().next().unwrap().id;
        let said = |choice, reason: &str, channel: Option<&str>| Deciding {
            proposal,
            choice,
            reason: reason.to_owned(),
            channel: channel.map(str::to_owned),
        };
        let twice = decide(house, Who::person(ward.ito), tanaka, said(Choice::Confirm, "", None)).await;
        assert!(matches!(twice, Err(Error::Stale)), "nobody counts twice: {twice:?}");
        let silent = decide(house, Who::person(ward.sato), tanaka, said(Choice::Decline, "", None)).await;
        assert!(matches!(silent, Err(Error::Invalid(_))), "a no has a reason: {silent:?}");
        let phoned = |behalf| Who { behalf: Some(behalf), ..Who::person(ward.ito) };
        let unsaid = decide(house, phoned(ward.sato), tanaka, said(Choice::Confirm, "", None)).await;
        assert!(matches!(unsaid, Err(Error::Invalid(_))), "how was it heard? {unsaid:?}");
        let outsider =
            decide(house, phoned(ward.takahashi), tanaka, said(Choice::Confirm, "", Some("phone"))).await;
        assert!(matches!(outsider, Err(Error::Invalid(_))), "{outsider:?}");
        decide(house, phoned(ward.sato), tanaka, said(Choice::Confirm, "", Some("phone"))).await.unwrap();
        assert_eq!(phase(house, &ward, run).await, "dying");
        let decided = plan(house, ward.kimura, tanaka).await;
        let decisions = &decided.state.proposals.get(&proposal).unwrap().decisions;
        let by_phone = decisions.iter().find(|decision| decision.by.person == ward.sato).unwrap();
        assert_eq!(by_phone.through.as_ref().unwrap().person, ward.ito);
    });
}

async fn decide(house: &House, who: Who, patient: PatientId, deciding: Deciding) -> Result<()> {
    act(house, who, patient, move |act, id| plans::decide(act, id, patient, &deciding)).await
}

async fn raise(house: &House, by: PersonId, run: RunId, to: &str, ward: &Ward) -> Result<()> {
    let (patient, to) = (ward.tanaka, to.to_owned());
    act(house, Who::person(by), patient, move |act, id| {
        plans::raise(act, id, patient, run, &to, "経口摂取がほとんどできない")
    })
    .await
}

async fn phase(house: &House, ward: &Ward, run: RunId) -> String {
    plan(house, ward.ito, ward.tanaka).await.state.runs.get(&run).unwrap().phase.clone()
}

/// A pathway that asks for a visit of the dentist each week.
fn dentist_each_week() -> serde_json::Value {
    let words = json!({ "ja": "歯科", "en": "Dentist" });
    let nurse = json!(["visiting_nurse"]);
    json!({
        "format": "pathway/1", "id": "dentist", "version": "1.0.0",
        "title": words, "licence": "CC-BY-4.0", "reviewed": "2026-11-22", "evidence": [],
        "roles": nurse, "start": { "by": nurse },
        "phases": [
            { "id": "home", "title": words, "leave": [
                { "to": "end", "choose": nurse, "confirm": { "by": nurse } } ] },
            { "id": "end", "title": words, "end": true } ],
        "units": [ { "id": "visits", "title": words, "in": ["home"], "tasks": [ {
            "id": "refer", "title": words, "role": "visiting_nurse", "form": "dental-referral",
            "closed_by": ["submitted", "accepted"],
            "schedule": { "from": "phase", "every": "P7D" } } ] } ],
    })
}

#[test]
fn a_form_that_did_its_task_long_ago_does_no_other_when_it_moves_on() {
    in_each_ward(|ward| async move {
        let (house, patient) = (&ward.house, ward.tanaka);
        published_once(&ward, &dentist_each_week()).await;
        let run = start(house, ward.ito, patient, "dentist").await.unwrap();
        let open = async |house: &House| task(&plan(house, ward.ito, patient).await, "refer").id;
        let first = open(house).await;
        let sent = async |house: &House, task: TaskId| {
            let signing = signing(house, &ward, "dental-referral", referral());
            let signing = Signing { task: Some(task), to_office: Some(ward.dental), ..signing };
            house.sign(Who::person(ward.ito), signing).await.unwrap()
        };
        let letter = sent(house, first).await;
        // More is done than the state of a plan remembers.
        for _ in 0..70 {
            let what = ByHand::Own { title: Words::new("電話", "Call"), role: Profession::VisitingNurse };
            let opening = Opening { run, task: TaskId::new(), what, due: None, reason: "毎日".into() };
            let call = opening.task;
            let verb = move |act: &mut Act<'_>, id| plans::open_task(act, id, patient, &opening);
            act(house, Who::person(ward.ito), patient, verb).await.unwrap();
            do_task(house, ward.ito, patient, call, TaskAct::Done).await.unwrap();
        }
        let later = house.at(house.now().plus_seconds(8 * DAY));
        later.tick_due().await.unwrap();
        let next = open(&later).await;
        let past = async |task: TaskId| plan(&later, ward.ito, patient).await.state.past(task).is_some();
        assert!(next != first && !past(first).await, "the first is long over");
        let told = json!({ "dentist": "高橋 亮" });
        make(&later, ward.takahashi, letter, "submitted", "accept", told).await.unwrap();
        assert_eq!(open(&later).await, next, "this week's dentist has still to be asked");
        sent(&later, next).await;
        assert!(past(next).await, "a new form does it");
    });
}

#[test]
fn the_clock_passes_a_frozen_record_by_and_catches_up_once_it_thaws() {
    in_each_ward(|ward| async move {
        let (now, tanaka) = (ward.house.now(), ward.tanaka);
        device(&ward.house, &ward, tanaka, "balloon").await;
        start(&ward.house, ward.ito, tanaka, "peg").await.unwrap();
        let whose_turn = async |house: &House| {
            house.read(|reading| store_plans::due(reading.conn, reading.now, 10)).await.unwrap()
        };
        let late = ward.house.at(now.plus_seconds(40 * DAY));
        assert_eq!(whose_turn(&late).await, [tanaka]);
        let by = Who::person(ward.ito);
        act(&late, by, tanaka, move |act, id| patients::withdraw_consent(act, id, tanaka, "ご家族の希望"))
            .await
            .unwrap();
        assert_eq!(whose_turn(&late).await, []);
        late.rebuild().await.unwrap();
        assert_eq!(whose_turn(&late).await, [], "nor after its rows were made anew");
        let (_, consent) = ward::someone();
        act(&late, by, tanaka, move |act, id| patients::give_consent(act, id, tanaka, &consent))
            .await
            .unwrap();
        assert_eq!(whose_turn(&late).await, [tanaka]);
        while late.tick_due().await.unwrap() > 0 {}
        let seen = plan(&late, ward.ito, tanaka).await;
        assert!(seen.state.variances.iter().any(|variance| variance.code == "check_missed"));
    });
}

#[test]
fn after_an_outage_the_clock_catches_up_and_nothing_is_due_twice() {
    in_each_ward(|ward| async move {
        let (now, tanaka) = (ward.house.now(), ward.tanaka);
        let then = ward.house.at(now.plus_seconds(-40 * DAY));
        device(&then, &ward, tanaka, "balloon").await;
        start(&then, ward.ito, tanaka, "peg").await.unwrap();
        let house = ward.house.at(now);
        let mut rounds = 0;
        while house.tick_due().await.unwrap() > 0 {
            rounds += 1;
            assert!(rounds < 20, "the clock comes to rest");
        }
        assert!(rounds > 0);
        let seen = plan(&house, ward.ito, tanaka).await;
        let missed = seen.state.variances.iter().filter(|variance| variance.code == "check_missed").count();
        assert!(missed > 5, "every check of forty days was missed and is said to be: {missed}");
        let checks =
            seen.state.tasks.values().filter(|task| task.code.as_deref() == Some("site-check")).count();
        assert!(checks <= 1, "what is over is not left open");
        assert!(task(&seen, "exchange").is_overdue(now.stamp()), "what has to be done stays");
        let head = head(&house, &ward).await;
        house.tick_due().await.unwrap();
        assert_eq!(self::head(&house, &ward).await, head, "a second round writes nothing");
    });
}

/// What a sender repeats because no answer came.
#[test]
fn what_is_sent_twice_is_done_once_and_the_same_number_for_something_else_is_refused() {
    in_each_ward(|ward| async move {
        let (house, tanaka) = (&ward.house, ward.tanaka);
        device(house, &ward, tanaka, "balloon").await;
        let run = start(house, ward.ito, tanaka, "peg").await.unwrap();
        let water = task(&plan(house, ward.ito, tanaka).await, "balloon-water").id;
        let id = EntryId::new();
        let send = |who: PersonId, what: TaskAct| {
            let verb = move |act: &mut Act<'_>| plans::act_on_task(act, id, tanaka, water, &what);
            house.perform(Who::person(who), vec![tanaka.log()], verb)
        };
        send(ward.ito, TaskAct::Claim).await.unwrap();
        let (once, before) = (head(house, &ward).await, plan(house, ward.ito, tanaka).await.state);
        send(ward.ito, TaskAct::Claim).await.unwrap();
        assert_eq!(head(house, &ward).await, once, "nothing is written twice");
        let other = send(ward.ito, TaskAct::Release).await;
        assert!(matches!(other, Err(Error::Conflict)), "{other:?}");
        let stranger = send(ward.sato, TaskAct::Claim).await;
        assert!(matches!(stranger, Err(Error::Conflict)), "{stranger:?}");
        let hash = house.library().pathways.current("peg").unwrap().hash.clone();
        act(house, Who::person(ward.ito), tanaka, move |act, id| plans::start(act, id, tanaka, run, &hash))
            .await
            .unwrap();
        let after = plan(house, ward.ito, tanaka).await.state;
        assert_eq!((after.runs.len(), after), (1, before), "a run that was started is not started again");
    });
}

/// The clock asks for what is due; whoever has nothing due is not even looked at.
#[test]
fn an_idle_plan_is_left_alone_until_the_very_second_at_which_something_may_happen() {
    in_each_ward(|ward| async move {
        let (house, tanaka) = (&ward.house, ward.tanaka);
        device(house, &ward, tanaka, "balloon").await;
        start(house, ward.ito, tanaka, "peg").await.unwrap();
        while house.tick_due().await.unwrap() > 0 {}
        let library = house.library();
        let next = plan(house, ward.ito, tanaka).await.state.next_instant(&library.pathways).unwrap();
        let (next, head) = (Time::from(next), self::head(house, &ward).await);
        let before = house.at(next.plus_seconds(-1));
        assert_eq!(before.tick_due().await.unwrap(), 0);
        assert_eq!(self::head(&before, &ward).await, head);
        let then = house.at(next);
        assert_eq!(then.tick_due().await.unwrap(), 1);
        assert_eq!(then.tick_due().await.unwrap(), 0, "and then until the next one");
    });
}

/// A pathway for the old: it begins at seventy-five and looks in from ninety on.
fn for_the_old() -> serde_json::Value {
    let words = |text: &str| json!({ "ja": text, "en": text });
    json!({
        "format": "pathway/1", "id": "old", "version": "1.0.0",
        "title": words("高齢者の見守り"), "licence": "CC-BY-4.0", "reviewed": "2026-11-22", "evidence": [],
        "roles": ["visiting_nurse"],
        "facts": { "birth_date": { "concept": "birth_date" } },
        "start": { "when": "age() >= 75", "by": ["visiting_nurse"] },
        "phases": [
            { "id": "home", "title": words("自宅"), "leave": [
                { "to": "end", "choose": ["visiting_nurse"], "confirm": { "by": ["visiting_nurse"] } } ] },
            { "id": "end", "title": words("終わり"), "end": true } ],
        "units": [ { "id": "care", "title": words("ケア"), "in": ["home"],
            "tasks": [ { "id": "look", "title": words("様子をみる"), "role": "visiting_nurse" } ],
            "rules": [ { "id": "very-old", "when": "age() >= 90", "do": [ { "task": "look", "within": "P1D" } ] } ] } ]
    })
}

#[test]
fn a_condition_on_age_reads_the_card_and_follows_its_correction() {
    in_each_ward(|ward| async move {
        let (house, tanaka) = (&ward.house, ward.tanaka);
        let young = {
            let (card, consent) = ward::someone();
            let card = PatientCard { name: "山田 若葉".into(), birth: Some(date(1988, 4, 2)), ..card };
            ward::register(house, ward.ito, card, consent).await
        };
        published_once(&ward, &for_the_old()).await;
        let lacking = async |patient| {
            let seen = plan(house, ward.ito, patient).await;
            assert!(seen.state.facts.is_empty(), "nobody is told of a birthday for nothing");
            seen.offers.into_iter().find(|offer| offer.pathway == "old").unwrap().lacking
        };
        assert_eq!(lacking(tanaka).await, None);
        assert_eq!(lacking(young).await, Some(vec!["birth_date".to_owned()]));
        let refused = start(house, ward.ito, young, "old").await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        assert!(plan(house, ward.ito, young).await.state.facts.is_empty());

        let run = start(house, ward.ito, tanaka, "old").await.unwrap();
        let seen = plan(house, ward.ito, tanaka).await;
        let told = &seen.state.facts["birth_date"];
        assert_eq!((told.len(), seen.state.tasks.values().count()), (1, 0), "eighty-eight is not ninety");
        assert!(told[0].origin.entry.is_some() && told[0].origin.by.is_none(), "the card says it: {told:?}");

        // Another line of the card is no news for a pathway; the birth date is.
        let change = async |birth: Option<jiff::civil::Date>, tel: &str| {
            let card = PatientCard { birth, tel: tel.into(), ..ward::someone().0 };
            act(house, Who::person(ward.ito), tanaka, move |act, id| {
                patients::change_card(act, id, tanaka, &card, "保険証で確かめた")
            })
            .await
        };
        change(Some(date(1938, 4, 2)), "0120-000-000").await.unwrap();
        assert_eq!(plan(house, ward.ito, tanaka).await.state.facts["birth_date"].len(), 1);
        assert!(change(None, "").await.is_err(), "a card without a birth date is refused");
        change(Some(date(1928, 4, 2)), "").await.unwrap();
        let seen = plan(house, ward.ito, tanaka).await;
        assert_eq!(seen.state.facts["birth_date"].len(), 2);
        let look = task(&seen, "look");
        assert_eq!(look.run, run);
        assert!(seen.reasons.contains_key(&look.id.0));
        let before = seen.state;
        house.rebuild().await.unwrap();
        assert_eq!(plan(house, ward.ito, tanaka).await.state, before);
    });
}

async fn head(house: &House, ward: &Ward) -> i64 {
    house
        .look(ward.ito, ward.tanaka, "thread", |look| Ok(views::thread::read(look, Lang::Ja, None)?.head))
        .await
        .unwrap()
}

#[test]
fn a_plan_in_trouble_says_so_and_stops_no_other() {
    in_each_ward(|ward| async move {
        let (now, tanaka) = (ward.house.now(), ward.tanaka);
        let other = register(&ward, "山田 トメ").await;
        for patient in [tanaka, other] {
            device(&ward.house, &ward, patient, "balloon").await;
            start(&ward.house, ward.ito, patient, "peg").await.unwrap();
        }
        spoil_snapshot(&ward.database, tanaka);
        let later = ward.house.at(now.plus_seconds(3 * DAY));
        while later.tick_due().await.unwrap() > 0 {}
        let troubled = plan(&later, ward.ito, tanaka).await;
        assert!(troubled.trouble, "the page can say that someone must look");
        assert!(!troubled.state.runs.is_empty(), "and still shows what the record holds");
        let fine = plan(&later, ward.ito, other).await;
        assert!(!fine.trouble);
        assert!(fine.state.reached >= now.plus_seconds(2 * DAY).stamp(), "the other plan went on");
    });
}

#[test]
fn a_record_whose_head_is_lost_or_damaged_keeps_the_clock_from_no_other() {
    in_each_ward(|ward| async move {
        let (now, tanaka) = (ward.house.now(), ward.tanaka);
        let (damaged, other) = (register(&ward, "森 イネ").await, register(&ward, "山田 トメ").await);
        for patient in [tanaka, damaged, other] {
            device(&ward.house, &ward, patient, "balloon").await;
            start(&ward.house, ward.ito, patient, "peg").await.unwrap();
        }
        // Without a head that can be read nothing can be appended to a record.
        ward.house
            .jot(move |conn, _| {
                let lost = head::table.find(tanaka.log());
                assert_eq!(on!(conn, |c| diesel::delete(lost).execute(c)).unwrap(), 1);
                let broken = head::table.find(damaged.log());
                let change = || head::hash.eq(vec![7_u8; 3]);
                assert_eq!(on!(conn, |c| diesel::update(broken).set(change()).execute(c)).unwrap(), 1);
                Ok(())
            })
            .await
            .unwrap();
        let later = ward.house.at(now.plus_seconds(3 * DAY));
        assert_eq!(later.tick_due().await.unwrap(), 1, "the other one's timers fired, in the same round");
        let seen = plan(&later, ward.ito, other).await;
        assert!(seen.state.reached >= now.plus_seconds(2 * DAY).stamp());
        assert!(!seen.trouble);
        // The two are marked, and the clock does not come back to them.
        for patient in [tanaka, damaged] {
            assert!(plan(&later, ward.ito, patient).await.trouble);
        }
        let due =
            later.read(|reading| renkei::store::plans::due(reading.conn, reading.now, 9)).await.unwrap();
        assert_eq!(due, []);
        let told = |patient: PatientId| {
            let (house, now) = (later.clone(), later.now());
            async move {
                let verb =
                    move |act: &mut Act<'_>, id| happenings::tell(act, id, patient, "peg.removed_at", now);
                act(&house, Who::person(ward.ito), patient, verb).await
            }
        };
        assert!(matches!(told(damaged).await, Err(Error::Fault(_))), "nothing is added to it");
        told(other).await.unwrap();
    });
}

/// Each batch of the committer has one moment, which its heads keep.
async fn batches(house: &House, of: &[PatientId]) -> usize {
    let heads = house.read(|reading| log::touched_since(reading.conn, Time::default())).await.unwrap();
    let moved = heads.iter().filter(|(log, ..)| of.iter().any(|patient| patient.log() == *log));
    moved.map(|(.., at)| *at).collect::<std::collections::BTreeSet<_>>().len()
}

#[test]
fn what_is_due_with_many_is_committed_together_and_happens_once_with_each() {
    in_each_ward(|ward| async move {
        let now = ward.house.now();
        let mut patients = Vec::new();
        for n in 0..24 {
            let patient = register(&ward, &format!("山田 {n}")).await;
            device(&ward.house, &ward, patient, "balloon").await;
            start(&ward.house, ward.ito, patient, "peg").await.unwrap();
            patients.push(patient);
        }
        assert_eq!(batches(&ward.house, &patients).await, 24, "people who come one by one are committed so");
        let later = ward.house.at(now.plus_seconds(3 * DAY));
        assert_eq!(later.tick_due().await.unwrap(), 24);
        let together = batches(&ward.house, &patients).await;
        assert!(together <= 6, "two dozen patients in {together} commits");
        let mut heads = Vec::new();
        for patient in &patients {
            let reached = plan(&later, ward.ito, *patient).await.state.reached;
            assert!(reached > now.stamp(), "something happened with everyone");
            heads.push(newest(&later, *patient).await);
        }
        while later.tick_due().await.unwrap() > 0 {}
        for (patient, head) in patients.iter().zip(heads) {
            assert_eq!(newest(&later, *patient).await, head, "and not once more");
        }
    });
}

async fn newest(house: &House, patient: PatientId) -> i64 {
    let heads = house.read(|reading| log::heads(reading.conn)).await.unwrap();
    heads.into_iter().find(|(log, _)| *log == patient.log()).unwrap().1.seq
}

/// Puts the snapshot back into the shape it had before snapshots were packed.
async fn keep_as_json(ward: &Ward, patient: PatientId, state: &PatientState) {
    let wrapped =
        ward.house.read(move |reading| log::wrapped_key(reading.conn, patient.log())).await.unwrap();
    let key = ward.house.keys().unwrap(patient.0.as_bytes(), &wrapped.unwrap()).unwrap();
    let about = [b"renkei/plan/1 ".as_slice(), patient.0.as_bytes()].concat();
    let sealed = key.seal(&about, &serde_json::to_vec(state).unwrap()).unwrap();
    ward.house
        .jot(move |conn, _| {
            let row = plan::table.find(patient);
            let changed = on!(conn, |c| diesel::update(row).set(plan::sealed.eq(sealed.clone())).execute(c));
            assert_eq!(changed.unwrap(), 1);
            Ok(())
        })
        .await
        .unwrap();
}

#[test]
fn a_plan_kept_by_an_older_program_goes_on_where_it_stood() {
    in_each_ward(|ward| async move {
        let (now, tanaka) = (ward.house.now(), ward.tanaka);
        device(&ward.house, &ward, tanaka, "balloon").await;
        start(&ward.house, ward.ito, tanaka, "peg").await.unwrap();
        let before = plan(&ward.house, ward.ito, tanaka).await.state;
        let mut told_apart = before.clone();
        told_apart.counted += 1_000;
        keep_as_json(&ward, tanaka, &told_apart).await;
        assert_eq!(
            plan(&ward.house, ward.ito, tanaka).await.state,
            told_apart,
            "the kept state is what is read"
        );
        keep_as_json(&ward, tanaka, &before).await;
        assert_eq!(plan(&ward.house, ward.ito, tanaka).await.state, before);
        let later = ward.house.at(now.plus_seconds(3 * DAY));
        while later.tick_due().await.unwrap() > 0 {}
        let after = plan(&later, ward.ito, tanaka).await;
        assert!(!after.trouble && after.state.reached > before.reached);
        ward.house.rebuild().await.unwrap();
        assert_eq!(plan(&later, ward.ito, tanaka).await.state, after.state, "the record folds to the same");
    });
}

fn spoil_snapshot(address: &str, patient: PatientId) {
    let hex = patient.0.simple();
    if address.starts_with("postgres") {
        let sql = format!("UPDATE plan SET sealed = '\\x07'::bytea WHERE patient = '\\x{hex}'::bytea");
        PgConnection::establish(address).unwrap().batch_execute(&sql).unwrap();
    } else {
        let sql = format!("UPDATE plan SET sealed = x'07' WHERE patient = x'{hex}'");
        SqliteConnection::establish(address).unwrap().batch_execute(&sql).unwrap();
    }
}

async fn register(ward: &Ward, name: &str) -> PatientId {
    let registration = Registration {
        id: EntryId::new(),
        patient: PatientId::new(),
        card: PatientCard {
            name: name.to_owned(),
            kana: "ヤマダ トメ".into(),
            birth: Some(date(1940, 5, 1)),
            ..PatientCard::default()
        },
        consent: Consent {
            on: ward.house.now().day(),
            method: ConsentMethod::Written,
            explained_by: "伊藤 さくら".into(),
            representative: String::new(),
            scope: "在宅療養に関わる多職種での共有".into(),
        },
    };
    let logs = vec![ward.house.register(), registration.patient.log()];
    ward.house
        .perform(Who::person(ward.ito), logs, move |act| patients::register(act, &registration))
        .await
        .unwrap()
}
