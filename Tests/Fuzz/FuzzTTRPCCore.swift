// Compiled by `script/fuzz` into one module with TTRPCCore, so it imports nothing.

/// What libFuzzer calls with each input. Anything may be in it; a trap is a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let finding = FuzzedPeer.finding(in: bytes) { preconditionFailure(finding) }
    return 0
}
