import StatusCore
import StatusModel
import TelltaleClient

extension Command {
    package static let watch = Command(
        CommandSyntax(
            name: "watch", operands: "[PROJECT…]", operandCount: 0...1024,
            summary: "Follows projects, or all that the role may see, until it is interrupted",
            discussion: """
                On a terminal: a board that is kept up to date; Ctrl-C ends it. Otherwise, and with --since: one line for each
                change. A daemon that is away is waited for. What happened meanwhile is told when it is back, for 24 h and also
                when it was started anew; what it cannot tell is said to be lost, and all states follow.

                JSON: one object a line, whose one name says what it is: snapshot, event, heartbeat, reset or connection. The
                `id` of an event or a heartbeat, as EPOCH:SEQ, is a place to go on from with --since.
                """,
            options: [Flag.json.syntax, Option.since.syntax, Option.kinds.syntax],
            examples: [
                CommandSyntax.Example("telltale watch", "A live board of everything."),
                CommandSyntax.Example(
                    "telltale watch shop --kinds 'deploy:*' --json", "The deployments of one project, for a program."),
                CommandSyntax.Example(
                    "telltale watch --since 7:4711 | logger -t telltale", "Goes on behind an event."),
            ]),
        run: { context throws(CommandFailure) in try await WatchCommand(context: context).run() })
}

extension Option where Value == EventID {
    fileprivate static let since = Option(
        "since", "EPOCH:SEQ", "Go on behind this event, without snapshots unless events were lost.",
        expectation: "the id of an event such as 7:4711"
    ) { EventID(text: $0) }
}

extension Option where Value == [String] {
    fileprivate static let kinds = Option(
        "kinds", "KIND,…", "Only these events, such as status:update or deploy:*.",
        expectation: "kinds or families of events with commas between them, of " + EventKind.all.joined(separator: ", ")
    ) { text in
        let kinds = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return kinds.allSatisfy(EventKind.isNamed(by:)) ? kinds : nil
    }
}

private struct WatchCommand {
    let context: CommandContext

    func run() async throws(CommandFailure) -> ExitCode {
        let projects = try context.projects(context.arguments.operands)
        let updates = context.client.watch(
            projects: projects, resumeAfter: context.arguments[.since], kinds: context.arguments[.kinds] ?? [])
        if context.wantsJSON {
            try await follow(updates) { update throws(CommandFailure) in try context.write(.update(update)) }
        } else if context.isLive, context.arguments[.since] == nil {
            try await LiveDisplay(context: context).show(updates)
        } else {
            var lines = WatchLines()
            try await follow(updates) { update throws(CommandFailure) in
                try context.write(lines.lines(for: update, at: context.clock.wall()))
                if let notice = lines.notice(of: update, at: context.clock.waiting.now()) { context.notify(notice) }
            }
        }
        return .ok
    }

    private func follow(
        _ updates: StatusUpdates, _ take: (StatusUpdate) throws(CommandFailure) -> Void
    ) async throws(CommandFailure) {
        var iterator = updates.makeAsyncIterator()
        while let update = try await context.asking({ _ throws(TelltaleError) in try await iterator.next() }) {
            // As after `| head -1`: where nothing changes, nothing is written that would tell.
            if context.console.isReaderGone { throw CommandFailure(.brokenPipe, "") }
            try take(update)
        }
    }
}
