import Foundation
import Simulation

/// What each receiver was owed, worked out from what was imported and from the ledger's events, beside what it heard.
struct FireTruth {
    private let fire: Fire

    init(_ fire: Fire) { self.fire = fire }

    private typealias Key = String

    func hold(against outcome: inout FireOutcome) async throws {
        outcome.alerts = fire.scale.alerts
        var happened: [Key: [String]] = [:]
        for row in try await fire.site.ask(
            "SELECT store || ' ' || rule || '|' || kind FROM alert_events ORDER BY episode, number")
        {
            let parts = row.split(separator: "|").map(String.init)
            happened[parts[0], default: []].append(parts[1])
        }
        // What was imported has each of them fire once and resolve once.
        let imported = fire.stores.flatMap { store in (0..<Fire.rules).map { "\(store) r\($0)" } }
        for key in imported where happened[key] != ["firing", "resolved"] {
            outcome.wrong.append("\(key): \(happened[key] ?? []) happened")
        }
        outcome.receivers.append(try await webhook(imported, &outcome.wrong))
        for post in fire.posts {
            outcome.receivers.append(
                try await chat(post, imported.filter { $0.hasPrefix(post.id + "-") }, &outcome.wrong))
        }
        outcome.receivers.append(
            try await command(imported.filter { $0.hasPrefix(Desk.id + "-") }, &outcome.wrong))
    }

    /// First and last place of a notice among all that came, and whether it was taken, how often.
    private struct Visit {
        var first: Int
        var last: Int
        var taken = 0
        var words: [UInt8]
    }

    /// What a receiver heard of one alert: events with the notice that told them, in the order of their first coming.
    private typealias Heard = [Key: [(event: String, notice: String)]]

    // MARK: The webhook: every event by itself, in JSON

    private func webhook(_ owed: [Key], _ wrong: inout [String]) async throws -> FireOutcome.Receiver {
        var (visits, heard): ([String: Visit], Heard) = ([:], [:])
        var result = FireOutcome.Receiver(id: "ops")
        let deliveries = await fire.listener.deliveries
        for (place, delivery) in deliveries.enumerated() {
            let id = delivery.headers["webhook-id"] ?? ""
            if delivery.signature != .valid {
                wrong.append("ops: \(id) is signed \(String(describing: delivery.signature))")
            }
            if visits[id] == nil {
                visits[id] = Visit(first: place, last: place, words: delivery.body)
                for alert in try Self.alerts(delivery.body) {
                    heard[alert.key, default: []].append((alert.event, id))
                }
            }
            if visits[id]?.words != delivery.body { wrong.append("ops: \(id) came with two bodies") }
            visits[id]?.last = place
            // Any 2xx is success, whatever stands beside it.
            let isTaken = delivery.wasTaken || delivery.fault == .garbage
            visits[id]?.taken += isTaken ? 1 : 0
            if let fault = delivery.fault { result.refusals["\(fault)", default: 0] += 1 }
        }
        result.requests = deliveries.count
        try await finish(&result, owed, visits, heard, &wrong)
        return result
    }

    private static func alerts(_ body: [UInt8]) throws -> [(key: Key, event: String)] {
        let message = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
        let alerts = (message?["data"] as? [String: Any])?["alerts"] as? [[String: Any]] ?? []
        return alerts.map { ("\($0["store"] ?? "") \($0["rule"] ?? "")", "\($0["event"] ?? "")") }
    }

    // MARK: Chats: a message a group, in words

