import StatusCore
import StatusModel

/// What was taken from outside and is not durable yet, so that what comes again meanwhile counts once.
///
/// What is durable is the store's to know. A thing is remembered here as long as somebody asks the store for it, for that
/// answer may be older than the thing.
struct Ledger<Name: Hashable, Outcome> {
    /// Something that was taken.
    struct Entry {
        /// What it came to.
        let outcome: Outcome
        var isDurable = false
        fileprivate let number: UInt64
    }

    private enum Key: Hashable {
        case named(Name)
        case unnamed(UInt64)
    }

    /// The most that waits for the store: one that keeps nothing must not cost memory without end.
    let waitingMax: Int

    private var entries: [Key: Entry] = [:]
    private var lookups: [Name: Int] = [:]
    /// How much was ever taken: whatever is durable from now on is this.
    private(set) var count: UInt64 = 0

    init(waitingMax: Int) { self.waitingMax = waitingMax }

    var isFull: Bool { entries.count >= waitingMax && entries.values.count { !$0.isDurable } >= waitingMax }

    subscript(name: Name) -> Entry? { entries[.named(name)] }

    /// Something was taken; nil for what has no name.
    mutating func add(_ name: Name?, _ outcome: Outcome) {
        count += 1
        entries[name.map(Key.named) ?? .unnamed(count)] = Entry(outcome: outcome, number: count)
    }

    /// The first `count` are durable.
    mutating func noteDurable(_ count: UInt64) {
        for (key, entry) in entries where entry.number <= count {
            if case .named(let name) = key, lookups[name] != nil {
                entries[key]?.isDurable = true
            } else {
                entries[key] = nil
            }
        }
    }

    /// The store is asked for a thing.
    mutating func beginLookup(of name: Name) { lookups[name, default: 0] += 1 }

    /// It has answered. Look here before this is told: what has become durable in between is forgotten with it.
    mutating func endLookup(of name: Name) {
        guard let others = lookups[name].map({ $0 - 1 }), others > 0 else {
            lookups[name] = nil
            if self[name]?.isDurable == true { entries[.named(name)] = nil }
            return
        }
        lookups[name] = others
    }
}

/// By what a reported run is known.
struct RunName: Hashable {
    let project: ProjectID
    let kind: RunKind
    let id: String

    /// Nil for a run that has no name.
    init?(_ report: RunReport) {
        guard !report.runID.isEmpty else { return nil }
        (project, kind, id) = (report.projectID, report.kind, report.runID)
    }
}

/// By what a webhook is known.
struct DeliveryName: Hashable {
    let project: ProjectID
    let provider: ProviderKey
    let id: String

    /// Nil for a delivery that has no name.
    init?(_ id: String, of project: ProjectID, from provider: ProviderKey) {
        guard !id.isEmpty else { return nil }
        (self.project, self.provider, self.id) = (project, provider, id)
    }
}
