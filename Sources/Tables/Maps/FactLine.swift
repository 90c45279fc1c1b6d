import Facts

/// A line of facts while it is made.
struct FactLine {
    private let kind: FactKind
    private(set) var store: String?
    private(set) var id: String?
    private var bytes: [UInt8] = []
    private var hasValue = false
    /// Where the value of `buyer` stands.
    private var buyer: Range<Int>?

    init(kind: FactKind) {
        self.kind = kind
        bytes.append(contentsOf: "{\"kind\":\"\(kind.name)\"".utf8)
    }

    var text: String { String(decoding: bytes, as: UTF8.self) + "}" }

    /// For quarantine: who bought is blanked.
    var kept: String {
        guard let buyer else { return text }
        return String(
            decoding: bytes[..<buyer.lowerBound] + Array("\"…\"".utf8) + bytes[buyer.upperBound...], as: UTF8.self)
            + "}"
    }

    /// A measure of which neither a value nor what it is held against is known.
    var isEmptyReading: Bool { kind == .measure && !hasValue }

    mutating func add(store: String) {
        self.store = store
        add("store", text: store)
    }

    mutating func add(id: String) {
        self.id = id
        add("id", text: id)
    }

    mutating func add(_ name: String, text: String) {
        addName(name)
        let start = bytes.count
        bytes.append(jsonString: text)
        if name == "buyer" { buyer = start..<bytes.count }
    }

    /// A number or a bool, as it is written.
    mutating func add(_ name: String, raw: String) {
        if name == "value" || name == "expected" { hasValue = true }
        addName(name)
        bytes.append(contentsOf: raw.utf8)
    }

    mutating func add(labels: [(name: String, text: String)]) {
        guard !labels.isEmpty else { return }
        addName("labels")
        bytes.append(UInt8(ascii: "{"))
        for (place, label) in labels.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(jsonString: label.name)
            bytes.append(UInt8(ascii: ":"))
            bytes.append(jsonString: label.text)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func addName(_ name: String) {
        bytes.append(UInt8(ascii: ","))
        bytes.append(jsonString: name)
        bytes.append(UInt8(ascii: ":"))
    }
}
