import TTRPCCore
import TTRPCTransport
import TestSupport
import Testing

@Suite("The table of a connection's streams")
struct StreamTableTests {
    @Test("finds what a dictionary finds, in the order of the ids", arguments: 1...20 as ClosedRange<UInt64>)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var table = StreamTable<Int>()
        var model: [StreamID: Int] = [:]
        // Ids without a gap, with some, and far apart.
        let step = UInt32.random(in: 1...40, using: &generator)
        for round in 0..<400 {
            let id = StreamID(UInt32.random(in: 0...60, using: &generator) * step + 1)
            if Bool.random(using: &generator) {
                table.insert(round, as: id)
                model[id] = round
            } else {
                #expect(table.remove(id) == model.removeValue(forKey: id), "seed \(seed)")
            }
            let probe = StreamID(UInt32.random(in: 0...2600, using: &generator))
            #expect(table[probe] == model[probe], "seed \(seed)")
            #expect(table[id] == model[id], "seed \(seed)")
            #expect(table.all == model.sorted { $0.key < $1.key }.map(\.value), "seed \(seed)")
            #expect(table.isEmpty == model.isEmpty)
        }
    }

    @Test("takes any two ids that there are")
    func extremes() {
        var table = StreamTable<Int>()
        table.insert(2, as: StreamID(.max))
        table.insert(1, as: StreamID(0))
        #expect(table.all == [1, 2])
        #expect(table[StreamID(.max)] == 2)
        #expect(table[StreamID(.max - 1)] == nil)
        #expect(table.remove(StreamID(0)) == 1)
        #expect(table.all == [2])
    }
}
