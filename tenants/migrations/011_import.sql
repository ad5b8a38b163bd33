-- A list of employees on its way into the register: the file, how its columns are read,
-- and what has become of its rows.
{{own "import_run" "insert update" `
	state text NOT NULL,         -- staging, staged, applying, done, failed
	mode text NOT NULL,          -- "", all, valid
	sheet text NOT NULL,         -- that was read; "" in CSV
	size int NOT NULL,           -- bytes of the file
	header_row int NOT NULL,
	titles jsonb NOT NULL,       -- of the columns, as they stand in the file
	columns jsonb NOT NULL,      -- field → column, from 0
	counts jsonb NOT NULL,       -- verdict → rows
	ignored int NOT NULL,        -- rows that are none of the table: signatures
	note text NOT NULL,          -- why it failed, or what to look at again
	last_line int NOT NULL,      -- of the file, up to which it is applied
	added int NOT NULL,
	changed int NOT NULL,
	started_by uuid,             -- NULL = the command line
	started_at timestamptz NOT NULL,
	decided_by uuid,
	decided_at timestamptz,
	finished_at timestamptz
`}}
CREATE UNIQUE INDEX import_run_one ON import_run (tenant_id) WHERE state IN ('staging', 'applying');

-- The file, sealed, until the next import.
{{own "import_piece" "insert delete" `
	run_id uuid NOT NULL,
	n int NOT NULL,              -- from 0
	data text NOT NULL,          -- AES-256-GCM, base64
	UNIQUE (tenant_id, run_id, n)
`}}

-- The rows of the latest import, each with its verdict.
{{own "import_row" "insert update delete" `
	run_id uuid NOT NULL,
	line int NOT NULL,           -- of the file, as a spreadsheet program shows it
	verdict text NOT NULL,       -- new, changed, same, duplicate, rejected, transfer
	field text NOT NULL,         -- that is to blame; "" = none
	cause text NOT NULL,         -- what is wrong
	cure text NOT NULL,
	name text NOT NULL,
	nip text NOT NULL,
	employee_id uuid NOT NULL,   -- in the register, or to be
	identity_id uuid NOT NULL,   -- likewise
	version int NOT NULL,        -- of the employee when it was compared; 0 = none
	words text NOT NULL,         -- under which the employee is to be found
	data jsonb NOT NULL,         -- the employee as it is to be stored
	diff jsonb NOT NULL,         -- [field, old, new] of each change
	UNIQUE (tenant_id, run_id, line)
`}}
CREATE INDEX import_row_refused ON import_row (tenant_id, run_id, verdict, line) WHERE verdict IN ('duplicate', 'rejected', 'transfer');

-- How the columns of a kind of file have been read before.
{{own "import_mapping" "insert update" `
	fingerprint text NOT NULL,   -- SHA-256 of the titles
	columns jsonb NOT NULL,
	UNIQUE (tenant_id, fingerprint)
`}}

-- Words are made of an employee by the statements that write one, and go with it: to look
-- the employee up again for each word was a sixth of an import.
{{if postgres}}
ALTER TABLE employee_word DROP CONSTRAINT employee_word_tenant_id_employee_id_fkey;
{{end}}
