//! What a pathway proposes and people decide, as plain forms: agreeing, declining with a reason, noting
//! what was said on the telephone, two people at once; and the reason of a departure that nobody gave.

use renkei::acts::views;
use renkei::kernel::id::ProposalId;

use crate::support::site::Site;
use crate::support::site::in_each_site;
use crate::support::things::Hands;
use crate::support::visitor::Page;

const TITLE: &str = "臨死期と考える（日の単位）";
const DECLINE: &str = "今は進めない";
const BY_PHONE: &str = "電話などで聞いた決定を記録する";
const NOTE: &str = "決定を記録する";

fn hands(site: &Site) -> Hands<'_> {
    let ward = &site.ward;
    Hands { house: &ward.house, patient: ward.tanaka, nurse: ward.ito, doctor: ward.sato }
}

/// 伊藤 proposes that the last days have begun; a doctor has yet to agree.
fn propose(site: &Site) -> ProposalId {
    site.runtime.block_on(hands(site).propose())
}

fn plan(site: &Site) -> String {
    format!("{}/plan", site.thread())
}

/// The phase of the pathway, and how many decisions the proposal holds.
fn outcome(site: &Site, proposal: ProposalId) -> (String, usize) {
    let state = site.runtime.block_on(hands(site).state());
    let known = state.proposals.get(&proposal).unwrap();
    (state.runs.get(&known.run).unwrap().phase.clone(), known.decisions.len())
}

fn begins_with_an_error(page: &Page) {
    assert!(page.is(422).texts("title").concat().starts_with("エラー："), "{page}");
}

#[test]
fn a_doctor_agrees_to_what_the_nurse_proposed_and_the_next_phase_begins() {
    in_each_site(|site| {
        let proposal = propose(site);
        let (doctor, start) = site.signed_in("sato");
        start.says(TITLE);
        let page = doctor.get(&plan(site));
        page.is(200)
            .says("医師は必ず含みます")
            .says("2つの職種が必要です")
            .says("確認した人 訪看 伊藤 さくら");
        let (nurse, _) = site.signed_in("ito");
        let hers = nurse.get(&plan(site));
        // She has agreed by proposing: nobody counts twice.
        assert!(!hers.is(200).texts("section.proposal button").contains(&TITLE.to_owned()), "{hers}");

        let filled = page.fill(TITLE, &[("reason", "家族とも話した")]);
        doctor.submit(&filled).is(200).hides("提案のもとになること").says("臨死期");
        assert_eq!(outcome(site, proposal), ("dying".to_owned(), 2));
        // Sent twice by an impatient thumb: decided once, without a complaint.
        doctor.submit(&filled).is(200);
        assert_eq!(outcome(site, proposal), ("dying".to_owned(), 2));
        nurse.get(&site.thread()).says("提案に同意しました 佐藤 健一");
    });
}

#[test]
fn a_no_needs_its_reason_and_what_was_typed_stays() {
    in_each_site(|site| {
        let proposal = propose(site);
        let (doctor, _) = site.signed_in("sato");
        let page = doctor.get(&plan(site));
        let silent = doctor.send(&page, DECLINE, &[]);
        begins_with_an_error(&silent);
        // The sentence stands beside its field, and the field points to it.
        let beside = silent.attributes("textarea[name=reason]", "aria-describedby").concat();
        assert!(!beside.is_empty(), "{silent}");
        let told: String =
            beside.split_whitespace().map(|id| silent.texts(&format!("[id='{id}']")).concat()).collect();
        assert!(told.contains("理由を書いてください"), "{told}");
        assert_eq!(silent.attributes("input[name=verb][checked]", "value"), ["decline"]);

        let long = "食べられる日もある。".repeat(101);
        let still = doctor.send(&silent, NOTE, &[("reason", &long)]);
        begins_with_an_error(&still);
        assert_eq!(still.texts("textarea[name=reason]"), [long.as_str()]);
        assert_eq!(outcome(site, proposal).0, "stable");

        doctor.send(&still, NOTE, &[("reason", "食べられる日もある")]).is(200).hides("提案のもとになること");
        assert_eq!(outcome(site, proposal), ("stable".to_owned(), 2));
        let (nurse, _) = site.signed_in("ito");
        nurse.get(&site.thread()).says("提案を見送りました 佐藤 健一").says("食べられる日もある");
        nurse.get(&plan(site)).hides("提案のもとになること");
    });
}

