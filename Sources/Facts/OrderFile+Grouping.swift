extension OrderFile {
    /// The files that facts come to, in the order in which the first of each comes: an order and all that names it, and
    /// every other fact by itself. Of no facts none.
    ///
    /// - Parameter facts: none deleted, no two of one kind and id.
    package static func files(of facts: some Sequence<Fact>) -> [OrderFile] {
        var (files, places): ([OrderFile], [ByteText: Int]) = ([], [:])
        for fact in facts {
            var place = files.count
            if let order = fact.order.map(ByteText.init) { place = places[order, default: place] }
            if place == files.count {
                files.append(OrderFile())
                if let order = fact.order { places[ByteText(order)] = place }
            }
            if fact.kind == .order { files[place].order = fact } else { files[place].children.append(fact) }
        }
        return files
    }
}
