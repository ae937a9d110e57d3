-- Rows that messages deleted, in tables of topics with `dedup: latest`: what was published before a deletion
-- must not bring its row back, however late it comes. A regclass follows its table through renames and dumps.
CREATE TABLE tombstone (
    relation   regclass    NOT NULL,
    key        text        NOT NULL,
    event_time timestamptz NOT NULL,
    sequence   numeric,
    noted_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (relation, key)
);
