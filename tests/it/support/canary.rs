//! Looks for planted words in bytes, in every form they could have taken on the way: other
//! character encodings, escapes, base64 at any offset, hex, and numbers in a list. A dump's own
//! `\x…` notation is opened before looking, so that nothing hides one layer deeper.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use aho_corasick::AhoCorasick;
use unicode_normalization::UnicodeNormalization;

/// All forms of all planted words, sought in one pass.
pub struct Hunt {
    /// What each form is: the word, and how it was written.
    names: Vec<String>,
    forms: AhoCorasick,
}

impl Hunt {
    /// A hunt for words that occur nowhere by themselves; too short a word would be found by chance.
    pub fn of(words: &[&str]) -> Self {
        let mut all = BTreeMap::new();
        for word in words {
            assert!(word.len() >= 6, "{word:?} is too short to be told from chance");
            for (how, form) in forms(word) {
                all.entry(form).or_insert_with(|| format!("{word:?} {how}"));
            }
        }
        let forms = AhoCorasick::new(all.keys()).unwrap();
        Self { names: all.into_values().collect(), forms }
    }

    /// What stands in the bytes, each thing once.
    pub fn in_bytes(&self, bytes: &[u8]) -> BTreeSet<&str> {
        let opened = open_dump(bytes);
        let hits = self.forms.find_overlapping_iter(bytes).chain(self.forms.find_overlapping_iter(&opened));
        hits.filter_map(|hit| self.names.get(hit.pattern().as_usize()).map(String::as_str)).collect()
    }

    /// What stands in the files under the folder, or in the file; in their names too.
    pub fn under(&self, place: &Path) -> Vec<String> {
        let name = place.file_name().unwrap_or_default().as_bytes();
        let hits = self.in_bytes(name);
        let mut found: Vec<_> =
            hits.iter().map(|hit| format!("{}: its name: {hit}", place.display())).collect();
        if place.is_dir() {
            let inside = std::fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path());
            found.extend(inside.flat_map(|path| self.under(&path)));
        } else if let Ok(bytes) = std::fs::read(place) {
            found.extend(self.in_bytes(&bytes).iter().map(|hit| format!("{}: {hit}", place.display())));
        }
        found
    }
}

fn forms(word: &str) -> Vec<(String, Vec<u8>)> {
    let mut forms = Vec::new();
    for (spelling, text) in spellings(word) {
        for (encoding, bytes) in encodings(&text) {
            let wrapped = wrappings(&bytes).into_iter();
            forms.extend(
                wrapped.map(|(wrapping, form)| (format!("{spelling}, {encoding}, {wrapping}"), form)),
            );
        }
        forms
            .extend(escapes(&text).into_iter().map(|(escape, form)| (format!("{spelling}, {escape}"), form)));
    }
    forms
}

/// How a word could be spelled after it was folded for a search.
fn spellings(word: &str) -> Vec<(&'static str, String)> {
    let folded: String = word.nfkc().flat_map(char::to_lowercase).collect();
    let shift = |range: std::ops::RangeInclusive<char>, by: i32| {
        let moved = |c: char| u32::try_from(c as i32 + by).ok().and_then(char::from_u32).unwrap_or(c);
        folded.chars().map(|c| if range.contains(&c) { moved(c) } else { c }).collect::<String>()
    };
    let katakana = shift('ぁ'..='ゖ', 0x60);
    let hiragana = shift('ァ'..='ヶ', -0x60);
    vec![
        ("as written", word.to_owned()),
        ("decomposed", word.nfd().collect()),
        ("folded", folded),
        ("katakana", katakana),
        ("hiragana", hiragana),
        ("without spaces", word.split_whitespace().collect()),
    ]
}

/// The bytes of the text in each encoding that can express it.
fn encodings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let wide: Vec<u16> = text.encode_utf16().collect();
    let mut found = vec![
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-16LE", wide.iter().flat_map(|unit| unit.to_le_bytes()).collect()),
        ("UTF-16BE", wide.iter().flat_map(|unit| unit.to_be_bytes()).collect()),
        ("UTF-32LE", text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect()),
    ];
    for (name, encoding) in [
        ("Shift_JIS", encoding_rs::SHIFT_JIS),
        ("EUC-JP", encoding_rs::EUC_JP),
        ("ISO-2022-JP", encoding_rs::ISO_2022_JP),
    ] {
        let (bytes, _, lossy) = encoding.encode(text);
        if !lossy {
            found.push((name, bytes.into_owned()));
        }
    }
    found
}

/// The bytes plain, in hex, as numbers in a list, and in base64 at each of its three offsets.
fn wrappings(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let list = bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
    let mut forms = vec![
        ("plain", bytes.to_vec()),
        ("hex", data_encoding::HEXLOWER.encode(bytes).into_bytes()),
        ("hex in capitals", data_encoding::HEXUPPER.encode(bytes).into_bytes()),
        ("a list of numbers", list.into_bytes()),
        ("percent-encoded", bytes.iter().map(|byte| format!("%{byte:02X}")).collect::<String>().into_bytes()),
        ("url-encoded", url::form_urlencoded::byte_serialize(bytes).collect::<String>().into_bytes()),
    ];
    for offset in 0..3 {
        let shifted: Vec<u8> = std::iter::repeat_n(0, offset).chain(bytes.iter().copied()).collect();
        // Characters that also depend on the neighbours before and after are left out.
        let (skip, keep) = ([0, 2, 3][offset], shifted.len() * 4 / 3);
        for (name, encoding) in [
            ("base64", &data_encoding::BASE64_NOPAD),
            ("base64 for addresses", &data_encoding::BASE64URL_NOPAD),
        ] {
            let text = encoding.encode(&shifted).into_bytes();
            forms.push((name, text[skip..keep.min(text.len())].to_vec()));
        }
    }
    forms
}

/// The text with every character that is not ASCII (or every single one) written as an escape.
fn escapes(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let each = |write: &dyn Fn(char) -> String| {
        let partly: String =
            text.chars().map(|c| if c.is_ascii() { c.to_string() } else { write(c) }).collect();
        partly.into_bytes()
    };
    let json = |c: char, capital: bool| {
        let mut units = [0; 2];
        let units = c.encode_utf16(&mut units).iter();
        units
            .map(|unit| if capital { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") })
            .collect::<String>()
    };
    vec![
        ("JSON escapes", each(&|c| json(c, false))),
        ("JSON escapes in capitals", each(&|c| json(c, true))),
        ("Rust escapes", each(&|c| format!("\\u{{{:x}}}", u32::from(c)))),
        ("HTML numbers", each(&|c| format!("&#{};", u32::from(c)))),
        ("HTML hex numbers", each(&|c| format!("&#x{:x};", u32::from(c)))),
        ("SQL escapes", text.bytes().map(|byte| format!("\\{byte:03o}")).collect::<String>().into_bytes()),
    ]
}

/// The bytes behind each `\x…` of a database dump, one after the other.
fn open_dump(bytes: &[u8]) -> Vec<u8> {
    let mut opened = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"\\x") {
        rest = &rest[at + 2..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count() & !1;
        opened.extend(data_encoding::HEXLOWER_PERMISSIVE.decode(&rest[..digits]).unwrap_or_default());
        opened.push(b'\n');
    }
    opened
}
