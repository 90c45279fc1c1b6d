import Alerts
import Foundation

/// The page about a store and a rule, where people reach the pages (`public_url`); without that no message carries a link.
enum PageLink {
    /// - Returns: nil without a public address. Of what is about many stores all of them; of a store's data its own page.
    static func to(_ key: AlertKey, under publicURL: String?) -> String? {
        guard let publicURL else { return nil }
        guard !key.store.isEmpty else { return publicURL + "/" }
        let store = publicURL + "/stores/" + segment(key.store)
        return key.isHealth ? store : store + "/rules/" + segment(key.rule)
    }

    /// A store's id is any text.
    private static func segment(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
