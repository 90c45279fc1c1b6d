import Curl
import Foundation
import HTTPTypes
import TestSupport
import Testing

private func openssl() -> Tool? {
    let tool = Tool("openssl")
    if tool == nil { Issue.record("not run for lack of the program openssl", severity: .warning) }
    return tool
}

/// Asks until the server listens, twenty seconds at most.
private func listening(_ transport: CurlTransport, _ request: Request) async throws {
    let began = ContinuousClock.now
    while true {
        do throws(TransportError) {
            _ = try await transport.send(request)
            return
        } catch {
            guard case .couldNotConnect = error, ContinuousClock.now - began < .seconds(20) else { throw error }
            await Task.yield()
        }
    }
}

@Suite("TLS")
struct TLSTests {
    @Test("a certificate of a named authority is trusted")
    func good() async throws {
        guard let openssl = openssl() else { return }
        let authority = try await Authority(openssl)
        try await authority.certify("good", for: "DNS:localhost,IP:127.0.0.1", days: 30)
        let configuration = CurlConfiguration(caFile: authority.file, proxy: .none)
        try await authority.serving("good") { port in
            try await withTransport(configuration) { transport in
                for host in ["localhost", "127.0.0.1"] {
                    let reply = try await transport.send(request(port, "/", scheme: "https", host: host))
                    #expect(reply.status == .ok)
                }
            }
        }
    }

    @Test("the end of the server's own certificate is told to who asks for it, and to nobody else")
    func certificate() async throws {
        guard let openssl = openssl() else { return }
        let authority = try await Authority(openssl)
        try await authority.certify("good", for: "DNS:localhost", days: 30)
        let before = Int64(Date().timeIntervalSince1970)
        let configuration = CurlConfiguration(caFile: authority.file, proxy: .none)
        try await authority.serving("good") { port in
            try await withTransport(configuration) { transport in
                var asking = try request(port, "/", scheme: "https", host: "localhost")
                // A connection that stands already tells nothing: it is asked over another.
                #expect(try await transport.send(asking).certificate == nil)
                asking.readsCertificate = true
                for _ in 0..<2 {
                    let certificate = try #require(try await transport.send(asking).certificate)
                    #expect((-60...60).contains(certificate.endsAt - before - 30 * 86_400), "\(certificate)")
                }
            }
        }
        // Without TLS there is none.
        try await RawServer.running({ connection in
            guard connection.readHead() != nil else { return }
            connection.write("HTTP/1.1 204 No\r\nConnection: close\r\n\r\n")
        }) { server in
            try await withTransport { transport in
                var asking = try request(server.port)
                asking.readsCertificate = true
                #expect(try await transport.send(asking).certificate == nil)
            }
        }
    }

    @Test(
        "a wrong certificate is refused, and the error says why",
        arguments: [
            ("wrong", TransportError.TLSFault.wrongHost), ("expired", .expired), ("self", .selfSigned),
        ])
    func wrong(name: String, fault: TransportError.TLSFault) async throws {
        guard let openssl = openssl() else { return }
        let authority = try await Authority(openssl)
        switch name {
        case "wrong": try await authority.certify(name, for: "DNS:other.example", days: 30)
        case "expired": try await authority.certify(name, for: "DNS:localhost", days: -1)
        default: try await authority.selfSigned(name)
        }
        let configuration = CurlConfiguration(caFile: authority.file, proxy: .none)
        try await authority.serving(name) { port in
            try await withTransport(configuration) { transport in
                let error = try await failure(
                    of: request(port, "/", scheme: "https", host: "localhost"), over: transport)
                #expect(error == .couldNotVerify(host: "localhost", fault: fault))
            }
        }
    }

    @Test("an authority nobody named is not trusted")
    func unknownAuthority() async throws {
        guard let openssl = openssl() else { return }
        let authority = try await Authority(openssl)
        try await authority.certify("good", for: "DNS:localhost", days: 30)
        try await authority.serving("good") { port in
            try await withTransport { transport in
                let error = try await failure(
                    of: request(port, "/", scheme: "https", host: "localhost"), over: transport)
                #expect(error == .couldNotVerify(host: "localhost", fault: .unknownIssuer))
            }
        }
    }

    @Test("a file of authorities that is not there, and a server that speaks no TLS")
    func noTLS() async throws {
        let missing = CurlConfiguration(caFile: "/nowhere/ca.pem", proxy: .none)
        try await RawServer.running({ connection in
            connection.write("HTTP/1.1 400 Bad\r\n\r\n")
            connection.waitForClose()
        }) { server in
            try await withTransport(missing) { transport in
                let error = try await failure(of: request(server.port, scheme: "https"), over: transport)
                #expect(error == .couldNotVerify(host: "127.0.0.1", fault: .authorityFile))
            }
            try await withTransport { transport in
                let error = try await failure(of: request(server.port, scheme: "https"), over: transport)
                #expect(error == .couldNotVerify(host: "127.0.0.1", fault: .handshake))
            }
        }
    }

    @Test("HTTP/2 is spoken where it is offered, a hundred exchanges over one connection")
    func http2() async throws {
        guard let openssl = openssl() else { return }
        guard let nginx = Tool("nginx") else {
            Issue.record("HTTP/2 was not run for lack of the program nginx", severity: .warning)
            return
        }
        let authority = try await Authority(openssl)
        try await authority.certify("good", for: "DNS:localhost", days: 30)
        let folder = authority.folder
        try String(repeating: "x", count: 100_000).write(toFile: folder.path("page"), atomically: true, encoding: .utf8)
        let port = try RawServer.freePort()
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path \(folder.path($0));" }.joined(separator: " ")
        try """
        daemon off; master_process off; user root; pid \(folder.path("pid")); error_log \(folder.path("error.log"));
        events {}
        http {
            \(temporary)
            log_format own '$connection $server_protocol'; access_log \(folder.path("access.log")) own;
            server {
                listen 127.0.0.1:\(port) ssl http2;
                ssl_certificate \(folder.path("good.pem")); ssl_certificate_key \(folder.path("good.key"));
                root \(folder.url.path);
            }
        }
        """.write(toFile: folder.path("nginx.conf"), atomically: true, encoding: .utf8)
        let arguments = ["-c", folder.path("nginx.conf"), "-e", folder.path("error.log")]
        let server = try nginx.launch(arguments)
        defer { server.terminate() }
        let configuration = CurlConfiguration(caFile: authority.file, proxy: .none)
        try await withTransport(configuration) { transport in
            try await listening(transport, request(port, "/none", scheme: "https", host: "localhost"))
            try await withThrowingTaskGroup(of: Reply.self) { group in
                for _ in 0..<100 {
                    let request = try request(port, scheme: "https", host: "localhost")
                    group.addTask { try await transport.send(request) }
                }
                for try await reply in group {
                    #expect(reply.version == .http2)
                    #expect(reply.body.count == 100_000)
                }
            }
        }
        let log = try String(contentsOfFile: folder.path("access.log"), encoding: .utf8).split(separator: "\n")
        #expect(log.count == 101, "the hundred, and the one that found it listening")
        #expect(Set(log).count == 1)
        #expect(log.allSatisfy { $0.hasSuffix("HTTP/2.0") })
    }
}
