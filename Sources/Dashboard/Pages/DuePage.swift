import Daemon
import Facts
import Rules

/// The figures that somebody has to look up in a back end: a table a platform, a row a store, a field a figure.
struct DuePage {
    let request: PageRequest
    let assembly: Assembly
    let state: DaemonState
    /// What was sent just now and not taken.
    var left: [MeasureTask.Left] = []

    /// With more on one page nobody finds his way, and no phone scrolls.
    private static let storesShown = 50
    /// A platform with more figures is no grid any more: one store at a time, its figures by where they stand.
    private static let columnsShown = 8

    func page() async throws -> Page {
        let tongue = request.tongue
        let owed = try await OwedReadings.find(in: await state.wall.view.seen(by: request.caller), assembly)
        let search = request["q"]?.lowercased()
        let fitting = owed.stores.filter { owed in
            guard let search else { return true }
            return owed.store.name.lowercased().contains(search) || owed.store.id.lowercased().contains(search)
        }.sorted {
            // Those of one platform stand together.
            ($0.store.pack, $0.store.id) < ($1.store.pack, $1.store.id)
        }
        let count = owed.stores.reduce(0) { $0 + $1.names.count }
        let (slice, pages) = Paging.slice(fitting, request, size: Self.storesShown)
        let newest = try await MeasureTask(.running(assembly)).newest(slice.map(\.store.id))
        let shown = slice.compactMap { owed -> [MeasureDueTask.Due]? in
            guard let watched = assembly.fleet.watched(owed.store.id) else { return nil }
            return MeasureDueTask.due(
                watched, owed.needs, newest[owed.store.id] ?? [:], at: assembly.clock.now)
        }.filter { !$0.isEmpty }
        let known = Set(shown.joined().map { DueForm.field("value", $0.store.id, $0.name) })
        let others = left.filter { !known.contains(DueForm.field("value", $0.written.store, $0.written.name)) }
        return Page(
            template: "due", title: Words(en: "To enter", zh: "待录入"), section: .due,
            view: [
                "self": request.link([:]), "search": request["q"] ?? "",
                "summary": tongue(
                    "\(count) figures of \(owed.stores.count) stores are due",
                    "\(owed.stores.count) 家店铺有 \(count) 项待录入")
                    + (owed.behind > 0
                        ? tongue(
                            "; \(owed.behind) more stores are still being looked through", "；另有 \(owed.behind) 家店铺正在检查")
                        : ""),
                "hasRows": !shown.isEmpty, "tables": tables(shown, newest, tongue), "pages": pages,
                "csrf": request.caller.isOperator ? request.formToken : false,
                "hasOthers": !others.isEmpty, "others": others.map { other($0, tongue) },
            ])
    }

    private func tables(
        _ stores: [[MeasureDueTask.Due]], _ newest: [String: [String: MeasureReading]], _ tongue: Tongue
    ) -> [View] {
        var (packs, byPack): ([String], [String: [[MeasureDueTask.Due]]]) = ([], [:])
        for store in stores {
            guard let pack = store.first?.store.pack else { continue }
            if byPack[pack] == nil { packs.append(pack) }
            byPack[pack, default: []].append(store)
        }
        return packs.map { pack in
            let rows = byPack[pack] ?? []
            var columns: [MeasureDueTask.Due] = []
            for due in rows.joined() where !columns.contains(where: { $0.name == due.name }) { columns.append(due) }
            let isWide = columns.count > Self.columnsShown
            return [
                "platform": assembly.fleet.library[pack].map { tongue($0.title) } ?? pack, "isWide": isWide,
                "columns": columns.map { due -> View in
                    [
                        "title": due.title.map { tongue($0) } ?? due.name, "name": due.name,
                        "place": due.place.map { tongue($0) } ?? false,
                    ]
                },
                "rows": rows.enumerated().map { place, dues -> View in
                    let readings = newest[dues[0].store.id] ?? [:]
                    return isWide
                        ? sheet(dues, readings, isOpen: place == 0, tongue) : row(dues, columns, readings, tongue)
                },
            ]
        }
    }

