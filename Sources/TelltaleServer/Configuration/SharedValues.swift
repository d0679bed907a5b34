import StatusCore

/// Lets equal values of different links be one in memory: ten thousand projects that name the same address or credential
/// need it once. Lives as long as one load.
struct SharedValues {
    private var texts: Set<String> = []
    private var lists: Set<[String]> = []
    private var credentials: Set<CredentialReference> = []
    private var namedCredentials: Set<[String: CredentialReference]> = []

    /// The same link, made of what links before it were made of.
    mutating func sharing(_ link: Link) -> Link {
        var link = link
        link.target = sharing(link.target)
        link.credential = link.credential.map { credentials.insert($0).memberAfterInsert }
        link.namedCredentials = namedCredentials.insert(link.namedCredentials).memberAfterInsert
        return link
    }

    /// Addresses and lists repeat; what names one project's own thing does not.
    private mutating func sharing(_ target: Link.Target) -> Link.Target {
        switch target {
        case .github(var target):
            share(&target.baseURL)
            return .github(target)
        case .vercel(var target):
            share(&target.baseURL)
            target.teamID = target.teamID.map { texts.insert($0).memberAfterInsert }
            return .vercel(target)
        case .sanity(var target):
            share(&target.managementURL)
            share(&target.dataURL)
            return .sanity(target)
        case .supabase(var target):
            share(&target.managementURL)
            share(&target.projectURL)
            target.services = lists.insert(target.services).memberAfterInsert
            return .supabase(target)
        case .service:
            return target
        }
    }

    private mutating func share(_ text: inout String) { text = texts.insert(text).memberAfterInsert }
}
