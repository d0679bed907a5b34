import CTelltaleProtos
import ProtobufMessages
import TestSupport
import Testing

@Suite("The memory of message trees")
struct MessageArenaTests {
    /// Encodes a ttrpc request and returns the bytes.
    private func encodedRequest(
        in arena: MessageArena, service: String = "telltale.v1.StatusService", payload: [UInt8] = [1, 2, 3],
        metadata: [(String, String)] = []
    ) -> [UInt8] {
        arena.scoped {
            let request = arena.make(ttrpc__request__init)
            request.pointee.service = arena.text(service)
            request.pointee.payload = payload.withUnsafeBytes { arena.bytes($0) }
            request.pointee.metadata = arena.list(metadata) { key, value in
                let pair = arena.make(ttrpc__key_value__init)
                pair.pointee.key = arena.text(key)
                pair.pointee.value = arena.text(value)
                return pair
            }
            request.pointee.n_metadata = metadata.count
            return MessageArena.pack(request)
        }
    }

    @Test("a tree that was packed unpacks to the same fields", arguments: [0, 1, 3, 400])
    func roundTrip(pairs: Int) {
        let arena = MessageArena(firstBlockBytes: 256)
        let metadata = (0..<pairs).map { ("key-\($0)", String(repeating: "v", count: $0)) }
        let encoded = encodedRequest(in: arena, payload: [UInt8](repeating: 7, count: 1000), metadata: metadata)
        encoded.withUnsafeBytes { bytes in
            arena.scoped {
                guard let request = arena.unpack(bytes, with: ttrpc__request__unpack)?.pointee else {
                    Issue.record("the request did not unpack")
                    return
                }
                #expect(String(field: request.service) == "telltale.v1.StatusService")
                #expect(
                    UnsafeRawBufferPointer(field: request.payload).elementsEqual([UInt8](repeating: 7, count: 1000)))
                #expect(request.n_metadata == pairs)
                for (index, (key, value)) in metadata.enumerated() {
                    #expect(String(field: request.metadata?[index]?.pointee.key) == key)
                    #expect(String(field: request.metadata?[index]?.pointee.value) == value)
                }
            }
        }
    }

    @Test("a scope within a scope leaves the outer message whole")
    func nestedScopes() {
        let arena = MessageArena(firstBlockBytes: 256)
        arena.scoped {
            let outer = arena.text("outer")
            for byteCount in [1, 200, 300, 70_000] {
                arena.scoped { memset(arena.allocate(byteCount: byteCount), byteCount) }
                #expect(String(cString: outer) == "outer")
            }
            let inner = arena.scoped { UnsafeRawPointer(arena.allocate(byteCount: 1)) }
            #expect(inner == UnsafeRawPointer(arena.allocate(byteCount: 1)), "the memory of a scope is used again")
        }
    }

    @Test("every allocation is aligned for every C type and overlaps no other")
    func allocationsAreDistinct() {
        let arena = MessageArena(firstBlockBytes: 256)
        var generator = SeededGenerator(seed: 11)
        arena.scoped {
            let regions = (0..<250 as Range<UInt8>).map { round in
                let byteCount = Int.random(in: 0...3000, using: &generator)
                let memory = arena.allocate(byteCount: byteCount)
                #expect(Int(bitPattern: memory) % 16 == 0)
                memset(memory, byteCount, round)
                return (round, UnsafeRawBufferPointer(start: memory, count: byteCount))
            }
            for (round, region) in regions { #expect(region.allSatisfy { $0 == round }) }
        }
    }

    @Test("a message that would take more than the bound is malformed, at every bound, and never traps")
    func budget() {
        let encoded = encodedRequest(in: MessageArena(), metadata: (0..<40).map { ("key-\($0)", "value") })
        var refused = 0
        var accepted = 0
        for bytesMax in stride(from: 0, through: 12_000, by: 8) {
            let arena = MessageArena(firstBlockBytes: 256, unpackBytesMax: bytesMax)
            encoded.withUnsafeBytes { bytes in
                arena.scoped {
                    if arena.unpack(bytes, with: ttrpc__request__unpack) == nil { refused += 1 } else { accepted += 1 }
                }
            }
        }
        #expect(refused > 100)
        #expect(accepted > 100)
    }

    @Test("two-byte elements cannot grow a frame of 4 MiB past the bound")
    func amplification() {
        let arena = MessageArena(unpackBytesMax: 8 << 20)
        let hostile = [UInt8]((0..<(2 << 20)).flatMap { _ in [0x2A, 0x00] as [UInt8] })
        hostile.withUnsafeBytes { bytes in
            arena.scoped { #expect(arena.unpack(bytes, with: ttrpc__request__unpack) == nil) }
        }
        #expect(!encodedRequest(in: arena).isEmpty, "the arena is as good as new")
    }

    @Test("malformed bytes are refused", arguments: [[0x0A], [0x0A, 0x05, 0x61], [0xFF, 0xFF], [0x08, 0x01, 0x0B]])
    func malformed(bytes: [UInt8]) {
        let arena = MessageArena()
        bytes.withUnsafeBytes { bytes in
            arena.scoped { #expect(arena.unpack(bytes, with: ttrpc__request__unpack) == nil) }
        }
    }

    @Test("no bytes are the empty message")
    func empty() {
        let arena = MessageArena()
        arena.scoped {
            let none = UnsafeRawBufferPointer(start: nil, count: 0)
            #expect(arena.unpack(none, with: ttrpc__request__unpack)?.pointee.n_metadata == 0)
        }
        #expect(encodedRequest(in: arena, service: "", payload: []) == [])
    }

    @Test("a NUL within text becomes a space, and no word after it is lost")
    func embeddedNUL() {
        let arena = MessageArena()
        arena.scoped { #expect(String(field: arena.text("a\0b")) == "a b") }
    }

    @Test("text that is not UTF-8 is told from text")
    func invalidText() {
        let arena = MessageArena()
        let encoded: [UInt8] = [0x0A, 0x02, 0xC3, 0x28]
        encoded.withUnsafeBytes { bytes in
            arena.scoped {
                let request = arena.unpack(bytes, with: ttrpc__request__unpack)
                #expect(request != nil)
                #expect(String(field: request?.pointee.service) == nil)
            }
        }
    }

    @Test("a message is packed into a buffer that holds it, and into none that is smaller")
    func packIntoBuffer() {
        let arena = MessageArena()
        arena.scoped {
            let pair = arena.make(ttrpc__key_value__init)
            pair.pointee.key = arena.text("telltale-user")
            let byteCount = MessageArena.packedByteCount(pair)
            for capacity in 0...(byteCount + 1) {
                let buffer = UnsafeMutableRawBufferPointer(
                    start: arena.allocate(byteCount: capacity), count: capacity)
                #expect(MessageArena.pack(pair, into: buffer) == (capacity < byteCount ? nil : byteCount))
            }
        }
    }

    private func memset(_ memory: UnsafeMutableRawPointer, _ byteCount: Int, _ value: UInt8 = 0) {
        memory.initializeMemory(as: UInt8.self, repeating: value, count: byteCount)
    }
}
