import Glibc
package import LinuxSystem

/// Replaces the content of a file so that it is never half there: whoever reads the path, even after a loss of power,
/// finds either the old content or the new. Blocks for as long as the disk does.
package enum DurableFile {
    /// Added to the path for the file that the new content is written to.
    package static let temporarySuffix = ".new"

    /// Writes the content to a new file beside the path, readable by its owner alone, and puts it in the path's place
    /// once the disk has it. Where the path is a symbolic link, what it leads to is replaced.
    ///
    /// - Throws: which call failed. The path then holds the old content, or the new without a promise that it outlasts a
    ///   loss of power; doing it again is right in either case.
    package static func replace(_ path: String, with content: [UInt8]) throws(SystemError) {
        let target = resolved(path)
        let temporary = target + temporarySuffix
        // What a crash left behind. If it cannot be removed, making the file anew says why.
        _ = unlink(temporary)
        do throws(SystemError) {
            try write(content, toNew: temporary)
            FailPoint.pass("durableFile.rename.before")
            try SystemCalls.checked("rename") { rename(temporary, target) }
        } catch {
            // The failure is told already, and the next attempt removes the file too.
            _ = unlink(temporary)
            throw error
        }
        FailPoint.pass("durableFile.rename.after")
        try synchronizeDirectory(of: target)
    }

    /// `O_EXCL` refuses whatever stands there, a symbolic link included.
    private static func write(_ content: [UInt8], toNew path: String) throws(SystemError) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = OwnedDescriptor(
            owning: Int32(try SystemCalls.checked("open") { open(path, flags, mode_t(0o600)) }))
        var rest = content[...]
        while !rest.isEmpty {
            let count = try SystemCalls.checked("write") {
                rest.withUnsafeBytes { Glibc.write(file.rawValue, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(count)
        }
        FailPoint.pass("durableFile.sync.before")
        // An error of closing it could only repeat what this one says.
        try SystemCalls.checked("fsync") { fsync(file.rawValue) }
    }

    /// A rename is durable once the directory is.
    private static func synchronizeDirectory(of path: String) throws(SystemError) {
        let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let directory = OwnedDescriptor(
            owning: Int32(
                try SystemCalls.checked("open") { open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }))
        try SystemCalls.checked("fsync") { fsync(directory.rawValue) }
    }

    /// The path without symbolic links; the path itself while there is no such file.
    private static func resolved(_ path: String) -> String {
        guard let name = realpath(path, nil) else { return path }
        defer { free(name) }
        return String(cString: name)
    }
}
