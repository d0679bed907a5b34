import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusModel

/// Builds the fields of records in an arena.
struct RecordWriter {
    let arena: MessageArena
    let boot: BootClock
    let now: Moment

    var bootID: ProtobufCBinaryData { text(boot.id) }

    /// A new message, made by its generated `…__init` function.
    func make<Message>(_ initialize: (UnsafeMutablePointer<Message>?) -> Void) -> UnsafeMutablePointer<Message> {
        arena.make(initialize)
    }

    /// The value of a field of text, NULs and all.
    func text(_ text: String) -> ProtobufCBinaryData {
        var text = text
        return text.withUTF8 { arena.bytes(UnsafeRawBufferPointer($0)) }
    }

    /// The value of a field of text that is read back with at most `max` bytes; what is longer is cut after a character.
    func text(_ text: String, max: Int) -> ProtobufCBinaryData {
        guard text.utf8.count > max else { return self.text(text) }
        var end = text.utf8.index(text.startIndex, offsetBy: max)
        while end > text.startIndex, end.samePosition(in: text) == nil { end = text.utf8.index(before: end) }
        return self.text(String(text[..<end]))
    }

    func bytes(_ bytes: [UInt8]) -> ProtobufCBinaryData {
        bytes.withUnsafeBytes { arena.bytes($0) }
    }

    func text(ifAny text: String?) -> UnsafeMutablePointer<Telltale__Store__V1__Text>? {
        text.map { text in
            let message = arena.make(telltale__store__v1__text__init)
            message.pointee.value = self.text(text)
            return message
        }
    }

    func refreshID(_ id: RefreshID?) -> ProtobufCBinaryData {
        id.map { text($0.description) } ?? ProtobufCBinaryData()
    }

    func time(_ time: UnixTime?) -> UnsafeMutablePointer<Telltale__Store__V1__Time>? {
        time.map { time in
            let message = arena.make(telltale__store__v1__time__init)
            message.pointee.nanoseconds = time.nanoseconds
            return message
        }
    }

    func moment(_ moment: Moment?) -> UnsafeMutablePointer<Telltale__Store__V1__Moment>? {
        moment.map { moment in
            let message = arena.make(telltale__store__v1__moment__init)
            message.pointee.wall = moment.wall.nanoseconds
            message.pointee.since_boot = boot.origin.duration(to: moment.instant).saturatedNanoseconds
            return message
        }
    }

    /// A bare instant, with what the wall clock read then by what it reads now.
    func moment(of instant: ContinuousClock.Instant?) -> UnsafeMutablePointer<Telltale__Store__V1__Moment>? {
        moment(
            instant.map { instant in
                Moment(instant: instant, wall: now.wall.advanced(by: now.instant.duration(to: instant)))
            })
    }

    func part<Part: RecordPart>(_ part: Part?) -> UnsafeMutablePointer<Part.Message>? {
        part?.message(in: self)
    }
}

/// A repeated field: its `n_…`, and the field itself.
typealias Repeated<Element> = (count: Int, elements: UnsafeMutablePointer<Element>?)

// Of each at most as many as are read back.
extension RecordWriter {
    func parts<Part: RecordPart>(_ parts: some Collection<Part>, max: Int) -> Repeated<
        UnsafeMutablePointer<Part.Message>?
    > {
        values(parts, max: max) { $0.message(in: self) }
    }

    func texts(_ texts: some Collection<String>, max: Int) -> Repeated<ProtobufCBinaryData> {
        values(texts, max: max) { text($0) }
    }

    func entries(_ entries: [String: String], max: Int) -> Repeated<
        UnsafeMutablePointer<Telltale__Store__V1__TextEntry>?
    > {
        values(entries, max: max) { TextEntry(name: $0.key, value: $0.value).message(in: self) }
    }

    func numbers<Case: RecordEnumeration>(_ cases: some Collection<Case>, max: Int) -> Repeated<Case.Number> {
        values(cases, max: max) { $0.number }
    }

    /// The newest latencies, which stand last.
    func latencies(_ latencies: [Duration]) -> Repeated<Int64> {
        let max = RecordBounds.latenciesMax
        return values(latencies.suffix(max), max: max) { $0.saturatedNanoseconds }
    }

    private func values<Elements: Collection, Value>(
        _ elements: Elements, max: Int, _ value: (Elements.Element) -> Value
    ) -> Repeated<Value> {
        let countMax = min(elements.count, max)
        guard countMax > 0 else { return (0, nil) }
        let values = arena.allocate(byteCount: countMax * MemoryLayout<Value>.stride)
            .bindMemory(to: Value.self, capacity: countMax)
        var count = 0
        for element in elements {
            guard count < countMax else { break }
            values[count] = value(element)
            count += 1
        }
        return (count, values)
    }
}
