//! One of everything that a path may name, made on a patient's record by the house's own verbs: a post,
//! two running pathways, a task, a proposal that waits, a question of a pathway, a departure, a form
//! that was sent.

use renkei::acts::happenings;
use renkei::acts::letters::{Moving, Signing};
use renkei::acts::plans;
use renkei::acts::threads;
use renkei::acts::views;
use renkei::acts::{Act, House, Who};
use renkei::form::answers::Answers;
use renkei::kernel::error::Result;
use renkei::kernel::id::{
    AskId, EntryId, LetterId, OfficeId, PatientId, PersonId, ProposalId, RunId, TaskId, VarianceId,
};
use renkei::kernel::profession::Profession;
use renkei::pathway::definition::Cause;
use renkei::pathway::event::{ByHand, TaskAct};
use renkei::record::Audience;
use renkei::record::payload::Post;
use serde_json::{Value, json};

/// The ids of what was made.
#[derive(Debug, Clone)]
pub struct Things {
    /// The patient.
    pub patient: PatientId,
    /// A post of the nurse, for the staff.
    pub post: i64,
    /// A running pathway.
    pub run: RunId,
    /// An open task of it, for the nurse.
    pub task: TaskId,
    /// A proposal that waits for the doctor.
    pub proposal: ProposalId,
    /// What the pathway asks of the doctor.
    pub ask: AskId,
    /// A departure whose reason may be written.
    pub variance: VarianceId,
    /// A form that was sent to another office.
    pub letter: LetterId,
    /// A visit that was told by hand.
    pub happening: EntryId,
}

/// Who works on the record.
#[derive(Debug, Clone, Copy)]
pub struct Hands<'a> {
    /// The house.
    pub house: &'a House,
    /// The patient.
    pub patient: PatientId,
    /// The visiting nurse.
    pub nurse: PersonId,
    /// The doctor.
    pub doctor: PersonId,
}

