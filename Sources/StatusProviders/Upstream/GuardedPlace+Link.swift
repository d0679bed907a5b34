package import StatusCore

extension GuardedPlace {
    /// Where a link's adapter sends its requests, each place once: what a breaker can stand in the way of.
    package static func places(of link: Link) -> [GuardedPlace] {
        var places: [GuardedPlace] = []
        for place in addresses(of: link).compactMap({ GuardedPlace($0, of: kind(of: link)) })
        where !places.contains(place) {
            places.append(place)
        }
        return places
    }

    private static func kind(of link: Link) -> Kind {
        if case .service = link.target { .service } else { .provider }
    }

    private static func addresses(of link: Link) -> [String] {
        switch link.target {
        case .github(let target): [target.baseURL]
        case .vercel(let target): [target.baseURL]
        // Without a token neither the project nor its webhooks are asked for.
        case .sanity(let target): link.credential == nil ? [target.dataURL] : [target.dataURL, target.managementURL]
        // Each credential opens a host of its own.
        case .supabase(let target):
            (link.credential == nil ? [] : [target.managementURL])
                + (link.namedCredentials[SupabaseTarget.projectKey] == nil ? [] : [target.projectURL])
        case .service(let target): [target.url] + [target.warmUpURL].compactMap(\.self)
        }
    }
}
