package import Alerts
package import Facts
import Rules

/// A board as a receiver gets it. Members are added, never renamed.
package struct BoardBody: Sendable {
    package var receiver: String
    package var board: Board

    package init(receiver: String, board: Board) { (self.receiver, self.board) = (receiver, board) }

    /// The same however often it is made: a receiver gets one a day.
    package static func id(receiver: String, day: LocalDay) -> String {
        ContentID.notice(receiver: receiver, episode: "board \(day)", change: 1)
    }

    package func notice(at now: Timestamp, in writing: ReceiverWriting) -> Notice {
        Notice(
            id: Self.id(receiver: receiver, day: board.day), receiver: receiver,
            // No rule's id holds a colon.
            key: AlertKey(store: "", rule: "board:"), episode: "board \(board.day)", change: 1, madeAt: now,
            body: writing.bytes(of: message(writing.message), at: now, to: receiver) { json(at: now) })
    }

    // MARK: For people

    /// Of each section so many lines.
    private static let most = 20

    func message(_ writing: MessageWriting) -> Message {
        let language = writing.language
        let order = Standing.worstFirst
        let counts = order.compactMap { standing -> Words? in
            guard let count = board.standings[standing], count > 0 else { return nil }
            return Words(en: "\(count) \(standing.title.en)", zh: "\(standing.title.zh) \(count)")
        }
        let stands = Words(
            en: "stores: " + counts.map(\.en).joined(separator: ", "),
            zh: "店铺：" + counts.map(\.zh).joined(separator: "，"))
        var lines: [String] = []
        func section(_ title: Words, _ entries: [[Words]]) {
            guard !entries.isEmpty else { return }
            lines.append(language.text(title + Words(en: ":", zh: "：")))
            for entry in entries.prefix(Self.most) {
                lines.append("- " + language.text(entry[0]))
                lines += entry.dropFirst().map { "  " + language.text($0) }
            }
            if entries.count > Self.most { lines.append("  … +\(entries.count - Self.most)") }
        }
        section(Words(en: "out of order, or not known", zh: "未达标或数据未知"), board.outside.map(entry))
        section(Words(en: "in order, and nearest to a limit", zh: "达标但最接近限值"), board.near.map(entry))
        section(Words(en: "grew worse since yesterday", zh: "较昨日变差"), board.worse.map(entry))
        section(Words(en: "leaves the window this week", zh: "本周移出统计窗口"), board.leaving.map(entry))
        section(Words(en: "due", zh: "待办"), board.due.map { [$0] })
        if board.ended > 0 {
            lines.append(
                language.text(
                    Words(en: "ended since yesterday: \(board.ended)", zh: "昨日以来已恢复：\(board.ended)")))
        }
        lines.append("goodstanding \(Self.id(receiver: receiver, day: board.day).prefix(12))")
        let worst = order.first { board.standings[$0] ?? 0 > 0 } ?? .ok
        return Message(
            headline: "[\(board.day)] "
                + (counts.isEmpty ? language.text(Words(en: "no store", zh: "没有店铺")) : language.text(stands)),
            lines: lines, link: board.link, standing: worst, severity: .info, episode: "board \(board.day)", store: "",
            rule: "board:"
        ).shown(by: writing.zone)
    }

    private func entry(_ line: Board.Line) -> [Words] {
        let (name, title) = (line.subject.storeName, line.subject.title)
        let head = Words(
            en: "[\(line.standing.title.en)] \(name): \(title.en)", zh: "【\(line.standing.title.zh)】\(name)：\(title.zh)"
        )
        return [head] + line.words
    }

    // MARK: For programs

    func json(at now: Timestamp) -> [UInt8] {
        var json = JSONWriter(reserving: 4096)
        json.object { json in
            json.member("type", string: "board")
            json.member("timestamp", string: "\(now)")
            json.member("data") { json in
                json.object { json in
                    json.member("receiver", string: receiver)
                    json.member("day", string: "\(board.day)")
                    json.member("stores") { json in
                        json.object { json in
                            for standing in Standing.allCases {
                                json.member(standing.rawValue, literal: "\(board.standings[standing] ?? 0)")
                            }
                        }
                    }
                    for (name, lines) in [
                        ("outside", board.outside), ("near", board.near), ("worse", board.worse),
                        ("leaving", board.leaving),
                    ] {
                        json.member(name) { json in
                            json.array { json in for line in lines { json.element { Self.write(line, to: &$0) } } }
                        }
                    }
                    json.member("ended", literal: "\(board.ended)")
                    json.member("due") { json in
                        json.array { json in for words in board.due { json.element { $0.words(words) } } }
                    }
                    json.member("not_measured", literal: "\(board.notMeasured)")
                }
            }
        }
        return json.bytes
    }

    private static func write(_ line: Board.Line, to json: inout JSONWriter) {
        json.object { json in
            json.member("store", string: line.key.store)
            json.member("store_name", string: line.subject.storeName)
            json.member("rule", string: line.key.rule)
            json.member("standing", string: line.standing.rawValue)
            json.member("words") { json in
                json.array { json in for words in line.words { json.element { $0.words(words) } } }
            }
        }
    }
}
