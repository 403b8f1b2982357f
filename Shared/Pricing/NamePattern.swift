/// A regular expression for the whole of a model's name.
///
/// Most patterns are a name with a few dots in it: those are compared scalar by scalar, without the regular expression,
/// whose compilation takes longer than the rest of a price table's making.
struct NamePattern {
    private enum Step {
        case scalar(Unicode.Scalar)
        case any
    }

    private enum Matcher {
        case steps([Step])
        case expression(Regex<AnyRegexOutput>)
        case nothing
    }

    private let matcher: Matcher
    /// How much of a name the pattern fixes; of two that match, the greater is the more specific.
    let specificity: Int

    /// A pattern that is no regular expression matches nothing.
    init(_ pattern: String) {
        specificity = PatternSpecificity.of(pattern)
        if let steps = Self.steps(of: pattern) {
            matcher = .steps(steps)
        } else if let expression = try? Regex(pattern) {
            matcher = .expression(expression.matchingSemantics(.unicodeScalar))
        } else {
            matcher = .nothing
        }
    }

    private static let lengthMax = 1000

    static func isValid(_ pattern: String) -> Bool {
        guard pattern.utf8.count <= lengthMax else { return false }
        return steps(of: pattern) != nil || (PatternCost.isBounded(pattern) && (try? Regex(pattern)) != nil)
    }

    func matches(_ name: String) -> Bool {
        switch matcher {
        case .nothing: return false
        case .expression(let expression): return (try? expression.wholeMatch(in: name)) != nil
        case .steps(let steps):
            let scalars = name.unicodeScalars
            guard scalars.count == steps.count else { return false }
            return zip(scalars, steps).allSatisfy { scalar, step in
                switch step {
                case .scalar(let expected): scalar == expected
                case .any: scalar != "\n"
                }
            }
        }
    }

    /// Nil where the pattern has more in it than letters, digits, dots and escaped marks.
    private static func steps(of pattern: String) -> [Step]? {
        var steps: [Step] = []
        var isEscaped = false
        for scalar in pattern.unicodeScalars {
            switch scalar {
            case _ where isEscaped:
                guard scalar.isASCII, !isWord(scalar) else { return nil }
                steps.append(.scalar(scalar))
                isEscaped = false
            case "\\": isEscaped = true
            case ".": steps.append(.any)
            case "-", "/", ":", "@": steps.append(.scalar(scalar))
            default:
                guard isWord(scalar) else { return nil }
                steps.append(.scalar(scalar))
            }
        }
        return isEscaped ? nil : steps
    }

    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }
}
