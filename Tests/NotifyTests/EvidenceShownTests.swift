import Alerts
import Facts
import Rules
import Testing

@testable import Notify

@Suite("Of the facts behind a figure each receiver is shown as much as its entry says, programs too")
struct EvidenceShownTests {
    private static let id = "ntc_952d43e911ea4974dd17d90bb8149d32"

    struct Form: Sendable, CustomTestStringConvertible {
        var kind: ReceiverKind
        var format = WebhookFormat.goodstanding
        var testDescription: String { "\(kind.rawValue) \(format.rawValue)" }
    }

    private static let forms =
        [Form(kind: .webhook, format: .alertmanager)] + ReceiverKind.allCases.map { Form(kind: $0) }

    private func text(_ form: Form, _ evidence: EvidenceShown) throws -> String {
        let writing = ReceiverWriting(form.kind, MessageWriting(evidence: evidence), format: form.format)
        let told = try NotifyTests.told()
        // What is sent of a mail is encoded.
        if form.kind == .email { return String(decoding: writing.part(told, id: Self.id), as: UTF8.self) }
        let bytes = writing.bytes(of: NoticeContent(id: Self.id, receiver: "r", madeAt: start, alerts: [told]))
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("whole, by the last four characters, or how many there are", arguments: forms)
    func shown(_ form: Form) throws {
        let (full, masked, counts) = try (text(form, .full), text(form, .masked), text(form, .counts))
        #expect(full.contains("r-101") && full.contains("260301-001"))
        #expect(!masked.contains("r-101") && !masked.contains("260301-001") && masked.contains("…-101"), "\(masked)")
        #expect(!counts.contains("-101") && !counts.contains("260301") && counts.contains("7"), "\(counts)")
    }

    @Test("the total is known where nothing is named")
    func total() throws {
        var told = try NotifyTests.told()
        told.report.evidenceTotal = nil
        let shown = EvidenceShown.counts.shown(told)
        #expect(shown.report.evidence.isEmpty && shown.report.evidenceTotal == 6)
        #expect(EvidenceShown.full.shown(told) == told)
    }
}
