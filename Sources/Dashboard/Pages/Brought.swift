import Daemon
import Facts
import Ledgers

/// What of the stores' data is not pulled: files, what programs push, and what people enter.
struct Brought {
    let source: SourceName
    /// That are judged by it.
    private(set) var stores = 0
    /// Where some of it has grown old.
    private(set) var stale = 0
    /// Up to when it is complete, at the store where that is longest ago; nil: it is all readings.
    private(set) var until: Timestamp?
    /// Figures that somebody has to look up.
    private(set) var due = 0

    /// Of the stores that the wall shows, by source.
    static func all(_ wall: Wall.View, _ assembly: Assembly) -> [Brought] {
        let (pulled, now) = (Set(assembly.fleet.pullSubjects.map(\.pulled)), assembly.clock.now)
        var found: [SourceName: Brought] = [:]
        for line in wall.lines {
            func isPulled(_ source: SourceName) -> Bool {
                pulled.contains(PulledSource(source, store: nil))
                    || pulled.contains(PulledSource(source, store: line.store.id))
            }
            var sources: Set<SourceName> = []
            for input in line.inputs where !isPulled(input.source) {
                sources.insert(input.source)
                found[input.source, default: Brought(source: input.source)].add(input, at: now)
            }
            // What nobody has entered yet is to be entered by hand.
            let readers = line.readBy.isEmpty && !line.needs.isEmpty ? [.hand] : line.readBy
            for source in readers where !isPulled(source) {
                found[source, default: Brought(source: source)].due += line.needs.count { $0.from <= now }
                sources.insert(source)
            }
            for source in sources { found[source]?.stores += 1 }
        }
        return found.values.sorted { $0.source < $1.source }
    }

    private init(source: SourceName) { self.source = source }

    private mutating func add(_ input: WallLine.Input, at now: Timestamp) {
        stale += input.freshUntil < now ? 1 : 0
        until = min(until ?? input.coveredUntil, input.coveredUntil)
    }

    private var title: Words {
        switch source {
        case .platform: Words(en: "platforms that are pulled no more", zh: "不再拉取的平台数据")
        case .push: Words(en: "pushed by programs", zh: "程序推送")
        case .feed(let id): Words(en: "feed '\(id)', pulled no more", zh: "不再拉取的数据源“\(id)”")
        case .file: Words(en: "imported files", zh: "导入的文件")
        case .hand: Words(en: "entered by hand", zh: "人工录入")
        }
    }

    func view(_ tongue: Tongue) -> View {
        let isWell = stale == 0 && due == 0
        var missing: [String] = []
        if stale > 0 { missing.append(tongue("stale at \(counted(stale, "store"))", "\(stale) 家店铺的数据已过期")) }
        return [
            "kind": isWell ? "ok" : "unknown",
            "state": isWell ? tongue("ok", "正常") : tongue("lacking", "待补充"), "name": tongue(title),
            "source": "\(source)", "stores": "\(stores)".grouped,
            "until": until.map { StoreCalendar.utc.shown($0, tongue) } ?? "–", "missing": missing,
            "due": due > 0 ? tongue("\(counted(due, "figure")) to enter", "\(due) 个数值待录入") as Any : false,
        ]
    }
}
