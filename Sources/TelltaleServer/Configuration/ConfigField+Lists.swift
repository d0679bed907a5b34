/// How many values a list of a table may hold.
package enum ConfigList {
    package static let elementsMax = 64
}

extension ConfigField {
    /// A list of texts, each once.
    static func list<Element: Hashable & Sendable>(
        _ key: String, _ target: any WritableKeyPath<Section, [Element]> & Sendable, bounds: String,
        render: @escaping @Sendable (Element) -> String,
        parse: @escaping @Sendable (String) throws(ConfigComplaint) -> Element
    ) -> Self {
        let text: @Sendable ([Element]) -> String = { elements in
            "[\(elements.map { "\"\(render($0))\"" }.joined(separator: ", "))]"
        }
        return Self(key, target, bounds: bounds, render: text) { value throws(ConfigComplaint) in
            guard case .array(let values) = value, values.count <= ConfigList.elementsMax else {
                throw ConfigComplaint("expected a list of at most \(ConfigList.elementsMax), found \(value.kind)")
            }
            var elements: [Element] = []
            for (index, value) in values.enumerated() {
                do throws(ConfigComplaint) {
                    elements.append(try element(value, parse))
                } catch {
                    throw ConfigComplaint("its value \(index + 1) \(error.sentence)")
                }
            }
            guard Set(elements).count == elements.count else { throw ConfigComplaint("names something twice") }
            return elements
        }
    }

    private static func element<Element>(
        _ value: ConfigValue, _ parse: (String) throws(ConfigComplaint) -> Element
    ) throws(ConfigComplaint) -> Element {
        guard case .string(let text) = value else { throw ConfigComplaint("is \(value.kind) and must be a string") }
        return try parse(text)
    }
}
