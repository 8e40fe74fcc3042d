//! What happened on a patient's pathways, gathered from the events that the record keeps: phases and
//! rests, and how each task ended. The state keeps only the last of what is over; a picture shows all.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::kernel::id::AskId;
use crate::kernel::id::ProposalId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::kernel::time::screen_day;
use crate::pathway::ahead::Coming;
use crate::pathway::event::Closing;
use crate::pathway::event::Event;
use crate::pathway::event::ProposalEnd;
use crate::pathway::event::What;
use crate::pathway::picture::Sign;
use crate::pathway::picture::chart::Band;
use crate::pathway::picture::chart::Chart;
use crate::pathway::picture::chart::Gather;
use crate::pathway::picture::chart::Mark;
use crate::texts;

/// What happened.
#[derive(Debug, Clone, Default)]
pub struct History {
    runs: BTreeMap<RunId, Ran>,
    tasks: BTreeMap<TaskId, Happened>,
    proposals: BTreeMap<ProposalId, Proposed>,
    asks: BTreeMap<AskId, Asked>,
}

/// One run.
#[derive(Debug, Clone)]
struct Ran {
    title: Words,
    started: Timestamp,
    phases: Vec<(Words, Timestamp)>,
    rests: Vec<(Timestamp, Option<Timestamp>)>,
    over: Option<Timestamp>,
    variances: Vec<(Words, bool, Timestamp)>,
}

/// One task that came up.
#[derive(Debug, Clone)]
struct Happened {
    run: RunId,
    title: Words,
    role: Profession,
    opened: Timestamp,
    due: Option<Timestamp>,
    closed: Option<(Closing, Timestamp)>,
}

#[derive(Debug, Clone)]
struct Proposed {
    run: RunId,
    title: Words,
    opened: Timestamp,
    ended: Option<ProposalEnd>,
}

/// Something a profession was asked.
#[derive(Debug, Clone)]
struct Asked {
    run: RunId,
    role: Profession,
    text: Words,
    opened: Timestamp,
    due: Option<Timestamp>,
    /// When it was answered, or lost its point.
    ended: Option<(bool, Timestamp)>,
}

/// The days that are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How many days back; none for all.
    pub back: Option<i32>,
    /// How many days ahead.
    pub ahead: i32,
}

impl History {
    /// Notes an event.
    pub fn note(&mut self, event: &Event) {
        let at = event.at;
        match &event.what {
            What::RunStarted { run, title, .. } => {
                let ran = Ran {
                    title: title.clone(),
                    started: at,
                    phases: Vec::new(),
                    rests: Vec::new(),
                    over: None,
                    variances: Vec::new(),
                };
                self.runs.insert(*run, ran);
            }
            What::PhaseEntered { run, title, .. } => {
                self.on(*run, |ran| ran.phases.push((title.clone(), at)))
            }
            // What rests already goes on resting, for one more reason.
            What::RunSuspended { run, .. } | What::RunHalted { run, .. } => self.on(*run, |ran| {
                if ran.rests.last().is_none_or(|rest| rest.1.is_some()) {
                    ran.rests.push((at, None));
                }
            }),
            What::RunResumed { run } => self.on(*run, |ran| {
                if let Some(rest) = ran.rests.last_mut() {
                    rest.1 = Some(at);
                }
            }),
            What::RunStopped { run, .. } | What::RunEnded { run } => self.on(*run, |ran| ran.over = Some(at)),
            What::VarianceFound(variance) => self.on(variance.run, |ran| {
                ran.variances.push((variance.text.clone(), variance.positive, at));
            }),
            _ => self.note_work(event),
        }
    }

    fn note_work(&mut self, event: &Event) {
        match &event.what {
            What::TaskOpened(task) => {
                let happened = Happened {
                    run: task.run,
                    title: task.title.clone(),
                    role: task.role,
                    opened: task.opened,
                    due: task.due,
                    closed: None,
                };
                self.tasks.insert(task.id, happened);
            }
            What::TaskClosed { task, how } => {
                if let Some(task) = self.tasks.get_mut(task) {
                    task.closed = Some((how.clone(), event.at));
                }
            }
            What::Proposed(proposal) => {
                let (run, title) = (proposal.run, proposal.title.clone());
                self.proposals.insert(proposal.id, Proposed { run, title, opened: event.at, ended: None });
            }
            What::ProposalClosed { proposal, how } => {
                if let Some(proposal) = self.proposals.get_mut(proposal) {
                    proposal.ended = Some(*how);
                }
            }
            What::Asked(ask) => {
                let asked = Asked {
                    run: ask.run,
                    role: ask.role,
                    text: ask.text.clone(),
                    opened: event.at,
                    due: ask.due,
                    ended: None,
                };
                self.asks.insert(ask.id, asked);
            }
            What::AskClosed { ask, answered } => {
                if let Some(ask) = self.asks.get_mut(ask) {
                    ask.ended = Some((*answered, event.at));
                }
            }
            _ => {}
        }
    }

    fn on(&mut self, run: RunId, then: impl FnOnce(&mut Ran)) {
        if let Some(ran) = self.runs.get_mut(&run) {
            then(ran);
        }
    }

    /// The runs, those that go on first, the newest first.
    pub fn runs(&self) -> Vec<RunId> {
        let mut runs: Vec<(&RunId, &Ran)> = self.runs.iter().collect();
        runs.sort_by_key(|(id, ran)| (ran.over.is_some(), std::cmp::Reverse(ran.started), **id));
        runs.into_iter().map(|(id, _)| *id).collect()
    }

