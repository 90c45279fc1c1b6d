import Alerts
import Curl
import Facts
import Notify
import Rules
import TestSupport

let start = Timestamp(seconds: 1_772_445_600)  // 2026-03-02T10:00:00Z
let key = AlertKey(store: "pdd-flagship", rule: "dispute-refunds")
/// The Base64 of `goodstanding-test-secret-32bytes`.
let secret = Secret("whsec_Z29vZHN0YW5kaW5nLXRlc3Qtc2VjcmV0LTMyYnl0ZXM=")

let subject = AlertSubject(
    storeName: "拼多多旗舰店", platform: "pinduoduo", labels: ["team": "east", "area": "\"A\""],
    title: Words(en: "Dispute refunds in 30 days", zh: "近30天纠纷退款"), severity: .critical)

func notice(_ body: String = #"{"type":"alerts","name":"拼多多旗舰店"}"#) -> Notice {
    Notice(
        id: "ntc_952d43e911ea4974dd17d90bb8149d32", receiver: "ops", key: key,
        episode: "ep_d16a4459ac397fd6c776a4efa93de1e6", change: 1, madeAt: start, body: Array(body.utf8))
}

func receiver(secret: Secret? = secret) throws -> Receiver {
    try Receiver(id: "ops", url: Secret("https://ops.example:8443/hook/t0ken?key=hidden"), secret: secret)
}

/// What a notifier makes of one answer.
func outcome(
    of answer: CannedTransport.Answer, attempt: Int = 1, at now: Timestamp = start, seed: UInt64 = 1
) async throws -> Outcome {
    var generator = SeededGenerator(seed: seed)
    let notifier = Notifier(transport: CannedTransport([answer]), clock: ManualClock(now))
    return await notifier.send(notice(), to: try receiver(), attempt: attempt, using: &generator)
}
