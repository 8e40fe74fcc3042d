//! A task that is late is raised to those whom its pathway names, and to nobody else.

use renkei::acts::plans;
use renkei::kernel::id::TaskId;
use renkei::kernel::time::Time;
use renkei::pathway::event::TaskAct;

use crate::support::site::Site;
use crate::support::site::in_each_site;
use crate::support::things::Hands;

const EXAMINE: &str = "ろう孔を診察する";
const HOURS: i64 = 3_600;

/// 田中's stoma was severe thirty hours ago; 佐藤 took the examination on, and it is long overdue.
fn examination_taken_and_late(site: &Site) -> TaskId {
    let ward = &site.ward;
    let then = ward.house.at(Time(ward.house.now().0).plus_seconds(-30 * HOURS));
    let hands = Hands { house: &then, patient: ward.tanaka, nurse: ward.ito, doctor: ward.sato };
    site.runtime.block_on(async {
        hands.device_and_pathway().await;
        hands.severe().await;
        let state = hands.state().await;
        let task =
            state.tasks.values().find(|task| task.code.as_deref() == Some("doctor-review")).unwrap().id;
        act(hands, ward.sato, task, TaskAct::Claim).await;
        task
    })
}

async fn act(hands: Hands<'_>, who: renkei::kernel::id::PersonId, task: TaskId, what: TaskAct) {
    let patient = hands.patient;
    hands.act(who, move |act, id| plans::act_on_task(act, id, patient, task, &what)).await;
}

#[test]
fn a_late_examination_is_raised_to_the_deputy_until_it_is_done() {
    in_each_site(|site| {
        let task = examination_taken_and_late(site);
        let (deputy, start) = site.signed_in("kimura");
        start.hides(EXAMINE);

        while site.runtime.block_on(site.ward.house.tick_due()).unwrap() > 0 {}
        deputy.get("/").is(200).says(EXAMINE).says("医師の仕事が遅れています");
        // It stands in the doctor's own list anyway, and concerns nobody else.
        let (_, own) = site.signed_in("sato");
        own.says(EXAMINE).hides("医師の仕事が遅れています");
        let (_, pharmacist) = site.signed_in("yamaguchi");
        pharmacist.hides(EXAMINE);

        let ward = &site.ward;
        let hands = Hands { house: &ward.house, patient: ward.tanaka, nurse: ward.ito, doctor: ward.sato };
        site.runtime.block_on(act(hands, ward.sato, task, TaskAct::Done));
        deputy.get("/").is(200).hides(EXAMINE);
    });
}
