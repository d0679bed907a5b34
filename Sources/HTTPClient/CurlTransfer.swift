import CCurl
import Glibc

/// One exchange on one easy handle. It lives on the loop's thread alone.
///
/// libcurl holds its address unretained, for the callbacks, from ``init(_:id:easy:configuration:)`` until the handle is
/// reset; ``CurlTransferSet`` keeps the object alive for exactly that long.
final class CurlTransfer {
    let id: UInt64
    let exchange: HTTPExchange
    let easy: UnsafeMutableRawPointer
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var collector: ResponseCollector
    /// What a callback found, when it made libcurl stop. It says more than the code that libcurl then reports.
    private var verdict: HTTPClientError?
    /// Whether libcurl has begun with it. Until then it waits for a connection that others use.
    private var isBegun = false
    /// From the start of name resolution until the first of its addresses is tried.
    private var isResolving = false
    /// Whether a connection was ready to carry the request.
    private var isConnected = false

    /// Sets all options; nil if libcurl refuses one, for lack of memory.
    init?(_ exchange: HTTPExchange, id: UInt64, easy: UnsafeMutableRawPointer, configuration: HTTPClientConfiguration) {
        self.id = id
        self.exchange = exchange
        self.easy = easy
        collector = ResponseCollector(bodyBytesMax: exchange.bodyBytesMax)
        var options = CurlOptions(easy: easy)
        options.setDefaults(configuration)
        setRequest(&options)
        setCallbacks(&options)
        guard options.areSet else { return nil }
    }

    deinit { curl_slist_free_all(headerList) }

    /// What became of the exchange once libcurl is done with it.
    func outcome(code: CURLcode) -> HTTPExchange.Outcome {
        let host = exchange.hop.url.host
        guard code == CURLE_OK else {
            guard isBegun || code != CURLE_OPERATION_TIMEDOUT else { return .failure(.overloaded(host: host)) }
            let failure = CurlFailure(
                code: code.rawValue, verifyResult: long(CURLINFO_SSL_VERIFYRESULT),
                proxyStatus: long(CURLINFO_HTTP_CONNECTCODE),
                host: host, isResolving: isResolving)
            var error = verdict ?? CurlErrorMap.error(for: failure)
            error.isUnsent = isUnsent
            return .failure(error)
        }
        let status = long(CURLINFO_RESPONSE_CODE)
        // libcurl takes a connection that closes amid the headers for the end of an empty answer.
        guard collector.headersAreComplete, (100...999).contains(status) else {
            return .failure(
                HTTPClientError(kind: .malformedResponse, detail: CurlErrorMap.malformedSentence(host: host)))
        }
        return .success(
            HTTPExchange.Answer(
                status: status, headers: collector.headers, body: collector.body, peer: peer,
                latency: latency))
    }

    /// Whether it is certain that nothing of it was sent.
    var isUnsent: Bool { !isConnected }

    /// When it is over at the latest.
    var endsAt: ContinuousClock.Instant { isBegun ? exchange.deadline : exchange.beginBy }

    private func setRequest(_ options: inout CurlOptions) {
        let hop = exchange.hop
        options.set(CURLOPT_URL, hop.url.text)
        options.set(CURLOPT_FRESH_CONNECT, exchange.isSentOnce ? 1 : 0)
        options.set(CURLOPT_CONNECTTIMEOUT_MS, exchange.connectTimeout.wholeMilliseconds)
        if hop.method == "HEAD" {
            options.set(CURLOPT_NOBODY, 1)
        } else {
            // Refuses by the announced length before a byte is read; 0 would mean no bound.
            options.setOffset(CURLOPT_MAXFILESIZE_LARGE, max(1, exchange.bodyBytesMax))
            if !hop.body.isEmpty || ["POST", "PUT", "PATCH"].contains(hop.method) {
                options.set(CURLOPT_POST, 1)
                options.setOffset(CURLOPT_POSTFIELDSIZE_LARGE, hop.body.count)
                hop.body.withUnsafeBytes { options.setPointer(CURLOPT_COPYPOSTFIELDS, $0.baseAddress) }
            }
            if hop.method != "GET" || !hop.body.isEmpty { options.set(CURLOPT_CUSTOMREQUEST, hop.method) }
        }
        for (name, value) in hop.headers.fields {
            // "Name:" takes a header away in libcurl's syntax; "Name;" sends it empty.
            append(header: value.allSatisfy { $0 == " " || $0 == "\t" } ? "\(name);" : "\(name): \(value)", &options)
        }
        // A body goes out at once, and is no form unless the caller says so.
        append(header: "Expect:", &options)
        if hop.headers["Content-Type"] == nil { append(header: "Content-Type:", &options) }
        options.setPointer(CURLOPT_HTTPHEADER, headerList)
    }

