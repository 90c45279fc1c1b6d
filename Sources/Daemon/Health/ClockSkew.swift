import Alerts
import Curl
import Facts
import HTTPTypes
import Rules
import Synchronization

/// How far this machine's clock is from those of the servers that it asks, by the `Date` of what they answer.
final class ClockSkew: Sendable {
    /// By how much ours is ahead, by host, and when that was seen.
    private let seen = Mutex<[String: (ahead: TimeSpan, at: Timestamp)]>([:])

    /// What servers say together.
    struct Reading: Sendable, Hashable {
        /// Negative: ours is behind. Of several servers the middle one: one of them may be wrong by itself.
        var ahead: TimeSpan
        var hosts: Int
        /// One of them.
        var host: String
    }

    /// What was seen longer ago says nothing of now.
    private static let memory = TimeSpan.hours(2)
    /// More is more than a slow answer.
    static let most = TimeSpan.minutes(5)

    func note(_ reply: Reply, from host: String, at now: Timestamp) {
        // What a cache gives bears the moment at which it was made.
        guard let date = reply.date, reply.headers[.age] == nil else { return }
        seen.withLock { $0[host] = (now - Timestamp(seconds: date), now) }
    }

    /// nil: no server has said anything lately.
    func reading(at now: Timestamp) -> Reading? {
        let fresh = seen.withLock { seen in
            seen = seen.filter { $0.value.at <= now && now - $0.value.at < Self.memory }
            return seen.sorted { ($0.value.ahead, $0.key) < ($1.value.ahead, $1.key) }
        }
        guard !fresh.isEmpty else { return nil }
        let middle = fresh[fresh.count / 2]
        return Reading(ahead: middle.value.ahead, hosts: fresh.count, host: middle.key)
    }

    static let key = AlertKey(store: "", rule: HealthReport.rule("machine.clock"))
}

extension ClockSkew.Reading {
    var isWrong: Bool { max(ahead, .zero - ahead) > ClockSkew.most }

    /// What is to be looked at of the alert about it.
    var finding: ExpiryBook.Finding {
        var report = HealthReport(
            source: "machine.clock", bringer: Words(""), cause: .clock,
            remedy: Words(
                en: "have the machine's clock set and kept by NTP: timedatectl set-ntp true",
                zh: "请校准本机时钟并启用 NTP：timedatectl set-ntp true"))
        report.clock = HealthReport.Clock(ahead: ahead, servers: hosts, host: host)
        return ExpiryBook.Finding(
            report: report,
            subject: AlertSubject(
                storeName: "goodstanding", platform: "", labels: [:], title: report.title, severity: .major),
            members: [], isObserved: false, standing: isWrong ? HealthCause.clock.standing : .ok)
    }
}

/// A transport whose answers are held against our clock.
struct ClockWatch: Transport {
    let inner: any Transport
    let skew: ClockSkew
    let clock: any WallClock

    func send(_ request: Request) async throws(TransportError) -> Reply {
        let reply = try await inner.send(request)
        skew.note(reply, from: request.head.authority ?? "", at: clock.now)
        return reply
    }

    func send(_ mail: Mail) async throws(TransportError) -> MailReply { try await inner.send(mail) }
}

extension HTTPField.Name {
    fileprivate static let age = Self("age")!  // proof: a token
}
