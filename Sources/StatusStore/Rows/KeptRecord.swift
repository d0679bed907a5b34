import SQLiteDatabase
import StatusCore

/// A record that has a table.
protocol KeptRecord: Sendable {
    static var table: StoreTable { get }

    /// What it says of itself for the columns of ``StoreTable/identity``.
    var identity: [SQLValue] { get }

    /// Where it stands in a list, for the columns of ``StoreTable/place``.
    var place: [SQLValue] { get }

    /// When it can be forgotten, for the columns of ``StoreTable/times``; nil for not yet.
    var forgettableSince: Moment? { get }

    func encoded(by coder: RecordCoder) -> [UInt8]

    static func decoded(_ bytes: UnsafeRawBufferPointer, by coder: RecordCoder) throws(RecordError) -> Self
}

extension KeptRecord {
    var place: [SQLValue] { [] }
    var forgettableSince: Moment? { nil }

    /// The values of a whole row, as ``StoreTable/insertion`` takes them.
    func row(record: [UInt8], seal: Int64, clock: BootClock) -> [SQLValue] {
        identity + place + times(by: clock) + [.blob(record), .integer(seal)]
    }

    private func times(by clock: BootClock) -> [SQLValue] {
        guard !Self.table.times.isEmpty else { return [] }
        guard let moment = forgettableSince else { return Self.table.times.map { _ in .null } }
        let time = HostTime(moment, of: clock)
        return [.integer(time.boot), .integer(time.uptime), .integer(time.wall)]
    }
}
