import LinuxSystem
import StatusModel
import TelltaleClient

extension Command {
    package static let status = Command(
        CommandSyntax(
            name: "status", operands: "[PROJECT…]", operandCount: 0...1024,
            summary: "Shows how projects stand, or all that the role may see",
            discussion: """
                Answers at once from what the daemon knows, and says how old that is. With --check the exit code is the worst
                state of all: 0 connected, 1 warning, 2 error, 3 disconnected; 75 while one is still being read.

                JSON: one object {envelope, hash, answer} for one named project, an array of these otherwise. Names are those
                of the protocol, what is absent is null, times are RFC 3339, lengths of time are seconds such as "1.5s".
                """,
            options: [
                Flag.json.syntax, Flag.check.syntax, Flag.fresh.syntax, Option.maxWait.syntax, Option.maxAge.syntax,
                Option.maxStale.syntax,
            ],
            examples: [
                CommandSyntax.Example("telltale status", "How everything stands."),
                CommandSyntax.Example(
                    "telltale status shop --check --max-age 30s && deploy",
                    "Deploys only if all is well by an answer that is at most 30 s old."),
                CommandSyntax.Example(
                    "telltale status shop --json | jq -r .envelope.overall", "The worst state alone."),
            ]),
        run: { context throws(CommandFailure) in try await StatusCommand(context: context).run() })
}

extension Flag {
    fileprivate static let check = Flag("check", "Let the exit code tell the worst state.")
    fileprivate static let fresh = Flag("fresh", "Ask the providers now, at most once a second, and wait.")
}

extension Option where Value == Duration {
    fileprivate static let maxWait = duration("max-wait", "How long to wait for what is newer (2.5s).")
    fileprivate static let maxAge = duration("max-age", "Wait for what is newer if the answer is older than this.")
    fileprivate static let maxStale = duration("max-stale", "Fail rather than answer with what is older than this.")
}

private struct StatusCommand {
    /// Projects read at a time; the daemon takes 128 calls of one connection.
    private static let readsMax = 32

    let context: CommandContext

    func run() async throws(CommandFailure) -> ExitCode {
        let named = try context.projects(context.arguments.operands)
        let projects =
            named.isEmpty
            ? try await context.asking { client throws(TelltaleError) in try await client.projects() }.map(\.projectID)
            : named
        let results = await read(projects)
        let answers = results.compactMap { try? $0.get() }
        try write(answers, asOne: named.count == 1)
        return try finish(results, answers)
    }

    private func write(_ answers: [StatusAnswer], asOne: Bool) throws(CommandFailure) {
        if context.wantsJSON {
            if !asOne { return try context.write(JSONValue.list(answers, JSONValue.answer)) }
            return try answers.first.map { answer throws(CommandFailure) in try context.write(.answer(answer)) } ?? ()
        }
        let board = BoardText(paint: context.paint, width: context.console.terminalSize?.columns)
        try context.write(board.lines(for: answers.compactMap(\.envelope), at: context.clock.wall()))
    }

    /// What could not be read outweighs what was.
    private func finish(
        _ results: [Result<StatusAnswer, TelltaleError>], _ answers: [StatusAnswer]
    ) throws(CommandFailure) -> ExitCode {
        let failures = results.compactMap { result in
            if case .failure(let error) = result { CommandFailure(error) } else { nil }
        }
        if let first = failures.first {
            for failure in failures.dropFirst() { context.notify(failure.message) }
            throw first
        }
        for answer in answers where answer.isResumed && !context.wantsJSON {
            // Who gets a digest alone has named the project.
            let name = answer.envelope?.projectID.rawValue ?? "the project"
            context.notify(
                "Nobody had asked for \(name) in so long that it was no longer read; it is from now on.")
        }
        if results.isEmpty, !context.wantsJSON {
            context.notify("The daemon knows no project yet; its configuration names them.")
        }
        guard context.arguments.contains(.check) else { return .ok }
        // What is still being read has no state yet; "not linked" would be a wrong answer to a script.
        if answers.contains(where: { $0.source == .checking }) { return .temporaryFailure }
        let states = answers.compactMap { $0.envelope?.overall }
        // Worst first (SPEC §2).
        return ExitCode(checking: [.error, .warning, .connected].first(where: states.contains) ?? .disconnected)
    }

    private func read(_ projects: [ProjectID]) async -> [Result<StatusAnswer, TelltaleError>] {
        let (contract, mode) = request
        return await withTaskGroup(of: (Int, Result<StatusAnswer, TelltaleError>).self) { group in
            var results = [Result<StatusAnswer, TelltaleError>?](repeating: nil, count: projects.count)
            for (index, project) in projects.enumerated() {
                if index >= Self.readsMax, let (done, result) = await group.next() { results[done] = result }
                group.addTask { [client = context.client] in
                    do throws(TelltaleError) {
                        return (index, .success(try await client.status(of: project, contract: contract, mode: mode)))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            for await (done, result) in group { results[done] = result }
            return results.compactMap(\.self)
        }
    }

    /// Whoever says how old or how fresh is ready to wait for it.
    private var request: (ReadersContract, ReadingMode) {
        let contract = ReadersContract(
            maxAge: context.arguments[.maxAge], maxWait: context.arguments[.maxWait],
            maxStale: context.arguments[.maxStale])
        if context.arguments.contains(.fresh) { return (contract, .force) }
        return (contract, contract.maxAge == nil && contract.maxWait == nil ? .cached : .preferFresh)
    }
}
