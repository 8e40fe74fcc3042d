-- An entry is found by its id; ids are made in the order of time, so that whatever is written at once
-- stands together in the index and not in a place for each record.

DROP INDEX entry_id;
CREATE UNIQUE INDEX entry_id ON entry (id, log);

-- A frozen record has no timer. The clock finds who is due in the index alone.

UPDATE plan SET due_at = NULL WHERE patient IN (SELECT id FROM patient WHERE consent <> 'given');
DROP INDEX plan_due;
CREATE INDEX plan_due ON plan (due_at, patient);
