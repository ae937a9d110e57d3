-- How much one request with a key may take; null: as much as the settings of the server allow.
ALTER TABLE api_key ADD COLUMN max_rows bigint CHECK (max_rows > 0);
ALTER TABLE api_key ADD COLUMN max_cost bigint CHECK (max_cost > 0);
