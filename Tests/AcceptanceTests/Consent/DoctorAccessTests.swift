import Daemon
import Facts
import Foundation
import Simulation
import TestSupport
import Testing

@Suite("doctor looks at each store's credentials, clock, scopes and limits", .timeLimit(.minutes(3)))
struct DoctorAccessTests {
    private func now() -> Int64 { Int64(Date().timeIntervalSince1970) }

    private func at(
        _ pack: String, _ given: [String: String] = [:], orders: Int = 1,
        _ body: @escaping @Sendable (MadeUpPlatform, Workplace) async throws -> Void
    ) async throws {
        let row = try ConsentRow.of(pack)
        let platform = MadeUpPlatform(
            row.dialect,
            history: PlatformHistory(seed: 5, from: now() - 3 * 86_400, days: 4, orders: orders), credentials: given
        ) {
            Int64(Date().timeIntervalSince1970)
        }
        try await platform.serving { endpoint in
            let folder = try row.folder(endpoint, await platform.desk.credentials)
            let asked = try await folder.run("auth", "shop")
            let led = try #require(await platform.open(asked.output.trimmingCharacters(in: .newlines)))
            try #require(try await folder.run("auth", "shop", "--redirected", input: led + "\n").status == 0)
            try await body(platform, folder)
        }
    }

    private func lines(_ ended: Program.Outcome, _ mark: String) -> [String] {
        ended.output.split(separator: "\n").map(String.init).filter {
            $0.hasPrefix(mark) && $0.contains("store 'shop'")
        }
    }

    @Test("all is well: until when the consent lasts, and which lists can be read")
    func good() async throws {
        try await at("ebay") { platform, folder in
            let ended = try await folder.run("doctor")
            #expect(ended.status == 0, "\(ended.everything)")
            let good = lines(ended, "ok")
            #expect(good.contains { $0.contains("the consent lasts until") }, "\(ended.output)")
            #expect(good.contains { $0.contains("can be read") && $0.contains("orders") }, "\(ended.output)")
            #expect(try await folder.run("export").output.isEmpty, "it keeps nothing of what it saw")
        }
    }

    /// Each of the calls, and what `doctor` names in its place.
    @Test(
        "a right that is asked for only in the first pull, or of one order or case, is missed as well",
        arguments: [
            ("pdd.order.information.get", "(order)"), ("pdd.refund.information.get", "of which intervention"),
            ("pdd.order.basic.list.get", ""), ("pdd.order.basic.list.get,pdd.order.list.get", "first-orders-listed"),
        ])
    func rights(_ forbidden: String, _ named: String) async throws {
        try await at("pinduoduo", ["forbidden": forbidden], orders: 400) { platform, folder in
            let ended = try await folder.run("doctor")
            let (fails, warns) = (lines(ended, "fail"), lines(ended, "warn"))
            let unknown = lines(ended, "ok").filter { $0.contains("nobody knows yet") }
            if named.isEmpty {
                // Another call tells the same.
                #expect(ended.status == 0 && fails.isEmpty && warns.allSatisfy { !$0.contains("first-orders") })
            } else {
                let said = (fails + warns).filter { $0.contains("right") } + unknown
                #expect(said.contains { $0.contains(named) }, "\(ended.output)")
            }
        }
    }

    @Test("scopes that allow more than reading are named, with what to do")
    func scopes() async throws {
        try await at("mercadolibre", ["scopes": "offline_access read write"]) { platform, folder in
            let ended = try await folder.run("doctor")
            let found = lines(ended, "warn")
            #expect(found.contains { $0.contains("more than reading") && $0.contains("write") }, "\(ended.output)")
        }
    }

    @Test("a clock that differs is told, by how much and what to do")
    func clock() async throws {
        try await at("lazada") { platform, folder in
            let slow = ManualClock(Timestamp(seconds: Int64(Date().timeIntervalSince1970) - 95))
            let task = AuthTask(config: folder.file("goodstanding.yaml"), log: "critical", clock: slow)
            let words = try await task.check("shop").findings.map(\.words.en)
            #expect(words.contains { $0.contains("s ahead of ours") && $0.contains("timedatectl") }, "\(words)")
        }
    }

    @Test("a signature of another hour is told as what the clock does, and not as a right that is lacking")
    func hour() async throws {
        try await at("shopee") { platform, folder in
            let slow = ManualClock(Timestamp(seconds: Int64(Date().timeIntervalSince1970) - 900))
            let task = AuthTask(config: folder.file("goodstanding.yaml"), log: "critical", clock: slow)
            let words = try await task.check("shop").findings.map(\.words.en)
            #expect(words.contains { $0.contains("signed by the time") && $0.contains("timedatectl") }, "\(words)")
            #expect(!words.contains { $0.contains("right to read") }, "\(words)")
        }
    }

    @Test("a consent that was taken back fails, with the command that asks for a new one")
    func takenBack() async throws {
        try await at("shopee") { platform, folder in
            await platform.takeConsentBack()
            let ended = try await folder.run("doctor")
            #expect(ended.status == 1)
            #expect(lines(ended, "fail").contains { $0.contains("goodstanding auth shop") }, "\(ended.output)")
            let checked = try await folder.run("auth", "check", "shop")
            #expect(checked.status == 1 && checked.output.contains("goodstanding auth shop"), "\(checked.everything)")
        }
    }

    @Test("a limit that something else uses up is told apart from a refusal")
    func throttled() async throws {
        try await at("pinduoduo") { platform, folder in
            await platform.meet([.throttled])
            let ended = try await folder.run("doctor")
            #expect(lines(ended, "warn").contains { $0.contains("every:") }, "\(ended.output)")
        }
    }

    @Test("a file of tokens that others may read fails")
    func open() async throws {
        try await at("douyin") { platform, folder in
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: folder.file("ledger.db.tokens"))
            let ended = try await folder.run("doctor")
            #expect(ended.status == 1 && ended.output.contains("chmod 600"), "\(ended.output)")
        }
    }
}
