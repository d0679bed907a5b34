import StatusCore
import StatusModel

// Links that actions change: verified against the provider before they count, and in effect at once (SPEC §7).
extension StatusEngine {
    /// What the configuration links, whatever actions have made of it.
    func configuredLink(of item: ItemReference) -> Link? {
        if let change = linkChanges[item] { return change.configured }
        return projects[item.project]?.definition.links[item.key]
    }

    /// What an action is to make of a stored link; nil for one that leaves it alone.
    func proposal(
        _ action: IntegrationAction, of item: ItemReference, payload: [UInt8]
    ) throws(ActionFailure) -> LinkProposal? {
        // What a project has put in its place is no affair of the daemon's.
        guard executors.replacement(item, action) == nil else { return nil }
        return try links.proposal(
            action, of: item, payload: payload, configured: configuredLink(of: item),
            current: projects[item.project]?.definition.links[item.key])
    }

    func plan(of proposal: LinkProposal, on item: ItemReference) -> ActionPlan {
        let provider = item.key.displayName
        let words =
            switch proposal {
            case .link: OperationWords("Links \(provider) once it has vouched for the new link")
            case .nothing: OperationWords("Unlinks \(provider)")
            }
        return ActionPlan(words, isSending: false)
    }

    /// Verifies what is to be linked, and links it.
    func changeLink(_ id: String, _ proposal: LinkProposal) async throws(ActionFailure) {
        guard let record = operations[id]?.record else { return }
        let item = record.item
        switch proposal {
        case .nothing:
            adopt(nil, of: item, id, OperationWords("\(item.key.displayName) unlinked"))
        case .link(let link):
            if let limit = limits.failure(for: link, at: time.now) { throw ActionFailure(limit) }
            let before = standing(of: item)
            if record.action == .reconnect { try await renewSecrets(of: link) }
            let result = await reader.verify(item, link: link)
            noteLimit(result, of: link)
            // The daemon ends: the next process begins anew.
            guard !isStopping else { return }
            // What came meanwhile is the newer word, and may have taken back what made this one trusted.
            guard standing(of: item) == before,
                try self.proposal(record.action, of: item, payload: record.payload) == proposal
            else { throw .linkChanged(item.key) }
            switch result {
            case .failure(let failure): throw ActionFailure(unverified: failure, item.key)
            case .success(let reading):
                adopt(link, of: item, id, OperationWords("\(item.key.displayName) linked"))
                guard let project = projects[item.project], project.definition.links[item.key] == link else { break }
                take(reading, of: item, link, in: project)
            }
        }
        await concluded(id)
    }

    /// A limit that a verification meets holds off the reads that share it.
    private func noteLimit(_ result: Result<Reading, ProviderFailure>, of link: Link) {
        let now = time.now
        limits.note(result, of: link, at: now, policy: configuration.refresh)
        keepUpstreams(at: now)
    }

    /// Whoever connects anew doubts what is in force.
    private func renewSecrets(of link: Link) async throws(ActionFailure) {
        for reference in link.credentials {
            do throws(ProviderFailure) { try await reader.credentials.renew(reference) } catch {
                throw ActionFailure(error)
            }
        }
    }

    /// What is linked, and what the configuration says.
    private func standing(of item: ItemReference) -> [Link?] {
        [projects[item.project]?.definition.links[item.key], configuredLink(of: item)]
    }

    /// In one step, so that the store has the link, the end of the operation and the events together or not at all.
    private func adopt(_ link: Link?, of item: ItemReference, _ id: String, _ words: OperationWords) {
        guard let project = projects[item.project] else {
            move(id) { $0.fail(.gone, at: $1) }
            return
        }
        let stored = StoredLinkChange(
            project: item.project, key: item.key, link: link, configured: configuredLink(of: item))
        if stored.link == stored.configured {
            linkChanges[item] = nil
            keep { $0.removedLinkChanges = [item] }
        } else {
            linkChanges[item] = stored
            keep { $0.linkChanges = [stored] }
        }
        var definition = project.definition
        definition.links[item.key] = link
        if definition != project.definition { change(project, to: definition, at: time.now) }
        move(id) { $0.succeed(words, at: $1) }
    }

    /// The definitions of a configuration with what actions have made of their links since. What the configuration says
    /// anew counts from now on.
    func withLinkChanges(_ definitions: [ProjectDefinition]) -> [ProjectDefinition] {
        guard !linkChanges.isEmpty else { return definitions }
        let changes = Dictionary(grouping: linkChanges.values, by: \.project)
        var kept: [ItemReference: StoredLinkChange] = [:]
        let changed = definitions.map { definition in
            let own = changes[definition.id] ?? []
            for change in own where definition.counts(change) { kept[change.reference] = change }
            return definition.applying(own)
        }
        let outdated = linkChanges.keys.filter { kept[$0] == nil }
        linkChanges = kept
        if !outdated.isEmpty { keep { $0.removedLinkChanges = outdated } }
        return changed
    }
}

extension ActionFailure {
    /// What is to be linked was refused, or nobody could say.
    fileprivate init(unverified failure: ProviderFailure, _ key: ItemKey) {
        self.init(failure)
        let (words, advice) = ("\(key.displayName) did not vouch for the link, so it was not changed:", message)
        message = OperationWords("\(words) \(advice.full)", generic: "\(words) \(advice.generic)")
    }

    fileprivate static func linkChanged(_ key: ItemKey) -> Self {
        Self(
            .aborted, reason: "LINK_CHANGED",
            OperationWords(
                "\(key.displayName) was linked differently while this link was verified, so it was not changed. Look at it, and "
                    + "run it again with a new key if you still want to."))
    }

    fileprivate static let gone = ActionFailure(
        .notFound, reason: "PROJECT_UNKNOWN",
        OperationWords("The project was removed from the configuration meanwhile; add it there and run it again."))
}
