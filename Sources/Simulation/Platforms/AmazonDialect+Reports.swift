import Foundation

/// Reports 2021-06-30: asked for, waited for, and fetched from an address of their own.
extension AmazonDialect {
    /// Where the documents lie: elsewhere than the API, and signed.
    static let documents = "made-up-documents"
    private static let performance = "GET_V2_SELLER_PERFORMANCE_REPORT"
    private static let returns = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE"
    /// Known, but of which nothing is there to report.
    private static let empty = [
        "GET_XML_RETURNS_DATA_BY_RETURN_DATE", "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA",
        "GET_SELLER_FEEDBACK_DATA",
    ]

    /// What was asked for. The desk keeps it as a line of text.
    private struct Report {
        var type: String
        var from, until, created: Int64
        /// The moment as of which it tells.
        var shown: Int64
        /// How often it was asked after.
        var looks = 0

        init(type: String, _ desk: PlatformDesk) {
            // Both ends are now where they are not given.
            (self.type, from, until, created, shown) = (type, desk.now, desk.now, desk.now, desk.shown)
        }

        init?(_ id: String, _ desk: PlatformDesk) {
            let parts = desk.credentials["report " + id]?.split(separator: " ") ?? []
            let numbers = parts.dropFirst().compactMap { Int64($0) }
            guard numbers.count == 5 else { return nil }
            (type, from, until, created) = (String(parts[0]), numbers[0], numbers[1], numbers[2])
            (shown, looks) = (numbers[3], Int(numbers[4]))
        }

        func keep(_ id: String, _ desk: inout PlatformDesk) {
            desk.credentials["report " + id] = "\(type) \(from) \(until) \(created) \(shown) \(looks)"
        }
    }

    static func createReport(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        guard call.headers["content-type"]?.hasPrefix("application/json") == true,
            let body = try? JSONSerialization.jsonObject(with: Data(call.body)) as? [String: Any]
        else { return wrong("body") }
        guard let type = body["reportType"] as? String, ([performance, returns] + empty).contains(type) else {
            return wrong("reportType")
        }
        guard let marketplaces = body["marketplaceIds"] as? [String], (1...25).contains(marketplaces.count),
            marketplaces.contains(AmazonID.marketplace)
        else { return wrong("marketplaceIds") }
        var report = Report(type: type, desk)
        if let text = body["dataStartTime"] {
            guard let moment = (text as? String).flatMap(PlainText.momentOrDay) else { return wrong("dataStartTime") }
            report.from = moment
        }
        if let text = body["dataEndTime"] {
            guard let moment = (text as? String).flatMap(PlainText.momentOrDay), moment <= desk.now else {
                return wrong("dataEndTime")
            }
            report.until = moment
        }
        guard report.from <= report.until else { return wrong("dataStartTime") }
        let count = (Int(desk.credentials["reports"] ?? "") ?? 0) + 1
        desk.credentials["reports"] = "\(count)"
        let id = "\(326_246_000_000 + count)"
        report.keep(id, &desk)
        return PlatformReply(status: 202, ["reportId": .string(id)])
    }

    static func report(_ id: String, _ fault: PlatformFault?, _ desk: inout PlatformDesk) -> PlatformReply {
        guard var report = Report(id, desk) else { return refusal(404, "NotFound", "Resource not found.", id) }
        report.looks += 1
        report.keep(id, &desk)
        // Who asks at once sees it wait and work; after two minutes it is made in any case.
        let isMade = report.looks > 2 || desk.now >= report.created + 120
        // Where there is nothing to report, it cancels itself.
        let status =
            fault == .failed
            ? "FATAL"
            : !isMade
                ? (report.looks == 1 ? "IN_QUEUE" : "IN_PROGRESS") : text(report, desk) == nil ? "CANCELLED" : "DONE"
        var members: [(String, JSONText)] = [
            ("reportType", .string(report.type)), ("processingStatus", .string(status)),
            ("marketplaceIds", [.string(AmazonID.marketplace)]), ("reportId", .string(id)),
            ("dataStartTime", .string(stamp(report.from))), ("dataEndTime", .string(stamp(report.until))),
            ("createdTime", .string(stamp(report.created))),
        ]
        if status != "IN_QUEUE" { members.append(("processingStartTime", .string(stamp(report.created)))) }
        if isMade { members.append(("processingEndTime", .string(stamp(desk.now)))) }
        if status == "DONE" { members.append(("reportDocumentId", .string(documentPrefix + id))) }
        return PlatformReply(.object(members))
    }

    private static let documentPrefix = "amzn1.spdoc.1.4.na.made-up."

    /// As the samples have it: `2025-08-13T17:26:00+00:00`.
    private static func stamp(_ seconds: Int64) -> String { PlainText.time(seconds).dropLast() + "+00:00" }

    static func reportDocument(_ id: String, _ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        let reportID = String(id.dropFirst(documentPrefix.count))
        guard id.hasPrefix(documentPrefix), let report = Report(reportID, desk), text(report, desk) != nil else {
            return refusal(404, "NotFound", "Resource not found.", id)
        }
        // The address is good for five minutes.
        let signature = desk.newToken("signature")
        desk.credentials["document " + signature] = "\(desk.now + 300)"
        let url = "\(call.origin)/\(documents)/\(reportID)?X-Amz-Expires=300&X-Amz-Signature=\(signature)"
        var members: [(String, JSONText)] = [("reportDocumentId", .string(id)), ("url", .string(url))]
        if isPacked(report) { members.append(("compressionAlgorithm", "GZIP")) }
        return PlatformReply(.object(members))
    }

    /// The store of documents takes its signature alone: headers of Amazon's that are not under it are refused.
    static func document(_ call: PlatformCall, _ fault: PlatformFault?, _ desk: inout PlatformDesk) -> PlatformReply {
        guard fault != .throttled, fault != .busy else { return storeRefusal(503, "SlowDown") }
        let until = desk.credentials["document " + (call.value("X-Amz-Signature") ?? "")].flatMap { Int64($0) }
        guard call.method == "GET", let until, desk.now < until, fault != .expired,
            let id = call.path.split(separator: "/").last, let report = Report(String(id), desk),
            let text = text(report, desk)
        else { return storeRefusal(403, "AccessDenied") }
        guard call.headers["authorization"] == nil, !call.headers.keys.contains(where: { $0.hasPrefix("x-amz-") })
        else { return storeRefusal(403, "HeadersNotSigned") }
        var reply = PlatformReply(status: 200, headers: [("Content-Type", "application/octet-stream")], text: text)
        if isPacked(report) { reply.packed = StoredGzip.bytes(of: Array(text.utf8)) }
        return reply
    }

    /// Some are, and some are not.
    private static func isPacked(_ report: Report) -> Bool { report.type == performance }

    private static func storeRefusal(_ status: Int, _ code: String) -> PlatformReply {
        PlatformReply(
            status: status, headers: [("Content-Type", "application/xml")],
            text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>\(code)</Code></Error>")
    }

    /// nil where there is nothing to report. It tells what was known when it was asked for.
    private static func text(_ report: Report, _ desk: PlatformDesk) -> String? {
        switch report.type {
        case performance: performanceText(report.created)
        case returns: returnsText(desk.history, at: report.shown, report.from...report.until)
        default: nil
        }
    }
}
