-- The id of the message in UTF-16, where message_id is not it: it was minted, or cannot be stored as text.
ALTER TABLE dead_letter ADD COLUMN original_id bytea;
-- Since when it is resolved or discarded; of a letter that is new again it means nothing.
ALTER TABLE dead_letter ADD COLUMN resolved_at timestamptz;
