import Crypto
import Curl
import Facts
import Testing

@testable import Notify

private struct Vector: Sendable {
    var secret: String
    var id: String
    var seconds: Int64
    var body: String
    var signature: String
}

/// Computed with the public library `standardwebhooks` 1.1.0 for Python and, by itself, with Python's `hmac`; both
/// agree.
private let vectors: [Vector] = [
    // The example that the specification's own libraries are tested with.
    Vector(
        secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330,
        body: #"{"test": 2432232314}"#, signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
    Vector(
        secret: "whsec_Z29vZHN0YW5kaW5nLXRlc3Qtc2VjcmV0LTMyYnl0ZXM=", id: "ntc_952d43e911ea4974dd17d90bb8149d32",
        seconds: 1_772_445_600, body: #"{"type":"alerts","name":"拼多多旗舰店"}"#,
        signature: "v1,sGArGL2HzUKFQIBcILqMrJBixRCp0mqY9U1svLWZ6Ic="),
    Vector(
        secret: "whsec_Z29vZHN0YW5kaW5nLXRlc3Qtc2VjcmV0LTMyYnl0ZXM=", id: "ntc_952d43e911ea4974dd17d90bb8149d32",
        seconds: 1_772_445_600, body: "", signature: "v1,bLDSKLbwaEmruF0ZAf4iAsufdTjh0z6jpnzMHNJNY1c="),
]

@Suite("signatures")
struct WebhookSignatureTests {
    @Test("are those of Standard Webhooks", arguments: vectors)
    fileprivate func vector(_ vector: Vector) throws {
        let key = try #require(WebhookSignature.key(of: Secret(vector.secret)))
        let signature = WebhookSignature.value(
            id: vector.id, seconds: vector.seconds, body: Array(vector.body.utf8), key: key)
        #expect(signature == vector.signature)
    }

    @Test(
        "a secret that is not whsec_ and Base64 is refused",
        arguments: [
            "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64", "whsec_abc",
            "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ])
    func refused(_ text: String) {
        #expect(WebhookSignature.key(of: Secret(text)) == nil)
        #expect(throws: Receiver.Fault.unusableSecret(receiver: "ops")) {
            try Receiver(id: "ops", url: Secret("https://ops.example/hook"), secret: Secret(text))
        }
    }

    @Test(
        "an address that is none is refused, and is not repeated",
        arguments: [
            "", "ops.example/hook", "ftp://ops.example/t0ken", "https://user:t0ken@ops.example/",
            "https://ops.example/t0 ken",
        ])
    func address(_ text: String) throws {
        let fault = try #require(throws: Receiver.Fault.self) {
            try Receiver(id: "ops", url: Secret(text), secret: nil)
        }
        #expect(fault == .unusableAddress(receiver: "ops"))
        #expect(!fault.description.contains("t0"))
    }

    @Test(
        "a receiver shows its host and nothing else of its address",
        arguments: [
            ("https://ops.example:8443/hook/t0ken?key=hidden", "ops.example"), ("http://127.0.0.1:9/x", "127.0.0.1"),
            ("http://[::1]:8080/x", "[::1]"),
        ])
    func host(_ url: String, _ host: String) throws {
        let receiver = try Receiver(id: "ops", url: Secret(url), secret: nil)
        #expect(receiver.host == host)
        #expect(!"\(receiver)".contains("t0ken") && !String(reflecting: receiver).contains("hidden"))
    }
}
