import Curl
import Daemon
import Facts
import Foundation
import HTTPTypes
import Pull
import Simulation
import TestSupport
import Testing

@Suite("Tokens are refreshed by one, kept before they are used, and never after they are lost", .timeLimit(.minutes(3)))
struct RefreshTests {
    @Test(
        "a store with nothing but a refresh token is pulled, and the new pair is on the disk first",
        arguments: ["mercadolibre", "shopee", "douyin", "kuaishou", "amazon", "ebay", "lazada", "tiktok-shop"])
    func first(_ pack: String) async throws {
        try await TokenPlace.at(pack, given: ["refresh_token"]) { place in
            let outcome = try await place.pull(try await place.process())
            #expect(outcome.failure == nil, "\(outcome.words.en)")
            #expect(await place.refreshes() == 1)
            let refresh = try #require(await place.platform.desk.credentials["refresh_token"])
            #expect(place.tokens().replacing("\\/", with: "/").contains(refresh))
            // The next process goes on with what is kept. Amazon lets nobody ask again so soon.
            guard pack != "amazon" else { return }
            let again = try await place.pull(try await place.process())
            #expect(again.failure == nil)
            #expect(await place.refreshes() == 1, "the token is good: none is asked for")
        }
    }

    @Test("a shop of the application's own is pulled with its number alone, also after a long pause")
    func own() async throws {
        try await TokenPlace.at("douyin", given: ["shop_id"], without: ["service_id"], days: 40) { place in
            #expect(try await place.pull(try await place.process()).failure == nil)
            #expect(await place.refreshes() == 1)
            // Nothing is kept that could end.
            #expect(!place.tokens().contains("refresh"))
            // The token has ended, and what it could have been refreshed with too.
            place.clock.advance(by: .days(20))
            let again = try await place.pull(try await place.process())
            #expect(again.failure == nil, "\(again.words.en)")
            #expect(await place.refreshes() == 2)
        }
    }

    @Test("a number that is none of the application's own is told as such, and no owner is asked")
    func foreign() async throws {
        try await TokenPlace.at("douyin", given: ["shop_id"], without: ["service_id"]) { place in
            await place.platform.set("shop_id", "1")
            let outcome = try await place.pull(try await place.process())
            let words = outcome.words.en
            #expect(outcome.failure?.error.needsPerson == true && words.contains("shop_id参数不正确"), "\(words)")
            #expect(!words.contains("goodstanding auth"), "\(words)")
        }
    }

    @Test("whose account it is the grant tells, and the platform is not asked for it")
    func owner() async throws {
        try await TokenPlace.at("mercadolibre", given: ["refresh_token"]) { place in
            let text = try String(contentsOfFile: place.folder.file("goodstanding.yaml"), encoding: .utf8)
            let lines = text.split(separator: "\n").filter { !$0.contains("user_id:") }
            try place.folder.write("goodstanding.yaml", lines.joined(separator: "\n"))
            let outcome = try await place.pull(try await place.process())
            #expect(outcome.failure == nil && !outcome.words.en.contains(" 0 facts"), "\(outcome.words.en)")
            let asked = await place.platform.asked
            #expect(!asked.contains { $0.path == "/users/me" })
            let sellers = asked.flatMap(\.query).filter { $0.name == "seller" }.map(\.value)
            #expect(await Set(sellers) == [place.platform.desk.credentials["user_id"]])
        }
    }

    @Test(
        "a platform that is busy when it is asked for a token is asked again, and no owner is",
        arguments: ["mercadolibre", "shopee", "douyin", "kuaishou", "ebay", "lazada", "tiktok-shop"])
    func busy(_ pack: String) async throws {
        try await TokenPlace.at(pack, given: ["refresh_token"]) { place in
            let pulling = try await place.process()
            await place.platform.meet([.busy])
            let outcome = try await place.pull(pulling)
            #expect(outcome.failure?.error.needsPerson == false, "\(outcome.words.en)")
            let again = try await place.pull(pulling)
            #expect(again.failure == nil, "\(again.words.en)")
        }
    }

    @Test(
        "where the file cannot be written nothing is asked, and the old pair stays good",
        arguments: ["shopee", "mercadolibre"])
    func unwritable(_ pack: String) async throws {
        try await TokenPlace.at(pack) { place in
            _ = try await place.consent()
            let kept = place.tokens()
            let pulling = try await place.process()
            place.clock.advance(by: .days(1))
            try place.breakFile(true)
            let before = await place.platform.asked.count
            let outcome = try await place.pull(pulling)
            #expect(outcome.failure?.error.description.contains("cannot be written") ?? false, "\(outcome.words.en)")
            #expect(await place.platform.asked.count == before, "the refresh token was not used up")
            #expect(place.tokens() == kept)
            try place.breakFile(false)
            #expect(try await place.pull(pulling).failure == nil)
        }
    }

