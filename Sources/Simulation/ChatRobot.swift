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
    /// Whoever sent too much is not heard before it.
    private var blockedUntil = -Double.infinity
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
        if planned != nil || answer.text != service.success { refusals.append(answer.text) }
        return answer
    }

    private func judged(_ call: Call) -> Answer {
        guard call.isJSON, let document = JSONText(reading: call.body) else { return service.badRequest }
        let now = clock()
        arrivals = arrivals.filter { now - $0 < 60 } + [now]
        guard now >= blockedUntil else { return service.tooMany }
        if arrivals.count > service.mostInAMinute {
            blockedUntil = now + service.blocksFor
            return service.tooMany
        }
        if let most = service.mostInASecond, arrivals.count(where: { now - $0 < 1 }) > most { return service.tooMany }
        if let fault = guarded(call, document, now) { return fault }
        guard call.body.count <= service.largest, let text = service.text(in: document, path: call.path) else {
            return service.badRequest
        }
        shown.append(text)
        return Answer(service == .teams || service == .pagerduty ? 202 : 200, service.success)
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
        case .pagerduty: return document["routing_key"]?.plain == secret ? nil : service.badRequest
        case .ntfy:
            return secret == nil || call.token == "Bearer \(secret ?? "")"
                ? nil : Answer(403, #"{"code":40301,"http":403}"#)
        case .telegram:
            return document["chat_id"]?.plain == secret
                ? nil : Answer(400, #"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#)
        case .wecom, .slack, .teams: return nil
        }
    }
}
