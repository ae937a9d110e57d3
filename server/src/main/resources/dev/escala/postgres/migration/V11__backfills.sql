-- How far files were loaded by `escala backfill`: the next start goes on behind.
CREATE TABLE backfill (
    topic      text        NOT NULL,
    file       text        NOT NULL,
    messages   bigint      NOT NULL,
    ended      boolean     NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, file)
);
