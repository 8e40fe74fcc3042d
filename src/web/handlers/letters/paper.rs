//! Letters on paper and as text: A4, the masked sheet for FAX, and plain text to paste elsewhere.

use actix_web::HttpResponse;
use actix_web::web::Path;
use actix_web::web::Query;

use super::one;
use crate::acts::views::letters::LetterView;
use crate::kernel::error::Result;
use crate::kernel::id::LetterId;
use crate::kernel::lang::Text;
use crate::kernel::time::screen_time;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::letters::LetterPrintPage;
use crate::web::respond;
use crate::web::team::Fact;

/// How a letter is wanted.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Wanted {
    masked: Option<String>,
    fax: Option<String>,
}

impl Wanted {
    fn masked(&self) -> bool {
        self.masked.is_some() || self.fax.is_some()
    }
}

/// `GET /letters/{letter}/print`
pub async fn print(signed: Signed, letter: Path<LetterId>, wanted: Query<Wanted>) -> Result<HttpResponse> {
    let what = if wanted.masked() { "fax" } else { "print" };
    let view = one::look(&signed, *letter, what).await?;
    respond::page(&page(&signed, &view, wanted.masked())?)
}

fn page(signed: &Signed, view: &LetterView, masked: bool) -> Result<LetterPrintPage> {
    let (t, lang, now) = (signed.t(), signed.lang(), signed.house().now());
    let card = &view.patient.card;
    let initials = fill::initials(card);
    let sheet = match masked {
        true => view.form.fax_sheet(&view.answers, lang),
        false => view.form.sheet(&view.answers, &[], lang),
    };
    let born = card.birth.map_or_else(|| t.unknown().to_owned(), |birth| fill::born(birth, now.day(), lang));
    let about = if masked {
        t.print_number(&view.patient.number.to_string())
    } else {
        let sex = fill::sex(card.sex, t);
        t.print_about(&born, sex, &fill::care_need(card, lang), &view.patient.number.to_string())
    };
    Ok(LetterPrintPage {
        t,
        frame: signed.frame(fill::title(view.form.label.say(lang), &view.patient))?,
        back: format!("/letters/{}", view.row.id),
        name: if masked { initials } else { card.name.clone() },
        kana: if masked { String::new() } else { card.kana.clone() },
        about,
        head: head(view, t),
        printed: t.printed_by(&screen_time(now, lang), &signed.member.card.name),
        sheet,
    })
}

fn head(view: &LetterView, t: Text) -> Vec<Fact> {
    let to = view.row.to_office.clone().unwrap_or_default();
    let signed = view.versions.last();
    let by = signed.and_then(|version| version.author.as_ref()).map_or_else(String::new, |author| {
        t.print_author(&author.name, author.profession.name().say(t.0), &author.office_name)
    });
    let on = signed.map_or_else(String::new, |version| fill::day(version.at.day(), t.0));
    let mut head = vec![Fact::new(t.letter_to(), to), Fact::new(t.letter_from(), by)];
    head.push(Fact::new(t.print_signed_on(), on));
    if view.row.version > 1 {
        let reason = signed.map_or("", |version| version.reason.as_str());
        head.push(Fact::new(t.print_correction(), t.print_correction_why(view.row.version - 1, reason)));
    }
    head
}

/// `GET /letters/{letter}/text`
pub async fn text(signed: Signed, letter: Path<LetterId>, wanted: Query<Wanted>) -> Result<HttpResponse> {
    let view = one::look(&signed, *letter, "text").await?;
    let sheet = match wanted.masked() {
        true => view.form.fax_sheet(&view.answers, signed.lang()),
        false => view.form.sheet(&view.answers, &[], signed.lang()),
    };
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(sheet.text()))
}

texts! {
    print_author(name: &str, profession: &str, office: &str) { ja: "{name}（{profession}・{office}）", en: "{name} ({profession}, {office})" }
    print_number(number: &str) { ja: "記録番号 {number}", en: "No. {number}" }
    print_about(born: &str, sex: &str, need: &str, number: &str) { ja: "{born}　{sex}　{need}　記録番号 {number}", en: "{born}, {sex}, {need}, no. {number}" }
    printed_by(at: &str, who: &str) { ja: "{at} {who}", en: "{at} {who}" }
    print_signed_on { ja: "署名日", en: "Signed on" }
    print_correction { ja: "訂正", en: "Correction" }
    print_correction_why(count: i32, why: &str) { ja: "第{count}回　{why}", en: "no. {count}: {why}" }
}
