// The key of a group, between the columns of rows and an account of the core. One number, uuid or text is the account
// itself. Anything else is packed into bytes which are equal where all columns are: several columns, or with them
// columns of a table whose primary key is among the keys.
#pragma once

#include "core/account_key.hpp"
#include "pg/values.hpp"

namespace health {

struct KeyColumn {
  std::int16_t length;  // typlen
  bool by_value;
};

struct GroupingKey {
  AccountType type;
  int count;
  int compared;  // the first ones; the others depend on them
  KeyColumn* columns;
};

// Types whose values are equal where their bytes are, and only there: bool, integers, oid, dates, times, uuid, text and
// varchar. Not said of a text: whether its collation is deterministic.
bool is_grouping_key(Oid type);
// `types`: of all columns, as integers.
GroupingKey grouping_key(const List* types, int compared);

// Sets `account` to that of a row: it points into its values or into the current memory context.
inline void read_account(const GroupingKey& key, const Datum* values, const bool* nulls, AccountKey* account);
// The columns of an account, as new values.
void set_columns(const GroupingKey& key, const AccountKey& account, Datum* values, bool* nulls);

// ---------------------------------------------------------------- of one column

std::string_view packed_key(const GroupingKey& key, const Datum* values, const bool* nulls);

// What is passed by value, as a number, and back: bytes of a Datum beyond its type's length mean nothing.
inline std::int64_t number_of(Datum value, int length) {
  switch (length) {
    case 1: return static_cast<std::int8_t>(DatumGetChar(value));
    case 2: return DatumGetInt16(value);
    case 4: return DatumGetInt32(value);
    default: return DatumGetInt64(value);
  }
}

inline Datum datum_of(std::int64_t number, int length) {
  switch (length) {
    case 1: return CharGetDatum(static_cast<char>(number));
    case 2: return Int16GetDatum(static_cast<std::int16_t>(number));
    case 4: return Int32GetDatum(static_cast<std::int32_t>(number));
    default: return Int64GetDatum(number);
  }
}

inline void read_account(const GroupingKey& key, const Datum* values, const bool* nulls, AccountKey* account) {
  account->null = key.count == 1 && nulls[0];
  account->words = {0, 0};
  account->text = {};
  if (account->null) return;
  if (key.count > 1) {
    account->text = packed_key(key, values, nulls);
    return;
  }
  switch (key.type) {
    case AccountType::bigint:
      account->words.first = static_cast<std::uint64_t>(number_of(values[0], key.columns[0].length));
      break;
    case AccountType::uuid: std::memcpy(&account->words, DatumGetPointer(values[0]), sizeof account->words); break;
    case AccountType::text: account->text = view_of(DatumGetTextPP(values[0])); break;
  }
}

}  // namespace health
