-- The accounts Codex works with, and its database. Run by a superuser; safe to run again at any time.
--
-- Embedded:  the launcher runs this file at each start.
-- Elsewhere: psql -f roles.sql -v database=codex -v owner_option=NOCREATEDB
--            and then \password for each account, or whatever your cluster uses to log in.
--
-- codex_owner  owns the schema; migrations only, never at run time. CREATEDB is for making test databases.
-- codex_app    web and workers. Row-level security holds for it: not the owner, no superuser, no BYPASSRLS.
-- codex_staff  the admin, on a connection of its own; policies name it.
-- codex_scan   reads the store tables of all tenants, for detectors.

\set ON_ERROR_STOP on
\if :{?database}
\else
    \set database codex
\endif
\if :{?owner_option}
\else
    \set owner_option NOCREATEDB
\endif

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['codex_owner', 'codex_app', 'codex_staff', 'codex_scan']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

ALTER ROLE codex_owner LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS :owner_option;
ALTER ROLE codex_app LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS NOCREATEDB;
ALTER ROLE codex_staff LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS NOCREATEDB;
ALTER ROLE codex_scan LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS NOCREATEDB;

SELECT format('CREATE DATABASE %I OWNER codex_owner', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO codex_app, codex_staff, codex_scan;
