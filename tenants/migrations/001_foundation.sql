{{if postgres}}
-- +goose StatementBegin
CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'host, party and person of a shared row never change'; END $$;
-- +goose StatementEnd
{{end}}

-- The registry of governments. Identifiers never change; codes, names and parents have dates.
{{platform "tenant" "insert" `
	id int NOT NULL PRIMARY KEY,
	kind text NOT NULL,          -- national, province, regency, city
	zone text NOT NULL           -- WIB, WITA, WIT
`}}
{{platform "tenant_era" "insert" `
	tenant_id int NOT NULL REFERENCES tenant (id),
	from_day date NOT NULL,
	to_day date,                 -- exclusive; NULL = until further notice
	code text NOT NULL,          -- 15.03
	slug text NOT NULL,          -- 15-03
	bkn text NOT NULL,           -- code in BKN's list, or ""
	name text NOT NULL,
	parent_id int,               -- province of a regency or city
	PRIMARY KEY (tenant_id, from_day)
`}}
CREATE UNIQUE INDEX tenant_era_slug ON tenant_era (slug, from_day);

-- A human, once in the whole installation.
{{platform "identity" "insert" `
	id uuid NOT NULL PRIMARY KEY,
	name text NOT NULL,
	email text UNIQUE,
	nip text UNIQUE,
	password text NOT NULL,      -- argon2id with its parameters; "" = cannot sign in yet
	created_at timestamptz NOT NULL
`}}
-- Who is signed in. The token itself is nowhere: only its hash.
{{platform "sign_in" "insert delete" `
	hash text NOT NULL PRIMARY KEY,
	identity_id uuid NOT NULL REFERENCES identity (id),
	tenant_id int,               -- chosen to act in; NULL = none yet
	created_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL
`}}
CREATE INDEX sign_in_identity ON sign_in (identity_id);

{{shared "role_grant" "insert:host" `
	role text NOT NULL,
	batch_id uuid,               -- limited to one batch; NULL = the whole tenant
	from_day date NOT NULL,
	to_day date                  -- last day; NULL = until further notice
`}}
CREATE INDEX role_grant_identity ON role_grant (identity_id);

-- Effects that are still to be carried out: written with their cause, worked by a job of party.
{{special "outbox" "select:party,system insert:host,self delete:party" `
	tenant_id int NOT NULL,
	id uuid NOT NULL,
	party_id int NOT NULL,       -- tenant whose job works it
	kind text NOT NULL,
	key text NOT NULL,           -- what it is about
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, id)
`}}
CREATE INDEX outbox_party ON outbox (party_id, kind, id);
CREATE UNIQUE INDEX outbox_once ON outbox (tenant_id, party_id, kind, key);

-- The audit trail, one chain per tenant (0 is the platform's own). A writing
-- transaction leaves seq and hash NULL; the sealer alone fills them, once.
{{special "audit_line" "select:sealing insert:host,self,chain update(seq,hash):once" `
	tenant_id int NOT NULL,
	id uuid NOT NULL,
	at timestamptz NOT NULL,
	actor uuid,                  -- NULL = a job, the command line or a visitor
	role text NOT NULL,          -- in what capacity
	permission text NOT NULL,
	kind text NOT NULL,
	object text NOT NULL,
	reason text NOT NULL,
	seq bigint,
	hash text,
	PRIMARY KEY (tenant_id, id)
`}}
CREATE UNIQUE INDEX audit_line_seq ON audit_line (tenant_id, seq);
CREATE INDEX audit_line_open ON audit_line (tenant_id) WHERE hash IS NULL;
{{special "audit_head" "select:sealing insert:sealing update:sealing" `
	tenant_id int NOT NULL PRIMARY KEY,
	seq bigint NOT NULL,
	hash text NOT NULL
`}}
