import Curl
import Rules

/// What a store gives for its platform, by the names of the plan.
struct PlatformCredentials: Sendable {
    private let values: [String: Secret]
    /// Of these what somebody gave: what the pack itself says is no secret, and may be a word that platforms use.
    private let given: [Secret]
    /// Of the application, where limits are counted; nil where none is given.
    let application: String?
    /// Of the owner's account, where limits are counted by it: stores that are asked with one consent have the same; nil
    /// where the store has what it is asked with for itself.
    let account: String?

    /// Beside what a store gives: under what the tokens are kept that it shares with others. No pack has such a name.
    static let grant = "grant of tokens"

    /// - Parameter endpoint: which may give some as well; what is given for itself goes before that.
    init(_ given: [String: Secret], of plan: PullPlan, at endpoint: String? = nil) {
        var values: [String: Secret] = [:]
        let inEndpoint = endpoint.map { plan.withoutBase($0).given } ?? [:]
        for credential in plan.credentials {
            let found = ([credential.name] + credential.aliases).lazy.compactMap { given[$0] }.first
            let standard = inEndpoint[credential.name] ?? credential.standard
            values[credential.name] = found ?? standard.map { Secret($0) }
        }
        self.values = values
        self.given = plan.credentials.flatMap { [$0.name] + $0.aliases }.compactMap { given[$0] }
        let refresh = values["refresh_token"].map { Digests.lowerHex(Digests.sha256($0.reveal())) }
        account = given[Self.grant]?.reveal() ?? refresh
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
        for value in given.map({ $0.reveal() }) where value.utf8.count >= 4 {
            text = text.replacing(value, with: "…")
        }
        let plain = text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }
        return String(String.UnicodeScalarView(plain.prefix(200)))
    }
}
