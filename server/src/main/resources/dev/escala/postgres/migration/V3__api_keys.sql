-- Keys that callers show. Of the secret only its SHA-256 is here.
CREATE TABLE api_key (
    id         text        PRIMARY KEY,
    name       text        NOT NULL,
    hash       bytea       NOT NULL,
    role       text,
    may        text[]      NOT NULL,
    databases  text[]      NOT NULL,
    relations  text[]      NOT NULL,
    topics     text[]      NOT NULL,
    per_second integer     CHECK (per_second > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz
);

COMMENT ON TABLE api_key IS 'Made and revoked by escala keys.';
