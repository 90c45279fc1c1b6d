import Foundation
import TestSupport
import Testing

/// The schemas, asked by a validator that knows nothing of us (Debian's python3-jsonschema).
@Suite("JSON Schemas", .timeLimit(.minutes(2)))
struct SchemaTests {
    /// YAML as editors read it: 1.2, in which a day is text.
    private static let validator = """
        import json, sys, yaml, jsonschema
        class Loader(yaml.SafeLoader): pass
        Loader.yaml_implicit_resolvers = {
            first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
        schema = json.load(open(sys.argv[1]))
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        for path in sys.argv[2:]:
            documents = [json.loads(line) for line in open(path)] if path.endswith(".jsonl") else [yaml.load(open(path), Loader)]
            for document in documents:
                for error in validator.iter_errors(document):
                    print(path.split("/")[-1], "/".join(map(str, error.absolute_path)) or "-", error.validator)
        """

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func yaml(in folder: String) throws -> [String] {
        let path = root.appending(path: folder).path
        return try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".yaml") }.sorted().map {
            path + "/" + $0
        }
    }

    /// What the validator says against files by a schema, a line a fault.
    private func faults(_ schema: String, _ files: [String], in folder: Workplace) async throws -> String {
        let printed = try await folder.run("schema", schema)
        try #require(printed.status == 0, "\(printed.error)")
        try folder.write("\(schema).json", printed.output)
        try folder.write("validate.py", Self.validator)
        let python = try #require(Tool("python3"), "python3 with jsonschema and yaml, as the tests' packages have it")
        let said = try await python.run([folder.file("validate.py"), folder.file("\(schema).json")] + files)
        return String(decoding: said, as: UTF8.self)
    }

    @Test("every shipped pack, its tests, a configuration and facts fit")
    func shipped() async throws {
        let sample = try await Sample()
        #expect(try await faults("pack", SchemaTests.yaml(in: "rules"), in: sample.folder) == "")
        #expect(try await faults("test", SchemaTests.yaml(in: "rules/tests"), in: sample.folder) == "")
        #expect(try await faults("map", SchemaTests.yaml(in: "rules/maps"), in: sample.folder) == "")
        #expect(try await faults("config", [sample.folder.file("goodstanding.yaml")], in: sample.folder) == "")
        _ = try await sample.folder.run(
            "mark", "refund/shop-elm/r1", "liable=carrier", "--store", "shop-elm", "--why", "w", "--until", "2099-01-01"
        )
        _ = try await sample.folder.run("mark", "undo", "refund/shop-elm/r1", "--store", "shop-elm", "--why", "w")
        try sample.folder.write("export.jsonl", try await sample.folder.run("export").output)
        #expect(try await faults("facts", [sample.folder.file("export.jsonl")], in: sample.folder) == "")
        #expect(try await faults("facts", [sample.folder.file("facts.jsonl")], in: sample.folder) == "")
    }

    @Test("what the program refuses does not fit either")
    func refused() async throws {
        let folder = try Workplace()
        try folder.write("p.yaml", "pack: p\nrules: {r: {requier: 1 < 2, severity: high, assessed: {day: 31}}}\n")
        let pack = try await faults("pack", [folder.file("p.yaml")], in: folder)
        for fault in ["rules/r additionalProperties", "rules/r/severity enum", "rules/r/assessed anyOf"] {
            #expect(pack.contains(fault), "\(pack)")
        }
        for rule in [
            "{title: t}", "{require: 1 < 2, levels: {a: 1 < 2}, aim: a}", "{levels: {a: 1 < 2}}",
            "{require: 1 < 2, aim: a}",
        ] {
            try folder.write("p.yaml", "pack: p\nrules: {r: \(rule)}\n")
            #expect(try await !faults("pack", [folder.file("p.yaml")], in: folder).isEmpty, "\(rule)")
        }
        try folder.write("p.yaml", "pack: p\ngates: {g: {rules: []}}\n")
        #expect(try await faults("pack", [folder.file("p.yaml")], in: folder).contains("gates/g/rules"))
        try folder.write(
            "c.yaml", "database: sqlite:x\nstores: [{id: a}]\nfeeds: [{id: f, url: http://x, every: often}]\n")
        let config = try await faults("config", [folder.file("c.yaml")], in: folder)
        #expect(config.contains("stores/0 anyOf") && config.contains("feeds/0/every pattern"), "\(config)")
        try folder.write("f.jsonl", #"{"kind":"refund","store":"s","id":"1","reason":"ugly"}"# + "\n")
        #expect(try await faults("facts", [folder.file("f.jsonl")], in: folder).contains("oneOf"))
    }

    struct Place: Sendable, CustomTestStringConvertible {
        var schema: String
        /// Of the object in the schema.
        var path: [String]
        /// A document with the key `zzzzzz` in that object.
        var text: String
        var testDescription: String { "\(schema) \(path.joined(separator: "/"))" }
    }

    /// The program's own list of keys, told with an unknown one, is the schema's.
    @Test(
        "the keys of a schema are those that the program reads",
        arguments: [
            Place(schema: "pack", path: [], text: "pack: p\nzzzzzz: 1\n"),
            Place(schema: "pack", path: ["rules", "*"], text: "pack: p\nrules: {r: {require: 1 < 2, zzzzzz: 1}}\n"),
            Place(
                schema: "pack", path: ["parameters", "*"], text: "pack: p\nparameters: {l: {type: rate, zzzzzz: 1}}\n"),
            Place(
                schema: "pack", path: ["parameters", "*", "values", "[]"],
                text: "pack: p\nparameters: {l: {type: rate, values: [{value: 1%, zzzzzz: 1}]}}\n"),
            Place(schema: "pack", path: ["places", "[]"], text: "pack: p\nplaces: [{place: x, zzzzzz: 1}]\n"),
            Place(
                schema: "pack", path: ["places", "[]", "range"],
                text: "pack: p\nplaces: [{names: [x], place: x, range: {zzzzzz: 1}}]\n"),
            Place(schema: "pack", path: ["gates", "*"], text: "pack: p\ngates: {g: {rules: [], zzzzzz: 1}}\n"),
            Place(schema: "config", path: [], text: "database: sqlite:l.db\nstores: []\nzzzzzz: 1\n"),
            Place(
                schema: "config", path: ["metrics"],
                text: "database: sqlite:l.db\nstores: []\nmetrics: {zzzzzz: 1}\n"),
            Place(
                schema: "config", path: ["feeds", "[]"],
                text: "database: sqlite:l.db\nstores: []\nfeeds: [{id: f, url: 'https://x.example', zzzzzz: 1}]\n"),
            Place(
                schema: "config", path: ["stores", "[]", "store"],
                text: "database: sqlite:l.db\nstores: [{id: a, pack: marketplace, zzzzzz: 1}]\n"),
            Place(
                schema: "config", path: ["access"], text: "database: sqlite:l.db\nstores: []\naccess: {zzzzzz: 1}\n"),
            Place(
                schema: "config", path: ["access", "tokens", "[]"],
                text:
                    "database: sqlite:l.db\nstores: []\naccess: {tokens: [{id: a, hash: b, role: viewer, zzzzzz: 1}]}\n"
            ),
            Place(
                schema: "config", path: ["access", "proxy"],
                text: "database: sqlite:l.db\nstores: []\naccess: {proxy: {from: [], zzzzzz: 1}}\n"),
            Place(
                schema: "config", path: ["access", "proxy", "people", "[]"],
                text:
                    "database: sqlite:l.db\nstores: []\naccess: {proxy: {from: [], people: [{id: a, role: viewer, zzzzzz: 1}]}}\n"
            ),
            Place(
                schema: "test", path: ["tests", "[]", "expect"],
                text: "pack: marketplace\ntests: [{test: t, at: 2026-03-02, expect: {zzzzzz: 1}}]\n"),
            Place(schema: "map", path: [], text: "map: m\nfile: {format: csv}\nfacts: []\nzzzzzz: 1\n"),
            Place(schema: "map", path: ["file"], text: "map: m\nfile: {format: csv, zzzzzz: 1}\nfacts: []\n"),
            Place(
                schema: "map", path: ["numbers"], text: "map: m\nfile: {format: csv}\nfacts: []\nnumbers: {zzzzzz: 1}\n"
            ),
            Place(
                schema: "map", path: ["facts", "[]"],
                text: "map: m\nfile: {format: csv}\nfacts: [{kind: order, id: a, zzzzzz: 1}]\n"),
            Place(
                schema: "map", path: ["facts", "[]", "id", "last"],
                text: "map: m\nfile: {format: csv}\nfacts: [{kind: order, id: {column: a, zzzzzz: 1}}]\n"),
            Place(
                schema: "map", path: ["covers", "last"],
                text: "map: m\nfile: {format: csv}\nfacts: []\ncovers: {zzzzzz: 1}\n"),
            Place(schema: "test", path: [], text: "pack: marketplace\ntests: []\nzzzzzz: 1\n"),
            Place(
                schema: "test", path: ["receivers", "[]"],
                text: "pack: marketplace\ntests: []\nreceivers: [{id: a, zzzzzz: 1}]\n"),
            Place(
                schema: "test", path: ["tests", "[]", "silences", "[]"],
                text:
                    "pack: marketplace\nreceivers: [{id: a}]\ntests: [{test: t, at: 2026-03-02, silences: [{from: 2026-03-02, zzzzzz: 1}], expect: {standing: ok}}]\n"
            ),
        ])
    func sameKeys(_ place: Place) async throws {
        let folder = try Workplace()
        try folder.write("x.yaml", place.text)
        let arguments: [String] =
            switch place.schema {
            case "pack": ["rules", "check", "x.yaml"]
            case "test": ["rules", "test", "x.yaml"]
            case "map": ["maps", "check", "x.yaml"]
            default: ["config", "check", "--config", "x.yaml"]
            }
        let said = try await folder.run(arguments)
        let line = try #require(
            (said.error + said.output).split(separator: "\n").first { $0.contains("unknown key") }, "\(said)")
        let start = try #require(line.range(of: "known keys are ")).upperBound
        let known = Set(line[start...].split(separator: ", ").map { $0.trimmingCharacters(in: .punctuationCharacters) })
        var found = try object(
            JSONSerialization.jsonObject(with: Data(try await folder.run("schema", place.schema).output.utf8)))
        for step in place.path {
            switch step {
            case "*": found = try object(found["additionalProperties"])
            case "[]": found = try object(found["items"])
            case "store", "last": found = try #require(list(found["anyOf"]).last)
            default: found = try object(object(found["properties"])[step])
            }
        }
        #expect(try Set(object(found["properties"]).keys) == known, "\(line)")
    }

}
