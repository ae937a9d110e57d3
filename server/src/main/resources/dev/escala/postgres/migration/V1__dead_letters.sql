CREATE TABLE dead_letter (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic        text        NOT NULL,
    source       text        NOT NULL,
    message_id   text        NOT NULL,
    reason       text        NOT NULL,
    sqlstate     text,
    "column"     text,
    detail       text        NOT NULL,
    body         bytea       NOT NULL,
    attributes   jsonb       NOT NULL,
    published_at timestamptz NOT NULL,
    first_seen   timestamptz NOT NULL DEFAULT now(),
    last_seen    timestamptz NOT NULL DEFAULT now(),
    attempts     integer     NOT NULL,
    status       text        NOT NULL DEFAULT 'new'
        CHECK (status IN ('new', 'replaying', 'resolved', 'discarded')),
    -- A redelivery is the same letter again.
    UNIQUE (topic, source, message_id, reason)
);

CREATE INDEX ON dead_letter (topic, first_seen) WHERE status = 'new';
