import Glibc
import LinuxSystem
import SQLiteDatabase
import StatusCore

// What an operator can do, said once for each kind of trouble.

extension StoreError {
    static func notOpened(_ path: String) -> Self {
        Self(code: .unavailable, message: "The store \(path) is not open; start the daemon anew")
    }

    static func closed(_ path: String) -> Self {
        Self(code: .unavailable, message: "The store \(path) is closed because the daemon ends")
    }

    static func tooManySaves(_ path: String, most: Int) -> Self {
        Self(
            code: .unavailable,
            message: "More than \(most) changes wait to be kept in \(path); its disk is too slow for them")
    }

    static func newerSchema(_ path: String, version: Int64, ours: Int64) -> Self {
        Self(
            code: .newerSchema,
            message: """
                The store \(path) was written by a newer daemon (its schema is \(version), this daemon's is \(ours)); \
                start that daemon again, or name another file
                """)
    }

    static func tooOftenDamaged(_ path: String, times: Int) -> Self {
        Self(
            code: .corrupt,
            message: """
                The store \(path) was damaged \(times) times within an hour, so its disk probably fails; move it to \
                another disk
                """)
    }

    static func setAside(_ path: String, as aside: String?, reason: String) -> Self {
        Self(
            code: .corrupt,
            message: """
                The store \(path) was damaged (\(reason)) and is kept as \(aside ?? "nothing, for it was gone"); a new file \
                holds what could be read: look for failures of the disk
                """)
    }

    static func replaced(_ path: String) -> Self {
        Self(
            code: .corrupt,
            message: """
                The store \(path) was removed or replaced while the daemon used it; a new file is begun: stop the daemon \
                before moving its store
                """)
    }

    init(_ error: StoreFileError, path: String) {
        switch error {
        case .inUse:
            self.init(
                code: .inUse,
                message: "Another daemon uses the store \(path); stop it, or name another file for this one")
        case .notAFile(let kind):
            self.init(
                code: .unavailable,
                message: "The store \(path) cannot be used: \(kind) stands there; remove it, or name another file")
        case .system(let error) where error.errno == ENOSPC || error.errno == EDQUOT:
            self = .full(path)
        case .system(let error):
            self.init(
                code: .unavailable,
                message: "The store \(path) cannot be reached (\(error)); see to its directory and permissions")
        }
    }

    /// What SQLite said, but for damage, which the store answers with a new file.
    init(_ error: DatabaseError, path: String) {
        let (code, advice): (Code, String) =
            switch error.kind {
            case .full: (.full, "")
            case .corrupt: (.corrupt, "look for failures of the disk")
            case .busy: (.unavailable, "another program holds it; close that")
            case .cannotOpen: (.unavailable, "see to its directory and permissions")
            case .readOnly: (.unavailable, "let the daemon write to it")
            case .io: (.unavailable, "look for failures of the disk")
            case .constraint, .interrupted, .other: (.unavailable, "start the daemon anew if that lasts")
            }
        guard code != .full else {
            self = .full(path)
            return
        }
        self.init(
            code: code,
            message: "The store \(path) fails (\(error.message), SQLite code \(error.code)); \(advice)")
    }

    private static func full(_ path: String) -> Self {
        Self(
            code: .full,
            message: "No space is left for the store \(path); make room on its disk, and the daemon goes on by itself")
    }
}
