import StatusModel
import TelltaleClient

extension Command {
    package static let cache = Command(
        CommandSyntax(
            name: "cache", summary: "Shows what the daemon's cache holds, and how often it helped",
            discussion: "JSON: an object of the numbers: size, active, expired, hits, misses, stale_hits, collapsed.",
            options: [Flag.json.syntax],
            examples: [CommandSyntax.Example("telltale cache", "The numbers since the daemon started.")]),
        run: { context throws(CommandFailure) in
            let stats = try await context.asking { client throws(TelltaleError) in
                try await client.cacheStatistics()
            }
            if context.wantsJSON {
                try context.write(.cache(stats))
                return .ok
            }
            let rows = stats.rows.map { [TextTable.Cell($0), TextTable.Cell($1)] }
            let table = TextTable(fitting: rows)
            try context.write(rows.map { table.line($0, paint: context.paint) })
            return .ok
        })
}

extension CacheStats {
    fileprivate var rows: [(String, String)] {
        let answered = Double(hits) + Double(staleHits)
        let asked = answered + Double(misses) + Double(collapsed)
        let share = asked > 0 ? " (\(Int(answered / asked * 100)) % of all reads answered at once)" : ""
        return [
            ("entries", "\(size), of these \(active) within their time to live and \(expired) past it"),
            ("hits", "\(hits)\(share)"),
            ("stale hits", "\(staleHits)"),
            ("misses", "\(misses)"),
            ("shared reads", "\(collapsed)"),
        ]
    }
}
