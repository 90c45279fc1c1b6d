/// Facts as JSON Lines: what the decoder reads back as the same fact.
package enum FactEncoder {
    /// One fact as a JSON object, without a line end. Members in schema order, missing ones left out; times in UTC,
    /// money as a decimal string, labels by name. A tombstone has `deleted` and no members.
    package static func line(_ fact: Fact) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(320)
        encode(fact, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the object to `bytes`.
    package static func encode(_ fact: Fact, into bytes: inout [UInt8]) {
        bytes.append(contentsOf: #"{"kind":""#.utf8)
        bytes.append(contentsOf: fact.kind.name.utf8)
        bytes.append(contentsOf: #"","store":"#.utf8)
        bytes.append(jsonString: fact.store)
        bytes.append(contentsOf: #","id":"#.utf8)
        bytes.append(jsonString: fact.id)
        if let updatedAt = fact.updatedAt { append(updatedAt, as: "updated_at", into: &bytes) }
        if fact.isDeleted {
            bytes.append(contentsOf: #","deleted":true}"#.utf8)
            return
        }
        for member in Schema[fact.kind].members where fact.has(member) {
            if member.type == .string {
                appendName(member.name, into: &bytes)
                bytes.append(jsonString: fact.texts[member.slot] ?? "")
                continue
            }
            let number = fact.numbers[member.slot]
            switch member.type {
            case .time: append(Timestamp(microseconds: number), as: member.name, into: &bytes)
            case .bool:
                appendName(member.name, into: &bytes)
                bytes.append(contentsOf: (number == 0 ? "false" : "true").utf8)
            case .word(let words):
                appendName(member.name, into: &bytes)
                bytes.append(jsonString: words[Int(number)])
            case .number, .string:
                appendName(member.name, into: &bytes)
                if member.isMoney { bytes.append(UInt8(ascii: "\"")) }
                FixedPoint(millionths: number).write(to: &bytes)
                if member.isMoney { bytes.append(UInt8(ascii: "\"")) }
            }
        }
        if !fact.labels.isEmpty {
            bytes.append(contentsOf: #","labels":{"#.utf8)
            for (index, label) in fact.labels.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(jsonString: label.key)
                bytes.append(UInt8(ascii: ":"))
                bytes.append(jsonString: label.value)
            }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private static func appendName(_ name: String, into bytes: inout [UInt8]) {
        bytes.append(contentsOf: #",""#.utf8)
        bytes.append(contentsOf: name.utf8)
        bytes.append(contentsOf: #"":"#.utf8)
    }

    private static func append(_ moment: Timestamp, as name: String, into bytes: inout [UInt8]) {
        appendName(name, into: &bytes)
        bytes.append(UInt8(ascii: "\""))
        moment.write(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }
}

extension [UInt8] {
    /// A JSON string with its quotes; what JSON demands is escaped, all else as it is.
    package mutating func append(jsonString text: String) {
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            case 0x0A: append(contentsOf: #"\n"#.utf8)
            case 0x0D: append(contentsOf: #"\r"#.utf8)
            case 0x09: append(contentsOf: #"\t"#.utf8)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                append(contentsOf: #"\u00"#.utf8)
                append(digits[Int(byte >> 4)])
                append(digits[Int(byte & 15)])
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }
}
