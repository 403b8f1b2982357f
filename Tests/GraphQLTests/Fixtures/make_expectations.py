"""Writes expectations.json: what graphql-core makes of the documents here and of several hundred mutations of them.

Usage: make_expectations.py [output file]. Needs graphql-core 3.2.8. Lines and columns are computed from the reference's
positions with the specification's line ends: its own `locations` put what begins a line at the end of the line before.
"""

import json
import random
import re
import sys
from pathlib import Path

from graphql import GraphQLError, build_schema, parse, print_ast, validate

from documents import BROKEN, INVALID, QUERIES, SDL

HERE = Path(__file__).parent
SEED = 20211027
MUTATIONS = 1200
TOKEN = re.compile(r'"""(?:[^"]|\\""")*?"""|"(?:\\.|[^"\\\n])*"|\.\.\.|[_A-Za-z][_0-9A-Za-z]*|-?[0-9][0-9.eE+-]*|[ \t\r\n,]+|.', re.S)
WORDS = ["id", "title", "on", "Book", "Film", "Item", "String", "null", "true", "PUBLIC", "fragment", "query", "first", "x"]
VOCABULARY = re.findall(r"\w+", (HERE / "library.graphql").read_text()) + ["ttle", "boks", "1", "-7", "2.5", "9999999999", '"s"', "null", "id1"]
PIECES = WORDS + list("{}()[]:!$@=|&\"#.,'\\") + ["...", "1", "-1.5", "\"s\"", "$id", "@skip(if: true)", "\n", "\u00e9", "\U0001f600"]


def location(text, position):
    ends = [match.end() for match in re.finditer(r"\r\n|\n|\r", text) if match.end() <= position]
    return [len(ends) + 1, position - (ends[-1] if ends else 0) + 1]


def mutate(text, chance):
    tokens = TOKEN.findall(text)
    if chance.random() < 0.6:
        names = [at for at, token in enumerate(tokens) if re.fullmatch(r"[_A-Za-z][_0-9A-Za-z]*|-?[0-9].*|\".*\"", token)]
        for at in chance.sample(names, min(len(names), chance.choice((1, 1, 2, 3)))):
            tokens[at] = chance.choice(VOCABULARY)
        return "".join(tokens)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(tokens)) if tokens else 0
        action = chance.randrange(5)
        if action == 0 and tokens:
            del tokens[at]
        elif action == 1:
            tokens.insert(at, chance.choice(PIECES))
        elif action == 2 and tokens:
            tokens[at] = chance.choice(PIECES)
        elif action == 3 and tokens:
            other = chance.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif tokens:
            tokens.insert(at, tokens[at])
    return "".join(tokens)


def reported(text, error):
    return {"message": error.message, "locations": [location(text, position) for position in error.positions or []]}


def expectation(schema, text):
    try:
        document = parse(text)
    except GraphQLError as error:
        return {"text": text, "syntax": reported(text, error)}
    except IndexError:
        return None  # the reference's reader runs off the end of a text that stops inside an escape
    try:
        errors = [reported(text, error) for error in validate(schema, document)]
    except GraphQLError:
        return None  # the reference raises where a subscription's @skip or @include has wrong arguments
    except KeyError:
        return None  # and where a @oneOf object is given a variable that is not declared
    return {"text": text, "printed": print_ast(document), "errors": errors}


def main():
    schema = build_schema((HERE / "library.graphql").read_text())
    chance = random.Random(SEED)
    texts = QUERIES + INVALID + BROKEN + SDL + [(HERE / "library.graphql").read_text()]
    sources = QUERIES * 4 + INVALID * 2 + SDL
    texts += [mutate(chance.choice(sources), chance) for _ in range(MUTATIONS)]
    cases = [case for case in (expectation(schema, text) for text in dict.fromkeys(texts)) if case]
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "expectations.json"
    lines = ",\n".join(json.dumps(case, ensure_ascii=True, sort_keys=True) for case in cases)
    output.write_text(f"[\n{lines}\n]\n")
    kinds = {kind: sum(kind in case for case in cases) for kind in ("syntax", "errors")}
    print(len(cases), kinds, "valid:", sum(case.get("errors") == [] for case in cases))


if __name__ == "__main__":
    main()
