import Facts
import Foundation
import TestSupport
import Testing

@testable import Daemon

@Suite("Certificates in a file, and until when each is good")
struct CertificateFileTests {
    @Test("each of them, whatever stands between, to the second and over the turn of the form in 2050")
    func ends() async throws {
        guard let openssl = Tool("openssl") else {
            Issue.record("not run for lack of the program openssl", severity: .warning)
            return
        }
        var (text, days) = ("subject=made up\n", [30, 400, 20_000])
        days.sort()
        let before = Int64(Date().timeIntervalSince1970)
        for days in days {
            let authority = try await Authority(openssl, days: days)
            text += try String(contentsOfFile: authority.file, encoding: .utf8) + "a word between\n"
        }
        let ends = CertificateFile(pem: text).certificates.map(\.ends)
        #expect(ends.count == 3)
        #expect(CertificateFile(pem: text).ends == ends.max())
        for (end, days) in zip(ends, days) {
            let off = end.microseconds / 1_000_000 - before - Int64(days) * 86_400
            #expect((0...120).contains(off), "\(end) is not \(days) days from now")
        }
    }

    @Test(
        "what is none is passed over",
        arguments: [
            "", "-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----",
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
            "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
        ])
    func none(_ text: String) {
        #expect(CertificateFile(pem: text).certificates == [] && CertificateFile(pem: text).ends == nil)
    }

    @Test("of several authorities the one counts that vouches, as long as the last of its certificates is good")
    func authorities() async throws {
        guard let openssl = Tool("openssl") else {
            Issue.record("not run for lack of the program openssl", severity: .warning)
            return
        }
        let ours = try await Authority(openssl, name: "ours", days: 10)
        let next = try await Authority(openssl, name: "ours", days: 500)
        let other = try await Authority(openssl, name: "other", days: 3)
        try await ours.certify("shop", for: "DNS:localhost", days: 5)
        func text(_ file: String) throws -> String { try String(contentsOfFile: file, encoding: .utf8) }
        let (first, second, third) = (try text(ours.file), try text(next.file), try text(other.file))
        let sent = CertificateFile(pem: try text(ours.folder.path("shop.pem"))).certificates
        try #require(sent.count == 1)
        func ends(_ bundle: String) -> Timestamp? { CertificateFile(pem: bundle).authorityEnds(for: sent) }
        func alone(_ file: String) -> Timestamp? { CertificateFile(pem: file).ends }
        #expect(ends(first) == alone(first) && ends(third + first) == alone(first))
        #expect(ends(first + third + second) == alone(second))
        #expect(ends(third) == nil && ends("") == nil)
        // One that stands there itself vouches for itself.
        let own = CertificateFile(pem: third)
        #expect(own.authorityEnds(for: own.certificates) == own.ends)
    }
}
