//! A nurse leaves: what she had taken on and what she was asked goes to a colleague where he is in the team,
//! and back to the nurses elsewhere. Whoever does it for the office learns numbers and nobody's name.

use renkei::acts::House;
use renkei::acts::Who;
use renkei::acts::plans;
use renkei::acts::register;
use renkei::acts::threads;
use renkei::acts::views;
use renkei::kernel::error::Error;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::PatientId;
use renkei::kernel::id::PersonId;
use renkei::kernel::lang::Lang;
use renkei::kernel::profession::Profession;
use renkei::pathway::event::TaskAct;
use renkei::record::Audience;
use renkei::record::cards::PatientCard;
use renkei::record::payload::AccountState;
use renkei::record::payload::AskTo;
use renkei::record::payload::Post;
use renkei::record::payload::PostAsk;
use renkei::record::payload::PostKind;
use renkei::record::payload::Rank;
use renkei::record::payload::SeatRole;

use crate::support::in_each_ward;
use crate::support::site::in_each_site;
use crate::support::things::Hands;
use crate::support::ward;
use crate::support::ward::Ward;

/// What there is beside the ward.
struct Scene {
    /// 加藤, a nurse of the same station; in 田中さん's team, not in 山田さん's.
    kato: PersonId,
    /// 小林, who administers another station.
    kobayashi: PersonId,
    /// 山田さん
    yamada: PatientId,
}

fn hands(ward: &Ward, patient: PatientId) -> Hands<'_> {
    Hands { house: &ward.house, patient, nurse: ward.ito, doctor: ward.sato }
}

/// 伊藤 has taken on a task of each of two patients, and was asked something by name.
async fn scene(ward: &Ward) -> Scene {
    let house = &ward.house;
    let offices = house.read(views::house::offices).await.unwrap();
    let office = |name: &str| offices.iter().find(|one| one.card.name.contains(name)).unwrap().id;
    let nurse = Profession::VisitingNurse;
    let kato = ward::add(house, office("あおば"), nurse, Rank::Member, "加藤 学", "kato").await;
    let kobayashi =
        ward::add(house, office("かえで"), nurse, Rank::OfficeAdmin, "小林 実", "kobayashi").await;
    let (card, consent) = ward::someone();
    let card = PatientCard { name: "山田 トメ".into(), kana: "ヤマダ トメ".into(), ..card };
    let yamada = ward::register(house, ward.ito, card, consent).await;
    ward::seat(house, ward.ito, yamada, ward.sato, SeatRole::Main).await;
    ward::seat(house, ward.ito, ward.tanaka, kato, SeatRole::Member).await;
    for patient in [ward.tanaka, yamada] {
        hands(ward, patient).device_and_pathway().await;
        let state = hands(ward, patient).state().await;
        let task = state.tasks.values().find(|task| task.code.as_deref() == Some("site-check")).unwrap().id;
        hands(ward, patient)
            .act(ward.ito, move |act, id| plans::act_on_task(act, id, patient, task, &TaskAct::Claim))
            .await;
    }
    let ask = PostAsk { ask: renkei::kernel::id::AskId::new(), to: AskTo::Person(ward.ito), due: None };
    let post = Post {
        text: "次の訪問はいつですか".to_owned(),
        kind: PostKind::Question,
        ask: Some(ask),
        ..Post::default()
    };
    let new = threads::NewPost { id: EntryId::new(), patient: ward.tanaka, audience: Audience::Staff, post };
    hands(ward, ward.tanaka).act(ward.sato, move |act, _| threads::post(act, &new)).await;
    Scene { kato, kobayashi, yamada }
}

async fn leaves(ward: &Ward) {
    let (id, ito) = (EntryId::new(), ward.ito);
    ward.house
        .perform(Who::person(ward.nakamura), vec![ward.house.register()], move |act| {
            register::set_account(act, id, ito, AccountState::Left, "退職")
        })
        .await
        .unwrap();
}

async fn holder(house: &House, reader: PersonId, patient: PatientId) -> Option<PersonId> {
    let plan = house.look(reader, patient, "plan", views::plan::read).await.unwrap();
    plan.state.tasks.values().find(|task| task.code.as_deref() == Some("site-check")).unwrap().claimed_by
}

/// How often someone is asked when the next visit is.
async fn asked(house: &House, who: PersonId) -> usize {
    let secret = house.begin_session(who, renkei::acts::accounts::Computer::Own).await.unwrap();
    let member = house.member_of_session(&secret, false).await.unwrap();
    let asks = house.read(move |reading| views::start::asks(reading, &member)).await.unwrap();
    asks.iter().filter(|ask| ask.says.contains("次の訪問")).count()
}

async fn head(house: &House, reader: PersonId, patient: PatientId) -> i64 {
    house
        .look(reader, patient, "thread", |look| Ok(views::thread::read(look, Lang::Ja, None)?.head))
        .await
        .unwrap()
}

