-- The library of pathways: drafts, what was proposed for publishing, and what was said of versions.

-- Projections of the register.

CREATE TABLE library_change (
    id BYTEA NOT NULL PRIMARY KEY,
    draft BYTEA NOT NULL,
    hash TEXT NOT NULL,
    code TEXT NOT NULL,
    version TEXT NOT NULL,
    state TEXT NOT NULL,
    proposer BYTEA NOT NULL,
    proposed_at BIGINT NOT NULL,
    decider BYTEA,
    decided_at BIGINT,
    decided_seq BIGINT,
    seq BIGINT NOT NULL
);
CREATE INDEX library_change_hash ON library_change (hash);

CREATE TABLE library_mark (
    hash TEXT NOT NULL PRIMARY KEY,
    stopped BOOLEAN NOT NULL,
    suspended BOOLEAN NOT NULL,
    seq BIGINT NOT NULL
);

-- What the region lets rest is found by its version.
CREATE INDEX run_of_version ON run (hash, state);

-- Not history: the second door.

CREATE TABLE library_draft (
    id BYTEA NOT NULL PRIMARY KEY,
    person BYTEA NOT NULL,
    changed_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE INDEX library_draft_person ON library_draft (person);
