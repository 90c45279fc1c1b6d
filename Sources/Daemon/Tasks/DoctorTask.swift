import Curl
import Facts
import Foundation
import HTTPTypes
import Ledgers
import Pull

/// Holds the configuration against the world: one harmless look at each thing it names.
package struct DoctorTask: Sendable {
    private let config: String?
    private let level: String

    package init(config: String?, log level: String) { (self.config, self.level) = (config, level) }

    package struct Finding: Sendable {
        package enum Grade: Sendable { case good, doubtful, bad }
        package var grade: Grade
        /// What was looked at, what was found, what to do.
        package var words: String
    }

    package func run() async throws -> [Finding] {
        let (fleet, warnings) = try Assembly.fleet(config: config)
        var findings = [Finding(grade: .good, words: "configuration \(fleet.config.path) is read")]
        findings += warnings.map { Finding(grade: .doubtful, words: "\($0)") }
        findings += try await ledger(fleet)
        let transport = CurlTransport(configuration: CurlConfiguration(caFile: fleet.config.caFile))
        let key = BuyerKey(bytes: [UInt8](repeating: 0, count: 32))
        for feed in fleet.config.feeds {
            findings += await look(at: feed, through: transport, FactDecoding(buyerKey: key) { _ in .unwatched })
        }
        for receiver in fleet.config.receivers { findings.append(await look(at: receiver, through: transport)) }
        await transport.shutDown()
        if fleet.config.receivers.isEmpty {
            findings.append(
                Finding(grade: .doubtful, words: "no receiver is configured: alerts are kept, and nobody is told"))
        }
        return findings
    }

    private func ledger(_ fleet: Fleet) async throws -> [Finding] {
        guard case .sqlite(let path) = fleet.config.database else { return [] }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: folder) else {
            return [
                Finding(
                    grade: .bad,
                    words: "ledger: the folder \(folder) cannot be written by this user; create it, or change its owner"
                )
            ]
        }
        var findings: [Finding] = []
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        if let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value {
            let words = "disk: \(free >> 20) MiB free for \(folder)"
            findings.append(
                free < 1 << 28
                    ? Finding(grade: .bad, words: words + "; make room before it runs full")
                    : Finding(grade: .good, words: words))
        }
        guard FileManager.default.fileExists(atPath: path) else {
            return findings + [Finding(grade: .good, words: "ledger: \(path) is not there yet and will be made")]
        }
        do {
            let ledger = try SQLiteLedger.open(path: path, creating: false)
            if let damage = try await ledger.findDamage() {
                findings.append(Finding(grade: .bad, words: "ledger: \(path) is damaged: \(damage); restore a backup"))
            } else {
                let stores = try await ledger.seenStores()
                let unwatched = stores.filter { fleet.watched($0) == nil }
                findings.append(
                    Finding(grade: .good, words: "ledger: \(path) is sound and knows \(counted(stores.count, "store"))")
                )
                if !unwatched.isEmpty {
                    findings.append(
                        Finding(
                            grade: .doubtful,
                            words:
                                "of \(counted(unwatched.count, "store")) there are facts and no entry that watches, such as '\(unwatched[0])'; add an entry, or match: \"*\""
                        ))
                }
                let quarantined = try await ledger.quarantine(of: nil, limit: 3)
                for item in quarantined {
                    findings.append(Finding(grade: .doubtful, words: "quarantine: \(item.position): \(item.reason)"))
                }
            }
        } catch {
            findings.append(Finding(grade: .bad, words: "ledger: \(error)"))
        }
        return findings
    }

    private func look(at feed: FeedEntry, through transport: any Transport, _ decoding: FactDecoding) async -> [Finding]
    {
        let headers = feed.headers.compactMap { header in HTTPField.Name(header.name).map { ($0, header.value) } }
        guard let source = FeedSource(id: feed.id, url: feed.url, headers: headers, decoding: decoding) else {
            return [Finding(grade: .bad, words: "feed '\(feed.id)': its url cannot be asked; correct it")]
        }
        let state = PullState()
        do {
            let reply = try await transport.send(source.request(after: state))
            var findings = clock(reply, feed)
            if let refusal = PullError(reply, now: SystemClock().now) {
                return findings + [Finding(grade: .bad, words: "feed '\(feed.id)': \(refusal)")]
            }
            do {
                let page = try source.page(from: reply, after: state)
                findings.append(
                    Finding(
                        grade: .good,
                        words:
                            "feed '\(feed.id)' answers in \(reply.elapsed / .milliseconds(1)) ms: \(counted(page.facts.count, "fact")) on its first page"
                    ))
                if !page.unknownMembers.isEmpty {
                    findings.append(
                        Finding(
                            grade: .doubtful,
                            words:
                                "feed '\(feed.id)' sends what the schema does not know, which is dropped: \(page.unknownMembers.words)"
                        ))
                }
                if let first = page.rejections.first {
                    findings.append(
                        Finding(
                            grade: .doubtful,
                            words:
                                "feed '\(feed.id)': \(page.rejections.count) of that page cannot be read; the first, \(first.position): \(first.rejection.reason)"
                        ))
                }
            } catch {
                findings.append(Finding(grade: .bad, words: "feed '\(feed.id)': \(error)"))
            }
            return findings
        } catch {
            return [Finding(grade: .bad, words: "feed '\(feed.id)': \(error)")]
        }
    }

    /// The other side's clock against ours: windows and signatures rest on both.
    private func clock(_ reply: Reply, _ feed: FeedEntry) -> [Finding] {
        guard let theirs = reply.date else { return [] }
        let seconds = theirs - SystemClock().now.microseconds / 1_000_000
        guard abs(seconds) > 30 else { return [] }
        return [
            Finding(
                grade: .doubtful,
                words:
                    "feed '\(feed.id)': its clock is \(abs(seconds)) s \(seconds > 0 ? "ahead of" : "behind") ours; set the clocks (timedatectl)"
            )
        ]
    }

    /// Asks for the address without sending anything: whatever it answers, it can be reached.
    private func look(at receiver: ReceiverEntry, through transport: any Transport) async -> Finding {
        guard let request = Request(method: .head, url: receiver.url.reveal()) else {
            return Finding(grade: .bad, words: "receiver '\(receiver.id)': its address cannot be asked; correct it")
        }
        do {
            _ = try await transport.send(request)
            return receiver.secret == nil
                ? Finding(
                    grade: .doubtful,
                    words: "receiver '\(receiver.id)' can be reached; without secret: what it gets is not signed")
                : Finding(grade: .good, words: "receiver '\(receiver.id)' can be reached")
        } catch {
            return Finding(grade: .bad, words: "receiver '\(receiver.id)': \(error)")
        }
    }
}
