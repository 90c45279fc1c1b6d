import Curl
import Foundation

/// What a request sends in its form, decoded.
func form(_ request: Request) -> [String: String] {
    let text = String(decoding: request.body ?? [], as: UTF8.self)
    let items = URLComponents(string: "http://h?" + text)?.queryItems ?? []
    return Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
}

/// What a request sends as JSON, or in its body otherwise.
func sent(_ request: Request) -> String { String(decoding: request.body ?? [], as: UTF8.self) }

extension String {
    /// Whether each of these stands in it.
    func says(_ parts: String...) -> Bool { parts.allSatisfy(contains) }
}
