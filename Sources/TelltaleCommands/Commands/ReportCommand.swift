import StatusModel
import TelltaleClient

extension Command {
    package static let report = Command(
        CommandSyntax(
            name: "report", operands: "PROJECT KIND", operandCount: 2...2,
            summary: "Reports a diagnostics or smoke-test run to the daemon",
            discussion: """
                KIND is diagnostics or smoke_tests. Each --result says of one check which item it concerns (github, vercel,
                sanity, supabase, service:NAME, or project for the whole of it), whether it passed, and how long it took.
                The times count among the samples of the item, and what the run concerns is read again.

                With --run-id a run counts once however often it is reported: name it after the job that made it, and
                simply report again what failed to be reported. The exit code tells whether the report was kept, not
                whether the run passed. JSON: an object {event, duplicate}.
                """,
            options: [Option.runID.syntax, Option.result.syntax, Flag.json.syntax],
            examples: [
                CommandSyntax.Example(
                    "telltale report shop smoke_tests --run-id ci-4711 --result service:worker=passed:120ms",
                    "One check passed, in 120 ms."),
                CommandSyntax.Example(
                    "telltale report shop diagnostics --result github=passed --result project=failed",
                    "Two checks, one of them of the project as a whole."),
            ]),
        run: { context throws(CommandFailure) in
            let report = try report(from: context)
            let receipt = try await context.asking { client throws(TelltaleError) in
                try await client.reportRun(report)
            }
            if context.wantsJSON {
                try context.write(.receipt(receipt))
            } else {
                try context.write([words(for: receipt, of: report)])
            }
            return .ok
        })

    private static func report(from context: CommandContext) throws(CommandFailure) -> RunReport {
        let operands = context.arguments.operands
        guard let project = try context.projects(operands.prefix(1)).first, let name = operands.last else {
            throw CommandFailure(.usage, "report takes PROJECT KIND.")
        }
        // Options are written with dashes, so people write this with one as well.
        guard let kind = RunKind(rawValue: name == "smoke-tests" ? "smoke_tests" : name) else {
            throw CommandFailure(.usage, "\"\(name)\" is no kind of run: it is diagnostics or smoke_tests.")
        }
        let results = context.arguments.all(Option.result)
        guard !results.isEmpty else {
            throw CommandFailure(
                .usage, "A run without a result says nothing: add --result project=passed, or one for each check.")
        }
        guard results.count <= RunReport.resultsMax else {
            throw CommandFailure(.usage, "A run has at most \(RunReport.resultsMax) results, not \(results.count).")
        }
        return RunReport(projectID: project, kind: kind, results: results, runID: context.arguments[.runID] ?? "")
    }

    private static func words(for receipt: RunReceipt, of report: RunReport) -> String {
        let event = receipt.event.map { " as event \($0.text)" } ?? ""
        return receipt.isDuplicate
            ? "The run \(report.runID) of \(report.projectID) was reported before\(event); nothing was done again."
            : "The run of \(report.projectID) is kept\(event)."
    }
}

extension Option where Value == String {
    fileprivate static let runID = Option(
        "run-id", "ID", "The run's own name, so that it counts once.",
        expectation: "1 to \(RunReport.idBytesMax) printable ASCII characters"
    ) { !$0.isEmpty && RunReport.isWellFormed(id: $0) ? $0 : nil }
}

extension Option where Value == RunResult {
    fileprivate static let result = Option(
        "result", "RESULT", "KEY=passed|failed[:LATENCY]; once for each check.",
        expectation: "KEY=passed or KEY=failed, and :LATENCY behind it if it was measured, as in github=passed:120ms"
    ) { RunResult(text: $0) }
}

extension RunResult {
    /// Reads `KEY=passed|failed[:LATENCY]`, where KEY may be `project`; nil when it is none.
    fileprivate init?(text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let name = String(parts[0])
        let key = ItemKey(name)
        guard key != nil || name == "project" else { return nil }
        let outcome = parts[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let word = outcome.first, word == "passed" || word == "failed" else { return nil }
        var latency: Duration?
        if outcome.count == 2 {
            guard let length = DurationText.parse(String(outcome[1])), length <= Self.latencyMax else { return nil }
            latency = length
        }
        self.init(name: name, key: key, passed: word == "passed", latency: latency)
    }
}
