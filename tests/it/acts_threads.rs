//! The thread's verbs: what is welcomed, what is refused, and what stands in the log afterwards.

use renkei::acts::House;
use renkei::acts::Who;
use renkei::acts::patients;
use renkei::acts::threads;
use renkei::acts::threads::NewPost;
use renkei::acts::views;
use renkei::kernel::error::Error;
use renkei::kernel::error::Result;
use renkei::kernel::id::AskId;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::PatientId;
use renkei::kernel::id::PersonId;
use renkei::kernel::profession::Profession;
use renkei::record::Audience;
use renkei::record::payload::AskTo;
use renkei::record::payload::Post;
use renkei::record::payload::PostAsk;
use renkei::record::payload::PostKind;
use renkei::record::payload::Urgency;
use renkei::store::thread;

use crate::support::in_each_ward;
use crate::support::ward::someone;

fn report(text: &str) -> Post {
    Post { text: text.into(), kind: PostKind::Report, ..Post::default() }
}

async fn send(house: &House, who: PersonId, patient: PatientId, id: EntryId, post: Post) -> Result<i64> {
    let new = NewPost { id, patient, audience: Audience::Staff, post };
    house.perform(Who::person(who), vec![patient.log()], move |act| threads::post(act, &new)).await
}

#[test]
fn a_nurse_posts_and_the_doctor_acknowledges_once() {
    in_each_ward(|ward| async move {
        let seq =
            send(&ward.house, ward.ito, ward.tanaka, EntryId::new(), report("発熱37.8度")).await.unwrap();
        for _ in 0..2 {
            let (id, patient) = (EntryId::new(), ward.tanaka);
            ward.house
                .perform(Who::person(ward.sato), vec![patient.log()], move |act| {
                    threads::acknowledge(act, id, patient, seq)
                })
                .await
                .unwrap();
        }
        let acks = ward
            .house
            .look(ward.ito, ward.tanaka, "thread", move |look| {
                thread::traces(look.conn, &look.grant, seq, seq)
            })
            .await
            .unwrap();
        assert_eq!(
            acks.iter().map(|ack| (ack.kind.as_str(), ack.person)).collect::<Vec<_>>(),
            vec![("acknowledged", Some(ward.sato))]
        );
    });
}

#[test]
fn a_nurse_without_a_seat_cannot_tell_that_the_patient_exists() {
    in_each_ward(|ward| async move {
        let refused = send(&ward.house, ward.okada, ward.tanaka, EntryId::new(), report("見えますか")).await;
        assert!(matches!(refused, Err(Error::Missing)), "{refused:?}");
        let nowhere =
            send(&ward.house, ward.okada, PatientId::new(), EntryId::new(), report("見えますか")).await;
        assert!(matches!(nowhere, Err(Error::Missing)), "{nowhere:?}");
        let admin = send(&ward.house, ward.nakamura, ward.tanaka, EntryId::new(), report("見えますか")).await;
        assert!(
            matches!(admin, Err(Error::Missing)),
            "an administrator has no right to care text: {admin:?}"
        );
        let seen = ward.house.look(ward.okada, ward.tanaka, "thread", |_| Ok(())).await;
        assert!(matches!(seen, Err(Error::Missing)));
    });
}

#[test]
fn sending_a_post_again_returns_the_first_and_other_words_under_its_id_are_a_conflict() {
    in_each_ward(|ward| async move {
        let id = EntryId::new();
        let first = send(&ward.house, ward.ito, ward.tanaka, id, report("排便あり")).await.unwrap();
        let again = send(&ward.house, ward.ito, ward.tanaka, id, report("排便あり")).await.unwrap();
        assert_eq!(first, again);
        let other = send(&ward.house, ward.ito, ward.tanaka, id, report("排便なし")).await;
        assert!(matches!(other, Err(Error::Conflict)), "{other:?}");
        let stolen = send(&ward.house, ward.sato, ward.tanaka, id, report("排便あり")).await;
        assert!(matches!(stolen, Err(Error::Conflict)), "{stolen:?}");
        let next = send(&ward.house, ward.ito, ward.tanaka, EntryId::new(), report("入浴")).await.unwrap();
        assert_eq!(next, first + 1, "refused and repeated posts leave no gap");
    });
}

#[test]
fn an_empty_a_too_long_and_an_uncalled_urgent_post_say_what_is_missing() {
    in_each_ward(|ward| async move {
        for (post, field) in [
            (report("  \n"), "text"),
            (report(&"あ".repeat(threads::TEXT_MAX + 1)), "text"),
            (Post { urgency: Urgency::Now, ..report("呼吸が苦しい") }, "called"),
            (
                Post {
                    ask: Some(PostAsk {
                        ask: AskId::new(),
                        to: AskTo::Profession(Profession::Therapist),
                        due: None,
                    }),
                    ..report("診てください")
                },
                "ask",
            ),
        ] {
            match send(&ward.house, ward.ito, ward.tanaka, EntryId::new(), post).await {
                Err(Error::Invalid(flaws)) => assert_eq!(flaws.first().unwrap().field, field),
                other => panic!("{field}: {other:?}"),
            }
        }
    });
}

