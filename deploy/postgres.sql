-- The roles and the database of Wiyata. Run by a superuser, as often as wanted:
--
--   psql -X -v owner_password=… -v app_password=… -f postgres.sql
--
-- Three walls stand on this split. wiyata_owner owns every table and runs the
-- migrations. wiyata_app serves requests: it owns nothing, creates nothing, and
-- row-level security binds it. Neither is a superuser, and neither may pass by
-- row-level security. What wiyata_app may do with a table, the migration that makes
-- the table grants; nothing is granted by default.
--
-- With -v verify_password=… there is a third, wiyata_verify, for `wiyata verify tenancy`
-- alone: it reads past the policies, to find what breaks them, and writes nothing.

\set ON_ERROR_STOP on
\if :{?owner_password}
\else
  DO $$ BEGIN RAISE EXCEPTION 'give -v owner_password=…'; END $$;
\endif
\if :{?app_password}
\else
  DO $$ BEGIN RAISE EXCEPTION 'give -v app_password=…'; END $$;
\endif

-- Passwords must not reach the server's log.
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = 'panic';

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['wiyata_owner', 'wiyata_app']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

ALTER ROLE wiyata_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'owner_password';
ALTER ROLE wiyata_app   LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'app_password';

-- A role that inherits the owner's would own its tables.
SELECT format('REVOKE %I FROM wiyata_app', granted.rolname)
FROM pg_auth_members m
JOIN pg_roles granted ON granted.oid = m.roleid
JOIN pg_roles member ON member.oid = m.member
WHERE member.rolname = 'wiyata_app'
\gexec

SELECT 'CREATE DATABASE wiyata OWNER wiyata_owner ENCODING ''UTF8'' TEMPLATE template0'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'wiyata')
\gexec

ALTER DATABASE wiyata OWNER TO wiyata_owner;
REVOKE ALL ON DATABASE wiyata FROM PUBLIC;
REVOKE ALL ON DATABASE wiyata FROM wiyata_app;
GRANT CONNECT ON DATABASE wiyata TO wiyata_app;

-- A statement that hangs must not hold its locks for ever; the application sets its
-- own, shorter deadlines.
ALTER ROLE wiyata_app IN DATABASE wiyata SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE wiyata_app IN DATABASE wiyata SET search_path = public;
ALTER ROLE wiyata_owner IN DATABASE wiyata SET search_path = public;

\if :{?verify_password}
  SELECT 'CREATE ROLE wiyata_verify' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wiyata_verify')
  \gexec
  ALTER ROLE wiyata_verify LOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'verify_password';
  GRANT pg_read_all_data TO wiyata_verify;
  GRANT CONNECT ON DATABASE wiyata TO wiyata_verify;
  ALTER ROLE wiyata_verify IN DATABASE wiyata SET default_transaction_read_only = on;
  ALTER ROLE wiyata_verify IN DATABASE wiyata SET search_path = public;
\endif

\connect wiyata

ALTER SCHEMA public OWNER TO wiyata_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM wiyata_app;
GRANT USAGE ON SCHEMA public TO wiyata_app;

-- Nothing by default: a table nobody granted is a table the application cannot read.
ALTER DEFAULT PRIVILEGES FOR ROLE wiyata_owner IN SCHEMA public REVOKE ALL ON TABLES FROM wiyata_app;
ALTER DEFAULT PRIVILEGES FOR ROLE wiyata_owner IN SCHEMA public REVOKE ALL ON SEQUENCES FROM wiyata_app;
