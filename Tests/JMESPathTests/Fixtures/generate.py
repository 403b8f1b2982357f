"""Writes expectations.json: what the reference implementation (PyPI jmespath 1.1.0) answers to our own cases, some by
hand and many made by a seeded grammar. Run it again after changing the cases."""

import json
import random
import sys
from pathlib import Path

import jmespath
from jmespath import exceptions

SEED = 20_26
COUNT = 900

CLAIMS = {
    "email": "ada@example.com",
    "groups": ["engineers", "admins", "readers"],
    "nested": {"a": {"b": [1, 2, [3, 4], [[5]]]}, "flag": True, "none": None},
    "numbers": [3, 1.5, -2, 0, 10],
    "people": [
        {"active": True, "age": 36, "name": "Ada", "tags": ["x", "y"]},
        {"active": False, "age": 41, "name": "Grace", "tags": []},
        {"active": True, "age": 29, "name": "Edsger"},
    ],
    "realm_access": {"roles": ["Owner", "Reader"]},
    "text": "hello",
    "with-dash": {"x": 1},
    "zero": 0,
}

BY_HAND = """
email | "email" | @ | * | [] | [*] | groups[0] | groups[-1] | groups[9] | groups[*] | groups[1:] | groups[::-1] | groups[:2]
groups[-2:] | groups[::2] | groups[5:1:-1] | groups[::0] | nested.a.b | nested.a.b[] | nested.a.b[][] | nested.a.b[*]
nested.*.b | nested.* | nested.a.* | people[*].name | people[].tags[] | people[*].tags[*] | people[*].tags[0]
people[?active].name | people[?age > `30`].name | people[?age > `30` && active].name | people[?!active].name
people[?age >= `29` || name == 'Grace'] | people[?tags[?@ == 'x']].name | people[?name == "name"] | people[?missing]
people[*].{n: name, a: age} | people[*].[name, age] | people[0].{"the name": name} | {a: email, b: groups[0]} | [email, text]
missing.{a: b} | missing.[a, b] | `null` | `"x"` | `[1, 2]` | `{"a": [true]}` | `word` | 'raw' | 'it\\'s' | 'back\\slash'
"with-dash".x | with-dash | "no \\u00e9" | realm_access.roles[?@ == 'Owner'] | contains(groups, 'admins') && 'ADMIN' || 'VIEWER'
contains(groups, 'nobody') && 'ADMIN' || 'VIEWER' | email || text | missing || text | zero || text | nested.none || zero
!missing | !email | !zero | !!email | email == text | email != text | zero == `0` | zero == `0.0` | zero == `false`
nested.flag == `true` | nested.flag == `1` | numbers[0] < numbers[1] | 'a' < 'b' | text < `1` | groups < `1`
length(groups) | length(text) | length(nested) | length(zero) | length() | length(a, b) | abs(`-3`) | abs(`-1.5`) | abs(text)
avg(numbers) | avg(`[]`) | sum(numbers) | sum(`[]`) | ceil(`1.2`) | floor(`-1.2`) | ceil(zero) | max(numbers) | min(numbers)
max(groups) | min(groups) | max(`[]`) | max(nested.a.b) | sort(numbers) | sort(groups) | sort(nested.a.b) | sort(text)
sort_by(people, &age)[*].name | sort_by(people, &name)[0].name | sort_by(people, &tags) | sort_by(people, &missing)
max_by(people, &age).name | min_by(people, &name).name | max_by(`[]`, &a) | map(&name, people) | map(&missing, people)
map(name, people) | map(&tags[0], people) | keys(nested) | values("with-dash") | keys(text) | merge(nested, `{"z": 1}`) | merge(text)
merge() | not_null(missing, nested.none, text) | not_null(missing) | not_null() | reverse(groups) | reverse(text) | reverse(zero)
join(', ', groups) | join(', ', numbers) | starts_with(email, 'ada') | ends_with(email, '.com') | starts_with(email, zero)
contains(email, '@') | contains(numbers, `10`) | contains(zero, text) | to_array(text) | to_array(groups) | to_number('12')
to_number('1.5') | to_number('x') | to_number(groups) | to_number(`7`) | to_string(zero) | to_string(nested.a) | to_string(text)
type(zero) | type(text) | type(missing) | type(groups) | type(nested) | type(nested.flag) | unknown(text)
groups | people[?active] | [0].name | people[*].name | [0] | people[*].name | length(@) | (people[*].name)[0] | people[0:2].name
people[::2].age | people[0].*  | people[?age == max(age)] | people[] .name | people[].{n: name}[0]
foo. | .foo | foo..bar | foo[ | foo[?] | foo[?a | [a, | {a} | {a:} | {} | length( | foo) | 'abc | `abc | "abc | foo bar | = | foo = bar
foo[a] | foo[*.b] | foo[1:2:3:4] | foo[-] | - | @@ | *foo | foo* | &foo | && | a || | a && | "foo"(a) | foo.1 | foo.'x' | #
[?active] | *.roles | *.roles[] | *.roles[0] | *[0] | [*].a | nested.a.b[2][0] | nested.a.b[*][0] | people[*].tags | people[*].tags[]
(groups) | (groups)[1] | !(email) | (email || text) == email | people[?(active)].age | @.email | @.groups[0] | @ == @
"""


