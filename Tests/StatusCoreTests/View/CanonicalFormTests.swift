import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("The canonical form")
struct CanonicalFormTests {
    private let start = Samples.start

    @Test(
        "is bencoding, with the fields of every dictionary sorted and each there once",
        arguments: 1...10 as ClosedRange<UInt64>)
    func isCanonical(seed: UInt64) {
        var random = RandomProject(seed: seed)
        let envelope = Samples.render(random.snapshot()).envelope
        #expect(BencodeChecker.isCanonical(envelope.hash), "seed \(seed)")
        #expect(BencodeChecker.isCanonical(envelope.renderHash), "seed \(seed)")
    }

    @Test("texts cannot be cut another way")
    func isUnambiguous() {
        let bytes = { (texts: [String]) in
            var writer = CanonicalWriter()
            writer.list(texts) { $0.text($1) }
            return writer.bytes
        }
        #expect(bytes(["ab", "c"]) != bytes(["a", "bc"]))
        #expect(bytes(["1:a"]) != bytes(["a"]))
        #expect(bytes([]) != bytes([""]))
        #expect(String(decoding: bytes(["é", ""]), as: UTF8.self) == "l2:é0:e")
    }

    @Test(
        "the hash covers what the view says",
        arguments: [
            Edit("label") { $0.reading?.label?.full = "octo-org/other" },
            Edit("status") { $0.reading?.status = StatusTimeline(.warning) },
            Edit("summary") { $0.reading?.summary.parts.append(.text("Archived")) },
            Edit("a new push") { $0.reading?.summary.parts[1] = .ago(label: "Last push", Samples.start.wall) },
            Edit("an environment's url") { $0.reading?.environments[0].url = "https://new.example" },
            Edit("an environment's deploy") { $0.reading?.environments[0].lastDeployAt = Samples.start.wall },
            Edit("a problem") { $0.reading?.problem = ReadingProblem(code: .missingScope, cause: .refused, hint: "") },
            Edit("a failure") { $0.failure = Samples.record(failure: Samples.failure()).failure },
            Edit("the link") { $0.link = .disabled },
            Edit("a run") { $0.lastRunAt = Samples.start.wall },
        ] as [Edit<ItemRecord>])
    func coversFacts(edit: Edit<ItemRecord>) {
        let before = project()
        var after = before
        edit.apply(&after.items[0])
        #expect(Samples.render(before).envelope.hash != Samples.render(after).envelope.hash)
    }

    @Test(
        "the hash leaves out what is transient, and the render hash covers it",
        arguments: [
            Edit("confirmed later") { $0.items[0].reading?.observedAt = Samples.start.after(-1) },
            Edit("stale") { $0.items[0].dueAt = Samples.start.after(-60) },
            Edit("refreshed") {
                $0.lastRefreshAttempt = .init(at: Samples.start.wall, outcome: .failed, duration: .zero)
            },
            Edit("failed") { $0.lastRefreshError = .init(code: .tls, message: "", at: Samples.start.wall) },
            Edit("sampled") { $0.items[0].reading?.latencies = [.milliseconds(3)] },
        ] as [Edit<ProjectSnapshot>])
    func leavesOutTransients(edit: Edit<ProjectSnapshot>) {
        let before = project()
        var after = before
        edit.apply(&after)
        let (old, new) = (Samples.render(before).envelope, Samples.render(after).envelope)
        #expect(old.hash == new.hash)
        #expect(old.renderHash != new.renderHash)
    }

    @Test("the counters and times of a failure that goes on are transient")
    func leavesOutRetries() {
        var before = project()
        before = before.applied(
            failure: Samples.failure(), for: Samples.github, at: start, nextAttemptAt: start.after(9))
        var failure = Samples.failure()
        failure.retryAfter = start.after(500).wall
        let after = before.applied(failure: failure, for: Samples.github, at: start, nextAttemptAt: start.after(15))
        let (old, new) = (Samples.render(before).envelope, Samples.render(after).envelope)
        #expect(old.hash == new.hash)
        #expect(old.renderHash != new.renderHash)
    }

    @Test("the revision of one host's journal is in neither digest")
    func leavesOutRevision() {
        let before = project()
        var after = before
        after.revisions = [.owner: 9]
        #expect(Samples.render(before).envelope.hash == Samples.render(after).envelope.hash)
        #expect(Samples.render(before).envelope.renderHash == Samples.render(after).envelope.renderHash)
    }

    @Test("relative words and ages never change the hash", arguments: [1, 61, 3600, 86_400 * 400] as [Double])
    func timePasses(seconds: Double) {
        let (old, new) = (Samples.render(project()), Samples.render(project(), at: start.after(seconds)))
        #expect(old.envelope.hash == new.envelope.hash)
        #expect((old.envelope.renderHash == new.envelope.renderHash) == (seconds < old.validFor))
    }

    @Test("the same facts give the same digests after a restart, whose monotonic clock began elsewhere")
    func restart() {
        let elsewhere = Moment(instant: start.instant.advanced(by: .seconds(-777_777)), wall: start.wall)
        var moved = project()
        moved.items[0].reading?.observedAt = elsewhere
        let (old, new) = (Samples.render(project()).envelope, Samples.render(moved, at: elsewhere).envelope)
        #expect(old == new)
    }

    @Test("the order in which services and runs came does not matter")
    func permutation() {
        let keys = ["c", "a", "b"].map { ItemKey.service($0) }
        var first = Samples.project(keys)
        first.lastRuns = [
            RunRecord(kind: "smoke_tests", at: start.wall, passed: true),
            RunRecord(kind: "diagnostics", at: start.wall, passed: false),
        ]
        var second = first
        second.services.reverse()
        second.items.reverse()
        second.lastRuns.reverse()
        #expect(Samples.render(first) == Samples.render(second))
    }

    private func project() -> ProjectSnapshot {
        var reading = Samples.reading()
        reading.environments = [
            EnvironmentReading(
                name: "production", status: StatusTimeline(.connected), summary: Summary([]),
                url: "https://shop.example", lastDeployAt: start.after(-9).wall)
        ]
        return Samples.project().applied(reading: reading, for: Samples.github, at: start)
    }
}

/// One change to a value, by name.
struct Edit<Value>: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let apply: @Sendable (inout Value) -> Void

    init(_ name: String, _ apply: @escaping @Sendable (inout Value) -> Void) {
        testDescription = name
        self.apply = apply
    }
}

extension RenderedView {
    fileprivate var validFor: Double { Samples.start.instant.duration(to: validUntil) / .seconds(1) }
}
