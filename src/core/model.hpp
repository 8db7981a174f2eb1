// Model: which signals count, and how much: weights, window, decay, normalization, bands, texts. Compiled from the JSON
// of type health_model.
#pragma once

#include <algorithm>
#include <span>

#include "activity.hpp"
#include "decay.hpp"
#include "json.hpp"
#include "kinds.hpp"
#include "label.hpp"
#include "measure.hpp"
#include "scale.hpp"

namespace health {

enum class Curve : std::uint8_t { exponential, linear, open };
// Which accounts make the baseline: of a raw score above 0, or all.
enum class Counted : std::uint8_t { active, all };
// Joins the raw score; or points on the 0..100 scale; or a measure of a scorecard.
enum class Unit : std::uint8_t { raw, score, share };
enum class Combine : std::uint8_t { sum, mean };  // raw score and points; or a scorecard, the mean of measures
enum class Language : std::uint8_t { en, fr };
// Texts in French are UTF-8.
inline Alphabet alphabet_of(Language language) { return language == Language::fr ? Alphabet::latin : Alphabet::ascii; }

inline constexpr std::size_t kMaxModelSignals = 10'000;
inline constexpr std::size_t kMaxTextBytes = 4000;
inline constexpr std::int32_t kNeverExpires = 0;                 // as window_days: all history
inline constexpr std::int64_t kForever = std::int64_t{1} << 40;  // days: more than there are dates

// A text in each Language. A single string in the model serves all of them.
struct Text {
  explicit Text(Memory* memory) : by_language{ByteString(memory), ByteString(memory)} {}
  std::string_view in(Language language) const { return by_language[static_cast<int>(language)]; }
  ByteString by_language[2];
};

// A text that there may be one of, or one for each kind of facts. Most signals have none: that takes no memory.
class TextsByKind {
 public:
  explicit TextsByKind(Memory* memory) : texts_(memory) {}
  // The one text; empty where there is none, or where they are by kind.
  std::string_view plain(Language language) const { return of(Kind::none, language); }
  // The text given for that kind; empty where there is none.
  std::string_view of(Kind kind, Language language) const {
    const Text* const text = find(kind);
    return text == nullptr ? std::string_view() : text->in(language);
  }
  // Null where none was given, which an empty one may be.
  const Text* find(Kind kind) const;
  // The text of a kind, Kind::none for the one text, to be written.
  Text* at(Kind kind);

 private:
  struct OfKind {
    Kind kind;
    Text text;
  };
  Vector<OfKind> texts_;
};

// A band of scores: from its cut up to the next band's. By Language; the English name is its code.
struct BandTerms {
  std::string_view names[2];
  double cut;
};
inline constexpr std::size_t kMaxBands = 20;
inline constexpr std::size_t kMaxBandNameBytes = 255;
inline constexpr BandTerms kDefaultBands[] = {
    {{"red", "rouge"}, 0}, {{"yellow", "jaune"}, 50}, {{"green", "vert"}, 80}};

struct Signal {
  explicit Signal(Memory* memory)
      : scale(memory),
        name(memory),
        aliases(memory),
        of(memory),
        dimension(memory),
        label(memory),
        next_step(memory),
        text(memory) {}

  // First what is asked of every account, together.
  Micros weight = 0;
  Measure measure = Measure::count;
  Unit unit = Unit::raw;
  bool set_score = false;    // its value is the score
  bool of_size = false;      // distinct: share of the size
  bool of_values = false;    // ratio of sums of values, not of events
  bool usage = false;        // the account being there: decides whether it is silent
  bool opportunity = false;  // its good news is a reason to talk about more
  bool has_own_decay = false;
  std::int32_t window_days = 0;  // its own or the model's; kNeverExpires
  std::int32_t inactive_days = 7;
  std::int32_t min_days = 1;              // distinct
  std::int32_t of_signal = 0;             // ratio: the signal of the model that it is divided by
  std::int32_t expected_within_days = 0;  // of the account's since; 0: not awaited
  std::int64_t daily_cap = 0;             // 0: none
  std::size_t decay = 0;                  // in Model::decays()
  std::size_t dimension_index = 0;        // in Model::dimensions()
  double max_points = kNone;
  double neutral = 0;
  double out_of = kNone;  // top of a gauge's range
  Scale scale;            // given in place of neutral
  DecayTerms own_decay;   // where has_own_decay
  ByteString name;        // of measure distinct: the prefix and *
  Vector<ByteString> aliases;
  ByteString of;  // of_signal as it is written
  ByteString dimension;
  Text label;  // its own, or that of its name
  TextsByKind next_step, text;

