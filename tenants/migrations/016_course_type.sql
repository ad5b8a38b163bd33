-- The rest of the explanation of an outcome. One that the release before has computed
-- shows its lines and nothing of these.
{{columns "outcome" `
	hours jsonb NOT NULL DEFAULT '[]',          -- from which jp follows
	grade text NOT NULL DEFAULT '',             -- key; "" = the rule-set has none
	grade_name jsonb NOT NULL DEFAULT '{}',     -- in both languages
	gates jsonb NOT NULL DEFAULT '[]',          -- with the names of their phases
	missing jsonb NOT NULL DEFAULT '[]'         -- names of components without an input
`}}

-- What of the course types that the operator has installed a government offers, and
-- which personal data of a candidate it has agreed to hand to them.
{{own "course_type" "insert update" `
	key text NOT NULL,           -- "latsar"
	asks jsonb NOT NULL,         -- agreed to: rank, since, history
	enabled_by uuid NOT NULL,
	enabled_at timestamptz NOT NULL,
	disabled_at timestamptz,     -- NULL while offered
	UNIQUE (tenant_id, key)
`}}

-- What a batch is held to beside its rule-set. The release before announces batches
-- without them, and such a batch asks nothing of its candidates.
{{columns "batch" `
	settings text NOT NULL DEFAULT '',          -- JSON object that fits the schema of the course type; "" = none
	asks jsonb NOT NULL DEFAULT '[]',           -- personal data of candidates that the host has agreed to hand over
	once_only boolean NOT NULL DEFAULT FALSE    -- who passed or failed such a training never comes again
`}}

-- What the course type found unusual, and why the sender proposes all the same.
{{columns "nomination" `
	flags jsonb NOT NULL DEFAULT '[]',
	reason text NOT NULL DEFAULT '',
	letter text NOT NULL DEFAULT ''             -- number of the sender's letter
`}}

-- That somebody has been through a training, by person and course type. Others may ask
-- about a subject that they name, and learn how it ended and when, never where.
{{ask "completion" "insert" `
	state text NOT NULL,         -- as decreed: passed, failed
	ended date NOT NULL,
	batch_id uuid NOT NULL,      -- only its own tenant reads this
	UNIQUE (tenant_id, subject, batch_id)
`}}
CREATE INDEX completion_subject ON completion (subject, ended);

-- Which unconfirmed rule-sets somebody answers for: a government for its own batches, LAN
-- for everybody's. No personal data.
{{published "confirmation" "insert" `
	course_type text NOT NULL,
	rule_set text NOT NULL,
	decree text NOT NULL,        -- number
	day date NOT NULL,           -- of the decree
	UNIQUE (tenant_id, course_type, rule_set)
`}}

-- The decree that was compared: its file, who laid it before, and who has confirmed it.
{{own "rule_decree" "insert update" `
	course_type text NOT NULL,
	rule_set text NOT NULL,
	decree text NOT NULL,
	day date NOT NULL,
	file bytea NOT NULL,         -- PDF, 5 MiB at most
	declared_by uuid NOT NULL,
	declared_at timestamptz NOT NULL,
	confirmed_by uuid,
	confirmed_at timestamptz,    -- NULL = not yet
	UNIQUE (tenant_id, course_type, rule_set)
`}}
