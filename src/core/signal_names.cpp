#include "signal_names.hpp"

#include <algorithm>

namespace health {

std::uint32_t SignalNames::number_of(std::string_view name) {
  const NameKey key(name);
  std::size_t i = key.hash & (index_.size() - 1);
  for (; index_[i] != 0; i = (i + 1) & (index_.size() - 1)) {
    const Name& known = names_[index_[i] - 1];
    if (known.length == name.size() && known.words == key.words &&
        (key.is_short() || std::memcmp(bytes_.data() + known.offset, name.data(), name.size()) == 0))
      return index_[i] - 1;
  }
  check_signal_name(name);
  names_.push_back({key.words, static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(name.size())});
  bytes_.insert(bytes_.end(), name.begin(), name.end());
  index_[i] = size();
  if (names_.size() * 2 > index_.size())
    grow_index(
        &index_, [](std::uint32_t entry) { return entry == 0; },
        [&](std::uint32_t entry) { return NameKey(this->name(entry - 1)).hash; });
  return size() - 1;
}

void SignalNames::write(ByteString* out) const {
  for (std::uint32_t number = 0; number < size(); ++number) {
    out->push_back(static_cast<char>(name(number).size()));
    out->append(name(number));
  }
}

void SignalNames::read(Bytes written) {
  while (!written.empty()) {
    const std::size_t length = written.front();
    number_of({reinterpret_cast<const char*>(written.data()) + 1, length});
    written = written.subspan(1 + length);
  }
}

SignalOrder::SignalOrder(std::span<const SignalNames* const> streams, Memory* memory)
    : names_(memory), places_(memory) {
  struct Signal {
    std::string_view name;
    std::uint32_t stream, number;
  };
  Vector<Signal> signals(memory);
  for (std::uint32_t stream = 0; stream < streams.size(); ++stream) {
    places_.emplace_back(streams[stream]->size());
    for (std::uint32_t number = 0; number < streams[stream]->size(); ++number)
      signals.push_back({streams[stream]->name(number), stream, number});
  }
  Pulse pulse(memory);
  std::sort(signals.begin(), signals.end(),
            pulse.during([](const Signal& a, const Signal& b) { return a.name < b.name; }));
  for (const Signal& signal : signals) {
    if (names_.empty() || names_.back() != signal.name) names_.push_back(signal.name);
    places_[signal.stream][signal.number] = size() - 1;
  }
}

}  // namespace health
