//! What a condition is checked for when it is parsed and typed; pathways and forms tell the same.

crate::checks! {
    CONDITION "condition" Error {
        why: {
            ja: "読めない条件は決して判定されず、待っている人には何も起きません。",
            en: "A condition that cannot be read is never judged, and whoever waits for it waits in vain."
        },
        mend: {
            ja: "示した文字の所を直してください。書き方は pathways/README.ja.md の「条件」にあります。",
            en: "Correct the place that is shown; how conditions are written stands under \"Conditions\" in pathways/README.md."
        }
    }
    TOO_MUCH "condition-too-much" Error {
        why: {
            ja: "長すぎる条件は人が読んで確かめられず、判定の時間にも上限が必要です。",
            en: "Nobody can read and prove a condition of this size, and judging it must stay bounded."
        },
        mend: { ja: "二つの規則や出口に分けるか、同じ部分をまとめてください。", en: "Split it into two rules or exits, or join what repeats." }
    }
    UNKNOWN_FACT "unknown-fact" Error {
        why: {
            ja: "宣言のない事実はだれも記録しないので、条件はいつまでも「不明」のままです。",
            en: "Nobody records a fact that is not declared: what hangs on it stays unknown for ever."
        },
        mend: { ja: "つづりを確かめるか、facts（様式では項目）に加えてください。", en: "Check the spelling, or declare it (under facts; in a form as a field)." }
    }
    UNKNOWN_CODE "unknown-code" Error {
        why: {
            ja: "選べないコードとの比較は、決して合いません。",
            en: "Nobody can ever choose this code, so the comparison never fits."
        },
        mend: { ja: "選択肢のコードのどれかを書いてください。", en: "Write one of the codes that may be chosen." }
    }
    UNKNOWN_TASK "unknown-task" Error {
        why: {
            ja: "ないタスクは開くことも終わることもできません。",
            en: "A task that does not exist can neither be opened nor be done."
        },
        mend: { ja: "つづりを確かめるか、units のどれかにタスクを加えてください。", en: "Check the spelling, or add the task to one of the units." }
    }
    WRONG_TYPE "wrong-type" Error {
        why: {
            ja: "種類の違うものの比較には答えがありません。",
            en: "Things of different kinds cannot be compared: there would be no answer."
        },
        mend: {
            ja: "同じ種類どうしにしてください。日付は days_since(…) で日数になり、コードは '…' で囲みます。",
            en: "Compare like with like: days_since(…) makes a day a number, codes stand in quotes."
        }
    }
    UNIT_MISMATCH "unit-mismatch" Error {
        why: {
            ja: "単位を取り違えると、量が十倍にも千分の一にもなります。",
            en: "A mistaken unit makes an amount ten times too large or a thousand times too small."
        },
        mend: {
            ja: "同じ単位の事実どうしを比べてください。単位は schemas/concepts.json にあります。",
            en: "Compare facts of one unit; schemas/concepts.json says which unit each one has."
        }
    }
}