  // The weight as formulas have it.
  double w() const { return static_cast<double>(weight) / 1e6; }
  // How many days count before a date.
  std::int64_t reach() const {
    if (window_days == kNeverExpires) return kForever;
    return measure == Measure::trend ? 2 * std::int64_t{window_days} : window_days;
  }
  // Whether an account younger than the window is taken as if it went on as it began.
  bool scaled_by_tenure() const { return unit == Unit::raw && !gauge() && window_days != kNeverExpires; }
  bool gauge() const { return is_gauge(measure); }
  // Whether its contribution is per size^size_exponent where a size is given.
  bool divided_by_size() const { return unit == Unit::raw && (measure == Measure::count || measure == Measure::sum); }
  // Whether its contribution goes by one value, in force or of the whole window, and not by days that may fade.
  bool by_value() const { return gauge() || scale.given(); }
  // Whether more of it is good news: by the sign of its weight, and by whether its scale ends higher than it begins.
  bool more_is_better() const { return (weight > 0) == scale_rises(); }
  bool scale_rises() const { return !scale.given() || scale.points.back().y >= scale.points.front().y; }
  // What a value counts for, before the weight.
  double effect(double value) const { return scale.given() ? scale.at(value) : value - neutral; }
  // What a value of a measure of a scorecard is of its best, 0..1.
  double part(double value) const {
    return std::clamp(scale.given() ? scale.at(value) : value / (out_of == kNone ? 1 : out_of), 0.0, 1.0);
  }
  // Whether the signal is summed in exact daily totals with others (raw.hpp): of unit raw, no gauge, without a bound of
  // its own, and divided by the size as the others are. `sized`: the account has a size.
  bool plain(bool sized) const {
    return unit == Unit::raw && !gauge() && max_points == kNone && !(sized && measure == Measure::days);
  }
};

class Model {
 public:
  // Allocates nothing.
  explicit Model(Memory* memory)
      : bands(memory),
        title(memory),
        signals(memory),
        band_names_(memory),
        next_steps_(memory),
        by_name_(memory),
        prefixes_(memory),
        decays_(memory),
        dimensions_(memory),
        caps_(memory),
        present_(memory),
        awaited_(memory) {}
  // Reads and validates. Throws 22023 with the key's path and a hint.
  void read(Json json, Memory* memory);

  std::int32_t window_days = 90;
  DecayTerms decay_terms;
  double percentile = 0.9;
  Curve curve = Curve::exponential;
  Counted population = Counted::active;
  double baseline = kNone;  // frozen
  Combine combine = Combine::sum;
  double usage_weight = 0;  // of a scorecard: weight of the normalized raw score among the measures
  std::int32_t min_population = 20;
  std::int32_t min_tenure_days = 14;
  double size_exponent = 1;
  std::int32_t trend_days = 28;
  double trend_points = 10;
  double risk_points = 3;
  std::int32_t silent_days = 10;  // working days
  std::uint8_t weekend = 0;       // ISO day d as bit d - 1
  double drop_points = 20;
  std::int32_t drop_days = 28, cooldown_days = 14;
  std::int32_t stable_readings = 2;
  double stable_margin = 3;
  std::int32_t max_drivers = 10;
  Language language = Language::en;
  Vector<BandTerms> bands;  // from worst to best, 2 to kMaxBands; the first cut is 0
  bool own_bands = false;   // given as bands, not by red_below and green_from
  ByteString title;         // name and version; empty without a name
  Vector<Signal> signals;   // in bytewise order of the names
  // Dimensions of the signals that have a weight, in bytewise order; signals without one count under "other".
  const Vector<std::string_view>& dimensions() const { return dimensions_; }

