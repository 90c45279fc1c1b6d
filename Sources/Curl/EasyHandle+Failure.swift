import CCurl

/// libcurl's codes in our words.
extension EasyHandle {
    /// libcurl's code in our words.
    func failure(_ code: CURLcode) -> TransportError {
        let host = address?.origin.host ?? ""
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: return .couldNotResolve(host: host)
        case CURLE_COULDNT_RESOLVE_PROXY: return .couldNotResolveProxy(host: host)
        case CURLE_COULDNT_CONNECT: return .couldNotConnect(host: address?.origin.place ?? host)
        case CURLE_PEER_FAILED_VERIFICATION: return .couldNotVerify(host: host, fault: tlsFault())
        case CURLE_USE_SSL_FAILED: return .couldNotVerify(host: host, fault: .notOffered)
        case CURLE_SSL_CONNECT_ERROR: return .couldNotVerify(host: host, fault: .handshake)
        case CURLE_SSL_CACERT_BADFILE: return .couldNotVerify(host: host, fault: .authorityFile)
        case CURLE_OPERATION_TIMEDOUT: return timedOut(host)
        case CURLE_FILESIZE_EXCEEDED:
            return .tooLarge(host: host, part: .body, limit: request?.limits.body ?? 0)
        case CURLE_WRITE_ERROR:
            switch overflow {
            case .head: return .tooLarge(host: host, part: .head, limit: Self.maxHeadBytes)
            case .body: return .tooLarge(host: host, part: .body, limit: request?.limits.body ?? 0)
            case nil: return .malformed(host: host)
            }
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2,
            CURLE_HTTP2_STREAM:
            return .cutOff(host: host)
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            return .malformed(host: host)
        case CURLE_URL_MALFORMAT: return .unusableRequest(host: host)
        default: return .failed(host: host, reason: String(cString: curl_easy_strerror(code)))
        }
    }

    func timedOut(_ host: String) -> TransportError {
        let after = ContinuousClock.now - began
        let isConnected = ccurl_info_offset(raw, CURLINFO_PRETRANSFER_TIME_T) > 0
        let limit: TransportError.TimeLimit =
            isConnected || after >= exchange?.sending.limits.total ?? .zero ? .total : .connect
        let place = limit == .connect ? address?.origin.place ?? host : host
        return .timedOut(host: place, limit: limit, after: after)
    }

    func tlsFault() -> TransportError.TLSFault {
        // OpenSSL's X509_V_ERR numbers, which libcurl passes on. 0 and 1 (unspecified): it refused the name before it
        // asked for a number, and OpenSSL had no objection to the chain.
        switch ccurl_info_long(raw, CURLINFO_SSL_VERIFYRESULT) {
        case 0, 1, 62, 64: .wrongHost
        case 9: .notYetValid
        case 10: .expired
        case 18, 19: .selfSigned
        case 2, 20, 21: .unknownIssuer
        case let number: .other(number)
        }
    }
}

extension Duration {
    /// At least one, since libcurl reads zero as "no limit"; at most about eleven days.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
