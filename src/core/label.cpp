#include "label.hpp"

namespace health {

namespace {

constexpr char kSeparators[] = ":_.-";

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr char kLatin = '\xC3';  // in UTF-8 the first byte of the letters from À to ÿ
constexpr char kCase = 0x20;     // what a small letter has more than its large one, of these and of ASCII's

bool has_latin(std::string_view text, Alphabet alphabet) {
  return alphabet == Alphabet::latin && text.size() > 1 && text[0] == kLatin;
}
// By the second byte: À to Þ, or with kCase à to þ.
bool is_latin(char c, char more) {
  const auto large = static_cast<unsigned char>(c - more);
  return large >= 0x80 && large <= 0x9E && large != 0x97;  // ×, and ÷
}

}  // namespace

ByteString label_of_name(std::string_view name, Memory* memory) {
  ByteString label(memory);
  std::string_view rest = name;
  if (rest.ends_with('*')) rest.remove_suffix(1);
  rest = rest.substr(0, rest.find_last_not_of(kSeparators) + 1);
  label.reserve(rest.size() + rest.size() / 2);
  const auto at = [&](std::size_t i) { return i < rest.size() ? rest[i] : '\0'; };
  char before = '\0';
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    const bool separator = std::string_view(kSeparators).find(c) != std::string_view::npos;
    // The s of "URLs" makes no word of its L.
    const bool word = is_lower(at(i + 1)) && !(at(i + 1) == 's' && !is_lower(at(i + 2)));
    const bool split = is_upper(c) && (is_lower(before) || (word && (is_upper(before) || is_digit(before))));
    if (separator ? !label.empty() && before != ' ' : split) label += ' ';
    before = separator ? ' ' : c;
    if (!separator) label += split && word ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (label.empty()) label = name;
  if (is_lower(label[0])) label[0] = static_cast<char>(label[0] - 'a' + 'A');
  return label;
}

bool begins_small(std::string_view text, Alphabet alphabet) {
  if (has_latin(text, alphabet)) return is_latin(text[1], kCase);
  return !text.empty() && is_lower(text[0]) && !(text.size() > 1 && is_upper(text[1]));
}

void begin_large(ByteString* text, Alphabet alphabet) {
  if (!begins_small(*text, alphabet)) return;
  char& letter = (*text)[has_latin(*text, alphabet) ? 1 : 0];
  letter = static_cast<char>(letter - kCase);
}

void begin_small(ByteString* text, Alphabet alphabet) {
  const bool latin = has_latin(*text, alphabet);
  if (text->empty() || !(latin ? is_latin((*text)[1], 0) : is_upper((*text)[0]))) return;
  char& letter = (*text)[latin ? 1 : 0];
  letter = static_cast<char>(letter + kCase);
}

}  // namespace health
