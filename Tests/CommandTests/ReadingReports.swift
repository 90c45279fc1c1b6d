import Foundation
import FoundationXML
import Testing

/// What `check --format json` says, read by its contract.
struct Check {
    var at: String
    var standing: String
    var stores: [String: Store] = [:]

    struct Store {
        var standing: String
        var rules: [Rule]
        var gates: [Gate]
    }
    struct Rule {
        var rule: String
        var standing: String
        var judgedTo: String
        /// The figures that are one number.
        var values: [String: Double]
    }
    struct Gate: Equatable {
        var gate: String
        /// nil: it cannot be told.
        var open: Bool?
        var because: [String]
    }

    init(_ text: String) throws {
        let report = try object(JSONSerialization.jsonObject(with: Data(text.utf8)))
        at = try string(report["at"])
        standing = try string(report["standing"])
        for item in try list(report["stores"]) {
            stores[try string(item["store"])] = Store(
                standing: try string(item["standing"]), rules: try list(item["rules"]).map(Rule.init),
                gates: try list(item["gates"]).map(Gate.init))
        }
    }
}

extension Check.Rule {
    fileprivate init(_ item: [String: Any]) throws {
        rule = try string(item["rule"])
        standing = try string(item["standing"])
        judgedTo = try string(item["judged_to"])
        values = try object(item["values"]).compactMapValues { ($0 as? NSNumber)?.doubleValue }
    }
}

extension Check.Gate {
    fileprivate init(_ item: [String: Any]) throws {
        gate = try string(item["gate"])
        let state = try #require(item["open"], "a gate says whether it is open")
        open = state is NSNull ? nil : try #require(state as? Bool)
        because = try #require(item["because"] as? [String])
    }
}

func object(_ value: Any?) throws -> [String: Any] { try #require(value as? [String: Any]) }
func list(_ value: Any?) throws -> [[String: Any]] { try #require(value as? [[String: Any]]) }
func string(_ value: Any?) throws -> String { try #require(value as? String) }

/// What `check --format junit` says, read by a parser that is not ours.
enum JUnit {
    struct Suite {
        var name: String
        var tests, failures, errors, skipped: Int
        var cases: [Case] = []
    }
    struct Case {
        var name: String
        /// The element within: failure, error or skipped.
        var outcome: String?
        var message: String?
    }

    static func read(_ text: String) throws -> [Suite] {
        let parser = XMLParser(data: Data(text.utf8))
        let reader = Reader()
        parser.delegate = reader
        try #require(parser.parse(), "not XML: \(String(describing: parser.parserError))")
        return reader.suites
    }

    private final class Reader: NSObject, XMLParserDelegate {
        var suites: [Suite] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            func number(_ attribute: String) -> Int { attributes[attribute].flatMap { Int($0) } ?? -1 }
            switch name {
            case "testsuite":
                suites.append(
                    Suite(
                        name: attributes["name"] ?? "", tests: number("tests"), failures: number("failures"),
                        errors: number("errors"), skipped: number("skipped")))
            case "testcase":
                suites[suites.count - 1].cases.append(Case(name: attributes["name"] ?? ""))
            case "failure", "error", "skipped":
                let last = suites[suites.count - 1].cases.count - 1
                suites[suites.count - 1].cases[last].outcome = name
                suites[suites.count - 1].cases[last].message = attributes["message"]
            default: break
            }
        }
    }
}
