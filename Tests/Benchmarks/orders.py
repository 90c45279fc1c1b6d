"""Made-up orders in the documents of a shop (WooCommerce, REST API v3), a hundred to a page, and the peer that loads them.

    orders.py pull URL DATABASE [CA]
"""

import datetime
import gzip
import http.client
import json
import pathlib
import random
import sqlite3
import ssl
import sys
import urllib.parse

SIZE = 100


def document(number, now):
    """As long as the sample of WooCommerce's own manual, less its links: about 1.6 KB."""
    dice = random.Random(number)
    placed = now - datetime.timedelta(seconds=dice.randrange(60, 29 * 86_400))
    paid = placed + datetime.timedelta(seconds=dice.randrange(10, 900))
    done = paid + datetime.timedelta(seconds=dice.randrange(3600, 90_000)) if dice.random() < 0.8 else None
    done = done if done and done < now else None
    stamp = lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S") if moment else None
    lines = [
        {
            "id": number * 4 + place, "name": "Made-up thing, colour of the day", "product_id": dice.randrange(1, 900),
            "variation_id": 0, "quantity": dice.randrange(1, 4), "tax_class": "", "subtotal": "12.00",
            "subtotal_tax": "0.90", "total": f"{dice.randrange(100, 9_900) / 100:.2f}", "total_tax": "0.90",
            "taxes": [], "meta_data": [], "sku": f"SKU{dice.randrange(900)}", "price": 12,
        }
        for place in range(2)
    ]
    address = {"first_name": "A", "last_name": "B", "address_1": "1 Street", "city": "Town", "postcode": "00000", "country": "US"}
    return {
        "id": number, "number": str(number), "order_key": f"wc_order_{number:x}", "created_via": "checkout",
        "version": "9.0.0", "status": "completed" if done else "processing", "currency": "USD",
        "date_created_gmt": stamp(placed), "date_modified_gmt": stamp(done or paid), "discount_total": "0.00",
        "shipping_total": "10.00", "total": f"{dice.randrange(990, 39_900) / 100:.2f}", "total_tax": "1.35",
        "prices_include_tax": False, "customer_id": number % 5000, "billing": address, "shipping": address,
        "payment_method": "card", "payment_method_title": "Card", "date_paid_gmt": stamp(paid),
        "date_completed_gmt": stamp(done), "line_items": lines,
        "tax_lines": [{"id": number, "rate_code": "US-TAX", "rate_id": 75, "label": "Tax", "tax_total": "1.35"}],
        "shipping_lines": [{"id": number, "method_title": "Flat Rate", "method_id": "flat_rate", "total": "10.00"}],
        "fee_lines": [], "coupon_lines": [], "refunds": [],
    }


def write(folder, count):
    """`orders-1.json` and on, each also compressed; the empty one behind them says that it was all."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - datetime.timedelta(minutes=5)
    folder = pathlib.Path(folder)
    pages = [
        json.dumps([document(number, now) for number in range(first, first + SIZE)], separators=(",", ":")).encode()
        for first in range(1, count, SIZE)
    ]
    for number, page in enumerate(pages + [b"[]"], 1):
        (folder / f"orders-{number}.json").write_bytes(page)
        (folder / f"orders-{number}.json.gz").write_bytes(gzip.compress(page, 6))
    (folder / "none.json").write_bytes(b"[]")
    return len(pages), sum(map(len, pages)) / count


def write_small(folder, count):
    """The one page of a small shop."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - datetime.timedelta(minutes=5)
    folder = pathlib.Path(folder)
    (folder / "small-1.json").write_text(json.dumps([document(number, now) for number in range(1, count + 1)], separators=(",", ":")))
    (folder / "none.json").write_bytes(b"[]")


# The peer --------------------------------------------------------------------------------------------------------------

ORDER = "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET updated_at = excluded.updated_at, status = excluded.status WHERE excluded.updated_at > orders.updated_at"
LINE = "INSERT INTO lines VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"


def pull(url, target, ca=None):
    import orjson

    database = sqlite3.connect(target, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536", "wal_autocheckpoint=16000"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, updated_at, placed_at, paid_at, completed_at, status, amount, currency)")
    database.execute("CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id, product, units, amount)")
    address = urllib.parse.urlsplit(url)
    headers = {"Accept-Encoding": "gzip"} if ca else {}
    connection = (
        http.client.HTTPSConnection(address.hostname, address.port, context=ssl.create_default_context(cafile=ca))
        if ca else http.client.HTTPConnection(address.hostname, address.port))
    number = 1
    while True:
        connection.request("GET", f"{address.path}?page={number}&per_page={SIZE}", headers=headers)
        reply = connection.getresponse()
        body = reply.read()
        page = orjson.loads(gzip.decompress(body) if reply.headers["Content-Encoding"] == "gzip" else body)
        if not page:
            return
        database.execute("BEGIN IMMEDIATE")
        database.executemany(ORDER, [
            (o["id"], o["date_modified_gmt"], o["date_created_gmt"], o["date_paid_gmt"], o["date_completed_gmt"], o["status"], o["total"], o["currency"])
            for o in page])
        database.executemany(LINE, [(l["id"], o["id"], l["product_id"], l["quantity"], l["total"]) for o in page for l in o["line_items"]])
        database.execute("COMMIT")
        number += 1


if __name__ == "__main__":
    pull(*sys.argv[2:5])
