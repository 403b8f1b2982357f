import Identity

/// Turns the text of a variable into a value, or says what is wrong with it.
enum ValueParser {
    /// What is wrong with a value and what would be right, without quoting it.
    struct Complaint: Error, Equatable {
        let problem: String
        let remedy: String

        init(_ problem: String, _ remedy: String) {
            self.problem = problem
            self.remedy = remedy
        }
    }

    static func boolean(_ text: String) throws(Complaint) -> Bool {
        switch text.lowercased() {
        case "true": true
        case "false": false
        default: throw Complaint("is no truth value", "set it to true or false")
        }
    }

    static func integer(_ text: String, in range: ClosedRange<Int>) throws(Complaint) -> Int {
        let remedy =
            range.upperBound == .max
            ? "set it to a whole number from \(range.lowerBound) up"
            : "set it to a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let number = Int(text) else { throw Complaint("is no whole number", remedy) }
        guard range.contains(number) else { throw Complaint("is out of range", remedy) }
        return number
    }

    static func decimal(_ text: String, in range: ClosedRange<Double>) throws(Complaint) -> Double {
        let remedy = "set it to a number from \(range.lowerBound) to \(range.upperBound)"
        guard let number = Double(text), number.isFinite else { throw Complaint("is no number", remedy) }
        guard range.contains(number) else { throw Complaint("is out of range", remedy) }
        return number
    }

    static func port(_ text: String) throws(Complaint) -> Int {
        if text.hasPrefix("tcp://") || text.hasPrefix("udp://") {
            throw Complaint(
                "is what Kubernetes puts there for a Service of that name",
                "set `enableServiceLinks: false` in the pod, rename the Service, or set the variable to a port's number"
            )
        }
        return try integer(text, in: 1...65_535)
    }

    /// A name or an address without a port; the brackets of an IPv6 address are taken off.
    static func host(_ text: String) throws(Complaint) -> String {
        let remedy = "set it to a host name or an address alone, such as 0.0.0.0 or ::"
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let host = isBracketed ? String(text.dropFirst().dropLast()) : text
        guard !host.contains("://") else { throw Complaint("is a URL, not a host", remedy) }
        let colons = host.count { $0 == ":" }
        guard colons != 1 else { throw Complaint("has a port", remedy) }
        let letters = host.unicodeScalars
        let isAddress = colons > 1
        let isValid = letters.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_": true
            case ":", "%": isAddress
            default: scalar.value > 0x7F
            }
        }
        guard !host.isEmpty, isValid else { throw Complaint("is no host", remedy) }
        return host
    }

    /// In any case; the answer is spelled as in `choices`.
    static func choice(_ text: String, of choices: [String]) throws(Complaint) -> String {
        guard let choice = choices.first(where: { $0 == text.lowercased() }) else {
            throw Complaint("is none of its values", "set it to one of \(choices.joined(separator: ", "))")
        }
        return choice
    }

    static func rootPath(_ text: String) throws(Complaint) -> String {
        let remedy = "set it to a path such as /phoenix, or to nothing"
        guard text.hasPrefix("/") else { throw Complaint("does not begin with a slash", remedy) }
        guard !text.hasSuffix("/") else { throw Complaint("ends with a slash", remedy) }
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.value > 0x20 && scalar.value < 0x7F && !"?#\"'<>\\`{}|^".unicodeScalars.contains(scalar)
        }
        guard isPlain, !text.contains("//") else {
            throw Complaint("has characters that a path of a URL cannot have", remedy)
        }
        return text
    }

    /// Without a slash at the end.
    static func url(_ text: String) throws(Complaint) -> String {
        let remedy = "set it to a URL such as https://phoenix.example.com"
        guard let parts = URLParts(text), ["http", "https"].contains(parts.scheme) else {
            throw Complaint("is no URL of http or https", remedy)
        }
        var url = text
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }

    static func email(_ text: String) throws(Complaint) -> String {
        guard let address = EmailAddress(text) else {
            throw Complaint("is no mail address", "set it to an address such as team@example.com")
        }
        return address.text
    }

    static func byteCount(_ text: String, in range: ClosedRange<Int>) throws(Complaint) -> Int {
        let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1), ("", 1)]
        let remedy = "set it to a number of bytes from \(range.lowerBound) to \(range.upperBound), such as 64MiB"
        for (unit, factor) in units where text.hasSuffix(unit) {
            let digits = text.dropLast(unit.count).trimmingSpaces
            guard let number = Int(digits), number >= 0 else { continue }
            let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
            guard !overflow, range.contains(bytes) else { throw Complaint("is out of range", remedy) }
            return bytes
        }
        throw Complaint("is no number of bytes", remedy)
    }
}

extension StringProtocol {
    /// Without spaces and tabs at either end.
    var trimmingSpaces: String {
        var text = Substring(self)
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
