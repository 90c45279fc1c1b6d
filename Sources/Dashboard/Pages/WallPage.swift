import Daemon
import Facts
import Foundation
import Rules

/// All stores, those that need somebody first.
struct WallPage {
    let wall: Wall.View
    let fleet: Fleet
    let request: PageRequest

    static let rowsShown = 200

    enum Order: String, CaseIterable {
        case room, standing, name

        var title: Words {
            switch self {
            case .standing: Words(en: "worst first", zh: "最差优先")
            case .room: Words(en: "nearest to a limit first", zh: "最接近要求优先")
            case .name: Words(en: "by name", zh: "按名称")
            }
        }
    }

    private var order: Order { request["sort"].flatMap(Order.init) ?? .standing }

    var page: Page {
        let tongue = request.tongue
        let fitting = wall.lines.filter { fits($0, exceptStanding: true) }
        let standing = request["standing"].flatMap(Standing.init(rawValue:))
        let chosen = (standing.map { wanted in fitting.filter { $0.standing == wanted } } ?? fitting)
            .sorted(by: comesFirst)
        let (slice, pages) = Paging.slice(chosen, request, size: Self.rowsShown)
        let isFiltered = ["q", "pack", "label", "standing"].contains { request[$0] != nil }
        return Page(
            template: "wall", title: Words(en: "Stores", zh: "店铺"), section: .stores,
            view: [
                "tiles": tiles(fitting, chosen: standing), "search": request["q"] ?? "",
                "packs": packs, "labelChoices": labels, "hasLabels": !labels.isEmpty,
                "sorts": [Order.standing, .room, .name].map { order -> View in
                    ["value": order.rawValue, "name": tongue(order.title), "isChosen": order == self.order]
                },
                "standing": standing?.rawValue ?? false, "isFiltered": isFiltered,
                "summary": summary(chosen.count),
                "hasRows": !chosen.isEmpty, "rows": slice.map(row), "pages": pages,
            ])
    }

    private func summary(_ count: Int) -> String {
        let tongue = request.tongue
        var text =
            count == wall.lines.count
            ? tongue("\(count) stores", "共 \(count) 家店铺")
            : tongue("\(count) of \(wall.lines.count) stores", "\(wall.lines.count) 家店铺中的 \(count) 家")
        if wall.behind > 0 {
            text += tongue("; the figures of \(wall.behind) are being worked out", "；\(wall.behind) 家的数值正在计算")
        }
        return text
    }

    // MARK: Choosing

    private func fits(_ line: WallLine, exceptStanding: Bool) -> Bool {
        let store = line.store
        if let pack = request["pack"], store.pack != pack { return false }
        if let label = request["label"], !store.labels.contains(where: { "\($0.key):\($0.value)" == label }) {
            return false
        }
        guard let text = request["q"] else { return true }
        return store.name.localizedCaseInsensitiveContains(text) || store.id.localizedCaseInsensitiveContains(text)
    }

    private func comesFirst(_ a: WallLine, _ b: WallLine) -> Bool {
        switch order {
        case .standing:
            if a.standing.rank != b.standing.rank { return a.standing.rank > b.standing.rank }
            if let first = isNearer(a, b) { return first }
        case .room:
            if let first = isNearer(a, b) { return first }
            if a.standing.rank != b.standing.rank { return a.standing.rank > b.standing.rank }
        case .name:
            if a.store.name != b.store.name { return a.store.name < b.store.name }
        }
        return a.store.id < b.store.id
    }

    /// nil where neither is.
    private func isNearer(_ a: WallLine, _ b: WallLine) -> Bool? {
        let (left, right) = (a.room ?? .infinity, b.room ?? .infinity)
        return left == right ? nil : left < right
    }

    private var packs: [View] {
        let used = Set(wall.lines.map(\.store.pack)).sorted()
        return used.map { name in
            let title = fleet.library[name].map { request.tongue($0.title) } ?? name
            return ["value": name, "name": title, "isChosen": name == request["pack"]]
        }
    }

    private var labels: [View] {
        let known = wall.lines.reduce(into: Set<String>()) { labels, line in
            for label in line.store.labels { labels.insert("\(label.key):\(label.value)") }
        }
        return known.sorted().map { ["value": $0, "name": $0, "isChosen": $0 == request["label"]] }
    }

    // MARK: Showing

    private func tiles(_ lines: [WallLine], chosen: Standing?) -> [View] {
        let counts = lines.reduce(into: [Standing: Int]()) { $0[$1.standing, default: 0] += 1 }
        return [Standing.breach, .unknown, .warning, .ok, .unjudged].map { standing in
            [
                "standing": standing.rawValue, "title": request.tongue(standing.title),
                "count": counts[standing, default: 0], "isChosen": standing == chosen,
                "url": request.link(["standing": standing == chosen ? nil : standing.rawValue]),
            ]
        }
    }

    private func row(_ line: WallLine) -> View {
        let tongue = request.tongue
        var row: View = [
            "standing": line.standing.rawValue, "standingTitle": tongue(line.standing.title),
            "url": Link.store(line.store.id), "name": line.store.name,
            "platform": fleet.library[line.store.pack].map { tongue($0.title) } ?? line.store.pack,
            "labels": line.store.labels.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" },
            "isBehind": line.isBehind, "rule": false, "figures": "", "limit": false, "room": false, "judgedTo": "",
        ]
        guard let lead = line.lead else { return row }
        let rule = line.rules[lead.index]
        row["rule"] =
            [
                "title": tongue(rule.valued.rule.title), "url": Link.rule(rule.valued.rule.id, of: line.store.id),
                "words": rule.standing == .ok ? false : tongue(lead.words),
            ] as View
        (row["figures"], row["limit"], row["judgedTo"]) = (tongue(lead.figures), lead.limit, lead.judgedTo.description)
        if let room = line.room { row["room"] = RoomBar(room).view(tongue) }
        return row
    }
}

/// How much of a limit is left, as a bar.
struct RoomBar {
    let room: Double
    init(_ room: Double) { self.room = room }

    /// Less than that is near.
    private static let near = 0.2

    func view(_ tongue: Tongue) -> View {
        let share = min(abs(room), 1)
        let percent =
            abs(room) < 0.1 ? String(format: "%.1f", abs(room) * 100) : String(format: "%.0f", abs(room) * 100)
        return [
            "kind": room < 0 ? "beyond" : room < Self.near ? "near" : "inside",
            "width": String(format: "%.0f", max(share * 100, 2)),
            "text": room < 0
                ? tongue("\(percent) % beyond", "超出 \(percent)%") : tongue("\(percent) % left", "剩余 \(percent)%"),
        ]
    }
}
