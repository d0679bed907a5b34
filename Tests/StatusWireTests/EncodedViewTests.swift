import ProtobufMessages
import StatusModel
import StatusWire
import TestSupport
import Testing

@Suite("An encoded view")
struct EncodedViewTests {
    private let arena = MessageArena()

    private func suffix(_ origin: AnswerOrigin) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: origin.responseSuffixBytesMax) { buffer, count in
            count = origin.appendResponseSuffix(to: UnsafeMutableRawBufferPointer(buffer), in: arena)
        }
    }

    @Test("followed by an answer's suffix is the whole answer", arguments: 0..<200 as Range<UInt64>)
    func prefixAndSuffix(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let envelope = generator.envelope()
        let origin = generator.origin()
        let answer = StatusAnswer(
            envelope: envelope, hash: envelope.hash, source: origin.source, age: origin.age,
            nextAttemptAt: origin.nextAttemptAt, isRefreshing: origin.isRefreshing, freshness: origin.freshness,
            error: origin.error, isResumed: origin.isResumed)
        let pieces = EncodedView(envelope, in: arena).responsePrefix + suffix(origin)
        #expect(pieces == answer.encoded(in: arena), "the pieces are what the whole is encoded to")
        #expect(try StatusAnswer(decoding: pieces, in: arena) == answer)
    }

    @Test("of any size is the snapshot of a watch", arguments: [0, 1, 20, 300])
    func sizes(services: Int) throws {
        var envelope = StatusEnvelope(projectID: try #require(ProjectID("p")))
        envelope.services = try (0..<services).map { number in
            IntegrationStatus(key: try #require(ItemKey("service:worker-\(number)")))
        }
        let message = WatchMessage.snapshot(envelope, asOf: EventID(epoch: 1, sequence: 0))
        let bytes = EncodedView(envelope, in: arena).snapshot(asOf: EventID(epoch: 1, sequence: 0), in: arena)
        #expect(bytes == message.encoded(in: arena))
    }

    @Test("answers a digest that still holds without the envelope")
    func notModified() throws {
        let origin = AnswerOrigin(source: .hit, age: .seconds(3))
        let pieces = EncodedView.notModifiedPrefix(hash: "abc", in: arena) + suffix(origin)
        let answer = StatusAnswer(envelope: nil, notModified: true, hash: "abc", source: .hit, age: .seconds(3))
        #expect(try StatusAnswer(decoding: pieces, in: arena) == answer)
        #expect(pieces.count < 20)
        let failing = AnswerOrigin(
            source: .hit, freshness: .old, error: RefreshError(code: .tls, message: "No.", at: UnixTime(seconds: 1)),
            isResumed: true)
        let told = try StatusAnswer(
            decoding: EncodedView.notModifiedPrefix(hash: "abc", in: arena) + suffix(failing), in: arena)
        #expect(told.notModified && told.freshness == .old && told.error == failing.error && told.isResumed)
    }

    @Test("is the snapshot of a watch", arguments: 0..<100 as Range<UInt64>)
    func snapshot(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let envelope = generator.envelope()
        let asOf = generator.eventID()
        let message = WatchMessage.snapshot(envelope, asOf: asOf)
        let bytes = EncodedView(envelope, in: arena).snapshot(asOf: asOf, in: arena)
        #expect(bytes == message.encoded(in: arena))
        #expect(try WatchMessage(decoding: bytes, in: arena) == message)
    }

    @Test("takes a suffix of at most the documented size, whatever the answer", arguments: [0, 1, 200, 100_000])
    func suffixBound(messageBytes: Int) {
        let message = String(repeating: "m", count: messageBytes)
        let longest = AnswerOrigin(
            source: .checking, age: .seconds(-315_576_000_000) - .nanoseconds(999_999_999),
            nextAttemptAt: UnixTime(nanoseconds: .min), isRefreshing: true, freshness: .old,
            error: RefreshError(code: .tls, message: message, at: UnixTime(nanoseconds: .min)), isResumed: true)
        #expect(suffix(longest).count <= longest.responseSuffixBytesMax)
        #expect(suffix(longest).count > 60 + messageBytes)
    }
}
