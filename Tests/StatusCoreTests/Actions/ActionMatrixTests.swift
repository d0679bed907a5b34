import StatusCore
import StatusModel
import TestSupport
import Testing

/// The whole matrix of SPEC §7: role × action × state, by what a reader is shown and by what is run. The table below is
/// written out, so that a change of the rules shows here.
@Suite("The matrix of role, action and state")
struct ActionMatrixTests {
    /// How an item stands.
    enum State: String, CaseIterable {
        case notLinked, lacksCredential, disabled, revokedLink, checking, connected, warning, refused, missingScope,
            notFound, misconfigured, throttled, outage, sleeping
    }

    /// What each role may do, whatever the state.
    private static let allowed: [Role: Set<String>] = [
        .owner: everything, .admin: everything,
        .editor: ["push", "pull", "sync", "deploy-preview", "open-studio", "test-connection"],
        .viewer: [],
    ]

    private static let everything: Set<String> = [
        "connect", "disconnect", "reconnect", "push", "pull", "sync", "link", "deploy-preview", "deploy-production",
        "open-studio", "test-connection", "wake", "run-diagnostics", "run-smoke-tests",
    ]

    /// What each item has.
    private static let actions: [ItemKey: [String]] = [
        .provider(.github): ["connect", "disconnect", "reconnect", "push", "pull", "sync"],
        .provider(.vercel): ["connect", "disconnect", "link", "deploy-preview", "deploy-production"],
        .provider(.sanity): ["connect", "disconnect", "sync", "open-studio"],
        .provider(.supabase): ["connect", "disconnect", "reconnect", "test-connection"],
        .service("worker"): ["wake", "run-diagnostics", "run-smoke-tests"],
    ]

    /// What each state forbids; all else can be run.
    private static let forbidden: [State: Set<String>] = [
        .notLinked: everything.subtracting(["connect"]),
        .lacksCredential: everything.subtracting(["connect"]),
        .disabled: everything,
        .revokedLink: everything.subtracting(["connect", "reconnect"]),
        .checking: ["connect", "wake"],
        .connected: ["connect", "wake"],
        .warning: ["connect", "wake"],
        .refused: ["push", "pull", "sync", "deploy-preview", "deploy-production", "open-studio", "wake"],
        .missingScope: ["push", "pull", "sync", "deploy-preview", "deploy-production", "open-studio", "wake"],
        .notFound: ["push", "pull", "sync", "deploy-preview", "deploy-production", "open-studio", "wake"],
        .misconfigured: ["push", "pull", "sync", "deploy-preview", "deploy-production", "open-studio", "wake"],
        .throttled: ["connect", "push", "pull", "sync", "deploy-preview", "deploy-production", "open-studio", "wake"],
        .outage: ["connect", "wake"],
        .sleeping: ["connect"],
    ]

    @Test(
        "whoever may not is not shown the action and is denied it; what the state forbids is shown with its reason",
        arguments: State.allCases)
    func matrix(state: State) throws {
        var cells = 0
        for (key, names) in Self.actions {
            for role in Role.allCases {
                let envelope = envelope(key, in: state, for: role)
                let status = try #require((envelope.items + envelope.services).first { $0.key == key })
                let shown = names.filter { Self.allowed[role]?.contains($0) ?? false }
                #expect(status.actions.map(\.action) == shown, "\(role) \(key) \(state)")
                for name in Self.everything {
                    cells += 1
                    let verdict = verdict(name, key, role, envelope)
                    let cell: Comment = "\(role) \(name) \(key) \(state)"
                    if !(Self.allowed[role]?.contains(name) ?? false) {
                        #expect(verdict == .failure(.denied(role, action: name, key)), cell)
                    } else if !names.contains(name) {
                        #expect(verdict == .failure(.actionUnknown(name, key)), cell)
                    } else if Self.forbidden[state]?.contains(name) ?? false {
                        let offer = try #require(status.actions.first { $0.action == name })
                        #expect(!offer.can && !offer.reason.isEmpty, cell)
                        #expect(verdict == .failure(.unavailable(reason: offer.reason)), cell)
                    } else {
                        let action = try #require(IntegrationAction(rawValue: name))
                        #expect(verdict == .success(action), cell)
                    }
                }
            }
        }
        #expect(cells == 5 * 4 * 14)
    }

