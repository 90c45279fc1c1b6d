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

    /// The cases of the first store that were open at a moment and have ended since: how many, and which of them the ledger
    /// tells otherwise.
    package func changesOfCases(since moment: Int64) async throws -> (count: Int, wrong: [String]) {
        func cases(_ moment: Int64) -> [String: [String: String]] {
            let facts = row.truth(platforms[0].history, moment).filter { $0.kind == "refund" }
            return Dictionary(facts.map { ($0.id, $0.members) }) { $1 }
        }
        let known = Dictionary(
            try await ledger().filter { $0.store == name(0) && $0.kind == "refund" }.map { ($0.id, $0.members) }
        ) { $1 }
        let now = await platforms[0].desk.horizon ?? clock.now.microseconds / 1_000_000
        let (before, after) = (cases(moment), cases(now))
        let changed = before.filter { $1["status"] == "open" && after[$0]?["status"] != "open" }.keys
        let wrong = changed.compactMap { id -> String? in
            let there = known[id] ?? [:]
            let differing = (after[id] ?? [:]).filter { there[$0.key] != $0.value }
            return differing.isEmpty ? nil : "\(id): \(there) for \(differing)"
        }
        return (changed.count, wrong.sorted())
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
