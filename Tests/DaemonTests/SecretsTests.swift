import Curl
import Daemon
import Foundation
import Testing

@Suite("Secrets come from where the configuration says, and say what is missing")
struct SecretsTests {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "/secrets-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    @Test("an environment variable, a file and a credential give their text")
    func resolves() throws {
        try "from-file\n".write(toFile: folder + "/token", atomically: true, encoding: .utf8)
        try "from-folder".write(toFile: folder + "/secrets_hook", atomically: true, encoding: .utf8)
        let secrets = Secrets(environment: ["T": "from-env", "CREDENTIALS_DIRECTORY": folder], folder: folder)
        #expect(try secrets.resolve(.env("T")).reveal() == "from-env")
        #expect(try secrets.resolve(.file("token")).reveal() == "from-file")
        #expect(try secrets.resolve(.file(folder + "/token")).reveal() == "from-file")
        #expect(try secrets.resolve(.credential("token")).reveal() == "from-file")
        #expect(try secrets.resolve(.credential("hook")).reveal() == "from-folder")
        #expect(try secrets.resolve(.literal("x")).reveal() == "x")
    }

    @Test("what is missing is named with the way out")
    func missing() throws {
        try "".write(toFile: folder + "/empty", atomically: true, encoding: .utf8)
        try Data([0xFF, 0xFE, 0]).write(to: URL(filePath: folder + "/binary"))
        let secrets = Secrets(environment: [:], folder: folder)
        for (reference, words) in [
            (SecretReference.env("NOPE"), "NOPE is not set"), (.file("gone"), "does not exist"),
            (.file("empty"), "is empty"), (.file("binary"), "not a short UTF-8 text"),
            (.credential("c"), "LoadCredential"),
        ] {
            let error = try #require(throws: SecretError.self) { try secrets.resolve(reference) }
            #expect(error.message.contains(words), "\(error.message)")
        }
    }

    @Test("a secret prints as dots, in every way of printing")
    func dots() throws {
        let secret = try Secrets(environment: [:], folder: "/").resolve(.literal("hunter2"))
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped, "\([secret])", "\(["k": secret])"] {
            #expect(!text.contains("hunter2"))
        }
    }
}
