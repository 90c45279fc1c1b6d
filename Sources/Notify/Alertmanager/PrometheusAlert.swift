import Alerts
import Facts
import Language
import Rules

/// An alert as Prometheus and its Alertmanager know it: its labels are what it is, all else is said about it.
struct PrometheusAlert: Sendable, Hashable {
    var labels: [String: String]
    var annotations: [String: String]
    var startsAt: Timestamp
    /// nil while it goes on.
    var endsAt: Timestamp?
    /// A page about it.
    var generatorURL: String?

    /// One, or two where its level became another: as people route by severity it is a label, so that the one ends as the
    /// other begins.
    static func all(of told: NoticeContent.Told, id: String) -> [PrometheusAlert] {
        let event = told.event
        var alert = PrometheusAlert(
            labels: labels(told, told.before, told.report.announcedSeverity), annotations: annotations(told, id: id),
            startsAt: event.since, endsAt: event.at, generatorURL: address(told.report.link))
        if event.kind == .resolved { return [alert] }
        let former = alert
        (alert.labels, alert.endsAt) = (labels(told, event.standing), nil)
        return former.labels == alert.labels ? [alert] : [former, alert]
    }

    /// - Parameters:
    ///   - standing: warning or breach.
    ///   - severity: nil: as it is now.
    private static func labels(
        _ told: NoticeContent.Told, _ standing: Standing, _ severity: Severity? = nil
    ) -> [String: String] {
        let (key, subject) = (told.event.key, told.report.subject)
        let own = [
            "alertname": key.rule, "store": key.store, "platform": subject.platform,
            "severity": standing == .warning ? "warning" : (severity ?? subject.severity).rawValue,
        ]
        // Theirs may have names that are none there, or that are ours.
        let theirs = subject.labels.map { (labelName($0.key), $0.value) }.sorted { $0 < $1 }
        return own.merging(theirs) { first, _ in first }.filter { !$0.value.isEmpty }
    }

    private static func labelName(_ name: String) -> String {
        let plain = name.unicodeScalars.map {
            $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
        }
        let text = zip(name.unicodeScalars, plain).map { $1 ? String($0) : "_" }.joined()
        return text.first?.isNumber ?? true ? "_" + text : text
    }

    private static func annotations(_ told: NoticeContent.Told, id: String) -> [String: String] {
        let (event, report) = (told.event, told.report)
        let (english, chinese) = (MessageWriting(language: .en), MessageWriting(language: .zh))
        let (message, inChinese) = (english.message(told, id: id), chinese.message(told, id: id))
        var annotations = [
            "summary": message.headline, "description": message.body(most: 8000),
            "summary_zh": inChinese.headline, "description_zh": inChinese.body(most: 8000),
            "store_name": report.subject.storeName, "event": event.kind.rawValue, "episode": event.episode,
            "standing": event.standing.rawValue, "reason": event.reason.rawValue, "notice": id,
        ]
        annotations["judged_to"] = event.judgedTo.map { "\($0)" }
        annotations["limit"] = report.limit
        annotations["basis"] = report.basis?.rawValue
        annotations["source"] = report.source
        for value in report.values {
            annotations["value_" + value.metric] = FigureText.text(
                value.estimate, isPercent: value.isPercent, isGrouped: false)
        }
        if event.kind != .resolved { annotations["headroom"] = message.headroom }
        if case .on(let day, _)? = report.outlook?.recovery { annotations["recovery"] = "\(day)" }
        annotations["consequence"] = report.consequence?.en
        annotations["remedy"] = report.remedy?.en
        annotations["evidence"] = report.evidence.map(\.id).joined(separator: ", ")
        annotations["evidence_total"] = report.evidenceTotal.map { "\($0)" }
        return annotations.filter { !$0.value.isEmpty }
    }

    static func address(_ text: String?) -> String? {
        guard let text, text.hasPrefix("https://") || text.hasPrefix("http://") else { return nil }
        return text
    }

