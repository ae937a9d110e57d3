-- Keys that tables of topics with `dedup: window` have seen of late. A regclass follows its table through
-- renames and dumps. Rows come in the order of their times, by which they go: a small index finds those.
CREATE TABLE seen_key (
    relation regclass    NOT NULL,
    key      text        NOT NULL,
    seen_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (relation, key)
);
CREATE INDEX seen_key_time ON seen_key USING brin (seen_at);