    /// A run as a chart; none where nothing of it lies in the window.
    pub fn chart(
        &self,
        run: RunId,
        ahead: &[Coming],
        window: Window,
        now: Time,
        lang: Lang,
    ) -> Option<Chart> {
        let ran = self.runs.get(&run)?;
        let (t, today) = (Text(lang), now.day());
        let started = day(ran.started);
        let first = window.back.map_or(started, |back| today.saturating_sub(back.days()).max(started));
        let over = ran.over.map(day);
        let last = over.unwrap_or_else(|| today.saturating_add(window.ahead.days()));
        if first > last {
            return None;
        }
        let mut gather = Gather::new(Profession::ALL);
        for (words, positive, at) in &ran.variances {
            let sign = if *positive { Sign::Better } else { Sign::Variance };
            gather.add(None, words.say(lang).to_owned(), Mark { on: day(*at), sign, note: String::new() });
        }
        for proposal in self.proposals.values().filter(|proposal| proposal.run == run) {
            let note = proposal.ended.map_or(t.chart_waits(), |end| ending(end, t)).to_owned();
            let mark = Mark { on: day(proposal.opened), sign: Sign::Proposal, note };
            gather.add(None, proposal.title.say(lang).to_owned(), mark);
        }
        for task in self.tasks.values().filter(|task| task.run == run) {
            gather.add(Some(task.role), task.title.say(lang).to_owned(), task.mark(now, lang));
        }
        for ask in self.asks.values().filter(|ask| ask.run == run) {
            let mark = Mark { on: day(ask.opened), sign: Sign::Ask, note: ask.note(lang) };
            gather.add(Some(ask.role), ask.text.say(lang).to_owned(), mark);
        }
        for coming in ahead.iter().filter(|coming| coming.run == run) {
            let mark = Mark { on: last_day(coming.due), sign: Sign::Ahead, note: String::new() };
            gather.add(Some(coming.role), coming.title.say(lang).to_owned(), mark);
        }
        let phases = ran.phases.iter().map(|(words, at)| (words.say(lang).to_owned(), day(*at))).collect();
        let rests: Vec<(Date, Option<Date>)> =
            ran.rests.iter().map(|(from, to)| (day(*from), to.or(ran.over).map(day))).collect();
        let mut phases = Band::one_after_another(phases, &rests);
        if let Some(over) = over {
            Band::end(&mut phases, over);
        }
        let title = t.run_chart_title(ran.title.say(lang));
        let chart = Chart { title, first, last, today: Some(today), phases, lanes: gather.lanes(t), t };
        Some(chart.within())
    }
}

impl Happened {
    fn mark(&self, now: Time, lang: Lang) -> Mark {
        let t = Text(lang);
        let due = || self.due.map(|due| t.chart_due(&screen_day(last_day(due), lang))).unwrap_or_default();
        let on = self.due.map_or_else(|| day(self.opened), last_day);
        let mark = |on, sign, note| Mark { on, sign, note };
        match &self.closed {
            None if self.due.is_some_and(|due| due <= now.stamp()) => mark(on, Sign::Overdue, due()),
            None => mark(on, Sign::Open, String::new()),
            Some((Closing::Done { .. }, at)) if self.due.is_some_and(|due| due < *at) => {
                mark(day(*at), Sign::Late, due())
            }
            Some((Closing::Done { .. }, at)) => mark(day(*at), Sign::Done, String::new()),
            Some((Closing::Skipped { reason, .. }, at)) => mark(day(*at), Sign::Skipped, reason.clone()),
            Some((Closing::Expired, at)) => mark(last_day(*at), Sign::Expired, due()),
            Some((Closing::Cancelled { .. }, at)) => mark(day(*at), Sign::Cancelled, String::new()),
        }
    }
}

impl Asked {
    /// How it stands with the answer.
    fn note(&self, lang: Lang) -> String {
        let t = Text(lang);
        let on = |at: Timestamp| screen_day(day(at), lang);
        match (self.ended, self.due) {
            (Some((true, at)), _) => t.chart_answered(&on(at)),
            (Some((false, _)), _) => t.chart_pointless().to_owned(),
            (None, Some(due)) => t.chart_answer_due(&on(due)),
            (None, None) => t.chart_answer_open().to_owned(),
        }
    }
}

fn day(at: Timestamp) -> Date {
    Time::from(at).day()
}

/// The last day of a time that ends at this moment: a day that is over at midnight is the day before.
fn last_day(end: Timestamp) -> Date {
    day(end.saturating_sub(1.microsecond()).unwrap_or(end))
}

fn ending(end: ProposalEnd, t: Text) -> &'static str {
    match end {
        ProposalEnd::Accepted => t.chart_accepted(),
        ProposalEnd::Declined => t.chart_declined(),
        ProposalEnd::Withdrawn => t.chart_withdrawn(),
    }
}

texts! {
    run_chart_title(title: &str) { ja: "{title}：経過と見込み", en: "{title}: so far, and ahead" }
    chart_due(day: &str) { ja: "期限 {day}", en: "due {day}" }
    chart_answered(day: &str) { ja: "{day}に返事", en: "answered {day}" }
    chart_pointless { ja: "返事がいらなくなった", en: "no answer needed any more" }
    chart_answer_due(day: &str) { ja: "返事を待っている（{day}まで）", en: "waits for an answer by {day}" }
    chart_answer_open { ja: "返事を待っている", en: "waits for an answer" }
    chart_waits { ja: "決定を待っている", en: "waits for a decision" }
    chart_accepted { ja: "進めた", en: "agreed" }
    chart_declined { ja: "見送った", en: "declined" }
    chart_withdrawn { ja: "条件に合わなくなった", en: "no longer holds" }
}
