-- Which topic the offsets are of: one that is made anew under the same name has another id, and is read from its beginning.
ALTER TABLE consumer_offsets ADD COLUMN topic_id text;

-- Users who were erased. What was predicted of them until then is not stored, however often the topics are read again.
CREATE TABLE erasures (
    -- SHA-256 of source and user id: the table does not say who it was.
    user_hash  bytea       PRIMARY KEY,
    -- By the processor's clock, as predictions' scored_at is.
    erased_at  timestamptz NOT NULL
);
