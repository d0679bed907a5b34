import LinuxSystem
import StatusModel
package import TelltaleClient

/// Why a command ended early: what the person is told, and what the shell is.
package struct CommandFailure: Error, Hashable, Sendable {
    package let exitCode: ExitCode
    /// Sentences for standard error; empty when there is nobody to tell.
    package let message: String

    package init(_ exitCode: ExitCode, _ message: String) {
        self.exitCode = exitCode
        self.message = message
    }

    /// What the client met, with the next step where it is not in the sentence.
    package init(_ error: TelltaleError) {
        var message = error.message.isEmpty ? "The daemon answered \(error.code)." : error.message
        for violation in error.violations where !message.contains(violation.description) {
            message += " \(violation.field): \(violation.description)."
        }
        if let delay = error.retryAfter, delay > .zero { message += " Try again \(AgeText.after(delay))." }
        self.init(ExitCode(error), message)
    }

    /// Standard output cannot be written. A reader that is gone, as in `telltale projects | head -1`, is no news.
    init(output error: SystemError, isBrokenPipe: Bool) {
        self.init(
            isBrokenPipe ? .brokenPipe : .inputOutput,
            isBrokenPipe ? "" : "Cannot write the output: \(error).")
    }
}
