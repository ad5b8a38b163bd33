-- Who gave a role to whom, why, and who took it back. The name is as whoever gave it
-- wrote it, and scope what the batch or unit was called then.
{{columns "role_grant" `
	unit_id uuid CHECK (unit_id IS NULL OR batch_id IS NULL), -- limited to one unit; NULL = not
	scope text NOT NULL DEFAULT '',
	name text NOT NULL DEFAULT '',
	given_by uuid,               -- NULL = the command line
	given_at timestamptz,
	reason text NOT NULL DEFAULT '',
	withdrawn_at timestamptz,
	withdrawn_by uuid,
	withdrawn_reason text NOT NULL DEFAULT ''
`}}
-- The name in small letters, to list and search by.
ALTER TABLE role_grant ADD COLUMN name_key text{{if postgres}} COLLATE "C"{{end}} NOT NULL DEFAULT '';
CREATE INDEX role_grant_name ON role_grant (tenant_id, name_key, id);
{{also "role_grant" "update(withdrawn_at,withdrawn_by,withdrawn_reason):host,chain insert:chain"}}
{{if postgres}}
ALTER TABLE role_grant NO FORCE ROW LEVEL SECURITY;
ALTER TABLE identity NO FORCE ROW LEVEL SECURITY;
{{end}}
UPDATE role_grant SET name = (SELECT i.name FROM identity i WHERE i.id = role_grant.identity_id),
	name_key = (SELECT lower(i.name) FROM identity i WHERE i.id = role_grant.identity_id)
	WHERE EXISTS (SELECT 1 FROM identity i WHERE i.id = role_grant.identity_id);
{{if postgres}}
ALTER TABLE role_grant FORCE ROW LEVEL SECURITY;
ALTER TABLE identity FORCE ROW LEVEL SECURITY;
{{end}}

-- Passwords are set by activation, and a person's own employments count when their
-- account is reset: a government that is not the only one may not.
{{also "identity" "update(password):system"}}
{{also "employee" "select:person"}}

-- Codes with which people set their password once. The code itself is nowhere.
{{platform "access_code" "insert delete" `
	hash text NOT NULL PRIMARY KEY,  -- hex SHA-256
	identity_id uuid NOT NULL UNIQUE REFERENCES identity (id),
	tenant_id int NOT NULL,          -- that issued it; 0 = the operator
	issued_by uuid,                  -- NULL = the command line
	issued_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL
`}}

-- Tokens with which programs ask. The token itself is nowhere: only its hash.
{{own "api_token" "insert update(used_at,revoked_at,revoked_by)" `
	hash text NOT NULL UNIQUE,       -- hex SHA-256
	name text NOT NULL,
	permissions text NOT NULL,       -- "batch:read nomination:read"
	issued_by uuid NOT NULL,         -- what it may at most is what they may
	issued_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	used_at timestamptz,             -- to the minute
	revoked_at timestamptz,
	revoked_by uuid
`}}
{{also "api_token" "select:system"}}
