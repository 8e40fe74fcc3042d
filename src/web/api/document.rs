//! The description of the JSON face (`/api/v1/openapi.json`), made from the same table of addresses
//! that registers it. An address without a line in here, or a line without an address, fails a test.

use actix_web::HttpResponse;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::web::routes::ROUTES;

/// Where the JSON face lies.
const FACE: &str = "/api/v1";

/// What an operation does, what it takes and what it answers, by the name of its address.
struct Operation {
    name: &'static str,
    does: &'static str,
    /// The fields of the body: name, type, whether it must be there.
    takes: &'static [(&'static str, &'static str, bool)],
    answers: &'static str,
}

const fn reads(name: &'static str, does: &'static str, answers: &'static str) -> Operation {
    Operation { name, does, takes: &[], answers }
}

const ENTRY: (&str, &str, bool) = ("entry", "uuid", true);
const REASON: (&str, &str, bool) = ("reason", "string", true);

const OPERATIONS: &[Operation] = &[
    reads("api_document", "This document.", "object"),
    reads("api_me", "Whose token this is.", "object"),
    reads(
        "api_waiting",
        "What asks for this person: asks, threads with unread posts, runs that need attention.",
        "object",
    ),
    reads("api_offices", "The offices of the region.", "array"),
    reads("api_people", "The people of the region.", "array"),
    Operation {
        name: "api_hand_over",
        does: "Hands over what someone held whose account is suspended or ended: to a colleague of the same \
               profession, or back to it. One act for each record; sent again, it goes on. Answers numbers only.",
        takes: &[ENTRY, ("to", "uuid", false)],
        answers: "object",
    },
    reads("api_patients", "This person's patients.", "array"),
    Operation {
        name: "api_register",
        does: "Registers a patient with the consent on which all sharing rests.",
        takes: &[ENTRY, ("card", "PatientCard", true), ("consent", "Consent", true)],
        answers: "object",
    },
    reads("api_patient", "A patient's card.", "object"),
    reads(
        "api_thread",
        "A page of the thread, oldest line first; `before` a number for earlier ones.",
        "object",
    ),
    reads("api_post", "One post with its versions and who was reached, opened, acknowledged.", "object"),
    Operation {
        name: "api_new_post",
        does: "Posts on the thread. Sending the same entry again returns the first one's number.",
        takes: &[
            ENTRY,
            ("text", "string", true),
            ("kind", "PostKind", false),
            ("urgency", "Urgency", false),
            ("to", "AskTo", false),
            ("due", "moment", false),
            ("answers", "integer", false),
            ("called", "string", false),
            ("audience", "Audience", false),
            ("client_at", "moment", false),
        ],
        answers: "Made",
    },
    Operation { name: "api_acknowledge", does: "Acknowledges a post.", takes: &[ENTRY], answers: "" },
    Operation {
        name: "api_correct",
        does: "Corrects one's own post; the first version stays readable.",
        takes: &[ENTRY, ("text", "string", true), REASON],
        answers: "Made",
    },
    Operation {
        name: "api_withdraw",
        does: "Strikes one's own post through.",
        takes: &[ENTRY, REASON],
        answers: "Made",
    },
    Operation {
        name: "api_call",
        does: "Notes a telephone call.",
        takes: &[ENTRY, ("to", "string", true), ("outcome", "string", true)],
        answers: "Made",
    },
    reads("api_team", "The team, ended seats last.", "array"),
    Operation {
        name: "api_seat",
        does: "Seats someone in the team, for good or until a moment.",
        takes: &[
            ENTRY,
            ("person", "uuid", true),
            ("role", "SeatRole", false),
            ("until", "moment", false),
            ("reason", "string", false),
        ],
        answers: "",
    },
    Operation { name: "api_unseat", does: "Ends someone's seat.", takes: &[ENTRY, REASON], answers: "" },
    Operation {
        name: "api_change_card",
        does: "Changes the patient's card.",
        takes: &[ENTRY, ("card", "PatientCard", true), REASON],
        answers: "",
    },
    Operation {
        name: "api_give_consent",
        does: "Records that consent was given again: the record opens.",
        takes: &[ENTRY, ("consent", "Consent", true)],
        answers: "",
    },
    Operation {
        name: "api_withdraw_consent",
        does: "Records that consent was withdrawn: the record freezes for everyone.",
        takes: &[ENTRY, REASON],
        answers: "",
    },
    reads("api_history", "Who opened the record, and who changed it.", "object"),
    reads("api_pathways", "The pathways offered for new runs.", "array"),
    reads(
        "api_plan",
        "A patient's plan: runs, tasks, proposals, asks, departures, and why each is there.",
        "object",
    ),
    reads(
        "api_not_yet",
        "Why a way out is not proposed, a rule has not fired, a task has not come up; and when time alone changes that.",
        "object",
    ),
    Operation {
        name: "api_what_if",
        does: "What would follow if someone confirmed, declined or moved on, a task were done, something were known, \
               or nothing happened until then. `suppose` says which; the other fields belong to it. Nothing is written.",
        takes: &[
            ("suppose", "string", true),
            ("proposal", "uuid", false),
            ("person", "uuid", false),
            ("run", "uuid", false),
            ("to", "string", false),
            ("task", "uuid", false),
            ("concept", "string", false),
            ("value", "FactValue", false),
            ("at", "moment", false),
        ],
        answers: "object",
    },
    reads(
        "api_tasks",
        "Open tasks of a worklist (`list` mine, office or teams; `patient`, `role`, `pathway`, `state` narrow it), \
         overdue first, and proposals that wait.",
        "object",
    ),
    Operation {
        name: "api_start",
        does: "Starts a pathway by its hash; refused with what must be recorded before.",
        takes: &[ENTRY, ("run", "uuid", true), ("pathway", "string", true)],
        answers: "",
    },
    Operation {
        name: "api_run",
        does: "Suspends, resumes or stops a run, or raises a way out of its phase.",
        takes: &[ENTRY, ("verb", "RunVerb", true), ("reason", "string", false), ("to", "string", false)],
        answers: "",
    },
    Operation {
        name: "api_open_task",
        does: "Opens a task by hand: one that the pathway lists, or one of the person's own.",
        takes: &[
            ENTRY,
            ("run", "uuid", true),
            ("listed", "string", false),
            ("title", "string", false),
            ("role", "string", false),
            ("due", "moment", false),
            REASON,
        ],
        answers: "",
    },
    Operation {
        name: "api_task",
        does: "Claims, releases, does or skips a task; skipping needs cause and reason.",
        takes: &[ENTRY, ("verb", "TaskVerb", true), ("cause", "Cause", false), ("reason", "string", false)],
        answers: "",
    },
    Operation {
        name: "api_decide",
        does: "Confirms or declines a proposal, oneself or as heard from someone of the team.",
        takes: &[
            ENTRY,
            ("choice", "Choice", true),
            ("reason", "string", false),
            ("behalf", "uuid", false),
            ("channel", "Channel", false),
        ],
        answers: "",
    },
    Operation {
        name: "api_answer",
        does: "Notes that what a pathway asked was answered.",
        takes: &[ENTRY],
        answers: "",
    },
    Operation {
        name: "api_explain",
        does: "Gives the reason of a departure from a pathway.",
        takes: &[ENTRY, ("cause", "Cause", true), REASON],
        answers: "",
    },
    Operation {
        name: "api_happening",
        does: "Tells that something happened outside any form, such as a visit; concepts told by hand only.",
        takes: &[ENTRY, ("concept", "string", true), ("at", "moment", true)],
        answers: "",
    },
    Operation {
        name: "api_take_back",
        does: "Takes back what was told to have happened; pathways no longer count it.",
        takes: &[ENTRY, REASON],
        answers: "",
    },
    reads(
        "api_pathway",
        "A pathway's file, and its versions with the two people who published each.",
        "object",
    ),
    reads(
        "api_compare",
        "What differs between two versions, `from` and `to` by their hashes, in words.",
        "object",
    ),
    Operation {
        name: "api_simulate",
        does: "Plays a pathway forward on a made-up patient; `facts` are concepts and their values.",
        takes: &[("from", "day", true), ("days", "integer", true), ("facts", "object", false)],
        answers: "Course",
    },
    Operation {
        name: "api_copy",
        does: "Makes the region's own version of a pathway, as a draft that names its origin.",
        takes: &[("draft", "uuid", true)],
        answers: "object",
    },
    reads("api_runs", "How many runs a version has; numbers only.", "object"),
    Operation {
        name: "api_mark",
        does: "Says of a version that it starts no more, that all its runs rest, or takes that back.",
        takes: &[ENTRY, ("mark", "Mark", true), REASON],
        answers: "",
    },
    reads("api_library", "Drafts of pathways, and what was proposed for publishing.", "object"),
    Operation {
        name: "api_keep_draft",
        does: "Keeps a draft, sound or not, and answers everything that is found in it; `base` is what the last answer said.",
        takes: &[("text", "string", true), ("base", "string", false), ("stories", "array", false)],
        answers: "Draft",
    },
    reads("api_draft", "A draft with everything that is found in it.", "Draft"),
    Operation {
        name: "api_propose",
        does: "Proposes one's own sound draft, as it stands under its hash.",
        takes: &[ENTRY, ("hash", "string", true), REASON],
        answers: "object",
    },
    Operation { name: "api_drop_draft", does: "Throws one's own draft away.", takes: &[ENTRY], answers: "" },
    Operation {
        name: "api_decide_change",
        does: "Confirms what somebody else proposed, which publishes it, or turns it down with a reason.",
        takes: &[ENTRY, ("verb", "ChangeVerb", true), ("reason", "string", false)],
        answers: "",
    },
    reads("api_stays", "Current stays in this person's teams, the nearest discharge first.", "array"),
    Operation {
        name: "api_admit",
        does: "Records an admission: the home pathways rest until discharge.",
        takes: &[
            ENTRY,
            ("hospital", "uuid", true),
            ("at", "moment", true),
            ("ward", "string", false),
            ("planned", "moment", false),
            ("reason", "string", false),
            ("guest", "Guest", false),
        ],
        answers: "",
    },
    Operation {
        name: "api_plan_discharge",
        does: "Records the planned day of discharge.",
        takes: &[ENTRY, ("at", "moment", true)],
        answers: "",
    },
    Operation {
        name: "api_discharge",
        does: "Records a discharge: the home pathways go on.",
        takes: &[ENTRY, ("at", "moment", true)],
        answers: "",
    },
    reads(
        "api_letters",
        "Forms sent to this person's office, those of their teams, and their drafts; nearest deadline first.",
        "object",
    ),
    reads(
        "api_letter",
        "One signed form with its versions, its moves, and the moves that this person may make now.",
        "object",
    ),
    Operation {
        name: "api_letter_move",
        does: "Moves a form; `from` is the state that was seen, `through` how the other side told of it.",
        takes: &[
            ENTRY,
            ("from", "string", true),
            ("move", "string", true),
            ("told", "Answers", false),
            ("to_office", "uuid", false),
            ("through", "Proxy", false),
        ],
        answers: "",
    },
    reads("api_letters_of_patient", "A patient's signed forms, those that moved last first.", "array"),
    Operation {
        name: "api_letter_draft",
        does: "Keeps one's own unsigned work on a form.",
        takes: &[
            ("form", "string", true),
            ("answers", "Answers", true),
            ("task", "uuid", false),
            ("about", "uuid", false),
        ],
        answers: "",
    },
    Operation {
        name: "api_letter_sign",
        does: "Signs a form, or a corrected version of one with the reason.",
        takes: &[
            ENTRY,
            ("form", "string", true),
            ("answers", "Answers", true),
            ("task", "uuid", false),
            ("about", "uuid", false),
            ("to_office", "uuid", false),
            ("supersedes", "integer", false),
            ("reason", "string", false),
        ],
        answers: "",
    },
];

