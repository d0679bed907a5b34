package import StatusCore
import StatusModel

// Secrets that change: what they opened is read anew (SPEC §4), and what was refused with the old one gets its chance.
extension StatusEngine {
    /// How often the secrets of refused items are looked at; a change is acted upon within a second.
    private static let vigilInterval = Duration.milliseconds(500)
    /// How many secrets one look compares; with more of them refused the looks take turns.
    private static let vigilBatchMax = 256

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
            if demand(of: project, at: now.instant) != .forgotten { ask(id, everything: false) }
        }
    }

    /// An item was refused: its secrets are watched for a change from the version that was refused.
    func keepVigil(over item: ItemReference, _ versions: [CredentialReference: CredentialVersion?]) {
        for (reference, version) in versions {
            vigil[reference, default: Vigil(version: version)].version = version
            vigil[reference]?.items.insert(item)
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
            let references = Array(vigil.keys)
            let batch = min(references.count, Self.vigilBatchMax)
            for offset in 0..<batch {
                let reference = references[(turn + offset) % references.count]
                let version = await reader.credentials.version(of: reference)
                guard let known = vigil[reference] else { continue }
                if known.version != version {
                    credentialChanged(reference)
                } else if !known.items.contains(where: isRefused) {
                    vigil[reference] = nil
                }
            }
            turn &+= batch
        }
    }

    private func isRefused(_ item: ItemReference) -> Bool {
        projects[item.project]?.snapshot.record(of: item.key)?.failure?.failure.isRefusal ?? false
    }
}
