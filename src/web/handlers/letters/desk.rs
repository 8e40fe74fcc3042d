//! Where letters arrive: what waits for the own office, what the own teams wait for, drafts; and the
//! board of dental referrals.

use actix_web::HttpResponse;
use actix_web::web::Query;

use super::Asked;
use super::clock;
use super::filter;
use super::row;
use super::waits_for_me;
use crate::acts::Reading;
use crate::acts::accounts::Member;
use crate::acts::views;
use crate::acts::views::letters::DeskView;
use crate::acts::views::letters::DraftRow;
use crate::form::workflow::Side;
use crate::kernel::error::Result;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::texts;
use crate::web::app::Signed;
use crate::web::desks::BoardCard;
use crate::web::desks::BoardColumn;
use crate::web::desks::BoardPart;
use crate::web::desks::ReferralsPage;
use crate::web::fill;
use crate::web::frame::Place;
use crate::web::letters::LetterRow;
use crate::web::letters::LettersPage;
use crate::web::respond;
use crate::web::start::WaitingRow;
use crate::web::view::Badge;
use crate::web::view::Filter;
use crate::web::view::Mark;
use crate::web::view::PersonView;
use crate::web::view::Tone;
use crate::web::view::When;

/// What waits for one person among forms: what is their office's turn, and their drafts.
#[derive(Debug)]
pub struct Waits {
    letters: Vec<views::letters::LetterRow>,
    drafts: Vec<DraftRow>,
}

/// What waits for one person among forms.
pub fn waiting(reading: &mut Reading<'_>, member: &Member) -> Result<Waits> {
    let mut letters = views::letters::desk(reading, member)?;
    for row in views::letters::in_teams(reading, member)? {
        if letters.iter().all(|other| other.id != row.id) {
            letters.push(row);
        }
    }
    letters.retain(|row| waits_for_me(row, member));
    letters.sort_by_key(|row| (row.due.is_none(), row.due, std::cmp::Reverse(row.changed)));
    Ok(Waits { letters, drafts: views::letters::my_drafts(reading, member)? })
}

impl Waits {
    /// Rows of the start page: what has a clock first, drafts last.
    pub fn rows(self, member: &Member, now: Time, lang: Lang) -> Vec<WaitingRow> {
        let t = Text(lang);
        let letters = self.letters.into_iter().map(|letter| WaitingRow {
            href: format!("/letters/{}", letter.id),
            title: letter.title.say(lang).to_owned(),
            patient: letter.name.clone(),
            from: row(&letter, member, true, now, lang).way,
            mark: match letter.due {
                Some(due) => clock(due, now, lang),
                None => Mark::new(Tone::Act, letter.state_label.say(lang)),
            },
            due: None,
        });
        let drafts = self.drafts.into_iter().map(|draft| WaitingRow {
            href: format!("/patients/{}/letters/{}/edit", draft.patient, draft.id),
            title: draft.title.say(lang).to_owned(),
            patient: draft.name,
            from: t.letter_unsigned().to_owned(),
            mark: Mark::new(Tone::Plain, t.letter_draft()),
            due: None,
        });
        letters.chain(drafts).collect()
    }
}

/// The form whose board this is.
const REFERRAL: &str = "dental-referral";

/// Whether people of this profession answer dental referrals, and so work at their board.
pub fn answers_referrals(profession: Profession) -> bool {
    matches!(profession, Profession::Dentist | Profession::DentalHygienist | Profession::LiaisonOfficer)
}

/// `GET /letters`
pub async fn page(signed: Signed, asked: Query<Asked>) -> Result<HttpResponse> {
    let member = signed.member.clone();
    let (desk, teams, drafts) = signed
        .house()
        .read(move |reading| {
            let desk = views::letters::desk(reading, &member)?;
            let teams = views::letters::in_teams(reading, &member)?;
            Ok((desk, teams, views::letters::my_drafts(reading, &member)?))
        })
        .await?;
    let (t, lang, now) = (signed.t(), signed.lang(), signed.house().now());
    let member = &signed.member;
    let mut all: Vec<&views::letters::LetterRow> = desk.iter().collect();
    all.extend(teams.iter().filter(|row| desk.iter().all(|other| other.id != row.id)));
    // Overdue first, undated last.
    all.sort_by_key(|row| (row.due.is_none(), row.due, std::cmp::Reverse(row.changed)));
    let waiting: Vec<_> = all.iter().copied().filter(|row| waits_for_me(row, member)).collect();
    let others: Vec<_> =
        all.iter().copied().filter(|row| !row.finished && !waits_for_me(row, member)).collect();
    let closed: Vec<_> = all.iter().copied().filter(|row| row.finished).collect();
    let show = asked.show.as_deref().unwrap_or("waiting");
    let part = |code: &str, label: &str, count: usize, on: bool| {
        filter(format!("/letters?show={code}"), label, count, on)
    };
    let known = ["others", "drafts", "closed"].contains(&show);
    let filters: Vec<Filter> = vec![
        part("waiting", t.desk_waiting(), waiting.len(), !known),
        part("others", t.desk_others(), others.len(), show == "others"),
        part("drafts", t.letters_drafts(), drafts.len(), show == "drafts"),
        part("closed", t.letters_closed(), closed.len(), show == "closed"),
    ];
    let rows = |rows: Vec<&views::letters::LetterRow>| -> Vec<LetterRow> {
        rows.into_iter().map(|letter| row(letter, member, true, now, lang)).collect()
    };
    let rows = match show {
        "others" => rows(others),
        "drafts" => drafts.iter().map(|draft| drafted(draft, t)).collect(),
        "closed" => rows(closed),
        _ => rows(waiting),
    };
    respond::page(&LettersPage {
        t,
        frame: signed.frame(t.letters_title())?.at(Place::Letters).wide(),
        patient: None,
        filters,
        board: answers_referrals(member.profession),
        rows,
        forms: Vec::new(),
        action: String::new(),
        letter: String::new(),
    })
}

