import Daemon
import Facts
import Rules

/// All stores in one order, and what there is to choose from among them: worked out once for each state of the wall.
final class WallIndex: Sendable {
    enum Order: String, CaseIterable {
        case standing, room, name

        var title: Words {
            switch self {
            case .standing: Words(en: "worst first", zh: "最差优先")
            case .room: Words(en: "nearest to a limit first", zh: "最接近限值优先")
            case .name: Words(en: "by name", zh: "按名称")
            }
        }
    }

    let order: Order
    let lines: [WallLine]
    /// The packs in use, and the labels that stores bear (`team:east`); sorted.
    let packs: [String]
    let labels: [String]

    init(_ view: Wall.View, _ order: Order) {
        self.order = order
        lines =
            switch order {
            case .standing: view.lines.sorted { WallIndex.isWorse($0, $1) ?? WallIndex.isNearer($0, $1) ?? false }
            case .room: view.lines.sorted { WallIndex.isNearer($0, $1) ?? WallIndex.isWorse($0, $1) ?? false }
            case .name: view.lines.sorted { ($0.store.name, $0.store.id) < ($1.store.name, $1.store.id) }
            }
        packs = view.lines.reduce(into: Set<String>()) { $0.insert($1.store.pack) }.sorted()
        struct Label: Hashable { let name, value: String }
        labels = view.lines.reduce(into: Set<Label>()) { labels, line in
            for (name, value) in line.store.labels { labels.insert(Label(name: name, value: value)) }
        }.map { "\($0.name):\($0.value)" }.sorted()
    }

    /// nil where neither is; the lines come by id, and sorting keeps that.
    private static func isWorse(_ a: WallLine, _ b: WallLine) -> Bool? {
        a.standing.rank == b.standing.rank ? nil : a.standing.rank > b.standing.rank
    }

    private static func isNearer(_ a: WallLine, _ b: WallLine) -> Bool? {
        let (left, right) = (a.leastRoom, b.leastRoom)
        return left == right ? nil : left < right
    }
}

extension WallLine {
    /// How little room there may be, for an order by it: a store of which nobody knows how it stands may be beyond any limit,
    /// and where the rule that decides holds no figure against a limit, a breach or a warning is at it. What is not judged
    /// has all the room there is.
    var leastRoom: Double {
        switch standing {
        case .unknown: -.infinity
        case .breach, .warning: room ?? 0
        case .ok, .unjudged: room ?? .infinity
        }
    }
}

/// Keeps the orders of the wall's last state.
actor WallIndexes {
    private var version: Int?
    private var known: [WallIndex.Order: WallIndex] = [:]

    func index(_ view: Wall.View, _ order: WallIndex.Order) -> WallIndex {
        if version != view.version { (version, known) = (view.version, [:]) }
        if let index = known[order] { return index }
        let index = WallIndex(view, order)
        known[order] = index
        return index
    }
}
