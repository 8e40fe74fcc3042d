//! What the engine refuses, in words for whoever asked.

use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::pathway::event::Refusal;
use crate::texts;

/// Why the engine will not: as an error that the person can act on.
pub fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Unknown | Refusal::NoPathway(_) => Error::Missing,
        Refusal::Over | Refusal::Decided => Error::Stale,
        Refusal::NotYours => Error::Forbidden(Words::of(Text::task_is_anothers)),
        Refusal::Taken => Error::Forbidden(Words::of(Text::task_is_taken)),
        Refusal::NoOne => Error::Forbidden(Words::of(Text::person_must_do_this)),
        Refusal::NoReason => Error::invalid("reason", Words::of(Text::reason_is_empty)),
        Refusal::NeedsForm(_) => Error::Forbidden(Words::of(Text::form_does_this)),
        Refusal::Halted => Error::Forbidden(Words::of(Text::version_rests)),
        Refusal::Running => Error::Forbidden(Words::of(Text::pathway_runs_already)),
        Refusal::Stay => Error::Forbidden(Words::of(Text::stay_does_not_fit)),
        Refusal::NotYet(facts) => not_yet(&facts),
        Refusal::BadFact(concept, says) => Error::Invalid(vec![Flaw { field: concept, says }]),
        Refusal::Behind => Error::Busy,
        Refusal::Faulty => Error::Forbidden(Words::of(Text::run_needs_attention)),
    }
}

fn not_yet(facts: &[String]) -> Error {
    let concepts = crate::concept::Concepts::shipped();
    let name = |lang| {
        let names: Vec<String> = facts
            .iter()
            .map(|code| {
                concepts.get(code).map_or_else(|| code.clone(), |concept| concept.title.say(lang).to_owned())
            })
            .collect();
        names.join(if lang == crate::kernel::lang::Lang::Ja { "、" } else { ", " })
    };
    Error::invalid("pathway", Words::of(|t| t.facts_are_missing(&name(t.0))))
}

texts! {
    task_is_anothers {
        ja: "この仕事は、ほかの職種が行うことになっています。",
        en: "This task belongs to another profession."
    }
    task_is_taken {
        ja: "この仕事は、ほかの人が引き受けています。",
        en: "Someone else has taken this task on."
    }
    person_must_do_this { ja: "これは人が行う必要があります。", en: "A person must do this." }
    form_does_this {
        ja: "この仕事は書類で行います。書類を開いて記入してください。",
        en: "This task is done by its form. Please open and fill it."
    }
    version_rests {
        ja: "この版のパスは、地域の決定で止めています。再開は地域の管理者が行います。",
        en: "By the region's decision, this version of the pathway rests. An administrator of the region lets it go on."
    }
    pathway_runs_already { ja: "このパスはすでに動いています。", en: "This pathway is already running." }
    stay_does_not_fit {
        ja: "入院の記録と合いません。いまの入院の状態を確かめてください。",
        en: "This does not fit the hospital stay on record. Please check it."
    }
    run_needs_attention {
        ja: "このパスは、計算が止まっているため進められません。「もう一度動かす」か「止める」を選んでください。",
        en: "The engine could not go on with this pathway. Please try it again, or stop it."
    }
    facts_are_missing(names: &str) {
        ja: "始めるには、先に次のことを記録してください：{names}",
        en: "Before it can start, please record: {names}"
    }
}
