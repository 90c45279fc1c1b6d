import Curl
import Rules

/// What a store gives for its platform, by the names of the plan.
struct PlatformCredentials: Sendable {
    private let values: [String: Secret]
    /// Of the application, where limits are counted; nil where none is given.
    let application: String?

    init(_ given: [String: Secret], of plan: PullPlan) {
        var values: [String: Secret] = [:]
        for credential in plan.credentials {
            let found = ([credential.name] + credential.aliases).lazy.compactMap { given[$0] }.first
            values[credential.name] = found ?? credential.standard.map { Secret($0) }
        }
        self.values = values
        application = plan.credentials.first.flatMap { values[$0.name] }.map {
            Digests.lowerHex(Digests.sha256($0.reveal()))
        }
    }

    subscript(_ name: String) -> String? { values[name]?.reveal() }

    /// Of those that may be several joined by commas the first, as conditions name it.
    var firsts: [String: String] {
        Dictionary(uniqueKeysWithValues: values.map { ($0 + ".first", String($1.reveal().prefix { $0 != "," })) })
    }

    /// nil where a name in it has no value.
    func filled(_ template: String) -> String? {
        guard PullPlan.names(in: template).allSatisfy({ values[$0] != nil }) else { return nil }
        return PullPlan.filled(template) { self[$0] }
    }

    /// A platform's own words, without what was given to it, and no longer than a line.
    func masked(_ text: String) -> String {
        var text = text
        for value in values.values.map({ $0.reveal() }) where value.utf8.count >= 4 {
            text = text.replacing(value, with: "…")
        }
        let plain = text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }
        return String(String.UnicodeScalarView(plain.prefix(200)))
    }
}
