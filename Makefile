# goodstanding: two commands on a fresh machine (Debian 12 with Swift 6.3; root, or a user with sudo):
#   make demo    a simulated marketplace, the daemon and a receiver, on your terminal
#   make test    every test
# Then: make build, make bench (beside peers), make soak (a year of 31 stores at every platform; PACK=ebay: at one),
#   make fire (10,000 alerts while everything fails), make install, make uninstall, make format, make lint.

SHELL = /bin/bash
SWIFT ?= swift
PREFIX ?= /usr
UNITDIR ?= /etc/systemd/system
PROGRAM = .build/release/goodstanding
# What `swift test` runs as well; but of that only one at a time may.
TESTS = .build/debug/goodstandingPackageTests.xctest

# What the program is built with.
BUILD_PACKAGES = libcurl4-openssl-dev libsimdjson-dev libsqlite3-dev zlib1g-dev libzstd-dev ca-certificates
# What the tests talk to: real servers, a real browser, real broken certificates, a really booted systemd; a real shop, a mail
# server and what drives the browser come from PyPI.
TEST_PACKAGES = nginx-light prometheus prometheus-alertmanager openssl python3 python3-icalendar python3-venv python3-jsonschema python3-yaml chromium fonts-noto-cjk zstd gzip sqlite3 systemd systemd-container dbus util-linux procps
# What the benchmark runs beside the program.
BENCH_PACKAGES = nginx-light wrk sqlite3 python3-venv ca-certificates

.PHONY: help demo test test-outside test-inside build bench soak fire install uninstall format lint packages-build packages-test packages-bench

help:
	@sed -n '2,5s/^# \{0,1\}//p' Makefile

demo: build
	@$(PROGRAM) demo

# Two halves side by side, as most of a test is waiting: those that drive the program from without, and all others, with
# them the pulls of every platform, so that both take about as long.
test: packages-build packages-test lint
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error
	@$(MAKE) --no-print-directory -j 2 test-outside test-inside || \
		{ echo "What failed (all of it: .build/test-*.log):"; grep -h '✘' .build/test-*.log | cut -c -400 | tail -20; exit 1; }

OUTSIDE = '^AcceptanceTests\.(?!PlatformPullTests)'
test-outside: HALF = --filter $(OUTSIDE)
test-inside: HALF = --skip $(OUTSIDE)
test-outside test-inside:
	@set -o pipefail; $(TESTS) --testing-library swift-testing --no-parallel $(HALF) 2>&1 | tee .build/$@.log

build: packages-build
	$(SWIFT) build -c release --product goodstanding

# Beside its peers; orjson, which Debian 12 does not have, comes from PyPI into a folder of its own.
bench: packages-build packages-bench
	$(SWIFT) build -c release --product goodstanding
	$(SWIFT) build -c release --product Benchmarks
	@test -x .build/bench/bin/python || /usr/bin/python3 -m venv .build/bench
	@.build/bench/bin/pip -q install orjson
	@.build/bench/bin/python Tests/Benchmarks/bench.py $(PROGRAM) .build/release/Benchmarks $(BENCH)

# Minutes for each platform. The first pull finds forty days of history; then each day is pulled through all that goes
# wrong, and the ledger has to be what happened, to the digit.
soak: packages-build
	$(SWIFT) build -c release --product goodstanding
	$(SWIFT) build -c release --product Soak
	@.build/release/Soak $(PACK)

# About fifteen minutes: 10,000 alerts and 8 receivers, the daemon killed 100 times, receivers that fail, a disk that
# fills; every firing and every resolve has to reach whom it is owed.
fire: packages-build packages-test
	$(SWIFT) build -c release --product goodstanding
	$(SWIFT) build -c release --product Fire
	@.build/release/Fire $(SEED)

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

# The unit, the program and a place for configuration and secrets; starting it is yours to say.
install:
	@test -x $(PROGRAM) || { echo "Run 'make build' first (as yourself), then 'make install' as root." >&2; exit 1; }
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/goodstanding
	install -D -m 644 systemd/goodstanding.service $(DESTDIR)$(UNITDIR)/goodstanding.service
	install -D -m 644 README.md $(DESTDIR)$(PREFIX)/share/doc/goodstanding/README.md
	install -D -m 644 rules/README.md $(DESTDIR)$(PREFIX)/share/doc/goodstanding/adding-a-platform.md
	install -d -m 755 $(DESTDIR)$(PREFIX)/share/doc/goodstanding/rules
	install -m 644 rules/*.yaml $(DESTDIR)$(PREFIX)/share/doc/goodstanding/rules/
	install -d -m 755 $(DESTDIR)/etc/goodstanding
	install -d -m 700 $(DESTDIR)/var/lib/goodstanding
	install -d -m 700 $(DESTDIR)/etc/goodstanding/secrets
	@echo "Next: write /etc/goodstanding/goodstanding.yaml (goodstanding config check), then: systemctl enable --now goodstanding"

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/goodstanding $(DESTDIR)$(UNITDIR)/goodstanding.service
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/goodstanding

packages-build: ; @$(call ensure,$(BUILD_PACKAGES))
packages-test:
	@$(call ensure,$(TEST_PACKAGES))
	@Tests/AcceptanceTests/Oscar/shop/install || echo "django-oscar could not be installed: its tests say that they did not run." >&2
	@Tests/DashboardTests/Browser/install || echo "Playwright could not be installed: the tests in a browser say that they did not run." >&2
	@Tests/TestSupport/Mail/install || echo "aiosmtpd could not be installed: the tests of mail say that they did not run." >&2
	@Tests/TestSupport/Schemathesis/install || echo "schemathesis could not be installed: its test says that it did not run." >&2
packages-bench: ; @$(call ensure,$(BENCH_PACKAGES))

# Installs what is missing and says so; silent when all is there. Without apt it names what to install by hand.
define ensure
missing=""; for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
[ -z "$$missing" ] && exit 0; \
command -v apt-get >/dev/null || { echo "Please install what corresponds to these Debian packages:$$missing" >&2; exit 1; }; \
[ "$$(id -u)" = 0 ] && sudo="" || { command -v sudo >/dev/null || { echo "Run as root, or install sudo: these packages are missing:$$missing" >&2; exit 1; }; sudo=sudo; }; \
echo "Installing:$$missing"; \
$$sudo apt-get -qq -o DPkg::Lock::Timeout=300 update && \
$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300 install $$missing >/dev/null
endef
