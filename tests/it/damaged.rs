//! Rows that were damaged on the disk: whatever can no longer be opened hides nobody else, and is not hidden.

use diesel::prelude::*;
use renkei::acts::Who;
use renkei::acts::threads;
use renkei::acts::threads::NewPost;
use renkei::kernel::id::AskId;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::PatientId;
use renkei::on;
use renkei::record::Audience;
use renkei::record::payload::AskTo;
use renkei::record::payload::Post;
use renkei::record::payload::PostAsk;
use renkei::record::payload::SeatRole;
use renkei::store::schema::data_key;
use renkei::store::schema::head;
use renkei::store::schema::patient;

use crate::http_letters::admit;
use crate::http_letters::refer;
use crate::support::site::Site;
use crate::support::site::in_each_site;
use crate::support::visitor::Visitor;
use crate::support::ward;

/// What of 田中さん's record is damaged.
#[derive(Debug, Clone, Copy)]
enum Damage {
    Card,
    Key,
    /// The row of the key is gone altogether.
    NoKey,
    Head,
}

impl Damage {
    fn done_to(self, site: &Site) {
        let tanaka = site.ward.tanaka;
        let broken = vec![7_u8; 60];
        let damaged = site.ward.house.jot(move |conn, _| {
            let rows = match self {
                Self::Card => on!(conn, |c| diesel::update(patient::table.find(tanaka))
                    .set(patient::sealed.eq(&broken))
                    .execute(c))?,
                Self::Key => on!(conn, |c| diesel::update(data_key::table.find(tanaka.log()))
                    .set(data_key::wrapped.eq(&broken))
                    .execute(c))?,
                Self::NoKey => on!(conn, |c| diesel::delete(data_key::table.find(tanaka.log())).execute(c))?,
                Self::Head => on!(conn, |c| diesel::delete(head::table.find(tanaka.log())).execute(c))?,
            };
            assert_eq!(rows, 1);
            Ok(())
        });
        site.runtime.block_on(damaged).unwrap();
    }
}

/// 田中さん and 山田さん, each with a post of the doctor's; 田中さん is in hospital, and the dentist was asked.
fn two_patients(site: &Site, nurse: &Visitor) -> PatientId {
    let (house, ward) = (&site.ward.house, &site.ward);
    let (mut card, consent) = ward::someone();
    card.name = "山田 トメ".into();
    card.kana = "ヤマダ トメ".into();
    let yamada = site.runtime.block_on(ward::register(house, ward.ito, card, consent));
    site.runtime.block_on(ward::seat(house, ward.ito, yamada, ward.sato, SeatRole::Main));
    for patient in [ward.tanaka, yamada] {
        let post = Post {
            text: "夕方に往診します。".into(),
            ask: Some(PostAsk { ask: AskId::new(), to: AskTo::Person(ward.ito), due: None }),
            ..Post::default()
        };
        let new = NewPost { id: EntryId::new(), patient, audience: Audience::Staff, post };
        let posted =
            house.perform(Who::person(ward.sato), vec![patient.log()], move |act| threads::post(act, &new));
        site.runtime.block_on(posted).unwrap();
    }
    refer(site, nurse);
    admit(site, 10);
    yamada
}

#[test]
fn a_card_a_key_or_a_head_that_is_damaged_hides_no_other_patient_and_is_not_hidden() {
    for damage in [Damage::Card, Damage::Key, Damage::NoKey, Damage::Head] {
        in_each_site(|site| {
            let (nurse, _) = site.signed_in("ito");
            let (dentist, _) = site.signed_in("takahashi");
            let (ward_nurse, _) = site.signed_in("matsumoto");
            let yamada = two_patients(site, &nurse);
            damage.done_to(site);
            let name = match damage {
                Damage::Head => "田中 ハル",
                Damage::Card | Damage::Key | Damage::NoKey => "記録番号10001（開けません）",
            };
            for list in ["/", "/patients", "/tasks", "/letters?show=others", "/admissions"] {
                nurse.get(list).is(200).says(name);
            }
            for list in ["/", "/patients"] {
                nurse.get(list).says("山田 トメ");
            }
            let thread = nurse.get(&format!("/patients/{yamada}"));
            thread.is(200).says("夕方に往診します。").says(name);
            for list in ["/letters", "/referrals"] {
                dentist.get(list).is(200).says(name);
            }
            let own = nurse.get(&site.thread());
            match damage {
                // What was written can be read, and nobody takes the card's silence for "none".
                Damage::Card => own.is(200).says("夕方に往診します。").says("アレルギーも表示できません"),
                Damage::Key | Damage::NoKey => own.is(500),
                Damage::Head => own.is(200).says("ペニシリン"),
            };
            if matches!(damage, Damage::Card) {
                assert_eq!(own.texts("title"), ["連絡 10001 · 連携"], "a title has the number, and no name");
            }
            if !matches!(damage, Damage::Head) {
                nurse.get("/patients").says("アレルギーも表示できません");
            }
            if matches!(damage, Damage::Key | Damage::NoKey) {
                // What is due with them is not forgotten, and not counted away.
                nurse.get("/tasks?list=teams").says("仕事1件を表示できません").says(name);
                ward_nurse.get("/").says("仕事1件を表示できません").says(name);
            }
            if matches!(damage, Damage::Key | Damage::NoKey) {
                dentist.get("/referrals").says("内容を開けません");
            }
        });
    }
}
