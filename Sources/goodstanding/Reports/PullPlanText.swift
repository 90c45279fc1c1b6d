import Daemon
import Facts
import Rules

/// What the pulls come to, for people and for programs.
enum PullPlanText {
    /// - Parameter only: of the methods, those of stores whose id fits; limits are shared, and shown whole.
    static func table(_ plan: CallPlan, only glob: String?) -> String {
        let tongue = Tongue.current
        var limits = TextTable([
            (tongue("APPLICATION OR STORE", "应用或店铺"), .left), (tongue("STORES", "店铺数"), .right),
            (tongue("LIMIT", "限额"), .left), (tongue("METHODS", "接口"), .left),
            (tongue("CALLS A DAY", "每天调用"), .right), (tongue("ALLOWED", "每天允许"), .right),
            (tongue("SHARE", "占比"), .right),
        ])
        for use in folded(plan.uses) {
            limits.add([
                .init(use.name), .init("\(use.count)"), .init(tongue(use.use.limitWords)),
                .init(tongue(use.use.streamWords)), .init(counted(use.use, use.use.daily)),
                .init(counted(use.use, use.use.allowed)),
                .init("\(use.use.share)%", use.use.isTooMuch ? .red : nil),
            ])
        }
        var methods = TextTable([
            (tongue("APPLICATION", "应用"), .left), (tongue("METHOD", "接口"), .left), (tongue("STORE", "店铺"), .left),
            (tongue("EVERY", "间隔"), .left), (tongue("CALLS A DAY", "每天调用"), .right),
            (tongue("FIRST PULL", "首次拉取"), .right),
        ])
        let pattern = glob.map { Glob($0) }
        for line in folded(plan.lines.filter { pattern?.matches($0.store) ?? true }) {
            let first = line.line.first == 0 ? "–" : "\(line.line.first)"
            methods.add([
                .init(line.line.application), .init(line.line.stream), .init(line.name),
                .init(line.line.every?.written ?? "–"), .init("\(line.line.daily)"), .init(first),
            ])
        }
        var text = limits.isEmpty ? "" : limits.text + "\n"
        text += methods.text
        if !plan.assumed.isEmpty, let orders = plan.assumption {
            text += "\n" + tongue(assumption(plan.assumed, orders)) + "\n"
        }
        return text
    }

    /// Calls are what the columns are of; points say so.
    private static func counted(_ use: CallPlan.Use, _ number: Int64) -> String {
        use.limit.cost == nil ? "\(number)" : Tongue.current("\(number) points", "\(number) 点")
    }

    private static func assumption(_ stores: [String], _ orders: Int64) -> Words {
        let (first, more) = (Terminal.printable(stores[0]), stores.count - 1)
        return Words(
            en:
                "Assumed, since the first pull of \(first)\(more > 0 ? " and \(more) more" : "") is not over: \(orders) orders a day at each, four changes an order, a case in every tenth (--orders).",
            zh:
                "假设：\(first)\(more > 0 ? " 等 \(more + 1) 家店铺" : "")尚未完成首次拉取，按每店每天 \(orders) 单、每单变更四次、十分之一有售后估算（--orders）。"
        )
    }

    static func refusal(_ use: CallPlan.Use) -> String {
        Tongue.current(Words(en: "refused: ", zh: "拒绝：") + use.words)
    }

    // MARK: Folding

    /// Limits of single stores that are alike are one line.
    private static func folded(_ uses: [CallPlan.Use]) -> [(use: CallPlan.Use, name: String, count: Int)] {
        var (found, places): ([(use: CallPlan.Use, name: String, count: Int)], [String: Int]) = ([], [:])
        for use in uses {
            let key = "\(use.pack) \(use.limit) \(use.daily)"
            guard use.limit.scope == .store, let place = places[key] else {
                places[key] = found.count
                found.append((use, use.application, use.stores.count))
                continue
            }
            found[place].count += 1
            found[place].name = several(found[place].use.application, found[place].count)
        }
        return found
    }

    /// Stores that come to the same are one line.
    private static func folded(_ lines: [CallPlan.Line]) -> [(line: CallPlan.Line, name: String)] {
        var (found, places): ([(line: CallPlan.Line, name: String)], [CallPlan.Line: Int]) = ([], [:])
        var counts: [Int: Int] = [:]
        for line in lines {
            var key = line
            key.store = ""
            guard let place = places[key] else {
                places[key] = found.count
                found.append((line, line.store))
                continue
            }
            counts[place, default: 1] += 1
            found[place].name = several(found[place].line.store, counts[place] ?? 1)
        }
        return found
    }

    private static func several(_ first: String, _ count: Int) -> String {
        Tongue.current("\(first) and \(count - 1) more, each", "\(first) 等 \(count) 家，每家")
    }

    // MARK: JSON

    /// - Parameter only: as for the table.
    static func json(_ plan: CallPlan, only glob: String?) -> String {
        let pattern = glob.map { Glob($0) }
        func number(_ number: Int64) -> JSONValue { .number(String(number)) }
        func seconds(_ span: TimeSpan?) -> JSONValue { span.map { .number("\($0)") } ?? .null }
        let limits = plan.uses.map { use in
            JSONValue.object([
                ("application", .string(use.application)), ("pack", .string(use.pack)),
                ("of", .string(use.limit.scope.rawValue)), ("stores", .array(use.stores.map { .string($0) })),
                ("calls", use.limit.cost == nil ? number(Int64(use.limit.amount)) : .null),
                ("points", use.limit.cost == nil ? .null : number(Int64(use.limit.amount))),
                ("per", seconds(use.limit.per)),
                ("methods", .array(use.limit.streams.map { .string($0) })), ("daily", number(use.daily)),
                ("allowed", number(use.allowed)), ("percent", number(use.share)), ("refused", .bool(use.isTooMuch)),
                ("fits", use.fits.map(fit) ?? .null),
            ])
        }
        let methods = plan.lines.filter { pattern?.matches($0.store) ?? true }.map { line in
            JSONValue.object([
                ("application", .string(line.application)), ("pack", .string(line.pack)),
                ("method", .string(line.stream)), ("store", .string(line.store)), ("every", seconds(line.every)),
                ("daily", number(line.daily)), ("first", number(line.first)),
            ])
        }
        return JSONValue.object([
            ("refused", .bool(plan.isTooMuch)), ("limits", .array(limits)), ("methods", .array(methods)),
            ("assumed", .array(plan.assumed.map { .string($0) })),
            ("assumed_orders", plan.assumption.map(number) ?? .null),
        ]).text + "\n"
    }

    private static func fit(_ fit: CallPlan.Fit) -> JSONValue {
        let (stream, stores, every): (String?, Int?, TimeSpan) =
            switch fit.change {
            case .stores(let span): (nil, nil, span)
            case .stream(let name, let span): (name, nil, span)
            case .fewer(let count, let span): (nil, count, span)
            }
        return .object([
            ("every", .number("\(every)")), ("method", JSONValue(stream)),
            ("stores", stores.map { .number(String($0)) } ?? .null), ("daily", .number(String(fit.daily))),
        ])
    }
}
