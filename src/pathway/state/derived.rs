//! Ids that follow from what they stand for, so that the same thing never happens twice.

use uuid::Uuid;

use crate::kernel::id::AskId;
use crate::kernel::id::EntryId;
use crate::kernel::id::LetterId;
use crate::kernel::id::ProposalId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::id::VarianceId;

fn derive(of: Uuid, what: &str, key: &str) -> Uuid {
    Uuid::new_v5(&of, format!("{what}/{key}").as_bytes())
}

pub fn task(run: RunId, code: &str, key: &str) -> TaskId {
    TaskId(derive(run.0, "task", &format!("{code}/{key}")))
}

pub fn proposal(run: RunId, count: u32) -> ProposalId {
    ProposalId(derive(run.0, "proposal", &count.to_string()))
}

pub fn ask(run: RunId, key: &str) -> AskId {
    AskId(derive(run.0, "ask", key))
}

pub fn variance(run: RunId, key: &str) -> VarianceId {
    VarianceId(derive(run.0, "variance", key))
}

pub fn letter(run: RunId, key: &str) -> LetterId {
    LetterId(derive(run.0, "letter", key))
}

pub fn run(stay: EntryId, pathway: &str) -> RunId {
    RunId(derive(stay.0, "run", pathway))
}
