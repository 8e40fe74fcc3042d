//! The plan in short, beside the thread: what runs, in which phase, what is open for whom.

use crate::kernel::id::PatientId;
use crate::pathway::PatientState;
use crate::pathway::state::Run;
use crate::pathway::state::Status;
use crate::pathway::state::Task;
use crate::web::app::Signed;
use crate::web::handlers::plan::fill_task::due_mark;
use crate::web::handlers::plan::fill_task::due_when;
use crate::web::thread::RunLine;
use crate::web::thread::TaskLine;
use crate::web::view::Badge;
use crate::web::view::Mark;
use crate::web::view::Tone;

/// Open tasks shown of one run; the plan has the rest.
const TASKS_MAX: usize = 6;

/// The runs that have not ended, with their open tasks.
pub(super) fn runs(signed: &Signed, patient: PatientId, state: &PatientState) -> Vec<RunLine> {
    let mut runs: Vec<_> = state.runs.values().filter(|run| !run.is_over()).collect();
    runs.sort_by_key(|run| (run.status != Status::Active, run.started));
    runs.into_iter().map(|run| line(signed, patient, state, run)).collect()
}

fn line(signed: &Signed, patient: PatientId, state: &PatientState, run: &Run) -> RunLine {
    let (t, lang) = (signed.t(), signed.lang());
    let rests = run.status != Status::Active;
    let mut open: Vec<_> =
        state.tasks.values().filter(|task| task.run == run.id && task.with.is_none() && !rests).collect();
    open.sort_by_key(|task| (task.due.is_none(), task.due));
    let phase = run.phase_title.say(lang).to_owned();
    RunLine {
        href: format!("/patients/{patient}/plan#{}", run.id),
        title: run.title.say(lang).to_owned(),
        phase: if rests { format!("{phase}{}{}", t.dot(), t.run_rests()) } else { phase },
        tasks: open.into_iter().take(TASKS_MAX).map(|task| task_line(signed, task)).collect(),
    }
}

fn task_line(signed: &Signed, task: &Task) -> TaskLine {
    let (t, lang, now) = (signed.t(), signed.lang(), signed.house().now());
    let by =
        || task.due.map(|due| Mark::new(Tone::Plain, t.task_by(&due_when(due, lang).shown().to_string())));
    TaskLine {
        title: task.title.say(lang).to_owned(),
        badge: Badge::new(task.role, lang),
        mark: due_mark(task.due, now, t)
            .or_else(by)
            .unwrap_or_else(|| Mark::new(Tone::Plain, t.task_is_open())),
    }
}

crate::texts! {
    task_by(when: &str) { ja: "{when}まで", en: "by {when}" }
}
