-- What an era stands on, and whether that could be verified. The end of an era is the
-- next one's beginning, and the seed can date one later than it first did.
{{columns "tenant_era" `
	decree text NOT NULL DEFAULT '',          -- UU 14/2022
	verified boolean NOT NULL DEFAULT true    -- false: shown as such
`}}
{{also "tenant_era" "update(from_day,to_day,decree,verified):system"}}
-- Of the eras without an end, a tenant has one, and a code belongs to one tenant.
CREATE UNIQUE INDEX tenant_era_open ON tenant_era (tenant_id) WHERE to_day IS NULL;
CREATE UNIQUE INDEX tenant_era_open_slug ON tenant_era (slug) WHERE to_day IS NULL;

-- What was changed in the registry, in order. Every process asks for the last seq, and
-- reads the registry again when there is a new one. Suspended is whose last change of
-- the two kinds says so.
{{platform "tenant_change" "insert" `
	seq int NOT NULL PRIMARY KEY,
	tenant_id int REFERENCES tenant (id),     -- NULL: the seed
	act text NOT NULL,           -- seeded, added, renamed, moved, suspended, reinstated
	from_day date,               -- of the era that it began
	ground text NOT NULL,        -- of a suspension: request, security, duty, dissolved
	decree text NOT NULL,
	reason text NOT NULL,
	made_by uuid,                -- NULL: the command line or the seed
	at timestamptz NOT NULL
`}}
