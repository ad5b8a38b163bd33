-- How a government shows itself: one row each, public from the first. No personal data.
{{published "profile" "insert update" `
	version int NOT NULL,        -- counts what was saved
	saved_at timestamptz NOT NULL,
	body text NOT NULL,          -- of the training body: "BPSDM Provinsi Jambi"; "" = not told
	accent text NOT NULL,        -- "#E3A72F" as asked for; "" = the product's own
	motif text NOT NULL,
	language text NOT NULL,      -- id, en: of its pages, for who has not chosen
	help text NOT NULL,          -- telephone or e-mail of the help desk
	head_lines text NOT NULL,    -- of the letterhead, one per line
	address text NOT NULL,
	phone text NOT NULL,
	email text NOT NULL,
	site text NOT NULL,
	city text NOT NULL,          -- where its letters are dated
	UNIQUE (tenant_id)
`}}

-- Days off. Those of Kemendagri hold for the nation, a province's for its regencies.
{{published "holiday" "insert delete" `
	day date NOT NULL,
	name text NOT NULL,
	kind text NOT NULL,          -- holiday, leave
	decree text NOT NULL,        -- the joint decree of its year, or the region's own
	checked boolean NOT NULL,    -- against the decree's text
	UNIQUE (tenant_id, day)
`}}

-- Stretches in which another week than that of Perpres 21/2023 holds.
{{own "work_week" "insert delete" `
	from_day date NOT NULL,
	to_day date,                 -- last day; NULL = until further notice
	days int NOT NULL,           -- from Monday on: 5 or 6
	starts text NOT NULL,        -- "07:30", local
	decree text NOT NULL
`}}
CREATE INDEX work_week_from ON work_week (tenant_id, from_day);

-- Offices that sign, and who held them when. A term ends; it is never deleted.
{{own "signing_office" "insert update" `
	version int NOT NULL,
	name text NOT NULL,          -- "Kepala BPSDM Provinsi Jambi"
	rank text NOT NULL,          -- head, deputy, secretary, other
	UNIQUE (tenant_id, name)
`}}
{{own "office_holder" "insert update" `
	office_id uuid NOT NULL,
	version int NOT NULL,
	kind text NOT NULL,          -- definitive, plt, plh, pj, pjs
	chain text NOT NULL,         -- "", an, ub
	principal text NOT NULL,     -- office on whose behalf: "Gubernur Jambi"
	through text NOT NULL,       -- with ub, the office in between: "Sekretaris Daerah"
	front text NOT NULL,         -- titles before and behind the name
	name text NOT NULL,
	back text NOT NULL,
	nip text NOT NULL,
	grade text NOT NULL,         -- "Pembina Utama Muda, IV/c"
	from_day date NOT NULL,
	to_day date,                 -- last day; NULL = until further notice
	FOREIGN KEY (tenant_id, office_id) REFERENCES signing_office (tenant_id, id)
`}}
CREATE INDEX office_holder_office ON office_holder (tenant_id, office_id, from_day);

-- What a visitor is shown: the batches of a host that have not ended.
CREATE INDEX batch_ends ON batch (tenant_id, ends);
