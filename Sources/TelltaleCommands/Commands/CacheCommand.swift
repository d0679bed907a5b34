import StatusModel
import TelltaleClient

extension Command {
    package static let cache = Command(
        CommandSyntax(
            name: "cache", summary: "Shows what the daemon's cache holds, and how often it helped",
            discussion: """
                Also where it is kept on disk, and what keeps it from being kept.

                JSON: an object of the numbers: size, active, expired, hits, misses, stale_hits, collapsed; and store with path,
                bytes, persisting, trouble, pending, last_saved_at.

                Where the store may have forgotten keys of actions, the daemon refuses unknown ones for a day (KEYS_LOST).
                --accept-lost-keys ends that for everybody: from then on each unknown key is new, and runs. Owners and admins
                may do this, and the log keeps who did. JSON: an object of accepted, false where no key counted as lost.
                """,
            options: [Flag.acceptLostKeys.syntax, Flag.json.syntax],
            examples: [
                CommandSyntax.Example("telltale cache", "The numbers since the daemon started."),
                CommandSyntax.Example(
                    "telltale cache --accept-lost-keys", "After the directory of the store was moved on purpose."),
            ]),
        run: { context throws(CommandFailure) in
            if context.arguments.contains(.acceptLostKeys) { return try await acceptLostKeys(context) }
            let stats = try await context.asking { client throws(TelltaleError) in
                try await client.cacheStatistics()
            }
            if context.wantsJSON {
                try context.write(.cache(stats))
                return .ok
            }
            let rows = stats.rows + stats.store.rows(at: context.clock.wall())
            let table = TextTable(fitting: rows)
            try context.write(rows.map { table.line($0, paint: context.paint) })
            return .ok
        })

    private static func acceptLostKeys(_ context: CommandContext) async throws(CommandFailure) -> ExitCode {
        let isAccepted = try await context.asking { client throws(TelltaleError) in try await client.acceptLostKeys() }
        if context.wantsJSON {
            try context.write(.object(["accepted": .bool(isAccepted)]))
        } else {
            try context.write([isAccepted ? "Unknown keys count as new again." : "No keys counted as lost."])
        }
        return .ok
    }
}

extension Flag {
    fileprivate static let acceptLostKeys = Flag(
        "accept-lost-keys", "I looked: no key that the store may have forgotten is sent again, or it may run.")
}

extension CacheStats {
    fileprivate var rows: [[TextTable.Cell]] {
        let answered = Double(hits) + Double(staleHits)
        let asked = answered + Double(misses) + Double(collapsed)
        let share = asked > 0 ? " (\(Int(answered / asked * 100)) % of all reads answered at once)" : ""
        let numbers = [
            ("entries", "\(size), of these \(active) within their time to live and \(expired) past it"),
            ("hits", "\(hits)\(share)"),
            ("stale hits", "\(staleHits)"),
            ("misses", "\(misses)"),
            ("shared reads", "\(collapsed)"),
        ]
        return numbers.map { [TextTable.Cell($0), TextTable.Cell($1)] }
    }
}

extension StoreStats {
    fileprivate func rows(at now: UnixTime) -> [[TextTable.Cell]] {
        // Where it is not everybody is told; that there is something, everybody.
        let isOnDisk = !path.isEmpty || bytes > 0
        let place =
            isOnDisk
            ? "\(path.isEmpty ? "on disk" : TerminalText.neutralised(path)), \(SizeText.words(for: bytes))"
            : "in memory alone; a stop of the daemon forgets it"
        let rows = [[TextTable.Cell("store"), TextTable.Cell(place)]]
        guard isPersisting else {
            let reason = trouble.isEmpty ? "" : ": \(TerminalText.neutralised(trouble))"
            return rows + [[TextTable.Cell("kept"), TextTable.Cell("no\(reason)", .bad)]] + pendingRows
        }
        // Nothing is kept there that one could have trouble with.
        guard isOnDisk else { return rows }
        let saved = lastSavedAt.map { ", last saved \(AgeText.since($0, at: now))" } ?? ""
        return rows + [[TextTable.Cell("kept"), TextTable.Cell("yes\(saved)", .good)]] + pendingRows
    }

    private var pendingRows: [[TextTable.Cell]] {
        pending == 0 ? [] : [[TextTable.Cell("unsaved"), TextTable.Cell("\(pending)")]]
    }
}
