-- Markers that are published to see whether they arrive; they are deleted after a while.
CREATE TABLE canary (
    topic      text        NOT NULL,
    canary     uuid        NOT NULL,
    seq        bigint      NOT NULL,
    sent_at    timestamptz NOT NULL,
    body       text        NOT NULL,
    hash       text        NOT NULL,
    signature  text        NOT NULL,
    stored_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    deliveries integer     NOT NULL DEFAULT 1,
    PRIMARY KEY (topic, canary, seq)
);

CREATE INDEX ON canary (stored_at);

COMMENT ON TABLE canary IS 'Markers of Escala''s canary, one a topic every few seconds; not data.';

-- Made once, so that all instances on this database share it; twice 122 bits of chance.
CREATE TABLE canary_key (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    key    bytea   NOT NULL
);

INSERT INTO canary_key (key)
VALUES (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

-- Whatever login reads has to find the markers; they hold nothing that is not public.
GRANT USAGE ON SCHEMA escala TO PUBLIC;
GRANT SELECT ON canary TO PUBLIC;
