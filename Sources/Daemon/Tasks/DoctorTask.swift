import Curl
package import Facts
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
        package var words: Words

        static func good(_ en: String, zh: String) -> Finding { Finding(grade: .good, words: Words(en: en, zh: zh)) }
        static func doubtful(_ en: String, zh: String) -> Finding {
            Finding(grade: .doubtful, words: Words(en: en, zh: zh))
        }
        static func bad(_ en: String, zh: String) -> Finding { Finding(grade: .bad, words: Words(en: en, zh: zh)) }
    }

    package func run() async throws -> [Finding] {
        let (fleet, warnings) = try Assembly.fleet(config: config)
        let path = fleet.config.path
        var findings: [Finding] = [.good("configuration \(path) is read", zh: "配置 \(path) 已读取")]
        findings += warnings.map { Finding(grade: .doubtful, words: Words("\($0)")) }
        findings += try await ledger(fleet)
        let transport = CurlTransport(configuration: CurlConfiguration(caFile: fleet.config.caFile))
        let key = BuyerKey(bytes: [UInt8](repeating: 0, count: 32))
        let tokens = fleet.tokenKeeper(transport, clock: SystemClock())
        for subject in fleet.pullSubjects {
            let decoding = FactDecoding(buyerKey: key) { _ in .unwatched }
            do {
                let credentials = try await subject.credentials(tokens)
                findings += await look(
                    at: subject.source(decoding, in: fleet, at: SystemClock().now, credentials: credentials),
                    subject.words, through: transport)
            } catch {
                findings.append(.bad("\(subject.words.en): \(error)", zh: "\(subject.words.zh)：\(error)"))
            }
        }
        for receiver in fleet.config.receivers { findings.append(await look(at: receiver, through: transport)) }
        await transport.shutDown()
        if fleet.config.receivers.isEmpty {
            findings.append(
                .doubtful(
                    "no receiver is configured: alerts are kept, and nobody is told", zh: "未配置接收方：告警会保留，但不会通知任何人"))
        }
        return findings
    }

    private func ledger(_ fleet: Fleet) async throws -> [Finding] {
        guard case .sqlite(let path) = fleet.config.database else { return [] }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: folder) else {
            return [
                .bad(
                    "ledger: the folder \(folder) cannot be written by this user; create it, or change its owner",
                    zh: "账本：当前用户无法写入目录 \(folder)；请创建该目录或更改其属主")
            ]
        }
        var findings: [Finding] = []
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        if let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value {
            let (en, zh) = ("disk: \(free >> 20) MiB free for \(folder)", "磁盘：\(folder) 剩余 \(free >> 20) MiB")
            findings.append(
                free < 1 << 28
                    ? .bad(en + "; make room before it runs full", zh: zh + "；请在写满之前清理空间") : .good(en, zh: zh))
        }
        guard FileManager.default.fileExists(atPath: path) else {
            return findings + [
                .good("ledger: \(path) is not there yet and will be made", zh: "账本：\(path) 尚不存在，将会创建")
            ]
        }
        do {
            let ledger = try SQLiteLedger.open(path: path, creating: false)
            if let damage = try await ledger.findDamage(in: .all) {
                findings.append(
                    .bad(
                        "ledger: \(path) is damaged: \(damage); restore a backup", zh: "账本：\(path) 已损坏：\(damage)；请恢复备份")
                )
            } else {
                let stores = try await ledger.seenStores()
                let unwatched = stores.filter { fleet.watched($0) == nil }
                findings.append(
                    .good(
                        "ledger: \(path) is sound and knows \(counted(stores.count, "store"))",
                        zh: "账本：\(path) 完好，已有 \(stores.count) 家店铺"))
                if !unwatched.isEmpty {
                    findings.append(
                        .doubtful(
                            "of \(counted(unwatched.count, "store")) there are facts and no entry that watches, such as "
                                + "'\(unwatched[0])'; add an entry, or match: \"*\"",
                            zh: "有 \(unwatched.count) 家店铺有数据但未配置，例如 '\(unwatched[0])'；请添加条目，或使用 match: \"*\""))
                }
                let quarantined = try await ledger.quarantine(of: nil, limit: 3)
                for item in quarantined {
                    findings.append(
                        .doubtful(
                            "quarantine: \(item.position): \(item.reason)", zh: "隔离：\(item.position)：\(item.reason)"))
                }
            }
        } catch {
            findings.append(.bad("ledger: \(error)", zh: "账本：\(error)"))
        }
        return findings
    }

    /// Asks for the first page and keeps nothing of it.
    private func look(at source: any Source, _ words: Words, through transport: any Transport) async -> [Finding] {
        var state = PullState()
        state.begin(at: SystemClock().now, reach: source.reach)
        do {
            let reply = try await transport.send(
                source.request(
                    after: state, at: Asking(now: SystemClock().now, nonce: UInt64.random(in: 0 ... .max))))
            var findings = clock(reply, words)
            do {
                let page = try source.page(from: reply, after: state, at: SystemClock().now)
                findings.append(
                    .good(
                        "\(words.en) answers in \(reply.elapsed / .milliseconds(1)) ms: "
                            + "\(counted(page.facts.count, "fact")) on its first page",
                        zh: "\(words.zh) 在 \(reply.elapsed / .milliseconds(1)) 毫秒内响应：首页 \(page.facts.count) 条数据"))
                if !page.unknownMembers.isEmpty {
                    findings.append(
                        .doubtful(
                            "\(words.en) sends what the schema does not know, which is dropped: "
                                + page.unknownMembers.words.en,
                            zh: "\(words.zh) 含有未定义的字段，已丢弃：\(page.unknownMembers.words.zh)"))
                }
                if let first = page.rejections.first {
                    findings.append(
                        .doubtful(
                            "\(words.en): \(page.rejections.count) of that page cannot be read; the first, "
                                + "\(first.position): \(first.rejection.reason)",
                            zh: "\(words.zh)：该页有 \(page.rejections.count) 条无法读取；第一条 \(first.position)："
                                + "\(first.rejection.reason)"))
                }
            } catch {
                findings.append(.bad("\(words.en): \(error)", zh: "\(words.zh)：\(error)"))
            }
            return findings
        } catch {
            return [.bad("\(words.en): \(error)", zh: "\(words.zh)：\(error)")]
        }
    }

    /// The other side's clock against ours: windows and signatures rest on both.
    private func clock(_ reply: Reply, _ words: Words) -> [Finding] {
        guard let theirs = reply.date else { return [] }
        let seconds = theirs - SystemClock().now.microseconds / 1_000_000
        guard abs(seconds) > 30 else { return [] }
        return [
            .doubtful(
                "\(words.en): its clock is \(abs(seconds)) s \(seconds > 0 ? "ahead of" : "behind") ours; "
                    + "set the clocks (timedatectl)",
                zh: "\(words.zh)：其时钟比本机\(seconds > 0 ? "快" : "慢") \(abs(seconds)) 秒；请校准时钟（timedatectl）")
        ]
    }

    /// Asks for the address without sending anything: whatever it answers, it can be reached.
    private func look(at receiver: ReceiverEntry, through transport: any Transport) async -> Finding {
        guard let request = Request(method: .head, url: receiver.url.reveal()) else {
            return .bad(
                "receiver '\(receiver.id)': its address cannot be asked; correct it",
                zh: "接收方 '\(receiver.id)'：地址无效，请更正")
        }
        do {
            _ = try await transport.send(request)
            return receiver.secret == nil
                ? .doubtful(
                    "receiver '\(receiver.id)' can be reached; without secret: what it gets is not signed",
                    zh: "接收方 '\(receiver.id)' 可以连通；未设置 secret:，发送的内容不签名")
                : .good("receiver '\(receiver.id)' can be reached", zh: "接收方 '\(receiver.id)' 可以连通")
        } catch {
            return .bad("receiver '\(receiver.id)': \(error)", zh: "接收方 '\(receiver.id)'：\(error)")
        }
    }
}
