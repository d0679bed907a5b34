import StatusCore
import StatusModel

/// Which link an action asks for: what its payload says, completed by what is linked.
struct LinkWish {
    var project: ProjectID
    /// How the provider's section is read.
    var form: ProjectsSection.LinkForm
    /// What the configuration links.
    var configured: Link?
    /// What is linked.
    var current: Link?
    var trust: LinkTrust

    /// What a payload may not say: an action's link is in force, and webhooks are the operator's.
    private static let foreignKeys: Set<String> = ["enabled", "webhookSecret"]

    /// Without fields the configuration's link, else a whole link. What of it says how to reach the provider may be left
    /// out where something is linked.
    func connect(_ payload: ConfigValue) throws(ActionFailure) -> Link {
        try refuseSwitchedOff()
        let keys = form.keys.filter { !Self.foreignKeys.contains($0) }
        if payload == .object([:]), let link = configured ?? current { return link }
        return try ActionPayload.read(payload, keys: keys) { section in
            guard let link = form.read(section) else { return nil }
            trust.check(section, read: link, for: project)
            return (current ?? configured).map { completed(link, by: section, from: $0) } ?? link
        }
    }

    /// What is linked, by another secret if the payload names one.
    func reconnect(_ payload: ConfigValue) throws(ActionFailure) -> Link {
        try refuseSwitchedOff()
        let base = try linked(current ?? configured)
        let keys = form.keys.filter { ["credential", SupabaseTarget.projectKey].contains($0) }
        return try ActionPayload.read(payload, keys: keys) { section in
            var link = base
            link.credential = CredentialText.read("credential", in: section) ?? base.credential
            if let key = CredentialText.read(SupabaseTarget.projectKey, in: section) {
                link.namedCredentials[SupabaseTarget.projectKey] = key
            }
            trust.check(section, read: link, for: project)
            return link
        }
    }

    /// What is linked, with another project of the provider in its place; nil for a payload that names a repository, which
    /// is the provider's to link.
    func link(_ payload: ConfigValue) throws(ActionFailure) -> Link? {
        try refuseSwitchedOff()
        guard case .object(let members) = payload else { return nil }
        switch (members["project"] != nil, members["repo"] != nil) {
        case (false, true): return nil
        case (true, true): throw ActionFailure.invalid("repo", "and payload.project are two wishes; name one of them")
        case (false, false):
            throw ActionFailure.invalid(
                "",
                "must name a project to link, {\"project\":\"shop\"}, or the project's repository, {\"repo\":\"acme/shop\"}"
            )
        case (true, false): break
        }
        let base = try linked(current)
        return try ActionPayload.read(payload, keys: ["project", "team"]) { section in
            guard let link = form.read(section) else { return nil }
            return relinked(link, by: section, from: base)
        }
    }

    func disconnect(_ payload: ConfigValue) throws(ActionFailure) {
        try refuseSwitchedOff()
        guard payload == .object([:]) else {
            throw ActionFailure.invalid("", "must be empty: disconnect takes nothing")
        }
    }

    private func linked(_ link: Link?) throws(ActionFailure) -> Link {
        guard let link else {
            throw ActionFailure(
                .failedPrecondition, reason: "NOT_LINKED", OperationWords("Nothing is linked: connect it first."))
        }
        return link
    }

    private func refuseSwitchedOff() throws(ActionFailure) {
        guard configured?.isEnabled == false else { return }
        throw ActionFailure(
            .failedPrecondition, reason: "LINK_DISABLED",
            OperationWords("The configuration switches this link off: remove enabled: false there first."))
    }
}

// What a link takes over from another.
extension LinkWish {
    /// A secret goes with the address that it was named for, and a project's own host and key with the project.
    private func completed(_ link: Link, by section: ConfigSection, from base: Link) -> Link {
        var link = link
        link.target = link.target.reached(as: base.target, unless: { section[$0.rawValue] != nil })
        if section["credential"] == nil, link.target.address(.api) == base.target.address(.api) {
            link.credential = base.credential
        }
        let key = SupabaseTarget.projectKey
        if section[key] == nil, link.target.address(.url) == base.target.address(.url) {
            link.namedCredentials[key] = base.namedCredentials[key]
        }
        return link
    }

    private func relinked(_ link: Link, by section: ConfigSection, from base: Link) -> Link? {
        guard case .vercel(let wanted) = link.target, case .vercel(var target) = base.target else { return nil }
        target.project = wanted.project
        target.teamID = wanted.teamID ?? target.teamID
        var link = base
        link.target = .vercel(target)
        return link
    }
}

extension Link.Target {
    /// The same thing by another target's way: at its API, and where both are of one project, at its project's host.
    fileprivate func reached(as base: Self, unless isNamed: (LinkAddress) -> Bool) -> Self {
        switch (self, base) {
        case (.github(var target), .github(let base)):
            if !isNamed(.api) { target.baseURL = base.baseURL }
            return .github(target)
        case (.vercel(var target), .vercel(let base)):
            if !isNamed(.api) { target.baseURL = base.baseURL }
            return .vercel(target)
        case (.sanity(var target), .sanity(let base)):
            if !isNamed(.api) { target.managementURL = base.managementURL }
            if !isNamed(.dataApi), target.projectID == base.projectID { target.dataURL = base.dataURL }
            return .sanity(target)
        case (.supabase(var target), .supabase(let base)):
            if !isNamed(.api) { target.managementURL = base.managementURL }
            if !isNamed(.url), target.reference == base.reference { target.projectURL = base.projectURL }
            return .supabase(target)
        case (.github, _), (.vercel, _), (.sanity, _), (.supabase, _), (.service, _):
            return self
        }
    }
}
