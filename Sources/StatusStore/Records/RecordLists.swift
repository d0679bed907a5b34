import CProtobufC
import CTelltaleProtos

// How the repeated fields of records are read: never more elements than the bound says.

func readParts<Part: RecordPart>(
    _ elements: UnsafeMutablePointer<UnsafeMutablePointer<Part.Message>?>?, count: Int, max: Int,
    _ name: StaticString, _ clock: RecordClock
) throws(RecordError) -> [Part] {
    let elements = try bounded(elements, count: count, max: max, name)
    guard !elements.isEmpty else { return [] }
    var parts: [Part] = []
    parts.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
        guard let element else { continue }
        do { parts.append(try Part(message: element.pointee, clock: clock)) } catch {
            throw error.within(name, index: index)
        }
    }
    return parts
}

func readTexts(
    _ elements: UnsafeMutablePointer<ProtobufCBinaryData>?, count: Int, max: Int, _ name: StaticString
) throws(RecordError) -> [String] {
    var texts: [String] = []
    for element in try bounded(elements, count: count, max: max, name) { texts.append(try readText(element, name)) }
    return texts
}

func readLatencies(
    _ elements: UnsafeMutablePointer<Int64>?, count: Int, _ name: StaticString
) throws(RecordError) -> [Duration] {
    try bounded(elements, count: count, max: RecordBounds.latenciesMax, name).map { .nanoseconds($0) }
}

/// Texts by their names.
func readEntries(
    _ elements: UnsafeMutablePointer<UnsafeMutablePointer<Telltale__Store__V1__TextEntry>?>?, count: Int, max: Int,
    _ name: StaticString
) throws(RecordError) -> [String: String] {
    let elements = try bounded(elements, count: count, max: max, name)
    guard !elements.isEmpty else { return [:] }
    var entries: [String: String] = [:]
    entries.reserveCapacity(elements.count)
    for element in elements {
        guard let entry = element?.pointee else { continue }
        try enter(try readText(entry.value, name), under: try readText(entry.name, name), into: &entries, name)
    }
    return entries
}

/// Notes an element under a key that no other has.
func enter<Key: Hashable, Value>(
    _ value: Value, under key: Key, into entries: inout [Key: Value], _ name: StaticString
) throws(RecordError) {
    guard entries.updateValue(value, forKey: key) == nil else {
        throw RecordError(field: name, reason: "must hold each key once")
    }
}

/// The elements, if they are no more than `max`.
func bounded<Element>(
    _ elements: UnsafeMutablePointer<Element>?, count: Int, max: Int, _ name: StaticString
) throws(RecordError) -> UnsafeBufferPointer<Element> {
    guard count <= max else { throw RecordError(field: name, reason: "must have at most \(max) elements") }
    guard let elements else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(start: elements, count: count)
}