fn drafted(draft: &DraftRow, t: Text) -> LetterRow {
    LetterRow {
        href: format!("/patients/{}/letters/{}/edit", draft.patient, draft.id),
        title: draft.title.say(t.0).to_owned(),
        patient: draft.name.clone(),
        way: t.letter_unsigned().to_owned(),
        state: Mark::new(Tone::Act, t.letter_draft()),
        clock: None,
        changed: When::at(draft.changed, t.0),
    }
}

/// `GET /referrals`
pub async fn referrals(signed: Signed, asked: Query<Asked>) -> Result<HttpResponse> {
    let cards = cards(&signed).await?;
    let closed = asked.show.as_deref() == Some("closed");
    let t = signed.t();
    let count = |finished: bool| cards.iter().filter(|card| card.row.finished == finished).count();
    respond::page(&ReferralsPage {
        t,
        frame: signed.frame(t.referrals_title())?.at(Place::Letters).wide(),
        filters: vec![
            filter("/referrals".to_owned(), t.letters_open(), count(false), !closed),
            filter("/referrals?show=closed".to_owned(), t.letters_closed(), count(true), closed),
        ],
        board: board(&signed, &cards, closed),
    })
}

/// `GET /referrals/board`: the columns alone.
pub async fn referrals_part(signed: Signed, asked: Query<Asked>) -> Result<HttpResponse> {
    let cards = cards(&signed).await?;
    let closed = asked.show.as_deref() == Some("closed");
    let t = signed.t();
    respond::fragment(&BoardPart {
        t,
        frame: signed.frame(t.referrals_title())?,
        board: board(&signed, &cards, closed),
    })
}

async fn cards(signed: &Signed) -> Result<Vec<DeskView>> {
    let member = signed.member.clone();
    signed.house().read(move |reading| views::letters::cards(reading, &member, REFERRAL)).await
}

/// The states in the order of the ordinary course, those in which something stands.
fn board(signed: &Signed, cards: &[DeskView], closed: bool) -> Vec<BoardColumn> {
    let (lang, now) = (signed.lang(), signed.house().now());
    let Some(newest) = cards.first() else { return Vec::new() };
    let states = newest.form.workflow.states.iter().filter(|state| state.finished == closed);
    states
        .map(|state| BoardColumn {
            title: state.label.say(lang).to_owned(),
            cards: cards
                .iter()
                .filter(|card| card.row.state == state.code)
                .map(|one| card(signed, one, now, lang))
                .collect(),
        })
        .filter(|column| !column.cards.is_empty())
        .collect()
}

fn card(signed: &Signed, view: &DeskView, now: Time, lang: Lang) -> BoardCard {
    let (t, member) = (Text(lang), &signed.member);
    let mut marks: Vec<Mark> = Vec::new();
    if view.unreadable {
        marks.push(Mark::new(Tone::Harm, t.card_form_unreadable()));
    }
    if view.answers.text("urgency") == Some("today") {
        marks.push(Mark::new(Tone::Harm, t.urgency_today()));
    }
    marks.extend(view.row.due.filter(|_| !view.row.finished).map(|due| clock(due, now, lang)));
    let next = view
        .form
        .workflow
        .moves_from(&view.row.state)
        .find(|step| {
            step.may_be_made_by(Side::Receiver, member.profession) && !step.repeats_in(&view.row.state)
        })
        .map(|step| step.label.say(lang).to_owned());
    BoardCard {
        href: format!("/letters/{}", view.row.id),
        title: view.row.title.say(lang).to_owned(),
        patient: [vec![view.patient.card.name.clone()], fill::about(&view.patient, now, lang)]
            .concat()
            .join(t.card_gap()),
        says: says(view, lang),
        from: match &view.row.author {
            Some(author) => fill::person(author, lang),
            None => PersonView {
                name: view.row.from_office.clone(),
                badge: Badge::new(member.profession, lang),
                office: String::new(),
                on_behalf: None,
            },
        },
        since: When::at(view.arrived, lang),
        marks,
        next,
    }
}

/// What is asked, in its first words.
fn says(view: &DeskView, lang: Lang) -> String {
    let sheet = view.form.sheet(&view.answers, &[], lang);
    let fields = sheet.sections.iter().flat_map(|section| &section.fields);
    let asked = fields.filter(|field| ["complaints", "complaint_note"].contains(&field.path.as_str()));
    let words: Vec<&str> =
        asked.map(|field| field.shown.as_str()).filter(|shown| !shown.is_empty()).collect();
    views::first_words(&words.join("　"), 120)
}

texts! {
    desk_waiting { ja: "こちらの番", en: "Our turn" }
    desk_others { ja: "相手を待っている", en: "Waiting for others" }
    card_form_unreadable { ja: "内容を開けません", en: "Cannot be opened" }
    card_gap { ja: "　", en: ", " }
}
