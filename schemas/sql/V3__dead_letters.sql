-- What was refused, one row a record of topic dead-letters, by its place there, and what was put back. Both are read again
-- from the topics where they are lost; a record that is read twice is the same row.
CREATE TABLE dead_letters (
    -- Of topic dead-letters; together they are the letter's id.
    "partition"      int         NOT NULL,
    "offset"         bigint      NOT NULL,
    failed_at        timestamptz NOT NULL,
    reason           text        NOT NULL,
    stage            text        NOT NULL,
    source           text,
    event_id         text,
    -- The user's id, or the anonymous id of a visitor, as far as the refused bytes tell it.
    user_id          text,
    model            text,
    attempts         int         NOT NULL,
    -- The record as it was on the topic: bytes, because what was refused may hold what no text of PostgreSQL can.
    record           bytea       NOT NULL,
    PRIMARY KEY ("partition", "offset")
);

-- The newest first; and counts by reason without a look into the rows.
CREATE INDEX dead_letters_time ON dead_letters (failed_at DESC, "partition" DESC, "offset" DESC) INCLUDE (reason, stage, source);
CREATE INDEX dead_letters_user ON dead_letters (user_id, failed_at) WHERE user_id IS NOT NULL;
CREATE INDEX dead_letters_event ON dead_letters USING hash (event_id);

-- Letters that were put back, from topic redrives. A table of its own: the two topics are read in no order.
CREATE TABLE redrives (
    "partition" int         NOT NULL,
    "offset"    bigint      NOT NULL,
    attempt     int         NOT NULL,
    redriven_at timestamptz NOT NULL,
    PRIMARY KEY ("partition", "offset")
);
