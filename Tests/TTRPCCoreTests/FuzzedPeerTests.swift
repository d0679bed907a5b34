import TestSupport
import Testing

@Suite("Any bytes from a peer")
struct FuzzedPeerTests {
    @Test("break no promise of decoder and machines", arguments: 1...4 as ClosedRange<UInt64>)
    func randomInput(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<5000 {
            let bytes = round % 4 == 0 ? Self.noise(&generator) : Self.frames(&generator)
            guard let finding = FuzzedPeer.finding(in: bytes) else { continue }
            Issue.record("seed \(seed), round \(round): \(finding) Bytes: \(bytes)")
            return
        }
    }

    private static func noise(_ generator: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...100, using: &generator)).map { _ in .random(in: 0 ... .max, using: &generator) }
    }

    /// Frames that are nearly right, now and then with one byte changed.
    private static func frames(_ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = (0..<Int.random(in: 1...12, using: &generator)).flatMap { index in
            WireBytes.frame(
                .random(in: 1...3, using: &generator),
                Bool.random(using: &generator) ? UInt32(2 * index + 1) : .random(in: 0...24, using: &generator),
                flags: .random(in: 0...7, using: &generator),
                data: [UInt8](repeating: 1, count: .random(in: 0...5, using: &generator)))
        }
        if Bool.random(using: &generator), let index = bytes.indices.randomElement(using: &generator) {
            bytes[index] = .random(in: 0 ... .max, using: &generator)
        }
        return bytes
    }
}
