"""The two databases behind one small face, for looking at what was really stored."""

import sqlite3
from pathlib import Path

import psycopg

from harness.postgres import TemporaryPostgres


class SQLiteStore:
    engine = "sqlite"

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.path = folder / "phoenix.db"
        self.url = f"sqlite:///{self.path}"

    def query(self, sql: str, *values: object) -> list[tuple]:
        """Rows of a SELECT whose parameters are written as question marks."""
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=30)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def execute(self, sql: str, *values: object) -> None:
        connection = sqlite3.connect(self.path, timeout=30)
        try:
            with connection:
                connection.execute(sql, values)
        finally:
            connection.close()

    def assert_sound(self) -> None:
        assert self.query("PRAGMA integrity_check") == [("ok",)]

    def close(self) -> None:
        pass


class PostgresStore:
    engine = "postgres"

    def __init__(self, server: TemporaryPostgres) -> None:
        self.server = server
        self.database = server.make_database()
        self.url = server.url(self.database)

    def query(self, sql: str, *values: object) -> list[tuple]:
        with self._connect() as connection:
            return connection.execute(sql.replace("?", "%s") if values else sql, values or None).fetchall()

    def execute(self, sql: str, *values: object) -> None:
        with self._connect() as connection:
            connection.execute(sql.replace("?", "%s") if values else sql, values or None)

    def deadlocks(self) -> int:
        """How many were found in this database since it was made."""
        sql = "SELECT deadlocks FROM pg_stat_database WHERE datname = ?"
        return self.query(sql, self.database)[0][0]

    def assert_sound(self) -> None:
        """Every index answers for every row of its table, and no row is torn."""
        with self._connect() as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
            indexes = connection.execute(
                """
                SELECT bt_index_check(index.oid, true) FROM pg_class AS index
                JOIN pg_am ON pg_am.oid = index.relam AND pg_am.amname = 'btree'
                WHERE index.relkind = 'i' AND index.relnamespace = 'public'::regnamespace
                """
            ).fetchall()
        assert indexes

    def close(self) -> None:
        self.server.drop_database(self.database)

    def _connect(self) -> psycopg.Connection:
        return self.server.connect(self.database)


Store = SQLiteStore | PostgresStore
