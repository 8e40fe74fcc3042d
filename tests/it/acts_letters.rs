//! Forms: signed with nothing missing or not at all, moved by whoever's turn it is, amended and never
//! changed in place.

use renkei::acts::House;
use renkei::acts::Who;
use renkei::acts::letters::Moving;
use renkei::acts::letters::NewDraft;
use renkei::acts::letters::Signing;
use renkei::acts::views;
use renkei::form::answers::Answers;
use renkei::form::workflow::Proxy;
use renkei::kernel::error::Error;
use renkei::kernel::error::Result;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::LetterId;
use renkei::kernel::id::OfficeId;
use renkei::kernel::id::PersonId;
use serde_json::Value;
use serde_json::json;

use crate::support::in_each_ward;
use crate::support::ward::Ward;

pub fn answers(value: Value) -> Answers {
    let mut answers = Answers::default();
    for (path, value) in value.as_object().unwrap() {
        answers.put(path.clone(), value.clone());
    }
    answers
}

fn site_check(skin: &str) -> Answers {
    answers(
        json!({ "checked_on": "2026-11-20", "skin": skin, "rotates": true, "slack": true, "leak": "none" }),
    )
}

pub fn signing(house: &House, ward: &Ward, form: &str, answers: Answers) -> Signing {
    Signing {
        id: EntryId::new(),
        letter: LetterId::new(),
        patient: ward.tanaka,
        form_hash: house.library().current_form(form).unwrap().hash.clone(),
        answers,
        task: None,
        about: None,
        supersedes: 0,
        reason: String::new(),
        to_office: None,
    }
}

pub async fn make(
    house: &House,
    who: PersonId,
    letter: LetterId,
    from: &str,
    code: &str,
    told: Value,
) -> Result<()> {
    make_by(house, who, letter, from, code, told, None, None).await
}

#[expect(clippy::too_many_arguments, reason = "a story's shorthand")]
async fn make_by(
    house: &House,
    who: PersonId,
    letter: LetterId,
    from: &str,
    code: &str,
    told: Value,
    to: Option<OfficeId>,
    proxy: Option<Proxy>,
) -> Result<()> {
    let moving = Moving {
        id: EntryId::new(),
        letter,
        from: from.into(),
        code: code.into(),
        told: answers(told),
        to_office: to,
        proxy,
    };
    house.move_letter(Who::person(who), moving).await
}

#[test]
fn a_site_check_is_signed_only_when_nothing_is_missing() {
    in_each_ward(|ward| async move {
        let mut lacking = site_check("none");
        lacking.0.remove("skin");
        let refused = ward
            .house
            .sign(Who::person(ward.ito), signing(&ward.house, &ward, "peg-site-check", lacking))
            .await;
        let Err(Error::Invalid(flaws)) = refused else { panic!("{refused:?}") };
        assert_eq!(flaws.first().unwrap().field, "skin");
        let signing = signing(&ward.house, &ward, "peg-site-check", site_check("mild"));
        let letter = ward.house.sign(Who::person(ward.ito), signing.clone()).await.unwrap();
        // The phone lost the answer and sends the same again.
        assert_eq!(ward.house.sign(Who::person(ward.ito), signing).await.unwrap(), letter);
        let list = ward.house.look(ward.sato, ward.tanaka, "letters", views::letters::list).await.unwrap();
        assert_eq!(list.len(), 1);
    });
}

#[test]
fn a_pharmacist_does_not_sign_the_nurses_site_check() {
    in_each_ward(|ward| async move {
        let refused = ward
            .house
            .sign(
                Who::person(ward.yamaguchi),
                signing(&ward.house, &ward, "peg-site-check", site_check("none")),
            )
            .await;
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    });
}

#[test]
fn a_signed_form_is_amended_with_a_reason_and_both_versions_stay() {
    in_each_ward(|ward| async move {
        let first = signing(&ward.house, &ward, "peg-site-check", site_check("mild"));
        let letter = ward.house.sign(Who::person(ward.ito), first.clone()).await.unwrap();
        let again =
            Signing { id: EntryId::new(), supersedes: 1, answers: site_check("severe"), ..first.clone() };
        let unreasoned = ward.house.sign(Who::person(ward.ito), again.clone()).await;
        assert!(matches!(unreasoned, Err(Error::Invalid(_))), "{unreasoned:?}");
        let reasoned = Signing { reason: "写真を見直した".into(), ..again.clone() };
        ward.house.sign(Who::person(ward.ito), reasoned).await.unwrap();
        let stale = Signing { id: EntryId::new(), reason: "同時に直した".into(), ..again };
        let refused = ward.house.sign(Who::person(ward.sato), stale).await;
        assert!(matches!(refused, Err(Error::Stale)), "{refused:?}");
        let view = ward.house.look_at_letter(ward.sato, letter, "letter", views::letters::one).await.unwrap();
        assert_eq!(view.versions.iter().map(|version| version.version).collect::<Vec<_>>(), vec![1, 2]);
        assert_eq!(view.answers.text("skin"), Some("severe"));
    });
}

