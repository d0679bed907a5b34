import CCurl

/// A multi handle with its running transfers and its spare easy handles. It lives on one thread; only
/// `curl_multi_wakeup` may be called from another.
struct CurlTransferSet: ~Copyable {
    /// A transfer that ended.
    struct Finished {
        var id: UInt64
        var outcome: HTTPExchange.Outcome
    }

    /// libcurl reports that the multi handle itself is broken.
    struct Broken: Error {
        var code: CURLMcode
    }

    /// Easy handles kept for the next transfers; each holds some kilobytes.
    private static let spareHandlesMax = 8

    let multi: UnsafeMutableRawPointer
    private let configuration: HTTPClientConfiguration
    private var running: [UnsafeMutableRawPointer: CurlTransfer] = [:]
    private var spareHandles: [UnsafeMutableRawPointer] = []

    init?(_ configuration: HTTPClientConfiguration) {
        guard CurlLibrary.isInitialised, let multi = curl_multi_init() else { return nil }
        self.multi = multi
        self.configuration = configuration
        // Unknown options are the only error, and these are older than all that is asked for elsewhere.
        _ = telltale_curl_multi_setopt_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, configuration.connectionsMax)
        _ = telltale_curl_multi_setopt_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.connectionsPerHostMax)
        _ = telltale_curl_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, configuration.connectionsIdleMax)
    }

    /// Closes every connection. What still runs ends without an outcome.
    deinit {
        for (easy, transfer) in running {
            curl_multi_remove_handle(multi, easy)
            curl_easy_cleanup(easy)
            withExtendedLifetime(transfer) {}
        }
        for easy in spareHandles { curl_easy_cleanup(easy) }
        curl_multi_cleanup(multi)
    }

    /// Starts an exchange; what it returns could not start.
    mutating func start(_ exchange: HTTPExchange, id: UInt64, now: ContinuousClock.Instant) -> Finished? {
        let host = exchange.hop.url.host
        guard exchange.deadline > now else {
            var error = CurlErrorMap.error(for: CurlFailure(code: CURLE_OPERATION_TIMEDOUT.rawValue, host: host))
            error.isUnsent = true
            return Finished(id: id, outcome: .failure(error))
        }
        guard let easy = spareHandles.popLast() ?? curl_easy_init() else {
            return Finished(id: id, outcome: .failure(Self.outOfMemory(host: host)))
        }
        guard let transfer = CurlTransfer(exchange, id: id, easy: easy, configuration: configuration),
            curl_multi_add_handle(multi, easy) == CURLM_OK
        else {
            curl_easy_cleanup(easy)
            return Finished(id: id, outcome: .failure(Self.outOfMemory(host: host)))
        }
        running[easy] = transfer
        return nil
    }

    /// Ends a transfer; nil if it has ended already.
    mutating func cancel(id: UInt64) -> Finished? {
        guard let (easy, _) = running.first(where: { $0.value.id == id }) else { return nil }
        return end(easy) { .failure(.cancelled(isUnsent: $0.isUnsent)) }
    }

    /// Does what can be done without waiting, and returns what ended.
    mutating func drive() throws(Broken) -> [Finished] {
        var runningCount: Int32 = 0
        let code = curl_multi_perform(multi, &runningCount)
        guard code == CURLM_OK else { throw Broken(code: code) }
        var finished: [Finished] = []
        var leftCount: Int32 = 0
        while let message = curl_multi_info_read(multi, &leftCount) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            // The message is gone once its handle is.
            let result = message.pointee.data.result
            if let one = end(easy, as: { $0.outcome(code: result) }) { finished.append(one) }
        }
        return finished
    }

    /// Ends what is past its deadline. libcurl's own timeout leaves out transfers that wait for a connection.
    mutating func expire(now: ContinuousClock.Instant) -> [Finished] {
        let overdue = running.filter { $0.value.endsAt <= now }
        return overdue.keys.compactMap { easy in
            end(easy) { $0.outcome(code: CURLE_OPERATION_TIMEDOUT) }
        }
    }

    /// Waits for a socket, a wake-up, a timer of libcurl's, or the next deadline.
    func wait(now: ContinuousClock.Instant) throws(Broken) {
        let next = running.values.map(\.endsAt).min()
        let timeout = next.map { now.duration(to: $0).wholeMilliseconds } ?? Int(Int32.max)
        let code = curl_multi_poll(multi, nil, 0, Int32(timeout), nil)
        guard code == CURLM_OK else { throw Broken(code: code) }
    }

    /// Takes a transfer out. Its handle is reset before the transfer goes, for the handle holds its address.
    private mutating func end(
        _ easy: UnsafeMutableRawPointer, as outcome: (CurlTransfer) -> HTTPExchange.Outcome
    ) -> Finished? {
        guard let transfer = running.removeValue(forKey: easy) else { return nil }
        let finished = Finished(id: transfer.id, outcome: outcome(transfer))
        curl_multi_remove_handle(multi, easy)
        if spareHandles.count < Self.spareHandlesMax {
            curl_easy_reset(easy)
            spareHandles.append(easy)
        } else {
            curl_easy_cleanup(easy)
        }
        withExtendedLifetime(transfer) {}
        return finished
    }

    private static func outOfMemory(host: String) -> HTTPClientError {
        HTTPClientError(
            kind: .other, detail: "The request to \(host) could not start: this machine is out of memory.",
            isUnsent: true)
    }
}

extension HTTPClientError {
    static func cancelled(isUnsent: Bool) -> HTTPClientError {
        HTTPClientError(kind: .cancelled, detail: "The request was cancelled.", isUnsent: isUnsent)
    }

    /// All connections were in use until its time was over.
    static func overloaded(host: String) -> HTTPClientError {
        HTTPClientError(
            kind: .overloaded, detail: "Other requests took every connection to \(host) until the time was over.",
            isUnsent: true)
    }

    static func addressRefused(host: String) -> HTTPClientError {
        HTTPClientError(
            kind: .addressRefused,
            detail: "\(host) is this machine or on its network's link, which the request may not reach.")
    }
}
