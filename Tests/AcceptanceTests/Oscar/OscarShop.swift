import Foundation
import TestSupport
import Testing

/// A real shop that nobody here wrote: django-oscar with its API on loopback, a database of its own, driven by its own API
/// and its own pages (`shop/`).
struct OscarShop {
    let address: String
    let folder: Workplace

    /// `make test` installs it once, into the user's cache.
    static let isThere =
        Tool.exists("sqlite3") && (try? Tool("sh")?.run([files + "/install", "check"]) as [UInt8]?) != nil
    static let absence: Comment = """
        django-oscar with its API, python3 or sqlite3 is not installed (Tests/AcceptanceTests/Oscar/shop/install, which \
        make test runs): a platform added by YAML alone was not pulled from a real shop
        """
    /// Of staff, as the shop was prepared.
    static let token = "0123456789abcdef0123456789abcdef01234567"

    private static let here = URL(filePath: #filePath).deletingLastPathComponent().path
    static let pack = here + "/oscar.yaml"
    private static let files = here + "/shop"

    /// Runs a shop of a few products and buyers as long as `body` does.
    ///
    /// - Parameter rate: so many calls of one user in so many seconds, such as `8/3s`; more are answered with 429.
    static func serving(rate: String, _ body: (OscarShop) async throws -> Void) async throws {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? environment["HOME"].map { $0 + "/.cache" } ?? ""
        let installed = cache + "/goodstanding/oscar"
        let folder = try Workplace()
        try FileManager.default.copyItem(atPath: installed + "/shop.sqlite3", toPath: folder.file("shop.sqlite3"))
        let (process, line) = try await #require(Tool("env")).start(
            [
                "SHOP_FOLDER=\(folder.path)", "RATE=\(rate)", "PYTHONPATH=\(files)", "PYTHONDONTWRITEBYTECODE=1",
                "DJANGO_SETTINGS_MODULE=settings", installed + "/venv/bin/python", "-W", "ignore", files + "/serve.py",
            ], until: "Listening on ")
        // Not by a signal that the thread which starts it may have blocked, for its children too.
        defer { kill(process.processIdentifier, SIGKILL) }
        try await body(OscarShop(address: "http://127.0.0.1:" + line.dropFirst("Listening on ".count), folder: folder))
    }

    private var database: String { folder.file("shop.sqlite3") }

    /// Buyers and staff do what `drive.py` says under this word.
    func drive(_ step: String, seed: Int) async throws {
        try await #require(Tool("python3")).run([Self.files + "/drive.py", address, database, "\(seed)", step])
    }

    /// What the shop's own database says; every value as a text.
    func rows(_ query: String) async throws -> [[String: String]] {
        let printed = try await #require(Tool("sqlite3")).run(["-readonly", "-json", database, query])
        guard !printed.isEmpty else { return [] }
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(printed)) as? [[String: Any]])
        return rows.map { $0.mapValues { "\($0)" } }
    }

    /// One call of whoever came with the token, in seconds of the shop's own steady clock.
    struct Call: Decodable {
        var came: Double
        var left: Double
        var who: String
        var path: String
        var status: Int
        /// Its Retry-After.
        var wait: String?
    }

    /// The access log, without what buyers and staff did.
    func calls() throws -> [Call] {
        let log = try String(contentsOfFile: folder.file("access.jsonl"), encoding: .utf8)
        return try log.split(separator: "\n").map { try JSONDecoder().decode(Call.self, from: Data($0.utf8)) }
            .filter { $0.who == "Token" }
    }
}
