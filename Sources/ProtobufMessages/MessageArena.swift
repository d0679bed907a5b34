package import CProtobufC

/// The memory of message trees: everything protobuf-c allocates is cut from one block, and all of it goes at once.
///
/// One loop, or one actor, owns one arena for life and works inside ``scoped(_:)``. As long as a call's messages fit
/// the first block nothing is allocated from the heap. What does not fit takes further blocks, which the end of the
/// scope returns to the system, so a large message leaves nothing behind. Not safe to share between threads.
package final class MessageArena {
    /// What one ``unpack(_:with:)`` may take unless told otherwise. A 4 MiB frame of two-byte elements would grow to
    /// more than twenty times its size; what Telltale itself writes grows to a few times its size.
    package static let unpackBytesMaxDefault = 32 << 20

    /// The most memory that one ``unpack(_:with:)`` may take, in bytes.
    package let unpackBytesMax: Int

    // C reaches both by address, so neither may move.
    private let blocks: UnsafeMutablePointer<BlockList>
    private let allocator: UnsafeMutablePointer<ProtobufCAllocator>

    /// Takes the first block from the heap.
    ///
    /// - Parameters:
    ///   - firstBlockBytes: what is kept between scopes; 256 bytes at least.
    ///   - unpackBytesMax: the most that one unpacked message may take; beyond it the message counts as malformed.
    package init(firstBlockBytes: Int = 8 << 10, unpackBytesMax: Int = unpackBytesMaxDefault) {
        self.unpackBytesMax = unpackBytesMax
        blocks = .allocate(capacity: 1)
        blocks.initialize(to: BlockList(firstBlockBytes: max(256, firstBlockBytes)))
        allocator = .allocate(capacity: 1)
        allocator.initialize(
            to: ProtobufCAllocator(
                alloc: { data, byteCount in
                    data?.assumingMemoryBound(to: BlockList.self).pointee.allocateWithinBudget(byteCount)
                },
                // The scope frees everything at once.
                free: { _, _ in },
                allocator_data: UnsafeMutableRawPointer(blocks)))
    }

    deinit {
        blocks.pointee.freeAll()
        blocks.deallocate()
        allocator.deallocate()
    }

    /// Runs `body` and then frees all that was allocated within it. Scopes nest: an outer message stays.
    ///
    /// No pointer into the arena may leave `body`.
    @inlinable
    package func scoped<Result, Failure>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let mark = mark
        defer { rewind(to: mark) }
        return try body()
    }

    /// Uninitialised memory until the end of the scope, aligned for every C type.
    package func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
        blocks.pointee.allocate(byteCount)
    }

    /// A new message, made by its generated `…__init` function.
    @inlinable
    package func make<Message>(
        _ initialize: (UnsafeMutablePointer<Message>?) -> Void
    ) -> UnsafeMutablePointer<Message> {
        let message = allocate(byteCount: MemoryLayout<Message>.size).bindMemory(to: Message.self, capacity: 1)
        initialize(message)
        return message
    }

    /// Reads a message with its generated `…__unpack` function; nil when the bytes are malformed, or when the message
    /// would take more than ``unpackBytesMax``. Valid until the end of the scope.
    ///
    /// protobuf-c skips fields it does not know and checks every length, but takes any bytes for a string: read text
    /// by `String.init(field:)`.
    @inlinable
    package func unpack<Message>(
        _ bytes: UnsafeRawBufferPointer,
        with unpack: (UnsafeMutablePointer<ProtobufCAllocator>?, Int, UnsafePointer<UInt8>?) ->
            UnsafeMutablePointer<Message>?
    ) -> UnsafePointer<Message>? {
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        return UnsafePointer(unpack(boundedAllocator(), bytes.count, start))
    }

    /// The allocator for one unpacking, with all of ``unpackBytesMax`` to spend.
    package func boundedAllocator() -> UnsafeMutablePointer<ProtobufCAllocator> {
        blocks.pointee.budget = unpackBytesMax
        return allocator
    }

    @usableFromInline var mark: ScopeMark { blocks.pointee.mark }

    @usableFromInline func rewind(to mark: ScopeMark) { blocks.pointee.rewind(to: mark) }
}

/// Where a scope began: the next free byte, and the block that holds it.
@usableFromInline
struct ScopeMark {
    fileprivate var cursor: UnsafeMutableRawPointer
    fileprivate var end: UnsafeMutableRawPointer
    fileprivate var newest: UnsafeMutableRawPointer
}

/// A stack of blocks, of which the first is kept. Bump allocation within the newest.
private struct BlockList {
    /// Bytes that one unpacking may still take.
    var budget = 0
    private(set) var mark: ScopeMark
    private let firstBlockBytes: Int

    /// Serves every C type, and holds the address of the block below at a block's head.
    private static let alignment = 16

    init(firstBlockBytes: Int) {
        self.firstBlockBytes = firstBlockBytes
        let block = UnsafeMutableRawPointer.allocate(byteCount: firstBlockBytes, alignment: Self.alignment)
        block.storeBytes(of: nil, as: UnsafeMutableRawPointer?.self)
        mark = ScopeMark(cursor: block + Self.alignment, end: block + firstBlockBytes, newest: block)
    }

    mutating func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let rounded = (max(byteCount, 1) + Self.alignment - 1) & ~(Self.alignment - 1)
        if mark.end - mark.cursor < rounded { pushBlock(holding: rounded) }
        defer { mark.cursor += rounded }
        return mark.cursor
    }

    /// For C: the size is whatever hostile bytes made of it.
    mutating func allocateWithinBudget(_ byteCount: Int) -> UnsafeMutableRawPointer? {
        guard byteCount >= 0, byteCount <= budget - Self.alignment else { return nil }
        budget -= byteCount + Self.alignment
        return allocate(byteCount)
    }

    mutating func rewind(to earlier: ScopeMark) {
        while mark.newest != earlier.newest { popBlock() }
        mark = earlier
    }

    mutating func freeAll() {
        while mark.newest.load(as: UnsafeMutableRawPointer?.self) != nil { popBlock() }
        mark.newest.deallocate()
    }

    private mutating func pushBlock(holding byteCount: Int) {
        let blockBytes = max(4 * firstBlockBytes, byteCount + Self.alignment)
        let block = UnsafeMutableRawPointer.allocate(byteCount: blockBytes, alignment: Self.alignment)
        block.storeBytes(of: mark.newest, as: UnsafeMutableRawPointer?.self)
        mark = ScopeMark(cursor: block + Self.alignment, end: block + blockBytes, newest: block)
    }

    private mutating func popBlock() {
        let below = mark.newest.load(as: UnsafeMutableRawPointer?.self)
        mark.newest.deallocate()
        if let below { mark.newest = below }
    }
}
