import Glibc
import LinuxSystem

/// A directory of a test's own, which goes with it.
final class Folder: Sendable {
    let path: String

    /// In memory, unless it is to be on a disk: there a test of thousands of commits takes minutes.
    init(isOnDisk: Bool = false) throws(SystemError) {
        let parent = !isOnDisk && access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(parent)/telltale-store-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError(function: "mkdtemp", errno: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        Self.remove(path)
    }

    /// The names in it, sorted.
    var names: [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    subscript(name: String) -> String { "\(path)/\(name)" }

    private static func remove(_ path: String) {
        if unlink(path) == 0 || errno == ENOENT { return }
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { remove("\(path)/\(name)") }
        }
        closedir(directory)
        rmdir(path)
    }
}

/// Whole files, as bytes.
enum Bytes {
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, size, 0))
        }
    }

    static func write(_ bytes: [UInt8], to path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        _ = Glibc.write(descriptor, bytes, bytes.count)
    }

    /// Flips a bit of every place in the file that holds `marker`, without giving it another inode; says how often.
    @discardableResult
    static func flip(marker: String, in path: String) -> Int {
        guard let bytes = read(path) else { return 0 }
        let wanted = Array(marker.utf8)
        let descriptor = open(path, O_WRONLY)
        defer { close(descriptor) }
        var count = 0
        for place in bytes.indices.dropLast(wanted.count - 1)
        where bytes[place] == wanted[0] && bytes[place..<place + wanted.count].elementsEqual(wanted) {
            var byte = bytes[place] ^ 1
            count += pwrite(descriptor, &byte, 1, place)
        }
        return count
    }
}
