import StatusCore
import StatusModel
import StatusStore
import TestSupport
import Testing

@Suite("Records come back as they were")
struct RecordRoundTripTests {
    @Test("A random record of every table comes back as it was", arguments: RecordCase.all)
    func randomRecords(record: RecordCase) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let coder = TestHost.coder
        for round in 0..<300 {
            #expect(try record.survives(coder, &generator), "seed \(seed), round \(round)")
        }
    }

    @Test("What is absent stays absent, and what is empty stays empty")
    func absentAndEmpty() throws {
        let coder = TestHost.coder
        var item = StoredItem(
            project: try #require(ProjectID("p")), record: ItemRecord(key: .provider(.vercel), link: .linked))
        #expect(try coder.again(item) == item)
        item.record.reading = Reading(
            key: .provider(.vercel), observedAt: TestHost.now, status: StatusTimeline(.disconnected),
            summary: Summary([
                .text(""), .measured(""), .restricted("", generic: ""), .ago(label: "", UnixTime(nanoseconds: 0)),
            ]))
        item.record.reading?.label = ResourceLabel(full: "", generic: "")
        item.record.reading?.memo = ["": ""]
        item.record.reading?.notBefore = UnixTime(nanoseconds: 0)
        item.record.lastRunAt = UnixTime(nanoseconds: 0)
        item.refusedWith = [.file(path: ""): CredentialVersion(""), .oauth(name: ""): CredentialVersion?.none]
        #expect(try coder.again(item) == item)

        var event = StoredEvent(
            id: EventID(epoch: 0, sequence: 0), at: TestHost.now, project: item.project, kind: "",
            encoded: [nil, [], nil, [0]])
        #expect(try coder.again(event) == event)
        event.encoded = [[], [], [], []]
        #expect(try coder.again(event) == event)
    }

    @Test("What policy hides comes back whole or not at all", arguments: [0, 1024, 1025])
    func hiding(count: Int) throws {
        let keys = try (0..<count).map { try #require(ItemKey("service:worker-\($0)")) }
        var project = StoredProject(id: try #require(ProjectID("p")))
        project.hidden = Dictionary(uniqueKeysWithValues: keys.map { ($0, [.viewer]) })
        let read = try TestHost.coder.again(project)
        #expect(read.hidden == (count > 1024 ? nil : project.hidden))
    }

    @Test("The extremes of text, time and numbers come back as they were")
    func extremes() throws {
        let coder = TestHost.coder
        var item = StoredItem(
            project: try #require(ProjectID(String(repeating: "x", count: ProjectID.lengthBytesMax))),
            record: ItemRecord(key: try #require(ItemKey("service:a.b_c:d/e@f-g")), link: .linked))
        let text = "\0🚦\u{0}" + String(repeating: "漢", count: 50_000)
        var failure = ProviderFailure(
            code: .tls, cause: .host, hint: text, disposition: .replaces, retryAfter: UnixTime(nanoseconds: .min),
            heldUntil: UnixTime(nanoseconds: -1))
        failure.isOwnLimit = true
        let early = Moment(
            instant: TestHost.boot.origin.advanced(by: .nanoseconds(-1)), wall: UnixTime(nanoseconds: .min))
        item.record.failure = FailureRecord(failure: failure, firstSeenAt: early, lastSeenAt: early, attempts: .max)
        item.record.runLatencies = [.nanoseconds(1), .nanoseconds(Int64.max), .zero, .nanoseconds(Int64.min)]
        item.record.lastRunAt = UnixTime(nanoseconds: .max)
        #expect(try coder.again(item) == item)
    }

    @Test("Of more latencies than a record holds, the newest are kept")
    func tooManyLatencies() throws {
        var item = StoredItem(
            project: try #require(ProjectID("p")), record: ItemRecord(key: .provider(.github), link: .linked))
        item.record.runLatencies = (0..<100).map { .milliseconds($0) }
        #expect(try TestHost.coder.again(item).record.runLatencies == (68..<100).map { .milliseconds($0) })
    }

    @Test("A link's state is not kept: what comes back counts as linked")
    func linkState() throws {
        let item = StoredItem(
            project: try #require(ProjectID("p")), record: ItemRecord(key: .provider(.github), link: .revoked))
        #expect(try TestHost.coder.again(item).record.link == .linked)
    }
}

extension RecordCoder {
    func again(_ item: StoredItem) throws -> StoredItem {
        try encode(item).withUnsafeBytes { try self.item(from: $0) }
    }

    func again(_ project: StoredProject) throws -> StoredProject {
        try encode(project).withUnsafeBytes { try self.project(from: $0) }
    }

    func again(_ event: StoredEvent) throws -> StoredEvent {
        try encode(event).withUnsafeBytes { try self.event(from: $0) }
    }
}