    private func chat(_ post: Post, _ owed: [Key], _ wrong: inout [String]) async throws -> FireOutcome.Receiver {
        var (visits, heard): ([String: Visit], Heard) = ([:], [:])
        var result = FireOutcome.Receiver(id: post.id)
        let shown = await post.robot.shown
        for (place, said) in shown.enumerated() {
            // How late it is, is another each time.
            let text = said.replacing(/\s\(sent \d+ (min|h|days) late\)/, with: "")
            guard let match = text.firstMatch(of: /goodstanding ([A-Za-z0-9_]{12})/) else {
                wrong.append("\(post.id): a message without an id: \(text.prefix(200))")
                continue
            }
            let id = String(match.1)
            if visits[id] == nil {
                visits[id] = Visit(first: place, last: place, words: Array(text.utf8))
                // Slack shows a headline twice.
                var told: Set<String> = []
                for line in text.matches(of: /\[(breach|ok again)\] ([a-z]+-[0-9]+): (r[0-9])(\n\s*had fired)?/) {
                    let key = "\(line.2) \(line.3)"
                    guard told.insert(key).inserted else { continue }
                    if line.1 == "breach" || line.4 != nil { heard[key, default: []].append(("firing", id)) }
                    if line.1 != "breach" { heard[key, default: []].append(("resolved", id)) }
                }
            }
            if visits[id]?.words != Array(text.utf8) { wrong.append("\(post.id): \(id) came with other words") }
            visits[id]?.last = place
            visits[id]?.taken += 1
        }
        for text in await post.robot.refusals {
            result.refusals[text.isEmpty ? "without a word" : text, default: 0] += 1
        }
        result.requests = await post.robot.requests
        try await finish(&result, owed, visits, heard, &wrong)
        return result
    }

    // MARK: A command: every event by itself, in JSON

    private func command(_ owed: [Key], _ wrong: inout [String]) async throws -> FireOutcome.Receiver {
        var (visits, heard): ([String: Visit], Heard) = ([:], [:])
        var result = FireOutcome.Receiver(id: Desk.id)
        let papers = try fire.desk.papers
        for (place, paper) in papers.enumerated() {
            let (id, body) = (paper.notice, Array(paper.body))
            if visits[id] == nil {
                visits[id] = Visit(first: place, last: place, words: body)
                for alert in try Self.alerts(body) { heard[alert.key, default: []].append((alert.event, id)) }
            }
            if visits[id]?.words != body { wrong.append("\(Desk.id): \(id) came with two bodies") }
            visits[id]?.last = place
            visits[id]?.taken += 1
        }
        let refused = try fire.desk.refusals
        if refused > 0 { result.refusals["an exit status"] = refused }
        result.requests = papers.count + refused
        try await finish(&result, owed, visits, heard, &wrong)
        return result
    }

    // MARK: All

    private func finish(
        _ result: inout FireOutcome.Receiver, _ owed: [Key], _ visits: [String: Visit], _ heard: Heard,
        _ wrong: inout [String]
    ) async throws {
        let id = result.id
        result.owed = owed.count * 2
        result.notices = visits.count
        result.repeats = visits.values.reduce(0) { $0 + max(0, $1.taken - 1) }
        for (notice, visit) in visits where visit.taken == 0 { wrong.append("\(id): \(notice) was never taken") }
        // Of a notice's id a chat shows the beginning.
        let length = id == "ops" || id == Desk.id ? 100 : 12
        let kept = Set(try await fire.site.ask("SELECT substr(id, 1, \(length)) FROM notices WHERE receiver = '\(id)'"))
        if kept != Set(visits.keys) {
            wrong.append(
                "\(id): \(kept.subtracting(visits.keys).count) notices never came, \(Set(visits.keys).subtracting(kept).count) are not the ledger's"
            )
        }
        for key in owed {
            let told = heard[key] ?? []
            let events = told.map(\.event)
            if events != ["firing", "resolved"] {
                wrong.append("\(id): of \(key) it heard \(events)")
            }
            for (earlier, later) in zip(told, told.dropFirst()) where earlier.notice != later.notice {
                guard let before = visits[earlier.notice], let after = visits[later.notice] else { continue }
                if before.last >= after.first {
                    wrong.append("\(id): \(key): \(later.event) overtook \(earlier.event)")
                }
            }
        }
        let strangers = Set(heard.keys).subtracting(owed)
        if !strangers.isEmpty {
            wrong.append("\(id): it heard of \(strangers.sorted().prefix(5)), which it did not ask for")
        }
    }
}
