import Facts
import Rules

extension Message {
    /// As it is kept until it is part of what is sent.
    var json: [UInt8] {
        var json = JSONWriter(reserving: 512)
        json.object { json in
            json.member("headline", string: headline)
            json.member("lines") { json in json.array { json in for line in lines { json.element { $0.string(line) } } }
            }
            json.member("headroom", string: headroom)
            json.member("link", string: link)
            json.member("standing", string: standing.rawValue)
            json.member("severity", string: severity.rawValue)
            json.member("episode", string: episode)
            json.member("store", string: store)
            json.member("rule", string: rule)
            json.member("reason", string: reason)
        }
        return json.bytes
    }

    /// nil for what `json` did not write.
    init?(json bytes: [UInt8]) {
        let opened = bytes.withUnsafeBytes { bytes in
            Result { () throws(JSONDocument.Fault) in try JSONDocument(bytes) }
        }
        guard let root = try? opened.get().root, let headline = root["headline"]?.text,
            let standing = root["standing"]?.text.flatMap(Standing.init(rawValue:)),
            let severity = root["severity"]?.text.flatMap(Severity.init(rawValue:)),
            let episode = root["episode"]?.text, let store = root["store"]?.text, let rule = root["rule"]?.text
        else { return nil }
        self.init(
            headline: headline, lines: root["lines"]?.elements.compactMap(\.text) ?? [],
            headroom: root["headroom"]?.text, link: root["link"]?.text,
            standing: standing, severity: severity, episode: episode, store: store, rule: rule,
            reason: root["reason"]?.text)
    }
}

extension MessageWriting {
    /// How much of each alert is shown where there are several.
    private static let linesEach = 3

    /// Several messages as one: how it stands in the first line, then each by itself, the worst first. Of one alert what
    /// happened last is shown; where it is over, and the same message is the first word that it fired, that as well.
    ///
    /// - Parameters:
    ///   - messages: at least one.
    ///   - id: of the notice.
    ///   - part: which it is where a list goes on in several.
    func together(_ messages: [Message], id: String, part: MessagePart? = nil) -> Message {
        var (latest, order): ([String: Message], [String]) = ([:], [])
        var before: [String: Message] = [:]
        for message in messages {
            guard let earlier = latest.updateValue(message, forKey: message.episode) else {
                order.append(message.episode)
                continue
            }
            if !earlier.isOver { before[message.episode] = earlier }
        }
        let shown = order.compactMap { latest[$0] }.enumerated()
            .sorted { (Self.rank($0.element), $0.offset) < (Self.rank($1.element), $1.offset) }.map(\.element)
        let counts = [
            (shown.filter { $0.standing == .breach }.count, Words(en: "in breach", zh: "项不达标")),
            (shown.filter { $0.standing == .warning }.count, Words(en: "in warning", zh: "项预警")),
            (shown.filter { $0.standing == .ok }.count, Words(en: "ok again", zh: "项已恢复")),
            (shown.filter { $0.standing == .unjudged }.count, Words(en: "no longer judged", zh: "项不再考核")),
        ].filter { $0.0 > 0 }
        let stores = Set(shown.map(\.store)).count
        let words = Words(
            en: counts.map { "\($0.0) \($0.1.en)" }.joined(separator: ", ")
                + (stores == 1 ? " at 1 store" : " at \(stores) stores"),
            zh: counts.map { "\($0.0) \($0.1.zh)" }.joined(separator: "，") + "（\(stores) 家店铺）")
        var lines: [String] = []
        for message in shown {
            lines += self.lines(of: message, after: before[message.episode], isOne: shown.count == 1)
        }
        lines.append("goodstanding \(id.prefix(12))")
        let worst = shown[0]
        return Message(
            headline: language.text(Words(en: "[\(words.en)]", zh: "【\(words.zh)】")) + (part?.words ?? ""),
            lines: lines,
            link: shown.count == 1 ? worst.link : nil,
            standing: worst.standing, severity: gravest(shown, as: worst.standing), episode: id,
            store: shown.count == 1 ? worst.store : "",
            rule: "several:")
    }

    /// Of one alert among several.
    private func lines(of message: Message, after earlier: Message?, isOne: Bool) -> [String] {
        var lines = [message.headline]
        if message.isOver, let earlier {
            let title = earlier.standing.title
            lines.append("  " + language.text(Words(en: "had fired: \(title.en)", zh: "曾触发：\(title.zh)")))
        }
        lines += message.lines.prefix(message.isOver ? 1 : Self.linesEach).map { "  " + $0 }
        if message.isOver, let reason = message.reason, message.lines.first != reason {
            lines.append("  " + reason)
        }
        if let link = message.link, !isOne { lines.append("  " + link) }
        return lines
    }

    /// How many each of the messages holds in which all of these have room, in their order.
    ///
    /// - Parameter room: of one message, in bytes.
    func cut(_ messages: [Message], room: Int) -> [Int] {
        var (counts, used): ([Int], Int) = ([], 0)
        for message in messages {
            // As long as it can be: of what is told twice of an alert one is shown.
            let size = lines(of: message, after: message, isOne: false).reduce(0) {
                $0 + $1.withoutMentions.utf8.count + 1
            }
            if let last = counts.indices.last, used + size <= room {
                (counts[last], used) = (counts[last] + 1, used + size)
            } else {
                counts.append(1)
                used = size
            }
        }
        return counts
    }

    /// The gravest of those that stand worst.
    private func gravest(_ messages: [Message], as standing: Standing) -> Severity {
        let severities = Set(messages.filter { $0.standing == standing }.map(\.severity))
        return Severity.allCases.first(where: severities.contains) ?? .info
    }

    private static func rank(_ message: Message) -> Int {
        switch message.standing {
        case .breach: 0
        case .warning: 1
        case .unknown: 2
        case .unjudged: 3
        case .ok: 4
        }
    }
}

/// Which of the messages it is in which a list goes on, from 1.
package struct MessagePart: Sendable, Hashable {
    package var number: Int
    package var of: Int

    package init(_ number: Int, of: Int) { (self.number, self.of) = (number, of) }

    var words: String { " (\(number)/\(of))" }
}
