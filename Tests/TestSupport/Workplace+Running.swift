import Foundation

extension Workplace {
    /// Runs the program in this folder, where it finds goodstanding.yaml by itself.
    package func run(
        _ arguments: String..., input: String? = nil, environment: [String: String] = [:]
    ) async throws -> Program.Outcome {
        try await run(arguments, input: input, environment: environment)
    }

    package func run(
        _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
    ) async throws -> Program.Outcome {
        let input = input.map { Data($0.utf8) }
        return try await Program.Running(arguments, input: input, environment: environment, folder: path).finish()
    }
}

extension Program.Outcome {
    /// Both streams as one reads them on a terminal.
    package var everything: String { output + error }
}
