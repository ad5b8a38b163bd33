-- A government asks another to let a person go, on the ground of a mutation decree: host
-- is the one that asks, party the one that the decree names. The person of the row is
-- NULL for good: who asks does not know whether the decree names the right government.
{{shared "transfer" "insert:host update(state,held_reason,held_until,decided_by,decided_at,ruling,ruled_by,ruled_at,note,mover_id,left_at,done_at):host,party" `
	nip text NOT NULL,           -- number and name as the asker typed them
	name text NOT NULL,
	decree_number text NOT NULL,
	decree_day date NOT NULL,
	decree_signer text NOT NULL,
	effective_day date NOT NULL, -- first day in the new government (TMT)
	letter text NOT NULL,        -- the asker's own, to the party; "" = none
	asked_by uuid NOT NULL,
	asked_at timestamptz NOT NULL,
	state text NOT NULL,         -- asked, held, agreed, ruled, left, done, withdrawn, void
	held_reason text NOT NULL,
	held_until date,
	decided_by uuid,             -- of the party
	decided_at timestamptz,
	ruling text NOT NULL,        -- copied from the appeal: what the authority decided, and why
	ruled_by int,                -- the authority
	ruled_at timestamptz,
	note text NOT NULL,          -- why it came to nothing
	mover_id uuid,               -- the person, once they have left
	left_at timestamptz,
	done_at timestamptz
`}}
CREATE UNIQUE INDEX transfer_open ON transfer (tenant_id, nip) WHERE state IN ('asked', 'held', 'agreed', 'ruled', 'left');
CREATE INDEX transfer_party ON transfer (party_id, nip);

-- The asker's request to its authority, after the party has let the term pass: host is
-- the asker again, party its province. The decision is copied into the transfer.
{{shared "transfer_appeal" "insert:host update(state,decision,decided_by,decided_at):party" `
	transfer_id uuid NOT NULL,
	from_id int NOT NULL,        -- party of the transfer
	nip text NOT NULL,           -- as of the transfer, like all that follow
	name text NOT NULL,
	decree_number text NOT NULL,
	decree_day date NOT NULL,
	decree_signer text NOT NULL,
	effective_day date NOT NULL,
	held_reason text NOT NULL,   -- what the party has said; "" = nothing
	reason text NOT NULL,        -- the asker's
	letter text NOT NULL,
	asked_by uuid NOT NULL,
	asked_at timestamptz NOT NULL,
	state text NOT NULL,         -- asked, granted, refused
	decision text NOT NULL,      -- reason of the decision
	decided_by uuid,
	decided_at timestamptz,
	FOREIGN KEY (tenant_id, transfer_id) REFERENCES transfer (tenant_id, id)
`}}
CREATE UNIQUE INDEX transfer_appeal_open ON transfer_appeal (tenant_id, transfer_id) WHERE state = 'asked';
CREATE INDEX transfer_appeal_party ON transfer_appeal (party_id, id);
