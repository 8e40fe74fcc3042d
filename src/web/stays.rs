//! A patient's stay in hospital: `/patients/{id}/stay` while one goes on. Admission itself is a plain
//! form page; the board across patients is one of the `desks`.

use askama::Template;

use crate::kernel::lang::Text;
use crate::texts;
use crate::web::frame::Frame;
use crate::web::team::Fact;
use crate::web::view::Banner;
use crate::web::view::Field;
use crate::web::view::FlawView;

texts! {
    stay_title { ja: "入院・退院", en: "Hospital stay" }
    stay_plan { ja: "退院予定", en: "Planned discharge" }
    stay_plan_note { ja: "退院予定日が決まると、退院・退所情報記録書の仕事が病院看護師に出ます。", en: "Once the day is known, the hospital nurse gets the discharge sheet as a task." }
    stay_plan_act { ja: "退院予定日を記録する", en: "Note the planned day" }
    stay_discharge { ja: "退院した", en: "Discharge" }
    stay_discharge_note { ja: "記録すると、休んでいた在宅のパスが再開します。", en: "The pathways of the home go on." }
    stay_discharge_act { ja: "退院を記録する", en: "Note the discharge" }
    stay_board { ja: "入院中の患者の一覧", en: "All current stays" }
}

/// A stay that goes on.
#[derive(Debug, Template)]
#[template(path = "stay.html")]
pub struct StayPage {
    /// The texts.
    pub t: Text,
    /// The frame.
    pub frame: Frame,
    /// The patient.
    pub banner: Banner,
    /// Hospital, ward, since when, why.
    pub facts: Vec<Fact>,
    /// `/patients/{id}/stay`
    pub action: String,
    /// A fresh id for the entry.
    pub entry: String,
    /// The planned day; empty when the reader may not change it.
    pub planned: Vec<Field>,
    /// The discharge; empty likewise.
    pub discharge: Vec<Field>,
    /// What is wrong with what was sent.
    pub flaws: Vec<FlawView>,
}
