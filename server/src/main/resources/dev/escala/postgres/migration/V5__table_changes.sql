-- What a statement changed in the table of a topic. Rows are only added, so that no transaction waits for
-- another one; the sum of a table's numbers is another one after each commit. The numbers are random, so that
-- a database that was set back to an earlier state does not count to the same sums again.
CREATE TABLE table_change (
    relation oid    NOT NULL,
    number   bigint NOT NULL DEFAULT 1 + floor(random() * 1048576)
);

CREATE FUNCTION table_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO escala.table_change (relation) VALUES (TG_RELID);
    RETURN NULL;
END
$$;
