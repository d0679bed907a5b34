/// Why a value cannot be what its key asks for, in one sentence that says what would be right.
struct ConfigComplaint: Error {
    var sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}
