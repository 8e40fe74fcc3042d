//! The forms that come with the program. A region's own copies come from its register.

use std::sync::Arc;
use std::sync::LazyLock;

use crate::form::Form;

macro_rules! files {
    ($($code:literal)*) => {
        /// The texts of the shipped forms, by file.
        pub(crate) const FILES: &[(&str, &str)] = &[$((
            concat!("schemas/forms/", $code, ".json"),
            include_str!(concat!("../../schemas/forms/", $code, ".json")),
        )),*];
    };
}

files! {
    "discharge-sheet"
    "admission-sheet"
    "dental-referral"
    "dental-report"
    "doctor-slip"
    "peg-device"
    "peg-site-check"
    "peg-exchange"
    "peg-request"
    "ohat"
    "oral-check"
    "acp-record"
    "eol-daily"
    "eol-weekly"
    "grief-contact"
}

static SHIPPED: LazyLock<Vec<Arc<Form>>> = LazyLock::new(|| {
    let read = FILES.iter().filter_map(|(file, text)| Form::read(file, text).ok());
    read.map(Arc::new).collect()
});

/// All shipped forms, in the order that lists show.
pub fn shipped() -> &'static [Arc<Form>] {
    &SHIPPED
}

/// The shipped form of this code.
pub fn shipped_by_code(code: &str) -> Option<Arc<Form>> {
    SHIPPED.iter().find(|form| form.code == code).cloned()
}
