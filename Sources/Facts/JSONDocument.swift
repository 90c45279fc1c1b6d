import CJSON

/// One JSON document, read to be walked by name: what platforms answer, whose members are known by nobody else.
///
/// Numbers are never made binary fractions: a value gives the text that stood there.
package final class JSONDocument {
    private let reader = JSONReader()
    /// They lie in the reader.
    fileprivate let tokens: JSONReader.Tokens

    /// Why a text is no document.
    package enum Fault: Error, Sendable, Hashable { case empty, notJSON, scalar, tooLarge }

    package init(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
        let outcome = reader.read(bytes)
        tokens = reader.tokens
        switch outcome {
        case CJSON_OK: break
        case CJSON_EMPTY: throw .empty
        case CJSON_SCALAR: throw .scalar
        case CJSON_TOO_LARGE: throw .tooLarge
        default: throw .notJSON
        }
    }

    package var root: JSONNode { JSONNode(document: self, place: 0) }
}

/// A value within a document, which it keeps alive.
package struct JSONNode {
    fileprivate let document: JSONDocument
    fileprivate let place: Int

    private var token: cjson_token { document.tokens[place] }

    package var isNull: Bool { token.kind == CJSON_NULL }
    package var isArray: Bool { token.kind == CJSON_ARRAY }
    package var isObject: Bool { token.kind == CJSON_OBJECT }
    package var isNumber: Bool { token.kind == CJSON_NUMBER }
    package var isBool: Bool { token.kind == CJSON_TRUE || token.kind == CJSON_FALSE }
    package var isString: Bool { token.kind == CJSON_STRING }
    /// What some back ends write for a list with nothing in it.
    package var isEmptyObject: Bool { isObject && Int(token.next) == place + 1 }

    /// The member of an object; nil where there is none, or where this is no object.
    package subscript(_ name: String) -> JSONNode? {
        isObject ? document.tokens.member(name, of: place).map { JSONNode(document: document, place: $0) } : nil
    }

    /// Of an object the names of its members, in order; of all else none.
    package var names: [String] {
        guard isObject else { return [] }
        let tokens = document.tokens
        let end = Int(tokens[place].next)
        var (names, at) = ([String](), place + 1)
        while at < end {
            names.append(tokens[at].string)
            at = Int(tokens[at + 1].next)
        }
        return names
    }

    /// One member after the other; of no names the value itself. In an array a number is the element of that place, from 0;
    /// and where an object stands for a list of one, as some back ends write it, 0 is that object.
    package subscript(path: [String]) -> JSONNode? {
        document.tokens.place(at: path, from: place).map { JSONNode(document: document, place: $0) }
    }

    /// Of an array, in order; of all else none.
    package var elements: [JSONNode] {
        guard isArray else { return [] }
        let tokens = document.tokens
        let end = Int(tokens[place].next)
        var (elements, at) = ([JSONNode](), place + 1)
        while at < end {
            elements.append(JSONNode(document: document, place: at))
            at = Int(tokens[at].next)
        }
        return elements
    }

    /// The same of a list that some back ends leave out the brackets of where it holds one thing; an object with nothing in
    /// it is a list without anything.
    package var elementsOrSelf: [JSONNode] { isObject ? (isEmptyObject ? [] : [self]) : elements }

    /// A string unescaped, a number as it stands there, `true` or `false`; nil for null, and for what holds others.
    package var text: String? {
        switch token.kind {
        case CJSON_STRING, CJSON_NUMBER: token.string
        case CJSON_TRUE: "true"
        case CJSON_FALSE: "false"
        default: nil
        }
    }

    /// What stands at a path, without a text of its own.
    package enum Bytes {
        /// Those of its `text`: they live as long as the document.
        case text(UnsafeBufferPointer<UInt8>)
        /// It has no text: null, or what holds others.
        case textless
        case absent
    }

    /// The bytes of what stands at a path.
    package func bytes(at path: [String]) -> (Bytes, isNumber: Bool) {
        let tokens = document.tokens
        guard let place = tokens.place(at: path, from: place) else { return (.absent, false) }
        let token = tokens[place]
        return switch token.kind {
        case CJSON_STRING, CJSON_TRUE, CJSON_FALSE: (.text(token.bytes), false)
        case CJSON_NUMBER: (.text(token.bytes), true)
        default: (.textless, false)
        }
    }
}

extension JSONReader.Tokens {
    /// Where the value of an object's member stands; nil where there is no such member.
    fileprivate func member(_ name: String, of object: Int) -> Int? {
        var name = name
        return name.withUTF8 { name in
            var at = object + 1
            let end = Int(self[object].next)
            while at < end {
                if self[at].holds(name) { return at + 1 }
                at = Int(self[at + 1].next)
            }
            return nil
        }
    }

    private func alone(_ name: String, at object: Int) -> Int? {
        name == "0" && Int(self[object].next) > object + 1 ? object : nil
    }

    private func element(_ name: String, of array: Int) -> Int? {
        guard var index = Int(name), index >= 0 else { return nil }
        var at = array + 1
        let end = Int(self[array].next)
        while at < end {
            if index == 0 { return at }
            (index, at) = (index - 1, Int(self[at].next))
        }
        return nil
    }

    fileprivate func place(at path: [String], from place: Int) -> Int? {
        var place = place
        for name in path {
            let next =
                switch self[place].kind {
                case CJSON_ARRAY: element(name, of: place)
                case CJSON_OBJECT: member(name, of: place) ?? alone(name, at: place)
                default: Int?.none
                }
            guard let next else { return nil }
            place = next
        }
        return place
    }
}
