//! A pathway as parts that speak for themselves, every member of the file in words. What is left out
//! here could change without anybody hearing of it; the tests change every member and listen.

use super::Part;
use super::Spoken;
use crate::concept::Concepts;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::length::Length;
use crate::kernel::profession::Profession;
use crate::pathway::definition::Action;
use crate::pathway::definition::At;
use crate::pathway::definition::Cause;
use crate::pathway::definition::Condition;
use crate::pathway::definition::Confirm;
use crate::pathway::definition::Definition;
use crate::pathway::definition::Escalation;
use crate::pathway::definition::Every;
use crate::pathway::definition::Exit;
use crate::pathway::definition::From;
use crate::pathway::definition::Hospital;
use crate::pathway::definition::How;
use crate::pathway::definition::Leaflet;
use crate::pathway::definition::PHASE;
use crate::pathway::definition::Phase;
use crate::pathway::definition::Role;
use crate::pathway::definition::Rule;
use crate::pathway::definition::START;
use crate::pathway::definition::Schedule;
use crate::pathway::definition::Since;
use crate::pathway::definition::Slot;
use crate::pathway::definition::StartOn;
use crate::pathway::definition::Task;
use crate::pathway::definition::Unit;
use crate::pathway::definition::Until;
use crate::pathway::definition::Weekday;
use crate::pathway::why::Speech;
use crate::texts;

/// All parts of a pathway, in the order in which it is read.
pub(super) fn spoken(definition: &Definition, concepts: &Concepts) -> Vec<Spoken> {
    let speaker = Speaker { definition, concepts, speech: Speech::of(definition, concepts) };
    let mut parts = vec![speaker.head(), speaker.start()];
    for phase in &definition.phases {
        parts.push(speaker.phase(phase));
        parts.extend(numbered(phase.leave.iter().map(|exit| speaker.exit(phase, exit)).collect()));
    }
    for unit in &definition.units {
        parts.push(speaker.unit(unit));
        parts.extend(unit.tasks.iter().map(|task| speaker.task(unit, task)));
        parts.extend(unit.rules.iter().map(|rule| speaker.rule(unit, rule)));
    }
    parts.extend(speaker.facts());
    parts.extend(speaker.rest());
    parts
}

/// Several ways from one phase to another are told apart by their order.
fn numbered(mut parts: Vec<Spoken>) -> Vec<Spoken> {
    let keys: Vec<String> = parts.iter().map(|part| part.key.clone()).collect();
    for (at, part) in parts.iter_mut().enumerate() {
        let before = keys.iter().take(at).filter(|key| **key == part.key).count();
        if before > 0 {
            part.key = format!("{} {before}", part.key);
        }
    }
    parts
}

/// The members of one part, as they are gathered; what the file does not say is left out.
#[derive(Default)]
struct Says(Vec<(Words, Words)>);

impl Says {
    fn words(mut self, label: fn(Text) -> &'static str, says: Words) -> Self {
        self.0.push((Words::of(label), says));
        self
    }

    fn some(self, label: fn(Text) -> &'static str, says: Option<Words>) -> Self {
        match says {
            Some(says) => self.words(label, says),
            None => self,
        }
    }

    fn code(self, label: fn(Text) -> &'static str, code: &str) -> Self {
        self.words(label, plain(code))
    }

    fn list(self, label: fn(Text) -> &'static str, items: Vec<Words>) -> Self {
        let says = (!items.is_empty()).then(|| joined(&items));
        self.some(label, says)
    }

    fn flag(self, label: fn(Text) -> &'static str, on: bool) -> Self {
        self.some(label, on.then(|| Words::of(Text::compared_yes)))
    }
}

fn plain(text: &str) -> Words {
    Words::new(text.to_owned(), text.to_owned())
}

fn joined(items: &[Words]) -> Words {
    Words::of(|t| {
        items.iter().map(|one| one.say(t.0).to_owned()).collect::<Vec<_>>().join(t.compared_joint())
    })
}

fn professions(list: &[Profession]) -> Vec<Words> {
    list.iter().map(|one| one.name()).collect()
}

fn codes(list: &[String]) -> Vec<Words> {
    list.iter().map(|code| plain(code)).collect()
}

