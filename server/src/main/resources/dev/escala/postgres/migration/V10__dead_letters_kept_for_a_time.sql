-- Open letters by topic and reason, the oldest first: they are counted, and those that waited too long are found.
CREATE INDEX dead_letter_open ON dead_letter (topic, reason, first_seen) WHERE status = 'new';

-- Those that are settled, in the order in which they may go. Some of early versions have no time of their end.
CREATE INDEX dead_letter_settled ON dead_letter (coalesce(resolved_at, last_seen))
    WHERE status IN ('resolved', 'discarded');

-- The first one serves all that this did. Last, since it keeps readers out until the end of the transaction.
DROP INDEX IF EXISTS dead_letter_topic_first_seen_idx;
