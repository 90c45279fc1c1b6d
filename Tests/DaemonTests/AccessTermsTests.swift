import Facts
import Testing

@testable import Daemon

@Suite("Who is let in, by the configuration")
struct AccessTermsTests {
    private static let hash = String(repeating: "0f", count: 32)

    private static let tokens = """
        access:
          metrics: open
          tokens:
            - {id: mei, hash: "sha256:\(hash.uppercased())", role: operator, labels: {team: [east, west]}, until: 2027-01-01}
            - {id: erp, hash: \(String(repeating: "a1", count: 32)), role: pusher, stores: "erp-*", kinds: [order, refund]}
          proxy: {header: X-Forwarded-User, from: [10.0.0.0/8, "fd00::/8"], role: viewer, people: [{id: "li@corp", role: operator}]}
        """

    private func read(_ access: String, listen: String = "127.0.0.1:8420") throws -> (Config, [String]) {
        let folder = try Folder([
            "goodstanding.yaml":
                "database: sqlite:l.db\nstores: [{id: a, pack: marketplace}]\nlisten: \(listen)\n" + access
        ])
        let (config, warnings) = try Config.read(folder.path + "/goodstanding.yaml", environment: [:])
        return (config, warnings.map(\.message))
    }

    @Test("each grantee as it is written")
    func terms() throws {
        let terms = try read(Self.tokens).0.access
        #expect(!terms.isOpen && terms.hasOpenMetrics && terms.local == nil)
        let (mei, erp) = (terms.tokens[0], terms.tokens[1])
        #expect(mei.hash == Self.hash && mei.role == .operator && mei.labels == ["team": ["east", "west"]])
        #expect(erp.kinds == [.order, .refund] && erp.stores == [Glob("erp-*")] && erp.until == nil)
        #expect(terms.proxy?.people.map(\.id) == ["li@corp"] && terms.proxy?.role == .viewer)
        #expect(terms.proxy?.vouches(at: "10.1.2.3") == true && terms.proxy?.vouches(at: "11.1.2.3") == false)
        #expect(try read("").0.access == AccessTerms() && AccessTerms().isOpen)
    }

    @Test("a token works until the day it ends, in UTC")
    func until() throws {
        let mei = try read(Self.tokens).0.access.tokens[0]
        #expect(!mei.isOver(at: try #require(Timestamp("2026-12-31T23:59:59Z"))))
        #expect(mei.isOver(at: try #require(Timestamp("2027-01-01T00:00:00Z"))))
    }

    @Test("other machines are listened to once everybody shows who he is; HTTPS is asked for")
    func listening() throws {
        let (config, warnings) = try read(Self.tokens, listen: "0.0.0.0:8420")
        #expect(config.listen.host == "0.0.0.0")
        #expect(warnings.contains { $0.contains("behind a proxy that speaks HTTPS") })
        #expect(
            try read(Self.tokens + "\npublic_url: https://s.example\n", listen: "\"[::]:8420\"").1.contains {
                $0.contains("HTTPS")
            } == false)
    }

    @Test(
        "a range holds the addresses that begin as it does",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.7", "10.0.0.7", true),
            ("10.0.0.7", "10.0.0.8", false), ("192.0.2.128/25", "192.0.2.200", true),
            ("192.0.2.128/25", "192.0.2.100", false), ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false),
            ("fd00::/8", "fdab::1", true), ("fd00::/8", "fe80::1", false), ("::1", "::1", true),
            ("10.0.0.0/8", "::ffff:10.1.1.1", true), ("10.0.0.0/8", "proxy", false),
        ])
    func ranges(range: String, address: String, isIn: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(address) == isIn)
    }

    @Test("what is no range", arguments: ["", "10.0.0.0/33", "10.0.0", "::/129", "a/8", "10.0.0.0/", "10.0.0.0/-1"])
    func noRange(_ text: String) { #expect(AddressRange(text) == nil) }

    @Test("who is let in otherwise than before is told, and no hash with it")
    func differences() throws {
        let (old, _) = try read(Self.tokens)
        let (new, _) = try read(
            Self.tokens.replacing(
                "role: operator, labels: {team: [east, west]}", with: "role: viewer, labels: {team: west}"
            )
            .replacing("id: erp", with: "id: feed").replacing("metrics: open", with: "metrics: token"))
        let words = FleetDifferences.access(old.access, new.access).flatMap(\.words).map(\.en)
        #expect(
            words == [
                "token 'feed' added", "token 'erp' removed", "token 'mei': role was operator, is viewer",
                "token 'mei': its stores are others", "access: metrics was open, is token",
            ])
    }
}