/// `GET /api/v1/openapi.json`
pub async fn serve() -> HttpResponse {
    HttpResponse::Ok().json(document())
}

/// The document.
pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES.iter().filter(|route| route.path.starts_with(FACE)) {
        let Some(operation) = OPERATIONS.iter().find(|one| one.name == route.name) else { continue };
        let place = paths.entry(route.path.to_owned()).or_insert_with(|| json!({}));
        if let Some(place) = place.as_object_mut() {
            place.insert(route.method.to_lowercase(), describe(route.path, operation));
        }
    }
    let schemas = schemas().as_object().cloned().unwrap_or_default().into_iter();
    let more = schemas_of_library().map(|(name, schema)| (name.to_owned(), schema));
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Renkei", "version": env!("CARGO_PKG_VERSION"),
                  "description": "The shared care record for programs. A token is made on the account page; it may do what its owner may. Moments are microseconds since 1970-01-01T00:00:00Z. Ids of entries are made by the client before its first try (UUID version 7)." },
        "paths": paths,
        "components": { "schemas": schemas.chain(more).collect::<Map<String, Value>>(), "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } } },
        "security": [{ "token": [] }],
    })
}

fn describe(path: &str, operation: &Operation) -> Value {
    let mut parameters: Vec<Value> = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            let kind = match name {
                "post" => "integer",
                "pathway" => "string",
                _ => "uuid",
            };
            json!({ "name": name, "in": "path", "required": true, "schema": schema(kind) })
        })
        .collect();
    if operation.name == "api_thread" {
        parameters.push(json!({ "name": "before", "in": "query", "schema": schema("integer") }));
    }
    if operation.name == "api_tasks" {
        let lists = json!({ "type": "string", "enum": ["mine", "office", "teams"] });
        parameters.push(json!({ "name": "list", "in": "query", "schema": lists }));
    }
    if operation.name == "api_compare" {
        let hashes =
            ["from", "to"].map(|name| json!({ "name": name, "in": "query", "schema": schema("string") }));
        parameters.extend(hashes);
    }
    let status = match operation.answers {
        "" => "204",
        "Course" | "Draft" => "200",
        "Made" => "201",
        _ if operation.takes.is_empty() => "200",
        _ => "201",
    };
    let good = match operation.answers {
        "" => json!({ "description": "Done." }),
        kind => {
            json!({ "description": "As asked.", "content": { "application/json": { "schema": schema(kind) } } })
        }
    };
    let problem = json!({ "description": "What went wrong, what is safe, what to do next.",
        "content": { "application/problem+json": { "schema": schema("Problem") } } });
    let mut described = json!({ "operationId": operation.name, "summary": operation.does,
        "parameters": parameters, "responses": { status: good, "default": problem } });
    if let (false, Some(described)) = (operation.takes.is_empty(), described.as_object_mut()) {
        described.insert(
            "requestBody".to_owned(),
            json!({ "required": true, "content": { "application/json": { "schema": object(operation.takes) } } }),
        );
    }
    described
}

