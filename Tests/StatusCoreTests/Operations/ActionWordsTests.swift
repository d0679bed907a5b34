import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("What failures of actions tell people to do")
struct ActionWordsTests {
    @Test("nobody is told that an action is asked again by itself", arguments: ProblemCode.allCases)
    func again(code: ProblemCode) {
        let hint = "GitHub keeps failing; \(ProviderFailure.askedAgain)."
        let words = ProviderFailure(code: code, cause: .provider, hint: hint, disposition: .keepsLast).actionWords
        #expect(words.full == "GitHub keeps failing; run it again later with a new key.")
        for text in [words.full, words.generic] {
            #expect(!text.contains("by itself") && !text.contains("asked again"), "\(text)")
            #expect(Self.endsWithStep(text), "\(text)")
        }
    }

    @Test(
        "each failure of the daemon's own ends with a next step, for every role",
        arguments: [
            ActionFailure.stillWorking(.provider(.vercel)), .timedOut(.provider(.vercel), isSent: true),
            .timedOut(.provider(.vercel), isSent: false), .linkGone(.provider(.vercel)),
            .linkedOtherwiseSince(.provider(.vercel)),
            .linkedOtherwise(.provider(.vercel)), .carriedOutOtherwise(.provider(.vercel)),
            .notFollowed(
                .provider(.vercel),
                because: ActionFailure(.notFound, reason: "NOT_FOUND", OperationWords("There is no such deployment."))),
        ] + overRestarts)
    func ownFailures(failure: ActionFailure) {
        for text in [failure.message.full, failure.message.generic] {
            #expect(!text.contains("asked again"), "\(text)")
            #expect(Self.endsWithStep(text), "\(text)")
        }
    }

    @Test("a sentence that only tells is seen to lack the step")
    func checkerCanFail() {
        #expect(!Self.endsWithStep("The provider has an outage; wait, it is asked again by itself."))
        #expect(!Self.endsWithStep("Look there. It failed."))
    }

    /// What a daemon makes of operations that it finds.
    private static let overRestarts: [ActionFailure] = {
        var (late, sent) = (Samples.operation(), Samples.operation())
        sent.begin(sending: true, at: Samples.start)
        _ = late.resume(before: Samples.start.instant, linking: nil, by: .builtIn, at: Samples.start)
        _ = sent.resume(
            before: Samples.start.instant.advanced(by: .seconds(1)), linking: nil, by: .builtIn, at: Samples.start)
        return [late, sent].compactMap(\.failure)
    }()

    /// Whether the last clause says what the person can do.
    private static func endsWithStep(_ text: String) -> Bool {
        let clauses = text.split { ".;:".contains($0) }.map { $0.drop { $0 == " " }.lowercased() }
        let steps = ["look", "run it", "can ", "wake it", "wait"]
        return clauses.last.map { last in steps.contains { last.contains($0) } && !last.contains("by itself") } ?? false
    }
}

extension Samples {
    /// A push that was just recorded.
    fileprivate static func operation() -> OperationRecord {
        OperationRecord(
            id: "op-1", item: ItemReference(project: ProjectID(known: "shop"), key: github), action: .push,
            name: OperationName(owner: "uid:1", key: "k"), requestedBy: "ada", fingerprint: "f", payload: [],
            createdAt: start, words: OperationWords("Pushes"))
    }
}
