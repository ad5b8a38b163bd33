-- The host's rows of a table that others read as well (the person, of theirs). Beside
-- "tenant_id = 98" of a statement, PostgreSQL takes "tenant_id = (SELECT …) OR identity_id =
-- (SELECT …)" for a second, independent condition: of 60,000 employees it expects a hundred,
-- and reads and sorts all of them for a page of thirty. Of the same condition inside
-- coalesce it knows nothing, expects half of the rows, and follows the index of the list.
{{if postgres}}
ALTER POLICY employee_select_host ON employee
	USING (coalesce(tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::int), false));
{{end}}
