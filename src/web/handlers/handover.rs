//! `/office/people/{person}/hand-over`: what someone held who left goes to a colleague, or back to its
//! profession. The page counts; it names no patient.

use actix_web::HttpResponse;
use actix_web::web::Path;

use crate::acts::handover;
use crate::acts::views;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PersonId;
use crate::texts;
use crate::web::app::Signed;
use crate::web::form::Fields;
use crate::web::form_page::FormPage;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::respond;

/// `GET /office/people/{person}/hand-over`
pub async fn page(signed: Signed, person: Path<PersonId>) -> Result<HttpResponse> {
    show(&signed, *person, Typed::nothing()).await
}

/// `POST /office/people/{person}/hand-over`: one act for each record; sent again, it goes on.
pub async fn hand_over(signed: Signed, person: Path<PersonId>, fields: Fields) -> Result<HttpResponse> {
    let person = *person;
    let to = match fields.get("to") {
        "" => None,
        _ => Some(fields.read("to")?),
    };
    let id: EntryId = fields.read("entry")?;
    match sort(signed.house().hand_over(signed.who(), id, person, to).await)? {
        Ok(_) => Ok(respond::see_other(format!("/office/people/{person}/hand-over"))),
        Err(flaws) => show(&signed, person, Typed::wrong(&fields, &flaws)).await,
    }
}

async fn show(signed: &Signed, person: PersonId, typed: Typed<'_>) -> Result<HttpResponse> {
    let by = signed.member.id;
    let (held, staff) = signed
        .house()
        .read(move |reading| Ok((handover::held(reading, by, person)?, views::house::staff(reading, None)?)))
        .await?;
    let t = signed.t();
    let named = |id: PersonId| staff.iter().find(|one| one.person.id == id);
    let left = named(person).ok_or(Error::Missing)?;
    let mut colleagues = vec![(String::new(), t.handover_pool().to_owned())];
    for (id, teams) in &held.successors {
        if let Some(one) = named(*id) {
            let says = t.handover_colleague(&one.person.name, &one.person.office_name, *teams);
            colleagues.push((id.to_string(), says));
        }
    }
    let nothing = held.records == 0;
    let form = FormPage::new(
        t,
        signed.frame(t.handover_title())?.at(Place::Region),
        t.handover_title(),
        format!("/office/people/{person}/hand-over"),
        t.handover_act(),
    )
    .about(t.handover_holds(&left.person.name, held.tasks, held.asks, held.records))
    .about(if nothing { t.handover_nothing() } else { t.handover_about() })
    .back(if left.person.office == signed.member.office {
        "/office".to_owned()
    } else {
        format!("/admin/offices/{}", left.person.office)
    })
    .entry(&typed)
    .section("", vec![typed.choice("to", t.handover_to(), &colleagues, "")]);
    form.answer(&typed)
}

texts! {
    handover_title { ja: "仕事を引き継ぐ", en: "Hand over" }
    handover_act { ja: "すべて引き継ぐ", en: "Hand everything over" }
    handover_to { ja: "だれが引き継ぎますか", en: "Who takes over" }
    handover_pool { ja: "同じ職種の人たち（だれと決めない）", en: "The profession (nobody by name)" }
    handover_colleague(name: &str, office: &str, teams: i64) {
        ja: "{name}（{office}、{teams}人の患者のチームにいます）",
        en: "{name} ({office}; in {teams} of those teams)"
    }
    handover_holds(name: &str, tasks: i64, asks: i64, records: usize) {
        ja: "{name}さんが担当中の仕事は{tasks}件、返事待ちのお願いは{asks}件です（引き継げる患者{records}人）。",
        en: "{name} has taken on {tasks} tasks and is asked {asks} things; {records} records can be written in now."
    }
    handover_about {
        ja: "患者ごとに記録が残ります。選んだ人がチームにいない患者では、職種に戻します。患者の名前はここには出ません。",
        en: "Each record says so. Where the colleague is not in the team, it goes back to the profession. No patient is named here."
    }
    handover_nothing { ja: "いま引き継ぐものはありません。", en: "There is nothing to hand over now." }
}
