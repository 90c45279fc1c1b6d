/// A JSON object of strings, such as a fact's labels in their column, where people's SQL reads them with
/// `json_extract`.
enum FlatJSON {
    /// Keys in rising order, so that equal objects have equal text.
    static func text(_ object: [String: String]) -> String {
        var result = "{"
        for (key, value) in object.sorted(by: { $0.key < $1.key }) {
            if result.utf8.count > 1 { result += "," }
            append(key, to: &result)
            result += ":"
            append(value, to: &result)
        }
        return result + "}"
    }

    private static func append(_ text: String, to result: inout String) {
        result += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\0"..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        result += "\""
    }

    /// Reads what `text` writes (and spaces between); nil for anything else.
    static func object(_ bytes: some Collection<UInt8>) -> [String: String]? {
        var reader = Reader(bytes: Array(bytes))
        return reader.object()
    }

    private struct Reader {
        let bytes: [UInt8]
        var place = 0

        private mutating func next() -> UInt8? {
            while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
            guard place < bytes.count else { return nil }
            place += 1
            return bytes[place - 1]
        }

        mutating func object() -> [String: String]? {
            guard next() == UInt8(ascii: "{") else { return nil }
            var result: [String: String] = [:]
            guard var sign = next() else { return nil }
            if sign == UInt8(ascii: "}") { return next() == nil ? result : nil }
            while true {
                guard sign == UInt8(ascii: "\""), let key = string(), next() == UInt8(ascii: ":"),
                    next() == UInt8(ascii: "\""), let value = string(), let after = next()
                else { return nil }
                result[key] = value
                if after == UInt8(ascii: "}") { return next() == nil ? result : nil }
                guard after == UInt8(ascii: ","), let following = next() else { return nil }
                sign = following
            }
        }

        /// After the opening quote, up to and with the closing one.
        private mutating func string() -> String? {
            var text: [UInt8] = []
            while place < bytes.count {
                let byte = bytes[place]
                place += 1
                switch byte {
                case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    guard place < bytes.count else { return nil }
                    let escaped = bytes[place]
                    place += 1
                    switch escaped {
                    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escaped)
                    case UInt8(ascii: "u"):
                        // Only control characters are written so.
                        guard place + 4 <= bytes.count,
                            let code = UInt8(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
                        else { return nil }
                        place += 4
                        text.append(code)
                    default: return nil
                    }
                default: text.append(byte)
                }
            }
            return nil
        }
    }
}
