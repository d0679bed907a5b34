import LinuxSystem
package import StatusCore
package import StatusEngine
package import StatusModel

/// Applies a changed configuration to a running daemon (SPEC §9), one reload at a time.
///
/// Who asks while one is under way cannot know whether it has read the file as it is now. All who ask meanwhile share one
/// reload, which begins when the present one has ended.
package actor Reloader {
    /// What became of a reload: the numbers, or every mistake.
    package typealias Outcome = Result<ReloadReport, ConfigurationError>

    /// What a reloader works with.
    package struct Parts: Sendable {
        /// Reads and validates the file, from the same place as at start.
        package var load: @Sendable () -> Result<Configuration, ConfigurationError>
        /// Takes what else counts at once: the commands of actions, what payloads may name, and the entries of `oauth`.
        /// Before the projects, so that no event tells of a project whose commands are still the old ones, and no link is read
        /// whose tokens are not there yet.
        package var apply: @Sendable (Configuration) async -> Void
        /// Takes other projects in place of those so far.
        package var redefine: @Sendable ([ProjectDefinition]) async -> RedefinitionReport
        /// Tells the service manager that a reload begins, and with `READY=1` that it has ended.
        package var reloading: @Sendable () -> Void
        package var notify: @Sendable (String) -> Void

        package init(
            load: @escaping @Sendable () -> Result<Configuration, ConfigurationError>,
            apply: @escaping @Sendable (Configuration) async -> Void = { _ in },
            redefine: @escaping @Sendable ([ProjectDefinition]) async -> RedefinitionReport,
            reloading: @escaping @Sendable () -> Void = {}, notify: @escaping @Sendable (String) -> Void = { _ in }
        ) {
            self.load = load
            self.apply = apply
            self.redefine = redefine
            self.reloading = reloading
            self.notify = notify
        }
    }

    /// What was in force at start. All of it but the projects and the entries of `oauth` stays so until a restart.
    private let started: Configuration
    private let parts: Parts
    private let logger: Logger
    private var isRunning = false
    /// Who asked while one was under way, bounded by the calls that a daemon takes. The first of them is resumed with nil
    /// and runs the reload, the others get its outcome.
    private var waiting: [CheckedContinuation<Outcome?, Never>] = []

    package init(_ configuration: Configuration, parts: Parts, logger: Logger) {
        started = configuration
        self.parts = parts
        self.logger = logger
    }

    /// Reads the configuration anew and applies what can be applied. One with a mistake changes nothing.
    package func reload() async -> Outcome {
        if isRunning, let outcome = await withCheckedContinuation({ waiting.append($0) }) { return outcome }
        isRunning = true
        let followers = waiting
        waiting = []
        let outcome = await perform()
        for follower in followers { follower.resume(returning: outcome) }
        if waiting.isEmpty {
            isRunning = false
        } else {
            // Still running for whoever asks before the next one has begun.
            waiting.removeFirst().resume(returning: nil)
        }
        return outcome
    }

    private func perform() async -> Outcome {
        parts.reloading()
        defer { parts.notify("READY=1") }
        switch await read() {
        case .failure(let error):
            refused(error)
            return .failure(error)
        case .success(let configuration):
            return .success(await apply(configuration))
        }
    }

    /// Off this actor: whoever asks meanwhile need not wait for the disk to be told to wait.
    @concurrent
    private nonisolated func read() async -> Result<Configuration, ConfigurationError> { parts.load() }

    private func apply(_ configuration: Configuration) async -> ReloadReport {
        await parts.apply(configuration)
        let redefined = await parts.redefine(configuration.projects)
        let settings = started.settings(differingFrom: configuration)
        logger.notice(
            "configuration reloaded",
            [
                .number("projects", configuration.projects.count), .number("added", redefined.added),
                .number("changed", redefined.changed), .number("removed", redefined.removed),
            ])
        if !settings.isEmpty {
            logger.warning(
                "some changed settings take effect only after a restart",
                [.text("settings", settings.joined(separator: " "))])
        }
        parts.notify("STATUS=Serving \(configuration.projects.count) projects")
        return ReloadReport(
            projectsAdded: redefined.added, projectsChanged: redefined.changed, projectsRemoved: redefined.removed,
            needsRestart: settings)
    }

    private func refused(_ error: ConfigurationError) {
        for mistake in error.mistakes {
            logger.error(
                "mistake in the configuration",
                [
                    .text("file", mistake.file), .number("line", mistake.line),
                    .text("path", mistake.path.description), .text("reason", mistake.message),
                ])
        }
        logger.error(
            "configuration refused; the one before it stays in force", [.number("mistakes", error.mistakes.count)])
    }
}
