/// What becomes of a page; nil leaves the indicator to its incidents and components.
package struct StatusPagePatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case indicator
    }

    /// `none`, `minor`, `major`, `critical` or `maintenance`, whatever is open: real pages disagree with themselves.
    package var indicator: String?

    package init(indicator: String? = nil) { self.indicator = indicator }
}

/// How a component stands; one that the page lacks is added to it.
package struct StatusPageComponentPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case status
    }

    /// `operational`, `degraded_performance`, `partial_outage`, `major_outage` or `under_maintenance`.
    package var status: String

    package init(status: String) { self.status = status }
}

/// An incident to open, or what to change of one; nil leaves a field as it is.
package struct StatusPageIncidentPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, status, impact, components, maintenance
    }

    package var name: String?
    /// `investigating` unless told, or `in_progress` for a maintenance. `resolved`, `postmortem` and `completed` end it.
    package var status: String?
    /// `none`, `minor`, `major`, `critical` or `maintenance`; `minor` unless told.
    package var impact: String?
    /// Names of components that it touches; none unless told.
    package var components: [String]?
    /// Whether it is a scheduled maintenance.
    package var maintenance: Bool?

    package init(
        name: String? = nil, status: String? = nil, impact: String? = nil, components: [String]? = nil,
        maintenance: Bool? = nil
    ) {
        self.name = name
        self.status = status
        self.impact = impact
        self.components = components
        self.maintenance = maintenance
    }
}
