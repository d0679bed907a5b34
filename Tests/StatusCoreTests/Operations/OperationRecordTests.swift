import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("An operation's record")
struct OperationRecordTests {
    private let start = Samples.start

    @Test("it goes from recorded by way of running to its end, and each move has a version of its own")
    func course() {
        var record = make()
        #expect(record.state == .pending)
        var moves = [record.begin(sending: true, at: after(1))]
        #expect(record.state == .running)
        moves.append(record.accept(handle: "dpl_1", OperationWords("Building"), at: after(2)))
        #expect(record.state == .running)
        moves.append(record.progress(OperationWords("Going live"), at: after(3)))
        let isMove = record.progress(OperationWords("Going live"), at: after(4))
        #expect(!isMove, "the same words are no move")
        moves.append(record.succeed(OperationWords("Live"), result: Array("{}".utf8), at: after(5)))
        #expect(moves == [true, true, true, true])
        #expect(record.state == .succeeded && record.version == 5)
        #expect(record.endedAt == after(5) && record.updatedAt == after(5))
    }

    @Test("what is over stays as it is")
    func over() {
        var record = make()
        record.begin(sending: true, at: after(1))
        record.fail(failure, at: after(2))
        let end = record
        let moves = [
            record.succeed(OperationWords("Live"), at: after(3)),
            record.accept(handle: "dpl_1", OperationWords("Building"), at: after(3)),
            record.fail(.timedOut(record.item.key, isSent: true), at: after(3)),
            record.begin(sending: true, at: after(3)),
        ]
        #expect(moves == [false, false, false, false])
        #expect(record == end && record.state == .failed && record.failure == failure)
    }

    @Test("a failure that cannot be told from a success is an unknown outcome")
    func unknown() {
        var record = make()
        record.begin(sending: true, at: after(1))
        record.fail(.timedOut(record.item.key, isSent: true), at: after(2))
        #expect(record.state == .unknownOutcome)
    }

    @Test("after a crash what was recorded is begun, what was sent never, and what was accepted is followed")
    func restart() {
        var recorded = make()
        let first = recorded.resume(before: deadline, linking: nil, by: .builtIn, at: after(5))
        #expect(first == .begin)
        recorded.begin(sending: false, at: after(1))
        let second = recorded.resume(before: deadline, linking: nil, by: .builtIn, at: after(5))
        #expect(second == .begin, "nothing irreversible was sent")

        var sent = make()
        sent.begin(sending: true, at: after(1))
        let third = sent.resume(before: deadline, linking: nil, by: .builtIn, at: after(5))
        #expect(third == .over)
        #expect(sent.state == .unknownOutcome && sent.failure?.reason == "OUTCOME_UNKNOWN")
        #expect(sent.failure?.message.full.contains("new key") == true)

        var accepted = make(.target(target("shop")))
        accepted.begin(sending: true, at: after(1))
        accepted.accept(handle: "dpl_1", OperationWords("Building"), at: after(2))
        let fourth = accepted.resume(before: deadline, linking: target("shop"), by: .builtIn, at: after(5))
        #expect(fourth == .follow(handle: "dpl_1"))
    }

    @Test("past its time it is not begun any more, nor followed")
    func late() {
        let end = after(IntegrationAction.deployProduction.timeLimit.components.seconds)
        var recorded = make()
        let first = recorded.resume(before: deadline, linking: nil, by: .builtIn, at: end)
        #expect(first == .over)
        #expect(recorded.state == .failed && recorded.failure?.reason == "NOT_BEGUN")
        var accepted = make()
        accepted.accept(handle: "dpl_1", OperationWords("Building"), at: after(2))
        let second = accepted.resume(before: deadline, linking: nil, by: .builtIn, at: end)
        #expect(second == .over)
        #expect(accepted.state == .unknownOutcome && accepted.failure?.reason == "STILL_WORKING")
    }

