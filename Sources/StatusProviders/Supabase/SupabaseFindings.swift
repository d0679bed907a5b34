package import StatusCore
package import StatusModel

/// What the probes of one read found out: a result for each, because one can be dead beside living ones.
package struct SupabaseFindings: Hashable, Sendable {
    /// Nil when the link has no management token.
    package var project: Result<SupabaseProject, ProviderFailure>?
    package var health: Result<SupabaseHealth, ProviderFailure>?
    /// Nil when the link has no project key.
    package var probe: SupabaseProbeResult?

    package init(
        project: Result<SupabaseProject, ProviderFailure>? = nil,
        health: Result<SupabaseHealth, ProviderFailure>? = nil, probe: SupabaseProbeResult? = nil
    ) {
        self.project = project
        self.health = health
        self.probe = probe
    }
}

/// What all findings together say.
package struct SupabaseVerdict: Hashable, Sendable {
    package var status: ConnectionState
    /// The summary, but for the latency.
    package var words: [String]
    package var problem: ReadingProblem?
}

extension SupabaseFindings {
    /// Folds the findings: the worst wins, and the others are named beside it (providers.md §8).
    ///
    /// - Parameters:
    ///   - target: What the link wants.
    ///   - samples: The latencies of the newest good probes.
    /// - Returns: The status, its words and the problem beside it.
    /// - Throws: a refusal (SU5–SU7), a limit when nothing worse is known (SU8), and whatever is left when no part
    ///   lives.
    package func verdict(for target: SupabaseTarget, samples: [Duration]) throws(ProviderFailure) -> SupabaseVerdict {
        if let refusal { throw refusal.obeying(failures) }
        guard isAlive else { throw silence.obeying(failures) }
        var symptoms = symptoms(of: target, samples: samples)
        if symptoms.isEmpty, let throttle { throw throttle.obeying(failures) }
        symptoms += deadParts
        let order = [ConnectionState.error, .warning].flatMap { status in symptoms.filter { $0.status == status } }
        var words = headline(for: target).map { [$0] } ?? []
        for symptom in order where !words.contains(symptom.words) { words.append(symptom.words) }
        return SupabaseVerdict(
            status: order.first?.status ?? .connected, words: words.isEmpty ? ["Linked"] : words,
            problem: order.lazy.compactMap(\.problem).first)
    }

    /// A person has to act: nothing else counts then.
    ///
    /// SU9 is the exception: a management token that is dead, or of the wrong kind, beside a probe that is fine.
    private var refusal: ProviderFailure? {
        if case .failed(let failure) = probe, failure.code == .oauthRevoked, failure.isRefusal { return failure }
        if case .success(let project) = project, project.status == .removed {
            return SupabaseManagementClassifier.notFound
        }
        guard let failure = managementRefusal else { return nil }
        let concernsToken = failure.code == .oauthRevoked || failure.code == .misconfigured
        if concernsToken, case .answered = probe { return nil }
        return failure
    }

    /// The project's own answer decides. One that is there, of a paused project say, outweighs a refusal to tell of the
    /// services, which is then a dead part like another.
    private var managementRefusal: ProviderFailure? {
        if case .success = project { return nil }
        return managementFailures.first(where: \.isRefusal)
    }

    private var throttle: ProviderFailure? { failures.first(where: \.isThrottled) }

    /// Why there is nothing to tell: the failure that asks most of a person.
    private var silence: ProviderFailure {
        failures.first(where: \.isRefusal) ?? throttle ?? failures.first ?? SupabaseManagementClassifier.unreadable
    }

    var isManagementAlive: Bool {
        if case .success = project { return true }
        if case .success = health { return true }
        return false
    }

    private var isAlive: Bool {
        switch probe {
        case nil, .failed: isManagementAlive
        case .answered, .asleep, .databaseDown, .restricted: true
        }
    }

    var managementFailures: [ProviderFailure] { [project?.failure, health?.failure].compactMap { $0 } }

    private var probeFailure: ProviderFailure? {
        if case .failed(let failure) = probe { failure } else { nil }
    }

    /// The latest instant before which one of the parts wants no request; nil when none said so.
    var notBefore: UnixTime? { failures.compactMap(\.retryAfter).max() }

    private var failures: [ProviderFailure] { managementFailures + [probeFailure].compactMap { $0 } }
}

/// The living parts, and what they say.
extension SupabaseFindings {
    private var stage: SupabaseSymptom? {
        if case .success(let project) = project, let stage = project.status.stage { return stage }
        return probe == .asleep ? .asleep("Project is paused") : nil
    }

    private func symptoms(of target: SupabaseTarget, samples: [Duration]) -> [SupabaseSymptom] {
        if let stage { return [stage] }
        var symptoms = (try? health?.get())?.symptoms(of: target.services) ?? []
        if symptoms.isEmpty, case .success(let project) = project, let complaint = project.status.complaint {
            symptoms.append(complaint)
        }
        switch probe {
        case .databaseDown: symptoms.append(.broken("Database unreachable"))
        case .restricted: symptoms.append(.restricted)
        case .answered where samples.median.map { $0 > target.latencyLimit } ?? false:
            symptoms.append(.warning("Slow"))
        case nil, .answered, .asleep, .failed: break
        }
        return symptoms
    }

    /// A project that is paused or on its way has no host that could answer.
    private var deadParts: [SupabaseSymptom] {
        guard stage == nil else { return [] }
        var parts: [SupabaseSymptom] = []
        if let failure = health?.failure {
            parts.append(.dead("Health API", failure))
        } else if let failure = project?.failure {
            parts.append(.dead("Project API", failure))
        }
        if let probeFailure { parts.append(.dead("Probe", probeFailure)) }
        return parts
    }

    /// The best that the findings prove. Auth's own health does not touch the database, so it says nothing of it.
    private func headline(for target: SupabaseTarget) -> String? {
        guard stage == nil, probe != .databaseDown else { return nil }
        let states = (try? health?.get())?.states ?? [:]
        let database = states["db"]
        if database == .healthy { return "Database healthy" }
        if case .answered = probe {
            let isOfDatabase = target.probe != .authHealth
            let claim = isOfDatabase ? database : states["auth"]
            if claim == nil || claim == .healthy { return isOfDatabase ? "Database healthy" : "Auth healthy" }
        }
        guard case .success(let project) = project, project.status == .activeHealthy else { return nil }
        return database == nil ? "Project active" : nil
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}

extension [Duration] {
    /// The middle one, of an even number the mean of the two in the middle; nil without any.
    fileprivate var median: Duration? {
        let sorted = sorted()
        guard !sorted.isEmpty else { return nil }
        let upper = sorted[count / 2]
        return count.isMultiple(of: 2) ? (sorted[count / 2 - 1] + upper) / 2 : upper
    }
}
