//! The region's own copy of a pathway: the same text with its comments of form untouched, naming what it
//! was made from, under the next free version.

use serde_json::Value;

use crate::kernel::source::Source;
use crate::pathway::Pathway;

/// The text of a copy. `taken` says whether a version is published already.
pub fn own_copy(pathway: &Pathway, taken: &dyn Fn(&str) -> bool) -> Option<String> {
    let definition = &pathway.definition;
    let origin = format!("{}@{}/{}", definition.id, definition.version, pathway.hash);
    let text = with_member(&pathway.text, "version", &Value::from(next_version(&definition.version, taken)))?;
    with_member(&text, "derived_from", &Value::from(origin))
}

fn with_member(text: &str, name: &str, value: &Value) -> Option<String> {
    Source::read("", text).ok()?.with_member(name, value, "version")
}

/// The next free number in the last place: 1.0.0 → 1.0.1.
fn next_version(version: &str, taken: &dyn Fn(&str) -> bool) -> String {
    let (front, last) = version.rsplit_once('.').unwrap_or((version, "0"));
    let last: u64 = last.parse().unwrap_or(0);
    let free = (last.saturating_add(1)..).map(|number| format!("{front}.{number}")).find(|next| !taken(next));
    free.unwrap_or_else(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::concept::Concepts;
    use crate::pathway::Library;

    #[test]
    fn a_copy_says_what_it_was_made_from_and_is_the_same_otherwise() {
        for pathway in Library::shipped().offered() {
            let taken = |version: &str| version == "1.0.1";
            let text = own_copy(pathway, &taken).unwrap();
            let copy = Pathway::read("copy.json", &text, Concepts::shipped()).unwrap();
            let (old, new) = (&pathway.definition, &copy.definition);
            let origin = format!("{}@{}/{}", old.id, old.version, pathway.hash);
            assert_eq!(new.derived_from.as_deref(), Some(origin.as_str()));
            assert_ne!(copy.hash, pathway.hash);
            assert!(new.version != old.version && new.version != "1.0.1", "{}", new.version);
            let lines = |text: &str| text.lines().count();
            assert!(lines(&text).abs_diff(lines(&pathway.text)) <= 1, "its lines stay as they were");
            let again = own_copy(&copy, &|_| false).unwrap();
            assert_eq!(again.matches("\"derived_from\"").count(), 1);
        }
    }
}