    @Test("what was recorded is begun on what it was recorded for, and on nothing else")
    func footing() {
        let (shop, blog) = (target("shop"), target("blog"))
        for (then, now) in [(shop, blog), (shop, nil), (nil, shop)] as [(Link.Target?, Link.Target?)] {
            var record = make(OperationFooting(then))
            let same = record.resume(before: deadline, linking: then, by: .builtIn, at: after(5))
            #expect(same == .begin)
            let other = record.resume(before: deadline, linking: now, by: .builtIn, at: after(5))
            #expect(other == .over && record.state == .failed && record.failure?.reason == "LINK_CHANGED")
        }
        var old = make(.unknown)
        let begun = old.resume(before: deadline, linking: blog, by: .builtIn, at: after(5))
        #expect(begun == .begin, "an earlier daemon did not keep it")
    }

    @Test("what was recorded is begun by whoever it was recorded for, and by nobody else")
    func carrier() {
        let carriers = [OperationCarrier.builtIn, .command(digest: "0a"), .command(digest: "0b")]
        for then in carriers {
            for now in carriers {
                var record = make(carrier: then)
                let resumption = record.resume(before: deadline, linking: nil, by: now, at: after(5))
                #expect(resumption == (then == now ? .begin : .over))
                #expect(record.failure?.reason == (then == now ? nil : "EXECUTOR_CHANGED"))
            }
            var old = make(carrier: .unknown)
            let begun = old.resume(before: deadline, linking: nil, by: then, at: after(5))
            #expect(begun == .begin, "an earlier daemon did not keep it")
        }
    }

    @Test("what a provider has taken is followed where it was taken, and nowhere else")
    func followedFooting() {
        let (shop, blog) = (target("shop"), target("blog"))
        for (now, reason) in [(blog, "LINK_CHANGED"), (nil, "LINK_GONE")] as [(Link.Target?, String)] {
            var record = make(.target(shop))
            record.accept(handle: "dpl_1", OperationWords("Building"), at: after(2))
            let resumption = record.resume(before: deadline, linking: now, by: .builtIn, at: after(5))
            #expect(resumption == .over && record.state == .unknownOutcome && record.failure?.reason == reason)
        }
        var old = make(.unknown)
        old.accept(handle: "dpl_1", OperationWords("Building"), at: after(2))
        let followed = old.resume(before: deadline, linking: blog, by: .builtIn, at: after(5))
        #expect(followed == .follow(handle: "dpl_1"), "an earlier daemon did not keep it")
    }

    @Test("a viewer reads generic words, and neither result nor names", arguments: Role.allCases)
    func redaction(role: Role) {
        var record = make()
        record.begin(sending: true, at: after(1))
        let words = OperationWords("acme/shop is live at shop.example.com", generic: "It is live")
        record.succeed(words, result: Array(#"{"url":"shop.example.com"}"#.utf8), at: after(2))
        let operation = record.operation(for: role, at: after(3))
        if role == .viewer {
            #expect(operation.summary == "It is live" && operation.result.isEmpty && operation.requestedBy.isEmpty)
        } else {
            #expect(operation.summary == words.full && !operation.result.isEmpty && operation.requestedBy == "ada")
        }
        #expect(operation.endedAt == after(2).wall && operation.version == record.version)
    }

    private var deadline: ContinuousClock.Instant {
        start.instant.advanced(by: IntegrationAction.deployProduction.timeLimit)
    }

    private var failure: ActionFailure {
        ActionFailure(.failedPrecondition, reason: "MERGE_CONFLICT", OperationWords("There are conflicts."))
    }

    private func after(_ seconds: Int64) -> Moment { start.advanced(by: .seconds(seconds)) }

    private func target(_ name: String) -> Link.Target { .vercel(VercelTarget(project: name)) }

    private func make(
        _ footing: OperationFooting = .nothing, carrier: OperationCarrier = .builtIn
    ) -> OperationRecord {
        OperationRecord(
            id: "0123", item: ItemReference(project: ProjectID(known: "shop"), key: .provider(.vercel)),
            action: .deployProduction, name: OperationName(owner: "uid:1", key: "k"), requestedBy: "ada",
            fingerprint: "f", payload: [], footing: footing, carrier: carrier, createdAt: start,
            words: OperationWords("Deploys"))
    }
}
