import FaultyVFS
import Synchronization

/// A disk on which the n-th access of some kind fails.
///
/// `@unchecked Sendable`: the VFS behind the pointer is never freed, and counts atomically.
final class FaultyDisk: @unchecked Sendable {
    enum Kind: Int32 {
        case open = 1, read = 2, write = 4, truncate = 8, sync = 16, delete = 32
    }

    enum Fault: Int32 {
        case full = 13, io = 10, corrupt = 11
    }

    private static let number = Atomic<Int>(0)

    let name: String
    private let vfs: OpaquePointer?

    init() {
        name = "faulty-\(Self.number.add(1, ordering: .relaxed).newValue)"
        vfs = telltale_faulty_register(name)
    }

    func fail(_ kinds: [Kind], at nth: Int, with fault: Fault, forever: Bool = false) {
        telltale_faulty_plan(vfs, kinds.reduce(0) { $0 | $1.rawValue }, nth, fault.rawValue, forever ? 1 : 0)
    }

    func mend() { telltale_faulty_plan(vfs, 0, 0, 0, 0) }

    var faults: Int { telltale_faulty_faults(vfs) }
    var logSyncs: Int { telltale_faulty_log_syncs(vfs) }
}
