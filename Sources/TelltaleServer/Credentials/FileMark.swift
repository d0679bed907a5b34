import Glibc
package import LinuxSystem
package import StatusModel

/// Which content a path leads to, by the file's identity, size and times: it differs once the file was replaced or
/// written to, and tells nothing of what is in it.
///
/// Times are those of the kernel's clock tick, a few milliseconds: a file that is written twice in one tick, in place and
/// to the same length, keeps its mark.
package struct FileMark: Hashable, Sendable {
    private let device: UInt
    private let inode: UInt
    private let size: Int
    private let modified: Int64
    private let changed: Int64

    /// Follows symbolic links, as reading does.
    package init(path: String) throws(SystemError) {
        var status = stat()
        try SystemCalls.checked("stat") { stat(path, &status) }
        self.init(status)
    }

    init(_ status: stat) {
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
        size = Int(status.st_size)
        modified = UnixTime(status.st_mtim).nanoseconds
        changed = UnixTime(status.st_ctim).nanoseconds
    }

    /// When the content was last written.
    package var modifiedAt: UnixTime { UnixTime(nanoseconds: modified) }

    package var text: String { "\(device):\(inode):\(size):\(modified):\(changed)" }
}

extension UnixTime {
    fileprivate init(_ time: timespec) {
        self = Self(seconds: Int64(time.tv_sec)).advanced(by: .nanoseconds(Int64(time.tv_nsec)))
    }
}
