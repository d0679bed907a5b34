/// The numbers by which a view is made; the defaults are those of SPEC §2.
package struct ViewPolicy: Hashable, Sendable {
    /// Content over this age is ageing, and stale.
    package var ageingAfter: Duration = .seconds(90)
    /// Content over this age is old.
    package var oldAfter: Duration = .seconds(300)
    /// For this long throttling leaves the status as it was.
    package var throttlingTransparentFor: Duration = .seconds(120)
    /// A refresh may be late by this much before its item counts as overdue: the adapters' deadline is 2.5 s.
    package var overdueGrace: Duration = .seconds(5)
    /// No view is valid for longer, so that words heal within this time after the wall clock was stepped.
    package var validityMax: Duration = .seconds(60)

    package init() {}
}
