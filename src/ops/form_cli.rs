//! `renkei form check`: reads form files and says everything that is wrong with them, with file, place
//! and line. What a form means is the form room's business.

use std::io;
use std::io::Write;
use std::path::PathBuf;

use crate::concept::Concepts;
use crate::form::Form;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::ops::told::Told;
use crate::texts;

/// Checks form files and writes what it finds; the result is the exit code: 0 fine, 1 findings,
/// 2 a file that cannot be opened. Warnings alone are fine.
pub fn check(files: &[PathBuf], json: bool, lang: Lang, out: &mut dyn Write) -> io::Result<u8> {
    let mut told = Told::default();
    for (name, text) in told.open(files) {
        told.findings.extend(Form::read_all(&name, &text, Concepts::shipped()).1);
    }
    let summary = Text(lang).form_checked(files.len(), told.findings.len());
    told.write(json, &summary, lang, out)
}

texts! {
    form_checked(files: usize, findings: usize) {
        ja: "{files}件のファイルを調べました。指摘は{findings}件です。",
        en: "{files} file(s) checked, {findings} finding(s)."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(files: &[&str], json: bool) -> (u8, String) {
        let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let files: Vec<PathBuf> = files.iter().map(|file| top.join(file)).collect();
        let mut out = Vec::new();
        let code = check(&files, json, Lang::En, &mut out).unwrap();
        (code, String::from_utf8(out).unwrap())
    }

    #[test]
    fn the_exit_code_tells_fine_from_findings_from_a_missing_file() {
        assert_eq!(run(&["schemas/forms/peg-site-check.json"], false).0, 0);
        let (code, said) = run(&["schemas/tariffs.json"], false);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("tariffs.json:"), "{said}");
        assert_eq!(run(&["schemas/forms/no-such-form.json"], false).0, 2);
        let (_, json) = run(&["schemas/tariffs.json"], true);
        assert!(serde_json::from_str::<serde_json::Value>(&json).unwrap()[0]["line"].is_number());
    }
}
