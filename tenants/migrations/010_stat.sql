-- Counts gain dimensions and a day. The release before writes kind, year and n alone,
-- and its sums stay right: a fold is a row of the same table, in place of many.
{{columns "stat_delta" `
	dims text NOT NULL DEFAULT '',           -- what the count is divided by, as its kind writes it: "PNS/F"
	day date,                                -- from which it counts; NULL = in the whole year
	folded boolean NOT NULL DEFAULT FALSE    -- a sum of deltas that are gone
`}}
{{also "stat_delta" "update(n):host delete:host"}}
CREATE INDEX stat_delta_day ON stat_delta (kind, tenant_id, day);
CREATE INDEX stat_delta_open ON stat_delta (tenant_id) WHERE NOT folded;

-- Who was registered before heads were counted counts from today. The owner reads all
-- tenants for this one statement.
{{if postgres}}
ALTER TABLE employee NO FORCE ROW LEVEL SECURITY;
ALTER TABLE stat_delta NO FORCE ROW LEVEL SECURITY;
INSERT INTO stat_delta (tenant_id, id, kind, year, n, dims, day)
	SELECT tenant_id, gen_random_uuid(), 'headcount', extract(year FROM current_date), count(*),
		kind || '/' || CASE substr(nip, 15, 1) WHEN '1' THEN 'M' WHEN '2' THEN 'F' ELSE '' END AS dims, current_date
	FROM employee WHERE active GROUP BY tenant_id, dims;
ALTER TABLE employee FORCE ROW LEVEL SECURITY;
ALTER TABLE stat_delta FORCE ROW LEVEL SECURITY;
{{else}}
INSERT INTO stat_delta (tenant_id, id, kind, year, n, dims, day)
	SELECT tenant_id, min(id), 'headcount', CAST(strftime('%Y', 'now') AS integer), count(*),
		kind || '/' || CASE substr(nip, 15, 1) WHEN '1' THEN 'M' WHEN '2' THEN 'F' ELSE '' END AS dims, date('now')
	FROM employee WHERE active GROUP BY tenant_id, dims;
{{end}}

-- A tenant's auditors read its own trail, and hold it against its own head.
{{also "audit_line" "select:host"}}
{{also "audit_head" "select:host"}}
