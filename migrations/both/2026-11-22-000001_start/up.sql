-- One source for SQLite and PostgreSQL. Ids are 16 bytes, moments are microseconds UTC,
-- words are sealed blobs. SQLite stores whatever bytes it is given in a BYTEA column.

-- The region this database belongs to; `key_check` opens only with the region's own key.
CREATE TABLE region (
    id BYTEA NOT NULL PRIMARY KEY,
    epoch BYTEA NOT NULL,
    key_check BYTEA NOT NULL,
    recovery_confirmed BOOLEAN NOT NULL
);

-- The log ---------------------------------------------------------------------------------

CREATE TABLE head (
    log BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    touched_at BIGINT NOT NULL
);
CREATE INDEX head_touched ON head (touched_at);

CREATE TABLE data_key (
    log BYTEA NOT NULL PRIMARY KEY,
    wrapped BYTEA NOT NULL
);

CREATE TABLE entry (
    log BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    id BYTEA NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    source TEXT NOT NULL,
    author BYTEA,
    behalf BYTEA,
    at BIGINT NOT NULL,
    client_at BIGINT,
    audience TEXT NOT NULL,
    digest BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    sealed BYTEA,
    PRIMARY KEY (log, seq)
);
CREATE UNIQUE INDEX entry_id ON entry (log, id);

-- Projections of the register ----------------------------------------------------------------

CREATE TABLE office (
    id BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    seq BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);

