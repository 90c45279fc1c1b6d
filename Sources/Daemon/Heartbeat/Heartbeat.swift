import Curl
import Facts
import HTTPTypes

/// Whom a dead man's switch asks to be told that all is watched, and in which words: `/start`, then nothing, or `/fail`
/// with the reason.
struct Heartbeat: Sendable {
    let transport: any Transport
    /// A secret as a whole: whoever has it can say that we live.
    let url: Secret

    enum Word: Sendable, Hashable {
        case start
        case success
        case fail(String)

        var path: String {
            switch self {
            case .start: "/start"
            case .success: ""
            case .fail: "/fail"
            }
        }
    }

    /// The most that a body holds, in bytes: it is for people.
    private static let most = 10_000

    /// - Returns: what went wrong, without the address; nil: it was taken.
    func say(_ word: Word) async -> String? {
        let (address, query) = Self.parts(url.reveal())
        var body: [UInt8] = []
        if case .fail(let why) = word { body = Array(why.utf8.prefix(Self.most)) }
        let limits = Limits(connect: .seconds(5), total: .seconds(10), stall: .seconds(10), body: 1 << 16)
        guard
            var request = Request(
                method: .post, url: address + word.path + query, headers: [.contentType: "text/plain; charset=utf-8"],
                body: body, limits: limits)
        else { return "its address cannot be asked" }
        request.ignoresBody = true
        do {
            let status = try await transport.send(request).status.code
            return (200..<300).contains(status) ? nil : "it answered \(status)"
        } catch {
            return "\(error)"
        }
    }

    /// What stands before a query, without the last slash, and the query.
    private static func parts(_ url: String) -> (address: String, query: String) {
        let end = url.firstIndex(of: "?") ?? url.endIndex
        let address = url[..<end]
        return (String(address.hasSuffix("/") ? address.dropLast() : address), String(url[end...]))
    }
}
