//! The one table of addresses. A row registers its handler and says who may use it; a handler that
//! stands nowhere in here cannot be reached, what is sent is judged by its row before it is read, and the
//! access matrix is made from the same rows.

use actix_web::HttpRequest;
use actix_web::Resource;
use actix_web::Route as Handler;
use actix_web::middleware::from_fn;
use actix_web::web;
use actix_web::web::ServiceConfig;

use crate::access::Need;
use crate::web::api;
use crate::web::api::document;
use crate::web::assets;
use crate::web::handlers::account;
use crate::web::handlers::card;
use crate::web::handlers::door;
use crate::web::handlers::handover;
use crate::web::handlers::health;
use crate::web::handlers::history;
use crate::web::handlers::leaflets;
use crate::web::handlers::letters;
use crate::web::handlers::library;
use crate::web::handlers::pathways;
use crate::web::handlers::patients;
use crate::web::handlers::plan;
use crate::web::handlers::region;
use crate::web::handlers::start;
use crate::web::handlers::stays;
use crate::web::handlers::tasks;
use crate::web::handlers::team;
use crate::web::handlers::thread;
use crate::web::judged;
use crate::web::live;

/// Who may use an address: a row of the access matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    /// Anyone, signed in or not.
    Anyone,
    /// Whoever is signed in; it shows and changes what is their own.
    Member,
    /// Those of the patient's team whom the table of `access` allows this; `Missing` to everyone else.
    Patient(Need),
    /// Those of the patient's team, and the office that the form was sent to.
    Letter(Need),
    /// Administrators of the own office, and of the region.
    OfficeAdmin,
    /// Administrators of the region.
    RegionAdmin,
    /// Those who write pathways, by the table of `access::library`.
    Author,
}

/// An address.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The pattern: `/patients/{patient}`.
    pub path: &'static str,
    /// A name for tests and documents, unique in the table.
    pub name: &'static str,
    /// Who may.
    pub may: May,
}

macro_rules! routes {
    ($($method:ident $path:literal $name:literal ($may:expr) $handler:path;)*) => {
        /// Every address of the house, in the order in which they are tried.
        pub const ROUTES: &[Route] = &[
            $(Route { method: stringify!($method), path: $path, name: $name, may: $may },)*
        ];

        fn handlers() -> Vec<(&'static str, Handler)> {
            vec![$(($path, routes!(@method $method).to($handler)),)*]
        }
    };
    (@method GET) => { web::get() };
    (@method POST) => { web::post() };
    (@method PUT) => { web::put() };
}

use May::Anyone;
use May::Author;
use May::Letter;
use May::Member;
use May::OfficeAdmin;
use May::Patient;
use May::RegionAdmin;

