import Testing

/// Prometheus' text format, read strictly: every sample under its HELP and TYPE, no family twice, no sample twice, a
/// histogram's parts in order.
struct Scrape {
    struct Malformed: Error, CustomStringConvertible { var description: String }

    private(set) var kinds: [String: String] = [:]
    private(set) var samples: [String: Double] = [:]

    init(_ text: String) throws {
        var family = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            func refuse() -> Malformed { Malformed(description: "'\(line)' is out of place") }
            if let match = line.wholeMatch(of: /# HELP ([a-z_]+) \S.*/) {
                family = String(match.1)
                guard kinds[family] == nil else { throw refuse() }
            } else if let match = line.wholeMatch(of: /# TYPE ([a-z_]+) (gauge|counter|histogram)/) {
                guard match.1 == family else { throw refuse() }
                kinds[family] = String(match.2)
            } else if let match = line.wholeMatch(
                of: /([a-z_]+)(\{[a-zA-Z_]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-zA-Z_]+="(?:[^"\\\n]|\\["\\n])*")*\})? (\S+)/
            ) {
                let endings = kinds[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
                let name = String(match.1) + (match.2 ?? "")
                guard endings.contains(where: { match.1 == family + $0 }), samples[name] == nil,
                    let value = Double(match.3)
                else { throw refuse() }
                samples[name] = value
            } else {
                throw refuse()
            }
        }
    }

    subscript(_ sample: String) -> Double? { samples[sample] }

    /// Of these names, whatever their labels.
    func count(of name: String) -> Int { samples.keys.count { $0 == name || $0.hasPrefix(name + "{") } }
}
