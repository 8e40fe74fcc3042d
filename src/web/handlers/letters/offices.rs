//! To whom a form may be sent: the offices of the region, those whose people answer it first.

use crate::acts::Reading;
use crate::acts::views::house::OfficeView;
use crate::acts::views::house::offices;
use crate::form::Form;
use crate::form::workflow::Side;
use crate::kernel::error::Result;
use crate::kernel::id::OfficeId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::profession::Profession;
use crate::record::payload::OfficeKind;
use crate::texts;
use crate::web::view::Choice;
use crate::web::view::Field;

/// Offices that take part, those whose people answer this form first, the team's own before others.
pub fn addressees(
    reading: &mut Reading<'_>,
    form: &Form,
    own: OfficeId,
    team: &[OfficeId],
) -> Result<Vec<OfficeView>> {
    let mut list = offices(reading)?;
    list.retain(|office| office.active && office.id != own && office.kind != OfficeKind::Household);
    let rank = |office: &OfficeView| {
        (std::cmp::Reverse(fits(form, office.kind)), !team.contains(&office.id), office.card.name.clone())
    };
    list.sort_by_key(rank);
    Ok(list)
}

/// How many of the professions that answer this form work in offices of this kind.
fn fits(form: &Form, kind: OfficeKind) -> usize {
    let mut answering: Vec<Profession> = form
        .workflow
        .moves
        .iter()
        .filter(|step| step.side == Side::Receiver)
        .flat_map(|step| step.professions.iter().copied())
        .collect();
    answering.sort_unstable();
    answering.dedup();
    let staff = staff(kind);
    answering.iter().filter(|profession| staff.contains(profession)).count()
}

fn staff(kind: OfficeKind) -> &'static [Profession] {
    use Profession::*;
    match kind {
        OfficeKind::Hospital => &[HospitalNurse, SocialWorker, Doctor],
        OfficeKind::Clinic => &[Doctor],
        OfficeKind::DentalClinic => &[Dentist, DentalHygienist],
        OfficeKind::DentalLiaison => &[Dentist, DentalHygienist, LiaisonOfficer],
        OfficeKind::Pharmacy => &[Pharmacist],
        OfficeKind::NursingStation => &[VisitingNurse],
        OfficeKind::CareManagement => &[CareManager],
        OfficeKind::HomeHelp => &[Helper],
        OfficeKind::Rehabilitation => &[Therapist],
        OfficeKind::TownOffice => &[PublicHealthNurse, LiaisonOfficer],
        OfficeKind::Household => &[],
    }
}

/// The choice of an office. Nobody is chosen beforehand: a form that goes astray cannot be called back.
pub fn field(list: &[OfficeView], chosen: &str, lang: Lang) -> Field {
    let t = Text(lang);
    let mut choices: Vec<Choice> = Vec::new();
    let few = list.len() <= 8;
    if !few {
        choices.push(Choice::new("", t.office_choose(), chosen));
    }
    choices.extend(
        list.iter().map(|office| Choice::new(office.id.to_string(), office.card.name.clone(), chosen)),
    );
    let widget = if few { "radio" } else { "select" };
    let field = Field::new(widget, "to_office", t.letter_to()).must().hint(t.office_hint()).of(choices);
    if few { field } else { field.narrows() }
}

texts! {
    office_choose { ja: "選んでください", en: "Please choose" }
    office_hint { ja: "この書類に答える事業所から順に並んでいます。", en: "Offices that answer this form come first." }
}
