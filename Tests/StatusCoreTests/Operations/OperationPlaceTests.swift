import StatusCore
import StatusModel
import Testing

@Suite("A place in a list of operations")
struct OperationPlaceTests {
    @Test(
        "its text is read back as it was", arguments: [Int64.min, -1, 0, 1_767_225_600_000_000_000, .max], ["a", "7.b"])
    func roundTrip(nanoseconds: Int64, id: String) {
        let place = OperationPlace(createdAt: UnixTime(nanoseconds: nanoseconds), id: id)
        #expect(OperationPlace(place.description) == place)
    }

    @Test(
        "no other text is one",
        arguments: [
            "", ".", "1", "1.", ".a", "+1.a", "01.a", "-0.a", " 1.a", "9223372036854775808.a", "1,a", "ä.a",
            "1." + String(repeating: "a", count: OperationQuery.idBytesMax + 1),
        ])
    func malformed(text: String) { #expect(OperationPlace(text) == nil) }
}
