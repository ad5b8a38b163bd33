-- The organisation tree of a tenant (perangkat daerah). A closed unit keeps its row.
{{own "unit" "insert update" `
	name text NOT NULL,
	code text NOT NULL,          -- short: "BKPSDM"; "" = none
	unor text,                   -- its id in SIASN
	parent_id uuid,              -- NULL = directly below the government
	from_day date NOT NULL,
	to_day date,                 -- last day; NULL = until further notice
	version int NOT NULL,
	UNIQUE (tenant_id, unor),
	FOREIGN KEY (tenant_id, parent_id) REFERENCES unit (tenant_id, id)
`}}
CREATE INDEX unit_parent ON unit (tenant_id, parent_id);
CREATE UNIQUE INDEX unit_top_name ON unit (tenant_id, name) WHERE to_day IS NULL AND parent_id IS NULL;
CREATE UNIQUE INDEX unit_name ON unit (tenant_id, parent_id, name) WHERE to_day IS NULL AND parent_id IS NOT NULL;

-- What an office knows of an employee. The release before writes name, nip, kind,
-- position, unit and active alone: such a row is listed first, and no search finds it
-- until it is changed here.
{{columns "employee" `
	version int NOT NULL DEFAULT 1,             -- counts the changes of the row
	bare_name text NOT NULL DEFAULT '',         -- without titles; name is made of it
	sort_name ordered NOT NULL DEFAULT '',      -- bare_name folded: the order of lists
	title_before text NOT NULL DEFAULT '',
	title_after text NOT NULL DEFAULT '',
	old_nip text NOT NULL DEFAULT '',           -- nine digits
	nik text NOT NULL DEFAULT '',               -- sealed by AES-256-GCM
	nik_index text,                             -- HMAC: the same number again
	sex text NOT NULL DEFAULT '',               -- M, F
	birth_place text NOT NULL DEFAULT '',
	birth_day date,
	rank text NOT NULL DEFAULT '',              -- BKN's golongan; of a PPPK I to XVII
	rank_day date,                              -- since when (TMT)
	position_kind text NOT NULL DEFAULT '',     -- BKN's jenis jabatan
	position_day date,
	echelon text NOT NULL DEFAULT '',           -- BKN's eselon
	unit_id uuid,                               -- NULL = none; unit keeps its name
	standing text NOT NULL DEFAULT '01',        -- BKN's kedudukan hukum; 01 = active
	works_at text NOT NULL DEFAULT '',          -- where somebody seconded works
	email text NOT NULL DEFAULT '',
	phone text NOT NULL DEFAULT '',
	signs boolean NOT NULL DEFAULT FALSE,       -- signs documents: only then an ASN's NIK is kept
	guardian text NOT NULL DEFAULT '',          -- of somebody under 18
	consent text NOT NULL DEFAULT '',           -- reference of the guardian's consent
	contract_from date,                         -- of a PPPK
	contract_to date                            -- last day
`}}
{{also "employee" "update:host"}}
CREATE INDEX employee_sorted ON employee (tenant_id, sort_name, id);
CREATE INDEX employee_unit ON employee (tenant_id, unit_id);
CREATE INDEX employee_identity ON employee (identity_id, tenant_id);
CREATE UNIQUE INDEX employee_nik ON employee (tenant_id, nik_index);

-- The words under which an employee is found: of the name without titles, and the numbers.
{{own "employee_word" "insert delete" `
	word ordered NOT NULL,
	employee_id uuid NOT NULL,
	UNIQUE (tenant_id, word, employee_id),
	FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
`}}
CREATE INDEX employee_word_of ON employee_word (tenant_id, employee_id);

-- What was changed, a row per field.
{{own "employee_change" "insert" `
	employee_id uuid NOT NULL,
	version int NOT NULL,        -- that the change made
	at timestamptz NOT NULL,
	actor uuid,                  -- NULL = a job or the command line
	act text NOT NULL,           -- registered, changed, deactivated, reactivated, moved
	field text NOT NULL,         -- "" of an act on the whole
	old text NOT NULL,           -- as stored; of a NIK ""
	new text NOT NULL,
	reason text NOT NULL,
	FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
`}}
CREATE INDEX employee_change_of ON employee_change (tenant_id, employee_id, version);

-- Who is in service, once in the whole country: others may ask about a NIP or a person
-- that they name, and learn yes or no.
{{ask "employed" "insert delete" `
	employee_id uuid NOT NULL,
	UNIQUE (tenant_id, subject),
	FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id)
`}}
CREATE INDEX employed_subject ON employed (subject);
