/// The faults in force, oldest first.
struct FaultTable: Sendable {
    /// How many faults may be in force at once.
    static let countMax = 64

    struct Entry: Sendable {
        let id: Int
        var fault: Fault
    }

    private(set) var entries: [Entry] = []
    private var lastID = 0

    /// Puts a fault in force and returns its number.
    mutating func insert(_ fault: Fault) throws(ControlError) -> Int {
        guard entries.count < Self.countMax else {
            throw ControlError(409, "\(Self.countMax) faults are in force already; clear some: DELETE /_sim/faults")
        }
        lastID += 1
        entries.append(Entry(id: lastID, fault: fault))
        return lastID
    }

    /// Ends one fault; false when there is none of that number.
    mutating func remove(id: Int) -> Bool {
        let before = entries.count
        entries.removeAll { $0.id == id }
        return entries.count < before
    }

    mutating func removeAll() { entries = [] }

    /// What strikes a request: the oldest matching delay, and the oldest matching fault of any other kind.
    /// Each one's count goes down, and one that is used up is gone.
    mutating func take(provider: SimulatedPart, path: String) -> (latency: Fault?, spoiler: Fault?) {
        let matching = entries.filter { $0.fault.matches(provider: provider, path: path) }
        let latency = matching.first { $0.fault.isLatency }
        let spoiler = matching.first { !$0.fault.isLatency }
        for entry in [latency, spoiler].compactMap({ $0 }) { spend(entry.id) }
        return (latency?.fault, spoiler?.fault)
    }

    private mutating func spend(_ id: Int) {
        guard let index = entries.firstIndex(where: { $0.id == id }), let count = entries[index].fault.count else {
            return
        }
        if count > 1 { entries[index].fault.count = count - 1 } else { entries.remove(at: index) }
    }
}
