import StatusModel

/// One provider's status page: components, and what is open.
struct SimulatedStatusPage: Sendable {
    static let componentsMax = 64
    static let incidentsMax = 64
    static let textBytesMax = 4_096
    static let componentStates = [
        "operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance",
    ]
    static let impacts = ["none", "maintenance", "minor", "major", "critical"]
    private static let endings = ["resolved", "postmortem", "completed"]

    struct Component: Sendable {
        var name: String
        var status = "operational"
    }

    struct Incident: Sendable {
        var id: String
        var name = "Incident with some services"
        var status = "investigating"
        var impact = "minor"
        var components: [String] = []
        var isMaintenance = false
        var startedAt: UnixTime

        var isOpen: Bool { !SimulatedStatusPage.endings.contains(status) }
    }

    let provider: ProviderKey
    private(set) var components: [Component]
    private(set) var incidents: [Incident] = []
    /// What the page shows instead of what its incidents and components amount to.
    private(set) var indicator: String?
    private var incidentsEver = 0

    /// A page on which all is well.
    init(_ provider: ProviderKey) {
        self.provider = provider
        let names =
            switch provider {
            case .github: ["Git Operations", "API Requests", "Webhooks", "Issues", "Pull Requests", "Actions", "Pages"]
            case .vercel: ["API", "Dashboard", "Builds", "Edge Network", "DNS", "GitHub"]
            case .sanity: ["API", "API CDN", "Content Lake", "Webhooks", "Website"]
            case .supabase: ["API Gateway", "Auth", "Database", "Realtime", "Storage", "Management API", "Dashboard"]
            }
        components = names.map { Component(name: $0) }
    }

    mutating func apply(_ patch: StatusPagePatch) throws(ControlError) {
        indicator = try patch.indicator.map { text throws(ControlError) in
            try Self.word(text, "indicator", among: Self.impacts)
        }
    }

    mutating func setComponent(_ name: String, _ patch: StatusPageComponentPatch) throws(ControlError) {
        let status = try Self.word(patch.status, "status", among: Self.componentStates)
        if let index = components.firstIndex(where: { $0.name == name }) {
            components[index].status = status
        } else {
            guard components.count < Self.componentsMax else {
                throw ControlError(409, "the page has \(Self.componentsMax) components already; change one of them")
            }
            components.append(Component(name: try Self.text(name, "the component's name"), status: status))
        }
    }

    /// Opens an incident, and returns its id.
    mutating func open(_ patch: StatusPageIncidentPatch, now: UnixTime) throws(ControlError) -> String {
        guard incidents.count < Self.incidentsMax else {
            throw ControlError(409, "the page has \(Self.incidentsMax) incidents already; DELETE the page")
        }
        incidentsEver += 1
        var incident = Incident(
            id: Fingerprint("incident", provider.rawValue, String(incidentsEver)).hex(digits: 12), startedAt: now)
        if patch.maintenance == true { incident.status = "in_progress" }
        incidents.append(try changed(incident, patch))
        return incident.id
    }

    mutating func change(_ id: String, _ patch: StatusPageIncidentPatch) throws(ControlError) {
        guard let index = incidents.firstIndex(where: { $0.id == id }) else {
            throw ControlError(404, "the page has no incident \(quoted(id)); see GET /_sim/state")
        }
        incidents[index] = try changed(incidents[index], patch)
    }

    private func changed(_ incident: Incident, _ patch: StatusPageIncidentPatch) throws(ControlError) -> Incident {
        var incident = incident
        if let name = patch.name { incident.name = try Self.text(name, "'name'") }
        if let status = patch.status { incident.status = try Self.text(status, "'status'") }
        if let impact = patch.impact { incident.impact = try Self.word(impact, "impact", among: Self.impacts) }
        if let names = patch.components {
            if let stranger = names.first(where: { name in !components.contains { $0.name == name } }) {
                let known = components.map(\.name).joined(separator: ", ")
                throw ControlError(400, "the page has no component \(quoted(stranger)); it has: \(known)")
            }
            incident.components = names
        }
        incident.isMaintenance = patch.maintenance ?? incident.isMaintenance
        return incident
    }

    private static func word(_ word: String, _ name: String, among words: [String]) throws(ControlError) -> String {
        guard words.contains(word) else {
            throw ControlError(400, "'\(name)' must be one of: \(words.joined(separator: ", "))")
        }
        return word
    }

    private static func text(_ text: String, _ name: String) throws(ControlError) -> String {
        guard (1...textBytesMax).contains(text.utf8.count) else {
            throw ControlError(400, "\(name) must have 1 to \(textBytesMax) bytes")
        }
        return text
    }
}

extension SimulatedStatusPage {
    /// The page as it is sent; real ones list what is open alone.
    func body(origin: String, now: UnixTime) -> StatusPageBody {
        let id = Fingerprint("page", provider.rawValue).hex(digits: 12)
        let listed = components.enumerated().map { index, component in
            StatusPageBody.Component(
                id: Fingerprint("component", provider.rawValue, component.name).hex(digits: 12),
                name: component.name, status: component.status, position: index + 1, pageId: id)
        }
        let open = incidents.filter(\.isOpen)
        func notices(_ isMaintenance: Bool) -> [StatusPageBody.Notice] {
            open.filter { $0.isMaintenance == isMaintenance }.map { incident in
                notice(incident, components: listed.filter { incident.components.contains($0.name) }, page: id)
            }
        }
        let indicator = indicator ?? ownIndicator
        return StatusPageBody(
            page: .init(
                id: id, name: provider.displayName, url: "\(origin)/statuspage/\(provider.rawValue)",
                updatedAt: TimeText.iso8601(now)),
            status: .init(
                indicator: indicator,
                description: indicator == "none" ? "All Systems Operational" : "Something Is Wrong"),
            components: listed, incidents: notices(false), scheduledMaintenances: notices(true))
    }

    private func notice(
        _ incident: Incident, components: [StatusPageBody.Component], page: String
    ) -> StatusPageBody.Notice {
        .init(
            id: incident.id, name: incident.name, status: incident.status, impact: incident.impact,
            startedAt: TimeText.iso8601(incident.startedAt), shortlink: "https://stspg.invalid/\(incident.id)",
            components: components,
            incidentUpdates: [
                .init(
                    status: incident.status, body: "We are looking into it.",
                    displayAt: TimeText.iso8601(incident.startedAt))
            ], pageId: page)
    }

    /// The worst of what is open and of the components.
    private var ownIndicator: String {
        let states = ["operational": 0, "under_maintenance": 1, "degraded_performance": 2, "partial_outage": 3]
        let ofComponents = components.map { states[$0.status] ?? 4 }
        let ofIncidents = incidents.filter(\.isOpen).map { Self.impacts.firstIndex(of: $0.impact) ?? 0 }
        return Self.impacts[(ofComponents + ofIncidents).max() ?? 0]
    }
}
