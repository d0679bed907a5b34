import LinuxSystem
import StatusModel
import TelltaleClient

/// Shows an operation as it moves: one line that is drawn anew on a terminal, a line for each move elsewhere.
struct OperationProgress {
    private let context: CommandContext
    private var screen = LiveScreen()
    private var shown: Operation?

    init(context: CommandContext) { self.context = context }

    /// Follows an operation to its end.
    ///
    /// - Returns: how it ended. With JSON that is all: nothing is shown on the way.
    mutating func follow(_ id: String) async throws(CommandFailure) -> Operation {
        var updates = context.client.follow(id).makeAsyncIterator()
        while let operation = try await context.asking({ _ throws(TelltaleError) in try await updates.next() }) {
            if context.console.isReaderGone { throw CommandFailure(.brokenPipe, "") }
            if !context.wantsJSON { try show(operation) }
            if operation.state.isOver { return operation }
        }
        throw CommandFailure(.temporaryFailure, "")
    }

    /// Shows how it stands, if that has not been shown.
    mutating func show(_ operation: Operation) throws(CommandFailure) {
        guard operation != shown else { return }
        shown = operation
        let line = operation.line(paint: context.paint)
        guard context.isLive, let size = context.console.terminalSize else {
            try context.write([line] + operation.errorLines(at: context.clock.wall(), width: nil))
            return
        }
        // A line that is broken is more than one to draw over. Colours take no column, so none is cut within.
        let plain = operation.line(paint: Paint(isColoured: false))
        let fitting =
            TerminalText.width(of: plain) <= size.columns ? line : TerminalText.truncated(plain, to: size.columns)
        let errors = operation.errorLines(at: context.clock.wall(), width: size.columns)
        try context.console.write(screen.frame([fitting] + errors, columns: size.columns))
    }
}