CREATE TABLE person (
    id BYTEA NOT NULL PRIMARY KEY,
    office BYTEA NOT NULL,
    profession TEXT NOT NULL,
    rank TEXT NOT NULL,
    state TEXT NOT NULL,
    sign_in BYTEA NOT NULL UNIQUE,
    seq BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE INDEX person_office ON person (office);

CREATE TABLE invitation (
    id BYTEA NOT NULL PRIMARY KEY,
    code BYTEA NOT NULL UNIQUE,
    office BYTEA NOT NULL,
    profession TEXT NOT NULL,
    rank TEXT NOT NULL,
    state TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);

CREATE TABLE definition (
    hash TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    version TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    seq BIGINT NOT NULL
);
CREATE INDEX definition_code ON definition (kind, code);

-- Projections of the patients' records ------------------------------------------------------

CREATE TABLE patient (
    id BYTEA NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    consent TEXT NOT NULL,
    owner BYTEA NOT NULL,
    twin BYTEA NOT NULL,
    insured BYTEA,
    seq BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE UNIQUE INDEX patient_number ON patient (number);
CREATE INDEX patient_twin ON patient (twin);

CREATE TABLE seat (
    patient BYTEA NOT NULL,
    person BYTEA NOT NULL,
    role TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT,
    ended_at BIGINT,
    seq BIGINT NOT NULL,
    PRIMARY KEY (patient, person)
);
CREATE INDEX seat_person ON seat (person, patient);

CREATE TABLE post (
    patient BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    author BYTEA NOT NULL,
    current_seq BIGINT NOT NULL,
    state TEXT NOT NULL,
    answers BIGINT,
    PRIMARY KEY (patient, seq)
);
CREATE INDEX post_answers ON post (patient, answers);

CREATE TABLE ack (
    patient BYTEA NOT NULL,
    post BIGINT NOT NULL,
    person BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (patient, post, person)
);

CREATE TABLE ask (
    id BYTEA NOT NULL PRIMARY KEY,
    patient BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    author BYTEA,
    to_person BYTEA,
    to_profession TEXT,
    due_at BIGINT,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX ask_patient ON ask (patient, state);

CREATE TABLE run (
    id BYTEA NOT NULL PRIMARY KEY,
    patient BYTEA NOT NULL,
    pathway TEXT NOT NULL,
    hash TEXT NOT NULL,
    phase TEXT NOT NULL,
    state TEXT NOT NULL,
    seq BIGINT NOT NULL
);
CREATE INDEX run_patient ON run (patient);

CREATE TABLE task (
    id BYTEA NOT NULL PRIMARY KEY,
    patient BYTEA NOT NULL,
    run BYTEA NOT NULL,
    code TEXT NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    form TEXT,
    from_at BIGINT,
    due_at BIGINT,
    late_at BIGINT,
    holder BYTEA,
    seq BIGINT NOT NULL
);
CREATE INDEX task_patient ON task (patient, state);

CREATE TABLE proposal (
    id BYTEA NOT NULL PRIMARY KEY,
    patient BYTEA NOT NULL,
    run BYTEA NOT NULL,
    to_phase TEXT NOT NULL,
    state TEXT NOT NULL,
    due_at BIGINT,
    seq BIGINT NOT NULL
);
CREATE INDEX proposal_patient ON proposal (patient, state);

CREATE TABLE timer (
    patient BYTEA NOT NULL PRIMARY KEY,
    due_at BIGINT NOT NULL
);
CREATE INDEX timer_due ON timer (due_at);

-- A cache of the engine's state; the record's plan entries are the truth.
CREATE TABLE plan (
    patient BYTEA NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    trouble BOOLEAN NOT NULL,
    sealed BYTEA NOT NULL
);

CREATE TABLE letter (
    id BYTEA NOT NULL PRIMARY KEY,
    patient BYTEA NOT NULL,
    form TEXT NOT NULL,
    form_hash TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    author BYTEA NOT NULL,
    from_office BYTEA NOT NULL,
    to_office BYTEA,
    task BYTEA,
    about BYTEA,
    clock_at BIGINT,
    signed_seq BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX letter_patient ON letter (patient, changed_at);
CREATE INDEX letter_to ON letter (to_office, state);

CREATE TABLE stay (
    id BYTEA NOT NULL PRIMARY KEY,
    patient BYTEA NOT NULL,
    hospital BYTEA NOT NULL,
    admitted_at BIGINT NOT NULL,
    planned_at BIGINT,
    discharged_at BIGINT,
    seq BIGINT NOT NULL
);
CREATE INDEX stay_patient ON stay (patient);
CREATE INDEX stay_hospital ON stay (hospital, discharged_at);

CREATE TABLE looked (
    log BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    line INTEGER NOT NULL,
    patient BYTEA NOT NULL,
    person BYTEA NOT NULL,
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (log, seq, line)
);
CREATE INDEX looked_patient ON looked (patient, at);

-- Not history: the second door ------------------------------------------------------------

CREATE TABLE mark (
    patient BYTEA NOT NULL,
    person BYTEA NOT NULL,
    reached BIGINT NOT NULL,
    opened BIGINT NOT NULL,
    opened_at BIGINT,
    PRIMARY KEY (patient, person)
);

CREATE TABLE draft (
    id BYTEA NOT NULL,
    person BYTEA NOT NULL,
    patient BYTEA NOT NULL,
    form TEXT NOT NULL,
    form_hash TEXT NOT NULL,
    task BYTEA,
    about BYTEA,
    base_seq BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (id, person)
);
CREATE INDEX draft_patient ON draft (patient, person);

CREATE TABLE credential (
    person BYTEA NOT NULL PRIMARY KEY,
    phc TEXT NOT NULL,
    lang TEXT NOT NULL,
    large BOOLEAN NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE session (
    id BYTEA NOT NULL PRIMARY KEY,
    mac BYTEA NOT NULL UNIQUE,
    person BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    idle_seconds BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX session_person ON session (person);

CREATE TABLE token (
    id BYTEA NOT NULL PRIMARY KEY,
    mac BYTEA NOT NULL UNIQUE,
    person BYTEA NOT NULL,
    scopes TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE INDEX token_person ON token (person);

CREATE TABLE attempt (
    target BYTEA NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    wait_until BIGINT NOT NULL
);