routes! {
    // The door.
    GET "/sign-in" "sign_in_page" (Anyone) door::page;
    POST "/sign-in" "sign_in" (Anyone) door::sign_in;
    POST "/demo/sign-in" "demo_sign_in" (Anyone) door::demo_sign_in;
    POST "/sign-out" "sign_out" (Anyone) door::sign_out;
    GET "/join/{code}" "join_page" (Anyone) door::join_page;
    POST "/join/{code}" "join" (Anyone) door::join;
    POST "/reading" "reading" (Anyone) door::choose_reading;
    GET "/assets/{name}" "asset" (Anyone) assets::serve;
    GET "/healthz" "alive" (Anyone) health::alive;
    GET "/readyz" "ready" (Anyone) health::ready;
    // What asks for me.
    GET "/" "start" (Member) start::page;
    GET "/waiting" "waiting" (Member) start::part;
    GET "/live" "live" (Member) live::stream;
    // My account.
    GET "/account" "account" (Member) account::page;
    POST "/account/reading" "account_reading" (Member) account::reading;
    POST "/account/password" "account_password" (Member) account::password;
    POST "/account/sessions" "end_other_sessions" (Member) account::end_others;
    POST "/account/sessions/{session}/end" "end_session" (Member) account::end_session;
    POST "/account/tokens" "add_token" (Member) account::add_token;
    POST "/account/tokens/{token}/end" "end_token" (Member) account::end_token;
    // The region.
    GET "/region" "region" (Member) region::page;
    GET "/region/offices/{office}" "office_people" (Member) region::office_people;
    GET "/office" "own_office" (Member) region::own_office;
    POST "/office/invitations" "invite" (OfficeAdmin) region::invite;
    POST "/office/invitations/{invitation}/end" "end_invitation" (OfficeAdmin) region::end_invitation;
    POST "/office/people/{person}" "set_account" (OfficeAdmin) region::set_account;
    POST "/office/people/{person}/rank" "set_rank" (RegionAdmin) region::set_rank;
    GET "/office/people/{person}/hand-over" "hand_over_page" (OfficeAdmin) handover::page;
    POST "/office/people/{person}/hand-over" "hand_over" (OfficeAdmin) handover::hand_over;
    GET "/admin" "admin" (RegionAdmin) region::admin;
    POST "/admin/offices" "add_office" (RegionAdmin) region::add_office;
    GET "/admin/offices/{office}" "admin_office" (RegionAdmin) region::admin_office;
    POST "/admin/offices/{office}/invitations" "admin_invite" (RegionAdmin) region::admin_invite;
    GET "/admin/offices/{office}/card" "office_card" (RegionAdmin) region::office_card;
    POST "/admin/offices/{office}/card" "change_office" (RegionAdmin) region::change_office;
    // Patients.
    GET "/patients" "patients" (Member) patients::page;
    GET "/patients/new" "register_page" (Member) patients::register_page;
    POST "/patients" "register" (Member) patients::register;
    GET "/patients/{patient}/card" "card" (Patient(Need::Card)) card::page;
    POST "/patients/{patient}/card" "change_card" (Patient(Need::Card)) card::change;
    GET "/patients/{patient}/team" "team" (Patient(Need::Read)) team::page;
    POST "/patients/{patient}/team" "seat" (Patient(Need::Team)) team::seat;
    POST "/patients/{patient}/team/consent" "withdraw_consent" (Patient(Need::Card)) team::withdraw;
    POST "/patients/{patient}/team/{person}/end" "unseat" (Patient(Need::Team)) team::unseat;
    GET "/patients/{patient}/consent" "consent_page" (Patient(Need::Reconsent)) team::consent_page;
    POST "/patients/{patient}/consent" "consent_again" (Patient(Need::Reconsent)) team::consent_again;
    GET "/patients/{patient}/history" "history" (Patient(Need::Read)) history::page;
    // A patient's thread.
    GET "/patients/{patient}" "thread" (Patient(Need::Read)) thread::page;
    GET "/patients/{patient}/posts" "posts" (Patient(Need::Read)) thread::part;
    POST "/patients/{patient}/posts" "post" (Patient(Need::Post)) thread::post;
    GET "/patients/{patient}/calls" "call_page" (Patient(Need::Post)) thread::call_page;
    POST "/patients/{patient}/calls" "call" (Patient(Need::Post)) thread::call;
    GET "/patients/{patient}/posts/{post}" "one_post" (Patient(Need::Read)) thread::one;
    POST "/patients/{patient}/posts/{post}/ack" "acknowledge" (Patient(Need::Post)) thread::acknowledge;
    GET "/patients/{patient}/posts/{post}/correct" "correct_page" (Patient(Need::Post)) thread::correct_page;
    POST "/patients/{patient}/posts/{post}/correct" "correct" (Patient(Need::Post)) thread::correct;
    GET "/patients/{patient}/posts/{post}/withdraw" "withdraw_page" (Patient(Need::Post)) thread::withdraw_page;
    POST "/patients/{patient}/posts/{post}/withdraw" "withdraw" (Patient(Need::Post)) thread::withdraw;
    // A patient's plan.
    GET "/patients/{patient}/plan" "plan" (Patient(Need::Read)) plan::page;
    GET "/patients/{patient}/plan/now" "plan_part" (Patient(Need::Read)) plan::part;
    GET "/patients/{patient}/plan/timeline" "timeline" (Patient(Need::Read)) plan::timeline::page;
    GET "/patients/{patient}/plan/not-yet" "not_yet" (Patient(Need::Read)) plan::not_yet::page;
    GET "/patients/{patient}/plan/what-if" "what_if_page" (Patient(Need::Plan)) plan::what_if::page;
    POST "/patients/{patient}/plan/what-if" "what_if" (Patient(Need::Plan)) plan::what_if::suppose;
    POST "/patients/{patient}/plan/start" "start_pathway" (Patient(Need::Plan)) plan::start;
    POST "/patients/{patient}/tasks/{task}" "task" (Patient(Need::Plan)) plan::acts::task;
    GET "/patients/{patient}/tasks/{task}/skip" "skip_page" (Patient(Need::Read)) plan::forms::skip_page;
    POST "/patients/{patient}/runs/{run}" "run" (Patient(Need::Plan)) plan::acts::run;
    GET "/patients/{patient}/runs/{run}/tasks" "open_task_page" (Patient(Need::Read)) plan::forms::open_page;
    POST "/patients/{patient}/runs/{run}/tasks" "open_task" (Patient(Need::Plan)) plan::acts::open;
    GET "/patients/{patient}/proposals/{proposal}" "decide_page" (Patient(Need::Read)) plan::forms::decide_page;
    POST "/patients/{patient}/proposals/{proposal}" "decide" (Patient(Need::Plan)) plan::acts::decide;
    POST "/patients/{patient}/asks/{ask}" "answer" (Patient(Need::Plan)) plan::acts::answer;
    GET "/patients/{patient}/variances/{variance}" "explain_page" (Patient(Need::Read)) plan::forms::explain_page;
    POST "/patients/{patient}/variances/{variance}" "explain" (Patient(Need::Plan)) plan::acts::explain;
    GET "/patients/{patient}/happenings" "happenings_page" (Patient(Need::Read)) plan::happenings::page;
    POST "/patients/{patient}/happenings" "happening" (Patient(Need::Write)) plan::happenings::tell;
    GET "/patients/{patient}/happenings/{happening}" "take_back_page" (Patient(Need::Read)) plan::happenings::take_back_page;
    POST "/patients/{patient}/happenings/{happening}" "take_back" (Patient(Need::Write)) plan::happenings::take_back;
    GET "/patients/{patient}/stay" "stay_page" (Patient(Need::Read)) stays::page;
    POST "/patients/{patient}/stay" "admit" (Patient(Need::Stay)) stays::admit;
    POST "/patients/{patient}/stay/planned" "plan_discharge" (Patient(Need::Stay)) stays::plan_discharge;
    POST "/patients/{patient}/stay/discharge" "discharge" (Patient(Need::Stay)) stays::discharge;
    // Across patients.
    GET "/tasks" "tasks" (Member) tasks::page;
    GET "/tasks/list" "tasks_part" (Member) tasks::part;
    GET "/admissions" "admissions" (Member) stays::board;
    // Pathways to read.
    GET "/pathways" "pathways" (Member) pathways::list;
    GET "/pathways/{pathway}" "pathway" (Member) pathways::one;
    GET "/pathways/{pathway}/source" "pathway_source" (Member) library::source::page;
    GET "/pathways/{pathway}/compare" "compare" (Member) library::compare::page;
    GET "/pathways/{pathway}/simulate" "simulate" (Member) library::simulate::page;
    POST "/pathways/{pathway}/copy" "copy" (Author) library::drafts::copy;
    GET "/pathways/{pathway}/mark" "mark_page" (RegionAdmin) library::marks::page;
    POST "/pathways/{pathway}/mark" "mark" (RegionAdmin) library::marks::say;
    // Pathways to write, and to publish by two.
    GET "/library" "library" (Author) library::page;
    GET "/library/new" "new_draft" (Author) library::drafts::new;
    POST "/library" "bring_draft" (Author) library::drafts::keep_new;
    GET "/library/drafts/{draft}" "draft" (Author) library::drafts::page;
    GET "/library/drafts/{draft}/edit" "edit_draft_page" (Author) library::drafts::edit;
    POST "/library/drafts/{draft}/edit" "edit_draft" (Author) library::drafts::keep;
    GET "/library/drafts/{draft}/compare" "compare_draft" (Author) library::compare::of_draft;
    GET "/library/drafts/{draft}/simulate" "simulate_draft" (Author) library::simulate::of_draft;
    GET "/library/drafts/{draft}/stories" "story_page" (Author) library::stories::page;
    POST "/library/drafts/{draft}/stories" "keep_story" (Author) library::stories::keep;
    POST "/library/drafts/{draft}/stories/drop" "drop_story" (Author) library::stories::discard;
    POST "/library/drafts/{draft}/propose" "propose" (Author) library::drafts::propose;
    POST "/library/drafts/{draft}/drop" "drop_draft" (Author) library::drafts::discard;
    GET "/library/changes/{change}" "change" (Author) library::changes::page;
    POST "/library/changes/{change}" "decide_change" (Author) library::changes::decide;
    GET "/pathways/{pathway}/leaflets/{leaflet}" "leaflet" (Member) leaflets::one;
    // Forms of a patient, from the first draft to the signature.
    GET "/patients/{patient}/letters" "letters_of_patient" (Patient(Need::Read)) letters::of_patient;
    POST "/patients/{patient}/letters" "letter_begin" (Patient(Need::Write)) letters::begin;
    GET "/patients/{patient}/letters/new" "letter_new" (Patient(Need::Write)) letters::new;
    GET "/patients/{patient}/letters/{letter}" "letter_by_patient" (Letter(Need::Read)) letters::by_patient;
    GET "/patients/{patient}/letters/{letter}/edit" "letter_edit_page" (Patient(Need::Write)) letters::edit::page;
    POST "/patients/{patient}/letters/{letter}/edit" "letter_edit" (Patient(Need::Write)) letters::edit::save;
    POST "/patients/{patient}/letters/{letter}/draft" "letter_draft" (Patient(Need::Write)) letters::edit::keep;
    POST "/patients/{patient}/letters/{letter}/drop" "letter_drop" (Patient(Need::Write)) letters::edit::discard;
    GET "/patients/{patient}/letters/{letter}/check" "letter_check" (Patient(Need::Write)) letters::check::page;
    POST "/patients/{patient}/letters/{letter}/sign" "letter_sign" (Patient(Need::Write)) letters::check::sign;
    // Signed forms, for the team and for the office they were sent to.
    GET "/letters" "letters" (Member) letters::desk::page;
    GET "/letters/{letter}" "letter" (Letter(Need::Read)) letters::one::page;
    POST "/letters/{letter}/moves" "letter_move" (Letter(Need::Write)) letters::one::make_move;
    GET "/letters/{letter}/amend" "letter_amend" (Letter(Need::Write)) letters::one::amend;
    GET "/letters/{letter}/print" "letter_print" (Letter(Need::Read)) letters::paper::print;
    GET "/letters/{letter}/text" "letter_text" (Letter(Need::Read)) letters::paper::text;
    GET "/referrals" "referrals" (Member) letters::desk::referrals;
    GET "/referrals/board" "referrals_board" (Member) letters::desk::referrals_part;
    // The JSON face.
    GET "/api/v1/openapi.json" "api_document" (Anyone) document::serve;
    GET "/api/v1/me" "api_me" (Member) api::me;
    GET "/api/v1/waiting" "api_waiting" (Member) api::waiting;
    GET "/api/v1/offices" "api_offices" (Member) api::offices;
    GET "/api/v1/people" "api_people" (Member) api::people;
    POST "/api/v1/people/{person}/hand-over" "api_hand_over" (OfficeAdmin) api::hand_over;
    GET "/api/v1/patients" "api_patients" (Member) api::list;
    POST "/api/v1/patients" "api_register" (Member) api::register;
    GET "/api/v1/patients/{patient}" "api_patient" (Patient(Need::Read)) api::patient;
    GET "/api/v1/patients/{patient}/thread" "api_thread" (Patient(Need::Read)) api::thread;
    POST "/api/v1/patients/{patient}/posts" "api_new_post" (Patient(Need::Post)) api::post;
    GET "/api/v1/patients/{patient}/posts/{post}" "api_post" (Patient(Need::Read)) api::one_post;
    POST "/api/v1/patients/{patient}/posts/{post}/ack" "api_acknowledge" (Patient(Need::Post)) api::acknowledge;
    POST "/api/v1/patients/{patient}/posts/{post}/correct" "api_correct" (Patient(Need::Post)) api::correct;
    POST "/api/v1/patients/{patient}/posts/{post}/withdraw" "api_withdraw" (Patient(Need::Post)) api::withdraw;
    POST "/api/v1/patients/{patient}/calls" "api_call" (Patient(Need::Post)) api::call;
    GET "/api/v1/patients/{patient}/team" "api_team" (Patient(Need::Read)) api::team;
    POST "/api/v1/patients/{patient}/team" "api_seat" (Patient(Need::Team)) api::seat;
    POST "/api/v1/patients/{patient}/team/{person}/end" "api_unseat" (Patient(Need::Team)) api::unseat;
    PUT "/api/v1/patients/{patient}/card" "api_change_card" (Patient(Need::Card)) api::change_card;
    POST "/api/v1/patients/{patient}/consent" "api_give_consent" (Patient(Need::Reconsent)) api::give_consent;
    POST "/api/v1/patients/{patient}/consent/withdraw" "api_withdraw_consent" (Patient(Need::Card)) api::withdraw_consent;
    GET "/api/v1/patients/{patient}/history" "api_history" (Patient(Need::Read)) api::history;
    GET "/api/v1/pathways" "api_pathways" (Member) api::plans::pathways;
    GET "/api/v1/pathways/{pathway}" "api_pathway" (Member) api::library::pathway;
    GET "/api/v1/pathways/{pathway}/compare" "api_compare" (Member) api::library::differences;
    POST "/api/v1/pathways/{pathway}/simulate" "api_simulate" (Member) api::library::play;
    POST "/api/v1/pathways/{pathway}/copy" "api_copy" (Author) api::library::copy;
    GET "/api/v1/pathways/{pathway}/runs" "api_runs" (RegionAdmin) api::library::runs;
    POST "/api/v1/pathways/{pathway}/mark" "api_mark" (RegionAdmin) api::library::mark;
    GET "/api/v1/library" "api_library" (Author) api::library::overview;
    PUT "/api/v1/library/drafts/{draft}" "api_keep_draft" (Author) api::library::keep;
    GET "/api/v1/library/drafts/{draft}" "api_draft" (Author) api::library::draft;
    POST "/api/v1/library/drafts/{draft}/propose" "api_propose" (Author) api::library::propose;
    POST "/api/v1/library/drafts/{draft}/drop" "api_drop_draft" (Author) api::library::discard;
    POST "/api/v1/library/changes/{change}" "api_decide_change" (Author) api::library::decide;
    GET "/api/v1/tasks" "api_tasks" (Member) api::plans::tasks;
    GET "/api/v1/stays" "api_stays" (Member) api::plans::stays;
    GET "/api/v1/patients/{patient}/plan" "api_plan" (Patient(Need::Read)) api::plans::plan;
    GET "/api/v1/patients/{patient}/plan/not-yet" "api_not_yet" (Patient(Need::Read)) api::plans::not_yet;
    POST "/api/v1/patients/{patient}/plan/what-if" "api_what_if" (Patient(Need::Plan)) api::plans::what_if;
    POST "/api/v1/patients/{patient}/runs" "api_start" (Patient(Need::Plan)) api::plans::start;
    POST "/api/v1/patients/{patient}/runs/{run}" "api_run" (Patient(Need::Plan)) api::plans::run;
    POST "/api/v1/patients/{patient}/tasks" "api_open_task" (Patient(Need::Plan)) api::plans::open;
    POST "/api/v1/patients/{patient}/tasks/{task}" "api_task" (Patient(Need::Plan)) api::plans::task;
    POST "/api/v1/patients/{patient}/proposals/{proposal}" "api_decide" (Patient(Need::Plan)) api::plans::decide;
    POST "/api/v1/patients/{patient}/asks/{ask}" "api_answer" (Patient(Need::Plan)) api::plans::answered;
    POST "/api/v1/patients/{patient}/variances/{variance}" "api_explain" (Patient(Need::Plan)) api::plans::explain;
    POST "/api/v1/patients/{patient}/happenings" "api_happening" (Patient(Need::Write)) api::plans::happened;
    POST "/api/v1/patients/{patient}/happenings/{happening}/take-back" "api_take_back" (Patient(Need::Write)) api::plans::take_back;
    POST "/api/v1/patients/{patient}/stay" "api_admit" (Patient(Need::Stay)) api::plans::admit;
    POST "/api/v1/patients/{patient}/stay/planned" "api_plan_discharge" (Patient(Need::Stay)) api::plans::plan_discharge;
    POST "/api/v1/patients/{patient}/stay/discharge" "api_discharge" (Patient(Need::Stay)) api::plans::discharge;
    GET "/api/v1/letters" "api_letters" (Member) api::letters::desk;
    GET "/api/v1/letters/{letter}" "api_letter" (Letter(Need::Read)) api::letters::one;
    POST "/api/v1/letters/{letter}/moves" "api_letter_move" (Letter(Need::Write)) api::letters::make_move;
    GET "/api/v1/patients/{patient}/letters" "api_letters_of_patient" (Patient(Need::Read)) api::letters::of_patient;
    PUT "/api/v1/patients/{patient}/letters/{letter}/draft" "api_letter_draft" (Patient(Need::Write)) api::letters::draft;
    POST "/api/v1/patients/{patient}/letters/{letter}/sign" "api_letter_sign" (Patient(Need::Write)) api::letters::sign;
}

