//! JSON text with positions: strict JSON, bounded in size and depth, no key twice, and for every
//! JSON pointer the line and column it stands at. Also the canonical form that hashes are taken of.
//! What the values mean is for the rooms that read them.

use std::collections::HashMap;
use std::fmt::Write as _;

use jsonc_parser::ParseOptions;
use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind;
use serde_json::Value;

use crate::kernel::finding::Check;
use crate::kernel::finding::Finding;
use crate::kernel::finding::checks;
use crate::kernel::lang::Words;
use crate::kernel::seal::sha256;
use crate::texts;

/// Longest text read, in bytes: the largest pathway we know of is a tenth of this.
pub const BYTES_MAX: usize = 1 << 20;

/// Deepest nesting read. Every recursion over a read value may rely on it.
pub const DEPTH_MAX: usize = 32;

/// A JSON text that was read, with the place of every value.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file as it was named to us.
    pub file: String,
    /// What the text says.
    pub value: Value,
    text: String,
    ruler: Ruler,
    /// JSON pointer → byte offset of the value.
    places: HashMap<String, usize>,
}

impl Source {
    /// Reads strict JSON; otherwise says what is wrong and where.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Finding>> {
        let json = |at, says| vec![fault(file, text, String::new(), at, &checks::JSON, says)];
        if text.len() > BYTES_MAX {
            return Err(json(0, Words::of(|t| t.source_is_too_long(BYTES_MAX))));
        }
        if let Some(at) = too_deep(text) {
            return Err(json(at, Words::of(|t| t.source_is_too_deep(DEPTH_MAX))));
        }
        let tree = jsonc_parser::parse_to_ast(text, &Default::default(), &strict())
            .map_err(|error| json(error.range().start, sentence(error.kind())))?;
        let value: Value = serde_json::from_str(text).map_err(|error| {
            json(offset_of(text, error.line(), error.column()), Words::of(|t| t.source_is_not_json()))
        })?;
        let mut survey = Survey::default();
        if let Some(root) = &tree.value {
            survey.visit(root, String::new());
        }
        let Survey { places, twice } = survey;
        let (file, text) = (file.to_owned(), text.to_owned());
        let read = Self { file, value, ruler: Ruler::of(&text), text, places };
        if twice.is_empty() {
            return Ok(read);
        }
        let told = twice.into_iter().map(|(pointer, key, at)| {
            read.at(pointer, at, &checks::KEY_TWICE, Words::of(|t| t.source_key_twice(&key)))
        });
        Err(told.collect())
    }

    /// The bytes of a file as text; otherwise says where they stop being text.
    pub fn text_of(file: &str, bytes: Vec<u8>) -> Result<String, Vec<Finding>> {
        String::from_utf8(bytes).map_err(|error| {
            let good = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            // A file that was cut at the longest length may end within a character: its length is what is wrong.
            let says = if error.as_bytes().len() > BYTES_MAX {
                Words::of(|t| t.source_is_too_long(BYTES_MAX))
            } else {
                Words::of(|t| t.source_is_not_utf8())
            };
            vec![fault(file, &text, String::new(), good, &checks::JSON, says)]
        })
    }

    /// A finding at the value that the pointer names, or at the nearest value around it.
    pub fn finding(&self, pointer: &str, check: &'static Check, says: Words) -> Finding {
        self.at(pointer.to_owned(), self.offset(pointer), check, says)
    }

    /// A finding inside a string value: `at` counts the characters of the string from 0.
    pub fn finding_within(&self, pointer: &str, at: usize, check: &'static Check, says: Words) -> Finding {
        let start = self.offset(pointer);
        let literal = self.text.get(start..).unwrap_or_default();
        let inside = start + inside_literal(literal, at);
        self.at(pointer.to_owned(), inside, check, says)
    }

    fn at(&self, pointer: String, at: usize, check: &'static Check, says: Words) -> Finding {
        let (line, column) = self.ruler.place(&self.text, at);
        Finding { file: self.file.clone(), pointer, line, column, check, says }
    }

    /// The same text with a member of the outermost object set to a value: in its place when it is
    /// there, else on a line of its own after the member `after`. Everything else stays as it was written.
    pub fn with_member(&self, name: &str, value: &Value, after: &str) -> Option<String> {
        let tree = jsonc_parser::parse_to_ast(&self.text, &Default::default(), &strict()).ok()?;
        let Some(ast::Value::Object(object)) = &tree.value else { return None };
        let place = |name: &str| object.properties.iter().find(|one| one.name.as_str() == name);
        let (from, to, put) = match (place(name), place(after)) {
            (Some(member), _) => (member.value.start(), member.value.end(), value.to_string()),
            (None, Some(member)) => {
                let end = member.value.end();
                (end, end, format!(",\n  {}: {value}", Value::from(name)))
            }
            (None, None) => return None,
        };
        Some([self.text.get(..from)?, &put, self.text.get(to..)?].concat())
    }

    fn offset(&self, pointer: &str) -> usize {
        let mut pointer = pointer;
        loop {
            if let Some(at) = self.places.get(pointer) {
                return *at;
            }
            match pointer.rfind('/') {
                Some(cut) => pointer = pointer.get(..cut).unwrap_or_default(),
                None => return 0,
            }
        }
    }
}

