package import TTRPCCore

/// What a connection has open, in the order of its ids.
///
/// Most clients count their ids up by two, so a stream usually stands where its id says. A wake-up finds it there without a
/// digest, of which a fan-out would make one for each watch; elsewhere it is looked for by halves.
package struct StreamTable<Stream> {
    private var entries: [(id: StreamID, stream: Stream)] = []

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }

    /// All streams, in the order of their ids.
    package var all: [Stream] { entries.map(\.stream) }

    package subscript(id: StreamID) -> Stream? {
        let place = place(of: id)
        return place < entries.count && entries[place].id == id ? entries[place].stream : nil
    }

    package func contains(_ id: StreamID) -> Bool {
        let place = place(of: id)
        return place < entries.count && entries[place].id == id
    }

    /// Takes in a stream, in the place of one with the same id if there is any.
    package mutating func insert(_ stream: Stream, as id: StreamID) {
        let place = place(of: id)
        if place < entries.count, entries[place].id == id {
            entries[place].stream = stream
        } else {
            entries.insert((id, stream), at: place)
        }
    }

    package mutating func remove(_ id: StreamID) -> Stream? {
        let place = place(of: id)
        guard place < entries.count, entries[place].id == id else { return nil }
        return entries.remove(at: place).stream
    }

    /// How many entries have smaller ids.
    private func place(of id: StreamID) -> Int {
        guard let first = entries.first?.id, id > first else { return 0 }
        let guess = Int(id.rawValue - first.rawValue) / 2
        if guess < entries.count, entries[guess].id == id { return guess }
        var (low, high) = (1, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
