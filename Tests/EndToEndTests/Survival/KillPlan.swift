import Glibc
import TestSupport

/// How one round of a daemon ends.
struct KillPlan: CustomStringConvertible {
    enum Ending: Hashable {
        /// SIGKILL so many milliseconds after the first answer.
        case killed(afterMilliseconds: Int)
        /// The daemon kills itself on its n-th pass of a named point.
        case failPoint(String, pass: Int)
        /// SIGTERM, so that all it knows must be kept; and then it kills itself at a named point, if there is one.
        case drained(afterMilliseconds: Int, point: String? = nil)
    }

    /// Where a daemon that is told so ends, and on which pass at the latest.
    private static let points: [(name: String, passMax: Int)] = [
        ("store.open.before", 1), ("store.open.after", 1), ("store.commit.before", 12), ("store.commit.after", 12),
        ("store.commit.before", 3), ("store.commit.after", 3), ("run.acknowledge.before", 6),
        ("run.acknowledge.before", 2),
    ]

    /// A point that a daemon does not come to is not waited for longer.
    static let patienceMilliseconds = 250

    let number: Int
    let ending: Ending
    /// Whether the providers answer nothing in this round.
    let isHanging: Bool

    /// The plan of a round; the first meets a directory without a database.
    init(number: Int, using generator: inout SeededGenerator) {
        self.number = number
        isHanging = number % 10 == 7
        if number == 0 {
            ending = .failPoint("store.migrate.before", pass: 1)
        } else if number % 10 == 9 {
            // The last that a daemon does is to move its log into the file.
            let points = [nil, "store.checkpoint.before", "store.checkpoint.after"]
            ending = .drained(
                afterMilliseconds: Int.random(in: 20...100, using: &generator), point: points[number / 10 % 3])
        } else if Bool.random(using: &generator) {
            let point = Self.points[Int.random(in: 0..<Self.points.count, using: &generator)]
            ending = .failPoint(point.name, pass: Int.random(in: 1...point.passMax, using: &generator))
        } else {
            ending = .killed(afterMilliseconds: Int.random(in: 5...150, using: &generator))
        }
    }

    /// What the daemon is started with.
    var environment: [String: String] {
        switch ending {
        case .failPoint(let name, let pass): ["TELLTALE_FAILPOINT": "\(name):\(pass)"]
        case .drained(_, let name?): ["TELLTALE_FAILPOINT": name]
        case .killed, .drained: [:]
        }
    }

    /// The named point, if there is one.
    var pointName: String? {
        switch ending {
        case .failPoint(let name, _): name
        case .drained(_, let name): name
        case .killed: nil
        }
    }

    var isDrained: Bool {
        if case .drained = ending { true } else { false }
    }

    /// How a daemon may end that is treated so.
    var isExpected: (ProgramProcess.Ending?) -> Bool {
        isDrained && pointName == nil ? { $0 == .exited(0) } : { $0 == .killed(signal: SIGKILL) }
    }

    var description: String { "round \(number), \(ending)\(isHanging ? ", providers hang" : "")" }

    /// Ends the daemon as planned, and returns once it is told or has ended by itself: true where it came to its point.
    func carryOut(on process: ProgramProcess) async -> Bool {
        let (milliseconds, signal): (Int, Int32) =
            switch ending {
            case .killed(let milliseconds): (milliseconds, SIGKILL)
            case .drained(let milliseconds, _): (milliseconds, SIGTERM)
            case .failPoint: (Self.patienceMilliseconds, SIGKILL)
            }
        // A moment drawn by lot is what this test is about, so for once a test waits for time to pass.
        await onItsOwnThread {
            var left = milliseconds
            while left > 0, process.state.ending == nil {
                let step = min(left, 10)
                poll(nil, 0, Int32(step))
                left -= step
            }
        }
        let hasEnded = process.state.ending != nil
        process.send(signal)
        return pointName != nil && (hasEnded || isDrained)
    }
}
