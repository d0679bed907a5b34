import LinuxSystem
import StatusModel
import TelltaleClient

/// Keeps a live board on a terminal: updates change the board as they come, and a clock draws it.
actor LiveDisplay {
    /// How often changes are drawn, if there are any.
    private static let frameInterval = Duration.milliseconds(250)
    /// How often ages are.
    private static let ageInterval = Duration.seconds(1)

    private let context: CommandContext
    private var board = LiveBoard()
    private var screen = LiveScreen()
    private var isChanged = true
    private var drawnAt: ContinuousClock.Instant?

    init(context: CommandContext) { self.context = context }

    /// Shows the updates until they end, or the terminal is gone.
    func show(_ updates: StatusUpdates) async throws(CommandFailure) {
        let ended = await withTaskGroup(of: Result<Void, CommandFailure>.self) { group in
            group.addTask { await self.follow(updates) }
            group.addTask { await self.redraw() }
            defer { group.cancelAll() }
            return await group.next() ?? .success(())
        }
        try ended.get()
    }

    private func follow(_ updates: StatusUpdates) async -> Result<Void, CommandFailure> {
        do throws(TelltaleError) {
            for try await update in updates {
                board.apply(update)
                isChanged = true
            }
            return .success(())
        } catch {
            return .failure(CommandFailure(error))
        }
    }

    private func redraw() async -> Result<Void, CommandFailure> {
        while !Task.isCancelled {
            let now = context.clock.waiting.now()
            if isChanged || drawnAt.map({ $0.duration(to: now) >= Self.ageInterval }) ?? true {
                do throws(CommandFailure) { try draw(at: now) } catch { return .failure(error) }
            }
            // A cancelled sleep ends the loop by itself.
            try? await context.clock.waiting.sleep(now + Self.frameInterval)
        }
        return .success(())
    }

    private func draw(at now: ContinuousClock.Instant) throws(CommandFailure) {
        let size = context.console.terminalSize ?? StandardStream.TerminalSize(columns: 80, rows: 24)
        let lines = board.lines(
            fitting: (size.columns, size.rows), paint: context.paint, wall: context.clock.wall(), now: now)
        try context.console.write(screen.frame(lines, columns: size.columns))
        isChanged = false
        drawnAt = now
    }
}
