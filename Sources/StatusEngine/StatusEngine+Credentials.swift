package import StatusCore

extension StatusEngine {
    /// Invalidates what a credential fed, because it was renewed, replaced or revoked.
    package func credentialChanged(_ reference: CredentialReference) async {
        for (id, project) in projects {
            let keys = project.definition.links.filter { $0.value.credentials.contains(reference) }.map(\.key)
            // No keys would stand for all of them.
            if !keys.isEmpty { _ = invalidate(id, keys: keys) }
        }
    }
}
