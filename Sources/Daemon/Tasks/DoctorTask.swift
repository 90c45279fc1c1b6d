import Alerts
import Curl
package import Facts
import Foundation
import HTTPTypes
import Ledgers
import Notify
import Rules

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
        findings += await unpulled(fleet)
        findings += await plan(fleet)
        let transport = CurlTransport(configuration: CurlConfiguration(caFile: fleet.config.caFile))
        let hold = await fleet.hold(level)
        if let reason = hold.reason {
            findings.append(Finding(grade: .bad, words: Words(en: "ledger: ", zh: "账本：") + Hold.words(reason)))
        }
        let tokens = fleet.tokenKeeper(transport, clock: SystemClock(), hold: hold)
        let shown = await CertificateLook(transport: transport).expiries(of: fleet)
        findings += access(fleet, tokens.file, shown)
        findings += certificates(shown)
        let sources = SourceLook(fleet: fleet, transport: transport, tokens: tokens, clock: SystemClock())
        for subject in fleet.pullSubjects { findings += await sources.answers(subject, all: true) }
        for receiver in fleet.config.receivers { findings += await look(at: receiver, through: transport) }
        if let heartbeat = fleet.config.heartbeat { findings.append(await look(at: heartbeat, through: transport)) }
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
                findings += try await quarantine(ledger)
            }
        } catch {
            findings.append(.bad("ledger: \(error)", zh: "账本：\(error)"))
        }
        return findings
    }

    /// The newest of what could not be read and was not read well since; what reads alike once.
    private func quarantine(_ ledger: any Ledger) async throws -> [Finding] {
        var (findings, said) = ([Finding](), Set<String>())
        for item in try await ledger.quarantine(of: nil, limit: 1000) where item.readWellAt == nil {
            let words = "\(item.position): \(item.reason)"
            guard findings.count < 3, said.insert(words).inserted else { continue }
            findings.append(.doubtful("quarantine: \(words)", zh: "隔离：\(item.position)：\(item.reason)"))
        }
        return findings
    }

    /// Stores of which nothing is there and nothing is pulled.
    private func unpulled(_ fleet: Fleet) async -> [Finding] {
        let ledger = try? Assembly.openLedger(fleet.config, .read)
        let known = try? await ledger?.seenStores()
        return fleet.unpulled(known: Set(known ?? [])).map { Finding(grade: .doubtful, words: $0.words) }
    }

    /// What the pulls come to, held against the platforms' limits.
    private func plan(_ fleet: Fleet) async -> [Finding] {
        let planner = CallPlanner(fleet, at: SystemClock().now)
        var plan = planner.plan(assuming: nil)
        if let ledger = try? Assembly.openLedger(fleet.config, .read),
            let known = try? await planner.plan(from: ledger, assuming: 0)
        {
            plan = known
        }
        guard let most = plan.uses.max(by: { $0.share < $1.share }) else { return [] }
        guard plan.isTooMuch else {
            return [
                .good(
                    "plan: \(most.share)% of the limit that is nearest, \(most.limitWords.en) (\(most.streamWords.en)) at '\(most.pack)'",
                    zh: "计划：最接近的限额用到 \(most.share)%，'\(most.pack)' \(most.limitWords.zh)（\(most.streamWords.zh)）")
            ]
        }
        return plan.uses.filter(\.isTooMuch).map {
            Finding(
                grade: .bad,
                words: Words(en: "plan: ", zh: "计划：") + $0.words + Words(en: "; ", zh: "；") + $0.meanwhile)
        }
    }

    /// What ends by the day that the configuration gives; of consents `GrantFinding` tells.
    private func expiries(
        _ fleet: Fleet, _ contents: TokenContents, _ shown: [Expiry], at now: Timestamp
    ) -> [Finding] {
        let authority = shown.filter { $0.name == Expiry.authority }
        let all = Expiry.all(fleet.expiries(contents), authority).filter { $0.name != "consent" }
        let near = all.filter { $0.stage(at: now) != nil }
        if near.isEmpty, let first = all.first {
            return [
                .good(
                    "secrets: nothing ends within 30 days; first \(first.title.en), at \(first.ends)",
                    zh: "密钥：30 天内无到期；最早到期的是\(first.title.zh)，\(first.ends)")
            ]
        }
        return near.map(finding)
    }

    /// Of servers of the configuration's own. One that shows none is told of by the look at its lists.
    private func certificates(_ shown: [Expiry]) -> [Finding] {
        let (all, now) = (shown.filter { $0.name == Expiry.certificate }, SystemClock().now)
        let near = all.filter { $0.stage(at: now) != nil }
        if near.isEmpty, let first = all.first {
            return [
                .good(
                    "certificates: none of \(counted(all.count, "server")) ends within 30 days; first \(first.title.en), at \(first.ends)",
                    zh: "证书：\(all.count) 台服务器的证书 30 天内均不到期；最早到期的是\(first.title.zh)，\(first.ends)")
            ]
        }
        return near.map(finding)
    }

    private func finding(_ expiry: Expiry) -> Finding {
        let now = SystemClock().now
        return Finding(grade: expiry.stage(at: now) ?? 0 <= 3 ? .bad : .doubtful, words: expiry.words(at: now))
    }

    /// What is known of the stores' tokens without asking anybody: whose they are, what they allow, what ends soon.
    private func access(_ fleet: Fleet, _ file: TokenFile, _ shown: [Expiry]) -> [Finding] {
        var findings: [Finding] = []
        if file.isOpenToOthers {
            findings.append(
                .bad(
                    "tokens: others than its owner may read \(file.path); chmod 600",
                    zh: "令牌：其他用户可读取 \(file.path)；请执行 chmod 600"))
        }
        let contents: TokenContents
        do { contents = try file.read() } catch {
            return findings + [.bad("tokens: \(error)", zh: "令牌：\(error)")]
        }
        let now = SystemClock().now
        for case .store(let watched, let access) in fleet.pullSubjects {
            guard let plan = watched.pack.pull,
                case .granted(let grant) = AuthTask.kind(of: watched.store.id, access, plan, contents)
            else { continue }
            findings += GrantFinding.all(grant, of: watched.store.id, at: now)
        }
        findings += expiries(fleet, contents, shown, at: now)
        return findings
    }

    /// Connects to its host and asks nothing of its own path: whatever is asked there counts as a word.
    private func look(at heartbeat: HeartbeatEntry, through transport: any Transport) async -> Finding {
        let address = heartbeat.url.reveal()
        let afterScheme = address.range(of: "://")?.upperBound ?? address.startIndex
        let end = address[afterScheme...].firstIndex { $0 == "/" || $0 == "?" } ?? address.endIndex
        guard let request = Request(method: .head, url: address[..<end] + "/") else {
            return .bad("heartbeat: its address cannot be asked; correct it", zh: "心跳：地址无效，请更正")
        }
        do {
            _ = try await transport.send(request)
            return .good("heartbeat: its server can be reached; nothing was told to it", zh: "心跳：服务器可以连通；未发送心跳")
        } catch {
            return .bad("heartbeat: \(error)", zh: "心跳：\(error)")
        }
    }
}