/// A length that may lie before: 14 days, 2 days before.
fn length(length: Length) -> Words {
    let before = !length.is_positive() && length != Length::ZERO;
    let says = if before { length.back() } else { length }.words();
    if before { Words::of(|t| t.compared_before(says.say(t.0))) } else { says }
}

fn role(role: Role) -> Words {
    match role {
        Role::Profession(profession) => profession.name(),
        Role::Main => Words::of(Text::compared_main),
        Role::Deputy => Words::of(Text::compared_deputy),
    }
}

fn escalations(list: &[Escalation]) -> Vec<Words> {
    let one = |step: &Escalation| {
        let (after, to) = (length(step.after), role(step.to));
        Words::of(|t| match step.how {
            How::Remind => t.compared_remind(after.say(t.0), to.say(t.0)),
            How::Ask => t.compared_ask(after.say(t.0), to.say(t.0)),
        })
    };
    list.iter().map(one).collect()
}

fn cause(cause: Cause) -> Words {
    Words::of(|t| match cause {
        Cause::Patient => t.compared_by_patient(),
        Cause::Family => t.compared_by_family(),
        Cause::Staff => t.compared_by_staff(),
        Cause::Organisation => t.compared_by_organisation(),
        Cause::Region => t.compared_by_region(),
    })
}

fn weekday(day: Weekday) -> Words {
    match day {
        Weekday::Mon => Words::new("月", "Mon"),
        Weekday::Tue => Words::new("火", "Tue"),
        Weekday::Wed => Words::new("水", "Wed"),
        Weekday::Thu => Words::new("木", "Thu"),
        Weekday::Fri => Words::new("金", "Fri"),
        Weekday::Sat => Words::new("土", "Sat"),
        Weekday::Sun => Words::new("日", "Sun"),
    }
}

fn slot(slot: Slot) -> Words {
    let clock = |(hour, minute): (i8, i8)| format!("{hour}:{minute:02}");
    let (opens, closes) = (clock(slot.opens), clock(slot.closes));
    if slot.opens == slot.closes { plain(&opens) } else { plain(&format!("{opens}–{closes}")) }
}

fn hospital(hospital: Hospital) -> Words {
    Words::of(|t| match hospital {
        Hospital::Suspend => t.compared_rests(),
        Hospital::GoOn => t.compared_goes_on(),
    })
}

/// A leaflet as one text: its headings and points in their order.
fn leaflet(leaflet: &Leaflet) -> Spoken {
    let text = |lang| {
        let lines = leaflet.parts.iter().flat_map(|part| {
            let heading = part.title.iter().map(move |title| format!("【{}】", title.say(lang)));
            heading.chain(part.points.iter().map(move |point| point.say(lang).to_owned()))
        });
        lines.collect::<Vec<_>>().join(" ")
    };
    let says = Says::default()
        .words(Text::compared_title, leaflet.title.clone())
        .words(Text::compared_text, Words::new(text(Lang::Ja), text(Lang::En)))
        .list(Text::part_evidence, codes(&leaflet.evidence));
    Spoken { part: Part::Leaflet, key: leaflet.id.clone(), title: leaflet.title.clone(), says: says.0 }
}

/// One version, and how its conditions speak.
struct Speaker<'a> {
    definition: &'a Definition,
    concepts: &'a Concepts,
    speech: Speech<'a>,
}

