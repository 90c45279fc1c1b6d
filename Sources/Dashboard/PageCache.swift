import Daemon
import Facts
import HTTPTypes
import Hummingbird
import NIOCore

/// Pages that say the same as long as the stores stand as they do: written once, and told apart by a tag.
actor PageCache {
    /// What such a page rests on.
    struct Stamp: Hashable {
        var wall: Int
        var generation: Int
        var notices: [String]
    }

    struct Key: Hashable {
        var address: String
        var tongue: Tongue
        /// Whose page it is: what he may see, and what its forms hold.
        var holder: String
        var name: String
    }

    struct Kept: Sendable {
        var tag: String
        var bytes: ByteBuffer
    }

    private static let most = 64
    private var stamp: Stamp?
    private var pages: [Key: Kept] = [:]

    func page(_ key: Key, _ stamp: Stamp) -> Kept? { self.stamp == stamp ? pages[key] : nil }

    func keep(_ text: String, as key: Key, _ stamp: Stamp) -> Kept {
        if self.stamp != stamp || pages.count >= Self.most { (self.stamp, pages) = (stamp, [:]) }
        var hasher = Hasher()
        hasher.combine(text)
        let kept = Kept(
            tag: "\"\(String(UInt(bitPattern: hasher.finalize()), radix: 36))\"", bytes: ByteBuffer(string: text))
        pages[key] = kept
        return kept
    }
}

extension PageCache.Kept {
    /// 304 to who has it already.
    func response(_ request: Request, _ asked: PageRequest) -> Response {
        var headers = Page.headers(asked)
        headers[.eTag] = tag
        if let known = request.headers[.ifNoneMatch], known == tag || known == "W/\(tag)" {
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: bytes))
    }
}
