//! The reference of the format, written from its schema: every member with its sentence, type, default and
//! an example. Titles in the schema are `日本語 / English`, sentences stand one language to a line.

use serde_json::Value;

use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::texts;

/// The reference in one language, as Markdown.
pub fn reference(schema: &Value, lang: Lang) -> String {
    let t = Text(lang);
    let mut book = Book { schema, lang, listed: vec![("pathway".to_owned(), schema)] };
    let mut sections = String::new();
    let mut next = 0;
    while let Some((name, node)) = book.listed.get(next).cloned() {
        sections.push_str(&book.section(&name, node));
        next += 1;
    }
    format!("# {}\n\n{}\n{sections}{}", t.reference_title(), t.reference_how(), book.words())
}

/// A title or sentence of the schema in one language; none when it is not said in both.
pub fn said<'a>(node: &'a Value, member: &str, lang: Lang) -> Option<&'a str> {
    let between = if member == "title" { " / " } else { "\n" };
    let (ja, en) = node.get(member)?.as_str()?.split_once(between)?;
    let one = if lang == Lang::Ja { ja } else { en };
    Some(one.trim()).filter(|text| !text.is_empty())
}

/// What a `$ref` of this schema points to; other nodes are themselves.
pub fn target<'a>(schema: &'a Value, node: &'a Value) -> &'a Value {
    let named = node.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'));
    named.and_then(|pointer| schema.pointer(pointer)).unwrap_or(node)
}

struct Book<'a> {
    schema: &'a Value,
    lang: Lang,
    /// The objects that have a section, in the order in which they are met.
    listed: Vec<(String, &'a Value)>,
}

impl<'a> Book<'a> {
    fn t(&self) -> Text {
        Text(self.lang)
    }

    /// What is said of a node, or else of what it refers to.
    fn says(&self, node: &'a Value, member: &str) -> &'a str {
        let own = said(node, member, self.lang);
        own.or_else(|| said(target(self.schema, node), member, self.lang)).unwrap_or_default()
    }

    fn section(&mut self, name: &str, node: &'a Value) -> String {
        let (t, whole) = (self.t(), target(self.schema, node));
        let title = self.says(node, "title");
        let mut text = format!("\n## <a id=\"{name}\"></a>{title}\n\n{}\n\n", self.says(node, "description"));
        text.push_str(&format!("| {} |\n|---|---|---|---|---|\n", t.reference_columns()));
        let required: Vec<&str> = whole
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let members = whole.get("properties").and_then(Value::as_object).into_iter().flatten();
        let mut members: Vec<(bool, &String, &Value)> =
            members.map(|(member, of)| (!required.contains(&member.as_str()), member, of)).collect();
        members.sort_by_key(|(optional, member, _)| (*optional, *member));
        for (optional, member, of) in members {
            let must = if optional { "" } else { t.reference_required() };
            text.push_str(&self.row(member, must, of));
        }
        text
    }

    fn row(&mut self, member: &str, must: &str, node: &'a Value) -> String {
        let default = node.get("default").map(code).unwrap_or_default();
        let what = format!("**{}** {}", self.says(node, "title"), self.says(node, "description"));
        let kind = self.kind(member, node);
        let examples = node.get("examples").or_else(|| target(self.schema, node).get("examples"));
        let examples: Vec<String> =
            examples.and_then(Value::as_array).into_iter().flatten().map(code).collect();
        format!("| `{member}`{must} | {} | {kind} | {default} | {} |\n", cell(&what), examples.join("<br>"))
    }

    /// What may stand there, in words; an object becomes a section of its own.
    fn kind(&mut self, member: &str, node: &'a Value) -> String {
        let t = self.t();
        let named = node.get("$ref").and_then(Value::as_str).and_then(|name| name.rsplit('/').next());
        if let Some(name) = named {
            let of = target(self.schema, node);
            if of.get("properties").is_some() && name != "words" {
                self.list(name, of);
            }
            return format!("[{}](#{name})", self.says(of, "title"));
        }
        if let Some(ways) = node.get("anyOf").and_then(Value::as_array) {
            let ways: Vec<String> = ways.iter().map(|way| self.kind(member, way)).collect();
            return ways.join(t.reference_or());
        }
        if let Some(fixed) = node.get("const") {
            return code(fixed);
        }
        if let Some(codes) = node.get("enum").and_then(Value::as_array) {
            return codes.iter().map(code).collect::<Vec<_>>().join(t.reference_or());
        }
        let kinds = match node.get("type") {
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(kind)) => vec![kind.as_str()],
            _ => Vec::new(),
        };
        let kinds: Vec<String> = kinds.into_iter().map(|kind| self.plain(member, kind, node)).collect();
        kinds.join(t.reference_or())
    }

