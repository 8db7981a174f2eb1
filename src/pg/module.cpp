// What makes the library a module of the server.
#include "pg/pg.hpp"

extern "C" {
HEALTH_MODULE_MAGIC;
}
