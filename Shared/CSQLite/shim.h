#include <sqlite3.h>

/// Swift cannot call what takes any number of arguments.
static inline int bennu_sqlite3_without_memory_statistics(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}
