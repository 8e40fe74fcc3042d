//! Who may work on the region's pathways. It gives no right to any patient's record, and none is needed.

use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::record::payload::Rank;
use crate::texts;

/// What someone wants to do with the region's pathways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LibraryNeed {
    /// Writing drafts, proposing them, confirming what somebody else proposed.
    Write,
    /// Stopping new starts of a version, or letting all its runs rest.
    Rule,
}

/// The table: administrators of the region do all of it; those who write care plans and instructions by
/// their profession write pathways, too.
pub fn library(profession: Profession, rank: Rank, need: LibraryNeed) -> Result<()> {
    use Profession::{Dentist, Doctor, HospitalNurse, PublicHealthNurse, VisitingNurse};
    let writes = matches!(profession, Doctor | Dentist | VisitingNurse | HospitalNurse | PublicHealthNurse);
    match need {
        _ if rank == Rank::RegionAdmin => Ok(()),
        LibraryNeed::Write if writes => Ok(()),
        LibraryNeed::Write => Err(Error::Forbidden(Words::of(Text::pathway_writers_only))),
        LibraryNeed::Rule => Err(Error::Forbidden(Words::of(Text::region_admins_only))),
    }
}

/// Whether two people may publish together: they are two, and one of them answers for the region.
pub fn publish_together(same_person: bool, ranks: [Rank; 2]) -> Result<()> {
    if same_person {
        return Err(Error::Forbidden(Words::of(Text::second_person_publishes)));
    }
    if !ranks.contains(&Rank::RegionAdmin) {
        return Err(Error::Forbidden(Words::of(Text::one_is_region_admin)));
    }
    Ok(())
}

texts! {
    pathway_writers_only {
        ja: "パスの原稿は、地域の管理者・医師・歯科医師・看護師・保健師が扱います。",
        en: "Drafts of pathways are the work of region administrators, doctors, dentists and nurses."
    }
    region_admins_only {
        ja: "この操作は、地域の管理者だけができます。",
        en: "Only administrators of the region can do this."
    }
    second_person_publishes {
        ja: "公開を申し出た人とは別の人が確認します。",
        en: "Somebody other than the one who proposed it confirms."
    }
    one_is_region_admin {
        ja: "申し出る人と確認する人のどちらかは、地域の管理者です。管理者に確認を頼んでください。",
        en: "One of the two is an administrator of the region. Please ask one to confirm."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_or_a_profession_writes_and_only_the_rank_rules() {
        let may = |profession, rank, need| library(profession, rank, need).is_ok();
        for (profession, rank, writes, rules) in [
            (Profession::LiaisonOfficer, Rank::RegionAdmin, true, true),
            (Profession::Doctor, Rank::Member, true, false),
            (Profession::VisitingNurse, Rank::OfficeAdmin, true, false),
            (Profession::Helper, Rank::OfficeAdmin, false, false),
            (Profession::Family, Rank::Member, false, false),
            (Profession::Patient, Rank::Member, false, false),
        ] {
            assert_eq!(may(profession, rank, LibraryNeed::Write), writes, "{profession:?}");
            assert_eq!(may(profession, rank, LibraryNeed::Rule), rules, "{profession:?}");
        }
    }

    #[test]
    fn two_people_publish_and_one_of_them_answers_for_the_region() {
        let (admin, member) = (Rank::RegionAdmin, Rank::Member);
        assert!(publish_together(false, [admin, member]).is_ok());
        assert!(publish_together(false, [member, admin]).is_ok());
        assert!(publish_together(false, [admin, admin]).is_ok());
        assert!(publish_together(false, [member, member]).is_err());
        assert!(publish_together(true, [admin, admin]).is_err());
    }
}
