-- SQLite keeps a table in the order in which its rows came, and every key in a tree beside it. Tables of
-- short rows are kept in the order of their key instead: one tree to search and one page to write, and
-- what belongs to a patient stands together. What may be long (entries, plans, cards) stays as it was.

CREATE TABLE head_by_key (
    log BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    touched_at BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO head_by_key SELECT log, kind, seq, hash, touched_at FROM head;
-- With its index by moment: only one node among several asks what others touched.
DROP TABLE head;
ALTER TABLE head_by_key RENAME TO head;

CREATE TABLE data_key_by_key (
    log BYTEA NOT NULL PRIMARY KEY,
    wrapped BYTEA NOT NULL
) WITHOUT ROWID;
INSERT INTO data_key_by_key SELECT log, wrapped FROM data_key;
DROP TABLE data_key;
ALTER TABLE data_key_by_key RENAME TO data_key;

CREATE TABLE seat_by_key (
    patient BYTEA NOT NULL,
    person BYTEA NOT NULL,
    role TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT,
    ended_at BIGINT,
    seq BIGINT NOT NULL,
    PRIMARY KEY (patient, person)
) WITHOUT ROWID;
INSERT INTO seat_by_key SELECT patient, person, role, from_at, until_at, ended_at, seq FROM seat;
DROP TABLE seat;
ALTER TABLE seat_by_key RENAME TO seat;
CREATE INDEX seat_person ON seat (person, patient);

CREATE TABLE post_by_key (
    patient BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    author BYTEA NOT NULL,
    current_seq BIGINT NOT NULL,
    state TEXT NOT NULL,
    answers BIGINT,
    PRIMARY KEY (patient, seq)
) WITHOUT ROWID;
INSERT INTO post_by_key SELECT patient, seq, author, current_seq, state, answers FROM post;
DROP TABLE post;
ALTER TABLE post_by_key RENAME TO post;
CREATE INDEX post_answers ON post (patient, answers);

CREATE TABLE ack_by_key (
    patient BYTEA NOT NULL,
    post BIGINT NOT NULL,
    person BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (patient, post, person)
) WITHOUT ROWID;
INSERT INTO ack_by_key SELECT patient, post, person, at FROM ack;
DROP TABLE ack;
ALTER TABLE ack_by_key RENAME TO ack;

CREATE TABLE task_by_key (
    patient BYTEA NOT NULL,
    id BYTEA NOT NULL,
    run BYTEA NOT NULL,
    code TEXT NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    form TEXT,
    from_at BIGINT,
    due_at BIGINT,
    late_at BIGINT,
    holder BYTEA,
    seq BIGINT NOT NULL,
    PRIMARY KEY (patient, id)
) WITHOUT ROWID;
INSERT INTO task_by_key
    SELECT patient, id, run, code, role, state, form, from_at, due_at, late_at, holder, seq FROM task;
DROP TABLE task;
ALTER TABLE task_by_key RENAME TO task;

CREATE TABLE mark_by_key (
    patient BYTEA NOT NULL,
    person BYTEA NOT NULL,
    reached BIGINT NOT NULL,
    opened BIGINT NOT NULL,
    opened_at BIGINT,
    PRIMARY KEY (patient, person)
) WITHOUT ROWID;
INSERT INTO mark_by_key SELECT patient, person, reached, opened, opened_at FROM mark;
DROP TABLE mark;
ALTER TABLE mark_by_key RENAME TO mark;
