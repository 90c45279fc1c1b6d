package import Alerts
import Facts
import Language
import Rules

/// The JSON promised to receivers. Members are added, never renamed; what is not known is null.
package enum WebhookBody {
    /// One message, without a line end: UTF-8, members in the documented order, labels by name. The same content gives
    /// the same bytes.
    package static func bytes(of content: NoticeContent) -> [UInt8] {
        bytes(of: content.alerts.map(element), receiver: content.receiver, madeAt: content.madeAt)
    }

    /// One alert of a message.
    static func element(_ told: NoticeContent.Told) -> [UInt8] {
        var json = JSONWriter(reserving: 2048)
        write(told, to: &json)
        return json.bytes
    }

    /// A message of alerts that were written before.
    static func bytes(of elements: [[UInt8]], receiver: String, madeAt: Timestamp) -> [UInt8] {
        var json = JSONWriter(reserving: elements.reduce(256) { $0 + $1.count + 1 })
        json.object { json in
            json.member("type", string: "alerts")
            json.member("timestamp", string: "\(madeAt)")
            json.member("data") { json in
                json.object { json in
                    json.member("receiver", string: receiver)
                    json.member("alerts") { json in
                        json.array { json in
                            for element in elements { json.element { $0.written(element) } }
                        }
                    }
                }
            }
        }
        return json.bytes
    }

    private static func write(_ told: NoticeContent.Told, to json: inout JSONWriter) {
        let (event, report) = (told.event, told.report)
        json.object { json in
            json.member("event", string: told.name.rawValue)
            json.member("episode", string: event.episode)
            json.member("store", string: event.key.store)
            json.member("store_name", string: report.subject.storeName)
            json.member("platform", string: report.subject.platform)
            json.member("labels") { json in
                json.object { json in
                    for (name, value) in report.subject.labels.sorted(by: { $0.key < $1.key }) {
                        json.member(name, string: value)
                    }
                }
            }
            json.member("rule", string: event.key.rule)
            json.member("title", words: report.subject.title)
            json.member("severity", string: report.subject.severity.rawValue)
            json.member("standing", string: event.standing.rawValue)
            json.member("since", string: "\(event.since)")
            json.member("at", string: "\(event.at)")
            json.member("judged_to", string: event.judgedTo.map { "\($0)" })
            json.member("reason", string: event.reason.rawValue)
            json.member("turned_by", string: event.turning?.rawValue)
            json.member("values") { write(report.values, to: &$0) }
            json.member("limit", string: report.limit)
            json.member("basis", string: report.basis?.rawValue)
            json.member("headroom") { json in
                guard !report.headroom.isEmpty else { return json.literal("null") }
                json.array { json in for line in report.headroom { json.element { write(line, to: &$0) } } }
            }
            json.member("recovery") { write(report.outlook, to: &$0) }
            json.member("marks") { write(report.counterpart, to: &$0) }
            json.member("parts") { write(report.parts, to: &$0) }
            json.member("accepted") { write(report.accepted, to: &$0) }
            json.member("evidence") { json in
                json.array { json in for item in report.evidence { json.element { write(item, to: &$0) } } }
            }
            json.member("evidence_total", literal: report.evidenceTotal.map { "\($0)" } ?? "null")
            json.member("consequence", words: report.consequence)
            json.member("remedy", words: report.remedy)
            json.member("source", string: report.source)
            json.member("link", string: report.link)
            if let since = report.blindSince { json.member("blind_since", string: "\(since)") }
            if let word = report.ending {
                json.member("looked_after") { json in
                    json.object { json in
                        json.member("by", string: word.by)
                        json.member("until", string: word.until.map { "\($0)" })
                    }
                }
            }
            if let health = report.health { json.member("health") { write(health, to: &$0) } }
        }
    }

    /// Of an alert about data alone.
    private static func write(_ health: HealthReport, to json: inout JSONWriter) {
        json.object { json in
            json.member("source", string: health.source)
            json.member("cause", string: health.cause.rawValue)
            json.member("last_success", string: health.lastSuccess.map { "\($0)" })
            json.member("failures", literal: "\(health.failures)")
            json.member("unjudged") { json in
                json.array { json in for rule in health.unjudged { json.element { $0.string(rule) } } }
            }
            json.member("stores", literal: health.stores.map { "\($0.unhealthy)" } ?? "null")
            json.member("of", literal: health.stores.map { "\($0.all)" } ?? "null")
            json.member("affected") { json in
                json.array { json in for store in health.stores?.ids ?? [] { json.element { $0.string(store) } } }
            }
            json.member("expiry") { json in
                guard let expiry = health.expiry else { return json.literal("null") }
                json.object { json in
                    json.member("name", string: expiry.name)
                    json.member("account", string: expiry.account)
                    json.member("place", string: expiry.place)
                    json.member("stores") { json in
                        json.array { json in for store in expiry.stores { json.element { $0.string(store) } } }
                    }
                    json.member("ends", string: "\(expiry.ends)")
                }
            }
        }
    }

    private static func write(_ values: [NamedEstimate], to json: inout JSONWriter) {
        json.object { json in
            for value in values { json.member(value.metric) { write(value.estimate, to: &$0) } }
        }
    }

    /// Where marks make a difference, the figures that the alert does not follow; else null.
    private static func write(_ other: AlertReport.Counterpart?, to json: inout JSONWriter) {
        guard let other else { return json.literal("null") }
        json.object { json in
            json.member("counted", literal: other.isMarked ? "false" : "true")
            json.member(other.isMarked ? "with" : "without") { json in
                json.object { json in
                    json.member("standing", string: other.standing.rawValue)
                    json.member("values") { write(other.values, to: &$0) }
                }
            }
        }
    }

    /// Of a rule that is judged for each value of a member, those outside ok; else null.
    private static func write(_ parts: [AlertReport.Part]?, to json: inout JSONWriter) {
        guard let parts else { return json.literal("null") }
        json.array { json in
            for part in parts {
                json.element { json in
                    json.object { json in
                        json.member("value", string: part.value)
                        json.member("standing", string: part.standing.rawValue)
                    }
                }
            }
        }
    }

    /// Who answers for a breach, until when; null: nobody.
    private static func write(_ acceptance: Acceptance?, to json: inout JSONWriter) {
        guard let acceptance else { return json.literal("null") }
        json.object { json in
            json.member("by", string: acceptance.by)
            json.member("why", string: acceptance.why)
            json.member("until", string: "\(acceptance.until)")
        }
    }

    private static func write(_ line: Headroom, to json: inout JSONWriter) {
        json.object { json in
            json.member("more", literal: line.by == nil ? "\(line.more)" : "null")
            json.member("of", string: line.subject)
            json.member("each", literal: line.value.map { "\($0)" } ?? "null")
            json.member("then", string: line.then.rawValue)
            json.member("by") { json in
                guard let shift = line.by else { return json.literal("null") }
                write(.exact(shift.isDuration ? .duration(shift.by) : .number(shift.by)), to: &json)
            }
            json.member("part", string: line.part)
            json.member("seen", string: line.seen.map { "\($0)" })
            json.member("words", words: line.words)
        }
    }

    /// The day on which it is well again, or null where waiting does not help; and in words what can be foretold.
    private static func write(_ outlook: Outlook?, to json: inout JSONWriter) {
        guard let outlook else { return json.literal("null") }
        json.object { json in
            var day: LocalDay?
            if case .on(let found, _)? = outlook.recovery { day = found }
            json.member("on", string: day.map { "\($0)" })
            json.member("words") { json in
                json.array { json in
                    for words in outlook.words { json.element { $0.words(words) } }
                }
            }
        }
    }

    private static func write(_ item: EvidenceItem, to json: inout JSONWriter) {
        json.object { json in
            json.member("kind", string: item.kind.name)
            json.member("id", string: item.id)
            json.member("order", string: item.order)
            json.member("at", string: "\(item.at)")
            json.member("leaves", string: item.leaves.map { "\($0)" })
            json.member("contestable_until", string: item.contestableUntil.map { "\($0)" })
        }
    }

    /// A figure that is not wholly known is null: a bound is no figure.
    private static func write(_ estimate: Estimate, to json: inout JSONWriter) {
        guard case .exact(let value) = estimate else { return json.literal("null") }
        switch value {
        case .missing: json.literal("null")
        case .number(let number): json.literal("\(number)")
        case .duration(let microseconds):
            json.literal(microseconds.divided(by: Fraction(1_000_000)).map { "\($0)" } ?? "null")
        case .time(let moment): json.string("\(moment)")
        case .bool(let truth): json.literal(truth ? "true" : "false")
        case .word(let text), .string(let text): json.string(text)
        }
    }
}
