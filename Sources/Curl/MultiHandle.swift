import CCurl

/// Owns libcurl's set of running transfers with its connections.
///
/// Unchecked because it holds a pointer. `wake` is libcurl's one call for any thread, and the mailbox makes it under
/// its lock while it still holds the handle; all else, the freeing included, happens on the loop's thread, which lets
/// go last.
final class MultiHandle: @unchecked Sendable {
    private let raw: UnsafeMutableRawPointer

    /// nil when libcurl cannot start.
    init?(maxConnections: Int) {
        guard Self.libraryIsReady, let raw = curl_multi_init() else { return nil }
        self.raw = raw
        _ = ccurl_multi_set_long(raw, CURLMOPT_MAXCONNECTS, maxConnections)
    }

    deinit { curl_multi_cleanup(raw) }

    /// Once for the process, whichever transport comes first.
    private static let libraryIsReady = ccurl_global_init() == CURLE_OK

    func wake() { curl_multi_wakeup(raw) }

    func add(_ handle: EasyHandle) -> Bool { curl_multi_add_handle(raw, handle.raw) == CURLM_OK }

    func remove(_ handle: EasyHandle) { curl_multi_remove_handle(raw, handle.raw) }

    /// Moves every transfer on as far as it goes without waiting.
    func perform() {
        var running: Int32 = 0
        curl_multi_perform(raw, &running)
    }

    /// Waits until a transfer can move on, somebody wakes it, or the time is over.
    func poll(milliseconds: Int32) {
        curl_multi_poll(raw, nil, 0, milliseconds, nil)
    }

    /// The next transfer that has ended and how; nil when there is none.
    func nextEnded() -> (handle: EasyHandle, code: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(raw, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let handle = EasyHandle.owner(of: easy)
            else { continue }
            return (handle, ccurl_message_result(message))
        }
        return nil
    }
}
