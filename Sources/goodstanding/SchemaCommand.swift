import ArgumentParser
import Facts

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "JSON Schemas, by which editors complete and check as one types.",
        discussion: """
              goodstanding schema pack > pack.schema.json
              goodstanding schema config > config.schema.json

            In an editor with the YAML language server, begin a file with a line such as

              # yaml-language-server: $schema=pack.schema.json
            """)

    enum Subject: String, ExpressibleByArgument, CaseIterable { case facts, config, pack, test, map }

    @Argument(help: "facts, config, pack, test or map.") var subject: Subject

    func run() {
        let schema =
            switch subject {
            case .facts: FactsSchema.value
            case .config: ConfigSchema.value
            case .pack: PackSchema.value
            case .test: TestSchema.value
            case .map: MapSchema.value
            }
        Terminal.write(schema.text + "\n")
    }
}
