"""Documents of the reference comparison: written by hand, one for each thing that can be right or wrong."""

QUERIES = [
    "{ __typename }",
    "{ node(id: 4) { id } }",
    "query One($id: ID!, $cut: Int = 3 @tag(name: \"v\")) @cached(seconds: 5, scope: PRIVATE) {\n"
    "  first: book(id: $id, format: PUBLIC) {\n    ...BookParts @tag(name: \"a\") @tag(name: \"b\", weight: 1.5)\n"
    "    authors(first: $cut, after: \"x\") { name friends { name } }\n    ... on Item { shelf(floor: -1) { floor } }\n"
    "    ... @include(if: true) { pages }\n  }\n}\n\nfragment BookParts on Book @cached {\n  id, title(upper: false)\n  genre\n}\n",
    "mutation Borrow($item: ID!, $person: ID = \"7\") @tag(name: \"m\") {\n  borrow(item: $item, person: $person, filter: {range: {from: 1, to: 2.5e3}, genres: [NOVEL, POETRY], tags: [[\"a\"], null]}) {\n"
    "    item { ...on Book { pages } ...on Film { minutes } }\n    due\n  }\n}",
    "subscription Watch($shelf: ID) { returned(shelf: $shelf) { due person { id } } }",
    "\ufeff# a comment\n\r\n{\titems,(,first:,1,),{ id title }\n}\n# the end",
    "{ search(text: \"\"\"\n    indented\n      more \\\"\"\" quotes\n\n    last\n  \"\"\", extra: {a: [1, 2.0, \"x\", ENUM, null, true, {}], b: []}) { __typename ... on Book { isbn10 isbn13 } } }",
    "{ search(text: \"tab\\t slash\\/ quote\\\" back\\\\ uni\\u00e9 pair\\uD83D\\uDE00 brace\\u{1F600} \u00e9\U0001f600\\b\\f\\n\\r\") { __typename } }",
    "query Types { __schema { types { name fields(includeDeprecated: true) { name type { ofType { name } } } } } __type(name: \"Book\") { name } }",
    "query A { items { id } } query B { items { title } }",
    "query Many($names: [String!]!, $open: Boolean) { people(names: $names) { name } one: people(names: \"x\") { id } loans(open: $open, ratio: 1) { due } }",
    "query Nested($filter: ItemFilter, $from: Float!) { items(filter: $filter) { related { related { related { id } } } } more: items(filter: {range: {from: $from, to: 1}}) { id } }",
    "{ items { ... on Book { price } ... on Film { cost: price } } }",
    "{ book(id: 1) { authors { works { ... on Book { title } ... on Film { title } } } } }",
    "{ book(id: \"a\") { title(upper: true) title(upper: true) id ...F } } fragment F on Book { id title(upper: true) }",
    "query Find($isbn: String!, $key: BookKey!) { find(key: {isbn: $isbn}, others: [$key, {id: 1}, {range: {from: 1, to: 2}}]) { id } }",
    "{ longArguments: items(filter: {title: \"a rather long title that makes the line break\", minPages: 100}, first: 10, ids: [1, 2]) { id } }",
    "{ people(names: [\"\"\"short\"\"\", \"\"\"a \"quoted\" end\\\"\"\"\"\"\", \"\"\"\n  two\n  lines \"\"\", \"\"\"ends with backslash \\\n\"\"\"]) { id } }",
]

