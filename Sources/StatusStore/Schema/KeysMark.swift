import SQLiteDatabase
import StatusCore
import StatusModel

/// What the file says of keys that may have been forgotten: which start of the host, its uptime and the wall clock when that
/// was noticed, in nanoseconds.
struct KeysMark: Hashable {
    var noticedAt: HostTime

    init(_ loss: KeyLoss, of clock: BootClock) { noticedAt = HostTime(loss.noticedAt, of: clock) }

    /// Nil for what was not written by ``record``.
    init?(_ record: [UInt8]) {
        let numbers = String(decoding: record, as: UTF8.self).split(separator: " ").map { Int64($0) }
        guard numbers.count == 3, let boot = numbers[0], let uptime = numbers[1], let wall = numbers[2] else {
            return nil
        }
        noticedAt = HostTime(boot: boot, uptime: uptime, wall: wall)
    }

    var record: [UInt8] { Array("\(noticedAt.boot) \(noticedAt.uptime) \(noticedAt.wall)".utf8) }

    var change: RowChange { MetaRow.keys.change(to: record) }

    /// What was lost, as far as the file says.
    ///
    /// - Throws: also where what it says is damaged.
    static func read(
        from database: Database, clock: BootClock, now: Moment
    ) throws(DatabaseError) -> KeyLoss? {
        switch try MetaRow.keys.find(in: database) {
        case .missing: return nil
        case .damaged: throw .damaged(unreadable)
        case .sound(let record):
            guard let mark = KeysMark(record) else { throw .damaged(unreadable) }
            return KeyLoss(noticedAt: mark.noticedAt.moment(of: clock, now: now))
        }
    }

    private static let unreadable = "meta: what was noticed of lost keys is not what it was"
}
