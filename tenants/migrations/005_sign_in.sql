-- A session has an id of its own, by which its owner sees and ends it: the hash of the
-- token changes. Rows that the release before has written have none, and are no sign-in.
{{columns "sign_in" `
	id uuid,
	device text NOT NULL DEFAULT '',  -- in words: browser and system, nothing finer
	network text NOT NULL DEFAULT '', -- prefix of the address: /24 or /48
	kept boolean NOT NULL DEFAULT false, -- to stay signed in on this device was asked for
	seen_at timestamptz,              -- last used, to the minute
	proved_at timestamptz,            -- password or code last given
	second_at timestamptz,            -- second factor passed; NULL = not
`}}
{{also "sign_in" "update(hash,tenant_id,expires_at,seen_at,proved_at,second_at):system"}}
CREATE UNIQUE INDEX sign_in_id ON sign_in (id);

-- Who may not sign in any more.
{{columns "identity" `
	suspended_at timestamptz,
`}}
{{also "identity" "update(suspended_at):system"}}

-- The secret of a person's authenticator, encrypted, and the last step of its clock
-- that was accepted: a code is good once.
{{platform "second_factor" "insert update delete" `
	identity_id uuid NOT NULL PRIMARY KEY REFERENCES identity (id),
	secret text NOT NULL,        -- AES-256-GCM, base64
	step bigint NOT NULL,        -- 30 s each since 1970
	since timestamptz NOT NULL
`}}
{{platform "recovery_code" "insert delete" `
	identity_id uuid NOT NULL REFERENCES identity (id),
	hash text NOT NULL,          -- keyed
	PRIMARY KEY (identity_id, hash)
`}}

-- Browsers in which a person has signed in before: strangers' guesses do not lock them out.
{{platform "known_device" "insert delete" `
	identity_id uuid NOT NULL REFERENCES identity (id),
	hash text NOT NULL,          -- of the mark that the browser keeps
	until timestamptz NOT NULL,
	PRIMARY KEY (identity_id, hash)
`}}

-- How many guesses are left: buckets that fill again with time.
{{platform "attempt" "insert update delete" `
	key text NOT NULL PRIMARY KEY,
	full_ms bigint NOT NULL      -- when the bucket is full again, ms since 1970
`}}
CREATE INDEX attempt_full ON attempt (full_ms);
