//! Cuts a condition into words, numbers, quoted text and signs. Meaning is for the parser.

use super::Problem;
use super::checks;
use crate::kernel::finding::Check;
use crate::kernel::lang::Words;
use crate::texts;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    Number(f64),
    Quoted(String),
    Sign(&'static str),
    End,
}

/// A token and the bytes it spans.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spanned {
    pub token: Token,
    pub start: usize,
    pub end: usize,
}

/// Longest first, so that `<=` is not read as `<`.
const SIGNS: [&str; 16] =
    ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ",", "+", "-"];

pub(super) fn tokens(source: &str) -> Result<Vec<Spanned>, Problem> {
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(rest) = source.get(start..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or(' ');
        if matches!(first, ' ' | '\t' | '\n' | '\r') {
            start += 1;
            continue;
        }
        let (token, length) = match first {
            'a'..='z' | 'A'..='Z' | '_' => name(rest),
            '0'..='9' => number(rest).ok_or_else(|| {
                problem(source, start, &checks::CONDITION, Words::of(|t| t.expr_bad_number()))
            })?,
            '\'' | '"' => quoted(rest, first)
                .map_err(|(offset, says)| problem(source, start + offset, &checks::CONDITION, says))?,
            _ => match SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
                Some(sign) => (Token::Sign(sign), sign.len()),
                None => {
                    return Err(problem(
                        source,
                        start,
                        &checks::CONDITION,
                        Words::of(|t| t.expr_bad_sign(first)),
                    ));
                }
            },
        };
        found.push(Spanned { token, start, end: start + length });
        start += length;
    }
    found.push(Spanned { token: Token::End, start: source.len(), end: source.len() });
    Ok(found)
}

/// A problem at a byte of the source, told in characters.
pub(super) fn problem(source: &str, byte: usize, check: &'static Check, says: Words) -> Problem {
    let at = source.char_indices().take_while(|(index, _)| *index < byte).count();
    Problem { at, check, says }
}

/// A name may have parts joined by dots: `peg.placed_on`.
fn name(rest: &str) -> (Token, usize) {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut length = 0;
    loop {
        let tail = rest.get(length..).unwrap_or_default();
        length += tail.find(|c| !part(c)).unwrap_or(tail.len());
        let mut after = rest.get(length..).unwrap_or_default().chars();
        let goes_on =
            after.next() == Some('.') && after.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        if !goes_on {
            break;
        }
        length += 1;
    }
    (Token::Name(rest.get(..length).unwrap_or_default().to_owned()), length)
}

fn number(rest: &str) -> Option<(Token, usize)> {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let mut length = digits(rest);
    if let Some(fraction) = rest.get(length..).and_then(|tail| tail.strip_prefix('.')) {
        let count = digits(fraction);
        if count == 0 {
            return None;
        }
        length += 1 + count;
    }
    let next = rest.get(length..).and_then(|tail| tail.chars().next());
    if next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.') || length > 18 {
        return None;
    }
    let value = rest.get(..length)?.parse::<f64>().ok().filter(|value| value.is_finite())?;
    Some((Token::Number(value), length))
}

/// Quoted text; a backslash may stand before a quote or a backslash only. Otherwise what is wrong, and how
/// many bytes after the opening quote's own place.
fn quoted(rest: &str, quote: char) -> Result<(Token, usize), (usize, Words)> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((index, c)) = chars.next() {
        match c {
            c if c == quote => return Ok((Token::Quoted(text), index + 1)),
            '\\' => match chars.next() {
                Some((_, escaped @ ('\\' | '\'' | '"'))) => text.push(escaped),
                Some(_) => return Err((index, Words::of(|t| t.expr_bad_escape()))),
                None => break,
            },
            '\n' | '\r' => break,
            c => text.push(c),
        }
    }
    Err((0, Words::of(|t| t.expr_open_quote())))
}

texts! {
    expr_bad_number {
        ja: "数の書き方が正しくありません。例: 14、0.5",
        en: "This number is not written correctly. Examples: 14, 0.5"
    }
    expr_open_quote {
        ja: "引用符が閉じられていません。文字は '…' で囲んでください。",
        en: "The quote is not closed. Put text between '…'."
    }
    expr_bad_escape {
        ja: "「\\」のあとに書けるのは引用符か「\\」だけです。文字はそのまま書いてください。",
        en: "After a backslash stands only a quote or a backslash. Write letters as they are."
    }
    expr_bad_sign(sign: char) {
        ja: "「{sign}」は条件では使えません。",
        en: "\"{sign}\" cannot be used in a condition."
    }
}
