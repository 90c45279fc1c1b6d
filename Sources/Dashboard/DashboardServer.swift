import HTTPTypes
package import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// The pages that the daemon serves on loopback: `/healthz`, `/readyz`, `/metrics`.
package struct DashboardServer: Service {
    private let host: String
    private let port: Int
    private let logger: Logger
    private let status: @Sendable () async -> DaemonStatus
    private let isAlive: @Sendable () async -> Bool
    private let started: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - status: what the daemon says of itself now.
    ///   - isAlive: whether its loops still turn; false answers `/healthz` with 503.
    ///   - started: told the port once the server listens (another than `port` when that was 0).
    package init(
        host: String, port: Int, logger: Logger, status: @escaping @Sendable () async -> DaemonStatus,
        isAlive: @escaping @Sendable () async -> Bool, started: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        (self.host, self.port, self.logger) = (host, port, logger)
        (self.status, self.isAlive, self.started) = (status, isAlive, started)
    }

    /// Returns after a graceful stop. Throws when the address cannot be listened on.
    package func run() async throws {
        var quiet = logger
        // What matters of the server comes back as an error that is thrown; its log tells of connections cut at the
        // end.
        quiet.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname(host, port: port), serverName: "goodstanding"),
            onServerRunning: { [started] channel in await started(channel.localAddress?.port ?? 0) }, logger: quiet)
        try await application.run()
    }

    /// Every route on one page.
    package var router: Router<BasicRequestContext> {
        let router = Router()
        router.get("healthz") { [isAlive] _, _ in
            await isAlive()
                ? DashboardServer.text("ok\n") : DashboardServer.text("stuck\n", status: .serviceUnavailable)
        }
        router.get("readyz") { [status] _, _ in
            let status = await status()
            return status.isReady
                ? DashboardServer.text("ready: \(status.line)\n")
                : DashboardServer.text("not ready: the stores have not been judged yet\n", status: .serviceUnavailable)
        }
        router.get("metrics") { [status] _, _ in
            DashboardServer.text(PrometheusText(await status()).text, type: "text/plain; version=0.0.4; charset=utf-8")
        }
        return router
    }

    private static func text(
        _ text: String, status: HTTPResponse.Status = .ok, type: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

extension HTTPField.Name {
    // proof: a valid name
    fileprivate static var xContentTypeOptions: HTTPField.Name { HTTPField.Name("X-Content-Type-Options")! }
}