/// Adds one step to a JSON pointer, escaped as RFC 6901 says.
pub fn below(pointer: &str, step: &str) -> String {
    format!("{pointer}/{}", step.replace('~', "~0").replace('/', "~1"))
}

/// The one text that stands for a value: keys sorted, no spaces. Equal values, equal text.
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write_canonical(value, &mut out);
    out
}

/// SHA-256 of the canonical form, in hexadecimal.
pub fn hash(value: &Value) -> String {
    let digest = sha256(&[canonical(value).as_bytes()]);
    data_encoding::HEXLOWER.encode(&digest)
}

/// Recursion is bounded: values come from readers with a depth limit ([`DEPTH_MAX`], or 128 in serde_json).
fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut keys: Vec<_> = members.iter().collect();
            keys.sort_by(|a, b| a.0.cmp(b.0));
            out.push('{');
            for (index, (key, member)) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                let _ = write!(out, "{}:", Value::from(key.as_str()));
                write_canonical(member, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_canonical(item, out);
            }
            out.push(']');
        }
        plain => {
            let _ = write!(out, "{plain}");
        }
    }
}

/// What one walk over the syntax tree gathers.
#[derive(Default)]
struct Survey {
    places: HashMap<String, usize>,
    twice: Vec<(String, String, usize)>,
}

impl Survey {
    /// Recursion is bounded: [`too_deep`] was asked before the text was parsed.
    fn visit(&mut self, node: &ast::Value<'_>, pointer: String) {
        match node {
            ast::Value::Object(object) => {
                for property in &object.properties {
                    let key = property.name.as_str();
                    let inner = below(&pointer, key);
                    if self.places.contains_key(&inner) {
                        self.twice.push((inner.clone(), key.to_owned(), property.start()));
                    }
                    self.visit(&property.value, inner);
                }
            }
            ast::Value::Array(array) => {
                for (index, element) in array.elements.iter().enumerate() {
                    self.visit(element, format!("{pointer}/{index}"));
                }
            }
            _ => {}
        }
        self.places.insert(pointer, node.start());
    }
}

fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// Where the text first nests deeper than we read. Counts brackets outside strings; on text that
/// is no JSON it may count wrongly, but never lets more than [`DEPTH_MAX`] reach the parser's stack.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                if depth > DEPTH_MAX {
                    return Some(at);
                }
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The byte offset, from the opening quote, of the `at`th character that a string literal stands for.
fn inside_literal(literal: &str, at: usize) -> usize {
    let mut chars = literal.char_indices().skip(1);
    for _ in 0..at {
        match chars.next() {
            Some((_, '\\')) => {
                if let Some((_, 'u')) = chars.next() {
                    chars.by_ref().take(4).for_each(drop);
                }
            }
            Some((_, '"')) | None => break,
            Some(_) => {}
        }
    }
    chars.next().map_or(0, |(offset, _)| offset)
}

/// The byte offset of a line and column as serde_json counts them (lines from 1, columns in bytes).
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    start + column.saturating_sub(1)
}

/// Counts lines and characters of a text up to a byte, without walking all of it for every finding.
#[derive(Debug, Clone)]
struct Ruler {
    /// The byte at which each line starts.
    lines: Vec<usize>,
    /// Characters before each block of [`Ruler::BLOCK`] bytes.
    blocks: Vec<usize>,
}

impl Ruler {
    const BLOCK: usize = 1024;

    fn of(text: &str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(newlines.map(|(at, _)| at + 1)).collect();
        let mut before = 0;
        let counted = text.as_bytes().chunks(Self::BLOCK).map(|block| {
            before += characters(block);
            before
        });
        Self { lines, blocks: std::iter::once(0).chain(counted).collect() }
    }

