/// Why no complete reply came. Each says the host and what happened, never path, query, header fields or body. Where no
/// connection was made the host is one with its port.
package enum TransportError: Error, Sendable, Hashable {
    /// The head of the request is not an absolute http(s) address, or cannot be sent.
    case unusableRequest(host: String)
    case couldNotResolve(host: String)
    case couldNotResolveProxy(host: String)
    case couldNotConnect(host: String)
    case couldNotVerify(host: String, fault: TLSFault)
    case timedOut(host: String, limit: TimeLimit, after: Duration)
    /// The body, or the head, is larger than so many bytes.
    case tooLarge(host: String, part: Part, limit: Int)
    case redirectRefused(host: String, fault: RedirectFault)
    /// The connection ended before the reply was complete.
    case cutOff(host: String)
    /// What came is not HTTP, or its compression is broken.
    case malformed(host: String)
    /// The caller's task was cancelled.
    case cancelled
    /// The transport was shut down, before the request or during it.
    case shutDown
    /// libcurl failed otherwise; its own words for the code.
    case failed(host: String, reason: String)

    package enum TimeLimit: String, Sendable, Hashable {
        case connect, total, stall
    }

    package enum Part: String, Sendable, Hashable {
        case head, body
    }

    package enum TLSFault: Sendable, Hashable {
        case expired, notYetValid, selfSigned, unknownIssuer, wrongHost, handshake
        /// A mail server has no STARTTLS.
        case notOffered
        /// The file of certificates that the configuration names cannot be used.
        case authorityFile
        /// OpenSSL's number for another fault of the certificate.
        case other(Int)
    }

    package enum RedirectFault: Sendable, Hashable {
        case otherOrigin, insecure, notHTTP, bodyToOtherOrigin
        case tooMany(Int)
    }

    /// Whether the same request may well succeed later without anybody changing anything.
    package var isTransient: Bool {
        switch self {
        case .couldNotResolve, .couldNotResolveProxy, .couldNotConnect, .timedOut, .cutOff, .malformed, .failed: true
        case .unusableRequest, .couldNotVerify, .tooLarge, .redirectRefused, .cancelled, .shutDown: false
        }
    }
}

extension TransportError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unusableRequest(let host):
            "could not send a request to \(host): its address or method cannot be used"
        case .couldNotResolve(let host):
            "could not find \(host): the name is unknown, or the name service does not answer"
        case .couldNotResolveProxy(let host):
            "could not reach \(host): the name of the proxy is unknown; see the proxy variables of the environment"
        case .couldNotConnect(let host):
            "could not connect to \(host): the connection was refused, or there is no way to it"
        case .couldNotVerify(let host, let fault):
            "could not trust \(host): \(fault.words)"
        case .timedOut(let host, let limit, let after):
            "gave up on \(host) after \(after): \(limit.words)"
        case .tooLarge(let host, let part, let limit):
            "refused the reply of \(host): its \(part.rawValue) is larger than \(limit) bytes"
        case .redirectRefused(let host, let fault):
            "did not follow a redirect of \(host): \(fault.words)"
        case .cutOff(let host):
            "lost the connection to \(host) before its reply was complete"
        case .malformed(let host):
            "could not read the reply of \(host): it is not HTTP, or its compression is broken"
        case .cancelled:
            "the request was cancelled"
        case .shutDown:
            "the request was not finished: the program is ending"
        case .failed(let host, let reason):
            "the exchange with \(host) failed: \(reason)"
        }
    }
}

extension TransportError.TimeLimit {
    fileprivate var words: String {
        switch self {
        case .connect: "no connection was made in that time"
        case .total: "the reply was not complete in that time"
        case .stall: "nothing was received for too long"
        }
    }
}

extension TransportError.TLSFault {
    fileprivate var words: String {
        switch self {
        case .expired: "its certificate has expired"
        case .notYetValid: "its certificate is not valid yet; is this machine's clock right?"
        case .selfSigned: "its certificate is signed by itself; name its authority's file if that is meant to be"
        case .unknownIssuer:
            "its certificate comes from an unknown authority; name the authority's file if you trust it"
        case .wrongHost: "its certificate is for another host"
        case .handshake: "no common version or cipher of TLS was found"
        case .notOffered: "it does not offer STARTTLS, without which everybody on the way could read the mail"
        case .authorityFile: "the file of trusted authorities cannot be read"
        case .other(let number): "its certificate was refused with OpenSSL's fault \(number)"
        }
    }
}

extension TransportError.RedirectFault {
    fileprivate var words: String {
        switch self {
        case .otherOrigin: "it leads to another server; give the final address"
        case .insecure: "it leads from https to http"
        case .notHTTP: "it leads to something that is not an http or https address"
        case .bodyToOtherOrigin: "it would send the request's body to another server"
        case .tooMany(let count): "there were more than \(count)"
        }
    }
}
