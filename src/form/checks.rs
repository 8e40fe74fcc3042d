//! What a form file is checked for, beyond its shape and its conditions.

crate::checks! {
    NO_TYPE "no-type" Error {
        why: { ja: "何を答える項目か、画面にも用紙にも出せません。", en: "Neither a page nor a sheet can ask what does not say what it is." },
        mend: { ja: "type・oneOf・$ref のどれかを書いてください。", en: "Write type, oneOf or $ref." }
    }
    COLUMN_ORDER "column-order" Error {
        why: { ja: "並んでいない列は用紙のどこにも印刷されません。", en: "A column that is not listed prints nowhere." },
        mend: { ja: "items の properties と columns を同じ列にそろえてください。", en: "Let columns list exactly the properties of items." }
    }
    UNKNOWN_REF "unknown-ref" Error {
        why: { ja: "選択肢が空のままになります。", en: "The choices would stay empty." },
        mend: { ja: "$defs に加えるか、つづりを直してください。", en: "Add it under $defs, or correct the spelling." }
    }
    CHOICE_MIXED "choice-mixed" Error {
        why: { ja: "文字と数が混ざると、比べることも足すこともできません。", en: "Text mixed with numbers can be neither compared nor added." },
        mend: { ja: "const を、すべて文字かすべて数にしてください。", en: "Make all const text, or all of them numbers." }
    }
    CHOICE_UNKNOWN "choice-unknown" Error {
        why: { ja: "「不明」は空欄とも選択肢とも違う、特別な答えです。", en: "Not known is an answer of its own, apart from every choice and from a blank." },
        mend: { ja: "この選択肢の代わりに、項目に \"unknown\": true を書いてください。", en: "Write \"unknown\": true in the field instead of this choice." }
    }
    CHOICE_TWICE "choice-twice" Error {
        why: { ja: "記録された答えがどちらの選択肢か、あとから分かりません。", en: "Later nobody could tell which of the two was meant." },
        mend: { ja: "どちらか一方のコードを変えてください。", en: "Change the code of one of them." }
    }
    GRID "grid" Error {
        why: { ja: "升目に入らない答えが出てしまいます。", en: "Answers would fall outside the table." },
        mend: { ja: "grid の行と列を、選択肢とそろえてください。", en: "Let the rows and columns of grid fit the choices." }
    }
    WIDGET "widget" Error {
        why: { ja: "この入力欄では、この種類の答えを書けません。", en: "This control cannot take an answer of this kind." },
        mend: { ja: "widget を取るか、種類に合うものにしてください。", en: "Remove widget, or choose one that fits the type." }
    }
    UNKNOWN_RECORD_PATH "unknown-record-path" Error {
        why: { ja: "ない場所からは何も写せず、毎回手で書くことになります。", en: "Nothing can be filled in from a place that does not exist; people would copy by hand." },
        mend: { ja: "記録の場所（/patient/… など）のつづりを確かめてください。", en: "Check the spelling of the record's path (/patient/… and others)." }
    }
    PREFILL_MISMATCH "prefill-mismatch" Error {
        why: { ja: "種類の違う値を写すと、項目が壊れます。", en: "A value of another kind would spoil the field." },
        mend: { ja: "項目の type か、写す元を変えてください。", en: "Change the field's type, or where it is filled from." }
    }
    UNKNOWN_CONCEPT "unknown-concept" Error {
        why: { ja: "登録簿にない名前では、ほかの様式やパスと事実を分け合えません。", en: "What the registry does not know cannot be shared with pathways and other forms." },
        mend: { ja: "schemas/concepts.json の名前を使ってください。", en: "Use a name of schemas/concepts.json." }
    }
    CONCEPT_MISMATCH "concept-mismatch" Error {
        why: { ja: "答えが別の種類の事実として記録されてしまいます。", en: "The answer would be recorded as a fact of another kind." },
        mend: { ja: "種類・単位・選択肢の合う項目名を選んでください。", en: "Choose a concept of the same kind, unit and choices." }
    }
    CONCEPT_VALUES "concept-values" Warning {
        why: { ja: "合わない選択肢の答えは写せません。", en: "Answers with a code that does not fit cannot be passed on." },
        mend: { ja: "選択肢のコードを登録簿とそろえてください。", en: "Let the codes be those of the registry." }
    }
    SECTION_TWICE "section-twice" Error {
        why: { ja: "用紙の区分が見分けられません。", en: "The parts of the sheet cannot be told apart." },
        mend: { ja: "どちらかの code を変えてください。", en: "Change one of the codes." }
    }
    UNKNOWN_FIELD "unknown-field" Error {
        why: { ja: "ない項目は画面にも用紙にも出ません。", en: "A field that does not exist shows nowhere." },
        mend: { ja: "つづりを確かめるか、properties に加えてください。", en: "Check the spelling, or add it to properties." }
    }
    FIELD_TWICE "field-twice" Error {
        why: { ja: "同じ答えを二度書くことになり、食い違います。", en: "People would answer twice, and differently." },
        mend: { ja: "どちらか一つの区分にだけ並べてください。", en: "List it in one section only." }
    }
    FIELD_NOWHERE "field-nowhere" Error {
        why: { ja: "どこにも出ない項目には、だれも答えられません。", en: "Nobody can answer what is shown nowhere." },
        mend: { ja: "どれかの区分の fields に加えるか、項目を取ってください。", en: "Add it to the fields of a section, or remove it." }
    }
    SUM "sum" Error {
        why: { ja: "点数のないものを足すと、合計が間違います。", en: "A sum over what has no points is wrong." },
        mend: { ja: "数か、points のある選択肢だけを並べてください。", en: "List numbers, and choices with points, only." }
    }
    MASK "mask" Error {
        why: { ja: "FAXで伏せるはずのものが、伏せられません。", en: "What should be hidden on a FAX would not be." },
        mend: { ja: "initials には mask_from を書き、ほかでは取ってください。", en: "Write mask_from with initials, and nowhere else." }
    }
    EFFECTIVE "effective" Error {
        why: { ja: "答えがいつのことか分からなくなります。", en: "Nobody could tell of which day the answers speak." },
        mend: { ja: "日付の項目の名前を書いてください。", en: "Name a date field of this form." }
    }
    UNKNOWN_PROFESSION "unknown-profession" Error {
        why: { ja: "いない職種には、だれも当てはまりません。", en: "Nobody belongs to a profession that does not exist." },
        mend: { ja: "doctor や visiting_nurse などのコードを書いてください。", en: "Write a code such as doctor or visiting_nurse." }
    }
    STATE_TWICE "state-twice" Error {
        why: { ja: "書類がどの状態にあるか、分からなくなります。", en: "Nobody could tell where the form stands." },
        mend: { ja: "どちらかの code を変えてください（back は使えません）。", en: "Change one of the codes (back has a meaning of its own)." }
    }
    DEADLINE_AFTER "deadline-after" Error {
        why: { ja: "数え始めの日がないと、期限が決まりません。", en: "Without a day to count from there is no deadline." },
        mend: { ja: "asks の日付の項目を書いてください。", en: "Name a date field of asks." }
    }
    UNKNOWN_STATE "unknown-state" Error {
        why: { ja: "ない状態へは、だれも進められません。", en: "Nobody can move a form to a state that does not exist." },
        mend: { ja: "つづりを確かめるか、states に加えてください。", en: "Check the spelling, or add it to states." }
    }
    UNKNOWN_ASK "unknown-ask" Error {
        why: { ja: "進めるときに聞くはずのことを、聞けません。", en: "What a move should ask cannot be asked." },
        mend: { ja: "つづりを確かめるか、asks に加えてください。", en: "Check the spelling, or add it to asks." }
    }
    START "start" Error {
        why: { ja: "新しい書類を書き始められません。", en: "A new form could not be begun." },
        mend: { ja: "start に、editable な状態を書いてください。", en: "Let start name a state that is editable." }
    }
    UNREACHABLE_STATE "unreachable-state" Error {
        why: { ja: "決して使われない状態は、読む人を迷わせます。", en: "A state that is never reached misleads whoever reads the file." },
        mend: { ja: "この状態への動きを加えるか、状態を取ってください。", en: "Add a move that leads here, or remove the state." }
    }
    NO_WAY_OUT "no-way-out" Error {
        why: { ja: "書類がいつまでも待ち続けます。", en: "The form would wait for ever." },
        mend: { ja: "終わりの状態へ進む動きを加えてください。", en: "Add moves that lead to an end." }
    }
    GOES_ON "goes-on" Error {
        why: { ja: "終わった書類が、あとから動いてしまいます。", en: "A form that is over would move again." },
        mend: { ja: "この動きを取るか、状態から finished を取ってください。", en: "Remove the move, or finished from the state." }
    }
    MOVE_TWICE "move-twice" Error {
        why: { ja: "ボタンを押したとき、どちらの動きか決まりません。", en: "One button would stand for two moves." },
        mend: { ja: "どちらかの code を変えてください。", en: "Change one of the codes." }
    }
    BACK "back" Error {
        why: { ja: "保留していない書類には、戻る先がありません。", en: "A form that was not paused has nowhere to go back to." },
        mend: { ja: "from を保留（paused）の状態だけにしてください。", en: "Let it start from paused states only." }
    }
}
