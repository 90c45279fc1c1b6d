import Daemon
import Foundation

/// The stages of the benchmark that run inside a process; `bench.py` beside it runs them, the peers, and the program.
@main
enum Benchmarks {
    static func main() async throws {
        // As the program does.
        Memory.tune(livesLong: true)
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, arguments.count) {
        case ("fetch", 4):
            let (url, count, width) = (arguments[2], Int(arguments[3]) ?? 0, Int(arguments[4]) ?? 0)
            try await FetchBenchmark(url: url, count: count, width: width).run()
        case ("evaluate", 3):
            var benchmark = try EvaluateBenchmark(pack: arguments[2], stores: Int(arguments[3]) ?? 0)
            try benchmark.run()
        case ("prospects", 3):
            var benchmark = try ProspectsBenchmark(pack: arguments[2], stores: Int(arguments[3]) ?? 0)
            benchmark.run()
        case ("serve", 4):
            let served = ServedPlatform(
                pack: arguments[2], orders: Int(arguments[3]) ?? 1, days: Int(arguments[4]) ?? 1)
            guard let served else { usage() }
            try await served.run()
        case ("page", 3): try await StaticPage(file: arguments[2], port: Int(arguments[3]) ?? 0).run()
        default: usage()
        }
    }

    private static func usage() -> Never {
        let modes = """
            fetch URL COUNT WIDTH | evaluate PACK STORES | prospects PACK STORES | serve PACK ORDERS DAYS | page FILE PORT
            """
        FileHandle.standardError.write(Data("usage: Benchmarks \(modes)\n".utf8))
        exit(64)
    }

    /// `name value` on a line: what `bench.py` reads.
    static func report(_ name: String, _ value: Double) { print("\(name) \(value)") }

    static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
