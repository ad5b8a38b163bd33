-- A role that was given by NIP or e-mail address holds once the person has confirmed it
-- with a code of the government that gave it. What the release before has written holds.
{{columns "role_grant" `
	confirmation text NOT NULL DEFAULT '', -- awaited, disputed; "" = given, or not needed
`}}
{{also "role_grant" "update(confirmation):host,home,chain"}}

-- Each government has a code of its own for a person: none can take away another's.
{{if postgres}}
ALTER TABLE access_code DROP CONSTRAINT access_code_identity_id_key;
{{else}}
CREATE TABLE access_code_next (
	hash text NOT NULL PRIMARY KEY,
	identity_id text NOT NULL REFERENCES identity (id),
	tenant_id integer NOT NULL,
	issued_by text,
	issued_at timestamp NOT NULL,
	expires_at timestamp NOT NULL
);
INSERT INTO access_code_next SELECT hash, identity_id, tenant_id, issued_by, issued_at, expires_at FROM access_code;
DROP TABLE access_code;
ALTER TABLE access_code_next RENAME TO access_code;
{{end}}
CREATE UNIQUE INDEX access_code_of ON access_code (identity_id, tenant_id);

-- Somebody has shown a code and says that the account is theirs, and that they cannot get
-- in: for the operator to settle.
{{platform "identity_claim" "insert update" `
	id uuid NOT NULL PRIMARY KEY,
	identity_id uuid NOT NULL REFERENCES identity (id),
	tenant_id int NOT NULL,      -- whose code it was; 0 = the operator's
	made_at timestamptz NOT NULL,
	outcome text NOT NULL,       -- freed, reset, refused; "" = open
	settled_at timestamptz,
	settled_by uuid
`}}
CREATE UNIQUE INDEX identity_claim_open ON identity_claim (identity_id, tenant_id) WHERE outcome = '';

-- A name under which somebody signs in can be another's.
{{also "identity" "update(nip,email):system"}}
