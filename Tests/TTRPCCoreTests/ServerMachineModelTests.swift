import TTRPCCore
import TestSupport
import Testing

/// The same rules as naively as they can be written: every stream that ever was, in one table.
private struct ServerModel {
    enum Stream { case unary, open, halfClosed, ended }
    enum Outcome: Equatable { case call, open, data, reject(StatusCode), abort, ignore, close }

    let limits: ServerConnectionLimits
    var streams: [UInt32: Stream] = [:]
    var violationsInARow = 0
    var isDraining = false

    func count(_ kinds: [Stream]) -> Int { streams.values.filter { kinds.contains($0) }.count }
    var active: [UInt32] { streams.filter { $0.value != .ended }.keys.sorted() }

    mutating func receive(_ header: FrameHeader) -> Outcome {
        let id = header.streamID.rawValue
        let flags = header.flags.rawValue
        switch header.type {
        case 1:
            let isKnown = streams.keys.contains { $0 >= id }
            if id % 2 == 0 || isKnown { return violate(id) }
            streams[id] = .ended
            if flags & 3 == 3 { return violate(id) }
            violationsInARow = 0
            if isDraining { return .reject(.unavailable) }
            if flags & 3 == 0 { return .call }
            return count([.open, .halfClosed]) < limits.streamsMax ? .open : .reject(.resourceExhausted)
        case 3:
            switch streams[id] {
            case .open:
                if flags & 1 != 0 { streams[id] = .halfClosed }
                return .data
            case .unary, .halfClosed: return violate(id)
            default:
                let wasPassed = id % 2 == 1 && streams.keys.contains { $0 >= id }
                return wasPassed ? .reject(.invalidArgument) : violate(id)
            }
        case 2: return violate(id)
        default:
            violationsInARow += 1
            return violationsInARow > limits.violationsMax ? .close : .ignore
        }
    }

    private mutating func violate(_ id: UInt32) -> Outcome {
        violationsInARow += 1
        if violationsInARow > limits.violationsMax { return .close }
        return (streams[id] ?? .ended) != .ended ? .abort : .reject(.invalidArgument)
    }
}

@Suite("The server's side of a connection, beside a model")
struct ServerMachineModelTests {
    private static let limits = ServerConnectionLimits(callsMax: 4, streamsMax: 3, violationsMax: 6)

    @Test("does what the model says, for frames of any kind in any order", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func agreement(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for connection in 0..<400 {
            guard play(50, &generator) else {
                Issue.record("seed \(seed), connection \(connection)")
                return
            }
        }
    }

    /// Plays one connection of that many steps; false at the first disagreement.
    private func play(_ steps: Int, _ generator: inout SeededGenerator) -> Bool {
        var machine = ServerConnectionMachine(limits: Self.limits)
        var model = ServerModel(limits: Self.limits)
        for _ in 0..<steps {
            switch Int.random(in: 0..<20, using: &generator) {
            case 0 where Int.random(in: 0..<20, using: &generator) == 0:
                machine.drain()
                model.isDraining = true
            case 1, 2:
                guard let id = model.active.randomElement(using: &generator) else { continue }
                guard machine.ended(StreamID(id)) else { return false }
                model.streams[id] = .ended
            default:
                let header = Self.header(&generator, near: model.streams.keys.max() ?? 0)
                let expected = model.receive(header)
                guard apply(machine.frameReceived(header), of: header, to: &machine, &model, expected) else {
                    return false
                }
                if expected == .close { return true }
            }
            guard machine.callCount == model.count([.unary]), machine.streamCount == model.count([.open, .halfClosed])
            else { return false }
        }
        for id in model.active where !machine.ended(StreamID(id)) { return false }
        return machine.isIdle
    }

    /// Does to machine and model what the server would do; false when the action is not the expected one.
    private func apply(
        _ action: ServerConnectionMachine.OnFrame, of header: FrameHeader, to machine: inout ServerConnectionMachine,
        _ model: inout ServerModel, _ expected: ServerModel.Outcome
    ) -> Bool {
        let id = header.streamID
        switch (action, expected) {
        case (.call(id), .call):
            // Every other call is answered at once.
            guard id.rawValue % 4 == 1 else { return true }
            let isFull = model.count([.unary]) == Self.limits.callsMax
            if !isFull { model.streams[id.rawValue] = .unary }
            return machine.deferred(id)?.code == (isFull ? .resourceExhausted : nil)
        case (.open(id, let remoteClosed), .open):
            machine.opened(id, remoteClosed: remoteClosed)
            model.streams[id.rawValue] = remoteClosed ? .halfClosed : .open
            return remoteClosed == (header.flags.rawValue & 1 != 0)
        case (.data(id, let hasData, let remoteClosed), .data):
            return hasData
                == (header.flags.rawValue & 4 == 0 && !(header.flags.rawValue & 1 != 0 && header.dataByteCount == 0))
                && remoteClosed == (header.flags.rawValue & 1 != 0)
        case (.reject(id, let status), .reject(let code)): return status.code == code
        case (.abort(id, let status), .abort):
            model.streams[id.rawValue] = .ended
            return machine.ended(id) && status.code == .invalidArgument
        case (.ignore, .ignore), (.close, .close): return true
        default: return false
        }
    }

    /// Mostly what a client would send, and the rest anything.
    private static func header(_ generator: inout SeededGenerator, near last: UInt32) -> FrameHeader {
        let id: UInt32 =
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5: last | 1 &+ 2 * .random(in: 0...1, using: &generator)
            case 5..<9: .random(in: 0...(last &+ 2), using: &generator)
            default: .random(in: 0 ... .max / 2, using: &generator)
            }
        let type: UInt8 =
            Int.random(in: 0..<30, using: &generator) == 0
            ? .random(in: 0...9, using: &generator)
            : [1, 1, 3, 3, 3, 2].randomElement(using: &generator) ?? 1
        return FrameHeader(
            dataByteCount: .random(in: 0...2, using: &generator), streamID: StreamID(id), type: type,
            flags: FrameFlags(rawValue: .random(in: 0...7, using: &generator)))
    }
}
