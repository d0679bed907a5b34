import CLinux
import Glibc
import LinuxSystem
import StatusCore
import StatusModel

/// How far the journal in the file has come, written beside it after each commit and before anybody is told: `PATH.mark`.
///
/// A file that an older copy was put in the place of stands behind its mark, and would give ids twice. The mark knows itself
/// from a copy too, because a backup of the whole directory brings one that agrees with its file. It needs no sync but the
/// first: it outlives the process in memory, and one that a power cut sets back asks for less than it could.
struct StoreMark {
    private static let bytesCount = 5 * MemoryLayout<UInt64>.size

    let path: StorePath

    /// Whether a file whose journal stands there can be the one that was last written here.
    func allows(_ journal: StoredJournal) -> Bool { read().map(journal.reaches) ?? false }

    /// The same where the file may not say where its journal stands: one that never had any has no mark beside it.
    func allows(_ journal: StoredJournal?) -> Bool {
        guard let journal else { return !StoreFile.exists(path.mark) }
        return allows(journal)
    }

    /// The place; nil where there is no mark that was written here, and sound.
    func read() -> EventID? {
        let descriptor = openFile(O_RDONLY)
        guard descriptor.rawValue >= 0, let origin = origin(of: descriptor.rawValue) else { return nil }
        var words = [UInt64](repeating: 0, count: 5)
        let count = words.withUnsafeMutableBytes { pread(descriptor.rawValue, $0.baseAddress, $0.count, 0) }
        let place = EventID(epoch: words[0], sequence: words[1])
        return count == Self.bytesCount && words == Self.words(place, origin) ? place : nil
    }

    /// Writes the place over the one before, in the same bytes of the same file, which a full disk does not keep it from.
    ///
    /// - Parameters:
    ///   - place: Where the journal stands.
    ///   - lasting: Whether the mark is to be on the disk at the end.
    /// - Returns: Whether it is as it should be. An older one does no harm, and none makes the next start another epoch.
    func write(_ place: EventID, lasting: Bool) -> Bool {
        let descriptor = openFile(O_RDWR | O_CREAT)
        guard descriptor.rawValue >= 0, let origin = origin(of: descriptor.rawValue) else { return false }
        let words = Self.words(place, origin)
        let count = words.withUnsafeBytes { pwrite(descriptor.rawValue, $0.baseAddress, $0.count, 0) }
        guard count == Self.bytesCount, lasting else { return count == Self.bytesCount }
        guard fsync(descriptor.rawValue) == 0 else { return false }
        do throws(StoreFileError) { try StoreFile(path.file).synchronizeDirectory() } catch { return false }
        return true
    }

    /// Negative where it cannot be had.
    private func openFile(_ flags: Int32) -> OwnedDescriptor {
        OwnedDescriptor(owning: open(path.mark, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, mode_t(0o600)))
    }

    private func origin(of descriptor: Int32) -> [UInt64]? {
        var (inode, madeAt) = (UInt64(0), Int64(0))
        guard telltale_file_origin(descriptor, &inode, &madeAt) == 0 else { return nil }
        return [inode, UInt64(bitPattern: madeAt)]
    }

    private static func words(_ place: EventID, _ origin: [UInt64]) -> [UInt64] {
        let words = [place.epoch, place.sequence] + origin
        let seal = words.withUnsafeBytes { Seal.of(Array($0)) }
        return words + [UInt64(bitPattern: seal)]
    }
}

extension StoredJournal {
    /// Whether a journal that stands here has all that one had which came to `mark`: it is further, or went on in another
    /// epoch from no earlier place.
    func reaches(_ mark: EventID) -> Bool {
        ([newest] + origins).contains { $0.epoch == mark.epoch && $0.sequence >= mark.sequence }
    }
}
