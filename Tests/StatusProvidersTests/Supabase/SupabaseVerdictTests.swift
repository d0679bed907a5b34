import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Supabase: folding the findings")
struct SupabaseVerdictTests {
    private static let target = SupabaseTarget(reference: SupabaseScene.reference)
    private static let silence = ProviderFailure(
        code: .timeout, cause: .provider, hint: "Wait.", disposition: .keepsLast, isRetryable: true)
    private static let throttle = ProviderFailure(
        code: .rateLimited, cause: .throttled, hint: "Wait.", disposition: .keepsLast)
    private static let misprobed = ProviderFailure(
        code: .misconfigured, cause: .refused, hint: "Correct the probe.", disposition: .replaces)

    private static let projects: [Result<SupabaseProject, ProviderFailure>?] =
        [
            nil, .failure(silence), .failure(throttle), .failure(SupabaseManagementClassifier.deadToken),
            .failure(SupabaseManagementClassifier.missingScope), .failure(SupabaseManagementClassifier.notFound),
        ]
        + [.activeHealthy, .activeUnhealthy, .comingUp, .inactive, .initFailed, .removed, .unknown].map {
            .success(SupabaseProject(name: "acme", status: $0))
        }

    private static let healths: [Result<SupabaseHealth, ProviderFailure>?] =
        [
            nil, .failure(silence), .failure(throttle), .failure(SupabaseManagementClassifier.deadToken),
        ]
        + [[:], ["db": .unhealthy], ["auth": .unhealthy], ["db": .comingUp]].map { unwell in
            .success(
                SupabaseHealth(
                    states: Dictionary(
                        uniqueKeysWithValues: SupabaseScene.services.map { ($0, unwell[$0] ?? .healthy) })))
        }

    private static let probes: [SupabaseProbeResult?] = [
        nil, .answered(.milliseconds(12)), .asleep, .databaseDown, .restricted, .failed(silence), .failed(throttle),
        .failed(misprobed), .failed(SupabaseProbeClassifier.deadKey),
    ]

    @Test("of every combination the worst wins, and no status says more than was found")
    func combinations() {
        for project in Self.projects {
            for health in Self.healths {
                for probe in Self.probes {
                    check(SupabaseFindings(project: project, health: health, probe: probe))
                }
            }
        }
    }

    /// What must hold of any fold, by laws that do not repeat how it is made.
    private func check(_ findings: SupabaseFindings) {
        do throws(ProviderFailure) {
            let verdict = try findings.verdict(for: Self.target, samples: [.milliseconds(12)])
            #expect(findings.hasLife, "\(findings)")
            #expect(!findings.hasDeadKey, "\(findings)")
            #expect((verdict.status == .connected) == findings.isFlawless, "\(findings) \(verdict)")
            #expect(verdict.status != .disconnected)
            #expect(!verdict.words.isEmpty && Set(verdict.words).count == verdict.words.count, "\(verdict)")
            if verdict.status == .error { #expect(verdict.problem?.cause == .provider, "\(findings)") }
            if verdict.words.contains("Database healthy") { #expect(findings.database == .healthy, "\(findings)") }
        } catch {
            // What lives is passed over for a person's or the provider's word alone, and that was really said.
            #expect(!findings.hasLife || error.isRefusal || error.isThrottled, "\(findings)")
            #expect(findings.failures.contains(error) || findings == SupabaseFindings() || findings.isRemoved)
        }
    }

    @Test("the worst problem is the one that is told")
    func worstProblem() throws {
        let findings = SupabaseFindings(
            project: .success(SupabaseProject(name: nil, status: .activeHealthy)),
            health: .failure(Self.silence), probe: .databaseDown)
        let verdict = try findings.verdict(for: Self.target, samples: [])
        #expect(verdict.status == .error)
        #expect(verdict.problem?.code == .unknown)
        #expect(verdict.words == ["Database unreachable", "Health API does not answer"])
    }

    @Test("a service that was asked for and is not in the answer is no healthy one")
    func missingService() throws {
        let findings = SupabaseFindings(
            project: .success(SupabaseProject(name: nil, status: .activeHealthy)),
            health: .success(SupabaseHealth(states: ["db": .healthy])))
        var target = Self.target
        target.services = ["db", "auth"]
        let verdict = try findings.verdict(for: target, samples: [])
        #expect(verdict.status == .warning)
        #expect(verdict.words == ["Database healthy", "Auth status unknown"])
    }

    @Test("with nothing but a project that runs, no more is claimed")
    func projectAlone() throws {
        let findings = SupabaseFindings(
            project: .success(SupabaseProject(name: nil, status: .activeHealthy)), health: .failure(Self.silence))
        let verdict = try findings.verdict(for: Self.target, samples: [])
        #expect(verdict.words == ["Project active", "Health API does not answer"])
    }
}

extension SupabaseFindings {
    fileprivate var failures: [ProviderFailure] {
        var failures: [ProviderFailure] = []
        if case .failure(let failure) = project { failures.append(failure) }
        if case .failure(let failure) = health { failures.append(failure) }
        if case .failed(let failure) = probe { failures.append(failure) }
        return failures
    }

    fileprivate var hasLife: Bool {
        if case .success = project { return true }
        if case .success = health { return true }
        if case .failed = probe { return false }
        return probe != nil
    }

    fileprivate var hasDeadKey: Bool { probe == .failed(SupabaseProbeClassifier.deadKey) }

    fileprivate var isRemoved: Bool { (try? project?.get())?.status == .removed }

    fileprivate var database: SupabaseHealth.State? { (try? health?.get())?.state(of: "db") }

    /// Whether nothing at all was found that is not as it should be.
    fileprivate var isFlawless: Bool {
        let states = (try? health?.get())?.states.values.allSatisfy { $0 == .healthy } ?? true
        let status = (try? project?.get())?.status ?? .activeHealthy
        let isProbed = if case .answered = probe { true } else { probe == nil }
        return failures.isEmpty && states && isProbed && (status == .activeHealthy || status == .unknown)
    }
}