    private func row(
        _ dues: [MeasureDueTask.Due], _ columns: [MeasureDueTask.Due], _ newest: [String: MeasureReading],
        _ tongue: Tongue
    ) -> View {
        let store = dues[0].store
        return [
            "store": store.name, "url": Link.store(store.id),
            "cells": columns.map { column -> View in
                guard let due = dues.first(where: { $0.name == column.name }) else {
                    return ["title": title(column, tongue), "isDue": false]
                }
                return cell(due, newest, tongue)
            },
        ]
    }

    /// All figures of one store, those that stand in one place together.
    private func sheet(
        _ dues: [MeasureDueTask.Due], _ newest: [String: MeasureReading], isOpen: Bool, _ tongue: Tongue
    ) -> View {
        let store = dues[0].store
        let byPlace = Dictionary(grouping: dues) { due in due.place.map { tongue($0) } ?? "" }
        // A place of which only one figure is wanted is told beside that one.
        func isShared(_ place: String) -> Bool { !place.isEmpty && byPlace[place, default: []].count > 1 }
        var places: [String] = []
        for due in dues {
            let place = due.place.map { tongue($0) } ?? ""
            if isShared(place), !places.contains(place) { places.append(place) }
        }
        let single = dues.filter { due in !isShared(due.place.map { tongue($0) } ?? "") }
        var groups = places.map { place -> View in
            ["place": place, "cells": byPlace[place, default: []].map { cell($0, newest, tongue) }]
        }
        if !single.isEmpty {
            groups.append([
                "place": places.isEmpty ? false : tongue("Elsewhere", "其他") as Any,
                "cells": single.map { due -> View in
                    var cell = cell(due, newest, tongue)
                    if let place = due.place { cell["where"] = tongue(place) }
                    return cell
                },
            ])
        }
        let hasLeft = left.contains { $0.written.store == store.id }
        return [
            "store": store.name, "url": Link.store(store.id), "isOpen": isOpen || hasLeft,
            "count": tongue("\(dues.count) figures", "\(dues.count) 项"), "groups": groups,
        ]
    }

    private func title(_ due: MeasureDueTask.Due, _ tongue: Tongue) -> String {
        due.title.map { tongue($0) } ?? due.name
    }

    private func cell(
        _ due: MeasureDueTask.Due, _ newest: [String: MeasureReading], _ tongue: Tongue
    ) -> View {
        let (store, title) = (due.store, title(due, tongue))
        let left = left.last { $0.written.store == store.id && $0.written.name == due.name }
        let reading = newest[due.name]
        return [
            "title": title, "name": due.name, "where": false, "isDue": true,
            "mayEnter": request.caller.mayAct(on: store),
            "field": DueForm.field("value", store.id, due.name), "label": "\(store.name): \(title)",
            "value": left?.written.value ?? "", "fault": left.map { tongue($0.because) } ?? false,
            "doubt": (left?.isDoubt ?? false) ? DueForm.field("meant", store.id, due.name) as Any : false,
            "before": reading.flatMap { reading in
                reading.value.map { "\($0), \(due.calendar.day(of: reading.at).shown(tongue))" }
            } ?? tongue("never entered", "从未录入"),
        ]
    }

    /// What was pasted and has no field here.
    private func other(_ left: MeasureTask.Left, _ tongue: Tongue) -> View {
        let written = left.written
        return [
            "store": written.store, "figure": written.name,
            "field": DueForm.field("value", written.store, written.name), "value": written.value,
            "label": "\(written.store): \(written.name)", "fault": tongue(left.because),
            "doubt": left.isDoubt ? DueForm.field("meant", written.store, written.name) as Any : false,
        ]
    }
}
