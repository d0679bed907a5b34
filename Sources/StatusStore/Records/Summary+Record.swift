import CTelltaleProtos
import StatusCore
import StatusModel

extension StatusTimeline: RecordPart {
    init(message: Telltale__Store__V1__Timeline, clock: RecordClock) throws(RecordError) {
        self.init(
            try readCase(message.initial, "initial"),
            turns: try readParts(message.turns, count: message.n_turns, max: RecordBounds.turnsMax, "turns", clock))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__Timeline> {
        let message = writer.make(telltale__store__v1__timeline__init)
        message.pointee.initial = initial.number
        (message.pointee.n_turns, message.pointee.turns) = writer.parts(turns, max: RecordBounds.turnsMax)
        return message
    }
}

extension StatusTimeline.Turn: RecordPart {
    init(message: Telltale__Store__V1__Turn, clock: RecordClock) throws(RecordError) {
        self.init(at: UnixTime(nanoseconds: message.at), to: try readCase(message.to, "to"))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__Turn> {
        let message = writer.make(telltale__store__v1__turn__init)
        message.pointee.at = at.nanoseconds
        message.pointee.to = to.number
        return message
    }
}

extension Summary.Part: RecordPart {
    init(message: Telltale__Store__V1__SummaryPart, clock: RecordClock) throws(RecordError) {
        switch message.kind_case {
        case TELLTALE__STORE__V1__SUMMARY_PART__KIND_TEXT: self = .text(try readText(message.text, "text"))
        case TELLTALE__STORE__V1__SUMMARY_PART__KIND_AGO:
            let ago = try readRequired(message.ago, "ago")
            self = .ago(label: try readText(ago.label, "ago.label"), UnixTime(nanoseconds: ago.at))
        case TELLTALE__STORE__V1__SUMMARY_PART__KIND_RESTRICTED:
            let words: ResourceLabel = try readPart(message.restricted, "restricted", clock)
            self = .restricted(words.full, generic: words.generic)
        case TELLTALE__STORE__V1__SUMMARY_PART__KIND_MEASURED:
            self = .measured(try readText(message.measured, "measured"))
        default: throw RecordError(field: "kind", reason: "must be of a kind that this version knows")
        }
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__SummaryPart> {
        let message = writer.make(telltale__store__v1__summary_part__init)
        switch self {
        case .text(let text):
            message.pointee.kind_case = TELLTALE__STORE__V1__SUMMARY_PART__KIND_TEXT
            message.pointee.text = writer.text(text)
        case .ago(let label, let time):
            let ago = writer.make(telltale__store__v1__ago__init)
            ago.pointee.label = writer.text(label)
            ago.pointee.at = time.nanoseconds
            message.pointee.kind_case = TELLTALE__STORE__V1__SUMMARY_PART__KIND_AGO
            message.pointee.ago = ago
        case .restricted(let full, let generic):
            message.pointee.kind_case = TELLTALE__STORE__V1__SUMMARY_PART__KIND_RESTRICTED
            message.pointee.restricted = ResourceLabel(full: full, generic: generic).message(in: writer)
        case .measured(let figure):
            message.pointee.kind_case = TELLTALE__STORE__V1__SUMMARY_PART__KIND_MEASURED
            message.pointee.measured = writer.text(figure)
        }
        return message
    }
}
