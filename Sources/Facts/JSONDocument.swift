import CJSON

/// One JSON document, read to be walked by name: what platforms answer, whose members are known by nobody else.
///
/// Numbers are never made binary fractions: a value gives the text that stood there.
package final class JSONDocument {
    private let reader = JSONReader(names: [])

    /// Why a text is no document.
    package enum Fault: Error, Sendable, Hashable { case empty, notJSON, scalar, tooLarge }

    package init(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
        switch reader.read(bytes) {
        case CJSON_OK: break
        case CJSON_EMPTY: throw .empty
        case CJSON_SCALAR: throw .scalar
        case CJSON_TOO_LARGE: throw .tooLarge
        default: throw .notJSON
        }
    }

    package var root: JSONNode { JSONNode(document: self, place: 0) }

    fileprivate var tokens: JSONReader.Tokens { reader.tokens }
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
    /// What some back ends write for a list with nothing in it.
    package var isEmptyObject: Bool { isObject && Int(token.next) == place + 1 }

    /// The member of an object; nil where there is none, or where this is no object.
    package subscript(_ name: String) -> JSONNode? {
        guard isObject else { return nil }
        let tokens = document.tokens
        var at = place + 1
        let end = Int(tokens[place].next)
        while at < end {
            if tokens[at].holds(name) { return JSONNode(document: document, place: at + 1) }
            at = Int(tokens[at + 1].next)
        }
        return nil
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
        var node = self
        for name in path {
            guard let next = node.isArray ? node.element(name) : node[name] ?? node.alone(name) else { return nil }
            node = next
        }
        return node
    }

    private func alone(_ name: String) -> JSONNode? { isObject && !isEmptyObject && name == "0" ? self : nil }

    private func element(_ name: String) -> JSONNode? {
        guard var index = Int(name), index >= 0 else { return nil }
        let tokens = document.tokens
        var at = place + 1
        let end = Int(tokens[place].next)
        while at < end {
            if index == 0 { return JSONNode(document: document, place: at) }
            (index, at) = (index - 1, Int(tokens[at].next))
        }
        return nil
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
}