  // A number of days for what needs one: the signal's window, or the model's where that never ends.
  std::int32_t days_of_window(const Signal& signal) const {
    return signal.window_days == kNeverExpires ? window_days : signal.window_days;
  }
  const Signal& signal(std::int32_t index) const { return signals[static_cast<std::size_t>(index)]; }
  // What to do about a fact of the account (silent, never_active, fresh, usage_down, usage_low, usage_up), in the
  // model's language; empty for other kinds, and where the model wants none.
  std::string_view next_step(Kind kind) const;
  bool scorecard() const { return combine == Combine::mean; }
  // Of a scorecard: the weights of all measures, those that an account lacks included.
  double measure_weight() const { return measure_weight_; }
  // The signal whose value is the score while it is in its window, or kUnknown.
  std::int32_t override_signal() const { return override_signal_; }
  // Bounds of what the signals of unit score of a dimension give together, and of what they take.
  struct DimensionCap {
    std::size_t dimension;  // in dimensions()
    double points;
  };
  std::span<const DimensionCap> dimension_caps() const { return caps_; }
  // Throws 22023 when the model has no signals: for functions that score.
  void require_signals() const;
  // Throws 22023 for a scorecard: for functions that know raw scores only.
  void require_sum() const;
  static constexpr std::int32_t kUnknown = -1;
  class Walk;
  // Calls found(index) for each signal of measure distinct whose prefix `name` begins with, the longest prefix first.
  template <class Found>
  void find_prefixes(std::string_view name, Found found) const {
    // In sorted order a prefix of the name stands before it, and all between the two begin with that prefix, too.
    const auto past =
        std::upper_bound(prefixes_.begin(), prefixes_.end(), name,
                         [](std::string_view wanted, const Prefix& prefix) { return wanted < prefix.text; });
    auto at = static_cast<std::int32_t>(past - prefixes_.begin()) - 1;
    for (bool has = false; at >= 0; at = prefixes_[static_cast<std::size_t>(at)].outer) {
      const Prefix& prefix = prefixes_[static_cast<std::size_t>(at)];
      has = has || name.starts_with(prefix.text);  // then the name begins with its outer ones, too
      if (has) found(prefix.signal);
    }
  }
  // The model's own decay, and after it those of signals that have another one.
  const Vector<DecayTable>& decays() const { return decays_; }
  const DecayTable& decay(const Signal& signal) const { return decays_[signal.decay]; }
  // Of all signals that decay, and of the model.
  std::int64_t longest_window() const { return longest_window_; }
  // The longest window that a short tenure would scale; 0 where there is none.
  std::int64_t longest_scaled() const { return longest_scaled_; }
  // All days that a score at as_of depends on.
  Span scored_days(std::int64_t as_of) const { return {as_of - reach_, as_of}; }
  // Signals that count even for an account that has none of their events, ascending: those of which it may have a
  // value, 0, that has an effect.
  std::span<const std::int32_t> always_present() const { return present_; }
  // Signals that an account should have within a time, ascending.
  std::span<const std::int32_t> awaited() const { return awaited_; }
  bool has_usage() const { return has_usage_; }
  // Whether there are measures that an account without a size lacks.
  bool needs_size() const { return needs_size_; }
  // Whether a signal with a weight is of unit raw: without one scores depend on no other account.
  bool has_raw() const { return has_raw_; }
  // Whether all signals that have a weight are plain(sized).
  bool only_plain(bool sized) const { return only_plain_[sized ? 1 : 0]; }

 private:
  struct Name {
    std::string_view name;
    std::int32_t signal;
  };
  void index();
  void index_decays();
  void index_scorecard();
  void read_caps(Json caps);
  void read_next_steps(Json steps);
  void index_ratios();
  struct Prefix {
    std::string_view text;  // without its *
    std::int32_t signal;
    std::int32_t outer;  // index of the longest other prefix that this one begins with; -1: none
  };
  Vector<Text> band_names_;  // what bands refers to
  TextsByKind next_steps_;   // those that the model gives
  Vector<Name> by_name_;     // sorted
  Vector<Prefix> prefixes_;  // likewise
  Vector<DecayTable> decays_;
  Vector<std::string_view> dimensions_;
  Vector<DimensionCap> caps_;
  double measure_weight_ = 0;
  std::int32_t override_signal_ = kUnknown;
  Vector<std::int32_t> present_, awaited_;
  std::int64_t longest_window_ = 0, longest_scaled_ = 0;
  std::int64_t reach_ = 0;  // the longest window of all signals, gauges too
  bool only_plain_[2] = {true, true};
  bool has_usage_ = false, has_raw_ = false, needs_size_ = false;
};

// Finds the signals of names that come in bytewise order, as those of an activity do, in one walk along the model's
// names. Steps that double skip what lies between two of them, so an account with few signals pays little for a model
// with many.
class Model::Walk {
 public:
  explicit Walk(const Model& model) : at_(model.by_name_.begin()), end_(model.by_name_.end()) {}
  // Index of the signal that a name belongs to (itself or an alias), or kUnknown. Each name may be asked for once.
  std::int32_t find(std::string_view name) {
    if (at_ == end_) return kUnknown;
    int order = at_->name.compare(name);
    if (order < 0) order = leap_to(name);
    return order == 0 ? (at_++)->signal : kUnknown;
  }

 private:
  // Moves from an entry before the name to the first one that is not; returns how that one compares with the name.
  int leap_to(std::string_view name) {
    const auto before = [&](Vector<Name>::const_iterator entry) { return entry->name < name; };
    std::ptrdiff_t leap = 1;
    for (; end_ - at_ > leap && before(at_ + leap); leap *= 2) at_ += leap;
    const auto past = at_ + std::min(leap, end_ - at_);
    at_ = std::partition_point(at_ + 1, past, [&](const Name& entry) { return entry.name < name; });
    return at_ == end_ ? 1 : at_->name.compare(name);
  }
  Vector<Name>::const_iterator at_, end_;
};

// A valid model as it is stored: a signal whose unit follows from its negative weight alone, or in a scorecard from its
// value, gets it written, so that another weight does not change it. Returns whether there is one.
bool settle_units(Json model, JsonWriter* out);

// base || patch: deep merge in which null removes a key and a bare number for a signal sets its weight and keeps the
// signal's other options. So it does its unit, even where none is written (base is a model as it is stored), unless the
// patch has another measure. What only the patch has is copied, with the nulls inside. The result is not validated.
void merge_model(Json base, Json patch, JsonWriter* out);

}  // namespace health
