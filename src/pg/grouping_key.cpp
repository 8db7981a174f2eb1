#include "pg/grouping_key.hpp"

namespace health {

namespace {

// Each column is a mark and, but for NULL: eight bytes of what is passed by value; the bytes of another fixed length;
// length and bytes of any other.
enum class Mark : char { null, value, stored };
using Length = std::uint32_t;

// A value as it lies in its table, compressed or elsewhere, stays so where it need not be compared: all rows of a group
// have it from the same row.
bool is_stored(const GroupingKey& key, int column, Datum value) {
  if (column < key.compared || key.columns[column].length > 0) return false;
  const auto* pointer = DatumGetPointer(value);
  return VARATT_IS_COMPRESSED(pointer) || VARATT_IS_EXTERNAL_ONDISK(pointer);
}

std::size_t most_bytes(const GroupingKey& key, int column, Datum value) {
  const auto [length, by_value] = key.columns[column];
  if (by_value) return 1 + sizeof(std::int64_t);
  if (length > 0) return 1 + static_cast<std::size_t>(length);
  const bool stored = is_stored(key, column, value);
  return 1 + sizeof(Length) + (stored ? VARSIZE_ANY(DatumGetPointer(value)) : toast_raw_datum_size(value));
}

char* put(char* at, const void* bytes, std::size_t count) {
  std::memcpy(at, bytes, count);
  return at + count;
}

char* put_column(const GroupingKey& key, int column, Datum value, char* at) {
  const auto [length, by_value] = key.columns[column];
  const bool stored = is_stored(key, column, value);
  *at++ = static_cast<char>(stored ? Mark::stored : Mark::value);
  if (by_value) {
    const std::int64_t number = number_of(value, length);
    return put(at, &number, sizeof number);
  }
  if (length > 0) return put(at, DatumGetPointer(value), static_cast<std::size_t>(length));
  const auto whole = [&] { return std::string_view{DatumGetPointer(value), VARSIZE_ANY(DatumGetPointer(value))}; };
  const std::string_view bytes = stored ? whole() : view_of(DatumGetTextPP(value));
  const auto count = static_cast<Length>(bytes.size());
  return put(put(at, &count, sizeof count), bytes.data(), bytes.size());
}

Datum copied(const void* bytes, std::size_t count) {
  void* value = palloc(count);
  std::memcpy(value, bytes, count);
  return PointerGetDatum(value);
}

// The column at the beginning of `bytes`, which goes on behind it; not NULL.
Datum taken(KeyColumn column, Mark mark, std::string_view* bytes) {
  const auto take = [&](std::size_t count) {
    const char* begin = bytes->data();
    bytes->remove_prefix(count);
    return begin;
  };
  if (column.by_value) {
    std::int64_t number;
    std::memcpy(&number, take(sizeof number), sizeof number);
    return datum_of(number, column.length);
  }
  if (column.length > 0) {
    const auto count = static_cast<std::size_t>(column.length);
    return copied(take(count), count);
  }
  Length count;
  std::memcpy(&count, take(sizeof count), sizeof count);
  const char* content = take(count);
  return mark == Mark::stored ? copied(content, count) : text_datum({content, count});
}

Datum single_column(const GroupingKey& key, const AccountKey& account) {
  switch (key.type) {
    case AccountType::uuid: return copied(&account.words, sizeof account.words);
    case AccountType::text: return text_datum(account.text);
    default: return datum_of(static_cast<std::int64_t>(account.words.first), key.columns[0].length);
  }
}

}  // namespace

bool is_grouping_key(Oid type) {
  switch (type) {
    case BOOLOID:
    case INT2OID:
    case INT4OID:
    case INT8OID:
    case OIDOID:
    case DATEOID:
    case TIMEOID:
    case TIMESTAMPOID:
    case TIMESTAMPTZOID:
    case UUIDOID:
    case TEXTOID:
    case VARCHAROID: return true;
    default: return false;
  }
}

GroupingKey grouping_key(const List* types, int compared) {
  const int count = list_length(types);
  GroupingKey key{AccountType::text, count, compared, nullptr};
  key.columns = static_cast<KeyColumn*>(palloc(sizeof(KeyColumn) * static_cast<std::size_t>(count)));
  for (int i = 0; i < count; ++i)
    get_typlenbyval(static_cast<Oid>(list_nth_int(types, i)), &key.columns[i].length, &key.columns[i].by_value);
  if (count == 1 && linitial_int(types) == UUIDOID) key.type = AccountType::uuid;
  else if (count == 1 && key.columns[0].length > 0) key.type = AccountType::bigint;
  return key;
}

std::string_view packed_key(const GroupingKey& key, const Datum* values, const bool* nulls) {
  std::size_t most = 0;
  for (int i = 0; i < key.count; ++i) most += nulls[i] ? 1 : most_bytes(key, i, values[i]);
  auto* bytes = static_cast<char*>(palloc(most));
  char* at = bytes;
  for (int i = 0; i < key.count; ++i) {
    if (nulls[i]) *at++ = static_cast<char>(Mark::null);
    else at = put_column(key, i, values[i], at);
  }
  return {bytes, static_cast<std::size_t>(at - bytes)};
}

void set_columns(const GroupingKey& key, const AccountKey& account, Datum* values, bool* nulls) {
  std::string_view packed = account.text;
  for (int i = 0; i < key.count; ++i) {
    Mark mark = account.null ? Mark::null : Mark::value;
    if (key.count > 1) {
      mark = static_cast<Mark>(packed[0]);
      packed.remove_prefix(1);
    }
    nulls[i] = mark == Mark::null;
    if (nulls[i]) values[i] = 0;
    else values[i] = key.count > 1 ? taken(key.columns[i], mark, &packed) : single_column(key, account);
  }
}

}  // namespace health
