import Facts
import Foundation
import Rules

/// An e-mail about one or several events: what of it depends on these alone. Who it is from and for, and its id, each sending
/// puts before it.
///
/// A text for every reader, and the same as HTML; both in Base64, so that no server between breaks or marks a line.
enum MailBody {
    /// Stands in no Base64.
    private static let boundary = "=_goodstanding"
    private static let mostSubject = 300

    static func bytes(of messages: [Message]) -> [UInt8] {
        guard let first = messages.first else { return [] }
        var lines = [
            "Subject: " + MailHeader.value(subject(messages)),
            "X-Goodstanding-Standing: " + MailHeader.value(worst(messages).rawValue),
        ]
        if messages.count == 1 {
            let names = [("Store", first.store), ("Rule", first.rule), ("Episode", first.episode)]
            lines += names.filter { !$0.1.isEmpty }.map { "X-Goodstanding-\($0.0): " + MailHeader.value($0.1) }
        }
        lines += [
            "MIME-Version: 1.0", "Content-Type: multipart/alternative; boundary=\"\(boundary)\"", "",
            "--" + boundary, "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "",
            encoded(text(messages)),
            "--" + boundary, "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: base64", "",
            encoded(html(messages)), "--\(boundary)--", "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// How far it is to the limit is what decides whether it is opened now.
    static func subject(_ messages: [Message]) -> String {
        let first = messages[0]
        let more = messages.count > 1 ? " (+\(messages.count - 1))" : first.headroom.map { "; " + $0 } ?? ""
        return Message.cut(first.headline + more, most: mostSubject)
    }

    private static func worst(_ messages: [Message]) -> Standing {
        messages.map(\.standing).first { $0 == .breach } ?? messages.map(\.standing).first { $0 == .warning }
            ?? messages[0].standing
    }

    private static func text(_ messages: [Message]) -> String {
        var parts = messages.count > 1 ? [messages.map(\.headline).joined(separator: "\n")] : []
        parts += messages.map { message in
            ([message.headline] + message.lines + [message.link].compactMap { $0 }).joined(separator: "\n")
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static func html(_ messages: [Message]) -> String {
        var parts: [String] = []
        if messages.count > 1 {
            parts.append("<ul>" + messages.map { "<li>\($0.headline.inHTML)</li>" }.joined(separator: "\n") + "</ul>")
        }
        parts += messages.map { message in
            let colour = message.isOver ? "#1a7f37" : message.standing == .breach ? "#b42318" : "#b54708"
            var part = "<p style=\"color:\(colour)\"><strong>\(message.headline.inHTML)</strong></p>\n"
            part += "<p>" + message.lines.map(\.inHTML).joined(separator: "<br>\n") + "</p>"
            if let link = PrometheusAlert.address(message.link) {
                part += "\n<p><a href=\"\(link.inHTML)\">\(link.inHTML)</a></p>"
            }
            return part
        }
        return "<!doctype html>\n<html><head><meta charset=\"utf-8\"></head><body>\n"
            + parts.joined(separator: "\n<hr>\n")
            + "\n</body></html>\n"
    }

    private static func encoded(_ text: String) -> String {
        // Of the kinds of line end, mail has one.
        Data(text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n").utf8)
            .base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
    }
}

/// Fields of a mail's header.
enum MailHeader {
    /// A text as the value of a field: nothing in it ends the field, and what is not plain ASCII, or is long, becomes encoded
    /// words, with which no line is longer than 78.
    static func value(_ text: String) -> String {
        let plain = String(
            text.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } ? " " : $0 })
        let isSimple = plain.utf8.count <= 60 && plain.utf8.allSatisfy { $0 < 127 } && !plain.contains("=?")
        if isSimple { return plain }
        var (words, word) = ([String](), "")
        for character in plain.unicodeScalars {
            if word.utf8.count + String(character).utf8.count > 30 {
                words.append(word)
                word = ""
            }
            word.unicodeScalars.append(character)
        }
        return (words + [word]).map { "=?UTF-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// As `Sun, 01 Mar 2026 10:00:00 +0000`.
    static func date(_ moment: Timestamp) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return formatter.string(from: Date(timeIntervalSince1970: Double(moment.microseconds / 1_000_000)))
    }
}

extension String {
    /// With what HTML would take for markup made into plain text.
    fileprivate var inHTML: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }
}
