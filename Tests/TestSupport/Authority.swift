import Foundation

/// An authority made for one test, and certificates by it.
package struct Authority {
    package let folder: ScratchFolder
    private let openssl: Tool

    /// - Parameters:
    ///   - name: several of one name are an authority and its successors, but for their keys.
    ///   - days: how long its own certificate is good.
    package init(_ openssl: Tool, name: String = "test-ca", days: Int = 30) async throws {
        self.openssl = openssl
        folder = try ScratchFolder()
        try await openssl.run(
            Self.newKey + [
                "-x509", "-keyout", folder.path("ca.key"), "-out", folder.path("ca.pem"), "-subj", "/CN=\(name)",
                "-days", "\(days)",
            ])
    }

    private static let newKey = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    package var file: String { folder.path("ca.pem") }

    /// Makes NAME.pem and NAME.key.
    package func certify(_ name: String, for names: String, days: Int) async throws {
        try await openssl.run(
            Self.newKey + [
                "-keyout", folder.path("\(name).key"), "-out", folder.path("\(name).csr"), "-subj", "/CN=\(name)",
            ])
        try "subjectAltName=\(names)".write(toFile: folder.path("names"), atomically: true, encoding: .utf8)
        try await openssl.run([
            "x509", "-req", "-in", folder.path("\(name).csr"), "-CA", file, "-CAkey", folder.path("ca.key"),
            "-CAcreateserial", "-days", "\(days)", "-out", folder.path("\(name).pem"), "-extfile", folder.path("names"),
        ])
    }

    package func selfSigned(_ name: String) async throws {
        try await openssl.run(
            Self.newKey + [
                "-x509", "-keyout", folder.path("\(name).key"), "-out", folder.path("\(name).pem"), "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            ])
    }

    /// Serves a page with the certificate while the body runs.
    package func serving<Result>(
        _ name: String, isolation: isolated (any Actor)? = #isolation, _ body: (Int) async throws -> Result
    ) async throws -> Result {
        let (process, line) = try await openssl.start(
            [
                "s_server", "-accept", "127.0.0.1:0", "-cert", folder.path("\(name).pem"), "-key",
                folder.path("\(name).key"), "-www",
            ], until: "ACCEPT")
        defer { process.terminate() }
        return try await body(try Self.port(of: line))
    }

    private static func port(of line: String) throws -> Int {
        guard let port = line.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw Tool.Failed(description: "openssl does not say at which port it listens")
        }
        return port
    }
}