    /// Line and column of a byte, both counted from 1, the column in characters.
    fn place(&self, text: &str, at: usize) -> (usize, usize) {
        let at = at.min(text.len());
        let line = self.lines.partition_point(|start| *start <= at);
        let start = self.lines.get(line - 1).copied().unwrap_or_default();
        (line, 1 + self.before(text, at) - self.before(text, start))
    }

    fn before(&self, text: &str, at: usize) -> usize {
        let block = at / Self::BLOCK;
        let rest = text.as_bytes().get(block * Self::BLOCK..at).unwrap_or_default();
        self.blocks.get(block).copied().unwrap_or_default() + characters(rest)
    }
}

/// How many characters start in these bytes.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

/// One thing that is wrong with a text before it is a [`Source`].
fn fault(file: &str, text: &str, pointer: String, at: usize, check: &'static Check, says: Words) -> Finding {
    let (line, column) = Ruler::of(text).place(text, at);
    Finding { file: file.to_owned(), pointer, line, column, check, says }
}

fn sentence(kind: &ParseErrorKind) -> Words {
    use ParseErrorKind as Kind;
    match kind {
        Kind::CommentsNotAllowed | Kind::UnterminatedCommentBlock => {
            Words::of(|t| t.source_comment_refused())
        }
        Kind::TrailingCommasNotAllowed => Words::of(|t| t.source_trailing_comma()),
        Kind::ExpectedComma => Words::of(|t| t.source_comma_missing()),
        Kind::ExpectedColonAfterObjectKey | Kind::UnexpectedColon => Words::of(|t| t.source_colon_missing()),
        Kind::ExpectedStringObjectProperty
        | Kind::UnexpectedWord
        | Kind::SingleQuotedStringsNotAllowed
        | Kind::UnexpectedTokenInObject => Words::of(|t| t.source_quote_missing()),
        Kind::UnterminatedArray | Kind::UnterminatedObject => Words::of(|t| t.source_not_closed()),
        Kind::UnexpectedCloseBrace | Kind::UnexpectedCloseBracket => {
            Words::of(|t| t.source_closed_too_often())
        }
        Kind::MultipleRootJsonValues => Words::of(|t| t.source_goes_on()),
        Kind::String(_) => Words::of(|t| t.source_string_broken()),
        Kind::NestingDepthExceeded => Words::of(|t| t.source_is_too_deep(DEPTH_MAX)),
        _ => Words::of(|t| t.source_is_not_json()),
    }
}

