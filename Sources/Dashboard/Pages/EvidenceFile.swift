import Alerts
import Daemon
import Facts
import HTTPTypes
import Hummingbird
import NIOCore

/// The facts behind a rule's figures as CSV (RFC 4180), for a spreadsheet.
enum EvidenceFile {
    static func response(_ rule: String, of store: String, _ assembly: Assembly) async throws -> Response {
        let found = try await ExplainTask(.running(assembly), store: store, rule: rule, at: nil).run()
        var text = "kind,id,order,counts_on,leaves_on,contest_until\r\n"
        for item in found.rules.first?.evidence ?? [] {
            text +=
                [
                    item.kind.name, item.id, item.order ?? "", found.calendar.text(of: item.at),
                    item.leaves?.description ?? "", item.contestableUntil.map(found.calendar.endText) ?? "",
                ].map(CSVField.guarded).joined(separator: ",") + "\r\n"
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"evidence.csv\"",
            ], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
