import Foundation
import Hummingbird
import Logging
import NIOCore

/// A page that is always the same, served as the dashboard serves its own: what no work at all would cost.
struct StaticPage {
    let file: String
    let port: Int

    func run() async throws {
        let bytes = ByteBuffer(bytes: try Data(contentsOf: URL(filePath: file)))
        let router = Router()
        router.get("/") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/html; charset=utf-8"], body: .init(byteBuffer: bytes))
        }
        var logger = Logger(label: "page")
        logger.logLevel = .critical
        try await Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger
        ).run()
    }
}
