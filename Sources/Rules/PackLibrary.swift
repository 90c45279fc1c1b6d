package import Language

/// All packs there are: the built-in ones, and the user's, which replace those of the same name whole.
package struct PackLibrary: Sendable {
    package private(set) var packs: [String: Pack] = [:]
    /// The built-in packs that a user's pack replaces, by name; said at start.
    package private(set) var replaced: [String] = []

    /// The built-in packs alone, with what is wrong with them (nothing, or a test fails).
    package static func builtIn() -> (library: PackLibrary, diagnostics: [Diagnostic]) {
        let texts = BuiltInPacks.texts.map { SourceText(name: "built-in \($0.name)", text: $0.text) }
        return PackLibrary().adding(texts, isBuiltIn: true)
    }

    /// With the user's packs. Two of one name are an error with both places.
    package static func with(_ own: [SourceText]) -> (library: PackLibrary, diagnostics: [Diagnostic]) {
        let (builtIn, _) = builtIn()
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
            if result.packs[pack.name] != nil { result.replaced.append(pack.name) }
            result.packs[pack.name] = pack
        }
        return (result, diagnostics)
    }

    package subscript(name: String) -> Pack? { packs[name] }
}
