import FoundationEssentials
import StatusCore
import StatusModel

/// Reads the parameters of an action: one JSON object (RFC 8259), or nothing, which is an empty one.
enum ActionPayload {
    /// How many values it may hold.
    static let valuesMax = ActionRequest.payloadValuesMax

    /// The object.
    ///
    /// - Throws: ``ActionFailure`` for anything else, also for an object that names one thing twice.
    static func object(_ bytes: [UInt8]) throws(ActionFailure) -> ConfigValue {
        guard !bytes.isEmpty else { return .object([:]) }
        guard bytes.count <= ActionRequest.payloadBytesMax, let value = strictObject(bytes) else {
            throw .malformedPayload
        }
        return value
    }

    /// The object that the bytes are, as they stand: they can be put into other JSON. The scanner goes first: it bounds depth
    /// and count and finds what stands twice, and it takes more than JSON; so does the decoder, by a comma.
    static func strictObject(_ bytes: [UInt8]) -> ConfigValue? {
        guard bytes.first != 0xEF, let reading = try? ConfigScanner.read(bytes, valuesMax: valuesMax),
            !reading.hasDuplicates, !hasTrailingComma(bytes)
        else { return nil }
        return try? JSONDecoder().decode(ConfigValue.self, from: Data(bytes))
    }

    /// Whether a comma stands before a closing bracket, in what may otherwise be JSON.
    private static func hasTrailingComma(_ bytes: [UInt8]) -> Bool {
        var isInString = false
        var isEscaped = false
        var last: UInt8 = 0
        for byte in bytes {
            if isInString {
                if byte == UInt8(ascii: "\""), !isEscaped { isInString = false }
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            } else if byte > 0x20 {
                if last == UInt8(ascii: ","), byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { return true }
                isInString = byte == UInt8(ascii: "\"")
                last = byte
            }
        }
        return false
    }

    /// Reads an object as a section of the configuration in which `keys` may stand. `body` makes something of it, or records
    /// in it why it cannot: the first such mistake is thrown.
    static func read<Output>(
        _ value: ConfigValue, keys: [String], _ body: (ConfigSection) -> Output?
    ) throws(ActionFailure) -> Output {
        let mistakes = MistakeCollector()
        let output = ConfigSection(value, at: ConfigPath(), keys: keys, mistakes: mistakes).flatMap(body)
        if let mistake = mistakes.located(in: "", by: ConfigSourceMap()).first { throw failure(mistake) }
        guard let output else { throw ActionFailure.invalid("", "says nothing") }
        return output
    }

    /// The words of a mistake may quote a name, so viewers get others.
    private static func failure(_ mistake: ConfigMistake) -> ActionFailure {
        let path = mistake.path.steps.isEmpty ? "payload" : "payload.\(mistake.path)"
        return ActionFailure(
            .invalidArgument, reason: "PAYLOAD_INVALID",
            OperationWords("\(path): \(mistake.message)", generic: "The payload is not what the action takes."),
            field: path)
    }
}
