// Compiled by `script/fuzz` into one module with TTRPCCore, so it imports nothing.

/// What libFuzzer calls with each input. Anything may be in it; a trap is a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    FuzzedPeer.send(Array(bytes))
    return 0
}

/// A peer that sends the input and hangs up.
enum FuzzedPeer {
    static func send(_ bytes: [UInt8]) {}
}