def by_hand() -> list[str]:
    cases = []
    for line in BY_HAND.strip().splitlines():
        cases += [piece.strip() for piece in line.split(" | ")]
    return cases + ["groups | [0]", "people[*].name | [0]", "people[*].name | [-1]", "@ | email", "people | [0] | name"]


class Grammar:
    NAMES = ["email", "groups", "nested", "a", "b", "people", "name", "age", "tags", "numbers", "text", "zero", "missing",
             "active", '"with-dash"', "realm_access", "roles", "flag", "none", "@"]
    ANY = ["to_array", "to_string", "type", "length", "reverse", "keys", "values", "sum", "avg", "max", "min", "sort", "abs",
           "ceil", "floor", "to_number", "not_null"]

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def expression(self, depth: int = 0) -> str:
        choose = self.random.random()
        if depth > 3 or choose < 0.18:
            return self.random.choice(self.NAMES)
        left = self.expression(depth + 1)
        if choose < 0.32:
            return f"{left}.{self.random.choice(self.NAMES[:-1])}"
        if choose < 0.44:
            return left + self.random.choice(["[*]", "[]", "[0]", "[-1]", "[1:]", "[::-1]", "[:2]", "[::2]", ".*"])
        if choose < 0.52:
            return f"{left}[?{self.expression(depth + 1)}]"
        if choose < 0.60:
            comparator = self.random.choice(["==", "!=", "<", "<=", ">", ">="])
            return f"{left} {comparator} {self.random.choice(['`0`', '`30`', chr(39) + 'Ada' + chr(39), self.expression(depth + 1)])}"
        if choose < 0.68:
            return f"{left} {self.random.choice(['||', '&&', '|'])} {self.expression(depth + 1)}"
        if choose < 0.72:
            return f"!{left}"
        if choose < 0.76:
            return f"({left})"
        if choose < 0.81:
            return f"[{left}, {self.expression(depth + 1)}]"
        if choose < 0.86:
            return f"{{k: {left}, l: {self.expression(depth + 1)}}}"
        if choose < 0.96:
            return f"{self.random.choice(self.ANY)}({left})"
        return self.random.choice([
            f"map(&{left}, people)", f"sort_by(people, &{left})", f"max_by(people, &{left})", f"contains({left}, 'a')",
            f"join(',', {left})", f"merge({left}, nested)",
        ])


def kind(error: Exception) -> str | None:
    if isinstance(error, exceptions.UnknownFunctionError):
        return "unknown-function"
    if isinstance(error, exceptions.ArityError):
        return "invalid-arity"
    if isinstance(error, exceptions.JMESPathTypeError):
        return "invalid-type"
    if isinstance(error, (exceptions.ParseError, exceptions.LexerError)):
        return "syntax"
    return None


def answer(expression: str) -> dict[str, object] | None:
    """None where the reference breaks off with an error of Python's own, or gives no JSON."""
    try:
        result = jmespath.search(expression, CLAIMS)
        json.dumps(result)
        return {"expression": expression, "result": result}
    except Exception as error:
        return {"expression": expression, "error": name} if (name := kind(error)) else None


def main() -> None:
    grammar = Grammar(SEED)
    expressions = list(dict.fromkeys(by_hand() + [grammar.expression() for _ in range(COUNT)]))
    document = {"data": CLAIMS, "cases": [case for each in expressions if (case := answer(each))]}
    path = Path(__file__).with_name("expectations.json")
    with path.open("w") as file:
        file.write('{"data": ' + json.dumps(document["data"]) + ', "cases": [\n')
        file.write(",\n".join(json.dumps(case) for case in document["cases"]))
        file.write("\n]}\n")
    print(f"{len(document['cases'])} cases", file=sys.stderr)


if __name__ == "__main__":
    main()
