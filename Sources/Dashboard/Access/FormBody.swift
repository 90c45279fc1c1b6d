import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The fields of a form as a browser sends them (`application/x-www-form-urlencoded`), in their order.
struct FormBody: Sendable {
    let fields: [(name: String, value: String)]

    /// A morning's readings of a thousand stores, pasted, are a tenth of it.
    private static let greatestBytes = 1 << 20

    init(_ request: Request) async throws {
        let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" }
        guard type.lowercased() == "application/x-www-form-urlencoded" else { throw HTTPError(.unsupportedMediaType) }
        let body = try await request.body.collect(upTo: Self.greatestBytes)
        self.init(String(buffer: body))
    }

    init(fields: [(name: String, value: String)]) { self.fields = fields }

    init(_ text: String) {
        fields = text.split(separator: "&").map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.plain(parts[0]), parts.count == 2 ? Self.plain(parts[1]) : "")
        }
    }

    /// The last field of that name, without blanks around it; nil where there is none, or nothing in it.
    subscript(_ name: String) -> String? {
        guard let value = fields.last(where: { $0.name == name })?.value else { return nil }
        let text = value.drop(while: \.isWhitespace)
        guard let end = text.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        return String(text[...end])
    }

    private static func plain(_ text: Substring) -> String {
        let spaced = String(text.replacing("+", with: " "))
        return spaced.removingPercentEncoding ?? spaced
    }
}
