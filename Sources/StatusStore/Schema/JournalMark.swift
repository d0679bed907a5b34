import SQLiteDatabase
import StatusCore
import StatusModel

/// What the file says of where the journal stands: `epoch sequence` of the newest event, then of each origin.
struct JournalMark: Hashable {
    var journal: StoredJournal

    init(_ journal: StoredJournal) { self.journal = journal }

    /// Nil for what was not written by ``record``, and for numbers that no journal comes to.
    init?(_ record: [UInt8]) {
        let numbers = String(decoding: record, as: UTF8.self).split(separator: " ").map { UInt64($0) }
        guard numbers.count >= 2, numbers.count % 2 == 0, numbers.count <= Self.numbersMax else { return nil }
        var places: [EventID] = []
        for index in stride(from: 0, to: numbers.count, by: 2) {
            guard let epoch = numbers[index], let sequence = numbers[index + 1], sequence < .max / 2 else { return nil }
            places.append(EventID(epoch: epoch, sequence: sequence))
        }
        journal = StoredJournal(newest: places[0], origins: Array(places.dropFirst()))
    }

    private static let numbersMax = 2 * (1 + StoredJournal.originsMax)

    var record: [UInt8] {
        Array(([journal.newest] + journal.origins).map { "\($0.epoch) \($0.sequence)" }.joined(separator: " ").utf8)
    }

    var change: RowChange { MetaRow.journal.change(to: record) }

    /// Where the journal stands, and whether that is damaged.
    static func read(from database: Database) throws(DatabaseError) -> (StoredJournal?, isDamaged: Bool) {
        switch try MetaRow.journal.find(in: database) {
        case .missing: return (nil, false)
        case .damaged: return (nil, true)
        case .sound(let record):
            let mark = JournalMark(record)
            return (mark?.journal, mark == nil)
        }
    }
}
