// The store, found damaged by somebody else than a save.
extension StatusEngine {
    /// The store was damaged and has been begun anew: it gets all that is known once more.
    package func storeBegunAnew() {
        keepEverything()
        startSaving()
    }
}
