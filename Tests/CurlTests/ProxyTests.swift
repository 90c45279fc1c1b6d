import Curl
import Foundation
import Glibc
import HTTPTypes
import TestSupport
import Testing

@Test("a proxy named in the environment is asked, and a host it excepts is not")
func proxyFromEnvironment() async {
    // The environment belongs to the process, so this runs in one of its own.
    await #expect(processExitsWith: .success) {
        let proxy = try RawServer { connection in
            while let head = connection.readHead() {
                let line = head.prefix { $0 != "\r\n" }
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(line.utf8.count)\r\n\r\n\(line)")
            }
        }
        setenv("http_proxy", "http://127.0.0.1:\(proxy.port)", 1)
        setenv("no_proxy", "127.0.0.1", 1)
        let transport = CurlTransport()
        let through = try #require(Request(method: .get, url: "http://shop.invalid/page"))
        let around = try #require(Request(method: .get, url: "http://127.0.0.1:\(proxy.port)/page"))
        let first = try await transport.send(through).body
        let second = try await transport.send(around).body
        await transport.shutDown()
        guard first == Array("GET http://shop.invalid/page HTTP/1.1".utf8), second == Array("GET /page HTTP/1.1".utf8)
        else { exit(1) }
    }
}