INVALID = [
    "{ book(id: 1) { titel } }", "{ book { id } }", "{ book(id: 1) }", "{ book(id: 1) { id { x } } }",
    "{ items { pages } }", "{ items { minutes price } }", "{ search(text: 1) { title } }", "{ nope }", "{ node(id: 1) { title floor name } }",
    "query A { __typename } query A { __typename }", "{ __typename } query B { __typename }", "{ __typename } { __typename }",
    "query Q($a: Int, $a: String, $b: Nope, $c: Book, $d: [Item!]!) { items(first: $a) { id } }",
    "query Q($id: ID) { book(id: $id) { id } }", "query Q($id: ID = null) { book(id: $id) { id } }", "query Q($n: [Int]) { items(first: $n) { id } }",
    "query Q($t: Boolean) { book(id: 1) { title(upper: $t) @include(if: $t) } }", "query ($x: String!) { items { id } }", "query { items(first: $x) { id } }",
    "query Q { items(first: $x) { ...F } } fragment F on Item { shelf(floor: $y) { id } }",
    "query Q($f: Float) { items(filter: {range: {from: $f, to: $f, inclusive: $f}}) { id } }",
    "query Q($x: Int = \"a\", $y: [Genre] = [NOVEL, novel, 1], $z: ItemFilter = {titel: 1, range: {from: 1}}) { items(first: $x, filter: $z) { id } }",
    "{ items(first: 2147483648, ids: [1.5, true, A, {a: 1}]) { id } }", "{ items(first: [1], filter: 3) { id } }", "{ items(filter: {genres: NOVEL, tags: \"x\", title: null, minPages: \"1\"}) { id } }",
    "{ items(filter: {genres: [null, ESAY, \"NOVEL\"], range: {to: 1, form: 2}}) { id } }", "{ items(filter: {title: \"a\", title: \"b\", range: {from: 1, from: 2, to: 1}}) { id } }",
    "{ book(id: null, id: 2, foramt: PUBLIC) { id } }", "{ book(id: {a: 1, a: 2}) { id } }", "{ book(id: [$x]) { id } }", "{ loans(at: {a: $b}, ratio: \"1\", open: 1) { due } }",
    "{ people(names: null) { id } }", "{ people(names: [null]) { id } }", "{ people(names: [[\"a\"]]) { id } }", "{ people { id } }",
    "{ items @cached @cached { id @include } }", "{ items @unknown(first: \"x\", b: $v) { id } }", "query @include(if: true) { items @skip(fi: true) { id @tag } }", "{ ...F @cached ... @cached { __typename } } fragment F on Query @tag(name: \"x\") { __typename }",
    "query ($a: Int @include(if: true)) { items(first: $a) { id @cached(scope: OPEN, seconds: null, scpoe: 1) } }",
    "{ ...Missing ...F } fragment F on Nope { id } fragment G on Genre { id } fragment F on Query { __typename } fragment U on Query { __typename }",
    "{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A ...C }", "{ ...A } fragment A on Query { ...A }",
    "{ book(id: 1) { ... on Film { id } ...P ... on Work { __typename } ... on Item { id } ... on String { x } } } fragment P on Person { id }",
    "{ search(text: \"a\") { ... on Shelf { id } ... on Node { id } ... { __typename } id } }",
    "{ a: items { id } a: book(id: 1) { id } }", "{ items { id: title id } }", "{ book(id: 1) { id } book(id: 2) { id } }", "{ items(first: 1) { id } items { id } items(first: 1, ids: 1) { id } }",
    "{ items { ... on Book { price } ... on Film { price } } }", "{ items { ... on Book { genre x: pages } ... on Film { genre x: title } } }", "{ items { ... on Book { x: shelf { x: id } } ... on Film { x: shelf { x: floor } } } }",
    "{ items { shelf { a: id } } items { shelf { a: floor ...S } } } fragment S on Shelf { a: items { id } }",
    "{ ...A ...B } fragment A on Query { x: items { id } ...C } fragment B on Query { x: book(id: 1) { id } ...C } fragment C on Query { x: people(names: []) { id } }",
    "{ items(filter: {title: \"a\", minPages: 1}) { id } items(filter: {minPages: 1, title: \"a\"}) { id } items(filter: {minPages: 2, title: \"a\"}) { id } }",
    "subscription { returned { due } added { id } }", "subscription S { ...F __typename } fragment F on Subscription { added { id } x: added { id } }", "subscription S { returned @skip(if: true) { due } added { id } }",
    "type Query { a: Nope } extend type Foo @bar { x: Int } schema { query: Q } directive @mine(a: Int!) on FIELD { items @mine { id } }", "type A { a: Int }\n{ __typename }\nfragment F on A { a }",
    "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", "{ __type(nam: 1) { fields { type { ...T } } } } fragment T on __Type { interfaces { possibleTypes { name } } }", "{ items { __schema { types { name } } } }",
    "query Q($ok: Boolean!, $also: Boolean!) { items @include(if: $ok) { ...A } } fragment A on Item { id @skip(if: $other) ...B } fragment B on Item { id @skip(if: $ok) title }",
    "{ find(key: {}) { id } }", "{ find(key: {id: 1, isbn: \"x\"}) { id } }", "{ find(key: {id: null}) { id } }", "{ find(key: {id: null, isbn: \"x\"}, others: [{}, null, {nope: 1}]) { id } }",
    "query Q($a: ID, $b: String!, $c: ID = 1) { find(key: {id: $a}, others: [{isbn: $b}, {id: $c}]) { id } }", "query Q($a: ID) { ...F } fragment F on Query { find(key: {id: $a}) { id } }",
    "query Q($key: BookKey = {id: 1, isbn: \"x\"}) { find(key: $key) { id } }", "{ find(key: {id: 1, id: 2}) { id } }", "{ find(key: {range: {from: 1}}) { id } }", "{ find(key: \"x\", others: {id: [1]}) { id } }",
    "input Mine @oneOf { a: Int } input Yours @oneOf(a: 1) @oneOf { b: Int } { __typename @oneOf }",
    "mutation { borow(item: 1) { due } giveBack { x } borrow(item: 1, persn: 2) }", "{\n  items {\n    x\n  }\n}\nquery B {\n  y\n}\n", "fragment F on Book { id }", "{ \u00e9: id }",
]

