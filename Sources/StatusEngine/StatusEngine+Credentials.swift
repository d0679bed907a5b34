package import StatusCore
import StatusModel

// Secrets that change: what they opened is read anew (SPEC §4), and what was refused with the old one gets its chance.
extension StatusEngine {
    /// How often the secrets of refused items are looked at: a change is acted upon within a second, as long as no more
    /// than ``vigilBatchMax`` of them are refused.
    private static let vigilInterval = Duration.milliseconds(500)
    /// How many secrets one look compares; of more, which are in no order, each look takes another part.
    private static let vigilBatchMax = 1024

    /// A secret was changed: every item that it opens is due at once, also one that was given up as refused.
    package func credentialChanged(_ reference: CredentialReference) {
        vigil[reference] = nil
        let now = time.now
        for (id, project) in projects {
            let keys = project.definition.links.values.filter { $0.credentials.contains(reference) }.map(\.key)
            guard !keys.isEmpty else { continue }
            var snapshot = project.snapshot
            for key in keys { snapshot = snapshot.secretChanged(for: key, at: now) }
            projects[id]?.overtaken.formUnion(keys.filter { project.run?.pending.contains($0) ?? false })
            adopt(snapshot, of: id, at: now)
            if demand(of: project, at: now.instant) != .forgotten { ask(id, .due) }
        }
    }

    /// In which version each secret was with which the item was refused.
    func refusedVersions(_ item: ItemReference) -> [CredentialReference: CredentialVersion?] {
        let references = projects[item.project]?.definition.links[item.key]?.credentials ?? []
        return references.reduce(into: [:]) { versions, reference in
            if let version = vigil[reference]?[item] { versions[reference] = .some(version) }
        }
    }

    /// An item was refused: its secrets are watched for a change from the version that was refused.
    func keepVigil(over item: ItemReference, _ versions: [CredentialReference: CredentialVersion?]) {
        for (reference, version) in versions {
            vigil[reference, default: [:]][item] = .some(version)
        }
        guard vigilTask == nil, !vigil.isEmpty, !isStopping else { return }
        // Owned by `vigilTask`, which `run()` cancels and awaits; it ends by itself when nothing is refused any more.
        vigilTask = Task { await lookAfterSecrets() }
    }

    private func lookAfterSecrets() async {
        defer { vigilTask = nil }
        var turn = 0
        while !isStopping, !vigil.isEmpty {
            do { try await time.sleep(until: time.now.instant.advanced(by: Self.vigilInterval)) } catch { return }
            let before = vigil
            let references = Array(before.keys)
            let batch = min(references.count, Self.vigilBatchMax)
            for offset in 0..<batch {
                let reference = references[(turn + offset) % references.count]
                let version = await reader.credentials.version(of: reference)
                // What was refused while the version was looked up was refused with this one, or a later one.
                guard let known = vigil[reference] else { continue }
                let refused = known.filter { isRefused($0.key) }
                vigil[reference] = refused.isEmpty ? nil : refused
                if before[reference]?.contains(where: { refused[$0.key] == $0.value && $0.value != version }) == true {
                    credentialChanged(reference)
                }
            }
            turn &+= batch
        }
    }

    private func isRefused(_ item: ItemReference) -> Bool {
        projects[item.project]?.snapshot.record(of: item.key)?.failure?.failure.isRefusal ?? false
    }
}
