import Daemon
import Facts
import Foundation
import Simulation
import TestSupport
import Testing

@Suite("An answer that does not belong to what was asked is refused, with a way out", .timeLimit(.minutes(3)))
struct ConsentRefusalTests {
    private let clock = ManualClock(Timestamp(seconds: 1_772_409_600))

    /// A platform, a folder and the task, all by one clock.
    private func at(
        _ pack: String, stores: [String] = ["shop"], _ given: [String: String] = [:],
        _ body: @escaping @Sendable (MadeUpPlatform, AuthTask, Workplace) async throws -> Void
    ) async throws {
        let row = try ConsentRow.of(pack)
        let clock = clock
        let platform = MadeUpPlatform(row.dialect, history: .little(until: 1_772_409_600), credentials: given) {
            clock.now.microseconds / 1_000_000
        }
        try await platform.serving { endpoint in
            let credentials = await platform.desk.credentials.merging(row.dialect.credentials) { $1 }
            let folder = try row.folder(endpoint, credentials, stores: stores)
            try await body(
                platform, AuthTask(config: folder.file("goodstanding.yaml"), log: "critical", clock: clock), folder)
        }
    }

    private func failure<Result>(_ body: () async throws -> Result) async -> String {
        do {
            _ = try await body()
            return "nothing failed"
        } catch {
            return "\(error)"
        }
    }

    private func address(_ task: AuthTask, _ store: String = "shop") async throws -> String {
        try #require(try await task.invite(store).address)
    }

    @Test("another state, none, and that of another store")
    func states() async throws {
        try await at("pinduoduo", stores: ["shop", "other"]) { platform, task, folder in
            let led = try #require(await platform.open(try await address(task)))
            let state = try #require(parameters(of: led)["state"])
            let wrong = await failure { try await task.take(led.replacing(state, with: "guessed"), for: "shop") }
            #expect(wrong.contains("its state differs") && wrong.contains("goodstanding auth shop"), "\(wrong)")
            let none = await failure {
                try await task.take(led.replacing("&state=\(state)", with: ""), for: "shop")
            }
            #expect(none.contains("does not bring back the state"), "\(none)")
            _ = try await task.invite("other")
            let other = await failure { try await task.take(led, for: "other") }
            #expect(other.contains("its state differs"), "\(other)")
            #expect(await platform.asked.isEmpty, "no code went to the platform")
            // What was refused does not use up what was asked for.
            #expect(try await task.take(led, for: "shop").isStateChecked)
        }
    }

    @Test("an address that a letter or a chat has broken with blanks is taken as it was")
    func broken() async throws {
        try await at("pinduoduo") { platform, task, _ in
            var led = try #require(await platform.open(try await address(task)))
            let code = try #require(parameters(of: led)["code"])
            led = led.replacing(code, with: "\(code.prefix(3)) \(code.dropFirst(3)) ")
            #expect(try await task.take("  <\(led)>\t", for: "shop").isStateChecked)
        }
    }

    @Test("each address is good for a week, and asking again leaves one that was sent out good")
    func age() async throws {
        try await at("mercadolibre") { platform, task, _ in
            let first = try await address(task)
            clock.advance(by: .days(6))
            _ = try await task.invite("shop")
            let led = try #require(await platform.open(first))
            #expect(try await task.take(led, for: "shop").grant.owner == "179571326")
            let old = try await address(task)
            clock.advance(by: .days(7))
            _ = try await task.invite("shop")
            let late = try #require(await platform.open(old))
            let words = await failure { try await task.take(late, for: "shop") }
            #expect(words.contains("older than 7 days"), "\(words)")
        }
    }

    @Test("an owner who declines is told of in the platform's word")
    func declined() async throws {
        try await at("lazada") { platform, task, _ in
            let led = try #require(await platform.open(try await address(task), consents: false))
            let words = await failure { try await task.take(led, for: "shop") }
            #expect(words.contains("access_denied") && words.contains("nothing was consented to"), "\(words)")
        }
    }

    @Test("the consent of another shop is none for this one, where the platform tells")
    func otherShop() async throws {
        try await at("shopee", ["shop_id": "2999999"]) { platform, task, folder in
            let led = try #require(await platform.open(try await address(task)))
            let words = await failure { try await task.take(led, for: "shop") }
            #expect(words.contains("another store") && words.contains("shop_id"), "\(words)")
        }
        try await at("mercadolibre", ["user_id": "999"]) { platform, task, folder in
            let led = try #require(await platform.open(try await address(task)))
            let words = await failure { try await task.take(led, for: "shop") }
            #expect(words.contains("another owner") && words.contains("user_id"), "\(words)")
            let kept = try String(contentsOfFile: folder.file("ledger.db.tokens"), encoding: .utf8)
            #expect(!kept.contains("APP_USR"), "nothing of it is kept")
        }
    }

    @Test("a code alone is taken while a consent is waited for, and said to be unproven")
    func alone() async throws {
        try await at("ebay") { platform, task, _ in
            let unasked = await failure { try await task.take("v%5E1.1%23code", for: "shop") }
            #expect(unasked.contains("no consent is waited for"), "\(unasked)")
            let led = try #require(await platform.open(try await address(task)))
            let code = try #require(parameters(of: led)["code"])
            // As it stands in the address bar.
            let written = try #require(code.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            let taken = try await task.take(written, for: "shop")
            #expect(!taken.isStateChecked && taken.grant.isRefreshed)
        }
    }

    @Test("a code that is over, and one that was used, are refused by the platform; the code is in no message")
    func codes() async throws {
        for pack in ["jd", "amazon", "tiktok-shop", "kuaishou", "douyin", "shopify", "taobao"] {
            try await at(pack) { platform, task, _ in
                let led = try #require(await platform.open(try await address(task)))
                clock.advance(by: .minutes(3))
                let words = await failure { try await task.take(led, for: "shop") }
                #expect(words.contains("no token was given for this code"), "\(pack): \(words)")
                #expect(words.contains("begin anew with goodstanding auth shop"), "\(pack): \(words)")
                let code = try #require(parameters(of: led).first { $0.key.contains("code") }?.value)
                #expect(!words.contains(code))
            }
        }
    }

    @Test("where the platform cannot be asked nothing is used up, and the same can be pasted again")
    func unreachable() async throws {
        try await at("douyin") { platform, task, _ in
            let led = try #require(await platform.open(try await address(task)))
            await platform.meet([.hangUp])
            let words = await failure { try await task.take(led, for: "shop") }
            #expect(words.contains("can be pasted again"), "\(words)")
            #expect(try await task.take(led, for: "shop").grant.owner == "4463798")
        }
    }

    @Test("stores of one owner share the newest consent, and forgetting one's leaves the others theirs")
    func shared() async throws {
        try await at("pinduoduo", stores: ["shop", "outlet"]) { platform, task, folder in
            for store in ["shop", "outlet"] {
                let led = try #require(await platform.open(try await address(task, store)))
                _ = try await task.take(led, for: store)
            }
            let text = try String(contentsOfFile: folder.file("ledger.db.tokens"), encoding: .utf8)
            let kept = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            let grants = try #require(kept["grants"] as? [String: [String: Any]])
            #expect(grants.count == 1 && grants.values.first?["stores"] as? [String] == ["outlet", "shop"], "\(text)")
            #expect(try await task.revoke("shop").isForgotten)
            let kinds = try task.list().map { access in
                if case .granted = access.kind { "\(access.store) granted" } else { "\(access.store) not" }
            }
            #expect(kinds == ["outlet granted", "shop not"])
        }
    }
}