    @Test("a denial says the same whether or not there is a project, an item or a link", arguments: Role.allCases)
    func denial(role: Role) {
        for name in Self.everything.subtracting(Self.allowed[role] ?? []).union(role == .viewer ? ["bogus"] : []) {
            for key in Self.actions.keys {
                let expected = Result<IntegrationAction, ActionRefusal>.failure(.denied(role, action: name, key))
                #expect(verdict(name, key, role, nil) == expected)
                for state in [State.notLinked, .connected] {
                    #expect(verdict(name, key, role, envelope(key, in: state, for: role)) == expected)
                }
            }
        }
    }

    @Test("an item that policy hides is denied in the words of any denial, whatever it links", arguments: Role.allCases)
    func hidden(role: Role) {
        for name in Self.everything {
            for state in [State.notLinked, .connected, .refused] {
                let envelope = envelope(.provider(.github), in: state, for: role, isHidden: true)
                let expected = ActionRefusal.denied(role, action: name, .provider(.github))
                #expect(verdict(name, .provider(.github), role, envelope) == .failure(expected))
            }
        }
    }

    private func verdict(
        _ name: String, _ key: ItemKey, _ role: Role, _ envelope: StatusEnvelope?
    ) -> Result<IntegrationAction, ActionRefusal> {
        let request = ActionRequest(projectID: ProjectID(known: "shop"), key: key, action: name, idempotencyKey: "k")
        do throws(ActionRefusal) {
            try ActionGate.admit(request, role)
            return .success(try ActionGate.offered(request, role, in: envelope))
        } catch {
            return .failure(error)
        }
    }

    private func envelope(
        _ key: ItemKey, in state: State, for role: Role, isHidden: Bool = false
    ) -> StatusEnvelope {
        var snapshot = Samples.project([key], hidden: isHidden ? [key: Set(Role.allCases)] : [:])
        let record = state.record(of: key)
        snapshot.items = snapshot.items.map { $0.key == key ? record : $0 }
        snapshot.services = snapshot.services.map { $0.key == key ? record : $0 }
        return ViewRenderer.render(snapshot, role: role, now: Samples.start, digest: Samples.digest).envelope
    }
}

extension ActionMatrixTests.State {
    fileprivate func record(of key: ItemKey) -> ItemRecord {
        func failing(_ code: ProblemCode, _ cause: ProblemCause, replaces: Bool = true) -> ItemRecord {
            Samples.record(
                key, reading: Samples.reading(key),
                failure: Samples.failure(code, cause: cause, replaces ? .replaces : .keepsLast))
        }
        return switch self {
        case .notLinked: ItemRecord(key: key, link: .notLinked)
        case .lacksCredential: ItemRecord(key: key, link: .lacksCredential)
        case .disabled: ItemRecord(key: key, link: .disabled)
        case .revokedLink: ItemRecord(key: key, link: .revoked)
        case .checking: ItemRecord(key: key, link: .linked)
        case .connected: Samples.record(key, reading: Samples.reading(key))
        case .warning: Samples.record(key, reading: Samples.reading(key, status: .warning))
        case .refused: failing(.oauthRevoked, .refused)
        case .missingScope: failing(.missingScope, .refused)
        case .notFound: failing(.notFound, .refused)
        case .misconfigured: failing(.misconfigured, .refused)
        case .throttled: failing(.rateLimited, .throttled, replaces: false)
        case .outage: failing(.providerOutage, .provider, replaces: false)
        case .sleeping: failing(.sleeping, .provider, replaces: false)
        }
    }
}
