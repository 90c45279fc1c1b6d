import Facts
import Foundation
import Language
import Rules
import Tables
import TestSupport
import Testing

@Suite("The maps that ship")
struct ShippedMapTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "rules/maps")

    private func text(_ name: String) throws -> String {
        try #require(BuiltInMaps.texts.first { $0.name == name }?.text)
    }

    @Test("those in the program are those of the folder")
    func embedded() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter {
            $0.hasSuffix(".yaml")
        }
        #expect(BuiltInMaps.texts.map(\.name) == files.sorted())
    }

    @Test(
        "each is right, bears its file's name, says where its form is described, and brings what its pack reads",
        arguments: BuiltInMaps.texts.map(\.name))
    func right(_ name: String) throws {
        let text = try text(name)
        let (map, diagnostics) = TableMapReader.read(
            SourceText(name: name, text: text), packs: { PackLibrary.builtIn(only: [$0]).library[$0] })
        #expect(diagnostics.isEmpty, "\(diagnostics.map { $0.render() })")
        let read = try #require(map)
        #expect(read.name + ".yaml" == name && read.source?.contains("read 20") ?? false)
        #expect(read.title.en != read.title.zh)
        #expect(PackLibrary.builtInNames.contains(try #require(read.pack)))
        // One alone rests on nothing but a page that was seen.
        #expect(text.contains("Unproven:") || name == "pinduoduo-after-sales-page.yaml")
    }

    @Test("Amazon's returns: a return a row, and a claim beside it where there is one; nobody is named")
    func returns() throws {
        let header =
            "Order ID\tOrder date\tReturn request date\tReturn request status\tAmazon RMA ID\tMerchant RMA ID\tLabel type\tA-to-Z Claim\tASIN\tReturn Reason\tRefunded Amount"
        let rows = [
            "222-1\t02-Aug-2026\t04-Aug-2026\tApproved\tR1\t \tx\tY\tB01\tCR-DEFECTIVE\t80.00",
            "222-2\t03-Aug-2026\t05-Aug-2026\tDenied\tR2\t \tx\tN\tB02\tCR-ODD\t ",
            "222-3\t03-Aug-2026\t05/06/2026\tApproved\tR3\t \tx\tN\tB02\tCR-ODD\t ",
        ]
        let result = try MappedText.read(
            try text("amazon-returns.yaml"), ([header] + rows).joined(separator: "\n"), name: "r.txt", store: "us-1")
        #expect(
            result.facts.map(FactEncoder.line) == [
                #"{"kind":"refund","store":"us-1","id":"222-1/B01/04-Aug-2026","order":"222-1","product":"B01","opened_at":"2026-08-04T04:00:00Z","type":"return","reason":"quality","status":"open"}"#,
                #"{"kind":"refund","store":"us-1","id":"222-1/a-to-z","order":"222-1","opened_at":"2026-08-04T04:00:00Z","type":"claim"}"#,
                #"{"kind":"refund","store":"us-1","id":"222-2/B02/05-Aug-2026","order":"222-2","product":"B02","opened_at":"2026-08-05T04:00:00Z","type":"return","reason":"other","status":"rejected"}"#,
            ])
        #expect(result.rejections.map(\.position) == ["line 4"] && result.summary.range == .nothing)
    }

    @Test("Amazon's other returns, by the unit")
    func fbaReturns() throws {
        let text =
            "return-date\torder-id\tsku\tasin\tfnsku\tproduct-name\tquantity\tfulfillment-center-id\tdetailed-disposition\treason\tstatus\tlicense-plate-number\tcustomer-comments\n"
            + "2026-08-04T10:00:00+00:00\t222-1\ts\tB01\tX\tA cup\t1\tTPA1\tSELLABLE\tUNWANTED_ITEM\tUnit returned\tLPN1\tcall Ann\n"
        let result = try MappedText.read(
            try self.text("amazon-fba-returns.yaml"), text, name: "r.txt", store: "us-1")
        #expect(
            result.facts.map(FactEncoder.line) == [
                #"{"kind":"refund","store":"us-1","id":"222-1/LPN1","order":"222-1","product":"B01","opened_at":"2026-08-04T10:00:00Z","type":"return","reason":"changed_mind"}"#
            ])
    }

    @Test(
        "Amazon's feedback: years of two digits are what each marketplace means by them",
        arguments: [("us", "8/4/26"), ("eu", "4/8/26"), ("eu", "04.08.26"), ("jp", "26/08/04")])
    func feedback(_ market: String, _ date: String) throws {
        let text = "Date\tRating\tComments\tResponse\tOrder ID\tRater Email\n\(date)\t2\tlate\t\t222-1\ta@example.com\n"
        let result = try MappedText.read(
            try self.text("amazon-feedback-\(market).yaml"), text, name: "f.txt", store: "s")
        #expect(
            result.facts.map(FactEncoder.line) == [
                #"{"kind":"rating","store":"s","id":"222-1","order":"222-1","rated_at":"2026-08-04T00:00:00Z","score":2}"#
            ])
    }
}
