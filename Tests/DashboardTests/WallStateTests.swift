import Alerts
import Facts
import Language
import Rules
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("The wall says what the last pass saw, and shows figures as people read them")
struct WallStateTests {
    @Test("figures that come late do not bring back how a store stood before")
    func late() async throws {
        let bench = try await DashboardBench()
        let assembly = await bench.state.assembly
        let wall = bench.state.wall
        let lines = try await WallService.lines(of: ["oak"], assembly)
        #expect(lines.map(\.standing) == [.ok])
        // A pass has found since that nothing is known of it.
        await wall.take(
            [(lines[0].store, Wall.Glimpse(standing: .unknown))], isAll: false, at: assembly.clock.now)
        await wall.put(lines)
        let shown = try #require(await wall.line(of: "oak"))
        #expect(shown.standing == .unknown && shown.isBehind && shown.lead != nil)
        #expect(await wall.takeOwed(10) == ["oak"])
        await wall.put(lines)
        #expect(await wall.line(of: "oak")?.standing == .ok)
    }

    @Test("a pass that saw the same owes no figures again; under another configuration those of all are owed")
    func same() async throws {
        let bench = try await DashboardBench()
        let wall = bench.state.wall
        let seen = await wall.view.lines.map { ($0.store, Wall.Glimpse(standing: $0.standing)) }
        await wall.take(seen, isAll: true, at: DashboardBench.now)
        #expect(await wall.takeOwed(10).count == seen.count, "it saw otherwise")
        await wall.take(seen, isAll: true, at: DashboardBench.now)
        #expect(await wall.takeOwed(10).isEmpty)
        await wall.take(seen, isAll: true, generation: 1, at: DashboardBench.now)
        #expect(await wall.takeOwed(10).count == seen.count)
    }

    @Test("stores that are watched no more leave it with the next look at all")
    func gone() async throws {
        let bench = try await DashboardBench()
        let wall = bench.state.wall
        let store = try #require(await wall.line(of: "oak")).store
        await wall.take([(store, Wall.Glimpse(standing: .ok))], isAll: true, at: DashboardBench.now)
        #expect(await wall.view.lines.map(\.store.id) == ["oak"])
    }

    @Test(
        "a figure kept for output is shown as the figure itself",
        arguments: [
            (12_345, false, false, "12,345"), (0.0123, true, false, "1.23%"), (38_160, false, true, "10.6 h"),
            (4.65, false, false, "4.65"), (0, false, false, "0"), (-2.5, false, false, "-2.5"),
        ] as [(Double, Bool, Bool, String)])
    func figures(number: Double, isPercent: Bool, isDuration: Bool, text: String) {
        #expect(FigureText.text(nearest: number, isPercent: isPercent, isDuration: isDuration) == text)
    }

    @Test(
        "the marks of an axis are round, and hold all there is",
        arguments: [(0.0, 7.0), (0, 0.0307), (4.2, 5), (-3, 12)])
    func axis(low: Double, high: Double) {
        let marks = FigureChart.marks(from: low, to: high)
        #expect((3...7).contains(marks.count) && marks[0] <= low && marks[marks.count - 1] >= high - 1e-9)
    }
}
