//! Journey 5 as plain forms: signs recorded at two visits let the pathway propose the last days, two
//! people of two professions decide, and improvement brings the patient back.

use crate::http_letters::CHECK;
use crate::http_letters::press;
use crate::http_letters::told;
use crate::support::site::Site;
use crate::support::site::in_each_site;
use crate::support::visitor::Page;
use crate::support::visitor::Visitor;

pub const DYING: &str = "臨死期と考える（日の単位）";
pub const RECOVERED: &str = "持ち直した";

pub fn plan(site: &Site) -> String {
    format!("{}/plan", site.thread())
}

/// The doctor starts the pathway, tells of his first visit, and moves on to the decline.
pub fn weeks_are_expected(site: &Site, doctor: &Visitor) -> Page {
    let start = doctor.get(&plan(site));
    let hash = site.ward.house.library().pathways.current("end-of-life").unwrap().hash.clone();
    let running = doctor.send(&start, "このパスを始める", &[("pathway", &hash)]);
    let happened = doctor.follow(&running, "あったことの記録");
    doctor.send(&happened, "記録する", &[("concept", "visit.doctor")]).is(200);
    let mut page = doctor.get(&plan(site));
    for to in ["stable", "decline"] {
        page =
            doctor.send(&page, "この段階へ移る", &[("to", to), ("reason", "食事が減り、眠る時間が増えた")]);
        page.is(200);
    }
    page.says("悪化期").hides("提案のもとになること");
    page
}

/// The nurse fills and signs the day's sheet: what she saw, the rest answered 不明.
#[track_caller]
fn visit(site: &Site, nurse: &Visitor, seen: &[(&str, &str)]) {
    let letters = nurse.get(&format!("{}/letters", site.thread()));
    let form = nurse.send(&letters, "eol-daily", &[]);
    let today = site.ward.house.now().day().to_string();
    let mut story = vec![("f.seen_on", today.as_str()), ("f.pps", "20"), ("f.nrs_now", "2")];
    story.extend(seen);
    let check = press(nurse, form.is(200), CHECK, &told(&form, &story));
    nurse.send(check.is(200), "署名する", &[]).is(200).says("署名済");
}

#[test]
fn two_signs_at_two_visits_propose_the_last_days_and_two_professions_decide() {
    in_each_site(|site| {
        let (doctor, _) = site.signed_in("sato");
        let (nurse, _) = site.signed_in("ito");
        weeks_are_expected(site, &doctor);
        nurse.get(&plan(site)).says("夜の体制を決める").hides(DYING_TASK);

        // One sign of four, the others not looked at: unknown is no sign, and no proposal.
        visit(site, &nurse, &[("f.bed_bound", "true")]);
        let unsure = nurse.get(&plan(site));
        unsure.hides("提案のもとになること");
        // A second sign at the next visit: now it is proposed, with what it rests on.
        visit(site, &nurse, &[("f.bed_bound", "true"), ("f.sips_only", "true")]);
        let (_, start) = site.signed_in("sato");
        start.says(DYING);
        let proposed = doctor.get(&plan(site));
        proposed
            .says("提案のもとになること")
            .says("一日中ベッドで過ごす")
            .says("ほとんど飲食できない")
            .says("伊藤 さくら");
        proposed.says("2つの職種が必要です").says("医師は必ず含みます");

        // One alone changes nothing, whoever it is.
        let one = nurse.send(&nurse.get(&plan(site)), DYING, &[]);
        one.is(200)
            .says("提案のもとになること")
            .says("確認した人 訪看 伊藤 さくら")
            .says("夜の体制を決める")
            .hides(DYING_TASK);
        let both = doctor.send(&doctor.get(&plan(site)), DYING, &[("reason", "家族とも話した")]);
        both.is(200).says(DYING_TASK).hides("提案のもとになること");
        // What belonged to the decline is closed with its reason, not lost.
        both.says("夜の体制を決める").says("取りやめ：段階が変わったため");
        nurse.get(&site.thread()).says("提案に同意しました 佐藤 健一").says("「臨死期」に入りました");

        // Nobody has written down whether an ambulance is wished: asked for once, and it opens nothing.
        let asked = || nurse.get(&plan(site)).body.matches("記録してください: 急変時の救急車").count();
        assert_eq!(asked(), 1);
        visit(site, &nurse, &[("f.bed_bound", "true"), ("f.sips_only", "true")]);
        assert_eq!(asked(), 1);
        both.hides("救急車をどうするか、家族ともう一度決める");
        let leaflet = nurse.follow(&nurse.get(&plan(site)), "渡すもの：「お別れが近づいたときのこと」");
        leaflet.is(200).says("息が止まったら").says("看護師、主治医、副主治医、病院の順です").says("出典");
    });
}

#[test]
fn whoever_recovers_comes_back_and_the_way_back_stays_on_the_plan() {
    in_each_site(|site| {
        let (doctor, _) = site.signed_in("sato");
        let (nurse, _) = site.signed_in("ito");
        weeks_are_expected(site, &doctor);
        visit(site, &nurse, &[("f.bed_bound", "true"), ("f.sips_only", "true")]);
        nurse.send(&nurse.get(&plan(site)), DYING, &[]).is(200);
        doctor.send(&doctor.get(&plan(site)), DYING, &[]).is(200).says(DYING_TASK);

        visit(site, &nurse, &[("f.bed_bound", "false"), ("f.sips_only", "false")]);
        let better = doctor.get(&plan(site));
        better.says(RECOVERED).says("提案のもとになること");
        let no_one_else = nurse.get(&plan(site));
        assert!(
            !no_one_else.texts("section.proposal button").contains(&RECOVERED.to_owned()),
            "the doctor decides"
        );
        let back = doctor.send(&better, RECOVERED, &[]);
        back.is(200).says("夜の体制を決める").says("状態が持ち直した").hides("提案のもとになること");
        nurse.get(&site.thread()).says("「悪化期」に入りました");
    });
}

/// A task of the last days.
pub const DYING_TASK: &str = "今夜だれが看取りに行くか書く";
