-- An effect that fails is tried again later, and those behind it go on. A release
-- that does not know the columns puts rows that are due at once.
{{columns "outbox" `
	attempts int NOT NULL DEFAULT 0,     -- how often it has failed
	not_before timestamptz NOT NULL DEFAULT '1970-01-01 00:00:00+00:00'
`}}
{{also "outbox" "update(attempts,not_before):party"}}

DROP INDEX outbox_party;
CREATE INDEX outbox_due ON outbox (party_id, kind, not_before, id);