texts! {
    source_is_too_long(max: usize) {
        ja: "ファイルが大きすぎます（上限 {max} バイト）。分けてください。",
        en: "The file is too large (at most {max} bytes). Split it."
    }
    source_is_too_deep(max: usize) {
        ja: "入れ子が深すぎます（上限 {max} 段）。かっこの閉じ忘れがないか見てください。",
        en: "The file nests too deeply (at most {max} levels). Look for brackets that are not closed."
    }
    source_is_not_utf8 {
        ja: "ここから先が文字として読めません。ファイルを UTF-8 で保存し直してください。",
        en: "From here on the file is not text. Save it again as UTF-8."
    }
    source_is_not_json {
        ja: "ここが JSON として読めません。書き方を直してください。",
        en: "This place cannot be read as JSON. Correct how it is written."
    }
    source_key_twice(key: &str) {
        ja: "「{key}」が同じところに二度書かれています。どちらか一つにしてください。",
        en: "\"{key}\" is written twice in the same place. Keep one of them."
    }
    source_comment_refused {
        ja: "コメントは書けません。説明は description などの項目に書いてください。",
        en: "Comments cannot be written here. Put explanations into members such as description."
    }
    source_trailing_comma {
        ja: "最後の項目のあとにコンマがあります。取ってください。",
        en: "There is a comma after the last member. Remove it."
    }
    source_comma_missing {
        ja: "項目と項目のあいだにコンマがありません。",
        en: "A comma is missing between two members."
    }
    source_colon_missing {
        ja: "項目名のあとには「:」を書いてください。",
        en: "Write a colon after the member's name."
    }
    source_quote_missing {
        ja: "名前と文字は二重引用符（\"）で囲んでください。",
        en: "Put names and text in double quotes (\")."
    }
    source_not_closed {
        ja: "ここで開いたかっこが閉じられていません。",
        en: "The bracket opened here is not closed."
    }
    source_closed_too_often {
        ja: "閉じかっこが余っているか、値が書かれていません。",
        en: "There is one closing bracket too many, or a value is missing."
    }
    source_goes_on {
        ja: "終わりのかっこのあとに、まだ何か書かれています。",
        en: "Something is written after the closing bracket."
    }
    source_string_broken {
        ja: "文字列が正しく書かれていません。引用符と「\\」の使い方を見てください。",
        en: "This text is not written correctly. Look at its quotes and backslashes."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Finding {
        Source::read("x.json", text).unwrap_err().remove(0)
    }

    #[test]
    fn a_finding_names_line_and_column_in_characters() {
        let source =
            Source::read("x.json", "{\n \"題\": {\"名 前\": [1, \"胃 \\\"ろう\\\" x\"]}\n}").unwrap();
        let found = source.finding("/題/名 前/1", &checks::SHAPE, Words::new("", ""));
        assert_eq!((found.line, found.column), (2, 19));
        let within = source.finding_within("/題/名 前/1", 3, &checks::SHAPE, Words::new("", ""));
        assert_eq!((within.line, within.column), (2, 24));
        let absent = source.finding("/題/無い/3", &checks::SHAPE, Words::new("", ""));
        assert_eq!((absent.line, absent.column), (2, 7));
    }

    #[test]
    fn a_place_is_counted_alike_in_short_lines_and_in_one_long_one() {
        let text = format!("{{\n\n\"あ\": [{}\"終\"]}}", "\"薬\", ".repeat(1000));
        let source = Source::read("x.json", &text).unwrap();
        let found = source.finding("/あ/1000", &checks::SHAPE, Words::new("", ""));
        assert_eq!((found.line, found.column), (3, 1 + 6 + 5 * 1000));
        assert_eq!(source.finding("", &checks::SHAPE, Words::new("", "")).column, 1);
    }

    #[test]
    fn bytes_that_are_no_text_are_told_where_they_begin() {
        let found = Source::text_of("x.json", b"{\n \"\xe8\x83\x83\": \"\xff\" }".to_vec()).unwrap_err();
        assert_eq!((found[0].line, found[0].column), (2, 8));
        let cut = [vec![b' '; BYTES_MAX], vec![0xe8]].concat();
        assert!(Source::text_of("x.json", cut).unwrap_err()[0].says.en.contains("too large"));
        assert_eq!(Source::text_of("x.json", b"{}".to_vec()), Ok("{}".to_owned()));
    }

    #[test]
    fn only_strict_json_is_read() {
        for text in [
            "",
            "{",
            "[1,]",
            "// x\n1",
            "{'a':1}",
            "{a:1}",
            "[1 2]",
            "1 2",
            "[0x10]",
            "[+1]",
            "[.5]",
            "[NaN]",
            "[\"\n\"]",
            "[\"\\x41\"]",
            "[\"\\ud800\"]",
            "[01]",
            "nul",
            "[1e999]",
            "{\"a\"}",
        ] {
            assert!(Source::read("x.json", text).is_err(), "{text:?} was read");
        }
    }

    #[test]
    fn a_key_written_twice_is_found_at_its_second_place() {
        let found = refused("{\"a\": 1,\n  \"a\": 2}");
        assert_eq!((found.line, found.column, found.check.code), (2, 3, "key-twice"));
        assert_eq!(found.pointer, "/a");
    }

    #[test]
    fn no_depth_and_no_length_aborts() {
        assert_eq!(refused(&"[".repeat(BYTES_MAX)).column, DEPTH_MAX + 1);
        assert_eq!(refused(&"{\"a\":".repeat(200_000)).check, "json");
        assert_eq!(refused(&" ".repeat(BYTES_MAX + 1)).line, 1);
        let deep = format!("{}{}", "[".repeat(DEPTH_MAX), "]".repeat(DEPTH_MAX));
        assert!(Source::read("x.json", &deep).is_ok());
        assert!(Source::read("x.json", &format!("[\"{}\"]", "[".repeat(1000))).is_ok());
    }

    #[test]
    fn equal_values_have_one_canonical_form() {
        let one: Value =
            serde_json::from_str("{\"b\": [1, {\"d\": null, \"c\": \"x\\n\"}], \"a\": true}").unwrap();
        let other: Value =
            serde_json::from_str("{\"a\":true,\"b\":[1,{\"c\":\"x\\u000a\",\"d\":null}]}").unwrap();
        assert_eq!(canonical(&one), "{\"a\":true,\"b\":[1,{\"c\":\"x\\n\",\"d\":null}]}");
        assert_eq!(hash(&one), hash(&other));
        assert_eq!(hash(&one).len(), 64);
    }
}
