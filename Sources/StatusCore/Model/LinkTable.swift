package import StatusModel

/// The links of one project by item: a handful in a list, which takes half of what a dictionary does and is searched as
/// fast.
package struct LinkTable: Hashable, Sendable, Sequence {
    package typealias Element = (key: ItemKey, value: Link)

    private struct Entry: Hashable, Sendable {
        var key: ItemKey
        var link: Link
    }

    /// By key, so that equal tables are equal lists.
    private var entries: [Entry] = []

    package init(_ links: [ItemKey: Link] = [:]) {
        entries = links.sorted { $0.key < $1.key }.map { Entry(key: $0.key, link: $0.value) }
    }

    package var count: Int { entries.count }

    package var isEmpty: Bool { entries.isEmpty }

    /// The items, in order.
    package var keys: [ItemKey] { entries.map(\.key) }

    /// The links, in the order of their items.
    package var values: [Link] { entries.map(\.link) }

    package subscript(key: ItemKey) -> Link? {
        get { entries.first { $0.key == key }?.link }
        set {
            let index = entries.firstIndex { $0.key >= key } ?? entries.endIndex
            let isKnown = index < entries.endIndex && entries[index].key == key
            switch (newValue, isKnown) {
            case (let link?, true): entries[index].link = link
            case (let link?, false): entries.insert(Entry(key: key, link: link), at: index)
            case (nil, true): entries.remove(at: index)
            case (nil, false): break
            }
        }
    }

    package func makeIterator() -> AnyIterator<Element> {
        var rest = entries.makeIterator()
        return AnyIterator { rest.next().map { ($0.key, $0.link) } }
    }
}

extension LinkTable: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (ItemKey, Link)...) {
        for (key, link) in elements { self[key] = link }
    }
}
