//! The library: drafts that may be wrong, copies that name their origin, publishing by two, versions that
//! start no more, and versions whose runs all rest, whoever sits in their teams.

use renkei::acts::House;
use renkei::acts::Who;
use renkei::acts::library::changes;
use renkei::acts::library::changes::Proposing;
use renkei::acts::library::drafts::Keeping;
use renkei::acts::library::marks;
use renkei::acts::patients;
use renkei::acts::plans;
use renkei::acts::plans::RunAct;
use renkei::acts::stays;
use renkei::acts::stays::Admission;
use renkei::acts::views;
use renkei::acts::views::library::DraftText;
use renkei::kernel::error::Error;
use renkei::kernel::error::Result;
use renkei::kernel::id::ChangeId;
use renkei::kernel::id::DraftId;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::LetterId;
use renkei::kernel::id::PatientId;
use renkei::kernel::id::PersonId;
use renkei::kernel::id::RunId;
use renkei::kernel::profession::Profession;
use renkei::kernel::time::Clock;
use renkei::pathway::state::Status;
use renkei::record::cards::PatientCard;
use renkei::record::payload::Admitted;
use renkei::record::payload::Mark;
use renkei::record::payload::Marked;
use renkei::record::payload::Rank;
use renkei::record::payload::SeatRole;
use renkei::store::Place;
use renkei::store::library::not_as_said;

use crate::support::in_each_ward;
use crate::support::things::Hands;
use crate::support::ward;
use crate::support::ward::Ward;

/// Somebody's own copy of a published pathway.
pub async fn copied(house: &House, who: PersonId, code: &str) -> DraftId {
    let (draft, of) = (DraftId::new(), house.library().pathways.current(code).unwrap().hash.clone());
    house.copy_pathway(who, draft, &of).await.unwrap();
    draft
}

pub async fn seen(house: &House, draft: DraftId) -> DraftText {
    house.read(move |reading| views::library::draft(reading, draft)).await.unwrap()
}

/// The same draft with other words in it.
pub async fn rewrite(house: &House, who: PersonId, draft: DraftId, from: &str, to: &str) -> Result<()> {
    let view = seen(house, draft).await;
    assert!(view.text.contains(from), "the draft does not say {from}");
    let text = view.text.replacen(from, to, 1);
    house
        .keep_pathway_draft(who, Keeping { draft, text, origin: None, stories: None, base: Some(view.base) })
        .await
}

async fn propose(house: &House, who: PersonId, draft: DraftId, reason: &str) -> Result<ChangeId> {
    let hash = seen(house, draft).await.hash.unwrap_or_default();
    let change = ChangeId::new();
    let new = Proposing { id: EntryId::new(), change, draft, hash, reason: reason.to_owned() };
    house.propose_pathway(Who::person(who), new).await.map(|()| change)
}

/// A copy of a pathway, proposed by somebody.
pub async fn proposed(house: &House, who: PersonId, code: &str) -> (DraftId, ChangeId) {
    let draft = copied(house, who, code).await;
    (draft, propose(house, who, draft, "交換の間隔を、地域の在庫に合わせる").await.unwrap())
}

async fn confirm(house: &House, who: PersonId, change: ChangeId) -> Result<()> {
    house.confirm_pathway(Who::person(who), EntryId::new(), change).await
}

async fn turn_down(house: &House, who: PersonId, change: ChangeId, reason: &'static str) -> Result<()> {
    let id = EntryId::new();
    let act = move |act: &mut renkei::acts::Act<'_>| changes::turn_down(act, id, change, reason);
    house.perform(Who::person(who), vec![house.register()], act).await
}

async fn mark(house: &House, who: PersonId, hash: &str, mark: Mark) -> Result<()> {
    let new = Marked { hash: hash.to_owned(), mark, reason: "間隔に誤りが見つかった".to_owned() };
    house.mark_version(Who::person(who), EntryId::new(), new).await
}

fn current(house: &House, code: &str) -> String {
    house.library().pathways.current(code).unwrap().hash.clone()
}

