import CLinux
import Glibc

/// Our end of one of a child's streams. Confined to the thread that runs the child.
final class ChildStream {
    /// -1 once it is closed, which poll(2) passes over.
    private(set) var descriptor: Int32

    init(owning descriptor: Int32) { self.descriptor = descriptor }

    deinit { close() }

    func close() {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }
}

/// A pipe between us and a child that is about to be.
struct ChildPipe {
    let ours: ChildStream
    let theirs: ChildStream

    /// Makes one; `isInput` says whether we write and the child reads.
    init(isInput: Bool) throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        try SystemCalls.checked("pipe2") { telltale_pipe(&ends) }
        ours = ChildStream(owning: ends[isInput ? 1 : 0])
        theirs = ChildStream(owning: ends[isInput ? 0 : 1])
        let descriptor = ours.descriptor
        try SystemCalls.checked("fcntl") { telltale_set_nonblocking_and_cloexec(descriptor) }
    }
}

/// The first or the last bytes of a stream.
struct KeptBytes {
    enum Side { case first, last }

    let side: Side
    let bytesMax: Int
    /// How many there were in all.
    private(set) var total = 0
    private var bytes: [UInt8] = []

    init(_ side: Side, bytesMax: Int) {
        self.side = side
        self.bytesMax = bytesMax
    }

    var isCut: Bool { total > bytesMax }

    var kept: [UInt8] { side == .first ? bytes : bytes.suffix(bytesMax) }

    mutating func append(_ chunk: UnsafeRawBufferPointer) {
        total += chunk.count
        switch side {
        case .first:
            bytes.append(contentsOf: chunk.prefix(bytesMax - bytes.count))
        case .last:
            bytes.append(contentsOf: chunk.suffix(bytesMax))
            if bytes.count > 2 * bytesMax { bytes.removeFirst(bytes.count - bytesMax) }
        }
    }
}

/// Texts as C has them: pointers with a null behind the last.
struct CStringList: ~Copyable {
    let pointers: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>

    init(_ texts: [String]) {
        pointers = .allocate(capacity: texts.count + 1)
        pointers.initialize(repeating: nil)
        for (index, text) in texts.enumerated() { pointers[index] = strdup(text) }
    }

    deinit {
        for pointer in pointers { free(pointer) }
        pointers.deallocate()
    }
}
