import CCurl
import HTTPTypes

/// Owns one of libcurl's transfers and gathers its reply. Used again for one exchange after another.
///
/// Belongs to the loop's thread; libcurl calls back on it.
final class EasyHandle {
    private(set) var raw: UnsafeMutableRawPointer
    let slot: Int
    let configuration: CurlConfiguration

    private(set) var exchange: Exchange?
    private(set) var lane: Lanes<Exchange>.Lane?
    var request: Request?
    /// Set in place of the request, and how many of its bytes libcurl has taken.
    var mail: Mail?
    var sent = 0
    var address: Address?
    var headers: HeaderList?
    var began = ContinuousClock.now
    var redirects = 0

    var head: [UInt8] = []
    var headLines = 0
    var headIsComplete = false
    var body: [UInt8] = []
    /// Of a body that nobody asked for.
    var ignoredBytes = 0
    var overflow: TransportError.Part?

    /// Set by every byte, and taken back by each look at the stall limit.
    var hasMoved = false
    var lastMove = ContinuousClock.now
    var uploaded: curl_off_t = 0
    var mayHaveSpokenHTTP2 = false

    static let maxHeadBytes = 64 << 10
    static let maxHeadLines = 256

    init?(slot: Int, configuration: CurlConfiguration) {
        guard let raw = curl_easy_init() else { return nil }
        self.raw = raw
        self.slot = slot
        self.configuration = configuration
    }

    deinit { curl_easy_cleanup(raw) }

