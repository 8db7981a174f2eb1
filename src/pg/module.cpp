// What makes the library a module of the server.
#include "pg/grouping.hpp"

extern "C" {
HEALTH_MODULE_MAGIC;

void _PG_init();
void _PG_init() { health::offer_grouping(); }
}
