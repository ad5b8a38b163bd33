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
