import Alerts
import Curl
import Facts
import Foundation
import Language
import Notify
import Rules

/// Receivers and where they listen.
extension ConfigReader {
    func receiver(_ item: ConfigFile.ReceiverItem) -> ReceiverEntry? {
        guard let address = address(of: item) else { return nil }
        var item = item
        if let path = item.template {
            guard let template = template(path, item) else { return nil }
            item.writing.message.template = template
        }
        var secret: Secret?
        if let reference = item.secret {
            guard let found = resolve(reference, warnsOfLiteral: true) else { return nil }
            secret = found
        }
        var entry = ReceiverEntry(
            id: item.id.value, writing: item.writing, route: item.route, address: address, secret: secret,
            fallback: item.fallback?.value, expires: item.expires ?? ReceiverEntry.standardExpiry)
        entry.afterOutage = item.afterOutage
        if let hold = item.hold {
            if hold < Self.leastHold {
                log.error(
                    "hold: is at least \(Self.leastHold.written): alerts are said again every minute, and one may be late",
                    at: item.id.place, in: item.id.source)
            }
            entry.hold = hold
        }
        do {
            if resolvesSecrets { _ = try entry.receiver() }
        } catch {
            let place = (item.urls.first?.place ?? item.id.place, item.urls.first?.source ?? item.id.source)
            let (range, source) =
                switch error {
                case .unusableSecret, .needlessSecret: item.secret.map { ($0.place, $0.source) } ?? place
                case .unusableAddress, .lacksSecret, .lacksChat, .lacksUser: place
                }
            log.error("\(error)".trimmingCharacters(in: ["."]), at: range, in: source)
            return nil
        }
        return entry
    }

    private func template(_ path: Placed<String>, _ item: ConfigFile.ReceiverItem) -> MessageTemplate? {
        guard let source = text(ofFile: absolute(path.value), what: "the template", namedBy: path),
            let template = MessageTemplate(source, log: log)
        else { return nil }
        let kind = item.writing.kind
        if kind == .dingtalk || kind == .feishu, !source.text.contains("goodstanding") {
            log.warning(
                "this template does not say goodstanding, which is in every message otherwise: a robot of \(kind.rawValue) that asks for a keyword has to be given another",
                at: path.place, in: path.source)
        }
        return template
    }

    /// Four times as long as it takes until it is said again.
    private static let leastHold = TimeSpan.minutes(4)

    private func address(of item: ConfigFile.ReceiverItem) -> ReceiverAddress? {
        if let program = item.command.first { return command(program, item.command.map(\.value)) }
        let isMail = item.writing.kind == .email
        var urls: [Secret] = []
        for reference in item.urls {
            guard let url = resolve(reference, warnsOfLiteral: false) else { return nil }
            let placed = Placed(value: url.reveal(), place: reference.place, source: reference.source)
            let isRight =
                !resolvesSecrets
                || (isMail ? isMailServer(placed) : checkAddress(placed, what: "receiver", isSecret: true))
            guard isRight else { return nil }
            urls.append(url)
        }
        guard isMail else { return .web(urls, chat: item.chat) }
        guard let server = urls.first, let from = item.from else { return nil }
        for address in [from] + item.to where !ReceiverAddress.MailAddress.isOne(address.value) {
            log.error("this is no mail address such as ops@shop.example", at: address.place, in: address.source)
            return nil
        }
        return .mail(.init(server: server, from: from.value, to: item.to.map(\.value), user: item.user))
    }

    private func isMailServer(_ server: Placed<String>) -> Bool {
        let isOne = server.value.hasPrefix("smtp://") || server.value.hasPrefix("smtps://")
        if !isOne {
            log.error(
                "the receiver's address is no mail server; write smtp://host:587 (STARTTLS) or smtps://host:465",
                at: server.place, in: server.source)
        }
        return isOne
    }

    /// There is no shell, and so no search for it.
    private func command(_ program: Placed<String>, _ words: [String]) -> ReceiverAddress? {
        let path = absolute(program.value)
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard FileManager.default.isExecutableFile(atPath: path),
            attributes?[.type] as? FileAttributeType != .typeDirectory
        else {
            log.error(
                "the command \(path) is no program that can be run; write its whole path, and check owner and mode",
                at: program.place, in: program.source)
            return nil
        }
        return .program([path] + words.dropFirst())
    }
}
