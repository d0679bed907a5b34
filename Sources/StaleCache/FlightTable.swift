/// The fetches in flight, who waits for each, and which one is current for its key.
///
/// At most one flight per key is *current*: callers join it, and its result is stored. A flight that was *superseded*,
/// because its key was set or invalidated after it took off, goes on for those who wait for it already; nobody joins
/// it any more and its result is not stored. A flight that nobody waits for is superseded and cancelled.
struct FlightTable<Key: Hashable, Value: Sendable> {
    typealias Outcome = Result<Value, StaleCacheError>
    typealias Waiter = FlightWaiter<Outcome>

    struct FlightID: Hashable {
        fileprivate let number: UInt64
    }

    /// One caller's place in a flight, to be given back by ``leave(_:)`` if the caller does not wait for its landing.
    struct Seat {
        fileprivate let flight: FlightID
        let waiter: Waiter
    }

    struct Landing {
        /// The key to store the result under; nil when the flight was superseded.
        let currentKey: Key?
        let waiters: [Waiter]
    }

    private struct Flight {
        let key: Key
        /// Ends by telling the owner of the table that the flight landed.
        let task: Task<Void, Never>
        var waiters: [ObjectIdentifier: Waiter] = [:]
    }

    private var flights: [FlightID: Flight] = [:]
    private var current: [Key: FlightID] = [:]
    private var flightsEver: UInt64 = 0
    private(set) var waiterCount = 0

    /// How many flights have not landed, superseded ones included.
    var count: Int { flights.count }

    /// Takes a seat in the current flight of a key, if there is one.
    mutating func join(_ key: Key) -> Seat? {
        current[key].map { takeSeat(in: $0) }
    }

    /// A name for a flight that is about to start.
    mutating func nextID() -> FlightID {
        flightsEver += 1
        return FlightID(number: flightsEver)
    }

    /// Makes a flight the current one of its key, and takes the first seat in it.
    mutating func start(_ id: FlightID, for key: Key, task: Task<Void, Never>) -> Seat {
        flights[id] = Flight(key: key, task: task)
        current[key] = id
        return takeSeat(in: id)
    }

    /// Gives a seat back.
    ///
    /// - Returns: The task to cancel when this was the last one in its flight.
    mutating func leave(_ seat: Seat) -> Task<Void, Never>? {
        guard flights[seat.flight]?.waiters.removeValue(forKey: ObjectIdentifier(seat.waiter)) != nil else {
            return nil
        }
        waiterCount -= 1
        guard let flight = flights[seat.flight], flight.waiters.isEmpty else { return nil }
        if current[flight.key] == seat.flight { current[flight.key] = nil }
        return flight.task
    }

    /// Takes a flight out of the table.
    mutating func land(_ id: FlightID) -> Landing {
        guard let flight = flights.removeValue(forKey: id) else { return Landing(currentKey: nil, waiters: []) }
        waiterCount -= flight.waiters.count
        guard current[flight.key] == id else { return Landing(currentKey: nil, waiters: Array(flight.waiters.values)) }
        current[flight.key] = nil
        return Landing(currentKey: flight.key, waiters: Array(flight.waiters.values))
    }

    mutating func supersede(_ key: Key) { current[key] = nil }

    mutating func supersedeAll(where isPicked: (Key) -> Bool) {
        current = current.filter { !isPicked($0.key) }
    }

    /// Supersedes every flight.
    ///
    /// - Returns: The tasks of all that have not landed.
    mutating func supersedeAll() -> [Task<Void, Never>] {
        current = [:]
        return flights.values.map(\.task)
    }

    private mutating func takeSeat(in id: FlightID) -> Seat {
        let waiter = Waiter()
        flights[id]?.waiters[ObjectIdentifier(waiter)] = waiter
        waiterCount += 1
        return Seat(flight: id, waiter: waiter)
    }
}