    /// The object a running transfer belongs to. The loop keeps it alive while the transfer runs.
    static func owner(of easy: UnsafeMutableRawPointer) -> EasyHandle? {
        ccurl_info_private(easy).map { Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Makes ready for an exchange; gives what is wrong when it cannot be.
    func begin(_ exchange: Exchange, in lane: Lanes<Exchange>.Lane) -> TransportError? {
        self.exchange = exchange
        self.lane = lane
        began = ContinuousClock.now
        redirects = 0
        return switch exchange.sending {
        case .web(let request): prepare(request, exchange.address)
        case .mail(let mail): prepare(mail)
        }
    }

    /// Lets go of the exchange and all it brought.
    func end() {
        clear()
        exchange = nil
        lane = nil
        request = nil
        mail = nil
        address = nil
        headers = nil
        head = []
        body = []
    }

    /// A transfer without options. libcurl 7.88 keeps something of an HTTP/2 stream over a reset: a handle used again
    /// on the same connection now and then ends with CURLE_BAD_FUNCTION_ARGUMENT. After TLS, which may have spoken
    /// HTTP/2, it is made anew; the connection, which belongs to the multi handle, stays.
    func clear() {
        if mayHaveSpokenHTTP2, let fresh = curl_easy_init() {
            curl_easy_cleanup(raw)
            raw = fresh
        } else {
            curl_easy_reset(raw)
        }
        mayHaveSpokenHTTP2 = false
    }

    // MARK: Ready to go

    func prepare(_ request: Request, _ address: Address) -> TransportError? {
        self.request = request
        self.address = address
        forgetReply()
        let host = address.origin.host
        guard let headers = HeaderList(request) else { return .failed(host: host, reason: "out of memory") }
        self.headers = headers

        let left = request.limits.total - (lastMove - began)
        guard left > .zero else { return .timedOut(host: host, limit: .total, after: lastMove - began) }
        var options = EasyOptions(raw)
        options.set(CURLOPT_URL, address.url)
        options.setCommon(configuration)
        options.set(CURLOPT_TIMEOUT_MS, left.wholeMilliseconds)
        options.set(CURLOPT_CONNECTTIMEOUT_MS, request.limits.connect.wholeMilliseconds)
        options.setList(CURLOPT_HTTPHEADER, headers)
        options.setMethod(request)
        if address.origin.scheme == "https" {
            mayHaveSpokenHTTP2 = true
            // The first connection may turn out to carry all exchanges at once.
            options.set(CURLOPT_PIPEWAIT, 1)
            if request.readsCertificate {
                options.set(CURLOPT_CERTINFO, 1)
                options.set(CURLOPT_FRESH_CONNECT, 1)
            }
        }
        options.setCallbacks(self)
        return options.code == CURLE_OK ? nil : failure(options.code)
    }

    /// Of what was sent before.
    func forgetReply() {
        head.removeAll(keepingCapacity: true)
        headLines = 0
        headIsComplete = false
        (body, ignoredBytes, sent) = ([], 0, 0)
        overflow = nil
        hasMoved = false
        lastMove = ContinuousClock.now
        uploaded = 0
        clear()
    }

    // MARK: What comes back

    func receivedHead(_ bytes: UnsafeRawBufferPointer) -> Bool {
        hasMoved = true
        if headIsComplete {
            // After a head come trailers, which nobody reads, or the final head after an interim one.
            guard bytes.starts(with: "HTTP/".utf8) else { return true }
            head.removeAll(keepingCapacity: true)
            headLines = 0
            headIsComplete = false
        }
        headLines += 1
        guard head.count + bytes.count <= Self.maxHeadBytes, headLines <= Self.maxHeadLines else {
            overflow = .head
            return false
        }
        head.append(contentsOf: bytes)
        headIsComplete = bytes.count <= 2 && bytes.first.map { $0 == 0x0D || $0 == 0x0A } ?? true
        return true
    }

    func receivedBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        hasMoved = true
        let limit = request?.limits.body ?? 0
        if request?.ignoresBody == true {
            // A small one is read to its end, so that the connection can be used again.
            ignoredBytes += bytes.count
            return ignoredBytes <= limit
        }
        guard bytes.count <= limit - body.count else {
            overflow = .body
            return false
        }
        if body.isEmpty {
            // The announced length is a hint, believed up to a mebibyte.
            let announced = Int(ccurl_info_offset(raw, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T))
            body.reserveCapacity(min(max(announced, bytes.count), limit, 1 << 20))
        }
        body.append(contentsOf: bytes)
        return true
    }

    // MARK: How it ended

    enum Ending {
        case settled(ExchangeResult)
        /// Made ready to ask again, elsewhere.
        case again
    }

    func ending(_ code: CURLcode) -> Ending {
        if mail != nil { return .settled(mailEnding(code)) }
        guard let request, let address else { return .settled(.failure(failure(code))) }
        guard code == CURLE_OK else { return .settled(statusAlone ?? .failure(failure(code))) }
        // libcurl takes a connection closed within the head for the end of a reply without body.
        guard headIsComplete else { return .settled(.failure(.cutOff(host: address.origin.host))) }
        let status = ccurl_info_long(raw, CURLINFO_RESPONSE_CODE)
        if request.limits.redirects != .none, Redirect.isOne(status),
            let target = ccurl_info_text(raw, CURLINFO_REDIRECT_URL)
        {
            switch Redirect.follow(
                request, from: address, status: status, to: String(cString: target), followed: redirects)
            {
            case .failure(let error): return .settled(.failure(error))
            case .success((let next, let to)):
                redirects += 1
                return prepare(next, to).map { .settled(.failure($0)) } ?? .again
            }
        }
        return .settled(.success(reply(status)))
    }

    func reply(_ status: Int) -> RawReply {
        let version: Reply.Version =
            switch ccurl_info_long(raw, CURLINFO_HTTP_VERSION) {
            case CURL_HTTP_VERSION_1_0: .http10
            case CURL_HTTP_VERSION_2_0: .http2
            default: .http11
            }
        return RawReply(
            status: status, version: version, head: head, body: body, elapsed: ContinuousClock.now - began,
            certificate: request?.readsCertificate == true ? PeerCertificate(of: raw) : nil)
    }

    /// The reply of a transfer that failed after its head, when nothing else was asked for.
    var statusAlone: ExchangeResult? {
        guard request?.ignoresBody == true, headIsComplete else { return nil }
        let status = ccurl_info_long(raw, CURLINFO_RESPONSE_CODE)
        return status >= 200 ? .success(reply(status)) : nil
    }

    /// Set when no byte has moved for too long. Called about ten times a second.
    func stalled(at now: ContinuousClock.Instant) -> ExchangeResult? {
        if hasMoved {
            hasMoved = false
            lastMove = now
            return nil
        }
        guard let limits = exchange?.sending.limits, let address, now - lastMove >= limits.stall else { return nil }
        // Before the connection stands, the connect limit rules; and a body going out is movement too.
        let sent = ccurl_info_offset(raw, CURLINFO_SIZE_UPLOAD_T)
        guard ccurl_info_offset(raw, CURLINFO_PRETRANSFER_TIME_T) > 0, sent == uploaded else {
            uploaded = sent
            lastMove = now
            return nil
        }
        return statusAlone ?? .failure(.timedOut(host: address.origin.host, limit: .stall, after: now - began))
    }
}