async fn start(house: &House, by: PersonId, patient: PatientId, hash: &str) -> Result<RunId> {
    let (run, hash, id) = (RunId::new(), hash.to_owned(), EntryId::new());
    let act = move |act: &mut renkei::acts::Act<'_>| plans::start(act, id, patient, run, &hash);
    house.perform(Who::person(by), vec![patient.log()], act).await.map(|()| run)
}

async fn on_run(house: &House, by: PersonId, patient: PatientId, run: RunId, what: RunAct) -> Result<()> {
    let id = EntryId::new();
    let act = move |act: &mut renkei::acts::Act<'_>| plans::act_on_run(act, id, patient, run, &what);
    house.perform(Who::person(by), vec![patient.log()], act).await
}

fn forbidden<T: std::fmt::Debug>(done: Result<T>) {
    assert!(matches!(done, Err(Error::Forbidden(_))), "{done:?}");
}

fn flaw<T: std::fmt::Debug>(done: Result<T>, field: &str) {
    let Err(Error::Invalid(flaws)) = done else { panic!("{done:?}") };
    assert!(flaws.iter().any(|flaw| flaw.field == field), "{flaws:?}");
}

/// A second administrator of the region: 三上.
async fn mikami(ward: &Ward) -> PersonId {
    let rank = Rank::RegionAdmin;
    ward::add(&ward.house, ward.town, Profession::LiaisonOfficer, rank, "三上 京子", "mikami").await
}

#[test]
fn a_file_with_errors_is_kept_as_a_draft_and_cannot_be_proposed() {
    in_each_ward(|ward| async move {
        let house = &ward.house;
        let draft = copied(house, ward.sato, "peg").await;
        rewrite(house, ward.sato, draft, "present(placed_on)", "present(placed_onn)").await.unwrap();
        let view = seen(house, draft).await;
        let wrong: Vec<_> = view.findings.iter().filter(|one| one.is_error()).collect();
        assert!(!wrong.is_empty() && wrong.iter().all(|one| one.line > 1), "{wrong:?}");
        flaw(propose(house, ward.sato, draft, "試し").await, "text");
        rewrite(house, ward.sato, draft, "placed_onn", "placed_on").await.unwrap();
        propose(house, ward.sato, draft, "誤字を直した").await.unwrap();

        let broken = DraftId::new();
        let keep = |text: &str, base: Option<String>| {
            let new = Keeping { draft: broken, text: text.to_owned(), origin: None, stories: None, base };
            house.keep_pathway_draft(ward.ito, new)
        };
        keep("{ \"id\": ", None).await.unwrap();
        let view = seen(house, broken).await;
        assert!(view.hash.is_none() && view.findings.len() == 1, "{:?}", view.findings);
        flaw(propose(house, ward.ito, broken, "試し").await, "text");
        flaw(keep("  ", Some(view.base.clone())).await, "text");
        flaw(keep(&"[".repeat((1 << 20) + 1), Some(view.base)).await, "text");
        keep(&"[".repeat(1 << 20), Some(seen(house, broken).await.base)).await.unwrap();
        assert_eq!(seen(house, broken).await.findings.len(), 1, "a megabyte of brackets is one finding");
    });
}

#[test]
fn only_its_author_writes_into_a_draft_and_nothing_typed_elsewhere_is_overwritten() {
    in_each_ward(|ward| async move {
        let house = &ward.house;
        let draft = copied(house, ward.sato, "peg").await;
        let view = seen(house, draft).await;
        let origin = house.library().pathways.current("peg").unwrap().clone();
        let named = format!("peg@{}/{}", origin.definition.version, origin.hash);
        assert!(view.text.contains(&named) && view.draft.origin.as_deref() == Some(origin.hash.as_str()));
        forbidden(rewrite(house, ward.nakamura, draft, "胃ろう", "胃瘻").await);
        forbidden(house.drop_pathway_draft(ward.nakamura, draft).await);
        forbidden(house.copy_pathway(ward.yamaguchi, DraftId::new(), &origin.hash).await);
        forbidden(propose(house, ward.nakamura, draft, "試し").await);
        let missing = house.copy_pathway(ward.sato, DraftId::new(), "00").await;
        assert!(matches!(missing, Err(Error::Missing)), "{missing:?}");
        let missing = propose_nothing(house, ward.sato).await;
        assert!(matches!(missing, Err(Error::Missing)), "{missing:?}");

        rewrite(house, ward.sato, draft, "胃ろう", "胃瘻").await.unwrap();
        let late = Keeping { draft, text: "{}".into(), origin: None, stories: None, base: Some(view.base) };
        flaw(house.keep_pathway_draft(ward.sato, late).await, "text");
        assert!(seen(house, draft).await.text.contains("胃瘻"), "what was written first stands");
        house.drop_pathway_draft(ward.sato, draft).await.unwrap();
        let gone = house.read(move |reading| views::library::draft(reading, draft)).await;
        assert!(matches!(gone, Err(Error::Missing)));
    });
}

