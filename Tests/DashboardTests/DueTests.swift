import Facts
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("The figures that are due are entered on a page")
struct DueTests {
    static let pack = """
        pack: shop
        title: {en: Shop, zh: 小店}
        timezone: Asia/Shanghai
        currency: CNY
        metrics:
          refunds: count(refund where status == refunded by refunded_at over 30d)
          score: latest(value of measure where name == "shop.score" by at over 30d)
          help_rate: latest(value of measure where name == "shop.help" by at over 30d)
        titles:
          score: {en: Score, zh: 体验分}
          help_rate: {en: Help rate, zh: 求助率}
        rules:
          refunds: {require: refunds < 3}
          score: {require: score >= 70}
          help: {require: help_rate < 5%}
        """

    private func bench() async throws -> (DashboardBench, HTTPFields) {
        let bench = try await DashboardBench(DashboardBench.people, pack: Self.pack)
        return (bench, try await bench.session("token-mei"))
    }

    private func readings(_ bench: DashboardBench, _ store: String) async throws -> [String: String] {
        try await MeasureTask(.running(await bench.state.assembly)).newest([store])[store, default: [:]]
            .compactMapValues { $0.value?.description }
    }

    @Test("a figure of which the pack says between what it lies is held against that, in the grid and pasted")
    func range() async throws {
        let pack =
            Self.pack + """

                places:
                  - names: [shop.score]
                    place: {en: The front page, zh: 首页}
                    range: {from: 0, to: 100}
                """
        let bench = try await DashboardBench(DashboardBench.people, pack: pack)
        let mei = try await bench.session("token-mei")
        let answer = try await bench.act(
            "/due", ["value oak/shop.score": "820", "value elm/shop.score": "82"], on: "/due", mei)
        #expect(answer.body.contains("shop.score lies between 0 and 100, and 820 does not"))
        #expect(try await readings(bench, "oak").isEmpty)
        #expect(try await readings(bench, "elm") == ["shop.score": "82"])
        let pasted = try await bench.act("/due", ["table": "oak\tshop.score\t-1"], on: "/due", mei)
        #expect(pasted.status == 200)
        #expect(try await readings(bench, "oak").isEmpty)
    }

    @Test("a grid of stores and figures; what is entered is due no more")
    func grid() async throws {
        let (bench, mei) = try await bench()
        let page = try await bench.get("/due", mei).body
        for field in ["value oak/shop.score", "value elm/shop.help", "value ash/shop.score"] {
            #expect(page.contains("name=\"\(field)\""), "\(field)")
        }
        #expect(page.contains("8 figures of 4 stores are due") && page.contains("never entered"))
        let answer = try await bench.act(
            "/due", ["value oak/shop.score": "82", "value oak/shop.help": " 1.5% ", "value elm/shop.score": ""],
            on: "/due", mei)
        #expect(answer.status == 303 && answer.headers[.location] == "/due", "\(answer.body)")
        #expect(try await readings(bench, "oak") == ["shop.score": "82", "shop.help": "0.015"])
        #expect(try await readings(bench, "elm").isEmpty)
        let after = try await bench.get("/due", mei).body
        #expect(after.contains("Entered: 2 readings.") && after.contains("6 figures of 3 stores are due"))
        #expect(!after.contains("value oak/"))
        let entry = try #require(try await bench.audit().last)
        #expect(entry.act == "measure" && entry.who == "mei" && entry.store == "oak" && entry.details.count == 2)
    }

