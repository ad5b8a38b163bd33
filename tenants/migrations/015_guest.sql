-- With which keys vendors sign guests. Revoked once, it stays so.
{{platform "vendor_key" "insert update(revoked_by,revoked_at,revoked_reason)" `
	key text NOT NULL PRIMARY KEY,   -- Ed25519, public, in hex
	vendor text NOT NULL,
	added_by uuid,               -- NULL = the command line
	added_at timestamptz NOT NULL,
	revoked_by uuid,
	revoked_at timestamptz,      -- NULL = it counts
	revoked_reason text NOT NULL
`}}

-- Which guests are installed: what is not here is not run. The manifest says vendor,
-- contract, needs and the sums of all files.
{{platform "guest" "insert update(enabled,reason,changed_by,changed_at)" `
	name text NOT NULL,
	version text NOT NULL,
	key text NOT NULL REFERENCES vendor_key (key),
	manifest text NOT NULL,      -- as signed, byte for byte
	signature text NOT NULL,     -- Ed25519 over the manifest, in hex
	enabled boolean NOT NULL,
	reason text NOT NULL,        -- of the last change of enabled
	changed_by uuid,             -- NULL = the command line, or the host after failures
	changed_at timestamptz NOT NULL,
	installed_by uuid,           -- NULL = the command line
	installed_at timestamptz NOT NULL,
	PRIMARY KEY (name, version)
`}}
