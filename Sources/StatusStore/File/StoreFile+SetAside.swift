import Glibc
import LinuxSystem
import StatusModel

extension StoreFile {
    /// How many files that were set aside within one second get names of their own.
    private static let namesPerSecondMax = 1_000

    /// Renames the file and what belongs to it to a name that nothing has. Nothing is ever deleted.
    ///
    /// - Returns: where the file is now; nil when there was none.
    func setAside(at time: UnixTime) throws(StoreFileError) -> String? {
        let target = try Self.freeName("\(path.file).corrupt-\(Self.stamp(time))")
        for suffix in StorePath.companions where Self.exists(path.file + suffix) {
            let (old, new) = (path.file + suffix, target + suffix)
            try Self.system("rename") { rename(old, new) }
        }
        return Self.exists(target) ? target : nil
    }

    /// Says that the rescue is whole. It takes the place of the damaged file even if the process ends now.
    func finishRescue() throws(StoreFileError) {
        let (part, whole) = (path.unfinishedRescue, path.rescue)
        try Self.system("rename") { rename(part, whole) }
        try synchronizeDirectory()
    }

    /// Puts a rescue that is whole in the place that was cleared for it.
    func adoptRescue() throws(StoreFileError) {
        let (rescue, file) = (path.rescue, path.file)
        try Self.system("rename") { rename(rescue, file) }
        try synchronizeDirectory()
    }

    /// Makes an empty file for a rescue, in the place of one that was never finished.
    func beginRescue() throws(StoreFileError) {
        let name = path.unfinishedRescue
        for suffix in StorePath.companions { unlink(name + suffix) }
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let made = OwnedDescriptor(owning: Int32(try Self.system("open") { open(name, flags, mode_t(0o600)) }))
        _ = consume made
    }

    private static func freeName(_ name: String) throws(StoreFileError) -> String {
        let names = [name] + (2...namesPerSecondMax).map { "\(name)-\($0)" }
        guard let free = names.first(where: { !companionsExist($0) }) else {
            throw .system(SystemError(function: "rename", errno: EEXIST))
        }
        return free
    }

    private static func companionsExist(_ name: String) -> Bool {
        StorePath.companions.contains { exists(name + $0) }
    }

    /// `20260101T000000Z`.
    private static func stamp(_ time: UnixTime) -> String {
        var (seconds, parts) = (time_t(time.seconds), tm())
        gmtime_r(&seconds, &parts)
        func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : String(number) }
        let day = "\(parts.tm_year + 1900)\(padded(parts.tm_mon + 1))\(padded(parts.tm_mday))"
        return "\(day)T\(padded(parts.tm_hour))\(padded(parts.tm_min))\(padded(parts.tm_sec))Z"
    }
}
