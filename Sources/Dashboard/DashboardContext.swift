package import Hummingbird
import NIOCore

/// What is known of one request on its way.
package struct DashboardContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Who asks.
    package var caller = Caller.nobody
    /// Of the machine at the other end of the connection, which may be a proxy.
    package let peer: String?
    /// From where it is asked, by the word of the proxy if there is one.
    package var address: String?

    package init(source: Source) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress
        address = peer
    }
}
