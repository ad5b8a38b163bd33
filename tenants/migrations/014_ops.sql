-- Employees whom the release before has written, by tenant: what finishes them asks for
-- no others.
CREATE INDEX employee_unfinished ON employee (tenant_id, id) WHERE sort_name = '';
