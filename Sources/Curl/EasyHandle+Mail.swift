import CCurl

/// Messages to mail servers: another protocol, the same loop and limits.
extension EasyHandle {
    func prepare(_ mail: Mail) -> TransportError? {
        (self.mail, address) = (mail, mail.address)
        forgetReply()
        guard let recipients = HeaderList(mail.to) else { return .failed(host: mail.host, reason: "out of memory") }
        headers = recipients
        var options = EasyOptions(raw)
        options.set(CURLOPT_URL, mail.address.url)
        options.setCommon(configuration, protocols: "smtp,smtps")
        options.set(CURLOPT_TIMEOUT_MS, mail.limits.total.wholeMilliseconds)
        options.set(CURLOPT_CONNECTTIMEOUT_MS, mail.limits.connect.wholeMilliseconds)
        options.setMail(mail, to: recipients)
        options.setCallbacks(self)
        options.setReading(self)
        return options.code == CURLE_OK ? nil : failure(options.code)
    }

    /// The next bytes of the message; none when it is through.
    func giveMail(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let message = mail?.message, sent < message.count else { return 0 }
        let count = min(buffer.count, message.count - sent)
        buffer.copyBytes(from: message[sent..<(sent + count)])
        sent += count
        hasMoved = true
        return count
    }

    /// A refusal in the server's words is a reply like any other.
    func mailEnding(_ code: CURLcode) -> ExchangeResult {
        let status = ccurl_info_long(raw, CURLINFO_RESPONSE_CODE)
        let isSaid =
            [
                CURLE_SEND_ERROR, CURLE_LOGIN_DENIED, CURLE_WEIRD_SERVER_REPLY, CURLE_REMOTE_ACCESS_DENIED,
                CURLE_QUOTE_ERROR, CURLE_RECV_ERROR, CURLE_UPLOAD_FAILED,
            ].contains(code) && status >= 400
        guard code == CURLE_OK || isSaid else {
            // Its way of saying that STARTTLS is missing, or of a greeting that is none.
            return .failure(
                code == CURLE_WEIRD_SERVER_REPLY
                    ? .failed(host: address?.origin.host ?? "", reason: "its answer is not that of a mail server")
                    : failure(code))
        }
        return .success(
            RawReply(
                status: status, version: .http11, head: head, body: [], elapsed: ContinuousClock.now - began,
                certificate: nil))
    }
}
