/// `1 store`, `2 stores`: a number and what it counts, for people.
package func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