    /// Of its labels, as Prometheus and Alertmanager compute it: FNV-1a over names and values, a byte that no text has
    /// behind each.
    var fingerprint: String {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        for (name, value) in labels.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            for byte in Array(name.utf8) + [0xFF] + Array(value.utf8) + [0xFF] {
                sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3
            }
        }
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension NoticeContent.Told {
    /// Where it stood as it was last told: of a firing, as it is told now.
    fileprivate var before: Standing {
        switch event.kind {
        case .firing, .paused, .resumed: event.standing
        // Whatever it was told as before: only one of the two goes on.
        case .flapping, .settled: event.standing == .breach ? .warning : .breach
        case .raised: report.announced ?? .warning
        case .lowered: report.announced ?? .breach
        case .resolved: report.announced ?? .breach
        }
    }
}

extension PrometheusAlert {
    /// Of what is about no rule of a store, told for a day: nobody says that it is over.
    init(_ message: Message, at now: Timestamp) {
        labels = [
            "alertname": "goodstanding_" + message.rule.prefix { $0 != ":" }, "name": message.rule,
            "severity": message.standing == .breach ? "critical" : message.severity == .info ? "info" : "warning",
        ]
        annotations = ["summary": message.headline, "description": message.body(most: 8000)]
        (startsAt, endsAt) = (now, now + .days(1))
    }

    /// Of a test: it ends by itself.
    init(_ test: TestNotice, at now: Timestamp) {
        let message = test.message(MessageWriting(), at: now)
        labels = ["alertname": "goodstanding_test", "severity": "info"]
        annotations = ["summary": message.headline, "description": message.lines.joined(separator: "\n")]
        (startsAt, endsAt) = (now, now + .minutes(5))
    }
}

extension JSONWriter {
    /// Texts by their names, in the order of these.
    mutating func member(_ name: String, texts: [String: String]) {
        member(name) { json in
            json.object { json in
                for (name, text) in texts.sorted(by: { $0.key < $1.key }) { json.member(name, string: text) }
            }
        }
    }
}

extension PrometheusAlert {
    /// What `AlertmanagerWebhook.part` wrote, for a receiver that knows the alert as it was told last. A change that was held
    /// back it never heard of: what ends is what goes on there, and not what the event before said.
    ///
    /// - Parameter told: warning or breach; nil: of nothing.
    static func all(kept bytes: [UInt8], told: Standing?) -> [PrometheusAlert] {
        let opened = bytes.withUnsafeBytes { bytes in
            Result { () throws(JSONDocument.Fault) in try JSONDocument(bytes) }
        }
        guard let root = (try? opened.get())?.root else { return [] }
        guard let kept = root["alerts"]?.elements else {
            // As it was written before: a list.
            return root.elements.compactMap(PrometheusAlert.init(kept:))
        }
        let alerts = kept.compactMap(PrometheusAlert.init(kept:))
        let current = alerts.last { $0.endsAt == nil }
        guard let told, var former = alerts.last, let end = root["at"]?.text.flatMap({ Timestamp($0) }),
            let severity = root["severity"]?.text
        else { return current.map { [$0] } ?? alerts }
        former.labels["severity"] = told == .warning ? "warning" : severity
        former.endsAt = end
        guard let current else { return [former] }
        guard former.labels == current.labels else { return [former, current] }
        // In the same standing it may be another severity that ends.
        let isBreach = current.labels["severity"] != "warning"
        return alerts.filter { $0.endsAt != nil && isBreach && $0.labels["severity"] != "warning" } + [current]
    }

    private init?(kept node: JSONNode) {
        func texts(_ name: String) -> [String: String] {
            let names = node[name]?.names ?? []
            return Dictionary(names.map { ($0, node[name]?[$0]?.text ?? "") }) { $1 }
        }
        guard let startsAt = node["startsAt"]?.text.flatMap({ Timestamp($0) }) else { return nil }
        let url = node["generatorURL"]?.text
        self.init(
            labels: texts("labels"), annotations: texts("annotations"), startsAt: startsAt,
            endsAt: node["status"]?.text == "resolved" ? node["endsAt"]?.text.flatMap { Timestamp($0) } : nil,
            generatorURL: url.flatMap { $0.isEmpty ? nil : $0 })
    }
}
