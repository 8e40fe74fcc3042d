-- Only what is open has a row: nothing reads the others, and they outgrew the rest. The rows of a patient
-- stand together: whoever's plan moves touches few pages.

CREATE TABLE open_task (
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
);
INSERT INTO open_task
    SELECT patient, id, run, code, role, state, form, from_at, due_at, late_at, holder, seq
    FROM task WHERE state IN ('ready', 'claimed', 'merged', 'resting');
DROP TABLE task;
ALTER TABLE open_task RENAME TO task;

-- A form does its work once, however long ago that was.

ALTER TABLE letter ADD COLUMN spent BOOLEAN NOT NULL DEFAULT FALSE;

-- When something next happens by itself stands in the plan's own row, which is written then anyway.

ALTER TABLE plan ADD COLUMN due_at BIGINT;
UPDATE plan SET due_at = (SELECT timer.due_at FROM timer WHERE timer.patient = plan.patient);
DROP TABLE timer;
CREATE INDEX plan_due ON plan (due_at);
