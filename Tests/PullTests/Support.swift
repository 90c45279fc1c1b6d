import CZlib
import CZstd
import Curl
import Facts
import Foundation
import HTTPTypes
import Pull
import TestSupport

/// Any store, any currency, no labels.
let decoding = FactDecoding(buyerKey: BuyerKey(bytes: Array(0..<32))) { _ in .unwatched }

/// One minimal fact as JSON.
func line(_ id: some CustomStringConvertible, store: String = "s", updated: String? = nil) -> String {
    let updatedAt = updated.map { #","updated_at":"\#($0)""# } ?? ""
    return #"{"kind":"rating","store":"\#(store)","id":"\#(id)","score":5\#(updatedAt)}"#
}

func reply(_ status: Int, _ body: String = "", _ headers: HTTPFields = [:]) -> CannedTransport.Answer {
    .success(Reply(status: .init(code: status), headers: headers, body: Array(body.utf8)))
}

/// A page of a feed.
func page(_ facts: [String], next: String? = nil, etag: String? = nil) -> CannedTransport.Answer {
    let end = next.map { "\"\($0)\"" } ?? "null"
    return reply(200, #"{"facts":[\#(facts.joined(separator: ","))],"next":\#(end)}"#, etag.map { [.eTag: $0] } ?? [:])
}

/// What a request asks: its query, decoded.
func query(_ request: Request) -> [String: String] {
    let items = URLComponents(string: "http://h" + (request.head.path ?? ""))?.queryItems ?? []
    return Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
}

/// A folder that is gone when the test is done.
func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pull-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}

/// One gzip member.
func gzipped(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
        &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
    let count = input.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
            (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(output.count))
            deflate(&stream, Z_FINISH)
            return output.count - Int(stream.avail_out)
        }
    }
    return Array(output[..<count])
}

/// One zstd frame.
func zstandard(_ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let capacity = output.count
    let count = output.withUnsafeMutableBytes { output in
        bytes.withUnsafeBytes { ZSTD_compress(output.baseAddress, capacity, $0.baseAddress, $0.count, 3) }
    }
    return Array(output[..<count])
}

/// A failure of the one who commits.
struct Interruption: Error {}

/// What was committed, as a ledger would keep it: of each fact the newest version.
actor Kept {
    private(set) var facts: [String: Fact] = [:]
    private(set) var pages: [PulledPages] = []
    private(set) var state = PullState()
    private(set) var rejections: [String] = []

    func commit(_ page: PulledPages) {
        for fact in page.facts {
            let key = "\(fact.store)/\(fact.kind)/\(fact.id)"
            if let known = facts[key], let old = known.updatedAt, let new = fact.updatedAt, old >= new { continue }
            facts[key] = fact
        }
        rejections += page.rejections.map { "\($0.position): \($0.rejection.reason)" }
        pages.append(page)
        state = page.state
    }

    func keep(_ state: PullState) { self.state = state }
    var all: Set<Fact> { Set(facts.values) }
}
