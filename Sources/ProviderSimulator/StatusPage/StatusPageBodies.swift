/// `summary.json` in the form of Atlassian Statuspage.
struct StatusPageBody: Encodable, Sendable {
    struct Page: Encodable, Sendable {
        var id: String
        var name: String
        var url: String
        var timeZone = "Etc/UTC"
        var updatedAt: String
    }

    struct Status: Encodable, Sendable {
        var indicator: String
        var description: String
    }

    struct Component: Encodable, Sendable {
        var id: String
        var name: String
        var status: String
        var position: Int
        var group = false
        var groupId = Nullable<String>(nil)
        var pageId: String
    }

    struct Notice: Encodable, Sendable {
        var id: String
        var name: String
        var status: String
        var impact: String
        var startedAt: String
        var shortlink: String
        var components: [Component]
        var incidentUpdates: [Update]
        var pageId: String
    }

    struct Update: Encodable, Sendable {
        var status: String
        var body: String
        var displayAt: String
    }

    var page: Page
    var status: Status
    var components: [Component]
    var incidents: [Notice]
    var scheduledMaintenances: [Notice]
}
