"""Writes answers.json and introspection.json: what graphql-core answers to the requests here and to some hundred random
ones, on kitchen.graphql with the resolvers that table.json describes.

Usage: make_execution_expectations.py. Needs graphql-core 3.2.8. kitchen.graphql is what the tests' schema prints (run them
with RECORD=1), so that building a schema from it here is a test of the printing.
"""

import json
import random
import sys
from pathlib import Path

from graphql import ExecutionContext, ExecutionResult, GraphQLError, build_client_schema, build_schema, execute_sync, get_introspection_query, parse, print_schema, validate
from graphql.type import is_leaf_type, is_list_type, is_non_null_type, is_union_type, is_input_object_type, get_named_type

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from make_expectations import location  # noqa: E402
from requests_given import REQUESTS  # noqa: E402

SEED = 20211028
RANDOM_EXECUTED = 400
RANDOM_REFUSED = 60
RANDOM_COERCIONS = 300
TABLE = json.loads((HERE / "table.json").read_text())


def canonical(value):
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{canonical(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def output(value):
    if isinstance(value, str) and value.startswith("!"):
        return GraphQLError(value[1:])
    if isinstance(value, dict) and "ref" in value:
        return output(TABLE[value["ref"]])
    if isinstance(value, list):
        return [output(item) for item in value]
    return value


def resolve(source, info, **arguments):
    name = info.field_name
    if name in ("echo", "required"):
        return canonical(arguments)
    if info.parent_type.name == "Query":
        name = {"mustBox": "box", "node": arguments.get("id")}.get(name, name)
        return output(TABLE.get(name))
    if info.parent_type.name == "Mutation" and name == "query":
        return {}
    value = output((source or {}).get(name))
    if isinstance(value, GraphQLError):
        raise value
    return value


def parse_even(value):
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("not a number")
    if value % 2:
        raise ValueError(f"{value} is odd")
    return value


def serialize_even(value):
    if not isinstance(value, int) or value % 2:
        raise ValueError("odd or no number")
    return value


def kitchen():
    schema = build_schema((HERE / "kitchen.graphql").read_text())
    even = schema.type_map["Even"]
    even.parse_value, even.serialize = parse_even, serialize_even
    for name in ("Node", "Labelled", "Thing"):
        schema.type_map[name].resolve_type = lambda value, info, kind: value["type"] if isinstance(value, dict) else None
    for name in ("Box", "Ball", "Shelf", "Crate"):
        schema.type_map[name].is_type_of = lambda value, info, name=name: isinstance(value, dict) and value.get("type") == name
    return schema


def reported(text, error):
    result = {"message": error.message}
    if error.positions:
        places = [location(text, position) for position in error.positions]
        result["locations"] = [{"line": line, "column": column} for line, column in places]
    if error.path is not None:
        result["path"] = error.path
    return result


def plain(value):
    """Whole floats as whole numbers."""
    if isinstance(value, float) and value == int(value):
        return int(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


class InOrder(ExecutionContext):
    """Leaves the errors in the order in which they came up; the reference sorts them by their place in the document."""

    @staticmethod
    def build_response(data, errors):
        return ExecutionResult(data, errors or None)


def answer(schema, text, variables, operation_name):
    try:
        document = parse(text)
        errors = validate(schema, document)
    except GraphQLError as error:
        document, errors = None, [error]
    if errors:
        return {"errors": [reported(text, error) for error in errors]}
    result = execute_sync(
        schema, document, variable_values=variables, operation_name=operation_name, field_resolver=resolve,
        execution_context_class=InOrder)
    body = {}
    if result.errors:
        body["errors"] = [reported(text, error) for error in result.errors]
    if result.data is not None or not result.errors or any(error.path is not None for error in result.errors):
        body["data"] = plain(result.data)
    return body


LITERALS = ["1", "-3", "4", "2147483648", "1.5", "7.0", "\"text\"", "true", "APPLE", "[1, 2]", "[[1], null, [2, 3]]", "{x: 2}", "{x: 1, inner: {x: 2, y: null, even: 2}}",
            "null", "[APPLE, QUINCE]", "{x: 1, even: 3}", "[{x: 1}, {x: 2, fruits: PEAR}]", "$v", "{x: $v}", "[$v]", "{x: 1, y: $v}", "{a: {b: [$v]}}"]
VALUES = [None, True, 1, 4, -7, 2147483648, 1.5, 7.0, "text", "APPLE", "APLE", "12", [1, 2], [1, None], [], [[1], 2, None], {"x": 1}, {"x": None}, {"y": 2}, {"x": 1, "z": 2},
          {"x": 1, "inner": {"x": "a", "even": 3, "fruits": ["KIWI", "PEAR"]}}, [{"x": 1}, {"x": 2.5}, 3], {"a": [{"b": {"c": [1]}}]}, {}, "it's", "a\"b'c", "line\nend", {"tga": 1, "x": 2}]
TYPES = ["Int", "Int!", "Float", "String", "String!", "Boolean", "ID", "Fruit", "Even", "JSON", "[Int!]", "[[Int]]", "Point", "Point!", "[Point!]", "[Fruit!]!"]


class Requests:
    """Random requests, most of them valid."""

    def __init__(self, schema, chance):
        self.schema, self.chance = schema, chance

    def condition(self):
        if self.chance.random() < 0.12:
            return self.chance.choice([" @skip(if: $no)", " @include(if: $no)", " @include(if: $yes)", " @skip(if: true)", " @include(if: false) @skip(if: false)"])
        return ""

    def selections(self, kind, depth):
        parts = []
        fields = [] if is_union_type(kind) else list(kind.fields)
        for _ in range(self.chance.randint(1, 5)):
            roll = self.chance.random()
            if fields and roll < 0.75:
                parts.append(self.field(kind, self.chance.choice(fields), depth))
            elif roll < 0.9 and depth > 0:
                on = self.chance.choice(["Box", "Ball", "Shelf", "Node", "Labelled", "Thing"]) if kind.name not in ("Query", "Mutation") else kind.name
                parts.append(f"... on {on}{self.condition()} {{ {self.selections(self.schema.type_map[on], depth - 1)} }}")
            else:
                parts.append("__typename")
        return " ".join(part for part in parts if part) or "__typename"

    def field(self, kind, name, depth):
        definition = kind.fields[name]
        target = get_named_type(definition.type)
        alias = self.chance.choice(["", "", "", f"{name[:3]}{self.chance.randint(1, 9)}: "])
        arguments = ""
        if name == "node":
            arguments = f'(id: "{self.chance.choice(["box", "small", "flat", "shelf", "crate", "nope"])}")'
        elif name in ("echo", "required"):
            chosen = self.chance.sample(list(definition.args), min(len(definition.args), self.chance.randint(1, 2)))
            arguments = "(" + ", ".join(f"{argument}: {self.chance.choice(LITERALS)}" for argument in chosen) + ")"
        elif name == "label" and self.chance.random() < 0.3:
            arguments = "(upper: true)"
        elif definition.args:
            return ""
        below = ""
        if not is_leaf_type(target):
            if depth <= 0:
                return ""
            below = f" {{ {self.selections(target, depth - 1)} }}"
        return f"{alias}{name}{arguments}{self.condition()}{below}"

    def request(self):
        body = self.selections(self.schema.type_map["Query"], self.chance.randint(1, 5))
        variables, values = [], {}
        if "$v" in body:
            default = f" = {self.chance.choice(LITERALS[:14])}" if self.chance.random() < 0.2 else ""
            variables.append(f"$v: {self.chance.choice(TYPES)}{default}")
            if self.chance.random() < 0.9:
                values["v"] = self.chance.choice(VALUES)
        for name, value in (("yes", True), ("no", False)):
            if f"${name}" in body:
                variables.append(f"${name}: Boolean!")
                values[name] = value
        head = f"query ({', '.join(variables)}) " if variables else ""
        return {"query": f"{head}{{ {body} }}", "variables": values}

    def coercion(self):
        kind, argument = self.chance.choice([("Int", "int"), ("Int!", "int"), ("Float", "float"), ("String", "string"), ("Boolean", "boolean"), ("ID", "id"), ("Fruit", "fruit"), ("Even", "even"),
                                             ("JSON", "json"), ("[Int!]", "ints"), ("[[Int]]", "grid"), ("Point", "point"), ("Point!", "point"), ("[Point!]", "points")])
        values = {"v": self.chance.choice(VALUES)} if self.chance.random() < 0.95 else {}
        return {"query": f"query Q($v: {kind}) {{ echo({argument}: $v) }}", "variables": values}


def main():
    schema = kitchen()
    chance = random.Random(SEED)
    requests = Requests(schema, chance)
    cases = []

    def add(request):
        body = answer(schema, request["query"], request.get("variables"), request.get("operationName"))
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        cases.append({"request": json.dumps(request), "answer": text})
        return "data" in body

    for item in REQUESTS:
        add(item if isinstance(item, dict) else {"query": item})
    left = {True: RANDOM_EXECUTED, False: RANDOM_REFUSED}
    while any(left.values()):
        request = requests.request()
        if len(request["query"]) > 1500:
            continue
        is_executed = add(request)
        if left[is_executed] > 0:
            left[is_executed] -= 1
        else:
            cases.pop()
    for _ in range(RANDOM_COERCIONS):
        add(requests.coercion())
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / "answers.json").write_text(f"[\n{lines}\n]\n")
    query = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True, input_object_one_of=True)
    found = execute_sync(schema, parse(query)).data
    assert print_schema(build_client_schema(found)) == print_schema(schema)
    (HERE / "introspection.json").write_text(json.dumps({"query": query, "data": found}, indent=1) + "\n")
    refused = sum('"data"' not in case["answer"] for case in cases)
    print(len(cases), "cases,", refused, "refused,", sum('"errors"' in case["answer"] for case in cases) - refused, "with errors and data")


if __name__ == "__main__":
    main()
