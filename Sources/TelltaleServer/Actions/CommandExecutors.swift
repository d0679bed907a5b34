import LinuxSystem
import Locks
package import StatusCore
import Synchronization

/// The local programs that carry out actions, as the configuration in force says.
package final class CommandExecutors: Sendable {
    private let runner: ChildRunner
    private let credentials: any CredentialSource
    private let table: Lock<CommandTable>

    package init(_ table: CommandTable, credentials: any CredentialSource) {
        runner = ChildRunner()
        self.credentials = credentials
        self.table = Lock(table)
    }

    /// From now on these programs count. What runs already runs on as it was begun.
    package func redefine(_ table: CommandTable) { self.table.withLock { $0 = table } }

    /// What carries out an action in the place of the provider's adapter; nil where nothing does.
    package func executor(for item: ItemReference, _ action: IntegrationAction) -> (any ActionExecutor)? {
        definition(for: item, action).map {
            CommandExecutor(definition: $0, runner: runner, credentials: credentials)
        }
    }

    /// How long an operation that a program carries out may take, in the place of ``IntegrationAction/timeLimit``; nil where
    /// none does. The program has its own time, and then some to end in.
    package func timeLimit(for item: ItemReference, _ action: IntegrationAction) -> Duration? {
        definition(for: item, action).map { $0.timeout + ChildLimits().grace + .seconds(1) }
    }

    private func definition(for item: ItemReference, _ action: IntegrationAction) -> CommandDefinition? {
        table.withLock { $0[item, action] }
    }
}
