import HTTPClient
import StatusCore
import StatusModel

/// The management API, as one read asks it.
struct SupabaseManagement: Sendable {
    struct Answer<Value: Sendable>: Sendable {
        var result: Result<Value, ProviderFailure>?
        /// What is left of the limit, which each endpoint has for itself.
        var budget: RateBudget?
    }

    /// Nil without a token.
    let token: Result<String, ProviderFailure>?
    let hold: SupabaseMemo.Hold?
    let exchange: ProviderExchange

    /// Sends one request, unless there is no token for it or Supabase is not to be asked.
    func ask<Value: Sendable>(
        _ request: (String) -> HTTPRequest, reading read: ([UInt8]) -> Value?
    ) async -> Answer<Value> {
        var exchange = exchange
        do throws(ProviderFailure) {
            guard let token = try token?.get() else { return Answer(result: nil) }
            if let failure = hold?.failure { throw failure }
            let response = try await exchange.send(request(token))
            let now = exchange.answeredAt
            var answer = Answer<Value>(budget: RateBudget(supabase: response.headers, now: now))
            if response.status == 200 {
                answer.result =
                    read(response.body).map { .success($0) }
                    ?? .failure(SupabaseManagementClassifier.unreadable)
            } else {
                answer.result = .failure(SupabaseManagementClassifier.failure(for: response, now: now))
            }
            return answer
        } catch {
            return Answer(result: .failure(error))
        }
    }
}

extension RateBudget {
    /// By `x-ratelimit-*`; nil when a part is missing. `x-ratelimit-reset` is in seconds left.
    init?(supabase headers: HTTPHeaders, now: UnixTime) {
        guard let limit = headers.count("x-ratelimit-limit").flatMap(Int.init(exactly:)),
            let remaining = headers.count("x-ratelimit-remaining").flatMap(Int.init(exactly:)),
            let left = headers.count("x-ratelimit-reset")
        else { return nil }
        self.init(limit: limit, remaining: remaining, resetsAt: now.advanced(by: .seconds(left)))
    }
}
