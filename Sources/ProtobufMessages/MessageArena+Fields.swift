package import CProtobufC

extension MessageArena {
    /// A copy of `text` for a `string` field.
    ///
    /// protobuf-c ends text at its first NUL, so a NUL becomes a space: no word after it is lost.
    package func text(_ text: String) -> UnsafeMutablePointer<CChar> {
        var text = text
        return text.withUTF8 { utf8 in
            let copy = allocate(byteCount: utf8.count + 1).bindMemory(to: CChar.self, capacity: utf8.count + 1)
            for (index, byte) in utf8.enumerated() {
                copy[index] = byte == 0 ? CChar(bitPattern: UInt8(ascii: " ")) : CChar(bitPattern: byte)
            }
            copy[utf8.count] = 0
            return copy
        }
    }

    /// A copy of `bytes` for a `bytes` field.
    package func bytes(_ bytes: UnsafeRawBufferPointer) -> ProtobufCBinaryData {
        let copy = allocate(byteCount: bytes.count)
        if let source = bytes.baseAddress { copy.copyMemory(from: source, byteCount: bytes.count) }
        return ProtobufCBinaryData(len: bytes.count, data: copy.assumingMemoryBound(to: UInt8.self))
    }

    /// The value of a `repeated` message or string field: one pointer for each element. Its count goes into `n_…`.
    @inlinable
    package func list<Elements: Collection, Pointee>(
        _ elements: Elements, _ element: (Elements.Element) -> UnsafeMutablePointer<Pointee>
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<Pointee>?> {
        let pointers = allocate(byteCount: elements.count * MemoryLayout<UnsafeMutablePointer<Pointee>?>.stride)
            .bindMemory(to: UnsafeMutablePointer<Pointee>?.self, capacity: elements.count)
        for (index, value) in elements.enumerated() { pointers[index] = element(value) }
        return pointers
    }
}

extension String {
    /// The text of an unpacked `string` field; nil when it is not valid UTF-8, which protobuf-c does not check.
    package init?(field: UnsafePointer<CChar>?) {
        guard let field else { return nil }
        self.init(validatingCString: field)
    }
}

extension UnsafeRawBufferPointer {
    /// The content of an unpacked `bytes` field, valid as long as its message.
    package init(field: ProtobufCBinaryData) {
        self.init(start: field.data, count: field.data == nil ? 0 : field.len)
    }
}
