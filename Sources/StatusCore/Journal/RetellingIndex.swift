package import StatusModel

/// Where each item was last told to each role. It knows of as many events as the journal holds, and costs a question as
/// many steps as an event has items.
package struct RetellingIndex: Sendable {
    /// By item: the sequence number of the newest event that tells each role of it; 0 for none.
    private var newest: [ItemReference: SIMD4<UInt64>] = [:]

    package init() {}

    /// How many items it knows of.
    package var count: Int { newest.count }

    /// An event tells of these items. Events come in order.
    package mutating func note(_ items: [ShownItem], at sequence: UInt64) {
        for shown in items {
            for role in shown.roles { newest[shown.item, default: SIMD4()][role.index] = sequence }
        }
    }

    /// That event is held no longer.
    package mutating func forget(_ items: [ShownItem], at sequence: UInt64) {
        for shown in items {
            guard var places = newest[shown.item] else { continue }
            places.replace(with: 0, where: places .<= sequence)
            newest[shown.item] = places == SIMD4() ? nil : places
        }
    }

    /// Whether each of the items that an event tells the role of is told to it again later; false where it tells of none.
    package func isRetold(_ items: [ShownItem], after sequence: UInt64, to role: Role) -> Bool {
        var hasAny = false
        for shown in items where shown.roles.contains(role) {
            guard let places = newest[shown.item], places[role.index] > sequence else { return false }
            hasAny = true
        }
        return hasAny
    }
}
