import StatusCore
import StatusModel
import StatusProviders
import TestSupport
import Testing

@Suite("GitHub: what is remembered between reads")
struct GitHubRecordTests {
    private func record(_ generator: inout SeededGenerator) throws -> GitHubRecord {
        let path = try #require(GitHubRepositoryPath(owner: "octo", name: "hello-\(UInt8.random(using: &generator))"))
        let instant = { (generator: inout SeededGenerator) -> UnixTime? in
            Bool.random(using: &generator) ? UnixTime(nanoseconds: .random(in: .min ... .max, using: &generator)) : nil
        }
        var record = GitHubRecord(
            validator: "v",
            repository: GitHubRepository(
                path: path, isPrivate: .random(using: &generator), defaultBranch: "main",
                pushedAt: instant(&generator), isArchived: .random(using: &generator),
                isDisabled: .random(using: &generator)),
            token: GitHubToken(granted: "repo", accepted: nil, expiresAt: instant(&generator)))
        record.etag = Bool.random(using: &generator) ? #"W/"e""# : nil
        record.commits = [nil, .present, .empty, .refused, .inconclusive].randomElement(using: &generator) ?? nil
        record.commitsETag = Bool.random(using: &generator) ? #""c""# : nil
        record.commitsAt = instant(&generator)
        record.renamedTo = Bool.random(using: &generator) ? path : nil
        record.renamedAt = instant(&generator)
        return record
    }

    @Test("a record comes back from its memo as it was")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            let record = try record(&generator)
            #expect(GitHubRecord(memo: record.memo, validator: "v") == record)
            #expect(GitHubRecord(memo: record.memo, validator: "w") == nil)
        }
    }

    @Test("a memo with a part missing or damaged gives no record or a smaller one, and never traps")
    func damaged() throws {
        var generator = SeededGenerator(seed: 8)
        let whole = try record(&generator).memo
        for key in whole.keys {
            for value in [nil, "", "\n", "99999999999999999999999", "../.."] {
                var memo = whole
                memo[key] = value
                let record = GitHubRecord(memo: memo, validator: "v")
                #expect(record?.etag?.isEmpty != true)
                #expect(record.map { GitHubRecord(memo: $0.memo, validator: "v") == $0 } ?? true)
            }
        }
    }

    @Test("the reading of any record at any moment is made without a trap")
    func anyReading() throws {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<200 {
            let record = try record(&generator)
            let wall = UnixTime(nanoseconds: .random(in: .min ... .max, using: &generator))
            let reading = record.reading(at: Moment(instant: ContinuousClock.now, wall: wall), budget: nil)
            #expect([.connected, .warning].contains(reading.status.status(at: wall)))
        }
    }
}

extension UInt8 {
    fileprivate static func random(using generator: inout SeededGenerator) -> UInt8 {
        .random(in: .min ... .max, using: &generator)
    }
}
