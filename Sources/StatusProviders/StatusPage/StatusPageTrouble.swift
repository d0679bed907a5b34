/// What of a status page may explain why a provider fails: the worst that touches a part we use.
package struct StatusPageTrouble: Hashable, Sendable {
    package enum Subject: Hashable, Sendable {
        /// An open incident, by its title.
        case incident(String)
        /// A maintenance under way, by its title.
        case maintenance(String)
        /// A component that is not well while no incident names it.
        case component(String)
        /// The page as a whole, where it lists nothing else.
        case everything
    }

    /// Of the parts we use and the incidents that touch them, the worst.
    package var severity: StatusPage.Severity
    /// What to name; text of the page's, made printable and bounded.
    package var subject: Subject

    package init(severity: StatusPage.Severity, subject: Subject) {
        self.severity = severity
        self.subject = subject
    }
}

extension StatusPage {
    /// What of this page touches some parts; nil when nothing does, whatever else is red.
    ///
    /// An incident that is open counts although the indicator is `none`. The incident is named before a component,
    /// because it tells more. A page with neither components nor open incidents (`status.json`) has nothing but its
    /// indicator to go by.
    package func trouble(of parts: StatusPageParts) -> StatusPageTrouble? {
        let open = notices.filter { $0.isOpen }
        let touching = open.filter { touches($0, parts) && $0.impact > .none }
        let broken = components.filter { parts.contain($0) && $0.severity > .none }
        let notice = touching.worst(by: \.impact)
        let component = broken.worst(by: \.severity)
        let worst = max(notice?.impact ?? .none, component?.severity ?? .none)
        if let notice {
            let title = StatusPageText.bounded(notice.title)
            return StatusPageTrouble(
                severity: worst, subject: notice.isMaintenance ? .maintenance(title) : .incident(title))
        }
        if let component {
            return StatusPageTrouble(severity: worst, subject: .component(StatusPageText.bounded(component.name)))
        }
        guard components.isEmpty, open.isEmpty, indicator > .none else { return nil }
        return StatusPageTrouble(severity: indicator, subject: .everything)
    }

    /// Whether a notice is about one of the parts: by the components it lists; where it lists none, by its title; and
    /// where that names no component of the page either, by the page's indicator, which then is all that there is.
    private func touches(_ notice: Notice, _ parts: StatusPageParts) -> Bool {
        guard notice.components.isEmpty else { return notice.components.contains(where: parts.contain) }
        if parts.areNamed(in: notice.title) { return true }
        let title = StatusPageParts.words(of: notice.title)
        let namesAnother = components.contains { component in
            let name = StatusPageParts.words(of: component.name)
            return name.count > 2 && title.contains(name)
        }
        return !namesAnother && indicator > .none
    }
}

extension Array {
    /// The first of those that are worst.
    fileprivate func worst(by severity: (Element) -> StatusPage.Severity) -> Element? {
        self.max { severity($0) < severity($1) }.flatMap { worst in
            first { severity($0) == severity(worst) }
        }
    }
}