async fn propose_nothing(house: &House, who: PersonId) -> Result<()> {
    let new = Proposing {
        id: EntryId::new(),
        change: ChangeId::new(),
        draft: DraftId::new(),
        hash: "00".to_owned(),
        reason: "試し".to_owned(),
    };
    house.propose_pathway(Who::person(who), new).await
}

#[test]
fn a_version_is_published_by_two_people_and_new_runs_take_it_while_old_ones_keep_theirs() {
    in_each_ward(|ward| async move {
        let house = &ward.house;
        let hands = Hands { house, patient: ward.tanaka, nurse: ward.ito, doctor: ward.sato };
        let old_run = hands.device_and_pathway().await;
        let old = current(house, "peg");
        let draft = copied(house, ward.sato, "peg").await;
        flaw(propose(house, ward.sato, draft, "  ").await, "reason");
        let change = propose(house, ward.sato, draft, "地域の呼び方に合わせた").await.unwrap();
        assert_eq!(current(house, "peg"), old, "one alone changes nothing");
        forbidden(confirm(house, ward.sato, change).await);
        forbidden(confirm(house, ward.kimura, change).await);
        forbidden(confirm(house, ward.yamaguchi, change).await);
        assert_eq!(current(house, "peg"), old);
        confirm(house, ward.nakamura, change).await.unwrap();
        let new = current(house, "peg");
        assert_ne!(new, old);
        assert!(matches!(confirm(house, ward.nakamura, change).await, Err(Error::Stale)));

        let versions = house.read(|reading| views::library::versions(reading, "peg")).await.unwrap();
        let [newest, shipped] = versions.as_slice() else { panic!("{versions:?}") };
        let published = newest.change.as_ref().unwrap();
        assert_eq!((published.by.id, published.reason.as_str()), (ward.sato, "地域の呼び方に合わせた"));
        let decided = published.decided.as_ref().unwrap();
        assert!(decided.by.id == ward.nakamura && decided.at >= published.at);
        assert!(newest.current && !shipped.current && shipped.change.is_none() && shipped.hash == old);

        let state = hands.state().await;
        assert_eq!(state.runs[&old_run].hash, old, "what runs keeps its version");
        let stopped = RunAct::Stop("新しい版で始め直す".into());
        on_run(house, ward.sato, ward.tanaka, old_run, stopped).await.unwrap();
        let run = start(house, ward.ito, ward.tanaka, &new).await.unwrap();
        assert_eq!(hands.state().await.runs[&run].hash, new);
        house.publish_shipped().await.unwrap();
        assert_eq!(current(house, "peg"), new, "the program's own template takes no place of the region's");
    });
}

#[test]
fn a_draft_that_changed_after_it_was_proposed_is_not_confirmed() {
    in_each_ward(|ward| async move {
        let house = &ward.house;
        let old = current(house, "peg");
        let (draft, change) = proposed(house, ward.sato, "peg").await;
        rewrite(house, ward.sato, draft, "胃ろう", "胃瘻").await.unwrap();
        forbidden(confirm(house, ward.nakamura, change).await);
        rewrite(house, ward.sato, draft, "\"units\"", "\"unitz\"").await.unwrap();
        assert!(confirm(house, ward.nakamura, change).await.is_err());
        rewrite(house, ward.sato, draft, "\"unitz\"", "\"units\"").await.unwrap();
        let again = propose(house, ward.sato, draft, "呼び方も直した").await.unwrap();
        assert!(matches!(
            confirm(house, ward.nakamura, change).await,
            Err(Error::Stale | Error::Forbidden(_))
        ));
        house.drop_pathway_draft(ward.sato, draft).await.unwrap();
        forbidden(confirm(house, ward.nakamura, again).await);
        assert_eq!(current(house, "peg"), old);
        let never = confirm(house, ward.nakamura, ChangeId::new()).await;
        assert!(matches!(never, Err(Error::Missing)), "{never:?}");
    });
}

