#include <sqlite3.h>

/// Swift cannot call what takes any number of arguments.
static inline int bennu_sqlite3_without_memory_statistics(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/// A file of `SQLiteFileSystem`: what SQLite sees of it first, as it wants, and then the object that it belongs to.
typedef struct {
    sqlite3_file seen;
    void *object;
} bennu_sqlite3_file;
