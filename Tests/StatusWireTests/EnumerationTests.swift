import CTelltaleProtos
import ProtobufMessages
import StatusModel
import StatusWire
import Testing

@Suite("Values of an enum on the wire")
struct EnumerationTests {
    private let arena = MessageArena()

    @Test("an item whose enums are absent or unknown promises nothing", arguments: [0, 99, .max] as [UInt32])
    func unrecognised(value: UInt32) throws {
        try arena.scoped {
            let message = IntegrationStatus(key: .provider(.github)).message(in: arena)
            message.pointee.status = Telltale__V1__ConnectionState(rawValue: value)
            message.pointee.freshness = Telltale__V1__Freshness(rawValue: value)
            message.pointee.configured_reason = Telltale__V1__ConfiguredReason(rawValue: value)
            let problem = arena.make(telltale__v1__problem__init)
            problem.pointee.code = Telltale__V1__ProblemCode(rawValue: value)
            problem.pointee.cause = Telltale__V1__ProblemCause(rawValue: value)
            message.pointee.problem = problem

            let status = try IntegrationStatus(message: message.pointee)
            #expect(status.status == .warning)
            #expect(status.freshness == .old)
            #expect(status.configuredReason == nil)
            #expect(status.problem?.code == .unknown)
            #expect(status.problem?.cause == .provider)
        }
    }

    @Test("every state is what the proto says")
    func states() {
        let expected: [(ConnectionState, UInt32)] = [(.connected, 1), (.warning, 2), (.error, 3), (.disconnected, 4)]
        arena.scoped {
            for (state, number) in expected {
                var status = IntegrationStatus(key: .provider(.github))
                status.status = state
                #expect(status.message(in: arena).pointee.status.rawValue == number)
            }
        }
    }

    @Test("the breaker's states are what the proto says, and one that is not told is none")
    func breaker() {
        let expected: [(BreakerState?, UInt32)] = [(nil, 0), (.closed, 1), (.open, 2), (.halfOpen, 3)]
        arena.scoped {
            for (breaker, number) in expected {
                let explanation = ItemExplanation(status: IntegrationStatus(key: .provider(.github)), breaker: breaker)
                #expect(explanation.message(in: arena).pointee.breaker.rawValue == number)
            }
        }
    }

    @Test("a part's health has the numbers of the published protocol")
    func health() {
        let expected: [(ServingStatus, [UInt8])] = [
            (.unknown, []), (.serving, [8, 1]), (.notServing, [8, 2]), (.serviceUnknown, [8, 3]),
        ]
        for (status, bytes) in expected { #expect(status.encoded(in: arena) == bytes) }
    }
}
