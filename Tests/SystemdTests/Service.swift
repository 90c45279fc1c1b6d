import TestSupport
import Testing

/// goodstanding.service in the booted systemd: what one does to it, and what systemd says of it.
struct Service {
    let system: BootedSystem
    /// Where the journal stood when this test began.
    private let cursor: String

    /// The service as after a fresh installation: not started, no drop-ins, a right configuration, nothing counted
    /// against its start limit.
    static func fresh() async throws -> Service {
        let system = try #require(BootedSystem.current, "the suite lacks the trait .bootedSystem")
        try await system.run("systemctl", "stop", "goodstanding")
        try await system.run(
            "rm", "-rf", dropIns, "/var/lib/goodstanding", "/var/lib/private/goodstanding", "/run/feed.log")
        try await system.run("systemctl", "daemon-reload")
        // Every notification it sends is then in the journal.
        try await system.run("systemctl", "log-level", "debug")
        if try await system.run("systemctl", "list-units", "--plain", "--no-legend", "feed.service").isEmpty {
            try await system.write("/run/feed.py", feed)
            // A unit that nobody names is forgotten as soon as it has ended well, and would then say Result=success
            // whatever had happened: Before= keeps it in mind.
            try await system.run(
                "systemd-run", "--quiet", "--unit=feed", "--property=Before=goodstanding.service",
                "python3", "/run/feed.py")
        }
        // "-- cursor: s=…"
        let end = try await system.run("journalctl", "--quiet", "-n0", "--show-cursor")
        let cursor = try #require(end.split(whereSeparator: \.isWhitespace).last)
        let service = Service(system: system, cursor: String(cursor))
        try await service.resetFailed()
        try await system.write("/etc/goodstanding/secrets/erp", "Bearer of-the-feed\n")
        try await system.write("/etc/goodstanding/secrets/hook", "whsec_b2YgdGhlIHJlY2VpdmVyLCAyNCBieXRlcw==\n")
        // Not even readable for the service's own user: systemd hands them over.
        try await system.run("sh", "-c", "chmod 600 /etc/goodstanding/secrets/*")
        try await service.configure()
        return service
    }

    /// Writes a configuration: right, unless a pack or a secret is named that is not there.
    func configure(stores: String..., pack: String = "marketplace", secret: String = "hook") async throws {
        let entries = (["north"] + stores).map { "{id: \($0), pack: \(pack), timezone: Europe/Berlin, currency: EUR}" }
        try await system.write(
            "/etc/goodstanding/goodstanding.yaml",
            """
            database: sqlite:/var/lib/goodstanding/ledger.db
            stores: [\(entries.joined(separator: ", "))]
            feeds:
              - {id: erp, url: "http://127.0.0.1:8500/facts", headers: {Authorization: {credential: erp}}, every: 1s}
              - {id: silent, url: "http://127.0.0.1:8500/silent", every: 1s}
            receivers: [{id: ops, webhook: "http://127.0.0.1:8500/hook", secret: {credential: \(secret)}}]
            """)
    }

    private static let dropIns = "/run/systemd/system/goodstanding.service.d"

    /// Changes the unit for this test.
    func change(_ lines: String) async throws {
        try await system.write(Self.dropIns + "/test.conf", "[Service]\n\(lines)\n")
        try await system.run("systemctl", "daemon-reload")
    }

    func start() async throws { try await system.run("systemctl", "start", "goodstanding") }
    func stop() async throws { try await system.run("systemctl", "stop", "goodstanding") }
    func reload() async throws { try await system.run("systemctl", "reload", "goodstanding") }
    func send(_ signal: String) async throws { try await system.run("systemctl", "kill", "-s", signal, "goodstanding") }
    func resetFailed() async throws { try await system.run("systemctl", "reset-failed", "goodstanding") }

    /// A property as `systemctl show` has it.
    func show(_ property: String) async throws -> String {
        String(try await system.run("systemctl", "show", "--value", "-p", property, "goodstanding").dropLast())
    }

    /// Who writes into the journal about the service. Each is in order with itself only: the journal hears them apart.
    enum Voice: String {
        case systemd
        case program = "goodstanding"
    }

    /// What one of them has written since the test began.
    func journal(of voice: Voice) async throws -> String {
        try await system.run("journalctl", "--sync")
        return try await system.run(
            "journalctl", "--quiet", "-o", "cat", "-u", "goodstanding", "-t", voice.rawValue,
            "--after-cursor=\(cursor)")
    }

    /// Waits until one of them has written all of the words, in this order.
    func waitUntil(_ voice: Voice, says words: String...) async throws {
        let evidence = { try await journal(of: voice).split(separator: "\n").suffix(60).joined(separator: "\n") }
        try await eventually("\(voice) says \(words)", evidence: evidence) {
            var rest = try await journal(of: voice)[...]
            for word in words {
                guard let found = rest.firstRange(of: word) else { return false }
                rest = rest[found.upperBound...]
            }
            return true
        }
    }

    /// Waits until a property has a value.
    func wait(for property: String, _ value: String, within limit: Duration = .seconds(20)) async throws {
        let evidence = { "\(property) is \(try await show(property))\n\(try await journal(of: .program).suffix(4000))" }
        try await eventually("\(property) is \(value)", within: limit, evidence: evidence) {
            try await show(property) == value
        }
    }

    /// The Authorization header of every request that the feed has seen since the test began.
    func requests() async throws -> [String] {
        try await system.run("sh", "-c", "cat /run/feed.log 2>/dev/null || true").split(separator: "\n")
            .map(String.init)
    }

    /// An empty feed that keeps the header it was asked with, beside one that never answers.
    private static let feed = """
        import http.server, time
        class Feed(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path.startswith('/silent'): time.sleep(3600)
                with open('/run/feed.log', 'a') as log: log.write(self.headers.get('Authorization', 'nothing') + '\\n')
                body = b'{"facts": [], "next": null}'
                self.send_response(200)
                self.send_header('Content-Type', 'application/json')
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            def log_message(self, *words): pass
        http.server.ThreadingHTTPServer(('127.0.0.1', 8500), Feed).serve_forever()
        """
}
