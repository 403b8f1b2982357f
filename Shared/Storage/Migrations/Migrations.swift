import Database

/// Every change of the schema, in order. A number is never used again and a landed migration never edited: a
/// database that ran it would silently differ from one that runs it tomorrow.
public let allMigrations: [Migration] = [
    .initialSchema,
    .accounts,
    .mailOutbox,
    .annotations,
    .retentionPolicies,
    .textSearch,
    .models,
    .modelUsage,
    .textSearchMerging,
    .indexesByTime,
    .spanIDs,
]
