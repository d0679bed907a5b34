import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

/// One action on one link, by somebody whose token must never turn up anywhere but in the one header.
struct ActionScene {
    static let canary = "tok_CANARY0123456789abcdefCANARY"
    static let operationID = "0198f0c2-7b1e-7c1a-9d2f-0123456789ab"
    /// 2025-09-11T14:20:00Z.
    static let wall = UnixTime(seconds: 1_757_600_400)

    var call: ActionCall

    init(
        _ action: IntegrationAction, _ target: Link.Target, payload: String = "", secret: String? = Self.canary,
        now: Moment = Moment(instant: .now, wall: Self.wall), timeGiven: Duration = .seconds(30)
    ) {
        let link = Link(target: target)
        call = ActionCall(
            operationID: Self.operationID, item: ItemReference(project: Self.project, key: link.key), action: action,
            link: link, secret: secret.map(Secret.init), payload: Array(payload.utf8), now: now,
            deadline: now.instant.advanced(by: timeGiven))
    }

    private static let project: ProjectID = {
        guard let id = ProjectID("shop") else { preconditionFailure("the name is well formed") }
        return id
    }()

    func plan(_ executor: some ActionExecutor) -> Result<ActionPlan, ActionFailure> {
        Result { () throws(ActionFailure) in try executor.plan(call) }
    }

    func perform(_ executor: some ActionExecutor) async -> Result<ActionStep, ActionFailure> {
        do throws(ActionFailure) {
            return .success(try await executor.perform(call))
        } catch {
            return .failure(error)
        }
    }

    func follow(_ handle: String, _ executor: some ActionExecutor) async -> Result<ActionStep, ActionFailure> {
        do throws(ActionFailure) {
            return .success(try await executor.follow(handle, call))
        } catch {
            return .failure(error)
        }
    }
}

extension Result where Failure == ActionFailure {
    var failure: ActionFailure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}

extension Result where Success == ActionStep, Failure == ActionFailure {
    /// What it came to; nil when it is not done.
    var done: ActionResult? {
        if case .success(.done(let result)) = self { result } else { nil }
    }

    /// Under which name it is followed; nil when it is not.
    var handle: String? {
        if case .success(.working(let handle, _, _, _)) = self { handle } else { nil }
    }

    /// All that people may read of it.
    var words: [String] {
        switch self {
        case .success(.done(let result)):
            [result.words.full, result.words.generic, String(decoding: result.json, as: UTF8.self)]
                + result.milestones.map(\.message)
        case .success(.failed(let failure, let milestones)):
            [failure.message.full, failure.message.generic, failure.reason] + milestones.map(\.message)
        case .success(.working(let handle, let words, let milestones, _)):
            [handle, words.full, words.generic] + milestones.map(\.message)
        case .failure(let failure): [failure.message.full, failure.message.generic, failure.reason, failure.field]
        }
    }

    /// Whether any of it holds the text.
    func tells(_ text: String) -> Bool { words.contains { $0.contains(text) } }
}

/// What an answer to a request that changes something makes of the action.
struct RefusalRow: CustomTestStringConvertible, Sendable {
    var name: String
    var status: Int
    var headers: HTTPHeaders = HTTPHeaders()
    var body = ""
    var code: ActionFailure.Code
    var reason: String
    /// Seconds after the answer, when it is of use to try again.
    var wait: Int64?
    /// Whether nobody with the same secret may ask until then.
    var holdsReads = false
    /// What the words hold.
    var says = ""
    var isUnknown = false

    var testDescription: String { name }
    var response: HTTPResponse { HTTPResponse(status, headers, text: body) }

    /// Nobody knows what became of it.
    static func lost(_ name: String, _ status: Int, _ body: String) -> Self {
        Self(name: name, status: status, body: body, code: .unknown, reason: "OUTCOME_UNKNOWN", isUnknown: true)
    }

    /// Holds an outcome to the row.
    func check(_ outcome: Result<ActionStep, ActionFailure>) {
        let failure = outcome.failure
        #expect(failure?.code == code)
        #expect(failure?.reason == reason)
        #expect(failure?.isOutcomeUnknown == isUnknown)
        #expect(failure?.retryAfter == wait.map { ActionScene.wall.advanced(by: .seconds($0)) })
        #expect(failure?.sharedLimitEndsAt == (holdsReads ? failure?.retryAfter : nil))
        #expect(says.isEmpty || outcome.tells(says))
        #expect(!outcome.tells(ActionScene.canary))
    }
}

/// Every way in which a request gets no answer, and whether it may have reached its goal.
enum LostRequests {
    static let rows: [(kind: HTTPClientError.Kind, isUnknown: Bool)] = [
        (.dns, false), (.connect, false), (.tls(.handshake), false), (.tls(.expired), false), (.addressRefused, false),
        (.held(until: .now), false), (.overloaded, false), (.invalidRequest, false), (.timeout, true), (.reset, true),
        (.cancelled, true), (.malformedResponse, true), (.bodyTooLarge, true), (.other, true),
    ]
}
