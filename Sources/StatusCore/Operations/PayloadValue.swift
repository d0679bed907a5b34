/// What a payload says, to be written in one spelling.
enum PayloadValue {
    /// By the names' bytes.
    case object([(name: String, value: PayloadValue)])
    case list([PayloadValue])
    /// In its one spelling.
    case scalar([UInt8])

    /// The members in any order; each name once.
    static func object(_ members: [String: PayloadValue]) -> Self {
        let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return .object(sorted.map { ($0.key, $0.value) })
    }

    /// Appends it, each byte once: nothing is copied for standing deep.
    func write(to bytes: inout [UInt8]) {
        switch self {
        case .scalar(let spelling): bytes += spelling
        case .list(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes += JSONText.spelling(of: member.name)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}