    private func append(header: String, _ options: inout CurlOptions) {
        if let longer = curl_slist_append(headerList, header) {
            headerList = longer
        } else {
            options.failed()
        }
    }
}

/// The callbacks. libcurl runs them on the loop's thread, while the transfer set drives it.
extension CurlTransfer {
    private func setCallbacks(_ options: inout CurlOptions) {
        let context = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        options.setPointer(CURLOPT_HEADERDATA, context)
        options.setPointer(CURLOPT_WRITEDATA, context)
        options.setPointer(CURLOPT_OPENSOCKETDATA, context)
        options.setPointer(CURLOPT_PREREQDATA, context)
        options.setPointer(CURLOPT_RESOLVER_START_DATA, context)
        options.setWriteCallback(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            CurlTransfer.from(context)?.collect(bytes, size * count) { (collector, part) throws(HTTPClientError) in
                try collector.received(headerLine: part)
            } ?? Int(CURL_WRITEFUNC_ERROR)
        }
        options.setWriteCallback(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            CurlTransfer.from(context)?.collect(bytes, size * count) { (collector, part) throws(HTTPClientError) in
                try collector.received(bodyPart: part)
            } ?? Int(CURL_WRITEFUNC_ERROR)
        }
        options.setResolverStartCallback { _, _, context in
            guard let transfer = CurlTransfer.from(context) else { return 0 }
            transfer.isBegun = true
            transfer.isResolving = true
            return 0
        }
        options.setOpenSocketCallback { context, _, address in
            guard let transfer = CurlTransfer.from(context), let address else { return CURL_SOCKET_BAD }
            return transfer.openSocket(to: address)
        }
        options.setPrerequestCallback { context, peer, _, _, _ in
            guard let transfer = CurlTransfer.from(context), let peer else { return CURL_PREREQFUNC_ABORT }
            transfer.isBegun = true
            transfer.isConnected = transfer.mayTalk(to: String(cString: peer))
            return transfer.isConnected ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
        }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
        context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Hands bytes to the collector. Returns how many were taken: all, or the mark that makes libcurl stop.
    private func collect(
        _ bytes: UnsafeMutablePointer<CChar>?, _ byteCount: Int,
        into receive: (inout ResponseCollector, UnsafeRawBufferPointer) throws(HTTPClientError) -> Void
    ) -> Int {
        do throws(HTTPClientError) {
            try receive(&collector, UnsafeRawBufferPointer(start: bytes, count: byteCount))
            return byteCount
        } catch {
            verdict = error
            return Int(CURL_WRITEFUNC_ERROR)
        }
    }

    /// Opens the socket for one of the addresses that the host resolved to, if the rule allows it.
    private func openSocket(to address: UnsafeMutablePointer<curl_sockaddr>) -> Int32 {
        isBegun = true
        isResolving = false
        let target = address.pointee
        // `addr` is declared as the shortest kind of address, but libcurl puts the longest behind it.
        let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0
        let bytes = UnsafeRawBufferPointer(
            start: UnsafeRawPointer(address).advanced(by: offset), count: Int(target.addrlen))
        if exchange.peerRule != .any {
            guard let peer = IPAddress(socketAddress: bytes, family: target.family), exchange.peerRule.allows(peer)
            else {
                refusePeer()
                return CURL_SOCKET_BAD
            }
        }
        // libcurl's own would be inherited by every program started meanwhile.
        return socket(target.family, target.socktype | Int32(SOCK_CLOEXEC.rawValue), target.protocol)
    }

    /// The same rule for a pooled connection, which opened its socket for some other request.
    private func mayTalk(to peer: String) -> Bool {
        if exchange.peerRule == .any { return true }
        if let address = IPAddress(peer), exchange.peerRule.allows(address) { return true }
        refusePeer()
        return false
    }

    private func refusePeer() {
        let host = exchange.hop.url.host
        verdict =
            exchange.isRedirect
            ? HTTPClientError(kind: .redirectRefused, detail: RedirectPolicy.localPeerSentence(host: host))
            : .addressRefused(host: host)
    }
}
