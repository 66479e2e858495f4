-- What the models said, one row a prediction, one partition a day of receipt (UTC).
--
-- Partitioned by the time of receipt and not by the event's: a replay of old events must not fall at once to retention,
-- and no producer's clock decides where a row goes. There is no default partition: it would fill unseen and then stand in
-- the way of the day it holds. The writer makes a day's partition before the first row of that day, and drops it whole
-- when it is older than the retention.
CREATE TABLE predictions (
    received_at  timestamptz NOT NULL,
    -- A pure function of event and model version: what is scored again meets its first row.
    id           uuid        NOT NULL,
    event_id     text        NOT NULL,
    source       text        NOT NULL,
    user_id      text,
    anonymous_id text,
    model        text        NOT NULL,
    version      text        NOT NULL,
    sha256       text        NOT NULL,
    role         text        NOT NULL,
    -- float32 as the model gave it; it reads back bit for bit.
    score        real        NOT NULL,
    label        text        NOT NULL,
    threshold    real        NOT NULL,
    -- The text as it was on the topic: json and not jsonb, which would rewrite the numbers.
    features     json        NOT NULL,
    sequence     json,
    event_time   timestamptz NOT NULL,
    scored_at    timestamptz NOT NULL,
    traceparent  text,
    -- In this order it is also the index of "the newest first", and inserts go to its end.
    PRIMARY KEY (received_at, id)
) PARTITION BY RANGE (received_at);

-- A user's predictions, newest first.
CREATE INDEX predictions_user ON predictions (user_id, received_at, id) WHERE user_id IS NOT NULL;
-- What became of an event. A hash: half the bytes of a tree over texts this long, and only equality is asked.
CREATE INDEX predictions_event ON predictions USING hash (event_id);

-- How far each consumer group has stored each partition. A batch's rows and its offsets commit in one transaction, so
-- this, and not Kafka, knows what is stored.
CREATE TABLE consumer_offsets (
    consumer_group text   NOT NULL,
    topic          text   NOT NULL,
    "partition"    int    NOT NULL,
    next_offset    bigint NOT NULL,
    PRIMARY KEY (consumer_group, topic, "partition")
);