impl Speaker<'_> {
    fn head(&self) -> Spoken {
        let d = self.definition;
        let says = Says::default()
            .words(Text::compared_title, d.title.clone())
            .code(Text::compared_name, &d.id)
            .code(Text::compared_version, &d.version)
            .some(Text::compared_summary, d.summary.clone())
            .code(Text::compared_licence, &d.licence)
            .code(Text::compared_reviewed, &d.reviewed)
            .some(Text::compared_review, d.review.clone())
            .some(Text::compared_derived, d.derived_from.as_deref().map(plain))
            .list(Text::compared_roles, professions(&d.roles))
            .list(Text::compared_order, d.phases.iter().map(|phase| phase.title.clone()).collect())
            .some(
                Text::compared_unknown,
                d.unknown.as_ref().map(|unknown| self.within(unknown.ask.name(), unknown.within)),
            )
            .words(Text::compared_hospital, hospital(d.hospital));
        Spoken { part: Part::Head, key: String::new(), title: d.title.clone(), says: says.0 }
    }

    fn start(&self) -> Spoken {
        let start = &self.definition.start;
        let on = start.on.map(|on| match on {
            StartOn::Admission => Words::of(Text::compared_admission),
        });
        let says = Says::default()
            .some(Text::compared_needs, self.condition(start.when.as_ref()))
            .list(Text::compared_by, professions(&start.by))
            .some(Text::compared_by_itself, on);
        Spoken { part: Part::Start, key: String::new(), title: Words::of(Text::part_start), says: says.0 }
    }

    fn phase(&self, phase: &Phase) -> Spoken {
        let latest = phase.latest.as_ref();
        let says = Says::default()
            .words(Text::compared_title, phase.title.clone())
            .some(Text::compared_text, phase.text.clone())
            .some(Text::compared_latest, latest.map(|latest| self.at(&latest.at)))
            .some(Text::compared_if_late, latest.map(|latest| self.variance(&latest.variance)))
            .flag(Text::compared_end, phase.end)
            .flag(Text::compared_people_only, phase.people_only)
            .some(Text::compared_hospital, phase.hospital.map(hospital));
        Spoken { part: Part::Phase, key: phase.id.clone(), title: phase.title.clone(), says: says.0 }
    }

    fn exit(&self, phase: &Phase, exit: &Exit) -> Spoken {
        let to = self.phase_title(&exit.to);
        let says = Says::default()
            .some(Text::compared_title, exit.title.clone())
            .some(Text::compared_propose, self.condition(exit.propose.as_ref()))
            .some(Text::compared_priority, exit.priority.map(|number| plain(&number.to_string())))
            .some(Text::compared_taken, self.condition(exit.when.as_ref()))
            .list(Text::compared_choose, professions(&exit.choose))
            .some(Text::compared_confirm, exit.confirm.as_ref().map(confirm))
            .some(Text::compared_within, exit.within.map(length))
            .list(Text::compared_escalate, escalations(&exit.escalate))
            .some(Text::compared_variance, exit.variance.as_deref().map(|code| self.variance(code)));
        let title = Words::of(|t| t.compared_way(phase.title.say(t.0), to.say(t.0)));
        Spoken { part: Part::Exit, key: format!("{} {}", phase.id, exit.to), title, says: says.0 }
    }

    fn unit(&self, unit: &Unit) -> Spoken {
        let outcome = unit.outcome.as_ref();
        let says = Says::default()
            .words(Text::compared_title, unit.title.clone())
            .list(Text::compared_in, unit.phases.iter().map(|id| self.phase_title(id)).collect())
            .some(Text::compared_outcome, outcome.map(|outcome| outcome.text.clone()))
            .some(Text::compared_met, outcome.and_then(|outcome| self.condition(Some(&outcome.met))))
            .some(Text::compared_judged, outcome.map(|outcome| length(outcome.judge_every)))
            .some(
                Text::compared_if_not,
                outcome.and_then(|outcome| outcome.variance.as_deref()).map(|code| self.variance(code)),
            );
        Spoken { part: Part::Unit, key: unit.id.clone(), title: unit.title.clone(), says: says.0 }
    }

    fn task(&self, unit: &Unit, task: &Task) -> Spoken {
        let says = Says::default()
            .words(Text::compared_title, task.title.clone())
            .words(Text::part_unit, unit.title.clone())
            .some(Text::compared_text, task.text.clone())
            .words(Text::compared_role, task.role.name())
            .list(Text::compared_substitute, professions(&task.substitute))
            .some(Text::compared_form, task.form.as_deref().map(plain))
            .list(Text::compared_closed_by, codes(&task.closed_by))
            .list(Text::compared_brings, task.brings.iter().map(|name| self.fact_title(name)).collect())
            .list(Text::compared_by_hand, professions(&task.by_hand))
            .some(Text::compared_clock, task.clock.as_deref().map(|anchor| self.anchor(anchor)))
            .flag(Text::compared_urgent, task.urgent)
            .some(Text::part_leaflet, task.leaflet.as_deref().map(|id| self.leaflet_title(id)))
            .list(Text::compared_escalate, escalations(&task.escalate))
            .some(Text::compared_skip, task.skip.as_ref().map(|skip| joined(&professions(&skip.by))))
            .code(Text::compared_sign_off, &task.sign_off.to_string())
            .some(Text::compared_merge, task.merge.as_deref().map(plain))
            .some(Text::compared_if_late, task.variance.as_deref().map(|code| self.variance(code)))
            .list(Text::part_evidence, codes(&task.evidence));
        let says = match &task.schedule {
            Some(schedule) => self.schedule(schedule, says),
            None => says.words(Text::compared_due, Words::of(Text::compared_by_need)),
        };
        Spoken { part: Part::Task, key: task.id.clone(), title: task.title.clone(), says: says.0 }
    }

    fn schedule(&self, schedule: &Schedule, says: Says) -> Says {
        let from = match &schedule.from {
            From::Plain(at) => self.at(at),
            From::Choice(choices) => {
                let one = |choice: &crate::pathway::definition::FromWhen| {
                    let (when, at) = (self.condition(Some(&choice.when)), self.at(&choice.at));
                    let when = when.unwrap_or_else(|| plain(&choice.when.source));
                    Words::of(|t| t.compared_from_when(at.say(t.0), when.say(t.0)))
                };
                joined(&choices.iter().map(one).collect::<Vec<_>>())
            }
        };
        let every = schedule.every.as_ref().map(|every| match every {
            Every::Plain(every) => length(*every),
            Every::Phases(phases) => {
                let one = |(id, every): (&String, &Length)| {
                    let (phase, every) = (self.phase_title(id), length(*every));
                    Words::of(|t| t.compared_in_phase(phase.say(t.0), every.say(t.0)))
                };
                joined(&phases.iter().map(one).collect::<Vec<_>>())
            }
        });
        says.words(Text::compared_due, from)
            .some(Text::compared_when, self.condition(schedule.when.as_ref()))
            .some(Text::compared_every, every)
            .list(Text::compared_weekdays, schedule.weekdays.iter().map(|day| weekday(*day)).collect())
            .list(Text::compared_slots, schedule.slots.iter().map(|one| slot(*one)).collect())
            .some(Text::compared_early, (schedule.early != Length::ZERO).then(|| length(schedule.early)))
            .some(Text::compared_late, schedule.late.map(length))
            .flag(Text::compared_once, schedule.once)
            .flag(Text::compared_stays, schedule.until == Until::Done)
    }

    fn rule(&self, unit: &Unit, rule: &Rule) -> Spoken {
        let title = rule.title.clone().unwrap_or_else(|| plain(&rule.id));
        let says = Says::default()
            .some(Text::compared_title, rule.title.clone())
            .words(Text::part_unit, unit.title.clone())
            .some(Text::compared_fires, self.condition(Some(&rule.when)))
            .flag(Text::compared_each, rule.each)
            .list(Text::compared_does, rule.actions.iter().map(|action| self.action(action)).collect());
        Spoken { part: Part::Rule, key: format!("{} {}", unit.id, rule.id), title, says: says.0 }
    }

    fn action(&self, action: &Action) -> Words {
        let does = match (&action.task, action.ask, &action.draft, &action.variance) {
            (Some(code), ..) => {
                let title = self.task_title(code);
                Words::of(|t| t.compared_opens(title.say(t.0)))
            }
            (_, Some(role), ..) => Words::of(|t| t.compared_asks(role.name().say(t.0))),
            (_, _, Some(form), _) => Words::of(|t| t.compared_drafts(form)),
            (_, _, _, Some(code)) => {
                let title = self.variance(code);
                Words::of(|t| t.compared_notes(title.say(t.0)))
            }
            _ => Words::new("", ""),
        };
        let about = action.about.as_deref().map(|code| self.task_title(code));
        let details: Vec<Words> = action.text.clone().into_iter().chain(about).collect();
        let does = if details.is_empty() {
            does
        } else {
            let details = joined(&details);
            Words::of(|t| t.compared_detail(does.say(t.0), details.say(t.0)))
        };
        self.within(does, action.within)
    }

    fn facts(&self) -> impl Iterator<Item = Spoken> {
        let facts = self.definition.facts.iter().map(|(name, usage)| {
            let since = usage.since.map(|since| match since {
                Since::Start => Words::of(Text::fact_started),
                Since::Phase => Words::of(Text::fact_entered),
            });
            let says = Says::default()
                .code(Text::compared_concept, &usage.concept)
                .some(Text::compared_fresh, usage.fresh_for.map(length))
                .some(Text::compared_since, since);
            Spoken { part: Part::Fact, key: name.clone(), title: self.fact_title(name), says: says.0 }
        });
        let anchors = self.definition.anchors.iter().map(|(name, of)| {
            let says = Says::default()
                .list(Text::compared_first_of, of.iter().map(|fact| self.fact_title(fact)).collect());
            Spoken { part: Part::Anchor, key: name.clone(), title: self.anchor(name), says: says.0 }
        });
        facts.chain(anchors)
    }

    fn rest(&self) -> Vec<Spoken> {
        let d = self.definition;
        let conflicts = d.conflicts.iter().map(|conflict| {
            let says = Says::default()
                .list(Text::compared_in, codes(&conflict.phases))
                .list(
                    Text::compared_silences,
                    conflict.suspend.iter().map(|code| self.task_title(code)).collect(),
                )
                .some(Text::compared_text, conflict.text.clone());
            let (key, title) = (conflict.with.clone(), plain(&conflict.with));
            Spoken { part: Part::Conflict, key, title, says: says.0 }
        });
        let variances = d.variances.iter().map(|(code, kind)| {
            let says = Says::default()
                .words(Text::compared_text, kind.text.clone())
                .words(Text::compared_cause, cause(kind.cause))
                .flag(Text::compared_positive, kind.positive);
            Spoken { part: Part::Variance, key: code.clone(), title: kind.text.clone(), says: says.0 }
        });
        let leaflets = d.leaflets.iter().map(leaflet);
        let evidence = d.evidence.iter().map(|source| {
            let says = Says::default()
                .code(Text::compared_cite, &source.cite)
                .some(Text::compared_url, source.url.as_deref().map(plain));
            let (key, title) = (source.id.clone(), plain(&source.cite));
            Spoken { part: Part::Evidence, key, title, says: says.0 }
        });
        numbered(conflicts.collect()).into_iter().chain(variances).chain(leaflets).chain(evidence).collect()
    }

    fn condition(&self, condition: Option<&Condition>) -> Option<Words> {
        condition.map(|condition| self.speech.condition(&condition.source))
    }

    fn within(&self, says: Words, within: Option<Length>) -> Words {
        match within.map(length) {
            Some(within) => Words::of(|t| t.compared_in_time(says.say(t.0), within.say(t.0))),
            None => says,
        }
    }

    /// A moment: an anchor, and how long after or before it; to the minute where the file says so.
    fn at(&self, at: &At) -> Words {
        let (anchor, offset) = (self.anchor(&at.anchor), length(at.by));
        Words::of(|t| {
            let (anchor, offset) = (anchor.say(t.0), offset.say(t.0));
            match at.exact {
                true => t.compared_exactly(anchor, offset),
                false if at.by == Length::ZERO => anchor.to_owned(),
                false => t.compared_at(anchor, offset),
            }
        })
    }

    fn anchor(&self, name: &str) -> Words {
        match name {
            START => return Words::of(Text::fact_started),
            PHASE => return Words::of(Text::fact_entered),
            _ => {}
        }
        let first = self.definition.anchors.get(name).and_then(|facts| facts.first());
        first.map_or_else(|| plain(name), |fact| self.fact_title(fact))
    }

    fn fact_title(&self, name: &str) -> Words {
        let usage = self.definition.facts.get(name);
        let concept = usage.and_then(|usage| self.concepts.get(&usage.concept));
        concept.map_or_else(|| plain(name), |concept| concept.title.clone())
    }

    fn phase_title(&self, id: &str) -> Words {
        self.definition.phase(id).map_or_else(|| plain(id), |phase| phase.title.clone())
    }

    fn task_title(&self, id: &str) -> Words {
        self.definition.task(id).map_or_else(|| plain(id), |(_, task)| task.title.clone())
    }

    fn leaflet_title(&self, id: &str) -> Words {
        self.definition.leaflet(id).map_or_else(|| plain(id), |leaflet| leaflet.title.clone())
    }

    fn variance(&self, code: &str) -> Words {
        self.definition.variances.get(code).map_or_else(|| plain(code), |kind| kind.text.clone())
    }
}

