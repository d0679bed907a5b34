import CCurl
import Locks
import Synchronization

/// The thread that runs libcurl, and the only way to it.
///
/// The first exchange starts the thread. From any thread an exchange or its cancellation goes into the inbox; the
/// loop's thread takes it out and alone touches libcurl and finishes what was asked, so each exchange ends once.
package final class CurlLoop: Sendable {
    private typealias Continuation = CheckedContinuation<HTTPExchange.Outcome, Never>

    private struct Submission {
        var id: UInt64
        var exchange: HTTPExchange
    }

    /// What the loop's thread has yet to look at.
    private struct Inbox {
        var submissions: [Submission] = []
        var cancellations: [UInt64] = []
    }

    /// Borrowed from the transfer set, for `curl_multi_wakeup` alone.
    // SAFETY: libcurl allows that one call from any thread, and it is made under the lock under which the loop's thread
    // withdraws the handle before it frees it.
    private struct Waker: @unchecked Sendable {
        let multi: UnsafeMutableRawPointer

        func wake() { curl_multi_wakeup(multi) }
    }

    private enum Phase {
        /// No thread. To `starting` with the first exchange, or to `ended`.
        case idle
        /// The thread is on its way and looks into the inbox first of all. To `running`, `idle` or `ending`.
        case starting
        /// To `ending` when asked to stop, or to `idle` when libcurl broke: the next exchange starts afresh.
        case running(Waker)
        /// Connections are being closed. To `ended`.
        case ending
        case ended
    }

    private struct State {
        var phase: Phase = .idle
        var mustStop = false
        var inbox = Inbox()
        /// Everybody who waits for an outcome; their number is what `requestsMax` bounds.
        var continuations: [UInt64: Continuation] = [:]
        var lastID: UInt64 = 0
        var endWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private let configuration: HTTPClientConfiguration
    private let state = Lock(State())

    package init(_ configuration: HTTPClientConfiguration) { self.configuration = configuration }

    /// Performs one exchange. Ends early when the calling task is cancelled.
    package func perform(_ exchange: HTTPExchange) async -> HTTPExchange.Outcome {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { submit(Submission(id: id, exchange: exchange), $0) }
        } onCancel: {
            cancel(id: id)
        }
    }

    /// Asks the thread to end; what is pending fails with `cancelled`, as does whatever comes later.
    package func requestStop() {
        state.withLock { state in
            state.mustStop = true
            if case .idle = state.phase { state.phase = .ended }
            wake(state)
        }
    }

    /// Returns once every connection is closed and the thread is done with libcurl.
    package func ended() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if case .ended = state.phase { return true }
                state.endWaiters.append(continuation)
                return false
            }
            if hasEnded { continuation.resume() }
        }
    }

    private enum OnSubmit {
        case queued, startThread
        case refused(HTTPClientError)
    }

    private func submit(_ submission: Submission, _ continuation: Continuation) {
        let action = state.withLock { state -> OnSubmit in
            // A cancellation from now on finds the submission in the inbox; an earlier one is seen here.
            if Task.isCancelled || state.mustStop { return .refused(.cancelled(isUnsent: true)) }
            guard state.continuations.count < configuration.requestsMax else {
                return .refused(
                    HTTPClientError(
                        kind: .overloaded, detail: "\(configuration.requestsMax) requests are under way already.",
                        isUnsent: true))
            }
            state.continuations[submission.id] = continuation
            state.inbox.submissions.append(submission)
            guard case .idle = state.phase else {
                wake(state)
                return .queued
            }
            state.phase = .starting
            return .startThread
        }
        switch action {
        case .queued: break
        case .refused(let error): continuation.resume(returning: .failure(error))
        case .startThread: startThread()
        }
    }

    private func cancel(id: UInt64) {
        state.withLock { state in
            guard state.continuations[id] != nil else { return }
            state.inbox.cancellations.append(id)
            wake(state)
        }
    }

    /// Called under the lock: one write to a pipe that never blocks, and the lock is what keeps the handle from being
    /// freed under it.
    private func wake(_ state: borrowing State) {
        if case .running(let waker) = state.phase { waker.wake() }
    }

    private func startThread() {
        if DedicatedThread.start({ self.run() }) { return }
        leave(HTTPClientError(kind: .other, detail: "This machine grants no more threads.", isUnsent: true))
        announceEnd()
    }
}

/// What runs on the loop's thread.
extension CurlLoop {
    private func run() {
        guard var transfers = CurlTransferSet(configuration) else {
            leave(HTTPClientError(kind: .other, detail: "libcurl does not start.", isUnsent: true))
            return announceEnd()
        }
        var reason = HTTPClientError.cancelled(isUnsent: false)
        do throws(CurlTransferSet.Broken) {
            try serve(&transfers)
        } catch {
            reason = HTTPClientError(
                kind: .other, detail: "libcurl failed: \(String(cString: curl_multi_strerror(error.code))).")
        }
        leave(reason)
        _ = consume transfers
        announceEnd()
    }

    /// Runs until asked to stop.
    private func serve(_ transfers: inout CurlTransferSet) throws(CurlTransferSet.Broken) {
        while let inbox = takeInbox(Waker(multi: transfers.multi)) {
            let now = ContinuousClock.now
            var finished = inbox.submissions.compactMap { transfers.start($0.exchange, id: $0.id, now: now) }
            finished += inbox.cancellations.compactMap { transfers.cancel(id: $0) }
            finished += transfers.expire(now: now)
            settle(finished)
            settle(try transfers.drive())
            try transfers.wait(now: ContinuousClock.now)
        }
    }

    /// Takes what came in; nil means to stop. The first call makes the handle known, under the same lock: who submits
    /// before it is taken along here, who submits after it wakes the loop.
    private func takeInbox(_ waker: Waker) -> Inbox? {
        state.withLock { state in
            if state.mustStop { return nil }
            state.phase = .running(waker)
            let inbox = state.inbox
            state.inbox = Inbox()
            return inbox
        }
    }

    private func settle(_ finished: [CurlTransferSet.Finished]) {
        if finished.isEmpty { return }
        let settled = state.withLock { state in
            finished.map { (state.continuations.removeValue(forKey: $0.id), $0.outcome) }
        }
        for (continuation, outcome) in settled { continuation?.resume(returning: outcome) }
    }

    /// Withdraws the handle from everybody else, then ends what still waits. Runs before the handle is freed.
    private func leave(_ reason: HTTPClientError) {
        let waiting = state.withLock { state in
            state.phase = state.mustStop ? .ending : .idle
            state.inbox = Inbox()
            let waiting = state.continuations
            state.continuations = [:]
            return waiting
        }
        for continuation in waiting.values { continuation.resume(returning: .failure(reason)) }
    }

    private func announceEnd() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard case .ending = state.phase else { return [] }
            state.phase = .ended
            defer { state.endWaiters = [] }
            return state.endWaiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
