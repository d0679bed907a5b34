/// One table of the file: key columns to find a row by, one record that says all of it, and the record's seal.
struct StoreTable: Sendable {
    let name: String
    /// By what a row is found again. It stands in the record too, so that a column whose bits flipped is noticed.
    let identity: [String]
    /// By what rows are listed.
    let place: [String]
    /// By what rows are forgotten.
    let times: [String]
    /// Writes a row, in the order of ``identity``, ``place``, ``times``, record, seal. One that is there already keeps its place.
    let insertion: String
    /// As ``insertion``, but never in conflict: whatever forbids the row goes.
    let replacement: String
    /// As ``insertion``, but never in conflict: what is there already stays.
    let addition: String
    /// The columns that a reader takes: ``identity``, record, seal.
    let columns: String

    /// - Parameters:
    ///   - name: The table's.
    ///   - identity: As ``identity``.
    ///   - place: As ``place``.
    ///   - times: As ``times``.
    ///   - unique: The columns that only one row may have alike, as SQL's conflict target.
    ///   - changing: Columns of `identity` that differ when such a row is written again.
    ///   - orNothing: Whether other columns are unique too, and a row that repeats them is no news.
    init(
        _ name: String, identity: [String], place: [String] = [], times: [String] = [], unique: String,
        changing: [String] = [], orNothing: Bool = false
    ) {
        self.name = name
        self.identity = identity
        self.place = place
        self.times = times
        let all = identity + place + times + ["record", "seal"]
        let target = "(\(all.joined(separator: ", "))) VALUES (\(all.map { _ in "?" }.joined(separator: ", ")))"
        let replaced = (changing + place + times + ["record", "seal"]).map { "\($0) = excluded.\($0)" }
        insertion =
            "INSERT INTO \(name) \(target) ON CONFLICT \(unique) DO UPDATE SET \(replaced.joined(separator: ", "))"
            + (orNothing ? " ON CONFLICT DO NOTHING" : "")
        replacement = "INSERT OR REPLACE INTO \(name) \(target)"
        addition = "INSERT OR IGNORE INTO \(name) \(target)"
        columns = (identity + ["record", "seal"]).joined(separator: ", ")
    }
}

extension StoreTable {
    static let projects = StoreTable("projects", identity: ["project"], unique: "(project)")
    static let links = StoreTable("links", identity: ["project", "item"], unique: "(project, item)")
    static let items = StoreTable("items", identity: ["project", "item"], unique: "(project, item)")
    static let breakers = StoreTable("breakers", identity: ["upstream", "place"], unique: "(upstream, place)")
    static let limits = StoreTable("limits", identity: ["origin", "credential"], unique: "(origin, credential)")
    static let budgets = StoreTable("budgets", identity: ["upstream"], unique: "(upstream)")
    /// A nameless run that is written twice is one run: whoever saw a save fail saves again.
    static let runs = StoreTable(
        "runs", identity: ["project", "kind", "id", "at"], unique: "(project, kind, id) WHERE id <> ''",
        changing: ["at"], orNothing: true)
    static let deliveries = StoreTable(
        "deliveries", identity: ["project", "provider", "id"], times: HostTime.columns,
        unique: "(project, provider, id)")
    static let operations = StoreTable(
        "operations", identity: ["id", "project", "owner", "request"], place: ["item", "created"],
        times: HostTime.columns, unique: "(id)")
    static let linkChanges = StoreTable(
        "link_changes", identity: ["project", "item"], unique: "(project, item)")
    static let events = StoreTable(
        "events", identity: ["epoch", "sequence"], times: HostTime.columns, unique: "(epoch, sequence)")

    /// In the order in which they are read and carried over.
    static let all = [
        projects, links, items, breakers, limits, budgets, runs, deliveries, operations, linkChanges, events,
    ]
}
