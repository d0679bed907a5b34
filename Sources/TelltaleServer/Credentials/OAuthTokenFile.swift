import Glibc
package import LinuxSystem
package import StatusProviders

/// The file that keeps the tokens of one grant. Blocks for as long as the disk does.
package struct OAuthTokenFile: Hashable, Sendable {
    /// The longest file read, in bytes.
    package static let bytesMax = 64 << 10

    package enum Content: Hashable, Sendable {
        case tokens(OAuthTokenSet, FileMark, isReadableByOthers: Bool)
        /// There is no such file, so that nothing is overwritten by making it.
        case missing
        /// Goes after the file's path, and quotes nothing of it.
        case unreadable(reason: String)
    }

    package let path: String

    package init(path: String) { self.path = path }

    /// Which content it has; nil when there is none to be seen.
    package var mark: FileMark? { try? FileMark(path: path) }

    package func read() -> Content {
        do throws(SystemError) { _ = try FileMark(path: path) } catch {
            if error.errno == ENOENT { return .missing }
        }
        let file: RegularFile
        do throws(RegularFileError) { file = try RegularFile(path: path, bytesMax: Self.bytesMax) } catch {
            return .unreadable(reason: error.reason)
        }
        do throws(OAuthTokenSet.Malformation) {
            let tokens = try OAuthTokenSet(json: file.bytes, modifiedAt: file.mark.modifiedAt)
            return .tokens(tokens, file.mark, isReadableByOthers: file.isReadableByOthers)
        } catch {
            return .unreadable(reason: error.reason)
        }
    }

    /// Replaces the content, durably.
    package func write(_ tokens: OAuthTokenSet) throws(SystemError) {
        try DurableFile.replace(path, with: tokens.json)
    }
}
