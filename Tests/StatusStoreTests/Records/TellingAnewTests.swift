import StatusCore
import StatusModel
import StatusStore
import TestSupport
import Testing

@Suite("An item that was being read when the daemon was killed")
struct TellingAnewTests {
    private static let key = ItemKey.provider(.github)
    private static let shop = ProjectDefinition(
        id: ProjectID(known: "shop"),
        links: [key: Link(target: .github(GitHubTarget(owner: "acme", repository: "shop")), credential: nil)])

    @Test(
        "is told with its next reading, also when the first read after that failed or was cut off in peace, and after another start",
        arguments: [true, false])
    func overTwoStarts(hasFailed: Bool) throws {
        let now = TestHost.now
        let reading = Reading(
            key: Self.key, observedAt: now, status: StatusTimeline(.connected), summary: Summary([.text("Linked")]))
        let throttled = ProviderFailure(
            code: .rateLimited, cause: .throttled, hint: "Wait.", disposition: .keepsLast)
        var snapshot = ProjectSnapshot(definition: Self.shop).applied(reading: reading, for: Self.key, at: now)
        #expect(!Self.isTold(reading, after: snapshot))
        snapshot = try Self.restarted(snapshot.attempting(Self.key, since: now))
        snapshot =
            hasFailed
            ? snapshot.applied(failure: throttled, for: Self.key, at: now)
            : snapshot.attempting(Self.key, since: now).attempting(Self.key, since: nil)
        snapshot = try Self.restarted(snapshot)
        #expect(snapshot.record(of: Self.key)?.isToBeToldAnew == true)
        #expect(Self.isTold(reading, after: snapshot))
        snapshot = try Self.restarted(snapshot.applied(reading: reading, for: Self.key, at: now))
        #expect(!Self.isTold(reading, after: snapshot), "it is told once")
    }

    private static func isTold(_ reading: Reading, after snapshot: ProjectSnapshot) -> Bool {
        let next = snapshot.applied(reading: reading, for: key, at: TestHost.now)
        return ProjectSnapshot.contentChanges(from: snapshot, to: next, now: TestHost.now).contains([key])
    }

    /// What the next daemon makes of what this one has stored.
    private static func restarted(_ snapshot: ProjectSnapshot) throws -> ProjectSnapshot {
        let record = try #require(snapshot.record(of: key))
        let stored = try TestHost.coder.again(StoredItem(project: shop.id, record: record))
        return ProjectSnapshot(definition: shop).restored(from: [stored], at: TestHost.now)
    }
}
