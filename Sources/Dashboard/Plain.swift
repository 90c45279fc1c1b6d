import HTTPTypes
import Hummingbird
import NIOCore

/// An answer that is no page.
enum Plain {
    static func text(
        _ text: String, status: HTTPResponse.Status = .ok, type: String = "text/plain; charset=utf-8",
        caching: String = "no-store"
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: caching],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
