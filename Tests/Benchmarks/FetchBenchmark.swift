import Curl
import HTTPTypes

/// Nothing but requests, so many at once: the transport beside a load generator.
struct FetchBenchmark {
    var url: String
    var count: Int
    var width: Int

    func run() async throws {
        guard let request = Request(method: .get, url: url) else { fatalError("\(url) is no address") }
        let transport = CurlTransport(
            configuration: CurlConfiguration(proxy: .none, maxConcurrent: width, maxConnectionsPerHost: width))
        let clock = ContinuousClock()
        let began = clock.now
        let bytes = try await withThrowingTaskGroup(of: Int.self) { group in
            for share in 0..<width {
                group.addTask {
                    var bytes = 0
                    for _ in 0..<(count / width + (share < count % width ? 1 : 0)) {
                        let reply = try await transport.send(request)
                        guard reply.status == .ok else { fatalError("the server answered \(reply.status.code)") }
                        bytes += reply.body.count
                    }
                    return bytes
                }
            }
            return try await group.reduce(0, +)
        }
        let seconds = (clock.now - began) / .seconds(1)
        await transport.shutDown()
        Benchmarks.report("requests_per_second", Double(count) / seconds)
        Benchmarks.report("megabytes_per_second", Double(bytes) / seconds / 1e6)
    }
}
