//! The place where a post is written: empty, or with what was typed and did not pass.

use super::Seen;
use crate::kernel::id::PatientId;
use crate::kernel::profession::Profession;
use crate::record::Audience;
use crate::texts;
use crate::web::app::Signed;
use crate::web::form_page::Typed;
use crate::web::thread;
use crate::web::thread::Composer;
use crate::web::thread::Quote;
use crate::web::view::Badge;
use crate::web::view::Choice;
use crate::web::view::Field;
use crate::web::view::FlawView;

/// The composer for this reader.
pub(super) fn composer(
    signed: &Signed,
    patient: PatientId,
    seen: &Seen,
    typed: Typed<'_>,
    flaws: &[FlawView],
) -> Composer {
    let fields: Vec<Field> =
        fields(signed, seen, typed).into_iter().map(|field| field.judged(flaws)).collect();
    Composer {
        action: format!("/patients/{patient}/posts"),
        draft_href: String::new(),
        calls_href: format!("/patients/{patient}/calls"),
        entry: typed.entry(),
        text: typed.or("body", ""),
        open: fields.iter().any(|field| field.flaw.is_some()),
        fields,
        answering: seen.answering.as_ref().map(|post| Quote {
            href: format!("/patients/{patient}/posts/{}", post.seq),
            says: post.author.as_ref().map(|author| author.name.clone()).unwrap_or_default(),
        }),
        answers: seen.answering.as_ref().map(|post| post.seq.to_string()).unwrap_or_default(),
        died: false,
    }
}

fn fields(signed: &Signed, seen: &Seen, typed: Typed<'_>) -> Vec<Field> {
    let t = signed.t();
    let mut fields = vec![
        Field::new("radio", "kind", t.compose_kind()).of(thread::kinds(t, &typed.or("kind", "report"))),
        Field::new("radio", "urgency", t.compose_urgency())
            .of(thread::urgencies(t, &typed.or("urgency", "normal"))),
        typed.text("called", t.compose_called(), "").hint(t.compose_called_hint()),
        Field::new("select", "to", t.compose_to()).of(askable(signed, seen, &typed.or("to", ""))),
        typed.field("datetime-local", "due", t.compose_due(), ""),
    ];
    if seen.grant.sees(Audience::Staff) && lay_people_read(seen) {
        let current = typed.or("audience", Audience::Staff.code());
        let choices = vec![
            Choice::new(Audience::Staff.code(), t.audience_staff(), &current),
            Choice::new(Audience::Team.code(), t.audience_team(), &current),
        ];
        fields.insert(2, Field::new("radio", "audience", t.compose_audience()).of(choices));
    }
    fields
}

/// Whether the patient's own side reads along: only then does it matter who may read.
fn lay_people_read(seen: &Seen) -> bool {
    let lay = |profession| matches!(profession, Profession::Family | Profession::Patient);
    seen.view.team.iter().any(|seat| seat.in_force && lay(seat.person.profession))
}

/// Whom one may ask: nobody, a profession of the team, or one of its people.
fn askable(signed: &Signed, seen: &Seen, current: &str) -> Vec<Choice> {
    let (t, lang) = (signed.t(), signed.lang());
    let others = || seen.view.team.iter().filter(|seat| seat.in_force && seat.person.id != signed.member.id);
    let mut professions: Vec<Profession> = others().map(|seat| seat.person.profession).collect();
    professions.sort_unstable();
    professions.dedup();
    let mut choices = vec![Choice::new("", t.compose_to_nobody(), current)];
    choices.extend(professions.into_iter().map(|profession| {
        let value = format!("profession:{}", profession.code());
        Choice::new(value, Badge::new(profession, lang).name(), current)
    }));
    choices.extend(others().map(|seat| {
        let profession = Badge::new(seat.person.profession, lang).name();
        let label = t.compose_to_person(&seat.person.name, &profession);
        Choice::new(format!("person:{}", seat.person.id), label, current)
    }));
    choices
}

texts! {
    compose_kind { ja: "種類", en: "Kind" }
    compose_urgency { ja: "急ぎ", en: "Urgency" }
    compose_called { ja: "電話の状況（「今すぐ」のとき）", en: "Telephone (for “now”)" }
    compose_called_hint { ja: "だれにかけたか、またはつながらなかったこと", en: "Whom you called, or that nobody answered" }
    compose_to { ja: "お願いする相手", en: "Whom you ask" }
    compose_to_nobody { ja: "特にお願いしない", en: "Nobody in particular" }
    compose_to_person(name: &str, profession: &str) { ja: "{name}さん（{profession}）", en: "{name} ({profession})" }
    compose_due { ja: "期限", en: "By when" }
    compose_audience { ja: "読める人", en: "Who may read it" }
    audience_staff { ja: "専門職だけ", en: "Professionals only" }
    audience_team { ja: "本人・家族も", en: "The patient and family too" }
}