impl Hands<'_> {
    /// Makes one of everything; the form goes to this office.
    pub async fn make(self, to: OfficeId) -> Things {
        let post = self.post("発熱37.8度").await;
        let run = self.device_and_pathway().await;
        self.severe().await;
        let state = self.state().await;
        let ask = state.asks.values().find(|ask| ask.answered.is_none()).expect("an ask").id;
        let water = open_task(&state, "balloon-water");
        let skip = TaskAct::Skip { cause: Cause::Family, reason: "外出していた".to_owned() };
        let patient = self.patient;
        self.act(self.nurse, move |act, id| plans::act_on_task(act, id, patient, water, &skip)).await;
        let variance = self.state().await.variances.iter().next().expect("a departure").id;
        let (proposal, happening) = (self.propose().await, self.tell("visit.nurse").await);
        let task = self.open(run).await;
        let letter = self.send(to).await;
        Things { patient, post, run, task, proposal, ask, variance, letter, happening }
    }

    /// An act of someone of the team.
    pub async fn act<T: Send + 'static>(
        self,
        who: PersonId,
        verb: impl Fn(&mut Act<'_>, EntryId) -> Result<T> + Send + 'static,
    ) -> T {
        let id = EntryId::new();
        let logs = vec![self.patient.log()];
        self.house.perform(Who::person(who), logs, move |act| verb(act, id)).await.unwrap()
    }

    /// What the pathways know of the patient.
    pub async fn state(self) -> renkei::pathway::PatientState {
        self.house.look(self.nurse, self.patient, "plan", views::plan::state).await.unwrap()
    }

    async fn post(self, text: &str) -> i64 {
        let new = threads::NewPost {
            id: EntryId::new(),
            patient: self.patient,
            audience: Audience::Staff,
            post: Post { text: text.to_owned(), ..Post::default() },
        };
        self.act(self.nurse, move |act, _| threads::post(act, &new)).await
    }

    async fn start(self, by: PersonId, pathway: &str) -> RunId {
        let hash = self.house.library().pathways.current(pathway).unwrap().hash.clone();
        let (run, patient) = (RunId::new(), self.patient);
        self.act(by, move |act, id| plans::start(act, id, patient, run, &hash)).await;
        run
    }

    /// The gastrostomy pathway runs, with what must be known before.
    pub async fn device_and_pathway(self) -> RunId {
        self.device().await;
        self.start(self.nurse, "peg").await
    }

    /// A gastrostomy tube with a balloon, placed three weeks ago.
    pub async fn device(self) {
        let placed = self.house.now().plus_seconds(-21 * 86_400).day().to_string();
        let card = json!({
            "name": "田中 ハル", "checked_on": self.house.now().day().to_string(), "placed_on": placed,
            "stopper": "balloon", "balloon_ml": 20, "outer": "tube", "size_fr": 20, "inserted_on": placed,
            "call_day": "佐藤医院", "call_night": "佐藤医院",
        });
        self.sign("peg-device", card, None).await;
    }

    /// The nurse tells that something happened just now.
    async fn tell(self, concept: &'static str) -> EntryId {
        let (patient, now) = (self.patient, self.house.now());
        self.act(self.nurse, move |act, id| happenings::tell(act, id, patient, concept, now).map(|()| id))
            .await
    }

    /// A task by hand, for a nurse.
    async fn open(self, run: RunId) -> TaskId {
        let title = plans::own_title("注入の手順を家族と確かめる").unwrap();
        let (task, patient) = (TaskId::new(), self.patient);
        let what = ByHand::Own { title, role: Profession::VisitingNurse };
        let opening = plans::Opening { run, task, what, due: None, reason: "家族の希望".to_owned() };
        self.act(self.nurse, move |act, id| plans::open_task(act, id, patient, &opening)).await;
        task
    }

    /// Skin so sore that the pathway asks the doctor when they can come.
    pub async fn severe(self) {
        let check = json!({
            "checked_on": self.house.now().day().to_string(), "skin": "severe",
            "skin_signs": ["redness", "pus"], "rotates": true, "slack": true, "leak": "none",
        });
        self.sign("peg-site-check", check, None).await;
    }

    /// The nurse proposes that the last days have begun: a doctor has yet to agree.
    pub async fn propose(self) -> ProposalId {
        let run = self.start(self.doctor, "end-of-life").await;
        self.tell("visit.doctor").await;
        for (who, to) in [(self.doctor, "stable"), (self.nurse, "dying")] {
            let patient = self.patient;
            self.act(who, move |act, id| plans::raise(act, id, patient, run, to, "経口摂取がほとんどない"))
                .await;
        }
        self.state().await.open_proposals().next().expect("a proposal").id
    }

    /// The nurse signs a form.
    pub async fn sign(self, form: &str, value: Value, to_office: Option<OfficeId>) -> LetterId {
        let mut answers = Answers::default();
        for (path, value) in value.as_object().unwrap() {
            answers.put(path.clone(), value.clone());
        }
        let signing = Signing {
            id: EntryId::new(),
            letter: LetterId::new(),
            patient: self.patient,
            form_hash: self.house.library().current_form(form).unwrap().hash.clone(),
            answers,
            task: None,
            about: None,
            supersedes: 0,
            reason: String::new(),
            to_office,
        };
        self.house.sign(Who::person(self.nurse), signing).await.unwrap()
    }

    /// A slip to another office, received there.
    async fn send(self, to: OfficeId) -> LetterId {
        let letter = self.sign("doctor-slip", slip(&self.house.now().day().to_string()), Some(to)).await;
        let moving = Moving {
            id: EntryId::new(),
            letter,
            from: "sent".into(),
            code: "receive".into(),
            told: Answers::default(),
            to_office: None,
            proxy: Some(renkei::form::workflow::Proxy::ALL[0]),
        };
        self.house.move_letter(Who::person(self.nurse), moving).await.unwrap();
        letter
    }
}

/// The answers of a slip that can be signed.
pub fn slip(today: &str) -> Value {
    json!({
        "written_on": today, "to_office": "在宅歯科医療連携室", "to_name": "高橋 亮",
        "from_office": "訪問看護ステーションあおば", "from_name": "伊藤 さくら",
        "name": "田中 ハル", "purpose": ["state"], "question": "痰が増えています", "consent": true,
    })
}

fn open_task(state: &renkei::pathway::PatientState, code: &str) -> TaskId {
    let found = state.tasks.values().find(|task| task.code.as_deref() == Some(code));
    found.unwrap_or_else(|| panic!("no open task {code} in {:?}", state.tasks.values())).id
}
