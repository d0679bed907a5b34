package import HTTPClient
package import StatusCore
package import StatusModel

/// What one of the side requests came to. Several go out at once and each keeps its own result, so that a dead part
/// does not hide a living one.
package struct SanityAnswer: Sendable {
    package var result: Result<HTTPResponse, ProviderFailure>

    package init(_ result: Result<HTTPResponse, ProviderFailure>) { self.result = result }

    /// The answer's body as a value, or the failure that the answer stands for.
    ///
    /// Beside documents that can be read, a refusal of the token is a missing permission, whatever its words.
    package func read<Value>(
        at now: UnixTime, as decode: ([UInt8]) -> Value?
    ) -> Result<Value, ProviderFailure> {
        result.flatMap { response in
            guard response.status == 200 else {
                var failure = SanityClassifier.failure(for: response, now: now.advanced(by: response.elapsed))
                if [401, 403].contains(response.status), failure.disposition == .replaces {
                    failure.code = .missingScope
                }
                return .failure(failure)
            }
            return decode(response.body).map(Result.success) ?? .failure(SanityClassifier.unreadable)
        }
    }
}
