import Daemon
import Facts
import Foundation
import Rules

/// All stores, those that need somebody first.
struct WallPage {
    let wall: Wall.View
    let fleet: Fleet
    let request: PageRequest

    /// In the order that is asked for, and what there is to choose from.
    let index: WallIndex
    let rows: WallRows

    static let rowsShown = 100

    func page() async -> Page {
        let tongue = request.tongue
        let search = request["q"]?.lowercased()
        let label = request["label"].flatMap(Self.label)
        let fitting = index.lines.filter { fits($0, search, label) }
        let standing = request["standing"].flatMap(Standing.init(rawValue:))
        let chosen = standing.map { wanted in fitting.filter { $0.standing == wanted } } ?? fitting
        let (slice, pages) = Paging.slice(chosen, request, size: Self.rowsShown)
        let isFiltered = ["q", "pack", "label", "standing"].contains { request[$0] != nil }
        return Page(
            template: "wall", title: Words(en: "Stores", zh: "店铺"), section: .stores,
            view: [
                "tiles": StandingTiles.views(fitting.lazy.map(\.standing), chosen: standing, request),
                "search": request["q"] ?? "",
                "packs": packs, "labelChoices": labels, "hasLabels": !labels.isEmpty,
                "sorts": WallIndex.Order.allCases.map { order -> View in
                    ["value": order.rawValue, "name": tongue(order.title), "isChosen": order == index.order]
                },
                "standing": standing?.rawValue ?? false, "isFiltered": isFiltered,
                "summary": summary(chosen.count),
                "hasRows": !chosen.isEmpty, "rows": await rows.html(of: slice, fleet, tongue), "pages": pages,
            ])
    }

    private func summary(_ count: Int) -> String {
        let tongue = request.tongue
        let (shown, all) = ("\(count)".grouped, "\(wall.lines.count)".grouped)
        var text =
            count == wall.lines.count
            ? tongue("\(shown) stores", "共 \(shown) 家店铺")
            : tongue("\(shown) of \(all) stores", "\(all) 家店铺中的 \(shown) 家")
        if wall.behind > 0 {
            text += tongue("; the figures of \(wall.behind) are being worked out", "；\(wall.behind) 家的数值正在计算")
        }
        return text
    }

    // MARK: Choosing

    private func fits(_ line: WallLine, _ search: String?, _ label: (name: String, value: String)?) -> Bool {
        if let pack = request["pack"], line.store.pack != pack { return false }
        if let label, line.store.labels[label.name] != label.value { return false }
        return search.map(line.searched.contains) ?? true
    }

    /// `team:east`
    private static func label(_ text: String) -> (name: String, value: String)? {
        text.firstIndex(of: ":").map { (String(text[..<$0]), String(text[text.index(after: $0)...])) }
    }

    private var packs: [View] {
        index.packs.map { name in
            let title = fleet.library[name].map { request.tongue($0.title) } ?? name
            return ["value": name, "name": title, "isChosen": name == request["pack"]]
        }
    }

    private var labels: [View] {
        index.labels.map { ["value": $0, "name": $0, "isChosen": $0 == request["label"]] }
    }
}
