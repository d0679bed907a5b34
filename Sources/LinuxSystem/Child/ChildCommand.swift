/// A program to run, and all that it is given.
package struct ChildCommand: Sendable {
    /// Where it is. Nobody looks for it.
    package var path: String
    /// What it is given beside its own name. No text here holds a NUL.
    package var arguments: [String]
    /// Its variables, and no others.
    package var environment: [String: String]
    /// What it can read from its standard input.
    package var input: [UInt8]
    /// How long it may take.
    package var timeLimit: Duration

    package init(
        path: String, arguments: [String] = [], environment: [String: String] = [:], input: [UInt8] = [],
        timeLimit: Duration
    ) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.timeLimit = timeLimit
    }
}

/// What a child may cost.
package struct ChildLimits: Sendable {
    /// How much of its standard output is kept: the first bytes.
    package var outputBytesMax = 64 << 10
    /// How much of its standard error is kept: the last bytes, which say why it ended.
    package var errorBytesMax = 8 << 10
    /// How much it may write in all. What is over the other bounds is read and dropped, or it would wait for ever.
    package var writtenBytesMax = 16 << 20
    /// How long it has from SIGTERM to SIGKILL.
    package var grace = Duration.seconds(2)

    package init() {}
}

/// Why a child was told to end.
package enum ChildInterruption: Hashable, Sendable {
    case timeLimit
    case cancelled
    /// It wrote more than ``ChildLimits/writtenBytesMax``.
    case flood
}

/// What became of a child.
package struct ChildOutcome: Hashable, Sendable {
    /// How it ended.
    package enum Ending: Hashable, Sendable {
        case exited(code: Int32)
        case signalled(Int32)
    }

    package var ending: Ending
    /// Why it was told to end; nil when it ended by itself.
    package var interruption: ChildInterruption?
    package var output: [UInt8]
    package var errors: [UInt8]
    /// Whether it wrote more to its standard output than was kept.
    package var isOutputCut: Bool
    /// Whether it wrote more to its standard errors than was kept: the beginning is missing.
    package var areErrorsCut: Bool

    package init(
        ending: Ending, interruption: ChildInterruption? = nil, output: [UInt8] = [], errors: [UInt8] = [],
        isOutputCut: Bool = false, areErrorsCut: Bool = false
    ) {
        self.ending = ending
        self.interruption = interruption
        self.output = output
        self.errors = errors
        self.isOutputCut = isOutputCut
        self.areErrorsCut = areErrorsCut
    }
}
