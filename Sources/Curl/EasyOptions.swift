import CCurl
import HTTPTypes

/// Sets options of one handle and remembers the first refusal.
struct EasyOptions {
    private let raw: UnsafeMutableRawPointer
    private(set) var code = CURLE_OK

    init(_ raw: UnsafeMutableRawPointer) { self.raw = raw }

    private mutating func note(_ next: CURLcode) {
        if code == CURLE_OK { code = next }
    }

    mutating func set(_ option: CURLoption, _ value: Int) { note(ccurl_set_long(raw, option, value)) }
    mutating func set(_ option: CURLoption, _ value: String) { note(ccurl_set_text(raw, option, value)) }
    mutating func setList(_ option: CURLoption, _ list: HeaderList) { note(ccurl_set_list(raw, option, list.raw)) }

    /// - Parameter protocols: in libcurl's words.
    mutating func setCommon(_ configuration: CurlConfiguration, protocols: String = "http,https") {
        set(CURLOPT_PROTOCOLS_STR, protocols)
        set(CURLOPT_REDIR_PROTOCOLS_STR, protocols)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_NOSIGNAL, 1)
        // Without it, giving up on a slow name lookup would hold up the thread until the lookup ends.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // All encodings this libcurl can decode.
        set(CURLOPT_ACCEPT_ENCODING, "")
        set(CURLOPT_USERAGENT, configuration.userAgent)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_TCP_KEEPALIVE, 1)
        // Only a wish: libcurl refuses it on a handle that still has its buffer from an HTTP/2 exchange.
        _ = ccurl_set_long(raw, CURLOPT_BUFFERSIZE, 128 << 10)
        if let caFile = configuration.caFile {
            set(CURLOPT_CAINFO, caFile)
            // Otherwise the system's directory of authorities would be trusted besides.
            note(ccurl_set_text(raw, CURLOPT_CAPATH, nil))
        }
        if configuration.proxy == .none { set(CURLOPT_PROXY, "") }
    }

    mutating func setMethod(_ request: Request) {
        let method = request.head.method
        if method == .head {
            set(CURLOPT_NOBODY, 1)
            return
        }
        if !request.ignoresBody {
            // Refuses by the announced length, before the head is complete.
            note(ccurl_set_offset(raw, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(max(request.limits.body, 1))))
        }
        if let body = request.body ?? ([.post, .put, .patch].contains(method) ? [] : nil) {
            set(CURLOPT_POST, 1)
            body.withUnsafeBytes { bytes in
                if let base = bytes.baseAddress, !bytes.isEmpty {
                    note(ccurl_set_body(raw, base, curl_off_t(bytes.count)))
                } else {
                    note(ccurl_set_body(raw, "", 0))
                }
            }
            if method != .post { set(CURLOPT_CUSTOMREQUEST, method.rawValue) }
        } else if method != .get {
            set(CURLOPT_CUSTOMREQUEST, method.rawValue)
        }
    }

    mutating func setMail(_ mail: Mail, to recipients: HeaderList) {
        if mail.needsTLS { set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
        if let login = mail.login {
            set(CURLOPT_USERNAME, login.user)
            set(CURLOPT_PASSWORD, login.password.reveal())
        }
        if mail.isGreeting {
            // Otherwise it would ask what the server can help with, which some refuse.
            set(CURLOPT_CUSTOMREQUEST, "NOOP")
            set(CURLOPT_NOBODY, 1)
            return
        }
        set(CURLOPT_MAIL_FROM, mail.from)
        setList(CURLOPT_MAIL_RCPT, recipients)
        // One recipient who is refused does not keep it from the others.
        note(ccurl_allow_refused_recipients(raw))
        set(CURLOPT_UPLOAD, 1)
        note(ccurl_set_offset(raw, CURLOPT_INFILESIZE_LARGE, curl_off_t(mail.message.count)))
    }

    /// The message goes out by it.
    mutating func setReading(_ handle: EasyHandle) {
        note(ccurl_set_pointer(raw, CURLOPT_READDATA, Unmanaged.passUnretained(handle).toOpaque()))
        note(
            ccurl_set_data_callback(raw, CURLOPT_READFUNCTION) { bytes, size, count, context in
                guard let context, let bytes else { return 0 }
                let handle = Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
                return handle.giveMail(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
            })
    }

    mutating func setCallbacks(_ handle: EasyHandle) {
        let context = Unmanaged.passUnretained(handle).toOpaque()
        note(ccurl_set_pointer(raw, CURLOPT_PRIVATE, context))
        note(ccurl_set_pointer(raw, CURLOPT_HEADERDATA, context))
        note(ccurl_set_pointer(raw, CURLOPT_WRITEDATA, context))
        // A callback that takes fewer bytes than it was given ends the transfer.
        note(
            ccurl_set_data_callback(raw, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                guard let context else { return 0 }
                let handle = Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
                return handle.receivedHead(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
            })
        note(
            ccurl_set_data_callback(raw, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                guard let context else { return 0 }
                let handle = Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
                return handle.receivedBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
            })
    }
}
