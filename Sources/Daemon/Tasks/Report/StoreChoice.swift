package import Facts
import Language
import Ledgers

/// Which stores a report is about: those whose id fits, and that bear a label.
package struct StoreChoice: Sendable {
    package var glob: String?
    package var label: Label?

    package struct Label: Sendable, Hashable {
        package var key: String
        package var value: String

        /// `team=east`; nil for anything else.
        package init?(_ text: String) {
            guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { return nil }
            (key, value) = (String(text[..<sign]), String(text[text.index(after: sign)...]))
        }
    }

    package init(glob: String? = nil, label: Label? = nil) { (self.glob, self.label) = (glob, label) }

    /// By id.
    func stores(in assembly: Assembly) async throws -> [Watched] {
        let fitting = try await assembly.fittingStores(glob)
        guard let label else { return fitting }
        let chosen = fitting.filter { $0.store.labels[label.key] == label.value }
        guard chosen.isEmpty else { return chosen }
        let known = Set(fitting.flatMap { $0.store.labels.map { "\($0.key)=\($0.value)" } })
        let asked = "\(label.key)=\(label.value)"
        throw TaskError(
            Words(
                en: "no store has the label \(asked)\(NearestName.hint(for: asked, among: known))",
                zh: "没有店铺带有标签 \(asked)"), isUsage: true)
    }
}
