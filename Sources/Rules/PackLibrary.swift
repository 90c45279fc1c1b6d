package import Language

/// All packs there are: the built-in ones, and the user's, which replace those of the same name whole.
package struct PackLibrary: Sendable {
    package private(set) var packs: [String: Pack] = [:]
    /// The built-in packs that a user's pack replaces, by name; said at start.
    package private(set) var replaced: [String] = []

    /// All that may be asked for, those left unread among them.
    package var names: Set<String> { Set(packs.keys).union(PackLibrary.builtInNames) }

    package static let builtInNames = BuiltInPacks.texts.map { $0.name.replacing(".yaml", with: "") }

    /// The built-in packs alone, with what is wrong with them (nothing, or a test fails).
    ///
    /// - Parameter wanted: the names to read; nil reads all. A pack's file bears its name.
    package static func builtIn(
        only wanted: Set<String>? = nil
    ) -> (library: PackLibrary, diagnostics: [Diagnostic]) {
        let texts = zip(builtInNames, BuiltInPacks.texts).filter { wanted?.contains($0.0) ?? true }
            .map { SourceText(name: "built-in \($0.1.name)", text: $0.1.text) }
        return PackLibrary().adding(texts, isBuiltIn: true)
    }

    /// With the user's packs. Two of one name are an error with both places.
    ///
    /// - Parameter wanted: the built-in packs to read; nil reads all.
    package static func with(
        _ own: [SourceText], only wanted: Set<String>? = nil
    ) -> (library: PackLibrary, diagnostics: [Diagnostic]) {
        let (builtIn, _) = builtIn(only: wanted)
        return builtIn.adding(own, isBuiltIn: false)
    }

    private func adding(_ texts: [SourceText], isBuiltIn: Bool) -> (PackLibrary, [Diagnostic]) {
        var result = self
        var diagnostics: [Diagnostic] = []
        var added: [String: SourceText] = [:]
        for text in texts {
            let (pack, found) = PackReader.read(text, isBuiltIn: isBuiltIn)
            diagnostics += found
            guard let pack else { continue }
            if let other = added[pack.name] {
                let message = "the pack '\(pack.name)' is already in \(other.name); rename one of the two"
                diagnostics.append(Diagnostic(.error, message, at: 0..<0, in: text))
                continue
            }
            added[pack.name] = text
            if !isBuiltIn, PackLibrary.builtInNames.contains(pack.name) { result.replaced.append(pack.name) }
            result.packs[pack.name] = pack
        }
        return (result, diagnostics)
    }

    package subscript(name: String) -> Pack? { packs[name] }
}
