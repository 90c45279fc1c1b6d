import Facts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

/// People with tokens, who log in and send forms.
extension DashboardBench {
    /// One of each sort: `mei` may do all, `east` only with the stores of that team, `view` looks, `erp` brings orders.
    static let people = """
        access:
          tokens:
            - {id: mei, role: operator, hash: "\(AccessToken.hash(of: "token-mei"))"}
            - {id: east, role: operator, hash: "sha256:\(AccessToken.hash(of: "token-east"))", labels: {team: east}}
            - {id: view, role: viewer, hash: "\(AccessToken.hash(of: "token-view"))"}
            - {id: oaks, role: viewer, hash: "\(AccessToken.hash(of: "token-oaks"))", stores: "oa*"}
            - {id: erp, role: pusher, hash: "\(AccessToken.hash(of: "token-erp"))", stores: [oak], kinds: [order]}
            - {id: gone, role: operator, hash: "\(AccessToken.hash(of: "token-gone"))", until: 2026-03-02}
        """

    static func bearer(_ name: String) -> HTTPFields { [.authorization: "Bearer token-\(name)"] }

    func post(
        _ path: String, _ fields: [String: String], _ headers: HTTPFields = [:], isLive: Bool = false
    ) async throws -> Answer {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        let body = fields.sorted { $0.key < $1.key }.map { "\($0.key.percentEncoded)=\($0.value.percentEncoded)" }
        return try await send(.post, path, headers, body: body.joined(separator: "&"), isLive: isLive)
    }

    /// What the first form of a page holds.
    static func formToken(in page: String) throws -> String {
        let match = try #require(page.firstMatch(of: /name="csrf" value="([^"]+)"/), "\(page)")
        return String(match.1)
    }

    /// `name=value` of each cookie that is set.
    static func cookies(of answer: Answer) -> [String: String] {
        let pairs = answer.headers[values: .setCookie].compactMap { cookie -> (String, String)? in
            let parts = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
            return parts.count == 2 ? (parts[0], parts[1]) : nil
        }
        return Dictionary(pairs) { $1 }
    }

    /// Fills the form in.
    func login(_ token: String, to: String = "/", isLive: Bool = false) async throws -> Answer {
        let form = try await get("/login?to=\(to.percentEncoded)")
        let cookie = try #require(Self.cookies(of: form)["goodstanding-login"])
        return try await post(
            "/login", ["token": token, "to": to, "csrf": try Self.formToken(in: form.body)],
            [.cookie: "goodstanding-login=\(cookie)"], isLive: isLive)
    }

    /// The header of a browser in which somebody is logged in.
    func session(_ token: String) async throws -> HTTPFields {
        let cookie = try #require(Self.cookies(of: try await login(token))["goodstanding"])
        return [.cookie: "goodstanding=\(cookie)"]
    }

    /// Sends a form of a page that is looked at, as a browser does.
    func act(
        _ path: String, _ fields: [String: String], on page: String, _ headers: HTTPFields = [:]
    ) async throws -> Answer {
        var fields = fields
        fields["csrf"] = try Self.formToken(in: try await get(page, headers).body)
        fields["back"] = fields["back"] ?? page
        return try await post(path, fields, headers)
    }

    /// By another name than the machine's own, which only curl will say.
    func ask(_ path: String, host: String) async throws -> Int {
        let application = Application(
            router: DashboardRouter(state: state, admission: admission).router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)))
        return try await application.test(.live) { client in
            let port = try #require(client.port)
            let curl = try #require(Tool("curl"))
            let said = try await curl.run([
                "--noproxy", "*", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--header",
                "Host: \(host)",
                "http://127.0.0.1:\(port)\(path)",
            ])
            return try #require(Int(String(decoding: said, as: UTF8.self)))
        }
    }

    /// What was done since it was made.
    func audit() async throws -> [AuditTask.Entry] {
        try await Array(AuditTask(.running(await state.assembly)).list(since: nil).dropFirst(entries))
    }
}
