"""Postgres' own limit: COPY of rows that Bennu has stored into a table of the same shape: copy_rows.py <database>

It is handed rows that were fetched and split ahead, so that what is timed is COPY and its commits alone. Connection
parameters come from libpq's own variables. Prints one line of JSON.
"""

import json
import resource
import struct
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
TRAILER = struct.pack(">h", -1)


def columns(connection: psycopg.Connection) -> str:
    """All but the id, which the table gives, as it does for Bennu."""
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = 'spans' AND table_schema = 'public' AND column_name <> 'id' ORDER BY ordinal_position"
    )
    return ", ".join(name for (name,) in rows)


def fetched(connection: psycopg.Connection, names: str) -> list[bytes]:
    """Each row as COPY's binary format has it."""
    with connection.cursor().copy(f"COPY (SELECT {names} FROM spans ORDER BY id) TO STDOUT (FORMAT binary)") as copy:
        # The server sends a message a row; the first has the header before it, and the last is the trailer.
        rows = [bytes(message) for message in copy]
    rows[0] = rows[0].removeprefix(HEADER)
    if rows[-1] == TRAILER:
        rows.pop()
    return [row for row in rows if row]


def copied(database: str, names: str, chunks: list[bytes]) -> None:
    with psycopg.connect(dbname=database, autocommit=True) as connection:
        for chunk in chunks:
            with connection.cursor().copy(f"COPY peer ({names}) FROM STDIN (FORMAT binary)") as copy:
                copy.write(chunk)


def main() -> None:
    database = sys.argv[1]
    results = []
    with psycopg.connect(dbname=database, autocommit=True) as connection:
        names = columns(connection)
        rows = fetched(connection, names)
        for connections in (1, 2):
            for size in (512, 2048):
                connection.execute("DROP TABLE IF EXISTS peer")
                connection.execute("CREATE TABLE peer (LIKE spans INCLUDING ALL)")
                connection.execute("CHECKPOINT")
                chunks = [
                    HEADER + b"".join(rows[first : first + size]) + TRAILER for first in range(0, len(rows), size)
                ]
                spent_before = resource.getrusage(resource.RUSAGE_SELF)
                began = time.perf_counter()
                with ThreadPoolExecutor(connections) as pool:
                    parts = [chunks[part::connections] for part in range(connections)]
                    for done in [pool.submit(copied, database, names, part) for part in parts]:
                        done.result()
                seconds = time.perf_counter() - began
                spent = resource.getrusage(resource.RUSAGE_SELF)
                [stored] = connection.execute("SELECT COUNT(*) FROM peer").fetchone()
                assert stored == len(rows), (stored, len(rows))
                results.append({
                    "connections": connections, "rows_a_copy": size, "rows": len(rows), "seconds": seconds,
                    "client_cpu": spent.ru_utime + spent.ru_stime - spent_before.ru_utime - spent_before.ru_stime,
                })
        connection.execute("DROP TABLE peer")
    print(json.dumps(results))


main()
