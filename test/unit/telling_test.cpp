// What a report tells, and in which order.
#include "core/telling.hpp"

#include "told.hpp"

namespace health {
namespace {}  // namespace
}  // namespace health
