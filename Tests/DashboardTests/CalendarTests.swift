import Alerts
import Facts
import Foundation
import Ledgers
import TestSupport
import Testing

@testable import Daemon
@testable import Dashboard

@Suite("Days to come as a calendar that others read")
struct CalendarTests {
    private func agenda(_ bench: ReportBench) async throws -> Agenda {
        try await AgendaTask(.running(bench.assembly), StoreChoice()).run()
    }

    private func outside() async throws -> ReportBench {
        let bench = try await ReportBench()
        try await bench.take([ReportBench.refund(3)])
        return bench
    }

    @Test("recovery, assessment, appeal and expiry, each on its day in the store's zone")
    func days() async throws {
        let items = try await agenda(try await outside()).items.filter { $0.kind != .figures }
        #expect(
            items.map { "\($0.day) \($0.kind.rawValue) \($0.store?.id ?? "") \($0.rule ?? "")" } == [
                "2026-03-05 expiry w ", "2026-03-09 appeal elm ", "2026-03-20 assessment elm monthly",
                "2026-03-20 assessment oak monthly", "2026-03-23 recovery elm refunds",
            ])
    }

    @Test("certificates that the daemon saw servers show, of those that the configuration still names")
    func certificates() async throws {
        let bench = try await outside()
        let ends = try #require(Timestamp("2026-03-12T09:00:00Z"))
        let note = CertificateNote.text(
            ["w.example", "gone.example"].map {
                Expiry(name: Expiry.certificate, stores: ["w"], place: $0, ends: ends)
            })
        try await bench.assembly.ledger.keep(note, as: .certificates)
        let items = try await agenda(bench).items.filter { $0.kind == .expiry }
        #expect(items.map { "\($0.day) \($0.store?.id ?? "")" } == ["2026-03-05 w", "2026-03-12 w"])
        #expect(items.last?.title.en.contains("TLS certificate of w.example") == true)
        // The board of a day is made of the same.
        let known = try await bench.assembly.expiries()
        #expect(known.map(\.place) == [nil, "w.example"] && known.last?.ends == ends)
    }

    @Test("asked again it names the same things, also where a day has moved")
    func stable() async throws {
        let bench = try await outside()
        let first = try await agenda(bench).items
        #expect(Set(first.map(\.id)).count == first.count)
        bench.clock.advance(by: .days(1))
        // Three more, which stay for five days longer.
        try await bench.take((4...6).map { ReportBench.refund($0).replacing("02-20T", with: "02-25T") })
        let second = try await agenda(bench).items
        func recovery(_ items: [Agenda.Item]) -> Agenda.Item? { items.first { $0.kind == .recovery } }
        #expect(recovery(first)?.id == recovery(second)?.id && recovery(first)?.day != recovery(second)?.day)
        let appeals = [first, second].map { $0.filter { $0.kind == .appeal }.map(\.id) }
        #expect(appeals[0].count == 1 && appeals[0] == appeals[1])
    }

    @Test("every line is at most 75 bytes, ends as it has to, and breaks no character", arguments: Tongue.allCases)
    func lines(_ tongue: Tongue) async throws {
        let text = CalendarFile.text(try await agenda(try await outside()), tongue)
        #expect(text.hasPrefix("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.hasSuffix("\r\nEND:VCALENDAR\r\n"))
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
        for line in lines {
            #expect(line.last == UInt8(ascii: "\r") && line.count <= 76)
            #expect(String(validating: line, as: UTF8.self) != nil)
        }
        // As who reads it puts it together again.
        let whole = text.replacing("\r\n ", with: "").split(separator: "\r\n")
        for line in whole {
            #expect(line.contains(/^[A-Z-]+(;VALUE=DATE)?:./), "\(line)")
        }
        #expect(whole.contains("DTSTAMP:20260302T040000Z") && whole.contains("DTSTART;VALUE=DATE:20260309"))
        #expect(whole.contains("DTEND;VALUE=DATE:20260310"))
        #expect(whole.contains("URL:https://standing.example/stores/elm/rules/refunds"))
        if tongue == .english {
            let title = #"SUMMARY:榆树 <店> & Co: Refunds\; in 30 days\, \\ so far is ok again"#
            #expect(whole.contains { $0 == title }, "\(whole.filter { $0.hasPrefix("SUMMARY") })")
        }
        #expect(!text.contains("figure"))
    }

    private static let reader = """
        import sys, icalendar
        calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
        for event in calendar.walk('VEVENT'):
            assert not event.errors, event.errors
            start, end = event['DTSTART'].dt, event['DTEND'].dt
            assert (end - start).days == 1 and event['DTSTAMP'].dt.tzinfo is not None
            print(event['UID'], start, event['SUMMARY'], sep='|')
        """

    private static let hasReader =
        (try? Tool("python3")?.run(["-c", "import icalendar"], input: [])) != nil

    @Test(
        "a parser of others reads what was written",
        .enabled(if: hasReader, "the package python3-icalendar is not installed: nobody else has read the calendar"))
    func parsed() async throws {
        let agenda = try await agenda(try await outside())
        let python = try #require(Tool("python3"))
        let text = CalendarFile.text(agenda, .english)
        let read = String(decoding: try await python.run(["-c", Self.reader], input: Array(text.utf8)), as: UTF8.self)
        let expected = agenda.items.filter { $0.kind != .figures }.map {
            "\($0.id)@goodstanding|\($0.day)|\($0.title.en)"
        }
        #expect(read.split(separator: "\n").map(String.init) == expected)
    }

    @Test("nothing to come is a calendar without an event")
    func empty() {
        let text = CalendarFile.text(Agenda(at: DashboardBench.now), .english)
        #expect(!text.contains("VEVENT") && text.hasSuffix("END:VCALENDAR\r\n"))
    }
}
