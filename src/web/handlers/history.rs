//! Who opened a patient's record, and who changed what in it.

use actix_web::HttpResponse;
use actix_web::web::Path;
use actix_web::web::Query;

use crate::acts::views;
use crate::acts::views::history::AccessView;
use crate::acts::views::history::ChangeView;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::PatientId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::record::Audience;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::frame::Place;
use crate::web::history::HistoryPage;
use crate::web::history::HistoryRow;
use crate::web::respond;
use crate::web::view::Filter;
use crate::web::view::When;

/// What the address may say.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Asked {
    /// `changed`, `refused`, or who opened it.
    #[serde(default)]
    show: String,
}

/// `GET /patients/{patient}/history`
pub async fn page(signed: Signed, patient: Path<PatientId>, asked: Query<Asked>) -> Result<HttpResponse> {
    let patient = *patient;
    // What is noted of this moment is written first: one's own look is part of the answer.
    signed.house().flush_accesses().await?;
    let (card, (accesses, changes)) = signed
        .house()
        .look(signed.member.id, patient, "history", |look| {
            if !look.grant.sees(Audience::Staff) {
                return Err(Error::Forbidden(Words::of(Text::professionals_only)));
            }
            Ok((views::patients::banner(look)?, views::history::read(look)?))
        })
        .await?;
    let (t, lang) = (signed.t(), signed.lang());
    let (refused, shown): (Vec<AccessView>, Vec<AccessView>) =
        accesses.into_iter().partition(|access| access.refused);
    let here = |show: &str, label: &str, count, on| Filter {
        href: format!("/patients/{patient}/history{show}"),
        label: label.to_owned(),
        count,
        on,
    };
    let which = asked.show.as_str();
    let filters = vec![
        here("", t.history_opened(), shown.len(), !matches!(which, "changed" | "refused")),
        here("?show=changed", t.history_changed(), changes.len(), which == "changed"),
        here("?show=refused", t.history_refused(), refused.len(), which == "refused"),
    ];
    let rows: Vec<HistoryRow> = match which {
        "changed" => changes.iter().map(|change| changed(patient, change, lang)).collect(),
        "refused" => refused.iter().map(|access| opened(access, lang)).collect(),
        _ => shown.iter().map(|access| opened(access, lang)).collect(),
    };
    respond::page(&HistoryPage {
        t,
        frame: signed.frame(fill::title(t.history_title(), &card))?.at(Place::Patients).wide(),
        banner: fill::banner(&card, lang, "history", signed.house().now()),
        filters,
        rows,
        earlier: None,
    })
}

fn opened(access: &AccessView, lang: Lang) -> HistoryRow {
    let what = word(&access.what, lang);
    HistoryRow {
        when: When::at(access.at, lang),
        who: access.person.as_ref().map(|person| fill::person(person, lang)),
        what: if access.refused { Text(lang).history_was_refused(&what) } else { what },
        number: String::new(),
        href: String::new(),
    }
}

fn changed(patient: PatientId, change: &ChangeView, lang: Lang) -> HistoryRow {
    let post = change.kind == "post";
    HistoryRow {
        when: When::at(change.at, lang),
        who: change.person.as_ref().map(|person| fill::person(person, lang)),
        what: word(&change.kind, lang),
        number: change.seq.to_string(),
        href: if post { format!("/patients/{patient}/posts/{}", change.seq) } else { String::new() },
    }
}

/// The stable word of a page or of an entry's kind, as people say it.
fn word(code: &str, lang: Lang) -> String {
    let t = Text(lang);
    let said = match code {
        "thread" => t.thread_title(),
        "post" => t.history_post(),
        "post.corrected" => t.history_corrected(),
        "post.withdrawn" => t.history_withdrawn(),
        "post.acknowledged" => t.history_acknowledged(),
        "call" => t.history_call(),
        "patient.set" | "card" => t.card_title(),
        "consent.given" => t.event_consent(),
        "consent.withdrawn" => t.event_consent_withdrawn(),
        "team.seated" => t.history_seated(),
        "team.unseated" => t.history_unseated(),
        "team" => t.team_title(),
        "history" => t.history_title(),
        "plan" => t.page_plan(),
        "write" => t.history_write(),
        "draft" => t.history_draft(),
        "print" => t.history_print(),
        "fax" => t.history_fax(),
        "text" => t.history_text(),
        "stay" => t.history_stay(),
        "letter.signed" => t.history_signed(),
        "letter.moved" => t.history_moved(),
        "letter" | "letters" => t.page_letters(),
        "stay.admitted" => t.history_admitted(),
        "team.handed_over" => t.history_handed_over(),
        "stay.planned" => t.history_stay_planned(),
        "stay.discharged" => t.history_discharged(),
        // A word of another version of the house: better said raw than not at all.
        other => return other.to_owned(),
    };
    said.to_owned()
}

texts! {
    history_opened { ja: "開いた人", en: "Opened" }
    history_changed { ja: "変更", en: "Changed" }
    history_refused { ja: "断られた人", en: "Refused" }
    history_was_refused(what: &str) { ja: "{what}（開けませんでした）", en: "{what} (refused)" }
    history_post { ja: "投稿", en: "Post" }
    history_corrected { ja: "投稿の訂正", en: "Correction of a post" }
    history_withdrawn { ja: "投稿の取り消し", en: "Withdrawal of a post" }
    history_acknowledged { ja: "了解", en: "Acknowledgement" }
    history_write { ja: "書き込み", en: "Writing" }
    history_call { ja: "電話の記録", en: "Telephone call" }
    history_seated { ja: "チームに加えた", en: "Added to the team" }
    history_unseated { ja: "チームから外した", en: "Removed from the team" }
    history_handed_over { ja: "仕事の引き継ぎ", en: "Handing over" }
    history_signed { ja: "書類の署名", en: "Form signed" }
    history_moved { ja: "書類の送付・受け取り", en: "Form sent or received" }
    history_draft { ja: "書類の記入", en: "Filling a form" }
    history_print { ja: "書類の印刷", en: "Printing a form" }
    history_fax { ja: "書類のFAX用の印刷", en: "Printing a form for FAX" }
    history_text { ja: "書類を文章で", en: "A form as text" }
    history_stay { ja: "入院・退院", en: "Hospital stay" }
    history_stay_planned { ja: "退院予定日", en: "Planned discharge" }
    history_admitted { ja: "入院", en: "Admission" }
    history_discharged { ja: "退院", en: "Discharge" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::payload::Payload;

    #[test]
    fn whatever_stands_on_a_record_is_said_in_words() {
        let of_others = ["region.", "office.", "person.", "invitation.", "definition.", "accesses"];
        let kinds = Payload::KINDS.iter().map(|(kind, _)| *kind);
        let kinds = kinds.filter(|kind| !of_others.iter().any(|other| kind.starts_with(other)));
        let looks =
            ["thread", "plan", "team", "history", "card", "letter", "letters", "stay", "draft", "write"];
        for code in kinds.chain(looks).chain(["print", "fax", "text"]) {
            for lang in [Lang::Ja, Lang::En] {
                assert_ne!(word(code, lang), code, "{code} is shown raw");
            }
        }
    }
}