#[test]
fn what_is_turned_down_stays_readable_with_its_reason_and_a_taken_version_is_refused() {
    in_each_ward(|ward| async move {
        let house = &ward.house;
        let (draft, change) = proposed(house, ward.sato, "peg").await;
        flaw(turn_down(house, ward.nakamura, change, " ").await, "reason");
        forbidden(turn_down(house, ward.yamaguchi, change, "試し").await);
        turn_down(house, ward.nakamura, change, "根拠を書き足してください").await.unwrap();
        assert!(matches!(confirm(house, ward.nakamura, change).await, Err(Error::Stale)));
        let view = house.read(move |reading| views::library::change(reading, change)).await.unwrap();
        assert_eq!(
            (view.state.as_str(), view.decided.unwrap().reason.as_str()),
            ("turned_down", "根拠を書き足してください")
        );
        assert_eq!(seen(house, draft).await.draft.id, draft, "the draft is still there to be mended");

        rewrite(house, ward.sato, draft, "\"version\": \"1.0.1\"", "\"version\": \"1.0.0\"").await.unwrap();
        let shipped = house.library().pathways.current("peg").unwrap().definition.version.clone();
        if shipped == "1.0.0" {
            flaw(propose(house, ward.sato, draft, "版の番号が同じ").await, "text");
        }
        let same = DraftId::new();
        let text = house.library().pathways.current("peg").unwrap().text.clone();
        let keeping = Keeping { draft: same, text, origin: None, stories: None, base: None };
        house.keep_pathway_draft(ward.sato, keeping).await.unwrap();
        flaw(propose(house, ward.sato, same, "同じ内容").await, "text");
        let second = mikami(&ward).await;
        let (_, own) = proposed(house, ward.nakamura, "end-of-life").await;
        forbidden(confirm(house, ward.nakamura, own).await);
        confirm(house, second, own).await.unwrap();
    });
}

#[test]
fn a_version_that_starts_no_more_is_offered_to_nobody_and_what_runs_goes_on() {
    in_each_ward(|ward| async move {
        let house = &ward.house;
        let hands = Hands { house, patient: ward.tanaka, nurse: ward.ito, doctor: ward.sato };
        let run = hands.device_and_pathway().await;
        let hash = current(house, "peg");
        let other = another(&ward).await;
        forbidden(mark(house, ward.sato, &hash, Mark::Stop).await);
        forbidden(mark(house, ward.yamaguchi, &hash, Mark::Suspend).await);
        let never = mark(house, ward.nakamura, "00", Mark::Stop).await;
        assert!(matches!(never, Err(Error::Missing)), "{never:?}");
        assert!(matches!(mark(house, ward.nakamura, &hash, Mark::Allow).await, Err(Error::Stale)));
        let silent = Marked { hash: hash.clone(), mark: Mark::Stop, reason: " ".into() };
        flaw(house.mark_version(Who::person(ward.nakamura), EntryId::new(), silent).await, "reason");

        mark(house, ward.nakamura, &hash, Mark::Stop).await.unwrap();
        assert!(house.library().pathways.current("peg").is_none());
        let offered = house.look(ward.ito, other, "plan", views::plan::read).await.unwrap().offers;
        assert!(offered.iter().all(|offer| offer.pathway != "peg"), "{offered:?}");
        Hands { house, patient: other, nurse: ward.ito, doctor: ward.sato }.device().await;
        forbidden(start(house, ward.ito, other, &hash).await);
        assert_eq!(hands.state().await.runs[&run].status, Status::Active, "what runs goes on");
        mark(house, ward.nakamura, &hash, Mark::Allow).await.unwrap();
        start(house, ward.ito, other, &hash).await.unwrap();
    });
}

