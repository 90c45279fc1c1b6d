package import Facts

extension PullPlan {
    /// How one item, or each of a list in it, becomes a fact.
    package struct FactMapping: Sendable {
        package var kind: FactKind
        /// A list in the item, and lists in its elements, each of whose elements is one fact; of no names the item itself.
        package var each: [Level]
        /// Only where all of these hold.
        package var conditions: [Condition]
        /// nil for a reading, which is known by its name and its moment, and for what is added to a fact that has an id.
        package var id: [Term]?
        package var updatedAt: [Term]
        /// Of the terms of a member the first that gives a value.
        package var members: [(member: Member, terms: [Term])]
        package var labels: [(name: String, terms: [Term])] = []
        /// Names of members, or `updated_at`: where nothing of what one is told by is there at all, not even as null, it is no
        /// fact. Otherwise a member that a platform calls otherwise from now on would count as one that has no value.
        package var needs: Set<String> = []

        /// A list within an item or an element.
        package struct Level: Sendable, Hashable {
            package var path: [String]
            /// Where it is not there it is empty.
            package var mayBeMissing: Bool
        }
    }

    /// A value, and the texts that it has to have, or must not have. `{credential.first}` in a text is a credential's value up
    /// to its first comma; a text that ends with `*` is the beginning of one.
    package struct Condition: Sendable {
        package var term: Term
        package var texts: [String]
        package var quantity = Quantity.some

        /// Of what stands there: of a path through lists that may be several.
        package enum Quantity: Sendable { case some, all, none }
    }

    /// Where a value comes from.
    package struct Term: Sendable {
        package enum Origin: Sendable, Hashable {
            /// So many levels up from the element: 1 is the item that holds it.
            case path([String], up: Int)
            /// What stands at the path in each element of lists within lists, so many levels up; as a value the first that
            /// has something.
            case each([FactMapping.Level], [String], up: Int)
            /// Paths in braces within a text.
            case template(String)
            /// The sum of what stands at the path in each element of lists within lists.
            case sum([FactMapping.Level], [String])
            /// Of an item that is asked for another: that one's id.
            case item
            /// The moment at which the pull began.
            case now
            case constant(String)
        }

        package var origin: Origin
        /// A list in the element, and lists in its elements: the term is told of each of theirs, and the first that gives a
        /// value counts; of no names of the element itself.
        package var each: [FactMapping.Level] = []
        /// What stands between the last of the first and the next of the second, in place of the whole text: `/orders/` and
        /// `/` make 17 of `https://shop.example/orders/17/`. An empty one is the text's own end.
        package var between: Between?
        /// How a moment may be written; the first that fits.
        package var moments: [Moments] = [.rfc3339]
        /// The platform's words and ours. A word that is not here sends the fact to quarantine, but for `otherwise`.
        package var words: [String: String]?
        /// Only so many characters from its beginning: what its words stand for.
        package var prefix: Int?
        /// Other words are no value, as a person has said so.
        package var passesOver = false
        /// Without its sign: `-10.00` is 10.
        package var isAbsolute = false
        /// The decimal point so many places to the left: 2 for hundredths.
        package var shift = 0
        package var divisor: Divisor?
        /// Only the first time that its list or report is read, or only afterwards.
        package var turn: Turn = .always
        /// Only where these hold; else there is no value.
        package var conditions: [Condition] = []

        package init(_ origin: Origin) { self.origin = origin }

        /// What a value is divided by.
        package enum Divisor: Sendable, Hashable {
            /// A power of ten that stands there.
            case path([String])
            /// To six places, rounded half to even.
            case number(Int)
        }

        package struct Between: Sendable, Hashable {
            package var first: String
            package var second: String
        }
    }
}
