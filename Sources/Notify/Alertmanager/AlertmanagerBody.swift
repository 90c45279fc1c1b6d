import Alerts
package import Facts

/// What Alertmanager is sent, in its API's second version.
///
/// As it is kept it is an object a line, and one that goes on has no end yet: each sending gives it one, some hours ahead, so
/// that a daemon that dies is not taken for a recovery.
package enum AlertmanagerBody {
    static func lines(of told: NoticeContent.Told, id: String) -> [UInt8] {
        lines(of: PrometheusAlert.all(of: told, id: id))
    }
    static func line(of message: Message, at now: Timestamp) -> [UInt8] {
        lines(of: [PrometheusAlert(message, at: now)])
    }

    static func line(of test: TestNotice, at now: Timestamp) -> [UInt8] { lines(of: [PrometheusAlert(test, at: now)]) }

    private static func lines(of alerts: [PrometheusAlert]) -> [UInt8] {
        Array(
            alerts.map { alert in
                var json = JSONWriter(reserving: 2048)
                json.object { json in
                    if let end = alert.endsAt { json.member("endsAt", string: "\(end)") }
                    json.member("annotations", texts: alert.annotations)
                    json.member("labels", texts: alert.labels)
                    json.member("startsAt", string: "\(alert.startsAt)")
                    if let url = alert.generatorURL { json.member("generatorURL", string: url) }
                }
                return json.bytes
            }.joined(separator: [newline]))
    }

    private static let newline = UInt8(ascii: "\n")
    private static let openBeginning = Array(#"{"annotations":{"#.utf8)

    /// The list that is posted.
    ///
    /// - Parameters:
    ///   - end: of those that go on.
    ///   - isBlind: whether it is not known at present how things stand; then this is said of them.
    package static func sent(_ kept: [UInt8], until end: Timestamp, isBlind: Bool = false) -> [UInt8] {
        var list: [UInt8] = []
        for line in kept.split(separator: newline) {
            if !list.isEmpty { list.append(UInt8(ascii: ",")) }
            guard line.starts(with: openBeginning) else {
                list += line
                continue
            }
            list += Array(#"{"endsAt":"\#(end)","annotations":{"#.utf8)
            if isBlind { list += Array(#""data_state":"unknown","#.utf8) }
            list += line.dropFirst(openBeginning.count)
        }
        return list
    }

    /// Whether anything of it has no end yet.
    package static func goesOn(_ kept: [UInt8]) -> Bool {
        kept.split(separator: newline).contains { $0.starts(with: openBeginning) }
    }

    /// Of what was told before and goes on, that of which the newer says nothing any more: its labels are others now (a label of
    /// the store was changed). It ends here, or it would go on beside the newer for hours.
    package static func left(of former: [UInt8], after newer: [UInt8], endedAt end: Timestamp) -> [UInt8]? {
        let known = Set(newer.split(separator: newline).map(labels))
        let lines = former.split(separator: newline).filter {
            $0.starts(with: openBeginning) && !known.contains(labels(of: $0))
        }
        guard !lines.isEmpty else { return nil }
        return Array(lines.map { Array(#"{"endsAt":"\#(end)","#.utf8) + $0.dropFirst() }.joined(separator: [newline]))
    }

    // Quotes within a text are escaped: this stands nowhere else.
    private static func labels(of line: ArraySlice<UInt8>) -> [UInt8] {
        guard let from = line.firstRange(of: Array(#","labels":{"#.utf8)),
            let to = line[from.upperBound...].firstRange(of: Array(#"},"startsAt""#.utf8))
        else { return Array(line) }
        return Array(line[from.upperBound..<to.lowerBound])
    }
}
