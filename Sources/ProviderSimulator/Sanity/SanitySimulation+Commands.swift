import StatusModel

extension SanitySimulation {
    /// Makes or changes a project; a new one has the dataset `production`, empty.
    mutating func setProject(_ id: String, _ patch: SanityProjectPatch, now: UnixTime) throws(ControlError) {
        let id = try Self.name(id, "project")
        guard projects[id] != nil || projects.count < Self.projectsMax else {
            throw ControlError(409, "there are \(Self.projectsMax) projects already; change one of them")
        }
        var project =
            projects[id]
            ?? SanityProject(name: id, createdAt: now, datasets: ["production": SanityDataset()])
        if let name = patch.displayName {
            guard (1...128).contains(name.utf8.count) else {
                throw ControlError(400, "'display_name' must have 1 to 128 bytes")
            }
            project.name = name
        }
        project.isBlocked = patch.blocked ?? project.isBlocked
        project.studioHost = patch.studioHost ?? project.studioHost
        if let host = patch.externalStudioHost { project.externalStudioHost = host.isEmpty ? nil : host }
        project.isDisabled = patch.disabled ?? project.isDisabled
        projects[id] = project
    }

    /// Takes a project away.
    mutating func removeProject(_ id: String) throws(ControlError) {
        _ = try existing(id)
        projects[id] = nil
    }

    /// Makes or changes a dataset; a new one is public and empty.
    mutating func setDataset(_ name: String, of id: String, _ patch: SanityDatasetPatch) throws(ControlError) {
        var project = try existing(id)
        let name = try Self.name(name, "dataset")
        guard project.datasets[name] != nil || project.datasets.count < SanityProject.datasetsMax else {
            throw ControlError(409, "the project has \(SanityProject.datasetsMax) datasets already; change one of them")
        }
        var dataset = project.datasets[name] ?? SanityDataset()
        dataset.isPrivate = patch.private ?? dataset.isPrivate
        if patch.empty == true { dataset.documents = [:] }
        project.datasets[name] = dataset
        projects[id] = project
    }

    /// Changes a document, and lets every live hook deliver that.
    mutating func change(
        _ change: SanityChange, in name: String, of id: String, now: UnixTime
    ) throws(ControlError) {
        var project = try existing(id)
        guard var dataset = project.datasets[name] else {
            throw ControlError(404, "there is no dataset \(quoted(name)); make it: PUT projects/\(id)/datasets/\(name)")
        }
        let document = change.id ?? Fingerprint("document", name, String(dataset.documents.count)).hex(digits: 20)
        let type = change.type ?? "post"
        guard (1...128).contains(document.utf8.count), (1...128).contains(type.utf8.count) else {
            throw ControlError(400, "'id' and 'type' must have 1 to 128 bytes")
        }
        let days = try bounded(change.quietDays, "quiet_days", 0...36_500) ?? 0
        let time = now.advanced(by: .seconds(-86_400 * days))
        dataset.change(document, type: type, at: time)
        project.datasets[name] = dataset
        for (hook, state) in project.hooks where state.covers(name) {
            project.hooks[hook]?.deliver(dataset: name, at: time)
        }
        projects[id] = project
    }

    /// Makes or changes a hook.
    mutating func setHook(
        _ hook: String, of id: String, _ patch: SanityHookPatch, now: UnixTime
    ) throws(ControlError) {
        var project = try existing(id)
        let hook = try Self.name(hook, "hook")
        guard project.hooks[hook] != nil || project.hooks.count < SanityProject.hooksMax else {
            throw ControlError(409, "the project has \(SanityProject.hooksMax) hooks already; change one of them")
        }
        var state = project.hooks[hook] ?? SanityHook(createdAt: now)
        if let dataset = patch.dataset { state.dataset = dataset == "*" ? "*" : try Self.name(dataset, "dataset") }
        state.isDisabled = patch.disabled ?? state.isDisabled
        state.isDisabledByUser = patch.disabledByUser ?? state.isDisabledByUser
        state.isDeleted = patch.deleted ?? state.isDeleted
        state.isFailing = patch.failing ?? state.isFailing
        project.hooks[hook] = state
        projects[id] = project
    }

    /// Lets a hook deliver once.
    mutating func deliver(
        _ order: SanityMessageOrder, by hook: String, of id: String, now: UnixTime
    ) throws(ControlError) {
        var project = try existing(id)
        guard var state = project.hooks[hook] else {
            throw ControlError(404, "there is no hook \(quoted(hook)); make it: PUT projects/\(id)/hooks/\(hook)")
        }
        guard let status = SanityHook.Message.Status(rawValue: order.status) else {
            let known = SanityHook.Message.Status.allCases.map(\.rawValue).joined(separator: ", ")
            throw ControlError(400, "'status' must be one of: \(known)")
        }
        let code = try bounded(order.resultCode, "result_code", 100...599)
        let dataset = state.dataset == "*" ? "production" : state.dataset
        state.deliver(dataset: dataset, status: status, resultCode: code, at: now)
        project.hooks[hook] = state
        projects[id] = project
    }

    /// Makes or changes a token.
    mutating func setToken(_ credential: String, _ patch: SanityTokenPatch, now: UnixTime) throws(ControlError) {
        guard (1...255).contains(credential.utf8.count), credential.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw ControlError(400, "a token has 1 to 255 printable ASCII characters and no blank") }
        if patch.revoked == true {
            tokens[credential] = nil
            return
        }
        guard tokens[credential] != nil || tokens.count < Self.tokensMax else {
            throw ControlError(409, "there are \(Self.tokensMax) tokens already; change one of them")
        }
        guard
            let project = try patch.project.map({ id throws(ControlError) in try Self.name(id, "project") })
                ?? tokens[credential]?.project
        else { throw ControlError(400, "'project' is missing; a token belongs to one") }
        var token = tokens[credential] ?? SanityToken(project: project)
        token.project = project
        token.readsHooks = patch.webhooks ?? token.readsHooks
        if let seconds = try bounded(patch.expiresIn, "expires_in_s", -3_153_600_000...3_153_600_000) {
            token.expiresAt = now.advanced(by: .seconds(seconds))
        }
        tokens[credential] = token
    }

    /// Makes everybody run into the limit.
    mutating func reachLimit(_ order: SanityLimitOrder, now: UnixTime) throws(ControlError) {
        let seconds = try bounded(order.forSeconds, "for_s", 1...86_400) ?? 1
        limit = Limit(until: now.advanced(by: .seconds(seconds)), saysRetryAfter: order.retryAfter ?? true)
    }

    private func existing(_ id: String) throws(ControlError) -> SanityProject {
        guard let project = projects[id] else {
            throw ControlError(404, "there is no project \(quoted(id)); make it: PUT /_sim/sanity/projects/ID")
        }
        return project
    }

    /// Names end up in paths, so they are held to what stands there.
    private static func name(_ text: String, _ what: String) throws(ControlError) -> String {
        let bytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8)
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ bytes.contains($0) }) else {
            throw ControlError(400, "a \(what) is named by 1 to 64 letters, digits, '-' or '_'")
        }
        return text
    }
}
