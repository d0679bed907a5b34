/// How many elements a record holds at most.
///
/// More are neither believed when a record is read nor written: a record that could not be read back would cost all of
/// what it holds. Each bound is well beyond what the configuration and the providers allow.
enum RecordBounds {
    /// The newest are kept (SPEC §2: 32 samples).
    static let latenciesMax = 32
    static let turnsMax = 64
    static let summaryPartsMax = 64
    static let environmentsMax = 64
    static let milestonesMax = 64
    static let memoEntriesMax = 128
    static let refusalsMax = 128
    static let namedCredentialsMax = 128
    static let headersMax = 64
    static let statusRangesMax = 64
    static let bodyChecksMax = 64
    static let servicesMax = 128
    static let budgetSlicesMax = 64
    static let runItemsMax = 256
    static let deliveryEventsMax = 64
    static let rolesMax = 8
    static let hiddenItemsMax = 1024
}
