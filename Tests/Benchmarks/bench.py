"""`make bench`: the release build beside its peers, in one run on one machine. Prints medians and ratios.

    bench.py PROGRAM BENCHMARKS [--facts N] [--repeat N] [--only STAGE,…]
"""

import argparse
import json
import os
import pathlib
import re
import resource
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import facts
import orders

HERE = pathlib.Path(__file__).resolve().parent
STORES = 10_000
AT = "2026-03-01T12:00:00+08:00"
CHILD = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}

ROWS = []


def row(stage, ours, beside, ratio, reach):
    ROWS.append((stage, ours, beside, ratio, reach))
    print(f"  {stage}: {ours}; beside it {beside}; ratio {ratio} (reach: {reach})", flush=True)


def timed(*command, ok=(0,), quiet=True):
    """Wall and processor seconds of a whole process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL if quiet else None, stderr=subprocess.PIPE, env=CHILD, check=False)
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in ok:
        sys.exit(f"{command} ended with {done.returncode}: {done.stderr.decode()}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def median(values):
    return statistics.median(values)


def remove(path):
    for suffix in ("", "-wal", "-shm", ".lock"):
        pathlib.Path(path + suffix).unlink(missing_ok=True)


class Bench:
    def __init__(self, program, benchmarks, folder, count, repeat):
        self.program, self.benchmarks, self.folder = program, benchmarks, folder
        self.count, self.repeat, self.python = count, repeat, sys.executable

    def path(self, name):
        return str(self.folder / name)

    def config(self, name, feed=None):
        text = f"database: sqlite:{name}.db\npacks: [{HERE}/bench.yaml]\nlisten: 127.0.0.1:0\nstores: [{{match: \"*\", pack: bench}}]\n"
        if feed:
            text += f'feeds: [{{id: erp, url: "{feed}", every: 1h}}]\n'
        self.folder.joinpath(name + ".yaml").write_text(text)
        return self.path(name + ".yaml")

    # Import ----------------------------------------------------------------------------------------------------------

    def import_files(self):
        more = self.count // 5
        facts.write(self.path("first.jsonl"), self.count)
        facts.write(self.path("more.jsonl"), more, self.count)
        times = {name: [] for name in ("ours", "peer", "ours more", "peer more")}
        config = self.config("import")
        for _ in range(self.repeat):
            remove(self.path("import.db"))
            remove(self.path("peer.db"))
            times["ours"].append(timed(self.program, "import", "--config", config, self.path("first.jsonl"))[0])
            times["peer"].append(timed(self.python, HERE / "peers.py", "import", self.path("first.jsonl"), self.path("peer.db"))[0])
            times["ours more"].append(timed(self.program, "import", "--config", config, self.path("more.jsonl"))[0])
            times["peer more"].append(timed(self.python, HERE / "peers.py", "import", self.path("more.jsonl"), self.path("peer.db"))[0])
        for stage, name, count in ((f"import of {self.count} facts, empty ledger", "", self.count),
                                   (f"import of {more} facts, {self.count} there", " more", more)):
            ours, peer = count / median(times["ours" + name]), count / median(times["peer" + name])
            row(stage, f"{ours:,.0f} facts/s", f"orjson + executemany, no rollups: {peer:,.0f} facts/s", f"{ours / peer:.2f}", "1")

    # Feed and fetch --------------------------------------------------------------------------------------------------

    def serve(self):
        root = self.folder / "pages"
        root.mkdir(exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.secure = free.getsockname()[1]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
             "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.path("shop.key"), "-out", self.path("shop.pem")],
            check=True, stderr=subprocess.DEVNULL)
        config = self.folder / "nginx.conf"
        # The folder is ours alone; as root nginx would look into it as somebody else.
        user = "user root;" if os.geteuid() == 0 else ""
        config.write_text(f"""
{user} daemon off; worker_processes 1; pid {self.folder}/nginx.pid; error_log {self.folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; keepalive_requests 10000000; default_type application/json;
  client_body_temp_path {self.folder}/t1; proxy_temp_path {self.folder}/t2; fastcgi_temp_path {self.folder}/t3;
  uwsgi_temp_path {self.folder}/t4; scgi_temp_path {self.folder}/t5;
  server {{
    listen 127.0.0.1:{port}; root {root};
    location = /hook {{ return 204; }}
    location = /facts {{ try_files /page-$arg_cursor.json =404; }}
    {self.shop()}
    location / {{ }}
  }}
  server {{
    listen 127.0.0.1:{self.secure} ssl http2; root {root}; gzip_static on;
    ssl_certificate {self.folder}/shop.pem; ssl_certificate_key {self.folder}/shop.key;
    {self.shop()}
  }}
}}""")
        self.server = subprocess.Popen(["nginx", "-c", str(config)], stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 0.1).close()
                return f"http://127.0.0.1:{port}"
            except OSError:
                time.sleep(0.05)
        sys.exit("nginx did not start")

    @staticmethod
    def shop():
        # Nothing lies in the trash: the same pages again would be read twice.
        return """
    location = /wp-json/wc/v3/orders { if ($arg_status = trash) { rewrite ^ /none.json last; } try_files /orders-$arg_page.json =404; }
    location = /small/wp-json/wc/v3/orders { if ($arg_status = trash) { rewrite ^ /none.json last; } try_files /small-$arg_page.json /none.json =404; }
    location = /small/wp-json/wc/v3/products/reviews { try_files /none.json =404; }
    location = /wp-json/wc/v3/products/reviews { try_files /none.json =404; }"""

    def platform(self, address):
        """A shop's own documents by its pack's plan, from the socket to the committed rollup."""
        count = self.count // 10
        pages, size = orders.write(self.folder / "pages", count)
        for name, endpoint, ca in (("HTTP/1.1", address, None), ("HTTP/2, TLS, gzip", f"https://127.0.0.1:{self.secure}", self.path("shop.pem"))):
            config = self.folder / "shop.yaml"
            config.write_text(
                "database: sqlite:shop.db\nlisten: 127.0.0.1:0\n" + (f"ca_file: {ca}\n" if ca else "")
                + f"stores:\n  - {{id: shop, pack: woocommerce, timezone: UTC, currency: USD, endpoint: \"{endpoint}\", credentials: {{consumer_key: ck_a, consumer_secret: cs_b}}}}\n")
            url = endpoint + "/wp-json/wc/v3/orders"
            config_urls = self.folder / "urls.curl"
            config_urls.write_text("".join(f'url = "{url}?page={n}&per_page=100"\noutput = "/dev/null"\n' for n in range(1, pages + 1)))
            ours, peer, curl, cpu, peer_cpu, curl_cpu = [], [], [], [], [], []
            for _ in range(self.repeat):
                remove(self.path("shop.db"))
                remove(self.path("shop-peer.db"))
                for times, used, command in (
                        (ours, cpu, (self.program, "pull", "--config", config)),
                        (peer, peer_cpu, (self.python, HERE / "orders.py", "pull", url, self.path("shop-peer.db"), *([ca] if ca else []))),
                        (curl, curl_cpu, ("curl", "-sS", "--parallel", "--parallel-max", "8", *(["--compressed", "--cacert", ca] if ca else []), "-K", config_urls))):
                    wall, processor = timed(*command)
                    times.append(wall)
                    used.append(processor)
            a, b, c = (count / median(times) for times in (ours, peer, curl))
            row(f"a shop's orders by its pack, {pages} pages of 100, {size / 1000:.1f} KB an order, {name}, to committed rollup",
                f"{a:,.0f} orders/s", f"http.client + orjson + executemany: {b:,.0f}; curl --parallel to /dev/null: {c:,.0f} orders/s", f"{a / b:.2f}", "-")
            a, b, c = (median(times) / count * 1e6 for times in (cpu, peer_cpu, curl_cpu))
            row("the same by processor time", f"{a:.1f} µs an order", f"{b:.1f}; curl {c:.1f} µs", f"{b / a:.2f}", "4.5 µs" if ca is None else "6.7 µs")

        self.made_up(300, 30)

    def made_up(self, per_day, days):
        """The same from the made-up platform, which makes each answer when it is asked: its time is in the wall's."""
        walls, used = [], []
        for _ in range(self.repeat):
            remove(self.path("made-up.db"))
            served = subprocess.Popen([self.benchmarks, "serve", "woocommerce", str(per_day), str(days)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=CHILD)
            entry = []
            for line in served.stdout:
                entry.append(line)
                if line.startswith("orders: "):
                    break
            count = int(entry.pop().split()[1])
            config = self.folder / "made-up.yaml"
            config.write_text("database: sqlite:made-up.db\nlisten: 127.0.0.1:0\nstores:\n" + "".join(entry))
            wall, processor = timed(self.program, "pull", "--config", config)
            served.stdin.close()
            served.wait(20)
            walls.append(wall)
            used.append(processor)
        row(f"the same from the made-up shop, {count:,} orders of {days} days with their refunds and reviews, made as they are asked for",
            f"{count / median(walls):,.0f} orders/s, {median(used) / count * 1e6:.1f} µs an order of ours", "-", "-", "-")

    def fleet(self, address):
        """As many stores, each pulled by itself from a shop of its own with ten orders; then the daemon over them."""
        orders.write_small(self.folder / "pages", 10)
        config = self.folder / "fleet.yaml"
        config.write_text("database: sqlite:fleet.db\nlisten: 127.0.0.1:0\nstores:\n" + "".join(
            f"  - {{id: shop-{n}, pack: woocommerce, timezone: UTC, currency: USD, endpoint: \"{address}/small\","
            " credentials: {consumer_key: ck_a, consumer_secret: cs_b}}\n" for n in range(STORES)))
        began = time.monotonic()
        pulling = subprocess.Popen([self.program, "pull", "--config", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=CHILD)
        _, status, used = os.wait4(pulling.pid, 0)
        wall = time.monotonic() - began
        if status:
            sys.exit(f"the fleet was not pulled: {status}")
        row(f"{STORES:,} stores of a platform, each pulled by itself (six calls, ten orders)",
            f"{STORES / wall:,.0f} stores/s, peak {used.ru_maxrss / 1024:.0f} MB", "-", "-", "250 MB")
        with open(self.path("daemon.log"), "w", encoding="utf-8") as log:
            daemon = subprocess.Popen([self.program, "run", "--config", config, "--log-level", "info"], stderr=log, env=CHILD)
        try:
            time.sleep(60)
            row("the daemon over the same, a minute after its start, pulling: memory, peak",
                f"{self.resident(daemon, 'VmRSS'):.0f}, {self.resident(daemon, 'VmHWM'):.0f} MB", "-", "-", "250 MB")
        finally:
            daemon.terminate()
            daemon.wait(20)

    def feed(self, address):
        count = self.count // 3
        pages = facts.pages(self.folder / "pages", count, 500)
        config = self.config("feed", address + "/facts")
        ours, peer, cpu, peer_cpu = [], [], [], []
        for _ in range(self.repeat):
            remove(self.path("feed.db"))
            remove(self.path("peer.db"))
            wall, used = timed(self.program, "pull", "--config", config)
            ours.append(wall)
            cpu.append(used)
            wall, used = timed(self.python, HERE / "peers.py", "pull", address + "/facts", self.path("peer.db"))
            peer.append(wall)
            peer_cpu.append(used)
        a, b = count / median(ours), count / median(peer)
        row(f"feed over HTTP/1.1 to committed rollup, {pages} pages of 500", f"{a:,.0f} facts/s", f"http.client + orjson + executemany: {b:,.0f} facts/s", f"{a / b:.2f}", "2.5")
        a, b = count / median(cpu), count / median(peer_cpu)
        row("the same by processor time", f"{a:,.0f} facts/s and core", f"{b:,.0f} facts/s and core", f"{a / b:.2f}", "220,000 facts/s")

    def fetch(self, address):
        self.folder.joinpath("pages", "page.json").write_bytes(b"x" * 100_000)
        ours, peer = [], []
        for _ in range(self.repeat):
            text = subprocess.run([self.benchmarks, "fetch", address + "/page.json", "60000", "32"], capture_output=True, text=True, check=True, env=CHILD).stdout
            ours.append(float(re.search(r"requests_per_second (\S+)", text)[1]))
            text = subprocess.run(["wrk", "-t1", "-c32", "-d2s", address + "/page.json"], capture_output=True, text=True, check=True).stdout
            peer.append(float(re.search(r"Requests/sec:\s+(\S+)", text)[1]))
        a, b = median(ours), median(peer)
        row("fetch alone, 100 KB pages, 32 at once", f"{a:,.0f} requests/s", f"wrk: {b:,.0f} requests/s", f"{a / b:.2f}", "0.8")

    # Notices ---------------------------------------------------------------------------------------------------------

    NOTICES = 10_000

    def notices(self, address):
        """As many notices owed to one receiver that answers at once, about as many alerts: from the daemon's first word
        that one was taken to its last. Beside it the same bodies, which nobody notes down as taken."""
        count = self.NOTICES
        bodies = self.folder / "bodies"
        bodies.mkdir(exist_ok=True)
        texts = [self.notice(n) for n in range(count)]
        for n, text in enumerate(texts):
            bodies.joinpath(str(n)).write_bytes(text)
        posts = self.folder / "posts.curl"
        posts.write_text("next\n".join(
            f'url = "{address}/hook"\nheader = "content-type: application/json"\ndata-binary = "@{bodies}/{n}"\noutput = "/dev/null"\n'
            for n in range(count)))
        config = self.folder / "notices.yaml"
        config.write_text(f"database: sqlite:notices.db\npacks: [{HERE}/bench.yaml]\nlisten: 127.0.0.1:0\nstores: [{{match: \"*\", pack: bench}}]\n"
                          f"receivers: [{{id: ops, webhook: \"{address}/hook\", secret: \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"}}]\n")
        self.folder.joinpath("one.jsonl").write_text('{"kind":"refund","store":"one","id":"1","refunded_at":"2026-01-01T00:00:00Z"}\n')
        ours, peer = [], []
        for _ in range(self.repeat):
            remove(self.path("notices.db"))
            timed(self.program, "import", "--config", config, self.path("one.jsonl"))
            self.owe(self.path("notices.db"), texts)
            ours.append(self.delivered(config))
            peer.append(timed("curl", "-sS", "--parallel", "--parallel-max", "16", "-K", posts)[0])
        a, b = count / median(ours), count / median(peer)
        row(f"{count:,} notices of {len(texts[0]) / 1000:.1f} KB, signed, owed to one receiver, to the last noted as taken",
            f"{a:,.0f} notices/s", f"curl --parallel, the same bodies: {b:,.0f} posts/s", f"{a / b:.2f}", "-")

    @staticmethod
    def notice(n):
        alert = {
            "event": "firing", "episode": f"ep_{n:032x}", "store": f"shop-{n}", "store_name": f"shop-{n}", "platform": "bench", "labels": {},
            "rule": "dispute-rate", "title": {"en": "Dispute refunds in 30 days", "zh": "近30天纠纷退款"}, "severity": "major", "standing": "breach",
            "since": "2026-02-28T16:00:00Z", "at": "2026-02-28T16:00:00Z", "judged_to": "2026-02-28", "reason": "limit",
            "values": {"disputes": 4, "paid": 300}, "limit": "disputes < 3 or disputes / paid < 1%", "basis": None,
            "evidence": [{"kind": "refund", "id": f"r{n}-{k}", "order": f"o{n}-{k}", "at": "2026-02-20T10:00:00Z", "leaves": "2026-03-23"} for k in range(8)],
            "evidence_total": 8, "consequence": None, "remedy": None, "source": None, "link": None}
        return json.dumps({"type": "alerts", "timestamp": "2026-03-01T00:00:00Z", "data": {"receiver": "ops", "alerts": [alert]}}, ensure_ascii=False).encode()

    @staticmethod
    def owe(path, texts):
        """What the daemon leaves when it has judged and not yet sent."""
        ledger = sqlite3.connect(path)
        now = int(time.time() * 1_000_000)
        ledger.executemany(
            "INSERT INTO notices (id, receiver, store, rule, episode, change, made_at, body, next_attempt_at) VALUES (?, 'ops', ?, 'dispute-rate', ?, 1, ?, ?, ?)",
            ((f"n_{n:032x}", f"shop-{n}", f"ep_{n:032x}", now, text, now) for n, text in enumerate(texts)))
        ledger.execute(
            "INSERT INTO notice_items (id, receiver, store, rule, episode, change, event, standing, interest, grouping, is_beginning, is_daily, made_at,"
            " body, state, notice, decided_at) SELECT id, receiver, store, rule, episode, 1, 'firing', 'breach', 'owed', '', 0, 0, made_at, x'', 'told', number, made_at FROM notices")
        ledger.commit()
        ledger.close()

    def delivered(self, config):
        """Seconds from the first notice taken to the last."""
        with open(self.path("daemon.log"), "w", encoding="utf-8") as log:
            daemon = subprocess.Popen([self.program, "run", "--config", config, "--log-level", "warning"], stderr=log, env=CHILD)
        try:
            ledger = sqlite3.connect(f"file:{self.path('notices.db')}?mode=ro", uri=True)
            for _ in range(6000):
                if not ledger.execute("SELECT EXISTS (SELECT 1 FROM notices WHERE state = 'owed')").fetchone()[0]:
                    first, last = ledger.execute("SELECT min(settled_at), max(settled_at) FROM notices").fetchone()
                    return (last - first) / 1_000_000
                if daemon.poll() is not None:
                    break
                time.sleep(0.05)
            sys.exit("the notices were not delivered: " + pathlib.Path(self.path("daemon.log")).read_text())
        finally:
            daemon.terminate()
            daemon.wait(20)

    # Evaluation ------------------------------------------------------------------------------------------------------

    def evaluate(self):
        figures = {}
        text = subprocess.run([self.benchmarks, "evaluate", HERE / "bench.yaml", str(STORES)], capture_output=True, text=True, check=True).stdout
        for line in text.splitlines():
            name, value = line.split()
            figures[name] = float(value)
        database = sqlite3.connect(":memory:")
        columns = [f"a{n}" for n in range(12)]
        database.execute(f"CREATE TABLE buckets (store INTEGER, day INTEGER, {', '.join(columns)}, PRIMARY KEY (store, day)) WITHOUT ROWID")
        database.executemany(
            f"INSERT INTO buckets VALUES (?, ?{', ?' * 12})",
            ((store, day, *((store * 7 + day * 3 + n) % 6 for n in range(12))) for store in range(STORES) for day in range(90)))
        sums = ", ".join(f"sum(CASE WHEN day >= {60 if n < 8 else 0} THEN a{n} END)" for n in range(12))
        times = []
        for _ in range(self.repeat):
            began = time.monotonic()
            assert len(database.execute(f"SELECT store, {sums} FROM buckets GROUP BY store").fetchall()) == STORES
            times.append((time.monotonic() - began) * 1000)
        peer = median(times)
        row(f"evaluation of {STORES} stores × {figures['rules']:.0f} rules over {figures['aggregates']:.0f} aggregates, resident",
            f"{figures['full_ms']:.1f} ms", f"the sums by SQLite over day buckets: {peer:.0f} ms", f"{peer / figures['full_ms']:.0f}", "5 ms")
        row("one changed fact re-judges its store", f"{figures['change_us']:.1f} µs", "-", "-", "microseconds")
        row("the local day of a moment, in a zone whose clocks change", f"{figures['local_day_ns']:.0f} ns", "-", "-", "tens of nanoseconds")
        row("a new day for all of them", f"{figures['day_roll_ms']:.0f} ms", "-", "-", "-")

    def prospects(self):
        """The largest pack that ships, by the full evaluator."""
        figures = {}
        pack = HERE.parent.parent / "rules" / "taobao.yaml"
        text = subprocess.run([self.benchmarks, "prospects", pack, str(STORES)], capture_output=True, text=True, check=True).stdout
        for line in text.splitlines():
            name, value = line.split()
            figures[name] = float(value)
        row(f"evaluation of {STORES} stores × {figures['rules']:.0f} rules of the largest pack, with figures and reasons",
            f"{figures['evaluating_s']:.2f} s", "-", "-", "-")
        row("headroom, recovery and forecast of every rule of the same", f"{figures['prospects_s']:.1f} s", "-", "-", "-")

    def check(self):
        config = self.path("import.yaml")
        ledger = self.path("import.db")
        query = self.same_by_sql()
        ours, peer = [], []
        for _ in range(self.repeat):
            ours.append(timed(self.program, "check", "--config", config, "--at", AT, "--format", "nagios", ok=(0, 1, 2))[0])
            peer.append(timed("sqlite3", "-readonly", ledger, query)[0])
        a, b = median(ours), median(peer)
        row(f"one-shot check of {STORES} stores, {self.count * 6 // 5} facts, cold start", f"{a:.2f} s", f"the sums by the sqlite3 shell over the facts: {b:.2f} s", f"{b / a:.2f}", "1 s")

    @staticmethod
    def same_by_sql():
        """The twelve sums of the pack by store, over the ledger's own tables."""
        end = facts.END - 8 * 3600
        month, quarter, stop = (end - 30 * 86_400) * 1_000_000, (end - 90 * 86_400) * 1_000_000, end * 1_000_000

        def within(column, start=month):
            return f"{column} >= {start} AND {column} < {stop}"

        return f"""
            SELECT count(*) FROM (
              SELECT store, sum({within('paid_at')}), sum({within('placed_at')}),
                sum(CASE WHEN {within('paid_at')} THEN amount END), sum({within('ship_by')} AND shipped_at > ship_by)
              FROM orders WHERE deleted = 0 GROUP BY store);
            SELECT count(*) FROM (
              SELECT store, sum({within('refunded_at')} AND status = 'refunded'),
                sum(CASE WHEN {within('refunded_at')} AND status = 'refunded' THEN amount END),
                sum({within('refunded_at')} AND disputed AND status = 'refunded'),
                sum({within('refunded_at')} AND reason IN ('quality', 'not_as_described'))
              FROM refunds WHERE deleted = 0 GROUP BY store);
            SELECT count(*) FROM (
              SELECT store, sum({within('rated_at', quarter)}), sum({within('rated_at', quarter)} AND score <= 2000000),
                avg(CASE WHEN {within('rated_at', quarter)} THEN description END),
                avg(CASE WHEN {within('rated_at', quarter)} THEN service END)
              FROM ratings WHERE deleted = 0 GROUP BY store);"""

    # Memory ----------------------------------------------------------------------------------------------------------

    def memory(self, address):
        """The daemon over the same stores: after the start, while it pulls, while an import runs beside it."""
        text = pathlib.Path(self.path("import.yaml")).read_text()
        pathlib.Path(self.path("daemon.yaml")).write_text(text + f'feeds: [{{id: erp, url: "{address}/facts", every: 1h}}]\n')
        with open(self.path("daemon.log"), "w", encoding="utf-8") as log:
            daemon = subprocess.Popen([self.program, "run", "--config", self.path("daemon.yaml"), "--log-level", "info"], stderr=log, env=CHILD)
        try:
            self.wait_for("feed 'erp'", daemon)
            time.sleep(2)
            pulled = self.resident(daemon, "VmRSS")
            timed(self.program, "import", "--config", self.path("daemon.yaml"), self.path("more.jsonl"))
            time.sleep(2)
            row("memory of the daemon, the same stores: after a pull, after an import beside it, peak",
                f"{pulled:.0f}, {self.resident(daemon, 'VmRSS'):.0f}, {self.resident(daemon, 'VmHWM'):.0f} MB", "-", "-", "200 MB")
        finally:
            daemon.terminate()
            daemon.wait(20)

    # Dashboard -------------------------------------------------------------------------------------------------------

    def wall(self, address):
        """The wall over ten thousand stores and thirty rules while their feed is pulled, beside a page that is always the same."""
        facts.END, facts.RUN = int(time.time()) // facts.DAY * facts.DAY, 20
        facts.pages(self.folder / "pages", 20 * STORES, 500)
        pack = (HERE / "bench.yaml").read_text()
        pack += "".join(f"  more-{n}: {{require: refunds < {40 + n}, prefer: refunds < {20 + n}}}\n" for n in range(10))
        self.folder.joinpath("wall-pack.yaml").write_text(pack)
        port = self.free_port()
        self.folder.joinpath("wall.yaml").write_text(
            f"database: sqlite:wall.db\npacks: [wall-pack.yaml]\nlisten: 127.0.0.1:{port}\nstores: [{{match: \"*\", pack: bench}}]\n"
            f'feeds: [{{id: erp, url: "{address}/facts", every: 20s}}]\n')
        with open(self.path("daemon.log"), "w", encoding="utf-8") as log:
            daemon = subprocess.Popen([self.program, "run", "--config", self.path("wall.yaml"), "--log-level", "info"], stderr=log, env=CHILD)
        try:
            self.wait_for("feed 'erp'", daemon)
            here = f"http://127.0.0.1:{port}"
            for _ in range(600):
                with urllib.request.urlopen(here + "/?lang=en") as answer:
                    page = answer.read()
                if f"{STORES} stores</p>".encode() in page:
                    break
                time.sleep(0.2)
            else:
                sys.exit("the wall did not come to be whole")
            page_file = self.path("page.html")
            pathlib.Path(page_file).write_bytes(page)
            kept = self.wrk(here + "/")
            made = self.wrk(here + "/", self.script())
            row("memory of the daemon with the dashboard: now, peak", f"{self.resident(daemon, 'VmRSS'):.0f}, {self.resident(daemon, 'VmHWM'):.0f} MB", "-", "-", "-")
        finally:
            daemon.terminate()
            daemon.wait(20)
        peer = self.free_port()
        server = subprocess.Popen([self.benchmarks, "page", page_file, str(peer)], env=CHILD)
        try:
            time.sleep(1)
            still = self.wrk(f"http://127.0.0.1:{peer}/")
            for name, ours in (("the wall", kept), ("the wall, another page each time", made)):
                row(f"{name}, {STORES} stores and 30 rules, {len(page) // 1024} KB", self.times(ours),
                    f"the same page by Hummingbird, always the same, nothing pulled: {self.times(still)}", f"{ours[0] / still[0]:.2f}", "50 ms, 200 ms")
        finally:
            server.terminate()
            server.wait(20)

    @staticmethod
    def times(found):
        rate, half, most = found
        return f"{rate:,.0f}/s, {half:.1f} ms at the median, {most:.1f} ms at the 99th percentile"

    def script(self):
        """Of every page, order and standing: more than are kept."""
        path = self.folder / "wall.lua"
        path.write_text("""
local n = 0
request = function()
  n = n + 1
  local sorts = {"room", "standing", "name"}
  return wrk.format("GET", "/?sort=" .. sorts[n % 3 + 1] .. "&page=" .. (n % 50 + 1) .. "&q=" .. (n % 7))
end""")
        return str(path)

    @staticmethod
    def wrk(url, script=None):
        """Requests a second; the median and the 99th percentile in milliseconds."""
        said = subprocess.run(
            ["wrk", "-t1", "-c8", "-d10s", "--latency"] + (["-s", script] if script else []) + [url],
            check=True, capture_output=True, text=True).stdout
        units = {"us": 0.001, "ms": 1, "s": 1000}

        def latency(share):
            value, unit = re.search(rf"{share}%\s+([\d.]+)(us|ms|s)", said).groups()
            return float(value) * units[unit]

        return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), latency(50), latency(99)

    @staticmethod
    def free_port():
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return free.getsockname()[1]

    @staticmethod
    def resident(process, name):
        """In megabytes."""
        return int(re.search(rf"{name}:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text())[1]) / 1024

    def wait_for(self, words, daemon):
        for _ in range(600):
            if words in pathlib.Path(self.path("daemon.log")).read_text():
                return
            if daemon.poll() is not None:
                break
            time.sleep(0.1)
        sys.exit("the daemon did not get there: " + pathlib.Path(self.path("daemon.log")).read_text())


def stages(bench, address):
    """Those of the daemon's memory and of `check` need what `import` leaves."""
    return {
        "import": bench.import_files, "check": bench.check, "feed": lambda: bench.feed(address), "fetch": lambda: bench.fetch(address),
        "platform": lambda: bench.platform(address), "fleet": lambda: bench.fleet(address), "evaluate": bench.evaluate,
        "notices": lambda: bench.notices(address), "prospects": bench.prospects, "memory": lambda: bench.memory(address),
        "wall": lambda: bench.wall(address),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("benchmarks")
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", default="", help="stages, with commas between them")
    arguments = parser.parse_args()
    only = [name for name in arguments.only.split(",") if name]
    with tempfile.TemporaryDirectory(prefix="goodstanding-bench-") as folder:
        bench = Bench(os.path.abspath(arguments.program), os.path.abspath(arguments.benchmarks), pathlib.Path(folder), arguments.facts, arguments.repeat)
        print(f"{os.cpu_count()} cores; medians of {arguments.repeat}", flush=True)
        address = bench.serve()
        try:
            for name, stage in stages(bench, address).items():
                if not only or name in only:
                    stage()
        finally:
            bench.server.terminate()
            bench.server.wait()
    print("\n| stage | goodstanding | beside it | ratio | reach |\n|---|---|---|---|---|")
    for cells in ROWS:
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
