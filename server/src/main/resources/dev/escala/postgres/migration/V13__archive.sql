-- Closed partitions on their way to the archive of their topic: each step is done again until the next is noted.
CREATE TABLE archive (
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    topic      text        NOT NULL,
    relation   regclass    UNIQUE, -- the partition; null once it is dropped
    part       text        NOT NULL,
    begins     timestamptz NOT NULL,
    ends       timestamptz NOT NULL,
    step       text        NOT NULL DEFAULT 'writing'
        CHECK (step IN ('writing', 'written', 'committed', 'dropped')),
    generation int         NOT NULL DEFAULT 1, -- of the file: rows that came late are in the next one
    file       text,                           -- null while there is none, and where there are no rows
    rows       bigint      NOT NULL DEFAULT 0,
    bytes      bigint      NOT NULL DEFAULT 0,
    columns    text        NOT NULL DEFAULT '',
    checksum   text        NOT NULL DEFAULT '',
    noted_at   timestamptz NOT NULL DEFAULT now()
);

-- Transactions that changed a partition after its rows were read for the archive.
CREATE TABLE archive_change (
    archive     uuid NOT NULL,
    transaction xid8 NOT NULL,
    PRIMARY KEY (archive, transaction)
);

CREATE FUNCTION archive_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $changed$
BEGIN
    INSERT INTO escala.archive_change (archive, transaction)
    VALUES (TG_ARGV[0]::uuid, pg_current_xact_id())
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$changed$;