    fn plain(&mut self, member: &str, kind: &str, node: &'a Value) -> String {
        let t = self.t();
        match kind {
            "array" => {
                let of = node.get("items").map(|items| self.kind(member, items)).unwrap_or_default();
                t.reference_list(&of)
            }
            "object" if node.get("properties").is_some() => {
                self.list(member, node);
                format!("[{}](#{member})", self.says(node, "title"))
            }
            "object" => {
                let of = node.get("additionalProperties").map(|of| self.kind(member, of)).unwrap_or_default();
                t.reference_by_name(&of)
            }
            "boolean" => t.reference_boolean().to_owned(),
            "integer" => t.reference_integer().to_owned(),
            "null" => code(&Value::Null),
            _ => match node.get("format").and_then(Value::as_str) {
                Some("date") => t.reference_date().to_owned(),
                Some("uri") => t.reference_address().to_owned(),
                _ => t.reference_text().to_owned(),
            },
        }
    }

    fn list(&mut self, name: &str, node: &'a Value) {
        if self.listed.iter().all(|(known, _)| known != name) {
            self.listed.push((name.to_owned(), node));
        }
    }

    /// The ways of writing that members share: ids, names, lengths, conditions.
    fn words(&mut self) -> String {
        let t = self.t();
        let mut text = format!("\n## {}\n\n", t.reference_words());
        text.push_str(&format!("| {} |\n|---|---|---|\n", t.reference_words_columns()));
        let defs = self.schema.get("$defs").and_then(Value::as_object).into_iter().flatten();
        for (name, node) in
            defs.filter(|(name, _)| self.listed.iter().all(|(listed, _)| listed != *name)).collect::<Vec<_>>()
        {
            let examples = node.get("examples").and_then(Value::as_array).into_iter().flatten();
            let mut says = self.says(node, "description").to_owned();
            if let Some(codes) = node.get("enum").and_then(Value::as_array) {
                let codes: Vec<String> = codes.iter().map(code).collect();
                says = format!("{says}<br>{}", codes.join(" "));
            }
            let examples: Vec<String> = examples.map(code).collect();
            let title = self.says(node, "title");
            text.push_str(&format!(
                "| <a id=\"{name}\"></a>{title} | {} | {} |\n",
                cell(&says),
                examples.join("<br>")
            ));
        }
        text
    }
}

/// A value as it is written in a file.
fn code(value: &Value) -> String {
    format!("`{}`", cell(&value.to_string()))
}

/// A table's bars divide cells, also within code.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

texts! {
    reference_title { ja: "パスの書式", en: "The pathway format" }
    reference_how {
        ja: "schemas/pathway.schema.json から `renkei pathway reference --lang ja` で作られています。手引きは [README.ja.md](README.ja.md) です。✱ は必ず書く項目です。",
        en: "Written from schemas/pathway.schema.json by `renkei pathway reference --lang en`. The guide is [README.md](README.md). Members with ✱ must be there."
    }
    reference_columns {
        ja: "項目 | 意味 | 書くもの | 書かなければ | 例",
        en: "Member | What it says | What stands there | Unless said | Example"
    }
    reference_words { ja: "共通の書き方", en: "Ways of writing that members share" }
    reference_words_columns { ja: "名前 | 書き方 | 例", en: "Name | How it is written | Example" }
    reference_required { ja: " ✱", en: " ✱" }
    reference_or { ja: " か ", en: " or " }
    reference_list(of: &str) { ja: "{of} の並び", en: "list of {of}" }
    reference_by_name(of: &str) { ja: "名前ごとに {of}", en: "by name: {of}" }
    reference_boolean { ja: "`true` か `false`", en: "`true` or `false`" }
    reference_integer { ja: "整数", en: "whole number" }
    reference_date { ja: "日付", en: "date" }
    reference_address { ja: "アドレス", en: "address" }
    reference_text { ja: "文字", en: "text" }
}
