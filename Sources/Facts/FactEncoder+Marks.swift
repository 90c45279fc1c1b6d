extension FactEncoder {
    /// A mark as a line of an export, without a line end.
    package static func encode(_ mark: Mark, into bytes: inout [UInt8]) {
        func append(_ name: String, _ text: String) {
            bytes.append(contentsOf: ",\"\(name)\":".utf8)
            bytes.append(jsonString: text)
        }
        bytes.append(contentsOf: "{\"kind\":\"\(FactDecoder.markKind)\"".utf8)
        append("store", mark.store)
        append("of", mark.fact.kind.name)
        append("id", mark.fact.id)
        append("member", mark.member.name)
        append("value", mark.valueText)
        append("by", mark.by)
        append("why", mark.why)
        append("at", "\(mark.at)")
        if let until = mark.until { append("until", "\(until)") }
        if let undoing = mark.undoing {
            append("undone_at", "\(undoing.at)")
            append("undone_by", undoing.by)
            append("undone_why", undoing.why)
        }
        bytes.append(UInt8(ascii: "}"))
    }
}
