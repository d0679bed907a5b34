import FoundationEssentials

/// A page as it is sent. Nothing is required of it: a member of another type counts as missing, and an element that
/// makes no sense is left out.
struct StatusPageWire: Decodable {
    var status: Status?
    var components: [Component]?
    var incidents: [Notice]?
    var maintenances: [Notice]?

    /// Whether it has anything that a status page has.
    var isStatusPage: Bool { status != nil || components != nil || incidents != nil }

    struct Status: Decodable {
        var indicator: String
    }

    struct Component: Decodable {
        var id: String?
        var name: String
        var status: String?
        /// A container of other components.
        var isGroup: Bool

        enum CodingKeys: String, CodingKey {
            case id, code, name, status, group
            case newStatus = "new_status"
        }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            name = try members.decode(String.self, forKey: .name)
            // Within an incident's update the members have other names.
            id = members.known(.id) ?? members.known(.code)
            status = members.known(.status) ?? members.known(.newStatus)
            isGroup = members.known(.group) ?? false
        }
    }

    struct Notice: Decodable {
        var name: String?
        var status: String?
        var impact: String?
        var components: [Component]

        enum CodingKeys: String, CodingKey {
            case name, status, impact, components
            case updates = "incident_updates"
        }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            name = members.known(.name)
            status = members.known(.status)
            impact = members.known(.impact)
            components = members.list(.components) ?? []
            // Some pages name the components in the updates alone.
            if components.isEmpty, let updates: [Update] = members.list(.updates) {
                components = updates.flatMap(\.components)
            }
        }
    }

    private struct Update: Decodable {
        var components: [Component]

        enum CodingKeys: String, CodingKey {
            case components = "affected_components"
        }

        init(from decoder: any Decoder) throws {
            components = try decoder.container(keyedBy: CodingKeys.self).list(.components) ?? []
        }
    }

    enum CodingKeys: String, CodingKey {
        case status, components, incidents
        case maintenances = "scheduled_maintenances"
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        status = members.known(.status)
        components = members.list(.components)
        incidents = members.list(.incidents)
        maintenances = members.list(.maintenances)
    }
}

/// Any element of a list, whether it makes sense or not.
private struct Element<Value: Decodable>: Decodable {
    var value: Value?

    init(from decoder: any Decoder) throws { value = try? Value(from: decoder) }
}

extension KeyedDecodingContainer {
    /// The member; nil when it is missing, null or of another type.
    fileprivate func known<Value: Decodable>(_ key: Key) -> Value? { try? decode(Value.self, forKey: key) }

    /// The elements of a member that make sense; nil when it is no list.
    fileprivate func list<Value: Decodable>(_ key: Key) -> [Value]? {
        let elements: [Element<Value>]? = known(key)
        return elements?.compactMap(\.value)
    }
}

extension StatusPage: Decodable {
    /// Reads an answer's body; nil when it is no status page.
    package init?(json body: [UInt8]) {
        guard let page = try? JSONDecoder().decode(Self.self, from: Data(body)) else { return nil }
        self = page
    }

    /// - Throws: `DecodingError` when it has nothing that a status page has.
    package init(from decoder: any Decoder) throws {
        let wire = try StatusPageWire(from: decoder)
        guard wire.isStatusPage else {
            let context = DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "no status page")
            throw DecodingError.dataCorrupted(context)
        }
        let incidents = (wire.incidents ?? []).map { Notice($0, isMaintenance: false) }
        let maintenances = (wire.maintenances ?? []).map { Notice($0, isMaintenance: true) }
        self.init(
            indicator: Severity(indicator: wire.status?.indicator), components: .init(wire.components ?? []),
            notices: incidents + maintenances)
    }
}

extension [StatusPage.Component] {
    fileprivate init(_ wire: [StatusPageWire.Component]) {
        self = wire.filter { !$0.isGroup }.map {
            StatusPage.Component(
                id: $0.id ?? "", name: $0.name, severity: StatusPage.Severity(component: $0.status))
        }
    }
}

extension StatusPage.Notice {
    fileprivate init(_ wire: StatusPageWire.Notice, isMaintenance: Bool) {
        let impact = StatusPage.Severity(indicator: wire.impact)
        self.init(
            title: wire.name ?? "", isMaintenance: isMaintenance,
            isOpen: isMaintenance ? Self.hasBegun(wire.status) : Self.isUnresolved(wire.status),
            impact: isMaintenance ? Swift.max(impact, .maintenance) : impact, components: .init(wire.components))
    }

    /// A state that is not known yet is one of an incident that goes on: the page lists it.
    private static func isUnresolved(_ status: String?) -> Bool {
        status != "resolved" && status != "postmortem"
    }

    private static func hasBegun(_ status: String?) -> Bool { status == "in_progress" || status == "verifying" }
}

extension StatusPage.Severity {
    /// Of a page's `indicator` and an incident's `impact`. A word that is not known says nothing.
    fileprivate init(indicator: String?) {
        self =
            switch indicator {
            case "maintenance": .maintenance
            case "minor": .minor
            case "major": .major
            case "critical": .critical
            default: .none
            }
    }

    /// Of a component's `status`. A word that is not known says nothing.
    fileprivate init(component status: String?) {
        self =
            switch status {
            case "under_maintenance": .maintenance
            case "degraded_performance": .minor
            case "partial_outage": .major
            case "major_outage", "full_outage": .critical
            default: .none
            }
    }
}