#[test]
fn a_draft_belongs_to_its_writer_and_an_outsider_can_keep_none() {
    in_each_ward(|ward| async move {
        let draft = NewDraft {
            letter: LetterId::new(),
            patient: ward.tanaka,
            form_hash: ward.house.library().current_form("discharge-sheet").unwrap().hash.clone(),
            answers: answers(json!({ "cause": "誤嚥性肺炎" })),
            task: None,
            about: None,
        };
        ward.house.keep_draft(ward.ito, draft.clone()).await.unwrap();
        let id = draft.letter;
        let own = ward
            .house
            .look(ward.ito, ward.tanaka, "draft", move |look| views::letters::draft(look, id))
            .await;
        assert_eq!(own.unwrap().unwrap().answers.text("cause"), Some("誤嚥性肺炎"));
        let others = ward
            .house
            .look(ward.sato, ward.tanaka, "draft", move |look| views::letters::draft(look, id))
            .await;
        assert!(others.unwrap().is_none());
        assert!(matches!(ward.house.keep_draft(ward.okada, draft).await, Err(Error::Missing)));
    });
}

#[test]
fn a_referral_goes_to_the_liaison_room_and_its_dentist_sees_that_form_and_nothing_else() {
    in_each_ward(|ward| async move {
        let referral = Signing {
            to_office: Some(ward.dental),
            ..signing(&ward.house, &ward, "dental-referral", referral())
        };
        let letter = ward.house.sign(Who::person(ward.ito), referral).await.unwrap();
        let seen =
            ward.house.look_at_letter(ward.takahashi, letter, "letter", views::letters::one).await.unwrap();
        assert_eq!(seen.row.state, "submitted");
        assert!(seen.row.due.is_some(), "the desk shows its clock");
        let thread = ward.house.look(ward.takahashi, ward.tanaka, "thread", |_| Ok(())).await;
        assert!(matches!(thread, Err(Error::Missing)), "receiving a form opens no thread");
        for outsider in [ward.okada, ward.nakamura, ward.matsumoto] {
            let refused =
                ward.house.look_at_letter(outsider, letter, "letter", views::letters::one).await.map(|_| ());
            assert!(matches!(refused, Err(Error::Missing)), "{refused:?}");
        }
        let fast =
            make(&ward.house, ward.ito, letter, "submitted", "accept", json!({ "dentist": "高橋" })).await;
        assert!(
            matches!(fast, Err(Error::Forbidden(_))),
            "the sender does not accept her own referral: {fast:?}"
        );
        let told = json!({ "dentist": "高橋 亮" });
        make(&ward.house, ward.takahashi, letter, "submitted", "accept", told).await.unwrap();
        ward.house
            .look(ward.takahashi, ward.tanaka, "thread", |_| Ok(()))
            .await
            .expect("accepting joins the team");
        let late = make(
            &ward.house,
            ward.takahashi,
            letter,
            "submitted",
            "decline",
            json!({ "decline_reason": "full" }),
        )
        .await;
        assert!(matches!(late, Err(Error::Stale)), "a stale page: {late:?}");
        let lacking = make(&ward.house, ward.takahashi, letter, "accepted", "fix_visit", json!({})).await;
        assert!(matches!(lacking, Err(Error::Invalid(_))), "{lacking:?}");
        let told = json!({ "first_visit_on": "2026-12-01" });
        make_by(&ward.house, ward.ito, letter, "accepted", "fix_visit", told, None, Some(Proxy::Phone))
            .await
            .unwrap();
        let view = ward.house.look_at_letter(ward.ito, letter, "letter", views::letters::one).await.unwrap();
        assert_eq!(view.row.state, "visit_fixed");
        assert_eq!(view.moves.last().unwrap().moved.proxy.as_deref(), Some("phone"));
    });
}

pub fn referral() -> Answers {
    answers(serde_json::from_str(include_str!("data/dental-referral.json")).unwrap())
}