fn object(fields: &[(&str, &str, bool)]) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|(name, kind, _)| ((*name).to_owned(), schema(kind))).collect();
    let must: Vec<&str> = fields.iter().filter(|(.., must)| *must).map(|(name, ..)| *name).collect();
    json!({ "type": "object", "properties": properties, "required": must, "additionalProperties": false })
}

fn schema(kind: &str) -> Value {
    match kind {
        "uuid" => json!({ "type": "string", "format": "uuid" }),
        "moment" => {
            json!({ "type": "integer", "format": "int64", "description": "Microseconds since 1970." })
        }
        "day" => json!({ "type": "string", "format": "date" }),
        "integer" => json!({ "type": "integer", "format": "int64" }),
        "string" => json!({ "type": "string" }),
        "object" | "array" => json!({ "type": kind }),
        named => json!({ "$ref": format!("#/components/schemas/{named}") }),
    }
}

/// What the library's addresses speak of.
fn schemas_of_library() -> [(&'static str, Value); 4] {
    let (text, words) = (schema("string"), |codes: &[&str]| json!({ "type": "string", "enum": codes }));
    [
        ("Mark", words(&["stop", "allow", "suspend", "resume"])),
        ("ChangeVerb", words(&["confirm", "turn_down"])),
        (
            "Draft",
            json!({ "type": "object", "properties": { "id": schema("uuid"), "text": text, "base": text,
                    "hash": text, "findings": schema("array"), "origin": text,
                    "stories": schema("array"), "proof": schema("object") } }),
        ),
        (
            "Course",
            json!({ "type": "object", "properties": { "days": schema("array"),
                    "cut_off": { "type": "boolean" } } }),
        ),
    ]
}

fn schemas() -> Value {
    let words = |codes: &[&str]| json!({ "type": "string", "enum": codes });
    let lines = json!({ "type": "array", "items": { "type": "string" } });
    let text = schema("string");
    json!({
        "PostKind": words(&["note", "report", "question", "request", "order_notice", "acp"]),
        "Urgency": words(&["normal", "today", "now"]),
        "Audience": words(&["staff", "team"]),
        "SeatRole": words(&["member", "main", "deputy"]),
        "RunVerb": words(&["suspend", "resume", "stop", "raise"]),
        "TaskVerb": words(&["claim", "release", "done", "skip"]),
        "Cause": words(&["patient", "family", "staff", "organisation", "region"]),
        "Choice": words(&["confirm", "decline"]),
        "Channel": words(&crate::acts::plans::CHANNELS),
        "Guest": { "type": "object", "required": ["person", "until"],
                   "properties": { "person": schema("uuid"), "until": schema("moment") } },
        "AskTo": { "oneOf": [
            { "type": "object", "properties": { "person": schema("uuid") }, "required": ["person"] },
            { "type": "object", "properties": { "profession": text }, "required": ["profession"] } ] },
        "Answers": { "type": "object", "additionalProperties": true },
        "FactValue": { "description": "As the concept reads it: true or false, a number, text or a code, codes." },
        "Proxy": words(&["phone", "fax", "paper"]),
        "Made": { "type": "object", "properties": { "seq": schema("integer") }, "required": ["seq"] },
        "Consent": { "type": "object", "required": ["on", "method", "explained_by"], "properties": {
            "on": schema("day"), "method": words(&["written", "spoken", "representative"]),
            "explained_by": text, "representative": text, "scope": text } },
        "PatientCard": { "type": "object", "required": ["name", "kana", "birth"], "properties": {
            "name": text, "kana": text, "birth": schema("day"), "sex": words(&["female", "male", "unknown"]),
            "address": text, "tel": text, "insured": text, "care_level": text, "care_from": schema("day"),
            "care_until": schema("day"), "alerts": lines, "diseases": lines, "key_person": text,
            "backup_hospital": text,
            "allergies": { "type": "object", "required": ["state"], "properties": {
                "state": words(&["unknown", "none_known", "known"]), "what": lines } } } },
        "Problem": { "type": "object", "required": ["type", "title", "status", "code"], "properties": {
            "type": text, "title": text, "status": schema("integer"), "code": text, "what": schema("object"),
            "safe": schema("object"), "next": schema("object"), "flaws": schema("array"), "reference": text } },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_the_face_is_described_and_every_description_has_its_address() {
        for route in ROUTES.iter().filter(|route| route.path.starts_with(FACE)) {
            let described = OPERATIONS.iter().filter(|one| one.name == route.name).count();
            assert_eq!(described, 1, "{} {}", route.method, route.path);
        }
        for operation in OPERATIONS {
            assert!(ROUTES.iter().any(|route| route.name == operation.name), "{}", operation.name);
        }
        let document = document();
        let methods: usize = document["paths"]
            .as_object()
            .unwrap()
            .values()
            .map(|place| place.as_object().unwrap().len())
            .sum();
        assert_eq!(methods, OPERATIONS.len());
    }

    #[test]
    fn every_type_that_is_named_is_explained() {
        let document = document();
        let text = document.to_string();
        for named in text.split("#/components/schemas/").skip(1) {
            let name = named.split('"').next().unwrap();
            assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
        }
    }
}
