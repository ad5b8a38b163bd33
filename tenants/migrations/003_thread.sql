{{stat "stat_delta" `
	kind text NOT NULL,
	year int NOT NULL,
	n int NOT NULL
`}}
CREATE INDEX stat_delta_sum ON stat_delta (kind, year, tenant_id);

{{own "employee" "insert" `
	identity_id uuid NOT NULL,
	nip text,                    -- NULL: not an ASN
	kind text NOT NULL,          -- PNS, CPNS, PPPK, NON_ASN
	name text NOT NULL,          -- as on certificates, with titles
	position text NOT NULL,
	unit text NOT NULL,
	active boolean NOT NULL,
	UNIQUE (tenant_id, nip)
`}}

-- For how long a person, trainer or room is taken. Others may ask about a subject
-- that they name, and learn times.
{{ask "claim" "insert" `
	source text NOT NULL,        -- what takes it; only its own tenant reads this
	starts timestamptz NOT NULL,
	ends timestamptz NOT NULL,
	UNIQUE (tenant_id, subject, source)
`}}
CREATE INDEX claim_subject ON claim (subject, starts);

{{own "program" "insert" `
	title text NOT NULL,
	course_type text NOT NULL,
	version text NOT NULL,       -- of the guest
	rule_set text NOT NULL,
	rule_title text NOT NULL,
	rule_decree text NOT NULL,
	rule_source text NOT NULL    -- verified, unconfirmed
`}}

{{published "batch" "insert update(frozen_at)" `
	program_id uuid NOT NULL,
	title text NOT NULL,
	number text NOT NULL,        -- "Angkatan I"
	year int NOT NULL,
	place text NOT NULL,
	zone text NOT NULL,
	starts date NOT NULL,
	ends date NOT NULL,
	course_type text NOT NULL,   -- with version and rule-set: pinned for the batch's life
	version text NOT NULL,
	rule_set text NOT NULL,
	rule_source text NOT NULL,
	frozen_at timestamptz,       -- since its outcomes are recommended: participants and timetable stay
	UNIQUE (tenant_id, program_id, number, year),
	FOREIGN KEY (tenant_id, program_id) REFERENCES program (tenant_id, id)
`}}
-- Seats of a batch per sender.
{{published "quota" "insert" `
	batch_id uuid NOT NULL,
	party_id int NOT NULL,
	seats int NOT NULL,
	UNIQUE (tenant_id, batch_id, party_id),
	FOREIGN KEY (tenant_id, batch_id) REFERENCES batch (tenant_id, id)
`}}
CREATE INDEX quota_party ON quota (party_id, batch_id);

{{shared "nomination" "insert:party update:host,home" `
	batch_id uuid NOT NULL,
	employee_id uuid NOT NULL,   -- the sender's; the host cannot follow it
	snapshot jsonb NOT NULL,     -- the fields that the host needs
	state text NOT NULL,         -- proposed, waiting, approved, rejected
	proposed_by uuid NOT NULL,
	proposed_at timestamptz NOT NULL,
	decided_by uuid,
	decided_at timestamptz,
	name_confirmed_at timestamptz,
	UNIQUE (tenant_id, batch_id, identity_id),
	FOREIGN KEY (tenant_id, batch_id) REFERENCES batch (tenant_id, id)
`}}
CREATE INDEX nomination_party ON nomination (party_id, batch_id);
CREATE INDEX nomination_identity ON nomination (identity_id);

{{joined "session" "insert update" `
	title text NOT NULL,
	starts timestamptz NOT NULL,
	ends timestamptz NOT NULL,
	jp int NOT NULL,             -- lesson hours of 45 minutes
	link text NOT NULL,          -- meeting link; "" = in the room
	state text NOT NULL,         -- scheduled, open, closed, sealed
	seal text NOT NULL,          -- SHA-256 of the sealed marks
	sealed_at timestamptz,
	FOREIGN KEY (tenant_id, batch_id) REFERENCES batch (tenant_id, id)
`}}
CREATE INDEX session_batch ON session (tenant_id, batch_id, starts);

{{shared "mark" "insert:host" `
	batch_id uuid NOT NULL,
	session_id uuid NOT NULL,
	nomination_id uuid NOT NULL,
	presence text NOT NULL,      -- present, absent
	source text NOT NULL,        -- committee
	marked_by uuid NOT NULL,
	at timestamptz NOT NULL,
	UNIQUE (tenant_id, session_id, nomination_id),
	FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id),
	FOREIGN KEY (tenant_id, nomination_id) REFERENCES nomination (tenant_id, id)
`}}

{{shared "outcome" "insert:host update:host" `
	batch_id uuid NOT NULL,
	nomination_id uuid NOT NULL,
	state text NOT NULL,         -- computed: passed, failed, no_result
	total int NOT NULL,          -- hundredths of a point
	jp int NOT NULL,
	lines jsonb NOT NULL,        -- the explanation, from which total follows
	reason text NOT NULL,
	graded_by uuid NOT NULL,
	graded_at timestamptz NOT NULL,
	recommended text NOT NULL,   -- "", passed, failed
	recommended_by uuid,
	recommended_at timestamptz,
	decreed text NOT NULL,       -- "", passed, failed
	decree_number text NOT NULL,
	decree_day date,
	decreed_by uuid,
	decreed_at timestamptz,
	UNIQUE (tenant_id, nomination_id),
	FOREIGN KEY (tenant_id, nomination_id) REFERENCES nomination (tenant_id, id)
`}}
CREATE INDEX outcome_batch ON outcome (tenant_id, batch_id);

-- Numbers without gaps, drawn as the last step of the write that inserts what is numbered.
{{own "register" "insert update" `
	kind text NOT NULL,
	year int NOT NULL,
	last int NOT NULL,
	UNIQUE (tenant_id, kind, year)
`}}

{{sharedBearer "certificate" "insert:host update:host" `
	batch_id uuid NOT NULL,
	nomination_id uuid NOT NULL,
	number text NOT NULL,
	title text NOT NULL,
	name text NOT NULL,
	statement text NOT NULL,
	course text NOT NULL,
	jp int NOT NULL,
	ended date NOT NULL,
	issuer text NOT NULL,
	token text NOT NULL UNIQUE,
	state text NOT NULL,         -- draft, issued
	generated_by uuid NOT NULL,
	generated_at timestamptz NOT NULL,
	signed_by uuid,
	signed_at timestamptz,
	key_id text NOT NULL,
	signature text NOT NULL,     -- Ed25519 over the canonical fields, base64
	UNIQUE (tenant_id, nomination_id),
	UNIQUE (tenant_id, number),
	FOREIGN KEY (tenant_id, nomination_id) REFERENCES nomination (tenant_id, id)
`}}
CREATE INDEX certificate_identity ON certificate (identity_id);
CREATE INDEX certificate_party ON certificate (party_id);

-- The ledger of lesson hours: append only.
{{shared "credit" "insert:host" `
	year int NOT NULL,
	jp int NOT NULL,
	course text NOT NULL,
	ended date NOT NULL,
	issuer text NOT NULL,
	number text NOT NULL,
	source text NOT NULL,        -- certificate that it comes from
	at timestamptz NOT NULL,
	UNIQUE (tenant_id, source)
`}}
CREATE INDEX credit_identity ON credit (identity_id, year);