#[test]
fn what_a_nurse_held_goes_to_her_colleague_where_he_is_in_the_team_and_back_to_the_nurses_elsewhere() {
    in_each_ward(|ward| async move {
        let (house, scene) = (&ward.house, scene(&ward).await);
        leaves(&ward).await;
        assert_eq!(asked(house, scene.kato).await, 0);
        let id = EntryId::new();
        let outcome =
            house.hand_over(Who::person(ward.nakamura), id, ward.ito, Some(scene.kato)).await.unwrap();
        assert_eq!((outcome.done, outcome.left), (2, 0));
        assert_eq!(holder(house, ward.sato, ward.tanaka).await, Some(scene.kato));
        assert_eq!(holder(house, ward.sato, scene.yamada).await, None, "he is not in that team");
        assert_eq!(asked(house, scene.kato).await, 1, "what she was asked, he is asked now");

        // Each record says so; done again under the same number or a new one, nothing is doubled.
        let thread = |look: &mut renkei::acts::Look<'_>| views::thread::read(look, Lang::Ja, None);
        let seen = house.look(ward.sato, ward.tanaka, "thread", thread).await.unwrap();
        let lines = serde_json::to_string(&seen.lines).unwrap();
        assert!(lines.contains("伊藤 さくらさんの仕事を加藤 学さんが引き継ぎました"), "{lines}");
        let heads = (head(house, ward.sato, ward.tanaka).await, head(house, ward.sato, scene.yamada).await);
        for id in [id, EntryId::new()] {
            let again = house.hand_over(Who::person(ward.nakamura), id, ward.ito, None).await.unwrap();
            assert_eq!((again.done, again.left), (0, 0));
        }
        let after = (head(house, ward.sato, ward.tanaka).await, head(house, ward.sato, scene.yamada).await);
        assert_eq!(heads, after);

        // Whoever did it still has no way into either record.
        for patient in [ward.tanaka, scene.yamada] {
            let seen = house.look(ward.nakamura, patient, "plan", views::plan::read).await.map(|_| ());
            assert!(matches!(seen, Err(Error::Missing)), "{seen:?}");
        }
        house.rebuild().await.unwrap();
        assert_eq!(holder(house, ward.sato, ward.tanaka).await, Some(scene.kato));
        assert_eq!(asked(house, scene.kato).await, 1);
    });
}

#[test]
fn handing_over_that_was_broken_off_goes_on_where_it_stopped() {
    in_each_ward(|ward| async move {
        let (house, scene) = (&ward.house, scene(&ward).await);
        leaves(&ward).await;
        // 山田さん's record is frozen at first: nobody writes in it, and the other one is done.
        let (patient, id) = (scene.yamada, EntryId::new());
        house
            .perform(Who::person(ward.sato), vec![patient.log()], move |act| {
                renkei::acts::patients::withdraw_consent(act, id, patient, "ご家族の希望")
            })
            .await
            .unwrap();
        let id = EntryId::new();
        let by = Who::person(ward.nakamura);
        let first = house.hand_over(by, id, ward.ito, None).await.unwrap();
        assert_eq!(first.done, 1);
        assert_eq!(holder(house, ward.sato, ward.tanaka).await, None);
        let (_, consent) = ward::someone();
        let (again, patient) = (EntryId::new(), scene.yamada);
        house
            .perform(Who::person(ward.sato), vec![patient.log()], move |act| {
                renkei::acts::patients::give_consent(act, again, patient, &consent)
            })
            .await
            .unwrap();
        assert_eq!(holder(house, ward.sato, scene.yamada).await, Some(ward.ito), "still hers");
        let second = house.hand_over(by, id, ward.ito, None).await.unwrap();
        assert_eq!(second.done, 1);
        assert_eq!(holder(house, ward.sato, scene.yamada).await, None);
    });
}

#[test]
fn nobody_hands_over_for_someone_active_for_another_office_or_to_another_profession() {
    in_each_ward(|ward| async move {
        let (house, scene) = (&ward.house, scene(&ward).await);
        let hand = |by: PersonId, to: Option<PersonId>| {
            house.hand_over(Who::person(by), EntryId::new(), ward.ito, to)
        };
        let active = hand(ward.nakamura, None).await;
        assert!(matches!(active, Err(Error::Invalid(_))), "she is still there: {active:?}");
        leaves(&ward).await;
        for by in [ward.sato, scene.kato, scene.kobayashi, ward.okada] {
            let refused = hand(by, None).await;
            assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
        }
        let gone = hand(ward.ito, None).await;
        assert!(matches!(gone, Err(Error::SignedOut)), "{gone:?}");
        assert_eq!(holder(house, ward.sato, ward.tanaka).await, Some(ward.ito), "nothing was touched");
        // A doctor does not take over from a nurse: it goes back to the nurses.
        hand(ward.nakamura, Some(ward.sato)).await.unwrap();
        assert_eq!(holder(house, ward.sato, ward.tanaka).await, None);
        assert_eq!(asked(house, ward.sato).await, 0);
        assert_eq!(asked(house, scene.kato).await, 1, "every nurse of the team is asked");
    });
}

#[test]
fn the_page_counts_and_names_colleagues_and_no_patient() {
    in_each_site(|site| {
        let scene = site.runtime.block_on(scene(&site.ward));
        let here = format!("/office/people/{}/hand-over", site.ward.ito);
        let (administrator, _) = site.signed_in("nakamura");
        let early = administrator.get(&here);
        let early = administrator.send(&early, "すべて引き継ぐ", &[]);
        early.is(422).says("先に「停止」か「退職」にしてください");
        site.runtime.block_on(leaves(&site.ward));
        let office = administrator.get("/region");
        office.is(200);
        let page = administrator.get(&here);
        page.is(200).says("仕事は2件").says("お願いは1件").says("加藤 学").hides("田中").hides("山田");
        let done = administrator.send(&page, "すべて引き継ぐ", &[("to", &scene.kato.to_string())]);
        done.is(200).says("いま引き継ぐものはありません").hides("田中").hides("山田");
        let (colleague, start) = site.signed_in("kato");
        start.says("次の訪問はいつですか");
        colleague.get("/tasks").is(200).says("加藤 学さんが担当中");
        for (name, status) in [("sato", 403), ("kobayashi", 403)] {
            site.signed_in(name).0.get(&here).is(status).hides("加藤");
        }
    });
}
