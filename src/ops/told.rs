//! What the commands that check files have to tell, and how it is written: each finding with its place,
//! what is wrong, why it matters and how to mend it. Finding it is others' business.

use std::io;
use std::io::Read;
use std::io::Write;
use std::path::PathBuf;

use crate::kernel::finding::Finding;
use crate::kernel::finding::Gravity;
use crate::kernel::finding::checks;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::source::BYTES_MAX;
use crate::kernel::source::Source;
use crate::texts;

/// Nothing to complain of.
pub(super) const FINE: u8 = 0;
/// There are findings.
const FINDINGS: u8 = 1;
/// A file could not be opened.
const USAGE: u8 = 2;

/// What there is to tell, and whether every file could be opened.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Everything found.
    pub findings: Vec<Finding>,
    unopened: bool,
}

impl Told {
    /// What was read; what is wrong with it is kept to be told.
    pub fn keep<T>(&mut self, read: Result<T, Vec<Finding>>) -> Option<T> {
        read.map_err(|findings| self.findings.extend(findings)).ok()
    }

    /// Reads files, never more of one than a definition may have; the reader of the text says the rest.
    pub fn open(&mut self, files: &[PathBuf]) -> Vec<(String, String)> {
        let mut read = Vec::new();
        for path in files {
            let name = path.display().to_string();
            let mut bytes = Vec::new();
            let limit = u64::try_from(BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
            let opened = std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
            match opened {
                Ok(_) => {
                    let text = self.keep(Source::text_of(&name, bytes));
                    read.extend(text.map(|text| (name, text)));
                }
                Err(_) => {
                    self.unopened = true;
                    let says = Words::of(|t| t.file_unopened());
                    self.findings.push(Finding::whole(&name, &checks::OPEN, says));
                }
            }
        }
        read
    }

    /// Writes all of it; the result is the exit code: 0 fine, 1 findings, 2 a file that cannot be opened.
    /// Warnings alone are fine.
    pub fn write(&self, json: bool, summary: &str, lang: Lang, out: &mut dyn Write) -> io::Result<u8> {
        if json {
            serde_json::to_writer_pretty(&mut *out, &self.findings)?;
            writeln!(out)?;
        } else {
            for found in &self.findings {
                write_one(found, lang, out)?;
            }
            writeln!(out, "{summary}")?;
        }
        let broken = self.findings.iter().any(Finding::is_error);
        Ok(match (self.unopened, broken) {
            (true, _) => USAGE,
            (false, true) => FINDINGS,
            (false, false) => FINE,
        })
    }
}

fn write_one(found: &Finding, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let (t, check) = (Text(lang), found.check);
    let Finding { file, line, column, pointer, .. } = found;
    let gravity = match check.gravity {
        Gravity::Error => t.finding_error(),
        Gravity::Warning => t.finding_warning(),
        Gravity::NotProven => t.finding_not_proven(),
    };
    writeln!(out, "{file}:{line}:{column}: {gravity} [{}] {}", check.code, found.says.say(lang))?;
    if !pointer.is_empty() {
        writeln!(out, "    {pointer}")?;
    }
    writeln!(out, "    {} {}", t.finding_why(), check.why.say(lang))?;
    writeln!(out, "    {} {}", t.finding_mend(), check.mend.say(lang))
}

texts! {
    finding_error { ja: "誤り", en: "error" }
    finding_warning { ja: "注意", en: "warning" }
    finding_not_proven { ja: "未確認", en: "not proven" }
    finding_why { ja: "なぜ:", en: "why: " }
    finding_mend { ja: "直し方:", en: "mend:" }
    file_unopened { ja: "ファイルを開けません。", en: "This file cannot be opened." }
}
