-- The keys of rows that were stored in the table of a topic with `tail: true`, noted in the transaction that
-- stored them. Who listens asks for the notes that its last snapshot did not show.
CREATE TABLE tail (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    relation oid    NOT NULL,
    xid      xid8   NOT NULL DEFAULT pg_current_xact_id(),
    amount   int    NOT NULL,
    keys     text[] NOT NULL
);

CREATE INDEX tail_relation_xid ON tail (relation, xid);

-- What the database showed at a time. Notes that the one mark shows with `pruned` are not kept any more.
CREATE TABLE tail_mark (
    taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    snapshot pg_snapshot NOT NULL DEFAULT pg_current_snapshot(),
    pruned   boolean     NOT NULL DEFAULT false
);