BROKEN = [
    "", " ", "{", "}", "{ a", "{ a(", "{ a() }", "{ a(b) }", "{ a(b:) }", "{}", "query", "query {", "query Q(", "query Q() { a }", "query Q($) { a }", "query Q($a) { a }", "query Q($a:) { a }",
    "query Q($a: [Int) { a }", "query Q($a: Int = $b) { a }", "query Q($a: Int = [{x: $b}]) { a }", "query Q($a: Int = $) { a }", "{ a: }", "{ a: b: c }", "{ ... }", "{ ...on }", "{ ... on Q }", "fragment on on Q { a }",
    "fragment F { a }", "fragment F on { a }", "fragment F on Q", "{ a @ }", "{ a @1 }", "foo { a }", "{ a } foo", "{ a } 1", "\"d\" { a }", "\"d\" query { a }", "\"d\" fragment F on Q { a }", "\"d\" extend type A { a: Int }", "\"d\" 1", "\"d\"",
    "{ a(b: 01) }", "{ a(b: 1.) }", "{ a(b: .1) }", "{ a(b: -) }", "{ a(b: 1e) }", "{ a(b: 1e+) }", "{ a(b: 1a) }", "{ a(b: 1.0.0) }", "{ a(b: 0xF) }", "{ a(b: 1_000) }", "{ a(b: +1) }", "{ a(b: -0) }", "{ a(b: 1.5E-3) }", "{ a(b: 00) }",
    "{ a(b: \"x) }", "{ a(b: \"x\ny\") }", "{ a(b: \"\\x\") }", "{ a(b: \"\\u12\") }", "{ a(b: \"\\uD800\") }", "{ a(b: \"\\uD800\\u0041\") }", "{ a(b: \"\\uDC00\") }", "{ a(b: \"\\u{}\") }", "{ a(b: \"\\u{110000}\") }", "{ a(b: \"\\u{D800}\") }", "{ a(b: \"\\u{12g}\") }", "{ a(b: \"\\u{0000000041}\") }", "{ a(b: \"\\u00zz\u00e9\") }",
    "{ a(b: \"\"\"x) }", "{ a(b: \"\"\"x\ny\"\") }", "{ a(b: 'x') }", "{ a ? b }", "{ a \u00e9 }", "{ a \u0007 }", "{ a \U0001f600 }", "{ a . b }", "{ a .. b }", "{ a(b: [1, 2) }", "{ a(b: {c 1}) }", "{ a(b: {c: 1) }", "{ a(b: {\"c\": 1}) }", "{ a; b }", "{ a % b }",
    "type", "type A {", "type A {}", "type A { a }", "type A { a: }", "type A { a(): Int }", "type A implements { a: Int }", "type A implements & B & { a: Int }", "type A implements B C { a: Int }", "union U =", "union U = |", "union U = A | ", "enum E { true }", "enum E { }", "enum E { a null }", "input I { a: Int = $x }", "input I { a(b: Int): Int }",
    "directive @a", "directive a on FIELD", "directive @a on", "directive @a on FIELD |", "directive @a on NOWHERE", "directive @a on field", "directive @a repeatable FIELD", "schema", "schema {}", "schema { query }", "schema { foo: Q }", "schema { query: }", "schema { \"x\": Q }", "extend", "extend foo", "extend \"x\"", "extend type", "extend type A", "extend scalar S", "extend schema", "extend union U", "extend enum E", "extend input I", "extend interface I", "interface", "scalar", "scalar S {", "\"\"\"x",
]

SDL = [
    '"""\nThe root.\n"""\nschema @link(url: "x") { query: Q mutation: M }\n\n"one line" scalar Date @specifiedBy(url: "u")\nextend scalar Date @x\n',
    'type A implements & B & C @d(a: 1) { "f" a("x" b: Int = 1 @d, c: [String!]! = ["a"]): [Int!]! @deprecated\n """\n long\n   description\n """ b: C }\ntype Empty\nextend type A implements D\nextend type A @e\nextend type A { z: Int }',
    'interface I implements J { a: Int }\nextend interface I { b(\n"""\nmany\nlines\n"""\nx: Int): Int }\nunion U @d = | A | B\nunion V\nextend union U = C\nextend union U @d',
    'enum E @d { "v" A @deprecated(reason: "no") B }\nenum F\nextend enum E { C }\nextend enum E @e\ninput In @d { a: Int = 1, b: In = {a: 2, l: [1, null]} @d }\ninput N\nextend input In { c: [[E!]] = A }',
    'directive @a(x: Int! = 1 @d, y: S) repeatable on | FIELD | QUERY\ndirective @b on SCHEMA | SCALAR | OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION | INTERFACE | UNION | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | VARIABLE_DEFINITION\nextend schema @a\nextend schema { subscription: S }',
    'type type { query: fragment, on: input } enum on { fragment query on } { type on: fragment }',
]
