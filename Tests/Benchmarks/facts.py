"""Made-up facts for the benchmark: JSON Lines in which a hundred neighbours share a store, as a platform's pages do."""

import json
import random

STORES = 10_000
RUN = 100  # neighbours of one store
DAY = 86_400
END = 1_772_323_200  # 2026-03-01T00:00:00Z
DAYS = 120


def stamp(seconds):
    days, rest = divmod(seconds, DAY)
    # 2026-03-01 less whole days, by the proleptic calendar.
    year, month, day = civil(days)
    return f"{year}-{month:02}-{day:02}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}Z"


def civil(days):
    days += 719_468
    era = days // 146_097
    doe = days - era * 146_097
    yoe = (doe - doe // 1460 + doe // 36_524 - doe // 146_096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    month = (5 * doy + 2) // 153
    return yoe + era * 400 + (month >= 10), month + 3 if month < 10 else month - 9, doy - (153 * month + 2) // 5 + 1


def facts(count, first=0, seed=1):
    """`count` facts: of seventeen in twenty an order, two a refund of it, one its rating."""
    dice = random.Random(seed + first)
    for number in range(first, first + count):
        store = f"store-{number // RUN % STORES:05}"
        order = f"{number:012}"
        placed = END - dice.randrange(DAYS * DAY)
        paid = placed + dice.randrange(60, 3600)
        ship_by = paid + 2 * DAY
        kind = number % 20
        if kind < 17:
            shipped = paid + dice.randrange(3600, 55 * 3600)
            yield {
                "kind": "order", "store": store, "id": order, "updated_at": stamp(shipped), "placed_at": stamp(placed),
                "paid_at": stamp(paid), "ship_by": stamp(ship_by), "shipped_at": stamp(shipped),
                "picked_up_at": stamp(shipped + 7200), "deliver_by": stamp(paid + 6 * DAY),
                "delivered_at": stamp(shipped + dice.randrange(DAY, 4 * DAY)), "status": "delivered",
                "amount": f"{dice.randrange(990, 39_900) / 100:.2f}", "currency": "CNY", "units": dice.randrange(1, 4),
            }
        elif kind < 19:
            opened = paid + dice.randrange(DAY, 9 * DAY)
            yield {
                "kind": "refund", "store": store, "id": "R" + order, "order": f"{number - kind + dice.randrange(17):012}",
                "updated_at": stamp(opened + DAY), "opened_at": stamp(opened), "responded_at": stamp(opened + 7200),
                "refunded_at": stamp(opened + DAY), "type": "return", "status": "refunded",
                "reason": dice.choice(["quality", "not_as_described", "changed_mind", "late"]),
                "disputed": dice.random() < 0.1, "intervened": dice.random() < 0.05,
                "amount": f"{dice.randrange(990, 39_900) / 100:.2f}", "currency": "CNY",
            }
        else:
            rated = paid + dice.randrange(4 * DAY, 12 * DAY)
            yield {
                "kind": "rating", "store": store, "id": "A" + order, "order": f"{number - kind + dice.randrange(17):012}",
                "updated_at": stamp(rated), "rated_at": stamp(rated), "score": dice.choice([5, 5, 5, 4, 4, 3, 2, 1]),
                "description": dice.choice([5, 5, 4]), "logistics": dice.choice([5, 4, 4]), "service": 5,
            }


def write(path, count, first=0):
    with open(path, "w", encoding="utf-8") as file:
        for fact in facts(count, first):
            file.write(json.dumps(fact, separators=(",", ":")) + "\n")


def pages(folder, count, size, first=0):
    """Static pages of a feed, for a server that finds `?cursor=N` as `page-N.json`; the first page has no cursor."""
    batch, number = [], 0
    everything = list(facts(count, first))
    for start in range(0, count, size):
        batch = everything[start:start + size]
        following = f'"{number + 1}"' if start + size < count else "null"
        text = '{"facts":[' + ",".join(json.dumps(fact, separators=(",", ":")) for fact in batch) + f'],"next":{following}}}'
        with open(f"{folder}/page-{number or ''}.json", "w", encoding="utf-8") as file:
            file.write(text)
        number += 1
    return number