    @Test(
        "a pair that was granted and cannot be kept is not used before it can", arguments: ["shopee", "mercadolibre"])
    func granted(_ pack: String) async throws {
        try await TokenPlace.at(pack) { place in
            _ = try await place.consent()
            let kept = place.tokens()
            let pulling = try await place.process()
            place.clock.advance(by: .days(1))
            place.watched.after { request in
                if request.head.path?.contains("token") ?? false { try place.breakFile(true) }
            }
            let before = await place.refreshes()
            let outcome = try await place.pull(pulling)
            #expect(outcome.failure?.error.description.contains("cannot be written") ?? false, "\(outcome.words.en)")
            #expect(await place.refreshes() == before + 1)
            #expect(await place.platform.asked.last.map(TokenPlace.isTokenCall) ?? false, "nothing came after it")
            place.watched.after(nil)
            try place.breakFile(false)
            // The old refresh token is dead; what was granted is not lost while the program runs.
            #expect(try await place.pull(pulling).failure == nil)
            #expect(await place.refreshes() == before + 1)
            #expect(place.tokens() != kept)
        }
    }

    @Test("an answer that never arrived is told of when the old pair turns out to be dead")
    func lost() async throws {
        try await TokenPlace.at("shopee") { place in
            _ = try await place.consent()
            place.clock.advance(by: .days(1))
            place.watched.lose()
            #expect(try await place.pull(try await place.process()).failure != nil)
            let outcome = try await place.pull(try await place.process())
            let words = outcome.words.en
            #expect(words.contains("was never kept") && words.contains("goodstanding auth shop"), "\(words)")
        }
    }

    @Test(
        "two stores of one grant that are pulled at once make one refresh, in one process and in two",
        arguments: [1, 2])
    func together(_ processes: Int) async throws {
        try await TokenPlace.at("mercadolibre", given: ["refresh_token"], stores: ["shop", "outlet"]) { place in
            let one = try await place.process()
            let two = processes == 1 ? one : try await place.process()
            async let first = place.pull(one, "shop")
            async let second = place.pull(two, "outlet")
            let outcomes = try await [first, second]
            #expect(outcomes.allSatisfy { $0.failure == nil }, "\(outcomes.map(\.words.en))")
            #expect(await place.refreshes() == 1)
            for _ in 0..<3 {
                place.clock.advance(by: .hours(7))
                async let third = place.pull(one, "shop")
                async let fourth = place.pull(two, "outlet")
                let outcomes = try await [third, fourth]
                #expect(outcomes.allSatisfy { $0.failure == nil }, "\(outcomes.map(\.words.en))")
            }
            #expect(await place.refreshes() == 4)
        }
    }

    @Test(
        "a token that ends in the middle of a pull is followed by the next, and nothing is missing",
        arguments: [
            "shopee", "mercadolibre", "douyin", "tiktok-shop", "lazada", "ebay", "shopify", "pinduoduo", "taobao",
        ])
    func middle(_ pack: String) async throws {
        try await TokenPlace.at(pack, days: 6) { place in
            _ = try await place.consent()
            place.clock.advance(by: .hours(1) - .minutes(10))
            place.watched.before { number, _ in
                if number == 2 { await place.platform.meet([.expired]) }
            }
            let moment = place.clock.now
            let outcome = try await place.pull(try await place.process())
            #expect(outcome.failure == nil, "\(outcome.words.en)")
            let some = try await place.folder.run("export", "--kinds", "order").output
            #expect(await place.refreshes() == 2, "that of the consent, and that of the token that ended")
            // As one that is pulled without any trouble.
            try await TokenPlace.at(pack, days: 6) { other in
                _ = try await other.consent()
                other.clock.advance(by: moment - other.clock.now)
                #expect(try await other.pull(try await other.process()).failure == nil)
                let all = try await other.folder.run("export", "--kinds", "order").output
                func ids(_ text: String) -> Set<String> {
                    Set(
                        text.split(separator: "\n").compactMap { line in
                            let fact = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                            return fact?["id"] as? String
                        })
                }
                #expect(ids(some) == ids(all) && !ids(all).isEmpty)
            }
        }
    }

    @Test("a consent that was taken back is told once, with what to do, and the platform is not asked again each time")
    func revoked() async throws {
        try await TokenPlace.at("mercadolibre") { place in
            _ = try await place.consent()
            let pulling = try await place.process()
            #expect(try await place.pull(pulling).failure == nil)
            await place.platform.takeConsentBack()
            var said: Set<String> = []
            let before = await place.refreshes()
            for _ in 0..<3 {
                place.clock.advance(by: .minutes(15))
                let failure = try #require(try await place.pull(pulling).failure)
                #expect(failure.error.needsPerson)
                said.insert(failure.description)
            }
            #expect(await place.refreshes() == before + 1)
            #expect(said.count == 1 && said.first!.contains("taken back"), "\(said)")
            #expect(said.first!.contains("goodstanding auth shop"))
            _ = try await place.consent()
            #expect(try await place.pull(pulling).failure == nil, "with a new consent it goes on at once")
        }
    }
}
