import StatusCore
import StatusModel

// What a provider has taken and works at.
extension StatusEngine {
    /// Waits for the end of what a provider works at. It only asks, so it may be cut off at any moment.
    func follow(_ id: String, _ handle: String, after pause: Duration) async {
        var pause = pause
        while let record = operations[id]?.record, !record.isOver, !Task.isCancelled, !isStopping {
            let wakeUp = min(time.now.instant.advanced(by: pause), deadline(of: record))
            do { try await time.sleep(until: wakeUp) } catch { return }
            guard time.now.instant < deadline(of: record) else {
                return await failed(id, .stillWorking(record.item.key))
            }
            do throws(ActionFailure) {
                // The call is made of the same link, whatever is linked once its secrets are read.
                if let obstacle = record.obstacleToFollowing(on: target(of: record.item)) {
                    return await failed(id, obstacle)
                }
                // Only a provider works at something: what a project has put in its place since is no part of that.
                let call = try await preparedCall(for: record, isOfProvider: true)
                let executor = executors.adapter(for: record.item)
                let step = try await withinDeadline(of: record, over: call.link, isSent: true) {
                    () async throws(ActionFailure) in
                    try await executor.follow(handle, call)
                }
                guard case .working(_, let words, let milestones, let next) = step else { return await take(step, id) }
                tell(milestones, of: id)
                move(id) { $0.progress(words, at: $1) }
                pause = next
            } catch {
                guard !error.endsFollowing else {
                    return await failed(id, .notFollowed(record.item.key, because: error))
                }
                // It cannot be told at the moment. What the provider has taken goes on without us.
                let retry = error.retryAfter.map { time.now.instant.duration(to: time.now.instant(of: $0)) } ?? .zero
                pause = max(pause, Self.followRetryInterval, retry)
            }
        }
    }

    private static let followRetryInterval = Duration.seconds(5)
}
