import StatusCore
import StatusModel
import Testing

@Suite("What roles read of the store's trouble")
struct StoreErrorRedactionTests {
    @Test("only owner and admin read where the store is, and the others what it means", arguments: Role.allCases)
    func place(role: Role) {
        for code in [StoreError.Code.full, .corrupt, .newerSchema, .inUse, .unavailable] {
            let error = StoreError(code: code, message: "The store /var/lib/telltale/telltale.db fails; look at it")
            let seen = error.message(for: role)
            #expect(seen.contains("/var") == (role >= .admin))
            #expect(seen.contains("store"))
        }
    }
}
