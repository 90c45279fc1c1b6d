import Alerts
import Facts
import Foundation
import Rules
import TestSupport
import Testing

@testable import Notify

/// As it is sent, with what each sending puts before it left out.
private func read(_ alerts: [NoticeContent.Told], _ writing: MessageWriting = MessageWriting()) async throws
    -> MailServer.Read
{
    let content = NoticeContent(
        id: "ntc_952d43e911ea4974dd17d90bb8149d32", receiver: "boss", madeAt: start, alerts: alerts)
    let folder = try Workplace()
    try Data(ReceiverWriting(.email, writing).bytes(of: content)).write(to: URL(filePath: folder.file("mail")))
    return try await MailServer.read(folder.file("mail"))
}

@Suite("E-mail")
struct MailBodyTests {
    @Test("the subject says where it stands, whose store it is, by which rule and how far it is")
    func subject() async throws {
        var told = try told()
        #expect(
            try await read([told]).headers["Subject"] == "[breach] 拼多多旗舰店: Dispute refunds in 30 days")
        told.report.headroom = [
            Headroom(
                subject: "paid_orders", title: Words(en: "paid orders", zh: "支付订单"), value: nil, more: 276,
                then: .warning)
        ]
        let subject = try #require(try await read([told]).headers["Subject"])
        #expect(
            subject == "[breach] 拼多多旗舰店: Dispute refunds in 30 days; 276 more paid orders and it is in warning")
        let both = try #require(try await read([told], MessageWriting(language: .both)).headers["Subject"])
        #expect(both.hasPrefix("【不达标】拼多多旗舰店：近30天纠纷退款 · [breach]"), "\(both)")
    }

    @Test("a text for every reader and the same as HTML, whole for a reader that nobody here wrote")
    func parts() async throws {
        let told = try told()
        let mail = try await read([told], MessageWriting(language: .both))
        #expect(mail.defects.isEmpty && mail.bare == 0 && mail.ascii && mail.longest <= 78, "\(mail)")
        #expect(mail.type == "multipart/alternative" && mail.parts.map(\.type) == ["text/plain", "text/html"])
        let message = MessageWriting(language: .both).message(told, id: "ntc_952d43e911ea4974dd17d90bb8149d32")
        let link = try #require(told.report.link)
        #expect(
            mail.parts[0].text
                == ([message.headline] + message.lines + [link, ""]).joined(separator: "\n"))
        #expect(mail.parts[1].text.contains("<strong>\(message.headline)</strong>"))
        #expect(mail.parts[1].text.contains("<a href=\"\(link)\">"))
        #expect(
            mail.headers["X-Goodstanding-Rule"] == "dispute-refunds"
                && mail.headers["X-Goodstanding-Store"] == "pdd-flagship")
    }

    @Test(
        "nothing that a store is called ends a field, becomes markup or is cut within a character",
        arguments: ["\r\n", "\n", "\r", "\u{85}", "\u{2028}"])
    func untrusted(_ lineEnd: String) async throws {
        let long = String(repeating: "店👨‍👩‍👧‍👦é", count: 90)
        for name in [
            "shop\(lineEnd)Bcc: all@example.com\(lineEnd)\(lineEnd)<script>alert('x')</script>", "=?UTF-8?B?eA==?=",
            long,
            String(repeating: "shop ", count: 200), "a\"b&c",
        ] {
            let mail = try await read([try told(store: name)])
            #expect(mail.defects.isEmpty && mail.bare == 0 && mail.longest <= 78, "\(mail)")
            #expect(!mail.names.contains("Bcc") && mail.names.count == 7, "\(mail.names)")
            let subject = try #require(mail.headers["Subject"])
            #expect(!subject.contains("\u{FFFD}") && subject.utf8.count <= 303, "\(subject)")
            #expect(!mail.parts[1].text.contains("<script>") && mail.parts[0].text.contains(name.prefix(4)))
            if name.hasPrefix("=?") { #expect(subject.contains(name), "\(subject)") }
        }
    }

    @Test("of several alerts the headlines come first, then each")
    func several() async throws {
        let (first, second) = (try told(store: "north"), try told(.resolved, .ok, .cleared, store: "south"))
        let mail = try await read([first, second])
        #expect(mail.headers["Subject"] == "[breach] north: Dispute refunds in 30 days (+1)")
        let text = mail.parts[0].text
        #expect(
            text.hasPrefix(
                "[breach] north: Dispute refunds in 30 days\n[ok again] south: Dispute refunds in 30 days\n\n[breach] north"
            ))
        #expect(text.contains("\n\n[ok again] south: Dispute refunds in 30 days\ndisputed orders 4"), "\(text)")
        #expect(mail.headers["X-Goodstanding-Standing"] == "breach" && mail.headers["X-Goodstanding-Store"] == nil)
    }

    @Test("an address is one that a mail server takes whole")
    func addresses() {
        for right in ["ops@shop.example", "a.b+c@x-1.example", "root@localhost"] {
            #expect(ReceiverAddress.MailAddress.isOne(right), "\(right)")
        }
        for wrong in [
            "", "ops", "@shop", "a@b@c", "a b@c", "a@c\r\nRCPT TO:<x@y>", "<a@b>", "店@shop.example", "a@店", "a@b>",
            "a,b@c",
        ] {
            #expect(!ReceiverAddress.MailAddress.isOne(wrong), "\(wrong)")
        }
    }
}
