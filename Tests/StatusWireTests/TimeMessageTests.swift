import CTelltaleProtos
import ProtobufMessages
import StatusModel
import StatusWire
import Testing

@Suite("Times and durations on the wire")
struct TimeMessageTests {
    private let arena = MessageArena()

    private func timestamp(_ seconds: Int64, _ nanos: Int32) -> Google__Protobuf__Timestamp {
        var message = arena.scoped { arena.make(google__protobuf__timestamp__init).pointee }
        message.seconds = seconds
        message.nanos = nanos
        return message
    }

    private func duration(_ seconds: Int64, _ nanos: Int32) -> Google__Protobuf__Duration {
        var message = arena.scoped { arena.make(google__protobuf__duration__init).pointee }
        message.seconds = seconds
        message.nanos = nanos
        return message
    }

    @Test(
        "an instant is whole seconds since the epoch, rounded down, and nanoseconds after them",
        arguments: [
            (0, 0, 0), (1, 0, 1), (-1, -1, 999_999_999), (1_500_000_000, 1, 500_000_000),
            (-1_000_000_000, -1, 0), (.max, 9_223_372_036, 854_775_807), (.min, -9_223_372_037, 145_224_192),
        ] as [(Int64, Int64, Int32)])
    func instants(nanoseconds: Int64, seconds: Int64, nanos: Int32) throws {
        let time = UnixTime(nanoseconds: nanoseconds)
        arena.scoped {
            let message = time.message(in: arena).pointee
            #expect(message.seconds == seconds)
            #expect(message.nanos == nanos)
        }
        #expect(try UnixTime(message: timestamp(seconds, nanos)) == time)
    }

    @Test(
        "a valid instant beyond what the model holds is clamped",
        arguments: [(-62_135_596_800, Int64.min), (253_402_300_799, Int64.max)] as [(Int64, Int64)])
    func clamped(seconds: Int64, nanoseconds: Int64) throws {
        let time = try UnixTime(message: timestamp(seconds, 0))
        #expect(time.nanoseconds == nanoseconds)
    }

    @Test(
        "an instant that the message is not defined for is refused",
        arguments: [
            (Int64.min, 0, "seconds"), (.max, 0, "seconds"), (-62_135_596_801, 0, "seconds"),
            (253_402_300_800, 0, "seconds"), (0, -1, "nanos"), (0, 1_000_000_000, "nanos"), (0, .min, "nanos"),
        ] as [(Int64, Int32, String)])
    func refusedInstants(seconds: Int64, nanos: Int32, field: String) {
        #expect { try UnixTime(message: timestamp(seconds, nanos)) } throws: { ($0 as? WireError)?.field == field }
    }

    @Test(
        "a duration is seconds and nanoseconds of the same sign",
        arguments: [
            (Duration.zero, 0, 0), (.nanoseconds(1), 0, 1), (.nanoseconds(-1), 0, -1),
            (.milliseconds(-1500), -1, -500_000_000), (.seconds(315_576_000_000), 315_576_000_000, 0),
        ] as [(Duration, Int64, Int32)])
    func durations(value: Duration, seconds: Int64, nanos: Int32) throws {
        arena.scoped {
            let message = value.message(in: arena).pointee
            #expect(message.seconds == seconds)
            #expect(message.nanos == nanos)
        }
        #expect(try Duration(message: duration(seconds, nanos)) == value)
    }

    @Test("a duration beyond ten thousand years is cut to them, and one below a nanosecond to none")
    func cutDurations() {
        arena.scoped {
            #expect(Duration.seconds(Int64.max).message(in: arena).pointee.seconds == 315_576_000_000)
            #expect(Duration.seconds(Int64.min).message(in: arena).pointee.seconds == -315_576_000_000)
            #expect(Duration(secondsComponent: 0, attosecondsComponent: 999).message(in: arena).pointee.nanos == 0)
        }
    }

    @Test(
        "a duration that the message is not defined for is refused",
        arguments: [
            (Int64.min, 0, "seconds"), (.max, 0, "seconds"), (315_576_000_001, 0, "seconds"),
            (0, 1_000_000_000, "nanos"), (0, .min, "nanos"), (1, -1, "nanos"), (-1, 1, "nanos"),
        ] as [(Int64, Int32, String)])
    func refusedDurations(seconds: Int64, nanos: Int32, field: String) {
        #expect { try Duration(message: duration(seconds, nanos)) } throws: { ($0 as? WireError)?.field == field }
    }
}
