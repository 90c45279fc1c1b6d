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
        let ends = CertificateFile(pem: text).ends
        #expect(ends.count == 3)
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
    func none(_ text: String) { #expect(CertificateFile(pem: text).ends == []) }
}
