// Feeds that stop for everybody.
#include "core/feed.hpp"

#include "support.hpp"

namespace health {
namespace {}  // namespace
}  // namespace health
