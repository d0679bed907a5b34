import StatusModel

/// What is kept of a delivery's body. A field of another type than the documented one counts as absent.
struct VercelWebhookBody: Decodable {
    /// The most projects of one delivery that are looked at.
    static let projectsMax = 256

    struct Deployment {
        var id: String
        /// With its scheme; empty when it does not say.
        var url: String
    }

    private enum CodingKeys: String, CodingKey {
        case id, type, createdAt, payload, project, deployment, configuration, projects, team, teamId, target, name, url
    }

    var id: String?
    var type: String
    var createdAt: UnixTime?
    /// Ids and names of the projects that it is about.
    var projects: [String]
    var team: String?
    var deployment: Deployment?
    var isProduction: Bool

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = container.text(.id)
        type = container.text(.type) ?? ""
        createdAt = container.instant(.createdAt)
        let payload = try? container.nestedContainer(keyedBy: CodingKeys.self, forKey: .payload)
        let part = { (key: CodingKeys) in try? payload?.nestedContainer(keyedBy: CodingKeys.self, forKey: key) }
        let (project, deployment, configuration) = (part(.project), part(.deployment), part(.configuration))
        let configured = configuration?.elements(String.self, .projects, max: Self.projectsMax) ?? []
        // A deployment bears its project's name.
        let told = [project?.text(.id), project?.text(.name), deployment?.text(.name), payload?.text(.name)]
        projects = told.compactMap(\.self) + configured
        team = part(.team)?.text(.id) ?? payload?.text(.teamId)
        self.deployment = deployment?.text(.id).flatMap { id in
            guard (1...WebhookReader.deliveryIDBytesMax).contains(id.utf8.count), id.isPrintable else { return nil }
            return Deployment(id: id, url: VercelDeployment.url(host: deployment?.text(.url)))
        }
        isProduction = payload?.text(.target) == "production"
    }
}
