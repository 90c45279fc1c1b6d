import Crypto
import Foundation
import HTTPTypes
import Hummingbird

/// The robot of a chat service, after its public documents alone: it holds what it is sent against form, signature, size
/// and rate, shows what it takes, and answers as the real one does, errors within a 200 included.
package actor ChatRobot {
    package enum Service: String, Sendable, CaseIterable {
        case dingtalk, feishu, wecom, slack, telegram, teams, pagerduty, ntfy
    }

    /// What a chat shows, in order; of what was refused nothing.
    package private(set) var shown: [String] = []
    /// How often it was asked, and what it answered with in place of success.
    package private(set) var requests = 0
    package private(set) var refusals: [String] = []

    private let service: Service
    private let secret: String?
    private let clock: @Sendable () -> Double
    private var faults: [Answer?] = []
    private var arrivals: [Double] = []
    private let gate = StallGate()

    package struct Answer: Sendable, Hashable {
        package var status: Int
        package var text: String
        package init(_ status: Int, _ text: String) { (self.status, self.text) = (status, text) }

        /// The connection ends before any answer.
        package static let hangUp = Answer(0, "hang-up")
        /// No answer until the other side gives up or the simulation ends.
        package static let stall = Answer(0, "stall")
        /// It is shown, and the connection ends before the other side hears of that.
        package static let shownUnheard = Answer(0, "shown, unheard")
    }

    /// - Parameters:
    ///   - secret: signing secret, routing key or access token; nil: the robot has none.
    ///   - clock: seconds since 1970.
    package init(
        _ service: Service, secret: String? = nil,
        clock: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
    ) {
        (self.service, self.secret, self.clock) = (service, secret, clock)
    }

    /// What the next requests are answered with, one after the other, whatever they hold; nil: as they deserve.
    package func plan(_ answers: [Answer?]) { faults += answers }

    /// Serves on 127.0.0.1 while `body` runs, which is given the address to send to.
    package nonisolated func serving<Result: Sendable>(
        _ body: @escaping @Sendable (String) async throws -> Result
    ) async throws -> Result {
        let path =
            switch service {
            case .telegram: "/bot1:made-up"
            case .ntfy: "/alerts"
            default: "/robot/send?key=made-up"
            }
        return try await LoopbackServer.serving(respond: { request, context in
            let body = try await request.body.collect(upTo: 1 << 20)
            let call = Call(
                path: request.uri.path,
                query: Dictionary(
                    request.uri.queryParameters.map { (String($0.key), String($0.value)) }
                ) { first, _ in first },
                token: request.headers[.authorization], isJSON: request.headers[.contentType] == "application/json",
                body: Array(body.readableBytesView))
            let answer = await self.answer(call)
            if answer == .stall { await self.gate.wait() }
            guard answer.status != 0 else {
                context.hangUp()
                throw LoopbackFailure.hungUp
            }
            return Response(
                status: .init(code: answer.status), headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: .init(string: answer.text)))
        }) { port in
            do {
                let result = try await body("http://127.0.0.1:\(port)\(path)")
                await self.gate.releaseAll()
                return result
            } catch {
                await self.gate.releaseAll()
                throw error
            }
        }
    }

    private struct Call: Sendable {
        var path: String
        var query: [String: String]
        var token: String?
        var isJSON: Bool
        var body: [UInt8]
    }

    private func answer(_ call: Call) -> Answer {
        requests += 1
        let planned = faults.isEmpty ? nil : faults.removeFirst()
        if planned == .shownUnheard { _ = judged(call) }
        let answer = planned ?? judged(call)
        if planned != nil || answer.text != success { refusals.append(answer.text) }
        return answer
    }

    private var success: String {
        switch service {
        case .dingtalk, .wecom: #"{"errcode":0,"errmsg":"ok"}"#
        case .feishu: #"{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}"#
        case .slack: "ok"
        case .telegram: #"{"ok":true,"result":{"message_id":1}}"#
        case .teams: ""
        case .pagerduty: #"{"status":"success","message":"Event processed","dedup_key":"k"}"#
        case .ntfy: #"{"id":"sPs71M8A2T","event":"message"}"#
        }
    }

    private func judged(_ call: Call) -> Answer {
        guard call.isJSON, let document = JSONText(reading: call.body) else { return badRequest }
        let now = clock()
        arrivals = arrivals.filter { now - $0 < 60 } + [now]
        if arrivals.count > mostInAMinute { return tooMany }
        if let fault = guarded(call, document, now) { return fault }
        guard call.body.count <= largest, let text = text(in: document, call) else { return badRequest }
        shown.append(text)
        return Answer(service == .teams || service == .pagerduty ? 202 : 200, success)
    }

    private var largest: Int { service == .pagerduty ? 512 << 10 : service == .teams ? 28_672 : 20_000 }
    private var mostInAMinute: Int {
        switch service {
        case .dingtalk, .wecom, .telegram: 20
        case .feishu: 100
        default: 60
        }
    }

    private var tooMany: Answer {
        switch service {
        case .dingtalk: Answer(200, #"{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}"#)
        case .feishu: Answer(200, #"{"code":11232,"data":{},"msg":"frequency limited"}"#)
        case .wecom: Answer(200, #"{"errcode":45009,"errmsg":"api freq out of limit"}"#)
        case .telegram:
            Answer(
                429, #"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":30}}"#
            )
        case .ntfy: Answer(429, #"{"code":42901,"http":429,"error":"limit reached"}"#)
        default: Answer(429, "")
        }
    }

    private var badRequest: Answer {
        switch service {
        case .dingtalk: Answer(200, #"{"errcode":400001,"errmsg":"param error"}"#)
        case .feishu: Answer(200, #"{"code":9499,"data":{},"msg":"Bad Request"}"#)
        case .wecom: Answer(200, #"{"errcode":40008,"errmsg":"invalid message type"}"#)
        case .slack: Answer(400, "invalid_payload")
        case .telegram: Answer(400, #"{"ok":false,"error_code":400,"description":"Bad Request"}"#)
        case .pagerduty: Answer(400, #"{"status":"invalid event","message":"Event object is invalid"}"#)
        default: Answer(400, #"{"code":40001,"http":400}"#)
        }
    }

    /// What keeps strangers out; nil: it lets this one in.
    private func guarded(_ call: Call, _ document: JSONText, _ now: Double) -> Answer? {
        switch service {
        case .dingtalk:
            guard let secret else { return nil }
            let refused = Answer(200, #"{"errcode":310000,"errmsg":"sign not match"}"#)
            guard let stamp = call.query["timestamp"], let moment = Double(stamp), abs(now * 1000 - moment) < 3_600_000
            else { return refused }
            let code = HMAC<SHA256>.authenticationCode(
                for: Data("\(stamp)\n\(secret)".utf8), using: SymmetricKey(data: Data(secret.utf8)))
            return call.query["sign"] == Data(code).base64EncodedString() ? nil : refused
        case .feishu:
            guard let secret else { return nil }
            let refused = Answer(
                200, #"{"code":19021,"data":{},"msg":"sign match fail or timestamp is not within one hour"}"#)
            guard let stamp = document["timestamp"]?.plain, let moment = Double(stamp), abs(now - moment) < 3600 else {
                return refused
            }
            let code = HMAC<SHA256>.authenticationCode(
                for: Data(), using: SymmetricKey(data: Data("\(stamp)\n\(secret)".utf8)))
            return document["sign"]?.plain == Data(code).base64EncodedString() ? nil : refused
        case .pagerduty: return document["routing_key"]?.plain == secret ? nil : badRequest
        case .ntfy:
            return secret == nil || call.token == "Bearer \(secret ?? "")"
                ? nil : Answer(403, #"{"code":40301,"http":403}"#)
        case .telegram:
            return document["chat_id"]?.plain == secret
                ? nil : Answer(400, #"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#)
        case .wecom, .slack, .teams: return nil
        }
    }

    /// What people would see; nil: it is not the service's form.
    private func text(in document: JSONText, _ call: Call) -> String? {
        switch service {
        case .dingtalk, .wecom:
            guard document["msgtype"]?.plain == "text", let text = document["text"]?["content"]?.plain else {
                return nil
            }
            return service == .wecom && text.utf8.count > 2048 ? nil : text
        case .feishu:
            guard document["msg_type"]?.plain == "post", let post = document["content"]?["post"]?["zh_cn"],
                let title = post["title"]?.plain, case .array(let lines)? = post["content"]
            else { return nil }
            let texts = lines.flatMap { line -> [JSONText] in
                if case .array(let parts) = line { parts } else { [] }
            }.compactMap { $0["text"]?.plain }
            return ([title] + texts).joined(separator: "\n")
        case .slack:
            guard document["text"]?.plain?.isEmpty == false, case .array(let blocks)? = document["blocks"] else {
                return nil
            }
            let texts = blocks.compactMap { $0["text"]?["text"]?.plain }
            return texts.allSatisfy { $0.count <= 3000 } && texts[0].count <= 150
                ? texts.joined(separator: "\n") : nil
        case .telegram:
            guard call.path.hasSuffix("/sendMessage"), let text = document["text"]?.plain, text.utf16.count <= 4096
            else { return nil }
            return text
        case .teams:
            guard document["type"]?.plain == "message", case .array(let cards)? = document["attachments"],
                let card = cards.first, card["contentType"]?.plain == "application/vnd.microsoft.card.adaptive",
                case .array(let blocks)? = card["content"]?["body"]
            else { return nil }
            return blocks.flatMap { block -> [String] in
                if case .array(let runs)? = block["inlines"] { runs.compactMap { $0["text"]?.plain } } else { [] }
            }.joined(separator: "\n")
        case .pagerduty:
            guard let action = document["event_action"]?.plain, ["trigger", "resolve"].contains(action),
                let payload = document["payload"], let summary = payload["summary"]?.plain, summary.count <= 1024,
                payload["source"]?.plain != nil,
                ["critical", "error", "warning", "info"].contains(payload["severity"]?.plain ?? "")
            else { return nil }
            return summary + "\n" + (payload["custom_details"]?["text"]?.plain ?? "")
        case .ntfy:
            guard call.path == "/", document["topic"]?.plain == "alerts", let title = document["title"]?.plain,
                let text = document["message"]?.plain, text.utf8.count <= 4096
            else { return nil }
            return title + "\n" + text
        }
    }
}

extension JSONText {
    fileprivate subscript(_ name: String) -> JSONText? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0 == name }?.1
    }

    fileprivate var plain: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
