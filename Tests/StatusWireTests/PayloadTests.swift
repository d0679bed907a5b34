import ProtobufMessages
import TestSupport
import Testing

@Suite("Every payload")
struct PayloadTests {
    @Test("comes back from its bytes as it was", arguments: PayloadCase.all)
    func roundTrip(payload: PayloadCase) throws {
        let arena = MessageArena(firstBlockBytes: 1 << 10)
        for seed in 0..<300 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            #expect(try payload.roundTrips(&generator, arena), "seed \(seed)")
        }
    }

    @Test("is encoded to the same bytes each time", arguments: PayloadCase.all)
    func deterministic(payload: PayloadCase) {
        for seed in 0..<30 as Range<UInt64> {
            var first = SeededGenerator(seed: seed)
            var second = SeededGenerator(seed: seed)
            #expect(payload.sample(&first, MessageArena()) == payload.sample(&second, MessageArena()), "seed \(seed)")
        }
    }

    @Test("cut off at any length is refused or read, and never traps", arguments: PayloadCase.all)
    func truncated(payload: PayloadCase) throws {
        let arena = MessageArena()
        for seed in 0..<3 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let bytes = payload.sample(&generator, arena)
            for length in 0..<bytes.count {
                _ = try payload.accepts([UInt8](bytes.prefix(length)), arena)
            }
        }
    }

    @Test("with any bytes changed is refused or read, and never traps", arguments: PayloadCase.all)
    func mutated(payload: PayloadCase) throws {
        let arena = MessageArena(unpackBytesMax: 1 << 20)
        var generator = SeededGenerator(seed: 41)
        var accepted = 0
        for round in 0..<2000 {
            var bytes = payload.sample(&generator, arena)
            for _ in 0...Int(generator.next() % 4) { mutate(&bytes, &generator) }
            do {
                if try payload.accepts(bytes, arena) { accepted += 1 }
            } catch {
                Issue.record("round \(round): \(error) from \(bytes)")
            }
        }
        #expect(accepted > 0, "mutations that are never accepted test nothing but protobuf-c")
    }

    @Test("of random bytes is refused or read, and never traps", arguments: PayloadCase.all)
    func random(payload: PayloadCase) throws {
        let arena = MessageArena(unpackBytesMax: 1 << 20)
        var generator = SeededGenerator(seed: 43)
        for _ in 0..<1000 {
            let bytes = (0..<Int(generator.next() % 64)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            _ = try payload.accepts(bytes, arena)
        }
    }

    @Test("skips fields that only a newer peer knows", arguments: PayloadCase.all)
    func unknownFields(payload: PayloadCase) throws {
        let arena = MessageArena()
        var generator = SeededGenerator(seed: 47)
        let known = payload.sample(&generator, arena)
        // Field 4095 as a varint, as 64 bits, as 3 bytes and as 32 bits.
        let unknown: [UInt8] =
            [0xF8, 0xFF, 0x01, 0x2A] + [0xF9, 0xFF, 0x01, 1, 2, 3, 4, 5, 6, 7, 8] + [0xFA, 0xFF, 0x01, 3, 1, 2, 3]
            + [0xFD, 0xFF, 0x01, 1, 2, 3, 4]
        #expect(try payload.accepts(known + unknown, arena))
        #expect(try payload.accepts(unknown + known, arena))
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else {
            bytes.append(UInt8(truncatingIfNeeded: generator.next()))
            return
        }
        let index = Int(generator.next() % UInt64(bytes.count))
        switch generator.next() % 5 {
        case 0: bytes[index] = UInt8(truncatingIfNeeded: generator.next())
        case 1: bytes[index] ^= 1 << UInt8(generator.next() % 8)
        case 2: bytes.remove(at: index)
        case 3: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: index)
        // A field that comes twice is merged.
        default: bytes += bytes[index...]
        }
    }
}
