package import HTTPClient
package import StatusCore
import StatusModel

/// Carries out what can be done to a project on Supabase (providers.md §5.2): its connection is tested, now and without
/// anything remembered.
///
/// The test asks what a read asks, and makes of the answers what a read makes of them. A project that is unwell is a result
/// of the test and no failure of it; the test fails where a read would have nothing to tell.
package struct SupabaseActions: ActionExecutor {
    private let reader: SupabaseProvider

    /// - Parameters:
    ///   - transport: Sends the requests.
    ///   - digest: The reader's.
    ///   - userAgent: Whom Supabase shall see.
    package init(transport: any HTTPTransport, digest: @escaping DigestFunction, userAgent: String = "telltale") {
        reader = SupabaseProvider(transport: transport, digest: digest, userAgent: userAgent)
    }

    package func plan(_ call: ActionCall) throws(ActionFailure) -> ActionPlan {
        _ = try Self.link(of: call)
        guard call.action == .testConnection else { throw .foreign("Supabase") }
        _ = try ActionPayload(call.payload, taking: [])
        return ActionPlan(OperationWords("Tests the connection to the project"), isSending: false)
    }

    package func perform(_ call: ActionCall) async throws(ActionFailure) -> ActionStep {
        _ = try plan(call)
        let (link, target) = try Self.link(of: call)
        let request = ReadRequest(
            project: call.item.project, link: link, secret: call.secret, namedSecrets: call.namedSecrets, previous: nil,
            now: call.now, deadline: call.deadline)
        do throws(ProviderFailure) {
            let findings = try await reader.findings(request)
            return .done(try findings.testResult(for: target))
        } catch {
            throw ActionFailure(error)
        }
    }

    private static func link(of call: ActionCall) throws(ActionFailure) -> (Link, SupabaseTarget) {
        guard let link = call.link, case .supabase(let target) = link.target else { throw .foreign("Supabase") }
        return (link, target)
    }
}
