import Facts
import Foundation
import Simulation
import TestSupport

/// What came of the pulls.
extension PulledPlatform {
    /// What an export tells of a fact, members as texts.
    package struct Exported: Sendable {
        package var store: String
        package var kind: String
        package var id: String
        package var members: [String: String]
    }

    /// The ledger's facts, as the program exports them.
    package func ledger() async throws -> [Exported] {
        let output = try await folder.run("export").output
        return try output.split(separator: "\n").compactMap { line in
            guard let fact = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let kind = fact["kind"] as? String, let id = fact["id"] as? String, let store = fact["store"] as? String
            else { return nil }
            return Exported(store: store, kind: kind, id: id, members: fact.mapValues(Self.text))
        }
    }

    private static func text(_ value: Any) -> String {
        if let text = value as? String { return text }
        // JSON's truths come as numbers.
        if let number = value as? NSNumber, String(cString: number.objCType) == "c" {
            return number.boolValue ? "true" : "false"
        }
        return "\(value)"
    }

    /// Holds the ledger against what happened: what differs, by kind and member, with how often and an example.
    package func differences() async throws -> [String] {
        var known: [String: [String: Exported]] = [:]
        for fact in try await ledger() where fact.members["deleted"] != "true" {
            known[fact.store, default: [:]]["\(fact.kind) \(fact.id)"] = fact
        }
        var found: [String: [String]] = [:]
        for (place, platform) in platforms.enumerated() {
            let moment = await platform.desk.horizon ?? clock.now.microseconds / 1_000_000
            let expected = row.truth(platform.history, moment).filter { !row.without.contains($0.kind) }
            if expected.isEmpty { found["nothing expected", default: []].append(name(place)) }
            var left = known[name(place)] ?? [:]
            for fact in expected {
                guard let there = left.removeValue(forKey: "\(fact.kind) \(fact.id)") else {
                    guard fact.isCertain else { continue }
                    found["\(fact.kind) missing", default: []].append("\(name(place)) \(fact.id): \(fact.members)")
                    continue
                }
                for (member, value) in fact.members where there.members[member] != value {
                    found["\(fact.kind).\(member)", default: []].append(
                        "\(name(place)) \(fact.id): \(there.members[member] ?? "nothing") for \(value)")
                }
            }
            let kinds = Set(expected.map(\.kind))
            for fact in left.values where kinds.contains(fact.kind) {
                found["\(fact.kind) too many", default: []].append("\(name(place)) \(fact.id): \(fact.members)")
            }
        }
        return found.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value.count)): \($0.value.min() ?? "")" }
    }
}
