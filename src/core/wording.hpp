// Wording: the sentence of each fact, in English and French. Which facts are told, and how: telling.hpp.
#pragma once

#include "telling.hpp"

namespace health {

// The facts of one account. A signal's own text stands for the one of its kind (model.hpp).
class Wording {
 public:
  Wording(const Situation& situation, std::span<const Driver> drivers, const UsageMove& usage)
      : situation_(situation), drivers_(drivers), usage_(usage) {}
  // `out` becomes the sentence, in the model's language.
  void write(const Fact& fact, ByteString* out) const;
  // Whether it compares an account with its peers by numbers; after a first such fact, the next ones are told
  // in short.
  bool compares_with_peers(const Fact& fact) const;
  void write_in_short(const Fact& fact, ByteString* out) const;
  // Whether it begins small within a sentence: with a word of ours, or with a label or a text that is written so.
  bool is_small_within(const Fact& fact) const;
  // Of a driver as it is told.
  void write(const Driver& driver, ByteString* out) const;

 private:
  void write_account(const Fact& fact, ByteString* out) const;
  void write_usage(bool down, ByteString* out) const;
  void write_usage_signal(const Driver& driver, ByteString* out) const;
  void write_usage_low(ByteString* out) const;
  void write_never_active(ByteString* out) const;
  void write_baseline(ByteString* out) const;
  void write_override(ByteString* out) const;
  void write_coverage(ByteString* out) const;

  const Situation& situation_;
  std::span<const Driver> drivers_;
  const UsageMove& usage_;
};

// Of the folded rest of the drivers.
std::string_view other_sentence(Language language);

// A number rounded to so many decimals, without zeros at the end; French with a decimal comma and a minus sign.
void append_number(ByteString* out, double value, int places, Language language);

}  // namespace health
