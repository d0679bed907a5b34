import FoundationEssentials
import Glibc
import LinuxSystem
import StatusCore
import StatusModel

/// What a program's end means for its operation.
struct CommandVerdict {
    /// sysexits.h: try again later.
    static let temporaryFailure: Int32 = 75
    /// The longest line of words that a program gives, in bytes.
    static let lineBytesMax = 256

    /// The program, for the words of all but viewers.
    let path: String
    /// What it was told in confidence. It is not told on, whatever the program writes.
    var secrets = CommandSecrets()

    /// What it came to.
    ///
    /// - Throws: ``ActionFailure`` for every end but an exit with 0.
    func result(_ outcome: ChildOutcome) throws(ActionFailure) -> ActionResult {
        if let interruption = outcome.interruption { throw interrupted(interruption) }
        switch outcome.ending {
        case .exited(code: 0): return success(outcome)
        case .exited(let code): throw exit(code, saying: lastLine(outcome))
        case .signalled(let signal):
            throw unknown(.unknown, "COMMAND_DIED", "died of signal \(signal)", saying: lastLine(outcome))
        }
    }

    /// Why it gave no outcome.
    func failure(_ failure: ChildFailure) -> ActionFailure {
        switch failure {
        case .busy:
            return failed(
                .resourceExhausted, "COMMANDS_BUSY",
                "was not run: \(ChildRunner.childrenMax) commands run already; try again when one has ended")
        case .notStarted(let error): return notStarted(error)
        case .lost(let error): return unknown(.internal, "COMMAND_LOST", "was killed, for the system failed (\(error))")
        }
    }

    /// Its time is over before it has begun.
    var tooLate: ActionFailure {
        failed(.deadlineExceeded, "COMMAND_TOO_LATE", "was not run: no time is left for it; ask for it again")
    }

    private func notStarted(_ error: SystemError) -> ActionFailure {
        let reason =
            switch error.errno {
            case ENOENT, ENOTDIR: "it, or the interpreter that its first line names, is not there"
            case EACCES: "the daemon's user may not execute it"
            case ENOEXEC: "it is no program; a script begins with #! and its interpreter"
            default: "\(error)"
            }
        return failed(.failedPrecondition, "COMMAND_NOT_STARTED", "was not run: \(reason)")
    }

    private func interrupted(_ interruption: ChildInterruption) -> ActionFailure {
        switch interruption {
        case .timeLimit: unknown(.deadlineExceeded, "COMMAND_TIMEOUT", "was ended, for its time was over")
        case .cancelled: unknown(.aborted, "COMMAND_CANCELLED", "was ended before it was done")
        case .flood:
            unknown(
                .resourceExhausted, "COMMAND_FLOOD",
                "was ended, for it wrote more than \(ChildLimits().writtenBytesMax >> 20) MiB")
        }
    }

    private func exit(_ code: Int32, saying line: String) -> ActionFailure {
        let isTemporary = code == Self.temporaryFailure
        return failed(
            isTemporary ? .unavailable : .unknown, isTemporary ? "COMMAND_UNAVAILABLE" : "COMMAND_FAILED",
            isTemporary ? "asks to be run again later (exit \(code))" : "failed (exit \(code))", saying: line)
    }

    private func failed(
        _ code: ActionFailure.Code, _ reason: String, _ words: String, saying line: String = ""
    ) -> ActionFailure {
        ActionFailure(code, reason: reason, self.words(words, line))
    }

    /// It may have done anything.
    private func unknown(
        _ code: ActionFailure.Code, _ reason: String, _ words: String, saying line: String = ""
    ) -> ActionFailure {
        let advice = "Look at what it works on before you run it again"
        return ActionFailure(
            code, reason: reason, self.words("\(words). \(advice)", line), isOutcomeUnknown: true)
    }

    private func words(_ words: String, _ line: String) -> OperationWords {
        OperationWords(
            "\(path) \(words)\(line.isEmpty ? "." : ": \(line)")", generic: "\(CommandExecutor.genericName) \(words).")
    }
}

// What it wrote.
extension CommandVerdict {
    private func success(_ outcome: ChildOutcome) -> ActionResult {
        let json = Self.trimmed(outcome.output)
        let done = OperationWords("\(path) has run.", generic: "\(CommandExecutor.genericName) has run.")
        guard !json.isEmpty else { return ActionResult(done) }
        guard !outcome.isOutputCut, json.count <= ActionResult.jsonBytesMax,
            case .object(let members)? = ActionPayload.strictObject(json)
        else {
            let bound = ActionResult.jsonBytesMax >> 10
            return ActionResult(
                OperationWords(
                    "\(path) has run. What it wrote is no JSON object of at most \(bound) KiB, and was dropped.",
                    generic: done.generic))
        }
        guard !secrets.stand(in: String(decoding: json, as: UTF8.self)), !secrets.stand(in: .object(members)) else {
            return ActionResult(
                OperationWords(
                    "\(path) has run. What it wrote holds a secret that it was given, and was dropped.",
                    generic: done.generic))
        }
        guard case .string(let summary)? = members["summary"], !printable(summary).isEmpty else {
            return ActionResult(done, json: json)
        }
        return ActionResult(OperationWords(printable(summary), generic: done.generic), json: json)
    }

    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        let isBlank: (UInt8) -> Bool = { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return Array(bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }

    /// The last line that says something. One of which the beginning was dropped may begin within a secret.
    private func lastLine(_ outcome: ChildOutcome) -> String {
        let whole = outcome.areErrorsCut ? outcome.errors.drop { !Self.endsLine($0) } : outcome.errors[...]
        let lines = whole.split(whereSeparator: Self.endsLine).reversed()
        return lines.lazy.map { printable(String(decoding: $0, as: UTF8.self)) }.first { !$0.isEmpty } ?? ""
    }

    private static func endsLine(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    /// One line that can be shown anywhere, at most ``lineBytesMax`` bytes and an ellipsis; nothing for one with a secret.
    private func printable(_ text: String) -> String {
        let shown = String(String.UnicodeScalarView(text.unicodeScalars.filter(PrintableText.isPrintable)))
        // What is left out may be all that kept a secret apart.
        if secrets.stand(in: text) || secrets.stand(in: shown) { return "" }
        var line = ""
        for scalar in shown.unicodeScalars {
            guard line.utf8.count < Self.lineBytesMax else { return line + "…" }
            line.unicodeScalars.append(scalar)
        }
        return line.allSatisfy(\.isWhitespace) ? "" : line
    }
}
