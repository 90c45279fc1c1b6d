/// Readings may be below zero, and the parser takes whatever begins with a dash for an option.
enum NegativeNumbers {
    /// `measure set S N -5`: what reads like a number is the value, and stands where no option can stand.
    static func asValues(_ arguments: [String]) -> [String] {
        guard arguments.starts(with: ["measure", "set"]), !arguments.contains("--") else { return arguments }
        var (rest, values): ([String], [String]) = ([], [])
        for (place, argument) in arguments.enumerated() {
            // What follows an option is its own.
            let isOptions = place > 0 && arguments[place - 1].hasPrefix("--") && !arguments[place - 1].contains("=")
            if isOptions, let name = rest.last, isNumber(argument) {
                rest[rest.count - 1] = name + "=" + argument
            } else if isNumber(argument) {
                values.append(argument)
            } else {
                rest.append(argument)
            }
        }
        return values.isEmpty ? rest : rest + ["--"] + values
    }

    private static func isNumber(_ text: String) -> Bool {
        text.wholeMatch(of: /-[.,]?[0-9][0-9.,]*%?/) != nil
    }
}