fn confirm(confirm: &Confirm) -> Words {
    let (by, must) = (joined(&professions(&confirm.by)), joined(&professions(&confirm.must)));
    Words::of(|t| {
        let says = t.compared_agree(by.say(t.0), confirm.people, confirm.professions);
        if confirm.must.is_empty() { says } else { t.compared_among(&says, must.say(t.0)) }
    })
}

texts! {
    compared_yes { ja: "はい", en: "yes" }
    compared_joint { ja: "、", en: ", " }
    compared_before(length: &str) { ja: "{length}前", en: "{length} before" }
    compared_main { ja: "主治医", en: "the main doctor" }
    compared_deputy { ja: "副主治医", en: "the deputy doctor" }
    compared_remind(after: &str, to: &str) { ja: "期限から{after}で{to}に知らせる", en: "remind {to} {after} from the due time" }
    compared_ask(after: &str, to: &str) { ja: "期限から{after}で{to}に聞く", en: "ask {to} {after} from the due time" }
    compared_by_patient { ja: "本人", en: "patient" }
    compared_by_family { ja: "家族", en: "family" }
    compared_by_staff { ja: "職員", en: "staff" }
    compared_by_organisation { ja: "事業所", en: "organisation" }
    compared_by_region { ja: "地域", en: "region" }
    compared_title { ja: "名前", en: "Title" }
    compared_name { ja: "パスの ID", en: "Id" }
    compared_version { ja: "版", en: "Version" }
    compared_summary { ja: "説明", en: "Summary" }
    compared_licence { ja: "利用条件", en: "Licence" }
    compared_reviewed { ja: "内容を確認した日", en: "Reviewed on" }
    compared_review { ja: "これから確認する人", en: "Still to be reviewed" }
    compared_derived { ja: "もとのパス", en: "Derived from" }
    compared_roles { ja: "関わる職種", en: "Professions" }
    compared_order { ja: "段階の順", en: "Order of phases" }
    compared_unknown { ja: "足りない記録を聞く相手", en: "Who is asked for what is missing" }
    compared_hospital { ja: "入院中", en: "During a hospital stay" }
    compared_rests { ja: "休む", en: "rests" }
    compared_goes_on { ja: "続ける", en: "goes on" }
    compared_admission { ja: "入院の記録で始まる", en: "begins with an admission" }
    compared_needs { ja: "始める条件", en: "Condition to begin" }
    compared_by { ja: "始められる職種", en: "Started by" }
    compared_by_itself { ja: "自動で", en: "By itself" }
    compared_text { ja: "本文", en: "Text" }
    compared_latest { ja: "いつまでに終える", en: "To be over by" }
    compared_if_late { ja: "間に合わないときの差異", en: "Variance if it is late" }
    compared_end { ja: "ここで終わる", en: "The run ends here" }
    compared_people_only { ja: "人だけが進められる", en: "Only people lead into it" }
    compared_propose { ja: "提案する条件", en: "Proposed when" }
    compared_priority { ja: "提案の順番", en: "Which proposal comes first" }
    compared_taken { ja: "自動で移る条件", en: "Taken when" }
    compared_choose { ja: "条件なしに言い出せる職種", en: "May be raised by" }
    compared_confirm { ja: "同意する人", en: "Who agrees" }
    compared_within { ja: "決めるまでの時間", en: "To be decided within" }
    compared_escalate { ja: "遅れたときの知らせ", en: "Escalation" }
    compared_variance { ja: "移ったときの差異", en: "Variance that it is" }
    compared_way(from: &str, to: &str) { ja: "{from} → {to}", en: "{from} → {to}" }
    compared_in { ja: "行う段階", en: "In the phases" }
    compared_outcome { ja: "目標", en: "Goal" }
    compared_met { ja: "達した条件", en: "Met when" }
    compared_judged { ja: "判定の間隔", en: "Judged every" }
    compared_if_not { ja: "達しないときの差異", en: "Variance if it is not met" }
    compared_role { ja: "担当", en: "Whose" }
    compared_substitute { ja: "代わりに行える職種", en: "Or by" }
    compared_form { ja: "書類", en: "Form" }
    compared_closed_by { ja: "終わりとする書類の状態", en: "Closed by the form's states" }
    compared_brings { ja: "もたらす記録", en: "Facts it brings" }
    compared_by_hand { ja: "人が開ける職種", en: "May be opened by" }
    compared_urgent { ja: "緊急", en: "Cannot wait" }
    compared_clock { ja: "経過時間の数え始め", en: "Its clock counts from" }
    compared_skip { ja: "省ける職種", en: "May be skipped by" }
    compared_sign_off { ja: "確認する人数", en: "People who sign it off" }
    compared_merge { ja: "まとめる名", en: "Merged under" }
    compared_due { ja: "最初の期限", en: "First due" }
    compared_by_need { ja: "必要なとき", en: "when needed" }
    compared_when { ja: "行う条件", en: "Comes up when" }
    compared_every { ja: "間隔", en: "Every" }
    compared_weekdays { ja: "曜日", en: "On weekdays" }
    compared_slots { ja: "時間帯", en: "At times" }
    compared_early { ja: "前もって行える", en: "May be done early by" }
    compared_late { ja: "遅れても行える", en: "Can be done late by" }
    compared_once { ja: "一度だけ", en: "Once in a run" }
    compared_stays { ja: "終わるまで残る", en: "Stays until it is done" }
    compared_from_when(at: &str, when: &str) { ja: "{at}（{when}）", en: "{at} ({when})" }
    compared_in_phase(phase: &str, every: &str) { ja: "{phase}：{every}", en: "{phase}: {every}" }
    compared_fires { ja: "働く条件", en: "Fires when" }
    compared_each { ja: "新しい値ごとに働く", en: "Fires for each new value" }
    compared_does { ja: "すること", en: "Does" }
    compared_opens(title: &str) { ja: "仕事「{title}」を開く", en: "opens the task “{title}”" }
    compared_asks(role: &str) { ja: "{role}に聞く", en: "asks the {role}" }
    compared_drafts(form: &str) { ja: "書類 {form} の下書き", en: "a draft of {form}" }
    compared_notes(title: &str) { ja: "差異「{title}」", en: "notes “{title}”" }
    compared_detail(does: &str, details: &str) { ja: "{does}：{details}", en: "{does}: {details}" }
    compared_in_time(says: &str, within: &str) { ja: "{says}（{within}以内）", en: "{says} (within {within})" }
    compared_concept { ja: "登録簿の項目", en: "Concept" }
    compared_fresh { ja: "有効な期間", en: "Counts for" }
    compared_since { ja: "これより後の値だけ", en: "Only values since" }
    compared_first_of { ja: "最初に分かったもの", en: "The first that is known of" }
    compared_silences { ja: "休む仕事", en: "Tasks that rest" }
    compared_cause { ja: "主な原因", en: "Usual cause" }
    compared_positive { ja: "よい方への差異", en: "For the better" }
    compared_cite { ja: "文献", en: "Cite" }
    compared_url { ja: "場所", en: "Address" }
    compared_at(anchor: &str, offset: &str) { ja: "{anchor}から{offset}", en: "{offset} from {anchor}" }
    compared_exactly(anchor: &str, offset: &str) { ja: "{anchor}からちょうど{offset}", en: "exactly {offset} from {anchor}" }
    compared_agree(by: &str, people: usize, professions: usize) {
        ja: "{by}のうち{people}人（{professions}職種以上）",
        en: "{people} of: {by} (at least {professions} profession(s))"
    }
    compared_among(says: &str, must: &str) { ja: "{says}、{must}を含む", en: "{says}, among them {must}" }
}