#[test]
fn what_a_doctor_said_on_the_telephone_is_noted_for_him_with_the_way_it_came() {
    in_each_site(|site| {
        let proposal = propose(site);
        let (nurse, _) = site.signed_in("ito");
        let form = nurse.follow(&nurse.get(&plan(site)), BY_PHONE);
        form.is(200).says("だれの決定ですか").says("佐藤 健一（医師）").hides("松本");
        let undecided = nurse.send(&form, NOTE, &[("reason", "往診の車から電話")]);
        begins_with_an_error(&undecided);
        undecided
            .says("だれの決定かを選んでください")
            .says("進めるかどうかを選んでください")
            .says("往診の車から電話");
        // Saying yes without saying whose yes it is decides nothing, also not in the writer's own name.
        let nobodys = nurse.send(&form, NOTE, &[("verb", "confirm")]);
        begins_with_an_error(&nobodys);
        nobodys.says("だれの決定かを選んでください");
        assert_eq!(outcome(site, proposal), ("stable".to_owned(), 1));

        let sato = site.ward.sato.to_string();
        let said = [("behalf", sato.as_str()), ("channel", "phone"), ("verb", "confirm")];
        let filled = undecided.fill(NOTE, &said);
        // Someone outside the team decides nothing, whoever writes it down; nor does a pigeon.
        let stranger = nurse.submit(&filled.clone().forged("behalf", &site.ward.okada.to_string()));
        begins_with_an_error(&stranger);
        stranger.says("このチームでこの決定ができません").says("往診の車から電話").hides("岡田");
        let pigeon = nurse.submit(&filled.clone().forged("channel", "pigeon"));
        begins_with_an_error(&pigeon);
        pigeon.says("どうやって聞いたかを選んでください");
        assert_eq!(outcome(site, proposal), ("stable".to_owned(), 1));

        nurse.submit(&filled).is(200);
        assert_eq!(outcome(site, proposal), ("dying".to_owned(), 2));
        let state = site.runtime.block_on(hands(site).state());
        let decisions = &state.proposals.get(&proposal).unwrap().decisions;
        let his = decisions.iter().find(|one| one.by.person == site.ward.sato).expect("his decision");
        let through = his.through.as_ref().expect("how it came");
        assert_eq!((through.person, through.channel.as_str()), (site.ward.ito, "phone"));
        let (doctor, _) = site.signed_in("sato");
        let thread = doctor.get(&site.thread());
        thread.says("佐藤 健一さんが提案に同意しました（電話で聞いて代わりに入力） 伊藤 さくら");
        thread.says("往診の車から電話");
    });
}

#[test]
fn two_doctors_who_decide_at_once_hear_of_each_other() {
    in_each_site(|site| {
        let proposal = propose(site);
        let (doctor, _) = site.signed_in("sato");
        let (deputy, _) = site.signed_in("kimura");
        let (his, hers) = (doctor.get(&plan(site)), deputy.get(&plan(site)));
        let form = deputy.follow(&hers, BY_PHONE);
        doctor.send(&his, TITLE, &[]).is(200);
        let late = deputy.send(&hers, DECLINE, &[("reason", "まだ飲めている")]);
        late.is(409).says("ほかの人が先に変更しました").says("あなたの変更はまだ反映されていません");
        let sato = site.ward.sato.to_string();
        let fields = [("behalf", sato.as_str()), ("verb", "confirm")];
        deputy.send(&form, NOTE, &fields).is(409).says("ほかの人が先に変更しました");
        deputy.get(form.url.path()).is(409);
        assert_eq!(outcome(site, proposal), ("dying".to_owned(), 2));
    });
}

#[test]
fn nobody_outside_the_team_can_decide_or_learn_that_there_is_something_to_decide() {
    in_each_site(|site| {
        let proposal = propose(site);
        let (doctor, _) = site.signed_in("sato");
        let filled = doctor.get(&plan(site)).fill(TITLE, &[]);
        for name in ["okada", "takahashi", "nakamura", "matsumoto"] {
            let (outsider, start) = site.signed_in(name);
            start.hides(TITLE);
            let there = outsider.get(filled.action.path());
            there.is(404).hides("田中").hides(TITLE);
            let csrf = outsider.get("/account").attributes("input[name=csrf]", "value").concat();
            let sent = outsider.submit(&filled.clone().forged("csrf", &csrf));
            sent.is(404);
            outsider.get("/tasks?list=teams").hides(TITLE);
        }
        assert_eq!(outcome(site, proposal), ("stable".to_owned(), 1));
        let own = filled.action.path().replace(&proposal.to_string(), &ProposalId::new().to_string());
        doctor.get(&own).is(404);
    });
}

#[test]
fn a_check_that_was_missed_asks_for_its_reason_and_takes_it_once_more() {
    in_each_site(|site| {
        let (house, now) = (&site.ward.house, site.ward.house.now());
        let then = house.at(now.plus_seconds(-20 * 86_400));
        site.runtime.block_on(async {
            Hands { house: &then, ..hands(site) }.device_and_pathway().await;
            while house.at(now).tick_due().await.unwrap() > 0 {}
        });
        let (nurse, _) = site.signed_in("ito");
        let page = nurse.get(&plan(site));
        let form = nurse.follow(page.is(200), "理由を書く");
        form.is(200).says("予定との違いの理由");
        let silent = nurse.send(&form, "理由を書く", &[("reason", "  ")]);
        begins_with_an_error(&silent);
        silent.says("理由を書いてください");
        let written =
            nurse.send(&silent, "理由を書く", &[("cause", "family"), ("reason", "旅行で留守だった")]);
        written.is(200).says("旅行で留守だった").says("家族の都合・意向");
        let known =
            site.runtime.block_on(house.look(site.ward.sato, site.ward.tanaka, "plan", views::plan::state));
        let told = |reason: &str| {
            let variances = known.as_ref().unwrap().variances.iter();
            variances.filter(|one| one.reason.as_deref() == Some(reason)).count()
        };
        assert_eq!(told("旅行で留守だった"), 1);
    });
}
