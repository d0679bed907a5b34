import Resilience
import StatusCore
import StatusModel
import TestSupport

/// Random values of the domain, with everything that text and numbers can be.
extension SeededGenerator {
    mutating func chance() -> Bool { next() & 1 == 0 }

    mutating func pick<Values: RandomAccessCollection>(_ values: Values) -> Values.Element {
        values[values.index(values.startIndex, offsetBy: Int(next() % UInt64(values.count)))]
    }

    mutating func maybe<Value>(_ value: (inout Self) -> Value) -> Value? { chance() ? value(&self) : nil }

    mutating func some<Value>(max: Int = 3, _ value: (inout Self) -> Value) -> [Value] {
        (0..<Int(next() % UInt64(max + 1))).map { _ in value(&self) }
    }

    mutating func text() -> String {
        let alphabet = ["a", "Z", "0", " ", "·", "ü", "\n", "\0", "\u{7F}", "漢", "🚦", "\"", "\\"]
        return some(max: 24) { $0.pick(alphabet) }.joined()
    }

    mutating func texts() -> [String: String] {
        Dictionary(some { ($0.text(), $0.text()) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func project() -> ProjectID {
        require(ProjectID("p" + some(max: 127) { $0.pick(["a", "B", "7", ".", "/", "@", "-"]) }.joined()))
    }

    mutating func itemKey() -> ItemKey {
        chance() ? .provider(pick(ProviderKey.allCases)) : require(ItemKey("service:worker-\(next() % 1000)"))
    }

    mutating func time() -> UnixTime {
        UnixTime(
            nanoseconds: pick([Int64(bitPattern: next()), .min, .max, -1, 0, Int64(next() >> 2)]))
    }

    mutating func duration() -> Duration {
        .nanoseconds(pick([Int64(bitPattern: next()), .min, .max, -1, 0, Int64(next() % 5_000_000_000)]))
    }

    mutating func count() -> Int { pick([0, 1, .max, Int(next() >> 1)]) }

    mutating func number() -> Int { pick([0, -1, .min, .max, Int(truncatingIfNeeded: next())]) }

    /// A moment not after that of ``TestHost``, and its wall clock anywhere.
    mutating func past() -> Moment {
        Moment(instant: TestHost.now.instant.advanced(by: .nanoseconds(-Int64(next() >> 8))), wall: time())
    }

    mutating func planned() -> Moment {
        Moment(instant: TestHost.now.instant.advanced(by: .nanoseconds(Int64(bitPattern: next()) >> 4)), wall: time())
    }

    mutating func refreshID() -> RefreshID { RefreshID(using: &self) }

    mutating func eventID() -> EventID { EventID(epoch: next(), sequence: pick([0, .max, next()])) }

    mutating func credential() -> CredentialReference {
        let name = text()
        return pick([.file(path: name), .environment(name: name), .systemd(name: name), .oauth(name: name)])
    }

    mutating func timeline() -> StatusTimeline {
        StatusTimeline(
            pick(ConnectionState.allCases),
            turns: some { StatusTimeline.Turn(at: $0.time(), to: $0.pick(ConnectionState.allCases)) })
    }

    mutating func summary() -> Summary {
        Summary(
            some { generator in
                switch generator.next() % 4 {
                case 0: .text(generator.text())
                case 1: .ago(label: generator.text(), generator.time())
                case 2: .restricted(generator.text(), generic: generator.text())
                default: .measured(generator.text())
                }
            })
    }

    func require<Value>(_ value: Value?) -> Value {
        guard let value else { preconditionFailure("the generator made a name that the model refuses") }
        return value
    }
}
