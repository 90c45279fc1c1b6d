package import Facts
import Foundation
package import Rules

/// What came back after an owner consented: the address to which the platform led, or the code alone. Pure.
package struct ConsentAnswer: Sendable, Hashable {
    package var code: String
    /// What the address brings back of the one at which was consented; nil in a code that was pasted alone.
    package var state: String?
    /// Whether it is an address, which has to bring a state.
    package var isAddress: Bool
    /// Whose consent it is, where the address says so.
    package var owner: String?

    /// Why a text is none. The words quote nothing that may be a code.
    package enum Fault: Error, Sendable, Hashable {
        case empty
        /// The owner, or the platform, said no; in the platform's word.
        case declined(String)
        /// An address without that parameter.
        case noCode(parameter: String)
        /// The parameter names another store than the credential does.
        case otherStore(parameter: String, credential: String)
        case unreadable
    }

    /// - Parameters:
    ///   - pasted: with what people paste around it: blanks, line ends, quotes.
    ///   - credential: what the store gives under a name.
    package init(
        _ pasted: String, of consent: PullPlan.Consent, credential: (String) -> String?
    ) throws(Fault) {
        let text = pasted.trimmingCharacters(in: .whitespacesAndNewlines.union(CharacterSet(charactersIn: "\"'<>“”「」")))
        guard !text.isEmpty else { throw .empty }
        isAddress =
            text.contains("://") || text.hasPrefix("?")
            || text.split(separator: "&").contains { $0.hasPrefix(consent.code + "=") }
        guard isAddress else {
            // A code is one word; as it stood in an address it may be percent-encoded.
            guard !text.contains(where: \.isWhitespace), text.utf8.count <= 4096 else { throw .unreadable }
            code = text.removingPercentEncoding ?? text
            return
        }
        let values = Self.values(text)
        if let word = values["error"] ?? (values[consent.code] == nil ? values["error_description"] : nil) {
            throw .declined(String(word.prefix(80)))
        }
        guard let code = values[consent.code] else { throw .noCode(parameter: consent.code) }
        for (name, parameter) in consent.same {
            guard let given = credential(name), let brought = values[parameter] else { continue }
            if given != brought { throw .otherStore(parameter: parameter, credential: name) }
        }
        (self.code, state) = (code, values[consent.state])
        owner = consent.owner.flatMap { values[$0] }
    }

    /// Parameters of an address, also those behind a `#`; of one that stands twice the first.
    private static func values(_ text: String) -> [String: String] {
        let from = text.firstIndex { "?#".contains($0) }.map { text.index(after: $0) }
        let parts = text[(text.contains("://") ? from ?? text.endIndex : text.startIndex)...]
            .split { "?#&".contains($0) }
        let pairs = parts.compactMap { part -> (String, String)? in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, !sides[1].isEmpty else { return nil }
            return (decoded(sides[0]), decoded(sides[1]))
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private static func decoded(_ text: Substring) -> String { text.removingPercentEncoding ?? String(text) }
}

extension ConsentAnswer.Fault: CustomStringConvertible {
    package var words: Words {
        switch self {
        case .empty: Words(en: "nothing was pasted", zh: "未粘贴任何内容")
        case .declined(let word):
            Words(
                en: "the platform led back with '\(word)': nothing was consented to; ask the owner again",
                zh: "平台返回“\(word)”：未获授权；请再次联系店主")
        case .noCode(let parameter):
            Words(
                en: "this address holds no '\(parameter)'; paste the whole address to which the platform led back",
                zh: "此地址中没有“\(parameter)”；请粘贴平台跳转回来的完整地址")
        case .otherStore(let parameter, let credential):
            Words(
                en:
                    "this is the consent of another store: its '\(parameter)' is not the '\(credential)' that is configured",
                zh: "这是另一家店铺的授权：其“\(parameter)”与配置的“\(credential)”不符")
        case .unreadable:
            Words(
                en: "this is neither an address nor a code; paste the whole address to which the platform led back",
                zh: "这不是地址或授权码；请粘贴平台跳转回来的完整地址")
        }
    }

    package var description: String { words.en }
}
