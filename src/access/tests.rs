//! The whole table, walked: every standing, profession, consent and need.

use super::*;
use uuid::Uuid;

const NOW: Time = Time(1_000_000);

fn facts(seat: Option<Seat>, profession: Profession) -> Facts {
    Facts {
        patient: PatientId(Uuid::from_u128(1)),
        person: Some(PersonId(Uuid::from_u128(2))),
        office: Some(OfficeId(Uuid::from_u128(3))),
        profession: Some(profession),
        active: true,
        seat,
        consent: ConsentState::Given,
        open: true,
        wrapped: vec![],
    }
}

fn seat(until: Option<i64>, ended: bool) -> Option<Seat> {
    Some(Seat { role: SeatRole::Member, until: until.map(Time), ended: ended.then_some(Time(1)) })
}

#[test]
fn whoever_has_no_seat_cannot_tell_that_the_patient_exists() {
    for seat in [None, seat(None, true), seat(Some(999_999), false), seat(Some(1_000_000), false)] {
        for need in Need::ALL {
            let judged = judge(&facts(seat, Profession::Doctor), *need, NOW);
            assert!(matches!(judged, Err(Error::Missing)), "{seat:?} {need:?}");
        }
    }
}

#[test]
fn a_suspended_member_is_nobody() {
    let mut suspended = facts(seat(None, false), Profession::Doctor);
    suspended.active = false;
    for need in Need::ALL {
        assert!(matches!(judge(&suspended, *need, NOW), Err(Error::Missing)));
    }
}

#[test]
fn a_professional_member_does_all_but_the_clocks_work() {
    for need in Need::ALL {
        let judged = judge(&facts(seat(None, false), Profession::VisitingNurse), *need, NOW);
        assert_eq!(judged.is_ok(), *need != Need::Tick, "{need:?}");
    }
}

#[test]
fn a_hospital_nurse_works_until_her_end_date_but_never_changes_the_team() {
    let guest = facts(seat(Some(1_000_001), false), Profession::HospitalNurse);
    for need in [Need::Read, Need::Post, Need::Write, Need::Plan, Need::Stay] {
        assert!(judge(&guest, need, NOW).is_ok(), "{need:?}");
    }
    for need in [Need::Team, Need::Card] {
        assert!(matches!(judge(&guest, need, NOW), Err(Error::Forbidden(_))), "{need:?}");
    }
    assert!(matches!(judge(&guest, Need::Read, Time(1_000_001)), Err(Error::Missing)));
}

#[test]
fn the_family_reads_its_own_channel_and_writes_no_forms() {
    let family = judge(&facts(seat(None, false), Profession::Family), Need::Read, NOW).unwrap();
    assert!(family.sees(Audience::Team) && !family.sees(Audience::Staff));
    for need in [Need::Write, Need::Plan, Need::Team, Need::Card, Need::Stay] {
        let judged = judge(&facts(seat(None, false), Profession::Family), need, NOW);
        assert!(matches!(judged, Err(Error::Forbidden(_))), "{need:?}");
    }
}

#[test]
fn a_withdrawn_consent_freezes_the_record_for_people_and_clock_alike() {
    let mut frozen = facts(seat(None, false), Profession::Doctor);
    frozen.consent = ConsentState::Withdrawn;
    for need in Need::ALL.iter().filter(|need| **need != Need::Reconsent) {
        assert!(matches!(judge(&frozen, *need, NOW), Err(Error::Missing)), "{need:?}");
    }
    assert!(judge(&frozen, Need::Reconsent, NOW).is_ok());
    frozen.person = None;
    assert!(judge(&frozen, Need::Tick, NOW).is_err());
}

#[test]
fn a_closed_record_can_be_read_and_not_written() {
    let mut closed = facts(seat(None, false), Profession::Doctor);
    closed.open = false;
    assert!(judge(&closed, Need::Read, NOW).is_ok());
    assert!(matches!(judge(&closed, Need::Post, NOW), Err(Error::Forbidden(_))));
}

#[test]
fn the_clock_ticks_and_does_nothing_else() {
    let mut clock = facts(None, Profession::Doctor);
    clock.person = None;
    for need in Need::ALL {
        assert_eq!(judge(&clock, *need, NOW).is_ok(), *need == Need::Tick, "{need:?}");
    }
}

#[test]
fn the_receiving_office_opens_the_letter_and_another_office_finds_nothing() {
    let outsider = facts(None, Profession::Dentist);
    let letter = LetterFacts {
        letter: LetterId(Uuid::from_u128(5)),
        to_office: outsider.office,
        from_office: OfficeId(Uuid::from_u128(8)),
    };
    assert_eq!(judge_letter(&letter, &outsider, Need::Read, NOW).unwrap().side(), Side::Receiver);
    assert!(matches!(judge(&outsider, Need::Read, NOW), Err(Error::Missing)));
    let elsewhere = LetterFacts { to_office: Some(OfficeId(Uuid::from_u128(9))), ..letter.clone() };
    assert!(matches!(judge_letter(&elsewhere, &outsider, Need::Read, NOW), Err(Error::Missing)));
    let unsent = LetterFacts { to_office: None, ..letter };
    assert!(judge_letter(&unsent, &outsider, Need::Read, NOW).is_err());
}

#[test]
fn patients_and_families_of_the_addressed_office_receive_nothing() {
    for lay in [Profession::Family, Profession::Patient] {
        let outsider = facts(None, lay);
        let letter = LetterFacts {
            letter: LetterId(Uuid::from_u128(5)),
            to_office: outsider.office,
            from_office: OfficeId(Uuid::from_u128(8)),
        };
        for need in Need::ALL {
            let judged = judge_letter(&letter, &outsider, *need, NOW);
            assert!(matches!(judged, Err(Error::Missing)), "{lay:?} {need:?}");
        }
        let member = facts(seat(None, false), lay);
        assert!(judge_letter(&letter, &member, Need::Write, NOW).is_err(), "{lay:?}");
    }
}
