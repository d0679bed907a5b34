import StatusCore
import StatusModel

/// Reads a project's `supabase`: `{ ref: "…", credential: "file:/…", projectKey: "file:/…", probe: "table:ping.id" }`.
enum SupabaseSection {
    static let keys = [
        "ref", "credential", "projectKey", "probe", "services", "latencyLimit", "api", "url", "webhookSecret",
        "enabled",
    ]
    /// What the management API knows of (providers.md §5.1).
    static let services = [
        "auth", "db", "db_postgres_user", "pg_bouncer", "pooler", "realtime", "rest", "storage",
    ]
    static let latencyLimits: ClosedRange<Duration> = .milliseconds(1)...(.seconds(60))

    /// Nil when a mistake, which is recorded, leaves no link.
    static func link(_ section: ConfigSection) -> Link? {
        var target = reference(section).map { SupabaseTarget(reference: $0) }
        if let base = base("api", section) { target?.managementURL = base }
        if let base = base("url", section) { target?.projectURL = base }
        if let probe = probe(section) { target?.probe = probe }
        if let services = services(section) { target?.services = services }
        if let limit = latencyLimit(section) { target?.latencyLimit = limit }
        let credential = CredentialText.read("credential", in: section)
        let projectKey = CredentialText.read("projectKey", in: section)
        let isEnabled = section.boolean("enabled") ?? true
        return target.map {
            Link(
                target: .supabase($0), credential: credential,
                namedCredentials: projectKey.map { [SupabaseTarget.projectKey: $0] } ?? [:], isEnabled: isEnabled)
        }
    }

    private static func reference(_ section: ConfigSection) -> String? {
        guard section["ref"] != nil else {
            section.mistakes.add("ref is missing: write ref: \"abcdefghijklmnopqrst\"", at: section.path)
            return nil
        }
        guard let text = section.string("ref") else { return nil }
        guard text.utf8.count == 20,
            text.utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
        else {
            section.refuse("ref", "\(PrintableText.quoted(text)) is no project's reference: 20 lower-case letters")
            return nil
        }
        return text
    }

    private static func base(_ key: String, _ section: ConfigSection) -> String? {
        guard let text = section.string(key) else { return nil }
        do throws(ConfigComplaint) {
            return try APIBase.parse(text)
        } catch {
            section.refuse(key, error.sentence)
            return nil
        }
    }

    private static func latencyLimit(_ section: ConfigSection) -> Duration? {
        guard let text = section.string("latencyLimit") else { return nil }
        guard let limit = DurationText.parse(text), latencyLimits.contains(limit) else {
            section.refuse("latencyLimit", "\(PrintableText.quoted(text)) is no duration in 1ms … 1m")
            return nil
        }
        return limit
    }

    /// A list without repetitions, of services that there are.
    private static func services(_ section: ConfigSection) -> [String]? {
        guard let value = section["services"] else { return nil }
        guard case .array(let elements) = value, !elements.isEmpty else {
            section.refuse("services", "expected a list of services, such as [\"db\", \"auth\"]")
            return nil
        }
        var names: [String] = []
        for (index, element) in elements.enumerated() {
            guard case .string(let name) = element, services.contains(name), !names.contains(name) else {
                section.mistakes.add(
                    "expected one of \(services.joined(separator: ", ")), each at most once",
                    at: section.path.appending("services").appending(index))
                continue
            }
            names.append(name)
        }
        return names
    }
}

/// The probe: `"auth"`, `"table:NAME.COLUMN"`, `"function:NAME"`, or for names that hold a dot, an object.
extension SupabaseSection {
    private static let probeForms = "write \"auth\", \"table:NAME.COLUMN\" or \"function:NAME\""
    /// PostgreSQL cuts a name off there.
    private static let nameBytesMax = 63

    private static func probe(_ section: ConfigSection) -> SupabaseTarget.Probe? {
        switch section["probe"] {
        case nil: return nil
        case .string(let text)?:
            if let probe = probe(text) { return probe }
            section.refuse("probe", "\(PrintableText.quoted(text)) is no probe; \(probeForms)")
        case .object?:
            return probeObject(section)
        case let other?:
            section.refuse("probe", "expected a probe, found \(other.kind); \(probeForms)")
        }
        return nil
    }

    private static func probe(_ text: String) -> SupabaseTarget.Probe? {
        if text == "auth" { return .authHealth }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "table":
            let names = parts[1].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard names.count == 2, names.allSatisfy(isName) else { return nil }
            return .table(name: names[0], column: names[1])
        case "function": return isName(parts[1]) ? .function(name: parts[1]) : nil
        default: return nil
        }
    }

    /// `{ table: "NAME", column: "NAME" }` or `{ function: "NAME" }`.
    private static func probeObject(_ section: ConfigSection) -> SupabaseTarget.Probe? {
        guard let value = section["probe"],
            let probe = ConfigSection(
                value, at: section.path.appending("probe"), keys: ["table", "column", "function"],
                mistakes: section.mistakes)
        else { return nil }
        switch (probe.string("table"), probe.string("column"), probe.string("function")) {
        case (let table?, let column?, nil) where isName(table) && isName(column):
            return .table(name: table, column: column)
        case (nil, nil, let function?) where isName(function):
            return .function(name: function)
        default:
            section.refuse("probe", "expected { table: \"NAME\", column: \"NAME\" } or { function: \"NAME\" }")
            return nil
        }
    }

    private static func isName(_ text: String) -> Bool {
        (1...nameBytesMax).contains(text.utf8.count) && text.unicodeScalars.allSatisfy(PrintableText.isPrintable)
    }
}
