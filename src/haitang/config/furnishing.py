"""What the private PostgreSQL needs before use: a user without a superuser's rights, and the keys' database."""

import psycopg

USER = "haitang"
DATABASE = "postgres"
KEYS_DATABASE = f"{DATABASE}_keys"
# An installation from before there was this user: all of its own things change hands.
TAKE_OVER = """
DO $$
DECLARE thing record;
BEGIN
    FOR thing IN
        SELECT format('ALTER TABLE %s OWNER TO haitang', c.oid::regclass) AS act
        FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
        UNION ALL
        SELECT format('ALTER ROUTINE %s OWNER TO haitang', p.oid::regprocedure)
        FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
        UNION ALL
        SELECT format('ALTER TYPE %s OWNER TO haitang', t.oid::regtype)
        FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd')
    LOOP EXECUTE thing.act; END LOOP;
END $$
"""


def furnish(address: str) -> None:
    """Make, through a superuser's `address`, whatever of the two is missing."""
    with psycopg.connect(address, autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [USER]).fetchone():
            server.execute(f"CREATE ROLE {USER} LOGIN CREATEDB")
            server.execute(f"ALTER DATABASE {DATABASE} OWNER TO {USER}")
            server.execute(f"ALTER SCHEMA public OWNER TO {USER}")
            server.execute(TAKE_OVER)
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [KEYS_DATABASE]).fetchone():
            server.execute(f"CREATE DATABASE {KEYS_DATABASE} OWNER {USER}")
