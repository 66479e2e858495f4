-- What each partition of user-events has counted of a model version: the newest record of topic model-quality by its key.
-- Add the counts of all partitions; figures are made of the sums (docs/quality.md).
CREATE TABLE model_quality (
    model           text        NOT NULL,
    version         text        NOT NULL,
    role            text        NOT NULL,
    -- By the predictions' event time; -infinity stands for all of them.
    window_start    timestamptz NOT NULL,
    window_seconds  bigint,
    "partition"     int         NOT NULL,
    predictions     bigint      NOT NULL,
    dropped         bigint      NOT NULL,
    true_positives  bigint      NOT NULL,
    false_positives bigint      NOT NULL,
    false_negatives bigint      NOT NULL,
    true_negatives  bigint      NOT NULL,
    -- The record as it was on the topic, with its histograms.
    record          json        NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (model, window_start, version, role, "partition")
);

-- A prediction by its id, for its explanation. A hash: only equality is asked.
CREATE INDEX predictions_id ON predictions USING hash (id);
