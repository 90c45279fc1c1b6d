"""The peer: orjson and sqlite3 as a careful person would use them, into one plain table, without rollups.

    peers.py import FILE DATABASE
    peers.py pull URL DATABASE
"""

import http.client
import sqlite3
import sys
import urllib.parse

import orjson

COLUMNS = (
    "store", "kind", "id", "updated_at", "order", "placed_at", "paid_at", "ship_by", "shipped_at", "picked_up_at", "deliver_by",
    "delivered_at", "opened_at", "responded_at", "refunded_at", "rated_at", "status", "reason", "type", "amount", "currency",
    "units", "disputed", "intervened", "score", "description", "logistics", "service",
)
TABLE = (
    "CREATE TABLE IF NOT EXISTS facts (" + ", ".join(f'"{name}"' for name in COLUMNS)
    + ", PRIMARY KEY (store, kind, id)) WITHOUT ROWID"
)
UPSERT = (
    f"INSERT INTO facts VALUES ({', '.join('?' * len(COLUMNS))}) ON CONFLICT DO UPDATE SET "
    + ", ".join(f'"{name}" = excluded."{name}"' for name in COLUMNS[3:])
    + " WHERE excluded.updated_at > facts.updated_at"
)


def open_database(path):
    database = sqlite3.connect(path, isolation_level=None)
    # As durable as the ledger, and with as much cache.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536", "wal_autocheckpoint=16000"):
        database.execute(f"PRAGMA {pragma}")
    database.execute(TABLE)
    return database


def commit(database, facts):
    database.execute("BEGIN IMMEDIATE")
    database.executemany(UPSERT, [tuple(map(fact.get, COLUMNS)) for fact in facts])
    database.execute("COMMIT")


def import_file(path, target):
    database = open_database(target)
    batch = []
    with open(path, "rb") as file:
        for line in file:
            batch.append(orjson.loads(line))
            if len(batch) == 10_000:
                commit(database, batch)
                batch = []
    if batch:
        commit(database, batch)


def pull(url, target):
    database = open_database(target)
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port)
    cursor = None
    while True:
        connection.request("GET", address.path + (f"?cursor={cursor}" if cursor else ""))
        page = orjson.loads(connection.getresponse().read())
        commit(database, page["facts"])
        cursor = page["next"]
        if cursor is None:
            return


if __name__ == "__main__":
    {"import": import_file, "pull": pull}[sys.argv[1]](*sys.argv[2:4])
