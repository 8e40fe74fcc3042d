//! A sheet as plain text, to paste into other software. Blanks are left out; 不明 is said.

use std::fmt::Write as _;

use crate::form::sheet::Sheet;
use crate::form::sheet::SheetField;
use crate::kernel::lang::Lang;

impl Sheet {
    /// The sheet as plain text.
    pub fn text(&self) -> String {
        let mut out = format!("【{}】\n", self.title);
        let stop = if self.lang == Lang::Ja { "：" } else { ": " };
        for section in &self.sections {
            let answered: Vec<&SheetField> =
                section.fields.iter().filter(|field| field.applies && !field.shown.is_empty()).collect();
            if answered.is_empty() {
                continue;
            }
            let _ = write!(out, "\n■ {}\n", section.label);
            for field in answered {
                let gap = if field.shown.contains('\n') { "\n" } else { "" };
                let _ = writeln!(out, "{}{stop}{gap}{}", field.label, field.shown);
            }
        }
        out
    }
}
