import StatusCore
import StatusModel

/// The runs that were applied and are not durable yet, so that one which is reported again meanwhile counts once.
///
/// Durable ones are the store's to know. A run is remembered here as long as somebody asks the store for it, for that
/// answer may be older than the run.
struct RunLedger {
    /// By what a run is known.
    struct Name: Hashable {
        let project: ProjectID
        let kind: RunKind
        let id: String

        /// Nil for a run that has no name.
        init?(_ report: RunReport) {
            guard !report.runID.isEmpty else { return nil }
            (project, kind, id) = (report.projectID, report.kind, report.runID)
        }
    }

    /// A run that was applied.
    struct Run {
        let event: EventID?
        var isDurable = false
        fileprivate let number: UInt64
    }

    private enum Key: Hashable {
        case named(Name)
        case unnamed(UInt64)
    }

    /// The most runs that wait for the store: one that keeps nothing must not cost memory without end.
    static let waitingMax = 1024

    private var runs: [Key: Run] = [:]
    private var lookups: [Name: Int] = [:]
    /// How many runs there ever were: whatever is durable from now on are these.
    private(set) var count: UInt64 = 0

    var isFull: Bool { runs.count >= Self.waitingMax && runs.values.count { !$0.isDurable } >= Self.waitingMax }

    subscript(name: Name) -> Run? { runs[.named(name)] }

    /// A run was applied.
    mutating func add(_ name: Name?, event: EventID?) {
        count += 1
        runs[name.map(Key.named) ?? .unnamed(count)] = Run(event: event, number: count)
    }

    /// The first `count` runs are durable.
    mutating func noteDurable(_ count: UInt64) {
        for (key, run) in runs where run.number <= count {
            if case .named(let name) = key, lookups[name] != nil {
                runs[key]?.isDurable = true
            } else {
                runs[key] = nil
            }
        }
    }

    /// The store is asked for a run.
    mutating func beginLookup(of name: Name) { lookups[name, default: 0] += 1 }

    /// It has answered. Look here before this is told: what has become durable in between is forgotten with it.
    mutating func endLookup(of name: Name) {
        guard let others = lookups[name].map({ $0 - 1 }), others > 0 else {
            lookups[name] = nil
            if self[name]?.isDurable == true { runs[.named(name)] = nil }
            return
        }
        lookups[name] = others
    }
}
