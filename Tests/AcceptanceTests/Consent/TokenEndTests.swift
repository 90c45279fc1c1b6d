import Daemon
import Facts
import Foundation
import Pull
import Simulation
import TestSupport
import Testing

@Suite("Each platform's tokens end as it says, and are refreshed when it lets anybody", .timeLimit(.minutes(3)))
struct TokenEndTests {
    @Test("JD refreshes in the day before the end, neither sooner nor later")
    func jd() async throws {
        try await TokenPlace.at("jd") { place in
            let grant = try await place.consent()
            let end = try #require(grant.expiresAt)
            #expect(end - place.clock.now == .days(365))
            let pulling = try await place.process()
            place.clock.advance(by: .days(363) + .hours(23))
            #expect(try await place.pull(pulling).failure == nil)
            #expect(await place.refreshes() == 1, "the consent's own call, and none since")
            place.clock.advance(by: .hours(2))
            #expect(try await place.pull(pulling).failure == nil)
            #expect(await place.refreshes() == 2)
            guard case .granted(let next)? = try place.auth.list().first?.kind else { return #expect(Bool(false)) }
            let lasts = try #require(next.expiresAt) - place.clock.now
            #expect(lasts <= .days(365) && lasts > .days(365) - .seconds(60), "\(lasts)")

            place.clock.advance(by: .days(366))
            let asked = await place.platform.asked.count
            let failure = try #require(try await place.pull(pulling).failure)
            #expect(failure.description.contains("refreshes none that is over"), "\(failure)")
            #expect(failure.description.contains("goodstanding auth shop"), "\(failure)")
            #expect(await place.platform.asked.count == asked, "nothing can come of asking")
            // Whoever lets a restored ledger go is not told that it would be refreshed.
            let resume = ResumeTask(config: place.folder.file("goodstanding.yaml"), log: "critical", clock: place.clock)
            let over = try await resume.run(letsGo: false).tokens
            #expect(over.count == 1 && over[0].isOver?.en.contains("refreshes none that is over") ?? false)
            let anew = try #require(try await place.consent().expiresAt)
            #expect(try await place.pull(pulling).failure == nil)
            let good = try await resume.run(letsGo: false).tokens
            #expect(good.count == 1 && good[0].isOver == nil && good[0].at == anew - .days(1) + .minutes(10))
        }
    }

    @Test("a token that JD takes no more before its last day needs the owner")
    func jdRevoked() async throws {
        try await TokenPlace.at("jd") { place in
            _ = try await place.consent()
            await place.platform.meet([.expired])
            let failure = try #require(try await place.pull(try await place.process()).failure)
            #expect(failure.description.contains("was taken back"), "\(failure)")
            #expect(await place.refreshes() == 1)
        }
    }

    @Test(
        "moments that a platform tells are taken as they are, whatever our clock shows",
        arguments: ["tiktok-shop", "pinduoduo"])
    func absolute(_ pack: String) async throws {
        try await TokenPlace.at(pack) { place in
            await place.platform.setClock(200)
            let grant = try await place.consent()
            let lives: TimeSpan = pack == "pinduoduo" ? .days(365) : .days(7)
            #expect(grant.expiresAt == place.clock.now + .seconds(200) + lives)
        }
    }

    @Test("no refresh makes Pinduoduo's consent last longer, and its end needs the owner")
    func pinduoduo() async throws {
        try await TokenPlace.at("pinduoduo") { place in
            let grant = try await place.consent()
            let pulling = try await place.process()
            place.clock.advance(by: .days(200))
            await place.platform.meet([.expired])
            #expect(try await place.pull(pulling).failure == nil)
            #expect(await place.refreshes() == 2)
            guard case .granted(let next)? = try place.auth.list().first?.kind else { return #expect(Bool(false)) }
            #expect(next.ends == grant.ends && next.refreshExpiresAt == grant.refreshExpiresAt)
            place.clock.advance(by: .days(166))
            let asked = await place.platform.asked.count
            let failure = try #require(try await place.pull(pulling).failure)
            #expect(failure.description.contains("the consent ended at"), "\(failure)")
            #expect(failure.description.contains("goodstanding auth shop"), "\(failure)")
            #expect(await place.platform.asked.count == asked)
        }
    }

    @Test(
        "a refresh token that each refresh renews does not end while it is refreshed", arguments: ["shopee", "douyin"])
    func rolling(_ pack: String) async throws {
        try await TokenPlace.at(pack) { place in
            let first = try await place.consent()
            let pulling = try await place.process()
            for _ in 0..<6 {
                place.clock.advance(by: .days(10))
                #expect(try await place.pull(pulling).failure == nil)
            }
            guard case .granted(let next)? = try place.auth.list().first?.kind else { return #expect(Bool(false)) }
            let end = try #require(next.refreshExpiresAt)
            #expect(end > place.clock.now && end > (first.refreshExpiresAt ?? end))
            // What somebody has to do does not come nearer by it.
            #expect(next.ends == first.ends)
            place.clock.advance(by: .days(31))
            let failure = try #require(try await place.pull(pulling).failure)
            #expect(failure.description.contains("goodstanding auth shop"), "\(failure)")
        }
    }

    @Test("the last minutes of a token are used though no new one can be had")
    func lastMinutes() async throws {
        try await TokenPlace.at("ebay") { place in
            _ = try await place.consent()
            let pulling = try await place.process()
            place.clock.advance(by: .hours(2) - .minutes(2))
            await place.platform.meet([.status(503)])
            #expect(try await place.pull(pulling).failure == nil)
        }
    }
}
