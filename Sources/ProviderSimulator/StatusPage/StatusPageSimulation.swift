package import StatusModel

/// The four providers' status pages, below `/statuspage/{provider}`.
package struct StatusPageSimulation: SimulatedProvider {
    package struct Summary: Encodable, Sendable {
        struct Incident: Encodable, Sendable {
            var id: String
            var name: String
            var status: String
            var impact: String
        }

        struct Page: Encodable, Sendable {
            var components: [String: String]
            var incidents: [Incident]
        }

        var pages: [String: Page]
    }

    package static let key = SimulatedPart.statuspage

    private var pages = Dictionary(
        uniqueKeysWithValues: ProviderKey.allCases.map { ($0, SimulatedStatusPage($0)) })

    package init() {}

    package static func claims(_ request: SimulatedRequest) -> Bool { request.segments.first == key.rawValue }

    package static func failure(status: Int) -> SimulatedAnswer {
        .text(status, "<html><body><h1>\(status)</h1></body></html>", type: "text/html; charset=utf-8")
    }

    package mutating func answer(_ request: SimulatedRequest, now: UnixTime) -> SimulatedAnswer {
        let path = request.segments.drop { $0 == Self.key.rawValue }
        guard request.method == "GET", path.count == 4, path.dropFirst().elementsEqual(["api", "v2", "summary.json"]),
            let page = path.first.flatMap(ProviderKey.init(rawValue:)).flatMap({ pages[$0] })
        else { return Self.failure(status: 404) }
        return .json(
            200, page.body(origin: request.origin, now: now), headers: ["cache-control": "max-age=0, private"])
    }

    package mutating func control(
        _ request: SimulatedRequest, path: [String], now: UnixTime
    ) throws(ControlError) -> SimulatedAnswer {
        guard let provider = path.first.flatMap(ProviderKey.init(rawValue:)) else {
            let names = ProviderKey.allCases.map(\.rawValue).joined(separator: ", ")
            throw ControlError(404, "the pages below /_sim/statuspage are: \(names)")
        }
        switch (request.method, path.dropFirst().first, path.count) {
        case ("PUT", nil, 1):
            try setPage(provider, try .decoded(from: request))
        case ("DELETE", nil, 1):
            restore(provider)
        case ("PUT", "components", 3):
            try setComponent(provider, path[2], try .decoded(from: request))
        case ("POST", "incidents", 2):
            return .json(201, ["id": try openIncident(provider, try .decoded(from: request), now: now)])
        case ("PUT", "incidents", 3):
            try changeIncident(provider, path[2], try .decoded(from: request))
        case ("DELETE", "incidents", 3):
            try changeIncident(provider, path[2], StatusPageIncidentPatch(status: "resolved"))
        default:
            throw ControlError(
                404,
                "no such command; below /_sim/statuspage/{provider} there are: PUT and DELETE of itself, "
                    + "PUT components/{name}, POST incidents, PUT and DELETE incidents/{id}")
        }
        return .json(200, summary(now: now))
    }

    package func summary(now: UnixTime) -> Summary {
        Summary(
            pages: Dictionary(
                uniqueKeysWithValues: pages.map { provider, page in
                    (
                        provider.rawValue,
                        .init(
                            components: Dictionary(
                                page.components.map { ($0.name, $0.status) }, uniquingKeysWith: { first, _ in first }),
                            incidents: page.incidents.map {
                                .init(id: $0.id, name: $0.name, status: $0.status, impact: $0.impact)
                            })
                    )
                }))
    }
}

/// The commands, as the control interface and tests give them.
extension StatusPageSimulation {
    mutating func setPage(_ provider: ProviderKey, _ patch: StatusPagePatch) throws(ControlError) {
        try change(provider) { page throws(ControlError) in try page.apply(patch) }
    }

    mutating func setComponent(
        _ provider: ProviderKey, _ name: String, _ patch: StatusPageComponentPatch
    ) throws(ControlError) {
        try change(provider) { page throws(ControlError) in try page.setComponent(name, patch) }
    }

    /// Returns the incident's id.
    mutating func openIncident(
        _ provider: ProviderKey, _ patch: StatusPageIncidentPatch, now: UnixTime
    ) throws(ControlError) -> String {
        try change(provider) { page throws(ControlError) in try page.open(patch, now: now) }
    }

    mutating func changeIncident(
        _ provider: ProviderKey, _ id: String, _ patch: StatusPageIncidentPatch
    ) throws(ControlError) {
        try change(provider) { page throws(ControlError) in try page.change(id, patch) }
    }

    /// All is well again, as at the start.
    mutating func restore(_ provider: ProviderKey) { pages[provider] = SimulatedStatusPage(provider) }

    private mutating func change<Result>(
        _ provider: ProviderKey, _ command: (inout SimulatedStatusPage) throws(ControlError) -> Result
    ) throws(ControlError) -> Result {
        var page = pages[provider] ?? SimulatedStatusPage(provider)
        let result = try command(&page)
        pages[provider] = page
        return result
    }
}