/// 山田 トメ, of the same nurse and doctor.
async fn another(ward: &Ward) -> PatientId {
    let (card, consent) = ward::someone();
    let card = PatientCard { name: "山田 トメ".into(), kana: "ヤマダ トメ".into(), ..card };
    let patient = ward::register(&ward.house, ward.ito, card, consent).await;
    ward::seat(&ward.house, ward.ito, patient, ward.sato, SeatRole::Main).await;
    patient
}

#[test]
fn all_runs_of_a_version_rest_until_the_region_lets_them_go_on() {
    in_each_ward(|ward| async move {
        let house = &ward.house;
        let hands = Hands { house, patient: ward.tanaka, nurse: ward.ito, doctor: ward.sato };
        let run = hands.device_and_pathway().await;
        let other = another(&ward).await;
        let others = Hands { house, patient: other, nurse: ward.ito, doctor: ward.sato };
        let resting = others.device_and_pathway().await;
        on_run(house, ward.sato, other, resting, RunAct::Suspend("旅行".into())).await.unwrap();
        let hash = current(house, "peg");
        let count = |hash: String| house.read(move |reading| views::library::runs(reading, &hash));
        assert_eq!(count(hash.clone()).await.unwrap().running, 2);

        mark(house, ward.nakamura, &hash, Mark::Suspend).await.unwrap();
        let counted = count(hash.clone()).await.unwrap();
        assert_eq!((counted.running, counted.halted), (0, 2));
        let state = hands.state().await;
        assert_eq!(
            (state.runs[&run].code(), state.runs[&run].halted.as_ref().unwrap().reason.as_str()),
            ("halted", "間隔に誤りが見つかった")
        );
        forbidden(on_run(house, ward.sato, ward.tanaka, run, RunAct::Resume).await);
        forbidden(start(house, ward.ito, ward.tanaka, &hash).await);
        let told = halted(house, ward.ito).await;
        assert_eq!(told, ["山田 トメ", "田中 ハル"], "her teams are told");
        assert!(halted(house, ward.okada).await.is_empty() && halted(house, ward.nakamura).await.is_empty());
        assert_eq!(house.bring_runs().await.unwrap(), 0, "nothing is left to do, and nothing is done twice");

        mark(house, ward.nakamura, &hash, Mark::Resume).await.unwrap();
        assert_eq!(hands.state().await.runs[&run].status, Status::Active);
        let kept = others.state().await.runs[&resting].status.clone();
        assert!(matches!(kept, Status::Suspended { .. }), "what a person let rest goes on resting: {kept:?}");
        on_run(house, ward.sato, other, resting, RunAct::Resume).await.unwrap();
        assert!(halted(house, ward.ito).await.is_empty());
        house.rebuild().await.unwrap();
        assert_eq!(hands.state().await.runs[&run].status, Status::Active);
    });
}

async fn halted(house: &House, who: PersonId) -> Vec<String> {
    let secret = house.begin_session(who, renkei::acts::accounts::Computer::Own).await.unwrap();
    let member = house.member_of_session(&secret, true).await.unwrap();
    let seen = house.read(move |reading| views::library::halted(reading, &member)).await.unwrap();
    let mut names: Vec<String> = seen.into_iter().map(|one| one.name).collect();
    names.sort();
    names
}

/// Whoever is admitted or goes home while the region holds a version: the region's word outlasts the stay.
#[test]
fn a_stay_in_hospital_ends_no_halt_and_a_halt_ends_no_stay() {
    in_each_ward(|ward| async move {
        let house = &ward.house;
        let hands = Hands { house, patient: ward.tanaka, nurse: ward.ito, doctor: ward.sato };
        let run = hands.device_and_pathway().await;
        let hash = current(house, "peg");
        let code = async || hands.state().await.runs[&run].code();
        admit(&ward).await;
        assert_eq!(code().await, "suspended");
        mark(house, ward.nakamura, &hash, Mark::Suspend).await.unwrap();
        assert_eq!(code().await, "halted");
        discharge(&ward).await;
        assert_eq!(code().await, "halted", "going home lets nothing go on that the region holds");
        admit(&ward).await;
        mark(house, ward.nakamura, &hash, Mark::Resume).await.unwrap();
        assert_eq!(code().await, "suspended", "the stay still holds it");
        discharge(&ward).await;
        assert_eq!(code().await, "active");
    });
}

