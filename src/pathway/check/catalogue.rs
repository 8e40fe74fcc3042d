//! What a pathway file is checked for: one row for each check, why it matters and how to mend it. What
//! exactly is wrong is said by the check itself, in the files beside this one.

crate::checks! {
    UNKNOWN_LANGUAGE "unknown-language" Error {
        why: { ja: "画面は日本語と英語で出ます。一方がないと、読めない人が出ます。", en: "Pages speak Japanese and English; without one of them somebody cannot read." },
        mend: { ja: "\"ja\" と \"en\" の二つだけを書いてください。", en: "Write \"ja\" and \"en\", and no others." }
    }
    ID_TWICE "id-twice" Error {
        why: { ja: "記録も物語も id で呼ぶので、二つの記録が混ざります。", en: "Records and stories go by the id: two of them would mix." },
        mend: { ja: "どちらかを別の名前にしてください。", en: "Give one of them another name." }
    }
    RESERVED_NAME "reserved-name" Error {
        why: { ja: "条件の中で、この名前はすでに別の意味を持っています。", en: "In conditions this name means something else already." },
        mend: { ja: "別の名前にしてください。", en: "Choose another name." }
    }
    LENGTH "length" Error {
        why: { ja: "長さが 0 以下では、いつまでも始まらないか、始まる前に終わります。", en: "With no length, or a negative one, it never begins or is over before it does." },
        mend: { ja: "P7D のような、0 より長い長さを書いてください。", en: "Write a length above nothing, such as P7D." }
    }
    ANCHOR_KIND "anchor-kind" Error {
        why: { ja: "日付でないものからは、日数を数えられません。", en: "Days can be counted only from a date or a moment." },
        mend: { ja: "日付か日時の事実を書いてください。", en: "Name a fact that is a date or a moment." }
    }
    UNKNOWN_CONCEPT "unknown-concept" Error {
        why: { ja: "登録簿にないものは、どの様式も記録できません。", en: "No form can record what the registry does not know." },
        mend: { ja: "schemas/concepts.json の名前を使ってください。", en: "Use a name of schemas/concepts.json." }
    }
    UNKNOWN_PHASE "unknown-phase" Error {
        why: { ja: "ない段階には、だれも進めません。", en: "Nobody can get to a phase that does not exist." },
        mend: { ja: "つづりを確かめるか、phases に加えてください。", en: "Check the spelling, or add the phase." }
    }
    UNKNOWN_VARIANCE "unknown-variance" Error {
        why: { ja: "宣言のない逸脱は、数えることも振り返ることもできません。", en: "A departure that is not declared can be neither counted nor reviewed." },
        mend: { ja: "つづりを確かめるか、variances に加えてください。", en: "Check the spelling, or add it under variances." }
    }
    UNKNOWN_ANCHOR "unknown-anchor" Error {
        why: { ja: "数え始めがないと、期日が決まりません。", en: "Without a moment to count from there is no due day." },
        mend: { ja: "start か phase か、anchors に書いた名前を使ってください。", en: "Use start, phase, or a name under anchors." }
    }
    UNKNOWN_ROLE "unknown-role" Error {
        why: { ja: "roles にない職種は、このパスに誘われず、頼まれたことに気づきません。", en: "A profession that is not among the roles is not invited, and never hears what it is asked." },
        mend: { ja: "かかわる職種なら roles に加え、そうでなければ別の職種にしてください。", en: "Add it to roles if it takes part; otherwise name another one." }
    }
    UNKNOWN_EVIDENCE "unknown-evidence" Error {
        why: { ja: "出典をたどれない手順は、あとで見直せません。", en: "A step whose source cannot be found cannot be reviewed." },
        mend: { ja: "evidence に文献を加えるか、id を直してください。", en: "Add the source under evidence, or correct its id." }
    }
    UNKNOWN_LEAFLET "unknown-leaflet" Error {
        why: { ja: "ない文は、家族に渡せません。", en: "A text that does not exist cannot be handed to anybody." },
        mend: { ja: "つづりを確かめるか、leaflets に加えてください。", en: "Check the spelling, or add it under leaflets." }
    }
    LEAFLET_IDLE "leaflet-idle" Warning {
        why: { ja: "渡す人の決まっていない文は、家族に届きません。", en: "A text that no task hands over never reaches the family." },
        mend: { ja: "渡すタスクの leaflet に書くか、文を取ってください。", en: "Name it as the leaflet of a task, or remove it." }
    }
    UNKNOWN_FORM "unknown-form" Error {
        why: { ja: "ない様式は開けず、タスクはいつまでも終わりません。", en: "A form that does not exist cannot be opened, and its task is never done." },
        mend: { ja: "つづりを確かめるか、先に様式を公開してください。", en: "Check the spelling, or publish the form first." }
    }
    UNKNOWN_FORM_STATE "unknown-form-state" Error {
        why: { ja: "様式がこの状態になることはないので、タスクが終わりません。", en: "The form never comes to this state, so its task is never done." },
        mend: { ja: "様式の workflow にある状態の名前を書いてください。", en: "Name a state of the form's workflow." }
    }
    FORM_SILENT "form-silent" Error {
        why: { ja: "様式を書いても事実が記録されず、条件は「不明」のままです。", en: "Filling the form leaves the fact unknown, and whatever hangs on it waits." },
        mend: {
            ja: "様式の項目に writes を書くか、brings から取るか、別の様式にしてください。",
            en: "Let a field of the form write it (writes), remove it from brings, or name another form."
        }
    }
    UNKNOWN_PATHWAY "unknown-pathway" Warning {
        why: { ja: "相手がなければ、休むはずのタスクは休みません。", en: "Without the other pathway nothing is ever suspended." },
        mend: { ja: "つづりを確かめるか、相手のファイルもいっしょに調べてください。", en: "Check the spelling, or check the other file along with this one." }
    }
    FACT_IDLE "fact-idle" Warning {
        why: { ja: "使われない事実は、何かが抜けているしるしです。", en: "A fact that nothing looks at often means that something was left out." },
        mend: { ja: "使うはずの条件を書くか、facts から取ってください。", en: "Write the condition that was meant, or remove the fact." }
    }
    FACT_UNFED "fact-unfed" Warning {
        why: { ja: "だれも記録しない事実は「不明」のままで、条件は決して成り立ちません。", en: "What nobody records stays unknown, and what hangs on it never happens." },
        mend: {
            ja: "記録するタスクの brings に書いてください。様式の項目に writes があるかも見てください。",
            en: "Name it in the brings of the task that records it, and see that a form writes it."
        }
    }
    NEVER "never" Error {
        why: { ja: "決して成り立たない条件の先にあるケアは、だれにも届きません。", en: "The care behind a condition that cannot hold reaches nobody." },
        mend: { ja: "値の範囲、&& と ||、! を見直してください。", en: "Look again at the limits, at && and ||, and at !." }
    }
    ALWAYS "always" Error {
        why: { ja: "いつも成り立つ条件は何も分けず、読む人に思い違いをさせます。", en: "A condition that always holds tells nothing apart, and misleads its reader." },
        mend: { ja: "条件を直すか、取ってください。", en: "Correct the condition, or remove it." }
    }
    NOT_PROVEN "not-proven" NotProven {
        why: { ja: "推測はしません。ここは人が読んで確かめる必要があります。", en: "Nothing is guessed here: a person has to read and judge it." },
        mend: { ja: "条件を短くするか分けると、確かめられるようになります。", en: "Shorter conditions, or two instead of one, can be proven." }
    }
    END_LEFT "end-left" Error {
        why: { ja: "終わったパスは動かないので、この道は使われません。", en: "A pathway that has ended does not move: this way is never taken." },
        mend: { ja: "leave を取るか、end を取ってください。", en: "Remove leave, or end." }
    }
    NO_WAY_OUT "no-way-out" Error {
        why: { ja: "この段階に入った患者さんは、いつまでもここに残ります。", en: "Whoever comes into this phase stays in it for ever." },
        mend: { ja: "leave を書くか、end にしてください。", en: "Write leave, or make it an end." }
    }
    EXIT_TWICE "exit-twice" Error {
        why: { ja: "どちらの道を通ったのか、記録からは分かりません。", en: "The record could not tell which of the two ways was taken." },
        mend: { ja: "一つの道にして、条件は || でつないでください。", en: "Make it one way, and join the conditions with ||." }
    }
    EXIT_MUTE "exit-mute" Error {
        why: { ja: "だれも言い出せず、何も提案されない道です。", en: "Nobody can raise this way, and nothing proposes it." },
        mend: { ja: "propose・when・choose のどれかを書いてください。", en: "Write propose, when, or choose." }
    }
    NOBODY_CONFIRMS "nobody-confirms" Error {
        why: { ja: "決めるのは人です。確認する人のない提案は、宙に浮きます。", en: "People decide. A proposal that nobody may confirm hangs in the air." },
        mend: { ja: "confirm に職種を書いてください。", en: "Name the professions under confirm." }
    }
    PEOPLE_ONLY "people-only" Error {
        why: { ja: "この段階に人の判断なしで入ることは、あってはなりません。", en: "Nobody may come into this phase without people having decided it." },
        mend: { ja: "when の代わりに propose と confirm を書いてください。", en: "Write propose and confirm instead of when." }
    }
    CANNOT_AGREE "cannot-agree" Error {
        why: { ja: "決して合意できない提案は、いつまでも開いたままです。", en: "A proposal that can never be agreed stays open for ever." },
        mend: { ja: "by・people・professions・must の数を合わせてください。", en: "Let by, people, professions and must fit each other." }
    }
    NO_DUE "no-due" Error {
        why: { ja: "期限がなければ、知らせる時刻も決まりません。", en: "Without a due time nobody knows when to tell." },
        mend: { ja: "within を書くか、escalate を取ってください。", en: "Write within, or remove escalate." }
    }
    UNREACHABLE "unreachable" Error {
        why: { ja: "入れない段階のケアは、だれにも行われません。", en: "The care of a phase that nobody reaches is given to nobody." },
        mend: { ja: "ほかの段階の leave から、ここへの道を書いてください。", en: "Let a way out of another phase lead here." }
    }
    ENDLESS "endless" Error {
        why: { ja: "終わりに着かないパスは、患者さんが亡くなっても動き続けます。", en: "A pathway without an end goes on even after the patient has died." },
        mend: { ja: "終わりの段階（end）への道を書いてください。", en: "Write a way that leads to an end." }
    }
    CIRCLE "circle" Error {
        why: { ja: "時間も人も待たずに回り続け、仕組みが止められます。", en: "It would turn without waiting for time or people, until it is stopped by force." },
        mend: {
            ja: "どれか一つを propose にするか、days_since(phase_entered) >= 1 のように時間を待たせてください。",
            en: "Make one of the ways a proposal, or let it wait: days_since(phase_entered) >= 1."
        }
    }
    CHAIN "chain" Error {
        why: { ja: "一瞬で通り過ぎる段階が続きすぎると、上限までに落ち着くと言えません。", en: "So many phases passed in one moment cannot be proven to settle within the bound." },
        mend: { ja: "段階をまとめるか、途中の道を propose にしてください。", en: "Join phases, or make one of the ways between them a proposal." }
    }
    TOGETHER "together" Error {
        why: { ja: "食い違う二つの提案が同時に届き、どちらを先に考えるか決まりません。", en: "Two proposals that contradict each other would arrive at once, and neither comes first." },
        mend: {
            ja: "先に考えるほうに priority を書いてください（1 が最も先）。条件を分けてもかまいません。",
            en: "Write priority on the one that comes first (1 before 2), or keep their conditions apart."
        }
    }
    NEVER_STARTS "never-starts" Error {
        why: { ja: "だれも始められないパスは、使われません。", en: "A pathway that nobody can start is never used." },
        mend: { ja: "by に職種を書くか、on を書いてください。", en: "Name professions under by, or write on." }
    }
    EMPTY_UNIT "empty-unit" Error {
        why: { ja: "することのない単位では、目標に近づく人がいません。", en: "With nothing to do in it, nobody works towards anything." },
        mend: { ja: "タスクか規則を加えるか、単位を取ってください。", en: "Add a task or a rule, or remove the unit." }
    }
    UNIT_NOWHERE "unit-nowhere" Error {
        why: { ja: "終わった段階では何も現れず、判定もされません。", en: "In a phase that ends the run nothing comes up and nothing is judged." },
        mend: { ja: "in に、終わりでない段階を書いてください。", en: "Name a phase under in that does not end the run." }
    }
    NEVER_JUDGED "never-judged" Error {
        why: { ja: "判定されない目標は、達成できたかどうか分かりません。", en: "Nobody learns whether an outcome that is never judged was reached." },
        mend: { ja: "段階の長さより短い間隔を judge_every に書いてください。", en: "Write an interval under judge_every that is shorter than the phase." }
    }
    NEVER_OPENED "never-opened" Error {
        why: { ja: "現れないタスクは、だれも行いません。", en: "Nobody does a task that never comes up." },
        mend: { ja: "schedule か by_hand を書くか、規則から開いてください。", en: "Write schedule or by_hand, or open it by a rule." }
    }
    TASK_ELSEWHERE "task-elsewhere" Error {
        why: { ja: "規則の働く段階に、このタスクの単位がありません。開いてもすぐに意味を失います。", en: "The task's unit does not belong to a phase in which the rule fires: it would be open out of place." },
        mend: { ja: "タスクの単位の in に段階を加えるか、規則を同じ単位へ移してください。", en: "Add the phase to the in of the task's unit, or move the rule to that unit." }
    }
    EVERY_ELSEWHERE "every-elsewhere" Error {
        why: { ja: "単位の属さない段階の間隔は、決して使われません。", en: "An interval for a phase that the unit does not belong to is never used." },
        mend: { ja: "in に段階を加えるか、この間隔を取ってください。", en: "Add the phase to in, or remove this interval." }
    }
    TWO_RHYTHMS "two-rhythms" Error {
        why: { ja: "二つの決め方が食い違うと、いつ行うのか決まりません。", en: "Two ways of saying when contradict each other." },
        mend: { ja: "every と weekdays のどちらか一つにしてください。", en: "Use every or weekdays, not both." }
    }
    TOO_OFTEN "too-often" Error {
        why: { ja: "人がこなせない数のタスクで、一覧が埋まります。", en: "Lists would fill with more than people can do." },
        mend: { ja: "間隔を長くしてください。", en: "Make the interval longer." }
    }
    SLOTS_ONCE "slots-once" Error {
        why: { ja: "一度だけのタスクは、一つの時間帯にしか現れません。", en: "What comes up once comes up in one slot." },
        mend: { ja: "時間帯を一つにするか、every を書いてください。", en: "Keep one slot, or write every." }
    }
    OVERLAP "overlap" Warning {
        why: { ja: "二回分が同時に開くと、どちらを行ったのか分かりません。", en: "With two times open at once nobody can tell which of them was done." },
        mend: { ja: "early と late の合計を、間隔より短くしてください。時間帯は重ねないでください。", en: "Keep early and late together below the interval, and slots apart." }
    }
    SCHEDULE_ENDLESS "schedule-endless" Error {
        why: { ja: "終わりのない繰り返しは、何年たっても人を呼び続けます。", en: "A repetition without an end calls people for years to come." },
        mend: { ja: "この段階から終わりへの道を書くか、繰り返しをやめてください。", en: "Write a way from this phase to an end, or let it come up once." }
    }
    ACTION "action" Error {
        why: { ja: "何が起きるのか、読む人にも仕組みにも一つに決まりません。", en: "Neither reader nor engine can tell what should happen." },
        mend: { ja: "一つの do に一つだけ書き、about は ask といっしょに使ってください。", en: "Write one thing in each do; about goes with ask." }
    }
    MERGE_CLASH "merge-clash" Error {
        why: { ja: "職種の違うタスクは一度に済ませられず、二重に頼むことになります。", en: "Tasks of different professions cannot be done together: people would be asked twice." },
        mend: { ja: "職種をそろえるか、別の鍵にしてください。", en: "Let both have one role, or use another key." }
    }
    MAY_BE_EMPTY "may-be-empty" Warning {
        why: { ja: "副主治医のいないチームでは、遅れをだれも知りません。", en: "In a team where nobody has this part, nobody hears that it is late." },
        mend: {
            ja: "main（主治医）か、このタスクを担う職種への知らせを加えてください。",
            en: "Add a step to main (the main doctor), or to the profession whose task it is."
        }
    }
    STORY "story" Error {
        why: { ja: "物語どおりに進まないパスは、公開の前に見直す必要があります。", en: "A pathway that does not go as its story says has to be looked at before it is published." },
        mend: { ja: "間違っているのが物語なら物語を、パスならパスを直してください。", en: "Correct the story if it is wrong, or the pathway if that is." }
    }
    UNCOVERED_PHASE "uncovered-phase" Warning {
        why: { ja: "物語の通らない段階は、まだだれも確かめていません。", en: "Nobody has yet seen this phase at work." },
        mend: { ja: "この段階に入る物語を cases に加えてください。", en: "Add a story under cases that enters it." }
    }
    UNCOVERED_EXIT "uncovered-exit" Warning {
        why: { ja: "物語の通らない道は、まだだれも確かめていません。", en: "Nobody has yet seen this way taken." },
        mend: { ja: "この道を通る物語を cases に加えてください。", en: "Add a story under cases that takes it." }
    }
    UNCOVERED_RULE "uncovered-rule" Warning {
        why: { ja: "物語の中で働かない規則は、まだだれも確かめていません。", en: "Nobody has yet seen this rule fire." },
        mend: { ja: "この規則が働く物語を cases に加えてください。", en: "Add a story under cases in which it fires." }
    }
    UNCOVERED_UNKNOWN "uncovered-unknown" Warning {
        why: { ja: "分からないときに何が起きるかは、分かるときと同じくらい大切です。", en: "What happens while something is unknown matters as much as what happens when it is known." },
        mend: {
            ja: "この条件の事実がまだない、または古い場面を、物語に加えてください。",
            en: "Add a turn to a story in which the facts of this condition are missing, or too old."
        }
    }
}