#[test]
fn a_correction_leaves_the_first_version_and_only_the_author_corrects() {
    in_each_ward(|ward| async move {
        let seq =
            send(&ward.house, ward.ito, ward.tanaka, EntryId::new(), report("体温38.7度")).await.unwrap();
        let correct = |who, text: &'static str| {
            let (house, patient, id) = (ward.house.clone(), ward.tanaka, EntryId::new());
            async move {
                house
                    .perform(Who::person(who), vec![patient.log()], move |act| {
                        threads::correct(act, id, patient, seq, text, "転記まちがい")
                    })
                    .await
            }
        };
        let newer = correct(ward.ito, "体温37.8度").await.unwrap();
        let post = ward
            .house
            .look(ward.sato, ward.tanaka, "thread", move |look| thread::post(look.conn, &look.grant, seq))
            .await
            .unwrap();
        assert_eq!((post.seq, post.current_seq), (seq, newer));
        assert!(matches!(correct(ward.sato, "体温36.0度").await, Err(Error::Forbidden(_))));
    });
}

#[test]
fn the_latest_of_a_thousand_corrections_is_what_the_thread_shows() {
    in_each_ward(|ward| async move {
        let seq = send(&ward.house, ward.ito, ward.tanaka, EntryId::new(), report("0回")).await.unwrap();
        let mut correcting = tokio::task::JoinSet::new();
        for _ in 0..1_010 {
            let (house, ito, patient) = (ward.house.clone(), ward.ito, ward.tanaka);
            correcting.spawn(async move {
                let id = EntryId::new();
                house
                    .perform(Who::person(ito), vec![patient.log()], move |act| {
                        threads::correct(act, id, patient, seq, "途中", "数え直し")
                    })
                    .await
                    .unwrap();
            });
        }
        correcting.join_all().await;
        let (id, patient) = (EntryId::new(), ward.tanaka);
        ward.house
            .perform(Who::person(ward.ito), vec![patient.log()], move |act| {
                threads::correct(act, id, patient, seq, "最後", "数え終わり")
            })
            .await
            .unwrap();
        let shown =
            ward.house.look(ward.sato, patient, "thread", move |look| views::thread::one(look, seq)).await;
        let shown = shown.unwrap();
        assert_eq!((shown.post.text.as_str(), shown.versions.len()), ("最後", 1_011));
    });
}

#[test]
fn a_withdrawn_consent_freezes_the_record_at_once_and_a_new_one_thaws_it() {
    in_each_ward(|ward| async move {
        let (id, patient) = (EntryId::new(), ward.tanaka);
        ward.house
            .perform(Who::person(ward.ito), vec![patient.log()], move |act| {
                patients::withdraw_consent(act, id, patient, "ご家族の希望")
            })
            .await
            .unwrap();
        let refused = send(&ward.house, ward.ito, patient, EntryId::new(), report("訪問しました")).await;
        assert!(matches!(refused, Err(Error::Missing)), "{refused:?}");
        let seen = ward.house.look(ward.sato, patient, "thread", |_| Ok(())).await;
        assert!(matches!(seen, Err(Error::Missing)));
        let (again, (_, consent)) = (EntryId::new(), someone());
        ward.house
            .perform(Who::person(ward.ito), vec![patient.log()], move |act| {
                patients::give_consent(act, again, patient, &consent)
            })
            .await
            .unwrap();
        send(&ward.house, ward.ito, patient, EntryId::new(), report("訪問しました")).await.unwrap();
    });
}

#[test]
fn two_hundred_posts_at_once_get_two_hundred_numbers_without_a_gap() {
    in_each_ward(|ward| async move {
        let before =
            send(&ward.house, ward.ito, ward.tanaka, EntryId::new(), report("はじめ")).await.unwrap();
        let mut sending = tokio::task::JoinSet::new();
        for n in 0..200 {
            let (house, who, patient) = (ward.house.clone(), ward.ito, ward.tanaka);
            sending.spawn(async move {
                send(&house, who, patient, EntryId::new(), report(&format!("その{n}"))).await
            });
        }
        let mut seqs: Vec<i64> = sending.join_all().await.into_iter().map(Result::unwrap).collect();
        seqs.sort_unstable();
        assert_eq!(seqs, (before + 1..=before + 200).collect::<Vec<_>>());
    });
}
