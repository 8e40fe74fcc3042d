//! Rows of the plan are changed by statements that name their columns in words: whatever differs in a row
//! must differ afterwards, in every column. A column that is added here and forgotten there fails.

use renkei::access::Grant;
use renkei::access::Need;
use renkei::access::judge;
use renkei::kernel::error::Result;
use renkei::kernel::id::PatientId;
use renkei::kernel::id::PersonId;
use renkei::kernel::id::ProposalId;
use renkei::kernel::id::RunId;
use renkei::kernel::id::TaskId;
use renkei::kernel::time::Time;
use renkei::store::Conn;
use renkei::store::patients::facts;
use renkei::store::plans;

use crate::support::in_each_ward;

/// A row of each table in two states, which agree in nothing but their id and whose they are.
struct Rows {
    plan: plans::Plan,
    run: plans::Run,
    task: plans::Task,
    proposal: plans::Proposal,
}

fn rows(patient: PatientId, (run, task, proposal): (RunId, TaskId, ProposalId), later: bool) -> Rows {
    let text = |what: &str| if later { format!("{what} later") } else { what.to_owned() };
    let time = |what: i64| Some(Time(if later { what + 100 } else { what }));
    let seq = if later { 2 } else { 1 };
    Rows {
        plan: plans::Plan { patient, seq, trouble: later, sealed: vec![u8::from(later)], due_at: time(1) },
        run: plans::Run {
            id: run,
            patient,
            pathway: text("pathway"),
            hash: text("hash"),
            phase: text("phase"),
            state: text("state"),
            seq,
        },
        task: plans::Task {
            id: task,
            patient,
            run: RunId::new(),
            code: text("code"),
            role: text("role"),
            state: text("state"),
            form: later.then(|| "form".to_owned()),
            from_at: time(1),
            due_at: time(2),
            late_at: time(3),
            holder: later.then(PersonId::new),
            seq,
        },
        proposal: plans::Proposal {
            id: proposal,
            patient,
            run: RunId::new(),
            to_phase: text("to"),
            state: text("state"),
            due_at: time(4),
            seq,
        },
    }
}

fn set(conn: &mut Conn, grant: &Grant, rows: &Rows) -> Result<()> {
    plans::set_plan(conn, grant, &rows.plan)?;
    plans::set_run(conn, grant, &rows.run)?;
    plans::set_task(conn, grant, &rows.task)?;
    plans::set_proposal(conn, grant, &rows.proposal)
}

#[test]
fn whatever_differs_in_a_row_of_the_plan_is_changed_with_it() {
    in_each_ward(|ward| async move {
        let (patient, nurse) = (ward.tanaka, ward.ito);
        let written = ward.house.jot(move |conn, now| {
            let grant = judge(&facts(conn, patient, Some(nurse))?, Need::Plan, now)?;
            let ids = (RunId::new(), TaskId::new(), ProposalId::new());
            for later in [false, true] {
                let rows = rows(patient, ids, later);
                set(conn, &grant, &rows)?;
                assert_eq!(plans::plan(conn, &grant)?, Some(rows.plan));
                assert_eq!(plans::runs(conn, &grant)?, [rows.run]);
                assert_eq!(plans::tasks(conn, &grant)?, [rows.task]);
                assert_eq!(plans::proposals(conn, &grant)?, [rows.proposal]);
                plans::set_timer(conn, &grant, Some(Time(i64::from(later))))?;
                let due = plans::due(conn, Time(0), 1)?;
                assert_eq!(due.is_empty(), later, "the timer was set anew");
            }
            plans::end_task(conn, &grant, TaskId::new())?;
            assert_eq!(plans::tasks(conn, &grant)?.len(), 1, "only what is over goes");
            plans::end_task(conn, &grant, ids.1)?;
            assert_eq!(plans::tasks(conn, &grant)?, []);
            Ok(())
        });
        written.await.unwrap();
    });
}
