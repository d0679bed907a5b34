/// What a provider's public status page says, in the form of Atlassian Statuspage's `summary.json`.
///
/// Pages that were moved elsewhere keep the address and leave members out, so every one may be missing or null, and
/// what makes no sense is passed over alone (providers.md §7).
package struct StatusPage: Hashable, Sendable {
    /// How bad something is; later is worse.
    package enum Severity: Int, Comparable, Sendable {
        case none, maintenance, minor, major, critical

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// A part of the provider's service. Containers of others are none.
    package struct Component: Hashable, Sendable {
        package var id: String
        package var name: String
        package var severity: Severity

        package init(id: String = "", name: String, severity: Severity = .none) {
            self.id = id
            self.name = name
            self.severity = severity
        }
    }

    /// An incident, or a maintenance that was announced.
    package struct Notice: Hashable, Sendable {
        package var title: String
        package var isMaintenance: Bool
        /// Whether it has begun and not ended.
        package var isOpen: Bool
        package var impact: Severity
        /// The components that it touches; empty when the page does not say.
        package var components: [Component]

        package init(
            title: String, isMaintenance: Bool = false, isOpen: Bool = true, impact: Severity,
            components: [Component] = []
        ) {
            self.title = title
            self.isMaintenance = isMaintenance
            self.isOpen = isOpen
            self.impact = impact
            self.components = components
        }
    }

    /// The whole page's: about all of the provider's products, and not always raised while an incident is open.
    package var indicator: Severity
    /// Empty when the page lists none.
    package var components: [Component]
    /// Incidents before maintenances, in the page's order.
    package var notices: [Notice]

    package init(indicator: Severity = .none, components: [Component] = [], notices: [Notice] = []) {
        self.indicator = indicator
        self.components = components
        self.notices = notices
    }
}
