import Facts
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("Logging in by the form, and what protects it")
struct LoginTests {
    @Test("a right token opens a session that ends with the logout, and goes on where one wanted to be")
    func session() async throws {
        let bench = try await DashboardBench(DashboardBench.people)
        let sent = try await bench.get("/stores/oak?since=2026-02-20")
        #expect(sent.status == 303 && sent.headers[.location] == "/login?to=%2Fstores%2Foak%3Fsince%3D2026-02-20")
        let answer = try await bench.login("token-mei", to: "/stores/oak?since=2026-02-20")
        #expect(answer.status == 303 && answer.headers[.location] == "/stores/oak?since=2026-02-20")
        let cookie = try #require(answer.headers[.setCookie])
        for flag in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
            #expect(cookie.contains(flag), "\(cookie)")
        }
        #expect(!cookie.contains("Secure") && !cookie.contains("token-mei"))
        let id = try #require(DashboardBench.cookies(of: answer)["goodstanding"])
        let header: HTTPFields = [.cookie: "goodstanding=\(id)"]
        let page = try await bench.get("/", header)
        #expect(page.headers[.cacheControl] == "private, no-cache")
        #expect(page.status == 200 && page.body.contains("mei") && page.body.contains("action=\"/logout\""))
        let ended = try await bench.post("/logout", ["csrf": try DashboardBench.formToken(in: page.body)], header)
        #expect(ended.headers[.setCookie]?.contains("Max-Age=0") == true)
        #expect(try await bench.get("/", header).status == 303)
    }

    @Test("behind https the cookie travels by nothing else")
    func secure() async throws {
        let bench = try await DashboardBench(DashboardBench.people + "\npublic_url: https://standing.example")
        let answer = try await bench.login("token-mei")
        #expect(answer.headers[.setCookie]?.contains("; Secure") == true)
    }

    @Test("a session ends after twelve hours, and with its token")
    func ends() async throws {
        let bench = try await DashboardBench(DashboardBench.people)
        let header = try await bench.session("token-mei")
        bench.clock.advance(by: .hours(12) - .seconds(1))
        #expect(try await bench.get("/", header).status == 200)
        bench.clock.advance(by: .seconds(1))
        #expect(try await bench.get("/", header).status == 303)

        // The entry holds another token from now on.
        let other = try await bench.session("token-view")
        #expect(try await bench.get("/", other).status == 200)
        let path = bench.folder.file("goodstanding.yaml")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try bench.folder.write(
            "goodstanding.yaml",
            text.replacing(AccessToken.hash(of: "token-view"), with: AccessToken.hash(of: "token-new")))
        await Reload(state: bench.state, notifier: SystemdNotifier(environment: [:])).run()
        #expect(try await bench.get("/", other).status == 303)
        let load = try #require(try await bench.audit().last)
        #expect(load.act == "load" && load.details.map(\.en).contains("token 'view': its token is another"))
        #expect(!load.details.contains { $0.en.contains("token-") })
    }

    @Test("nobody is let in without a token of his own", arguments: ["", "token-none", "token-gone", "token-erp"])
    func refused(_ token: String) async throws {
        let bench = try await DashboardBench(DashboardBench.people)
        let answer = try await bench.login(token)
        #expect(answer.status == 401 && DashboardBench.cookies(of: answer)["goodstanding"] == nil)
        #expect(!answer.body.contains("value=\"\(token)\"") || token.isEmpty)
    }

    @Test(
        "a login leads to a page of ours",
        arguments: ["//evil.example", "https://evil.example", "/\\evil.example", "x"])
    func redirects(_ to: String) async throws {
        let bench = try await DashboardBench(DashboardBench.people)
        #expect(try await bench.login("token-mei", to: to).headers[.location] == "/")
    }

    @Test("after ten failures a wrong token waits, and is told how long; a right one from there passes all the time")
    func limit() async throws {
        let bench = try await DashboardBench(DashboardBench.people)
        for _ in 0..<9 { #expect(try await bench.get("/", DashboardBench.bearer("none")).status == 401) }
        #expect(try await bench.login("token-none").status == 401)
        bench.clock.advance(by: .minutes(2))
        let began = ContinuousClock.now
        let waits = try await bench.get("/", DashboardBench.bearer("none"))
        #expect(waits.status == 429 && waits.headers[.retryAfter] == "480")
        let form = try await bench.login("token-none")
        #expect(form.status == 429 && form.headers[.retryAfter] == "480")
        #expect(try await bench.login("token-erp").status == 429, "it lets nobody in by the form")
        // Each such answer is held for a moment.
        #expect(ContinuousClock.now - began >= .milliseconds(600))
        #expect(try await bench.get("/", DashboardBench.bearer("mei")).status == 200)
        #expect(try await bench.login("token-mei").status == 303)
        bench.clock.advance(by: .minutes(8))
        #expect(try await bench.get("/", DashboardBench.bearer("none")).status == 401)
    }

    @Test("guesses by the hundred at once are not looked at, right or wrong; of another address they are")
    func flood() async throws {
        let admission = Admission()
        var terms = AccessTerms()
        var grantee = AccessTerms.Grantee(id: "mei", role: .viewer)
        grantee.hash = AccessToken.hash(of: "right")
        terms.tokens = [grantee]
        let (now, address) = (Timestamp(seconds: 1_780_000_000), "192.0.2.7")
        for _ in 0..<10 { admission.noteFailure(of: address, at: now) }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask { [terms] in _ = await admission.look("wrong", from: address, terms, at: now) }
            }
            let deadline = ContinuousClock.now + .seconds(10)
            while admission.heldAnswers < 100, ContinuousClock.now < deadline { await Task.yield() }
            guard case .tooMany = await admission.look("right", from: address, terms, at: now) else {
                Issue.record("it was looked at")
                return
            }
            guard case .known = await admission.look("right", from: "192.0.2.8", terms, at: now) else {
                Issue.record("another address waits too")
                return
            }
        }
        guard case .known = await admission.look("right", from: address, terms, at: now) else {
            Issue.record("it waits though nobody guesses any more")
            return
        }
    }

    @Test("those of others go on meanwhile: each address is counted by itself, of IPv6 each network")
    func byAddress() {
        let admission = Admission()
        let now = Timestamp(seconds: 1_780_000_000)
        for _ in 0..<10 { admission.noteFailure(of: "2001:db8::1", at: now) }
        #expect(admission.wait(of: "2001:db8::1", at: now) == .minutes(10))
        #expect(admission.wait(of: "2001:db8::2", at: now) == .minutes(10))
        #expect(
            admission.wait(of: "2001:db8:0:1::1", at: now) == nil && admission.wait(of: "192.0.2.7", at: now) == nil)
    }

    @Test("a form has to be one of ours, of this session, and sent from a page of ours")
    func forged() async throws {
        let bench = try await DashboardBench(DashboardBench.people)
        let (mei, view) = (try await bench.session("token-mei"), try await bench.session("token-east"))
        let own = try DashboardBench.formToken(in: try await bench.get("/stores/oak", mei).body)
        let others = try DashboardBench.formToken(in: try await bench.get("/stores/oak", view).body)
        let fields = ["store": "oak", "back": "/stores/oak"]
        for forged in [nil, "", others, own + "x"] as [String?] {
            var fields = fields
            fields["csrf"] = forged
            #expect(try await bench.post("/acts/recheck", fields, mei).status == 403, "\(forged ?? "none")")
        }
        let right = fields.merging(["csrf": own]) { $1 }
        let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
        for (name, value, status) in [
            (HTTPField.Name.origin, "https://evil.example", 403), (.origin, "null", 403),
            (site, "cross-site", 403), (site, "same-site", 403),
            (.origin, "http://localhost", 303), (site, "same-origin", 303),
        ] as [(HTTPField.Name, String, Int)] {
            var headers = mei
            headers[name] = value
            #expect(try await bench.post("/acts/recheck", right, headers).status == status, "\(name) \(value)")
        }
        #expect(try await bench.post("/acts/recheck", right).status == 303, "to the login")
        #expect(try await bench.audit().count == 2)
    }

    @Test("a login that somebody else's page sends is none")
    func foreignLogin() async throws {
        let bench = try await DashboardBench(DashboardBench.people)
        let form = try await bench.get("/login")
        let csrf = try DashboardBench.formToken(in: form.body)
        let answer = try await bench.post("/login", ["token": "token-mei", "csrf": csrf])
        #expect(answer.status == 403 && DashboardBench.cookies(of: answer)["goodstanding"] == nil)
    }

    @Test("a link in a message leads to its page: the browser asks once more, with its cookie")
    func fromElsewhere() async throws {
        let bench = try await DashboardBench(DashboardBench.people)
        let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
        let answer = try await bench.get("/stores/oak", [site: "cross-site"])
        #expect(answer.status == 200 && answer.body.contains("http-equiv=\"refresh\"") && !answer.body.contains("Oak"))
    }

    @Test("neither a page nor the log shows a token")
    func secrets() async throws {
        let bench = try await DashboardBench(DashboardBench.people)
        let header = try await bench.session("token-mei")
        for path in ["/", "/stores/oak", "/audit", "/due"] {
            let page = try await bench.get(path, header)
            #expect(page.status == 200)
            let cookie = try #require(header[.cookie]?.split(separator: "=").last)
            #expect(!page.body.contains("token-mei") && !page.body.contains(cookie), "\(path)")
            #expect(!page.body.contains(AccessToken.hash(of: "token-mei")), "\(path)")
        }
    }

    @Test("a token has 256 bits, and its hash is SHA-256")
    func token() {
        let (a, b) = (AccessToken.made(), AccessToken.made())
        #expect(a != b && a.hasPrefix("gst_") && a.utf8.count == 4 + 43)
        #expect(
            AccessToken.hash(of: "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(AccessToken.base64url(Array("hello?>".utf8)) == "aGVsbG8_Pg")
    }
}
