import Alerts
import Facts
import Foundation
import HTTPTypes
import Hummingbird
import Ledgers
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("The API's document names every route and every member of every answer")
struct APIAnswerTests {
    /// Something to be told under every path.
    static let configuration = """
          - {id: far, pack: shop}
        feeds:
          - {id: erp, url: "http://127.0.0.1:9/facts"}
        receivers:
          - {id: ops, webhook: "http://127.0.0.1:9/hook", secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}

        """

    static func fill(_ bench: DashboardBench) async throws {
        let assembly = await bench.state.assembly
        #expect(try await bench.push(#"{"kind":"order","store":"elm","id":"q","amount":"-1"}"#).status == 200)
        #expect(try await bench.push(#"{"kind":"order","store":"oak","id":"q","amount":"-1"}"#).status == 200)
        for store in ["elm", "fir"] {
            _ = try await MarkTask(.running(assembly)).set(
                "refund/r0", of: store, ["liable=carrier"], by: "li", why: "claim 88", until: nil)
        }
        for store in ["elm", "oak"] {
            var filter = AlertFilter()
            filter.stores = [store]
            _ = try await AlertsTask(.running(assembly)).silence(
                .init(filter: filter, until: "2h", ends: .time, by: "li", why: "known"))
        }
        try await bench.look()
        let receiver = try #require(assembly.config.receivers.first)
        _ = try await Gathering(assembly: assembly, isJudging: false).run(receiver)
    }

    /// With what is there in place of its parameters.
    static func path(of route: APIRoute, episode: String) -> String {
        route.path.replacing("{store}", with: "elm").replacing("{rule}", with: "refunds").replacing(
            "{pack}", with: "shop"
        )
        .replacing("{episode}", with: episode)
    }

    @Test("what the router has below /api is what the document tells of")
    func routes() async throws {
        let bench = try await DashboardBench()
        let document = try await bench.object("/openapi.json")
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let told = paths.flatMap { path, methods in methods.keys.map { "\($0) \(APIRoute.root)\(path)" } }
        let routed = DashboardRouter(state: bench.state).router.routes.map { route in
            "\(route.method.rawValue.lowercased()) \(route.path)".replacing(/:([a-z]+)/) { "{\($0.1)}" }
        }.filter { $0.contains("/api") }
        #expect(told.sorted() == routed.sorted())
        #expect(told.count == APIRoute.all.count && document["openapi"] as? String == "3.1.0")
        let ids = APIRoute.all.map(\.id)
        #expect(Set(ids).count == ids.count)
    }

    @Test("every answer has the members that the document names, and no others")
    func members() async throws {
        let bench = try await DashboardBench(Self.configuration)
        try await Self.fill(bench)
        let episode = try #require(try await bench.list("/alerts?store=elm&rule=refunds", "alerts", "episode").first)
        for route in APIRoute.all where route.method == .get && route.id != "describe" {
            let path = Self.path(of: route, episode: episode)
            let answer = try await bench.object(path)
            #expect(Fit.faults(answer, route.answer, at: route.id) == [])
            // Where it is a list, it is one of something.
            if case .object(let members) = route.answer, case .list = members[0].shape {
                #expect((answer[members[0].name] as? [Any])?.isEmpty == false, "\(path)")
            }
        }
        let pushed = try await bench.push("{}", Line.order("n", "oak"), query: "?complete_until=2026-03-02T00:00:00Z")
        let route = try #require(APIRoute.all.first { $0.id == "pushFacts" })
        #expect(Fit.faults(try pushed.object, route.answer, at: "push") == [])
        let problem = try await bench.api("/stores/none").object
        #expect(Fit.faults(problem.filter { $0.key != "parameter" }, APIProblem.shape, at: "problem") == [])
    }
}

/// Holds an answer against its shape, more strictly than the document has to be.
private enum Fit {
    static func faults(_ value: Any, _ shape: Shape, at place: String) -> [String] {
        func isWhole(_ value: Any) -> Bool {
            (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
        }
        func wrong(_ what: String) -> [String] { ["\(place): \(what), and not \(value)"] }
        let isTruth = (value as? NSNumber).map { CFBoolean.isTruth($0) } ?? false
        switch shape {
        case .anything: return []
        case .text: return value is String ? [] : wrong("a text")
        case .moment: return (value as? String).flatMap { Timestamp($0) } == nil ? wrong("a moment") : []
        case .day: return (value as? String).flatMap { LocalDay($0) } == nil ? wrong("a day") : []
        case .whole: return isWhole(value) && !isTruth ? [] : wrong("a whole number")
        case .number: return value is NSNumber && !isTruth ? [] : wrong("a number")
        case .truth: return isTruth ? [] : wrong("a truth")
        case .word(let words): return (value as? String).map(words.contains) == true ? [] : wrong("one of \(words)")
        case .described(_, let shape): return faults(value, shape, at: place)
        case .orNull(let shape): return value is NSNull ? [] : faults(value, shape, at: place)
        case .either(let shapes):
            return shapes.contains { faults(value, $0, at: place).isEmpty } ? [] : wrong("one of several")
        case .named(let name):
            guard let named = OpenAPIDocument.shapes.first(where: { $0.name == name }) else {
                return wrong("a \(name)")
            }
            return faults(value, named.shape, at: "\(place) \(name)")
        case .list(let shape):
            guard let items = value as? [Any] else { return wrong("a list") }
            return items.flatMap { faults($0, shape, at: place) }
        case .map(let shape):
            guard let members = value as? [String: Any] else { return wrong("a map") }
            return members.flatMap { faults($0.value, shape, at: "\(place).\($0.key)") }
        case .object(let members):
            guard let found = value as? [String: Any] else { return wrong("an object") }
            let strays = Set(found.keys).subtracting(members.map(\.name)).sorted()
            return (strays.isEmpty ? [] : ["\(place): nothing tells of \(strays)"])
                + members.flatMap { member in
                    found[member.name].map { faults($0, member.shape, at: "\(place).\(member.name)") }
                        ?? ["\(place): \(member.name) is lacking"]
                }
        }
    }
}

private enum CFBoolean {
    /// Foundation has truths as numbers of one byte.
    static func isTruth(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
