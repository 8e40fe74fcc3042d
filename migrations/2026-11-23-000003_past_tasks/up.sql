-- Only what is open has a row: nothing reads the others, and they outgrew the rest.

DELETE FROM task WHERE state IN ('done', 'skipped', 'expired', 'cancelled');

-- A form does its work once, however long ago that was.

ALTER TABLE letter ADD COLUMN spent BOOLEAN NOT NULL DEFAULT FALSE;
