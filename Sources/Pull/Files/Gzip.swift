/// A text that was packed by gzip and came whole.
package enum Gzip {
    package enum Fault: Error, Sendable {
        case damaged(String)
        /// Unpacked it is larger than it may be.
        case tooLarge
    }

    package static func unpacked(_ bytes: [UInt8], atMost limit: Int) throws(Fault) -> [UInt8] {
        do {
            let inflater = try GzipInflater(name: "the text")
            var (text, taken) = ([UInt8](), 0)
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            // The last eight bytes are a sum over the text: as long as some of the text is to come, some of the bytes are.
            while taken < bytes.count {
                let step = try bytes.withUnsafeBytes { input in
                    try chunk.withUnsafeMutableBytes { output in
                        try inflater.step(from: UnsafeRawBufferPointer(rebasing: input[taken...]), into: output)
                    }
                }
                taken += step.taken
                text += chunk[..<step.given]
                guard text.count <= limit else { throw Fault.tooLarge }
                guard step.taken > 0 || step.given > 0 else { throw Fault.damaged("it is not gzip") }
            }
            guard inflater.isAtEnd else { throw Fault.damaged("it was cut off") }
            return text
        } catch let fault as Fault {
            throw fault
        } catch {
            throw .damaged("it is not gzip, or was damaged on its way")
        }
    }
}
