package import Foundation
package import Testing

/// A mail server that nobody here wrote: aiosmtpd on loopback, with what it took read by Python's own library.
package struct MailServer: Sendable {
    package enum Mode: String, Sendable { case starttls, tls, plain }

    package let port: Int
    private let folder: Workplace

    private static let files = URL(filePath: #filePath).deletingLastPathComponent().path + "/Mail"

    /// `make test` installs it once, into the user's cache.
    package static let isThere = (try? Tool("sh")?.run([files + "/install", "check"]) as [UInt8]?) != nil
    package static let absence: Comment = """
        aiosmtpd is not installed (Tests/TestSupport/Mail/install, which make test runs): no mail was sent to a real server
        """

    /// Under it libcurl finds this machine, and nothing takes it for a relay of this machine's own.
    package static let host = "mail.localhost"
    package static let (user, password) = ("robot", "made-up")

    /// Runs one as long as `body` does.
    ///
    /// - Parameters:
    ///   - certificate: the path of one, without its ending; its key lies beside it.
    ///   - answers: to the messages of these numbers, in place of taking them.
    package static func serving<Result>(
        _ mode: Mode = .starttls, certificate: String? = nil, answers: [Int: String] = [:],
        isolation: isolated (any Actor)? = #isolation, _ body: (MailServer) async throws -> Result
    ) async throws -> Result {
        let folder = try Workplace()
        for (number, answer) in answers { try folder.write("answer.\(number)", answer) }
        for ending in ["pem", "key"] {
            guard let certificate else { break }
            try FileManager.default.copyItem(atPath: "\(certificate).\(ending)", toPath: folder.file("cert.\(ending)"))
        }
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? environment["HOME"].map { $0 + "/.cache" } ?? ""
        let (process, line) = try await #require(Tool("env")).start(
            [
                "FOLDER=\(folder.path)", "MODE=\(mode.rawValue)", "PYTHONDONTWRITEBYTECODE=1",
                cache + "/goodstanding/mail/venv/bin/python", files + "/serve.py",
            ], until: "Listening on ")
        defer { kill(process.processIdentifier, SIGKILL) }
        let port = try #require(Int(line.dropFirst("Listening on ".count)))
        return try await body(MailServer(port: port, folder: folder))
    }

    /// How a message came: who it is from and for, as the server was told.
    package struct Envelope: Decodable, Sendable {
        package var from: String
        package var to: [String]
        package var tls: Bool
        package var login: String?
        package var helo: String
    }

    package var envelopes: [Envelope] {
        get throws {
            let text = (try? String(contentsOfFile: folder.file("envelopes.jsonl"), encoding: .utf8)) ?? ""
            return try text.split(separator: "\n").map { try JSONDecoder().decode(Envelope.self, from: Data($0.utf8)) }
        }
    }

    /// A message as it is read.
    package struct Read: Decodable, Sendable {
        package var headers: [String: String]
        /// Of the fields, in order.
        package var names: [String]
        package var type: String
        package var parts: [Part]
        /// What the reader finds wrong with it.
        package var defects: [String]
        package var longest: Int
        /// Line ends that are none in mail.
        package var bare: Int
        package var ascii: Bool

        package struct Part: Decodable, Sendable {
            package var type: String
            package var text: String
        }
    }

    /// - Parameter number: 1 is the first that was taken.
    package func read(_ number: Int) async throws -> Read { try await Self.read(folder.file("\(number).eml")) }

    package static func read(_ path: String) async throws -> Read {
        let printed = try await #require(Tool("python3")).run([files + "/read.py", path])
        return try JSONDecoder().decode(Read.self, from: Data(printed))
    }
}
