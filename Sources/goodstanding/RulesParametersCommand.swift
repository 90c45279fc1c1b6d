import Alerts
import ArgumentParser
import Daemon
import Facts
import Language
import Rules

struct RulesParametersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parameters", abstract: "A form of every limit that has no value yet, to be filled in.",
        discussion: """
            For each store the limits without a value, with the place in the platform's back end where a person finds them \
            and our figures beside them. Filled in and uncommented it is configuration: name the file under `stores:`, as in \
            `- limits.yaml`, and it adds its values to the entries of those stores.

              goodstanding rules parameters --missing > limits.yaml
            """)

    @OptionGroup var options: ConfigOptions
    @Option(help: ArgumentHelp("Only stores whose id fits.", valueName: "glob")) var store: String?
    @Flag(help: "Those without a value; the only ones there are to ask for.") var missing = false

    func validate() throws {
        guard missing else { throw ValidationError("say --missing: the form is of the limits without a value") }
    }

    func run() async throws {
        let found = try await ParametersTask(config: options.config, glob: store, log: options.logLevel.rawValue)
            .missing()
        let tongue = Tongue.current
        guard !found.isEmpty else {
            Terminal.note(tongue("every limit of every store has a value", "所有店铺的限值均已填写"))
            return
        }
        var text =
            "# "
            + tongue(
                "Fill in, uncomment, and name this file under `stores:` of the configuration: `- limits.yaml`.",
                "填写并取消注释后，在配置的 `stores:` 下加入本文件：`- limits.yaml`。") + "\n"
        var last: String?
        for item in found {
            if item.store.id != last {
                text += "- id: \(quoted(item.store.id))\n  parameters:\n"
                last = item.store.id
            }
            let title = item.parameter.title ?? Words(en: item.parameter.name, zh: item.parameter.name)
            text += "    # \(comment(tongue(title))): \(item.rules.map(\.id).joined(separator: ", "))\n"
            if let place = item.parameter.place { text += "    # " + comment(tongue(place)) + "\n" }
            if let measure = item.parameter.measure {
                text += "    # " + tongue("or bring it as the measure \(measure)", "或以指标 \(measure) 导入") + "\n"
            }
            for figure in item.figures {
                text +=
                    "    # " + tongue("ours: ", "本店：")
                    + "\(comment(tongue(figure.metric))) \(FigureText.text(figure.value))\n"
            }
            text += "    # \(item.parameter.name):     # \(tongue(example(item.parameter.type)))\n"
        }
        Terminal.write(text)
    }

    /// Of numbers none: what fits a score would be senseless for a count.
    private func example(_ type: ParameterType) -> Words {
        let example: String
        switch type {
        case .number: return Words(en: "a number", zh: "数值")
        case .rate: example = "1%"
        case .duration: example = "24h"
        case .window: example = "30d"
        case .bool: example = "true"
        case .string: example = "abc"
        }
        return Words(en: "such as \(example)", zh: "例如 \(example)")
    }

    private func comment(_ text: String) -> String { Terminal.printable(text).replacing("\n", with: " ") }

    private func quoted(_ id: String) -> String {
        "\"" + id.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