async fn admit(ward: &Ward) {
    let admitted = Admitted {
        stay: LetterId::new(),
        hospital: ward.hospital,
        ward: "3階東".into(),
        at: ward.house.now(),
        planned: None,
        reason: "肺炎".into(),
    };
    let new = Admission { id: EntryId::new(), patient: ward.tanaka, admitted, guest: None };
    let act = move |act: &mut renkei::acts::Act<'_>| stays::admit(act, &new);
    ward.house.perform(Who::person(ward.sato), vec![ward.tanaka.log()], act).await.unwrap();
}

async fn discharge(ward: &Ward) {
    let (id, patient) = (EntryId::new(), ward.tanaka);
    let act = move |act: &mut renkei::acts::Act<'_>| stays::discharge(act, id, patient, act.now);
    ward.house.perform(Who::person(ward.sato), vec![patient.log()], act).await.unwrap();
}

/// The word is kept and the house dies before it brought a single run there: the next one does it, a part
/// at a time, and does nothing twice.
#[test]
fn what_a_crash_left_undone_is_done_by_the_next_house() {
    in_each_ward(|ward| async move {
        let house = &ward.house;
        let hands = Hands { house, patient: ward.tanaka, nurse: ward.ito, doctor: ward.sato };
        let run = hands.device_and_pathway().await;
        let other = another(&ward).await;
        let others = Hands { house, patient: other, nurse: ward.ito, doctor: ward.sato };
        let second = others.device_and_pathway().await;
        let (id, hash) = (EntryId::new(), current(house, "peg"));
        let said = Marked { hash: hash.clone(), mark: Mark::Suspend, reason: "間隔の誤り".to_owned() };
        let act = move |act: &mut renkei::acts::Act<'_>| marks::mark(act, id, &said);
        house.perform(Who::person(ward.nakamura), vec![house.register()], act).await.unwrap();
        assert_eq!(hands.state().await.runs[&run].status, Status::Active);

        let place = Place::parse(&ward.database).unwrap();
        let next = House::open(&place, house.keys().clone(), Clock::System).await.unwrap();
        let hash_of = hash.clone();
        let parts = next.read(move |reading| {
            let first = not_as_said(reading.conn, &hash_of, true, None, 1)?;
            let rest = not_as_said(reading.conn, &hash_of, true, first.first().map(|(run, _)| *run), 1)?;
            Ok([first, rest].concat())
        });
        let mut parts: Vec<PatientId> =
            parts.await.unwrap().into_iter().map(|(_, patient)| patient).collect();
        parts.sort_unstable();
        let mut both = vec![ward.tanaka, other];
        both.sort_unstable();
        assert_eq!(parts, both, "each of them in one part");
        assert_eq!((next.bring_runs().await.unwrap(), next.bring_runs().await.unwrap()), (2, 0));
        assert_eq!(hands.state().await.runs[&run].code(), "halted");
        assert_eq!(others.state().await.runs[&second].code(), "halted");
    });
}

/// What is frozen waits, and no longer than that.
#[test]
fn a_record_that_was_frozen_comes_to_rest_when_it_opens_again() {
    in_each_ward(|ward| async move {
        let house = &ward.house;
        let hands = Hands { house, patient: ward.tanaka, nurse: ward.ito, doctor: ward.sato };
        let run = hands.device_and_pathway().await;
        let hash = current(house, "peg");
        let (id, patient) = (EntryId::new(), ward.tanaka);
        let freeze =
            move |act: &mut renkei::acts::Act<'_>| patients::withdraw_consent(act, id, patient, "家族の希望");
        house.perform(Who::person(ward.ito), vec![patient.log()], freeze).await.unwrap();
        mark(house, ward.nakamura, &hash, Mark::Suspend).await.unwrap();
        let (id, (_, consent)) = (EntryId::new(), ward::someone());
        let thaw = move |act: &mut renkei::acts::Act<'_>| patients::give_consent(act, id, patient, &consent);
        house.perform(Who::person(ward.ito), vec![patient.log()], thaw).await.unwrap();
        assert_eq!(hands.state().await.runs[&run].status, Status::Active);
        assert_eq!(house.bring_runs().await.unwrap(), 1);
        assert_eq!(hands.state().await.runs[&run].code(), "halted");
    });
}