/// Registers the table: one resource per pattern, so that a known address with another method is told
/// so instead of "not found".
pub fn register(config: &mut ServiceConfig) {
    let mut resources: Vec<(&'static str, Resource)> = Vec::new();
    for (path, handler) in handlers() {
        let resource = match resources.iter().position(|(known, _)| *known == path) {
            Some(at) => resources.swap_remove(at).1,
            None => web::resource(path),
        };
        resources.push((path, resource.route(handler)));
    }
    let order = |path: &str| ROUTES.iter().position(|route| route.path == path);
    resources.sort_by_key(|(path, _)| order(path));
    for (_, resource) in resources {
        config.service(resource.wrap(from_fn(judged::judge)));
    }
}

/// The row of an address that a request was matched to.
pub(super) fn row(request: &HttpRequest) -> Option<&'static Route> {
    let pattern = request.match_pattern()?;
    ROUTES.iter().find(|route| route.path == pattern && route.method == request.method().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_name_and_an_address_stand_once_in_the_table() {
        let names: HashSet<_> = ROUTES.iter().map(|route| route.name).collect();
        let addresses: HashSet<_> = ROUTES.iter().map(|route| (route.method, route.path)).collect();
        assert_eq!((names.len(), addresses.len()), (ROUTES.len(), ROUTES.len()));
    }
}
