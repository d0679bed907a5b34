import CTelltaleProtos
import StatusCore
import StatusModel

extension GitHubTarget: RecordPart {
    init(message: Telltale__Store__V1__GitHubTarget, clock: RecordClock) throws(RecordError) {
        self.init(
            owner: try readText(message.owner, "owner"), repository: try readText(message.repository, "repository"),
            baseURL: try readText(message.base_url, "base_url"))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__GitHubTarget> {
        let message = writer.make(telltale__store__v1__git_hub_target__init)
        message.pointee.owner = writer.text(owner)
        message.pointee.repository = writer.text(repository)
        message.pointee.base_url = writer.text(baseURL)
        return message
    }
}

extension VercelTarget: RecordPart {
    init(message: Telltale__Store__V1__VercelTarget, clock: RecordClock) throws(RecordError) {
        self.init(
            project: try readText(message.project, "project"),
            teamID: try readText(ifAny: message.team_id, "team_id"),
            baseURL: try readText(message.base_url, "base_url"))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__VercelTarget> {
        let message = writer.make(telltale__store__v1__vercel_target__init)
        message.pointee.project = writer.text(project)
        message.pointee.team_id = writer.text(ifAny: teamID)
        message.pointee.base_url = writer.text(baseURL)
        return message
    }
}

extension SanityTarget: RecordPart {
    init(message: Telltale__Store__V1__SanityTarget, clock: RecordClock) throws(RecordError) {
        self.init(
            projectID: try readText(message.project_id, "project_id"),
            dataset: try readText(message.dataset, "dataset"),
            managementURL: try readText(message.management_url, "management_url"),
            dataURL: try readText(message.data_url, "data_url"))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__SanityTarget> {
        let message = writer.make(telltale__store__v1__sanity_target__init)
        message.pointee.project_id = writer.text(projectID)
        message.pointee.dataset = writer.text(dataset)
        message.pointee.management_url = writer.text(managementURL)
        message.pointee.data_url = writer.text(dataURL)
        return message
    }
}

extension SupabaseTarget: RecordPart {
    init(message: Telltale__Store__V1__SupabaseTarget, clock: RecordClock) throws(RecordError) {
        self.init(
            reference: try readText(message.reference, "reference"),
            managementURL: try readText(message.management_url, "management_url"),
            projectURL: try readText(message.project_url, "project_url"), probe: try Self.probe(of: message),
            services: try readTexts(
                message.services, count: message.n_services, max: RecordBounds.servicesMax, "services"),
            latencyLimit: .nanoseconds(message.latency_limit))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__SupabaseTarget> {
        let message = writer.make(telltale__store__v1__supabase_target__init)
        message.pointee.reference = writer.text(reference)
        message.pointee.management_url = writer.text(managementURL)
        message.pointee.project_url = writer.text(projectURL)
        setProbe(of: &message.pointee, writer)
        (message.pointee.n_services, message.pointee.services) = writer.texts(
            services, max: RecordBounds.servicesMax)
        message.pointee.latency_limit = latencyLimit.saturatedNanoseconds
        return message
    }

    private static func probe(of message: Telltale__Store__V1__SupabaseTarget) throws(RecordError) -> Probe {
        switch message.probe_case {
        case TELLTALE__STORE__V1__SUPABASE_TARGET__PROBE_AUTH_HEALTH: return .authHealth
        case TELLTALE__STORE__V1__SUPABASE_TARGET__PROBE_TABLE:
            let table = try readRequired(message.table, "table")
            return .table(
                name: try readText(table.name, "table.name"), column: try readText(table.column, "table.column"))
        case TELLTALE__STORE__V1__SUPABASE_TARGET__PROBE_FUNCTION:
            let function = try readRequired(message.function, "function")
            return .function(name: try readText(function.name, "function.name"))
        default: throw RecordError(field: "probe", reason: "must be of a kind that this version knows")
        }
    }

    private func setProbe(of message: inout Telltale__Store__V1__SupabaseTarget, _ writer: RecordWriter) {
        switch probe {
        case .authHealth:
            message.probe_case = TELLTALE__STORE__V1__SUPABASE_TARGET__PROBE_AUTH_HEALTH
            message.auth_health = writer.make(telltale__store__v1__auth_health_probe__init)
        case .table(let name, let column):
            let table = writer.make(telltale__store__v1__table_probe__init)
            table.pointee.name = writer.text(name)
            table.pointee.column = writer.text(column)
            message.probe_case = TELLTALE__STORE__V1__SUPABASE_TARGET__PROBE_TABLE
            message.table = table
        case .function(let name):
            let function = writer.make(telltale__store__v1__function_probe__init)
            function.pointee.name = writer.text(name)
            message.probe_case = TELLTALE__STORE__V1__SUPABASE_TARGET__PROBE_FUNCTION
            message.function = function
        }
    }
}
