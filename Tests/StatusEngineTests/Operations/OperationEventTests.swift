import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("What roles see of operations", .timeLimit(.minutes(1)))
struct OperationEventTests {
    private static let words = OperationWords("acme/shop is live", generic: "It is live")

    @Test("events carry the operation as each role may see it, and a viewer reads no name")
    func redacted() async throws {
        try await stage(hidden: [:]).run { rig in
            // A name that no digest spells by chance.
            let actor = ActionActor(identity: ActionRig.ada.identity, displayName: "lovelace", role: .owner)
            let record = try await ActionRig.run(for: actor, on: rig).record
            _ = try await ActionRig.end(of: record.id, on: rig)
            for role in Role.allCases {
                let events = try ActionRig.events(rig, role: role)
                #expect(events.map(\.operation?.state) == [.running, .succeeded])
                let text = events.map { "\($0)" }.joined()
                #expect(text.contains("acme") == (role != .viewer))
                #expect(text.contains("lovelace") == (role != .viewer))
                let operation = try #require(try await rig.engine.operation(OperationQuery(id: record.id), for: role))
                #expect(events.last?.operation == operation)
            }
        }
    }

    @Test("of a hidden item a role sees no event, no operation and no place in a list")
    func hidden() async throws {
        try await stage(hidden: [EngineRig.github: [.editor, .viewer]]).run { rig in
            let record = try await ActionRig.run(on: rig).record
            _ = try await ActionRig.end(of: record.id, on: rig)
            for role in Role.allCases {
                let isHidden = [.editor, .viewer].contains(role)
                #expect(try ActionRig.events(rig, role: role).isEmpty == isHidden)
                #expect((try await rig.engine.operation(OperationQuery(id: record.id), for: role) == nil) == isHidden)
                let page = try await rig.engine.operations(
                    OperationListQuery(projectID: .shop), after: nil, for: role)
                #expect(page?.operations.count == (isHidden ? 0 : 1))
            }
            // The key of one who saw it shows it to nobody who may not.
            let editor = ActionActor(identity: ActionRig.ada.identity, displayName: "ada", role: .editor)
            let refusal = await ActionRig.refusal(ActionRig.request(), for: editor, on: rig)
            #expect(refusal == .denied(.editor, action: "push", EngineRig.github))
            // Nor that it stands for something.
            let other = await ActionRig.refusal(ActionRig.request(payload: #"{"ref":"b"}"#), for: editor, on: rig)
            #expect(other == refusal)
        }
    }

    @Test("a list has the newest first, page by page, each operation once")
    func list() async throws {
        try await stage(hidden: [:]).run { rig in
            var ids: [String] = []
            for number in 1...5 {
                ids.append(try await ActionRig.run(ActionRig.request(key: number), on: rig).record.id)
                rig.time.advance(by: .milliseconds(1))
            }
            var listed: [String] = []
            var place: OperationPlace?
            repeat {
                let page = try #require(
                    try await rig.engine.operations(
                        OperationListQuery(projectID: .shop, pageSize: 2), after: place, for: .owner))
                #expect(page.operations.count <= 2)
                listed += page.operations.map(\.id)
                place = OperationPlace(page.nextPageToken)
            } while place != nil
            #expect(listed == ids.reversed())
        }
    }

    @Test("what happened at the provider is told once, whoever else tells of it")
    func milestones() async throws {
        let started = Milestone(
            kind: EventKind.deployStarted, at: UnixTime(seconds: 1_767_225_600), message: "Started", subject: "dpl_1")
        let executor = ManualExecutor { _ in
            .success(.done(ActionResult(Self.words, milestones: [started])))
        }
        let rig = EngineRig(
            { request in
                var reading = request.reading()
                reading.milestones = [started]
                return .success(reading)
            }, executors: ActionExecutors(all: executor))
        let empty = EngineRig({ .success($0.reading()) }, executors: ActionExecutors(all: executor))
        for (rig, expected) in [(empty, 1), (rig, 0)] {
            try await ActionStage(rig: rig).run { rig in
                let record = try await ActionRig.run(on: rig).record
                _ = try await ActionRig.end(of: record.id, on: rig)
                rig.provider.follow { request in
                    var reading = request.reading()
                    reading.milestones = [started]
                    return .success(reading)
                }
                await rig.advance(by: .seconds(20))
                let told = try ActionRig.events(rig, kinds: "deploy:started").filter { $0.projectID == .shop }
                #expect(told.count == expected)
            }
        }
    }

    private func stage(hidden: [ItemKey: Set<Role>]) -> HiddenStage {
        let executor = ManualExecutor { _ in .success(.done(ActionResult(Self.words, json: Array("{}".utf8)))) }
        return HiddenStage(
            rig: EngineRig({ .success($0.reading()) }, executors: ActionExecutors(all: executor)), hidden: hidden)
    }
}

/// A rig with one project of which policy hides something.
private struct HiddenStage {
    let rig: EngineRig
    let hidden: [ItemKey: Set<Role>]

    func run(_ body: (EngineRig) async throws -> Void) async throws {
        try await rig.run([project("shop", hidden: hidden)]) { rig in
            _ = await rig.read("shop")
            try await body(rig)
        }
    }
}
