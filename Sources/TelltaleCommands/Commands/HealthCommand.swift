import StatusModel
import TelltaleClient

extension Command {
    package static let health = Command(
        CommandSyntax(
            name: "health", operands: "[PART]", operandCount: 0...1,
            summary: "Tells whether the daemon, or a part of it, can serve",
            discussion: """
                Parts are persistence and each provider. Exits with 0 if what was asked for can serve, with 69 if not;
                without PART it is the daemon as a whole that counts.

                JSON: an object of the parts and their states; the whole is named telltaled.
                """,
            options: [Flag.json.syntax],
            examples: [
                CommandSyntax.Example("telltale health", "Every part."),
                CommandSyntax.Example("telltale health github || echo 'GitHub is away'", "One part, for a script."),
            ]),
        run: { context throws(CommandFailure) in
            let states = try await statuses(of: context.arguments.operands.first, context)
            let parts = states.sorted { $0.key < $1.key }
            if context.wantsJSON {
                let values = parts.map { (name(of: $0.key), JSONValue.text($0.value.word)) }
                try context.write(.object(Dictionary(values) { first, _ in first }))
            } else {
                let rows = parts.map {
                    [TextTable.Cell(name(of: $0.key)), TextTable.Cell($0.value.words, $0.value.style)]
                }
                let table = TextTable(fitting: rows)
                try context.write(rows.map { table.line($0, paint: context.paint) })
            }
            let deciding = states[context.arguments.operands.first ?? ""] ?? .unknown
            return deciding == .serving ? .ok : .unavailable
        })

    private static func statuses(
        of part: String?, _ context: CommandContext
    ) async throws(CommandFailure) -> [String: ServingStatus] {
        try await context.asking { client throws(TelltaleError) in
            guard let part else { return try await client.healthList() }
            return [part: try await client.health(of: part)]
        }
    }

    /// The whole has no name on the wire.
    private static func name(of part: String) -> String {
        part.isEmpty ? "telltaled" : TerminalText.neutralised(part)
    }
}

extension ServingStatus {
    fileprivate var word: String {
        switch self {
        case .unknown: "unknown"
        case .serving: "serving"
        case .notServing: "not_serving"
        case .serviceUnknown: "service_unknown"
        }
    }

    fileprivate var words: String {
        switch self {
        case .unknown: "not known yet"
        case .serving: "serving"
        case .notServing: "not serving"
        case .serviceUnknown: "no such part"
        }
    }

    fileprivate var style: Paint.Style {
        switch self {
        case .serving: .good
        case .notServing: .bad
        case .unknown, .serviceUnknown: .caution
        }
    }
}