    @Test("a platform with many figures is one store at a time, its figures by the place where they stand")
    func sheets() async throws {
        let names = (1...12).map { "shop.f\($0)" }
        var pack = "pack: shop\ntitle: {en: Shop, zh: 小店}\ntimezone: Asia/Shanghai\nparameters:\n"
        for (number, name) in names.enumerated() {
            let place = number < 5 ? "Traffic page" : "Service page"
            pack += "  p\(number): {type: number, measure: \(name), place: {en: \(place), zh: \(place)}}\n"
        }
        pack += "metrics:\n  paid: count(order by paid_at over 30d)\nrules:\n"
        for number in names.indices { pack += "  r\(number): {require: paid >= p\(number)}\n" }
        let bench = try await DashboardBench(DashboardBench.people, pack: pack)
        let mei = try await bench.session("token-mei")
        let page = try await bench.get("/due", mei).body
        #expect(page.components(separatedBy: "<details class=\"sheet\"").count == 5)
        #expect(page.components(separatedBy: "<details class=\"sheet\" open").count == 2, "the first is open")
        #expect(page.components(separatedBy: "<h3>Traffic page</h3>").count == 5)
        #expect(
            page.contains("12 figures") && page.contains("name=\"value elm/shop.f12\"") && !page.contains("<thead>"))
        let answer = try await bench.act("/due", ["value elm/shop.f3": "x3"], on: "/due", mei)
        #expect(answer.status == 200)
        #expect(answer.body.components(separatedBy: "<details class=\"sheet\" open").count >= 2)
        #expect(answer.body.contains("value=\"x3\""))
    }

    @Test("what is wrong stays in its field with the reason, and what is right goes in")
    func wrong() async throws {
        let (bench, mei) = try await bench()
        let answer = try await bench.act(
            "/due", ["value oak/shop.score": "8o", "value fir/shop.score": "77"], on: "/due", mei)
        #expect(answer.status == 200 && answer.body.contains("value=\"8o\"") && answer.body.contains("aria-invalid"))
        #expect(answer.body.contains("Entered: 1 reading. 1 to look at again."))
        #expect(try await readings(bench, "fir") == ["shop.score": "77"])
        #expect(try await readings(bench, "oak").isEmpty)
    }

    @Test("a large jump is taken once somebody has said that it is meant")
    func jump() async throws {
        let (bench, first) = try await bench()
        _ = try await bench.act("/due", ["value oak/shop.help": "1%"], on: "/due", first)
        bench.clock.advance(by: .days(2))
        let mei = try await bench.session("token-mei")
        let doubted = try await bench.act("/due", ["value oak/shop.help": "4%"], on: "/due", mei)
        #expect(doubted.status == 200 && doubted.body.contains("it was 0.01 before"))
        #expect(doubted.body.contains("name=\"meant oak/shop.help\""))
        #expect(try await readings(bench, "oak") == ["shop.help": "0.01"])
        let meant = try await bench.act(
            "/due", ["value oak/shop.help": "4%", "meant oak/shop.help": "yes"], on: "/due", mei)
        #expect(meant.status == 303)
        #expect(try await readings(bench, "oak") == ["shop.help": "0.04"])
        let small = try await bench.act("/due", ["value oak/shop.help": "5%"], on: "/due", mei)
        #expect(small.status == 303)
    }

    @Test(
        "a paste out of a spreadsheet: a row a reading, or a row a store; by id or by name",
        arguments: [
            "oak\tshop.score\t82\nelm\tshop.score\t71\n",
            "store\tfigure\tvalue\noak\tshop.score\t82\nelm\tshop.score\t71",
            "店铺\tshop.score\tshop.help\r\nOak & Sons\t82\t\r\n榆树店\t71\t\r\n", "store,shop.score\noak,82\nelm,71",
        ])
    func paste(_ table: String) async throws {
        let (bench, mei) = try await bench()
        let answer = try await bench.act("/due", ["table": table], on: "/due", mei)
        #expect(answer.status == 303, "\(answer.body)")
        #expect(try await readings(bench, "oak") == ["shop.score": "82"])
        #expect(try await readings(bench, "elm") == ["shop.score": "71"])
    }

    @Test("what was pasted and has no field comes back in one of its own")
    func pastedWrong() async throws {
        let (bench, mei) = try await bench()
        let answer = try await bench.act("/due", ["table": "oka\tshop.score\t82\noak\tshop.scroe\t82"], on: "/due", mei)
        #expect(answer.status == 200 && answer.body.contains("value=\"82\" inputmode"))
        #expect(answer.body.contains("there is no such store") && answer.body.contains("name=\"value oka/shop.score\""))
        #expect(answer.body.contains("name=\"value oak/shop.scroe\""))
    }

    @Test("who may not act on a store enters nothing of it, and does not hear that it is there")
    func others() async throws {
        let (bench, _) = try await bench()
        let east = try await bench.session("token-east")
        let page = try await bench.get("/due", east).body
        #expect(page.contains("value oak/shop.score") && !page.contains("value fir/"))
        let answer = try await bench.act("/due", ["value fir/shop.score": "80"], on: "/due", east)
        #expect(answer.status == 200 && answer.body.contains("there is no such store"))
        #expect(try await readings(bench, "fir").isEmpty)
        let view = try await bench.get("/due", DashboardBench.bearer("view")).body
        #expect(!view.contains("name=\"value"))
        #expect(
            try await bench.post("/due", ["value oak/shop.score": "80"], DashboardBench.bearer("view")).status == 403)
    }
}
