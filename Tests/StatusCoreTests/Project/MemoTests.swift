import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("The memo of a reading")
struct MemoTests {
    private func reading(_ memo: [String: String]) -> Reading {
        var reading = Samples.reading()
        reading.memo = memo
        return reading
    }

    @Test("is what was noted, whatever the names and texts", arguments: 1...40 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let lengths = [0, 1, 15, 16, 127, 128, 300, 20_000]
        func text() -> String {
            let alphabet = ["a", "é", "\0", "🦜", "\""]
            let length = lengths.randomElement(using: &generator) ?? 0
            return (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "" }.joined()
        }
        let memo = Dictionary(
            (0..<Int.random(in: 0...20, using: &generator)).map { ("\($0)\(text())", text()) },
            uniquingKeysWith: { first, _ in first })
        #expect(reading(memo).memo == memo, "seed \(seed)")
    }

    @Test("is equal to another of the same notes, however they came")
    func equality() {
        var later = reading(["etag": "1", "validator": "v"])
        later.memo["etag"] = "2"
        later.memo["at"] = "3"
        #expect(later == reading(["validator": "v", "at": "3", "etag": "2"]))
        #expect(later != reading(["validator": "v", "at": "3", "etag": "3"]))
        later.memo["at"] = nil
        #expect(later.memo == ["etag": "2", "validator": "v"])
        #expect(reading([:]).memo.isEmpty)
    }
}
